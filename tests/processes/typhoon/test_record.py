"""The record of typhoons near Fujian, and made records."""

import json

import pytest

from app.line import fine
from shared_data import shared
from tulou.kernel.errors import BadInput, NotEnoughData
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run

MADE = (
    "storm,year,number,distance,landfall\na,2000,1,50,1\nb,2000,1,150,0\nc,2001,0,,0\nd,2002,2,250,0\ne,2003,1,10,1\n"
)


def ran(path, **given):
    process = processes()["typhoon_record"]
    return process.run(Run(process.values({"record": path, **given})))


def written(folder, text, name="record.csv"):
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def rates(outcome):
    return {row[0].en: row for row in outcome.tables[0].rows}


def test_rates_are_those_of_whole_years(tmp_path):
    outcome = ran(written(tmp_path, MADE), within="100,200")
    found = rates(outcome)
    assert found["within 100 km"][1:4] == [1, 1, pytest.approx(1 / 3)]
    assert found["within 200 km"][1:4] == [2, 1, pytest.approx(2 / 3)]
    assert found["landfall, as flagged"][1] == 1
    text = " ".join(one.en for one in outcome.warnings)
    assert "1 rows share" in text
    assert "1 storms of unknown distance" in text
    assert "1 storms of years that are not whole" in text
    whole = ran(written(tmp_path, MADE), within="100", last=2003)
    assert rates(whole)["within 100 km"][1:4] == [2, 2, pytest.approx(0.5)]


def test_the_record_of_fujian():
    path = shared("fj_province/typhoon/typhoon-index.json")
    outcome = ran(path, within="100,300", last=2025)
    storms = [one for one in json.loads(path.read_text("utf-8"))["typhoons"] if one["year"] <= 2025]
    near = [one for one in storms if one["fjMin"] is not None and one["fjMin"] <= 300]
    found = rates(outcome)
    assert found["within 300 km"][1] == len(near) > 380
    assert found["within 300 km"][3] == pytest.approx(len(near) / 77)
    assert found["landfall, as flagged"][1] == sum(one["landFujian"] for one in storms)
    assert sum(row[2] for row in outcome.tables[1].rows) == len(near)
    assert found["within 100 km"][1] < found["within 300 km"][1]
    assert found["within 300 km"][4] < found["within 300 km"][3] < found["within 300 km"][5]


def test_a_record_that_grows_has_a_trend(tmp_path):
    lines = [f"s{year}{k},{year},0,50,0" for year in range(1980, 2001) for k in range((year - 1980) // 3 + 1)]
    outcome = ran(written(tmp_path, "storm,year,number,distance,landfall\n" + "\n".join(lines) + "\n"), within="100")
    assert "Their number grows (+3" in outcome.answer[1].en
    assert rates(outcome)["within 100 km"][6] > 2
    flat = [f"s{year},{year},0,50,0" for year in range(1980, 2001)]
    outcome = ran(written(tmp_path, "storm,year,number,distance,landfall\n" + "\n".join(flat) + "\n"), within="100")
    assert "No trend" in outcome.answer[1].en


@pytest.mark.parametrize(
    ("text", "name", "what"),
    [
        ("storm,year,distance\na,,5\n", "a.csv", "has a year"),
        ("storm,year,distance\na,2000,-5\n", "a.csv", "too small"),
        ("{}", "a.json", "no record"),
        ('{"typhoons": []}', "a.json", "no record"),
        ('{"typhoons": [{"year": "x"}]}', "a.json", "no record"),
    ],
)
def test_records_that_are_none_are_refused(tmp_path, text, name, what):
    with pytest.raises(BadInput) as caught:
        ran(written(tmp_path, text, name))
    assert what in str(caught.value)


def test_one_year_is_not_whole(tmp_path):
    with pytest.raises(NotEnoughData, match="no whole year"):
        ran(written(tmp_path, "storm,year,distance\na,2000,5\n"))


def test_run_from_the_command_line(tmp_path):
    path = written(tmp_path, MADE)
    assert "2000—2002 年" in fine("run", "typhoon_record", f"record={path}", language="zh")
