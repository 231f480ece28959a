"""The process of the air quality index on made days, on real ones, and on files that are none."""

import json
from datetime import date, timedelta

import numpy as np
import pytest

from app.line import fine, refused
from shared_data import shared
from tulou.kernel.errors import BadInput, BadUse, NotEnoughData
from tulou.processes.air.rules import rules
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run

HEAD = "date,pm25,pm10,so2,no2,co,o3\n"
FUJIAN = "city,date,aqi,range,level,pm25,pm10,so2,co,no2,o3,rank"


def ran(path, text=None, **given):
    if text is not None:
        path = path / "air.csv"
        path.write_text(text, "utf-8")
    process = processes()["aqi"]
    return process.run(Run(process.values({"record": path, **given})))


def days(outcome):
    return next(one for one in outcome.tables if one.name == "days").rows


def test_each_day_is_judged_by_the_standard_in_force(tmp_path):
    rows = "2026-02-28,75,20,5,10,0.5,50\n2026-03-01,75,20,5,10,0.5,50\n"
    found = days(ran(tmp_path, HEAD + rows))
    assert [row[:3] for row in found] == [["2026-02-28", "HJ 633-2012", 100.0], ["2026-03-01", "HJ 633-2026", 114.0]]
    assert [row[5] for row in found] == ["PM2.5", "PM2.5"]
    assert found[1][4].zh == "轻度污染"
    named = days(ran(tmp_path, HEAD + rows, standard="hj633_2026"))
    assert [row[2] for row in named] == [114.0, 114.0]


def test_the_same_air_is_counted_by_both_standards(tmp_path):
    first = date(2025, 1, 1)
    values = [30, 60, 61, 75, 76]
    rows = "".join(f"{first + timedelta(place)},{one},20,5,10,0.5,50\n" for place, one in enumerate(values))
    outcome = ran(tmp_path, HEAD + rows)
    year = next(one for one in outcome.tables if one.name == "years").rows
    assert year == [["2025", 5, 5, 4, 80.0, 4, 2]]
    assert "4 good days by HJ 633-2012 and 2 by HJ 633-2026" in outcome.answer[1].en


def test_real_days_of_xiamen_beside_plain_interpolation():
    path = shared("fj_xiamen") / "air_quality_daily_2013_2017.csv"
    outcome = ran(path, columns=FUJIAN, standard="hj633_2012")
    rows = [line.split(",") for line in path.read_text("utf-8-sig").splitlines()]
    held = rules()
    places = {"pm25": 5, "pm10": 6, "so2": 7, "co": 8, "no2": 9, "o3": 10}
    expected = []
    for row in rows:
        worst = 0
        for name, place in places.items():
            points = held.named("hj633_2012").points[name]
            value = round(float(row[place]), 1 if name == "co" else 0)
            exact = float(np.interp(value, points, held.indices[: len(points)]))
            worst = max(worst, int(np.ceil(round(exact, 9))))
        expected.append(worst)
    assert [row[2] for row in days(outcome)] == expected
    assert outcome.figures[0].value == sum(one <= 100 for one in expected)
    assert len(expected) == 1157


def test_days_before_any_standard_are_not_judged(tmp_path):
    path = shared("fj_xiamen") / "air_quality_daily_2013_2017.csv"
    outcome = ran(path, columns=FUJIAN)
    judged = next(one.value for one in outcome.figures if one.name == "judged_days")
    assert judged == 397
    assert "760 days are before the first standard" in " ".join(one.en for one in outcome.warnings)
    with pytest.raises(BadUse, match="no standard was in force"):
        ran(tmp_path, HEAD + "2011-05-01,20,20,5,10,0.5,50\n")


def test_a_day_without_a_pollutant_is_unknown_unless_the_others_are_over(tmp_path):
    rows = "2026-04-01,20,,5,10,0.5,50\n2026-04-02,90,,5,10,0.5,50\n2026-04-03,20,20,5,10,0.5,50\n"
    outcome = ran(tmp_path, HEAD + rows)
    found = {one.name: one.value for one in outcome.figures}
    assert (found["judged_days"], found["good_days"], found["good_share"]) == (2, 1, 50.0)
    assert [row[3] for row in days(outcome)] == ["≥", "≥", None]
    assert [row[4] is None for row in days(outcome)] == [True, True, False]


def test_a_pollutant_that_was_never_measured_is_named(tmp_path):
    outcome = ran(tmp_path, "date,pm25,pm10\n2026-04-01,20,30\n")
    found = {one.name: one.value for one in outcome.figures}
    assert found["judged_days"] == 0
    assert np.isnan(found["good_share"])
    assert "Never known: SO2, NO2, CO, O3" in outcome.warnings[0].en
    with pytest.raises(NotEnoughData, match="no concentration"):
        ran(tmp_path, "date,pm25\n2026-04-01,\n")


def test_means_of_too_few_hours_are_unknown(tmp_path):
    head = "date,pm25,pm25_hours,pm10,so2,no2,co,o3\n"
    tail = ",20,5,10,0.5,50\n"
    outcome = ran(tmp_path, head + "2026-04-01,20,20" + tail + "2026-04-02,20,19" + tail + "2026-04-03,20," + tail)
    assert next(one.value for one in outcome.figures if one.name == "judged_days") == 1
    assert any("2 means rest on too few hours" in one.en for one in outcome.warnings)


@pytest.mark.parametrize(
    ("head", "co"), [("CO (mg/m3)", "4"), ("CO (µg/m³)", "4000"), ("CO（毫克/立方米）", "4"), ("一氧化碳", "4")]
)
def test_units_of_headings_are_converted(tmp_path, head, co):
    text = f"日期,PM2.5,PM10,SO2,NO2,{head},O3_8h\n2026年4月1日,20,20,5,10,{co},50\n"
    assert days(ran(tmp_path, text))[0][2] == 100.0


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("date,pm25\n2026-04-01,-3\n", "too small"),
        ("date,pm25\n2026-04-01,high\n", "not a number"),
        ("date,pm25\nyesterday,3\n", "not a day"),
        ("date,pm25\n2026-04-01,3\n2026-04-01,4\n", "twice"),
        ("pm25,pm10\n3,4\n", "needed column"),
        ("date,pm25 (ppm)\n2026-04-01,3\n", "different things"),
        ("date,pm25 (cups)\n2026-04-01,3\n", "not a unit"),
        ("date,pm25,pm2.5\n2026-04-01,3,3\n", "two columns"),
        ("date,pm25\n2026-04-01\n", "another number of cells"),
        ("date,pm25\n", "no rows"),
        ('date,pm25\n"2026-04-01,3\n', "no table"),
    ],
)
def test_files_that_are_no_record_are_refused(tmp_path, text, what):
    with pytest.raises(BadInput) as caught:
        ran(tmp_path, text)
    assert what in str(caught.value)


def test_every_fault_is_told_at_once(tmp_path):
    with pytest.raises(BadInput) as caught:
        ran(tmp_path, "date,pm25,pm10\n2026-04-01,-3,x\n2026-04-02,y,5\n")
    assert [one.where.split(": ")[1] for one in caught.value.faults] == ["row 2, pm25", "row 3, pm25", "row 2, pm10"]


def test_order_of_rows_and_columns_changes_nothing(tmp_path):
    one = ran(tmp_path, HEAD + "2026-04-01,20,20,5,10,0.5,50\n2026-04-02,70,20,5,10,0.5,50\n")
    other = ran(tmp_path, "o3,co,no2,so2,pm10,pm25,date\n50,0.5,10,5,20,70,2026-04-02\n50,0.5,10,5,20,20,2026-04-01\n")
    assert days(one) == days(other)


def test_rules_are_dated_and_cited():
    held = rules()
    assert [version.since for version in held.standards.versions] == [date(2016, 1, 1), date(2026, 3, 1)]
    assert all(version.evidence == "sourced" for version in held.standards.versions)
    assert held.hours.evidence == "memory"
    for version in held.standards.versions:
        assert set(version.value.points) == {one.name for one in held.pollutants}
        for points in version.value.points.values():
            assert points[0] == 0
            assert np.all(np.diff(points) > 0)
    assert held.level_of(9999) is held.levels[-1]
    assert held.on(date(2015, 12, 31)) is None


def test_run_from_the_command_line_in_both_languages(tmp_path):
    (tmp_path / "air.csv").write_text(HEAD + "2026-04-01,20,20,5,10,0.5,50\n2026-04-02,70,20,5,10,0.5,50\n", "utf-8")
    out = fine("run", "aqi", f"record={tmp_path / 'air.csv'}", "--to", tmp_path / "out", "--format", "html")
    assert "2 days can be judged, 1 of them good (50.0 %)" in out
    assert "2 天可判定" in fine("run", "aqi", f"record={tmp_path / 'air.csv'}", language="zh")
    data = json.loads((tmp_path / "out" / "aqi.json").read_text("utf-8"))
    assert data["figures"][0]["value"] == 1
    levels = [row[4]["zh"] for table in data["tables"] if table["name"] == "days" for row in table["rows"]]
    assert levels == ["优", "轻度污染"]
    pages = {spoken: (tmp_path / "out" / f"aqi.{spoken}.html").read_text("utf-8") for spoken in ("zh", "en")}
    assert ["轻度污染" in page for page in pages.values()] == [True, False]
    assert ["lightly polluted" in page for page in pages.values()] == [False, True]
    first = (tmp_path / "out" / "aqi.zh.html").read_bytes()
    fine("run", "aqi", f"record={tmp_path / 'air.csv'}", "--to", tmp_path / "out2", "--format", "html")
    assert (tmp_path / "out2" / "aqi.zh.html").read_bytes() == first
    (tmp_path / "air.csv").write_text("date,pm25\n2026-04-01,-3\n", "utf-8")
    assert "数值过小" in refused(3, "run", "aqi", f"record={tmp_path / 'air.csv'}", language="zh")
