"""Small tables of measurements: headings, units, blanks, and what is refused with its row."""

import numpy as np
import pytest

from tulou.kernel.errors import BadInput
from tulou.sources.columns import Wanted, read_columns

WANTED = (
    Wanted("name", ("名称",), "text", is_required=True),
    Wanted("day", ("日期",), "day"),
    Wanted("flow", ("水量",), "number", "m3/day", least=0.0),
    Wanted("redox", (), "number", "mV"),
)


def read(folder, text, encoding="utf-8", **more):
    (folder / "t.csv").write_bytes(text.encode(encoding))
    return read_columns(folder / "t.csv", WANTED, **more)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_headings_of_both_languages_units_and_encodings(tmp_path, encoding):
    text = '名称,日期,水量（立方米/day）,redox (V),其他\n一厂,2026年1月2日,"1,200",-0.2,x\n二厂,2026/1/3,--,,\n'
    found = read(tmp_path, text, encoding)
    assert found.texts["name"] == ("一厂", "二厂")
    assert [day.isoformat() for day in found.days["day"]] == ["2026-01-02", "2026-01-03"]
    assert found.numbers["flow"][0] == 1200
    assert np.isnan(found.numbers["flow"][1])
    assert found.numbers["redox"][0] == pytest.approx(-200)
    assert (found.rows, found.ignored) == (2, ("其他",))


def test_a_unit_in_the_cell_is_converted_too(tmp_path):
    assert read(tmp_path, "name,flow\na,1 m3/hour\n").numbers["flow"][0] == pytest.approx(24)


def test_a_file_without_headings_is_given_them(tmp_path):
    found = read(tmp_path, "a,5\nb,6\n", heads=("name", "flow"))
    assert found.numbers["flow"].tolist() == [5, 6]
    with pytest.raises(BadInput, match="another number of cells"):
        read(tmp_path, "a,5,1\n", heads=("name", "flow"))


def test_blank_lines_are_no_rows(tmp_path):
    assert read(tmp_path, "name,flow\n\na,5\n,\n\n").rows == 1


def test_faults_name_their_row_and_are_told_up_to_a_limit(tmp_path):
    with pytest.raises(BadInput) as caught:
        read(tmp_path, "name,day,flow\na,2026-01-01,1\nb,soon,-2\n")
    assert [one.where for one in caught.value.faults] == ["t.csv: row 3, flow", "t.csv: row 3, day"]
    with pytest.raises(BadInput) as caught:
        read(tmp_path, "name,flow\n" + "a,x\n" * 500)
    assert len(caught.value.faults) == 20


def test_days_that_should_stand_once(tmp_path):
    found = read(tmp_path, "name,day\na,2026-01-01\nb,2026-01-02\n")
    assert found.single_days("day", "t.csv") == found.days["day"]
    found = read(tmp_path, "name,day\na,2026-01-01\nb,2026-01-01\n")
    with pytest.raises(BadInput, match="twice"):
        found.single_days("day", "t.csv")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "empty"),
        ("name\n", "no rows"),
        ("flow\n5\n", "needed column"),
        ("name,flow,水量\na,1,2\n", "two columns"),
        ("name,flow (kg)\na,1\n", "different things"),
        ("name,flow (cups)\na,1\n", "not a unit"),
        ('name,flow\n"a,1\n', "no table"),
    ],
)
def test_what_is_no_such_table_is_refused(tmp_path, text, what):
    with pytest.raises(BadInput) as caught:
        read(tmp_path, text)
    assert what in str(caught.value)


def test_faults_name_the_row_of_the_file_though_lines_are_blank(tmp_path):
    with pytest.raises(BadInput) as caught:
        read(tmp_path, "\nname,flow\n\na,1\n,\n\nb,-2\n")
    assert [one.where for one in caught.value.faults] == ["t.csv: row 7, flow"]
    with pytest.raises(BadInput, match=r"t\.csv: row 4"):
        read(tmp_path, "name,flow\n\na,1\nb,2,3\n")
