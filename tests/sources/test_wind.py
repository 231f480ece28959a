"""Wind records: plain tables, the typical year of Greensboro, and files that are none."""

import numpy as np
import pytest

from shared_data import shared
from tulou.kernel.errors import BadInput
from tulou.sources.wind import read_wind

HEAD = "time,direction,speed (m/s)\n"
TMY = '1,"X",NC,-5.0,36,-80,273\nDate (MM/DD/YYYY),Time (HH:MM),Wdir (degrees),Wspd (m/s)\n'


def written(folder, text):
    path = folder / "wind.csv"
    path.write_text(text, "utf-8")
    return path


def test_a_plain_table(tmp_path):
    rows = "2025-01-01T00:00,90,1.5\n2025-01-01T03:00,,2\n2025-01-01T01:00,400,2\n2025-01-01T02:00,10,-1\n"
    found = read_wind(written(tmp_path, HEAD + rows + "2025-01-01T06:00,20,3\n"))
    np.testing.assert_array_equal(found.direction, [90, np.nan, np.nan, np.nan, 20])
    np.testing.assert_array_equal(found.speed, [1.5, np.nan, np.nan, 2, 3])
    assert (found.absurd, found.missing, found.is_typical) == (2, 2, False)
    assert found.years == pytest.approx(7 / 8760)
    assert found.month.tolist() == [1] * 5


def test_units_and_chinese_headings(tmp_path):
    found = read_wind(written(tmp_path, "时间,风向,风速 (km/hour)\n2025-07-01T00:00,45,7.2\n2025-07-01T01:00,45,36\n"))
    assert found.speed.tolist() == pytest.approx([2.0, 10.0])
    assert found.month.tolist() == [7, 7]


def test_north_told_by_360_leaves_0_for_none(tmp_path):
    rows = "2025-01-01T00:00,360,2\n2025-01-01T01:00,0,2\n2025-01-01T02:00,0,0\n"
    np.testing.assert_array_equal(read_wind(written(tmp_path, HEAD + rows)).direction, [0, np.nan, np.nan])
    rows = "2025-01-01T00:00,350,2\n2025-01-01T01:00,0,2\n"
    np.testing.assert_array_equal(read_wind(written(tmp_path, HEAD + rows)).direction, [350, 0])


def test_a_typical_year(tmp_path):
    found = read_wind(written(tmp_path, TMY + "01/01/1988,01:00,200,6.2\n12/31/1980,24:00,-9900,1\n"))
    assert str(found.times[0]) == "1988-01-01T00:00:00"
    assert str(found.times[1]) == "1980-12-31T23:00:00"
    np.testing.assert_array_equal(found.direction, [200, np.nan])
    assert (found.is_typical, found.missing, found.years) == (True, 8758, 1.0)


def test_the_typical_year_of_greensboro():
    found = read_wind(shared("weather_tmy3") / "723170TYA.CSV")
    assert len(found.times) == 8760
    assert (found.missing, found.absurd) == (0, 0)
    assert int((found.speed == 0).sum()) == 1050
    # 1058 hours read 0 degrees: those without wind, and 8 whose direction varied; north is told by 360.
    assert int(np.isnan(found.direction).sum()) == 1058


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("time,speed\n2025-01-01T00:00,1\n2025-01-01T01:00,1\n", "a needed column is missing"),
        ("a,b\n1,2\n3,4\n", "no column of times"),
        (HEAD + "2025-01-01T00:00,90,1\n2025-01-01T00:00,90,1\n", "stands here twice"),
        (HEAD + "2025-01-01T00:00,N,1\n2025-01-01T01:00,N,1\n", "these are no numbers"),
        (TMY + "13/40/1988,01:00,200,6.2\n", "no hour of a typical year"),
        (TMY + "01/01/1988,01:00\n", "no hour of a typical year"),
        (TMY, "a needed column is missing"),
        (TMY.replace("Wdir", "Dir") + "01/01/1988,01:00,200,6.2\n", "a needed column is missing"),
        ("", "the file is empty"),
    ],
)
def test_what_is_no_wind_record_is_refused(tmp_path, text, says):
    with pytest.raises(BadInput, match=says):
        read_wind(written(tmp_path, text))


@pytest.mark.parametrize("hour", ["0", "25", "99", "-1", "9" * 30, "x", ""])
def test_a_typical_day_has_24_hours(tmp_path, hour):
    """Hour 99 would be the fourth day after."""
    with pytest.raises(BadInput, match="row 4"):
        read_wind(written(tmp_path, TMY + f"01/01/1988,01:00,200,6.2\n01/01/1988,{hour}:00,200,6.2\n"))


def test_a_cell_too_long_for_a_table_is_refused(tmp_path):
    with pytest.raises(BadInput, match="no table of commas"):
        read_wind(written(tmp_path, TMY + "0" * 200_000 + ",01:00,200,6.2\n"))
