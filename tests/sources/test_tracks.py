"""Tracks of storms in three kinds of files, and files that are none."""

import pytest

from tulou.kernel.errors import BadInput
from tulou.sources.tracks import read_tracks

CMA = """66666 0000    3 0014 1614 0 6             Meranti                              20170101
2016091400 6  214 1205  890      75
2016091406 6  220 1197  905      68
2016091500 5  249 1180  945      50
66666 0000    1 0015 0000 0 6           (nameless)                              20170101
2016091500 1  120 1300 1004      12
"""
IBTRACS = """SID,SEASON,NAME,ISO_TIME,LAT,LON,WMO_PRES,USA_RMW
 ,Year, , ,degrees_north,degrees_east,mb,nmile
2016253N13144,2016,MERANTI,2016-09-14 00:00:00,21.4,120.5,890,10
2016253N13144,2016,MERANTI,2016-09-14 03:00:00,21.7,120.1, ,
"""
PLAIN = "storm,time,lat,lon,pressure\nA,2016-09-14 06:00,22,119.7,905\nA,2016-09-14 00:00,21.4,120.5,890\n"


def written(folder, text, name="tracks.txt"):
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_best_tracks_of_the_cma(tmp_path):
    storms, _ = read_tracks(written(tmp_path, CMA))
    assert [(one.id, one.name, len(one.points)) for one in storms] == [
        ("2016-0014", "Meranti", 3),
        ("2016-0015", "(nameless)", 1),
    ]
    point = storms[0].points[0]
    assert (point.latitude, point.longitude, point.pressure, point.wind) == (21.4, 120.5, 890.0, 75.0)
    assert (storms[0].points[2].time - point.time).total_seconds() == 24 * 3600


def test_ibtracs_with_its_row_of_units(tmp_path):
    (storm,), _ = read_tracks(written(tmp_path, IBTRACS, "ibtracs.csv"))
    assert (storm.id, storm.name, len(storm.points)) == ("2016253N13144", "MERANTI", 2)
    assert storm.points[0].radius == pytest.approx(18.52)
    assert storm.points[1].pressure != storm.points[1].pressure


def test_a_plain_table_is_put_in_order(tmp_path):
    (storm,), digest = read_tracks(written(tmp_path, PLAIN, "plain.csv"))
    assert [point.latitude for point in storm.points] == [21.4, 22.0]
    assert len(digest) == 64


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (CMA.replace(" 3 0014", " x 0014"), "no heading"),
        (CMA.replace(" 3 0014", " 9 0014"), "before it is whole"),
        (CMA.replace("2016091400 6  214", "2016091400 6  954"), "out of bounds"),
        (CMA.replace("2016091406", "2016091400"), "one place at a time"),
        (CMA.replace("2016091406", "someday"), "no time"),
        (CMA.replace("1205  890      75", "1205"), "six numbers"),
        (PLAIN.replace("905", "90"), "out of bounds"),
        (PLAIN.replace("905", "low"), "not a number"),
        (PLAIN.replace("22,119.7", ",119.7"), "has a place"),
        (PLAIN.replace("pressure", "colour"), "needed column"),
        (PLAIN + "A,b\n", "number of cells"),
        ("storm,time,lat,lon,pressure\n", "no track"),
    ],
)
def test_files_that_are_none_are_refused(tmp_path, text, what):
    with pytest.raises(BadInput, match=what):
        read_tracks(written(tmp_path, text))


def test_a_fault_names_the_row_of_the_file_though_lines_are_blank(tmp_path):
    with pytest.raises(BadInput, match="row 5, pressure"):
        read_tracks(
            written(tmp_path, PLAIN.replace("A,2016-09-14 00:00", "\n\nA,2016-09-14 00:00").replace("890", "x"))
        )


@pytest.mark.parametrize("count", ["0", "²", "9" * 5000, "-1", "3.0"])
def test_a_storm_has_a_plain_number_of_points(tmp_path, count):
    with pytest.raises(BadInput, match="no heading"):
        read_tracks(written(tmp_path, CMA.replace(" 3 0014", f" {count} 0014")))
