"""The storm processes on a record whose formula is known, on real rain, and on files that are none."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.line import fine, refused
from shared_data import shared
from tulou.kernel.errors import BadInput, BadUse, NotEnoughData
from tulou.measures.water.storm.formula import StormFormula
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run
from tulou.sources.rain import read_rain

SUZHOU = {"a1": 17.969, "c": 1.24, "b": 18.415, "n": 0.785}


def ran(name, **given):
    process = processes()[name]
    return process.run(Run(process.values(given)))


def record(path, years=30, step=5):
    """A record in which each year has one storm, built so that its maxima follow a formula at its rank."""
    formula = StormFormula(10.0, 0.9, 9.0, 0.7)
    times, depths = [], []
    for rank, year in enumerate(range(1990, 1990 + years)):
        period = (years + 1) / (rank + 1)
        begin = np.datetime64(f"{year}-01-01T00:00", "s")
        totals = formula.depth(np.arange(0, 181, step).astype(float), period)
        storm = np.diff(totals)
        end = np.datetime64(f"{year}-12-31T23:55", "s")
        times += [
            begin,
            *(np.datetime64(f"{year}-06-01T00:00", "s") + np.arange(len(storm)) * np.timedelta64(step, "m")),
            end,
        ]
        depths += [0.0, *storm.tolist(), 0.0]
    pq.write_table(pa.table({"time": pa.array(times, pa.timestamp("s")), "mm": depths}), path)
    return formula


def test_the_largest_depths_of_a_made_record_are_those_put_in(tmp_path):
    formula = record(tmp_path / "rain.parquet")
    outcome = ran("storm_formula", record=tmp_path / "rain.parquet", known=0)
    table = next(one for one in outcome.tables if one.name == "intensities")
    assert [row[0] for row in table.rows] == [5, 10, 15, 20, 30, 45, 60, 90, 120, 150, 180]
    # Ten years lie inside a record of thirty: the distribution comes near the formula that made it.
    place = [column.name for column in table.columns].index("p10")
    for row in table.rows:
        assert row[place] == pytest.approx(float(formula.intensity(row[0], 10)), rel=0.1)


def test_the_formula_in_force_is_set_beside_the_new_one(tmp_path):
    record(tmp_path / "rain.parquet")
    outcome = ran("storm_formula", record=tmp_path / "rain.parquet", known=0, **SUZHOU)
    found = {one.name: one.value for one in outcome.figures}
    new = StormFormula(found["a1"], found["c"], found["b"], found["n"])
    table = next(one for one in outcome.tables if one.name == "beside")
    row = table.rows[3]
    expected = (float(new.intensity(20, 5)) / float(StormFormula(**SUZHOU).intensity(20, 5)) - 1) * 100
    assert row[[column.name for column in table.columns].index("p5")] == pytest.approx(expected)
    with pytest.raises(BadUse, match="all four numbers"):
        ran("storm_formula", record=tmp_path / "rain.parquet", known=0, a1=10)


def test_real_rain_gives_a_formula_within_the_guideline():
    path = shared("rain_goerlitz_5min") / "goerlitz_5min_1991_2020.parquet"
    outcome = ran("storm_formula", record=path)
    found = {one.name: one.value for one in outcome.figures}
    assert found["error_absolute"] <= 0.05
    assert "1991, 1992" in " ".join(line.en for line in outcome.warnings)
    assert outcome.sources == {path.name: read_rain(path).digest}


def test_durations_between_steps_are_refused(tmp_path):
    record(tmp_path / "rain.parquet")
    with pytest.raises(BadUse, match="multiples of the step"):
        ran("storm_formula", record=tmp_path / "rain.parquet", known=0, durations="7,10")
    with pytest.raises(NotEnoughData, match="too few years"):
        ran("storm_formula", record=tmp_path / "rain.parquet", known=100)


def test_a_design_storm_keeps_its_water():
    outcome = ran("design_storm", **SUZHOU, peak=0.43, duration="3 hour", uplift=10)
    assert outcome.balances[0].closes
    found = {one.name: one.value for one in outcome.figures}
    assert found["depth"] == pytest.approx(94.9031 * 1.1, abs=1e-4)
    assert "10 %" in outcome.assumptions[0].en


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("time,mm\n", "at least two"),
        ("time,mm\n2020-01-01T00:00,1\n", "at least two"),
        ("day,mm\n2020-01-01T00:00,1\n2020-01-01T00:05,1\n", "no column of times"),
        ("time,level\n2020-01-01T00:00,1\n2020-01-01T00:05,1\n", "no column of depths"),
        ("time,mm\nyesterday,1\ntoday,2\n", "these are no times"),
        ("time,mm\n2020-01-01T00:00,1\n2020-01-01T00:05,-2\n", "from 0 on"),
        ("time,mm\n2020-01-01T00:00,1\n2020-01-01T00:05,inf\n", "from 0 on"),
        ("time,mm\n2020-01-01T00:00,much\n2020-01-01T00:05,1\n", "these are no depths"),
        ("time,mm\n2020-01-01T00:00,1\n2020-01-01T00:05,1\n2020-01-01T00:12,1\n", "of one length"),
        ("time,mm\n1000-01-01T00:00,1\n1000-01-01T00:01,1\n2020-01-01T00:05,1\n", "too long"),
    ],
)
def test_files_that_are_no_rain_are_refused(tmp_path, text, what):
    path = tmp_path / "rain.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(BadInput, match=what):
        read_rain(path)


def test_a_gap_is_unknown_and_a_repeated_time_counts_once(tmp_path):
    path = tmp_path / "rain.csv"
    rows = ["2020-12-31T23:50,1.5", "2020-12-31T23:55,", "2021-01-01T00:10,2", "2020-12-31T23:50,9"]
    path.write_text("时间,雨量(mm)\n" + "\n".join(rows) + "\n", "utf-8")
    found = read_rain(path)
    assert (found.step, found.repeated) == (5, 1)
    assert found.depth[[0, 4]].tolist() == [1.5, 2.0]
    assert np.isnan(found.depth[1:4]).all()
    assert found.year.tolist() == [2020, 2020, 2021, 2021, 2021]


def test_tenths_of_a_millimetre_and_thousandths(tmp_path):
    for head, factor in (("0.1mm", 0.1), ("um_5min", 0.001)):
        (tmp_path / "r.csv").write_text(f"time,{head}\n2020-01-01T00:00,15\n2020-01-01T00:01,20\n", "utf-8")
        assert read_rain(tmp_path / "r.csv").depth == pytest.approx([15 * factor, 20 * factor])


def test_run_from_the_command_line(tmp_path):
    words = [f"{name}={value}" for name, value in SUZHOU.items()]
    out = fine("run", "design_storm", *words, "peak=0.43", "duration=3 hour", "--to", tmp_path, "--format", "html,xlsx")
    assert "94.903" in out
    pages = {f"design_storm.{spoken}.{form}" for spoken in ("zh", "en") for form in ("html", "xlsx")}
    assert {path.name for path in tmp_path.iterdir()} == {*pages, "design_storm.json"}
    data = json.loads((tmp_path / "design_storm.json").read_text("utf-8"))
    assert data["inputs"]["duration"] == 180
    assert sum(row[1] for row in data["tables"][0]["rows"]) == pytest.approx(94.9031, abs=5e-5)


def test_what_is_asked_for_is_told(tmp_path):
    assert "storm_formula" in fine("run")
    assert "peak" in fine("run", "design_storm")
    assert "did you mean: design_storm" in refused(4, "run", "design_strom")
    assert "an input is given as NAME=VALUE" in refused(4, "run", "design_storm", "peak")
    assert "did you mean: peak" in refused(4, "run", "design_storm", "paek=1")
    assert "this process needs no city" in refused(4, "run", "design_storm", "a1=1", "--city", tmp_path)


def days_of_rain(path, courses, gap=200):
    """A record of half hours in which each storm falls as told, with dry days between."""
    depths = [0.0] * gap
    for course in courses:
        depths += [*course, *[0.0] * gap]
    times = np.datetime64("2001-01-01T00:00", "s") + np.arange(len(depths)) * np.timedelta64(30, "m")
    pq.write_table(pa.table({"time": times, "mm": depths}), path)
    return path


def test_the_pattern_of_storms_that_fall_alike_is_theirs(tmp_path):
    """Three storms of six hours with the same shares in the same order: 10, 20, 40, 15, 10, 5 percent an hour."""
    shares = np.repeat([0.10, 0.20, 0.40, 0.15, 0.10, 0.05], 2) / 2
    file = days_of_rain(tmp_path / "rain.parquet", [(depth * shares).tolist() for depth in (60.0, 80.0, 50.0)])
    found = ran("storm_pattern", record=file, duration="6 hour", step="1 hour", storms=5, depth=100)
    rows = {table.name: table.rows for table in found.tables}
    assert [row[1] for row in rows["pattern"]] == pytest.approx([10, 20, 40, 15, 10, 5])
    assert [row[2] for row in rows["pattern"]] == pytest.approx([10, 20, 40, 15, 10, 5])
    assert [row[1] for row in rows["storms"]] == pytest.approx([80, 60, 50])
    assert [row[2] for row in rows["storms"]] == pytest.approx([2.5 / 6] * 3)
    assert all(balance.closes for balance in found.balances)
    assert "3 such storms" in found.warnings[0].en


def test_a_short_storm_lies_in_the_middle_of_its_window(tmp_path):
    """Two hours of even rain in a window of a day: half of it in each of the two middle hours, and r is one half."""
    file = days_of_rain(tmp_path / "rain.parquet", [[5.0] * 4, [4.0] * 4])
    found = ran("storm_pattern", record=file, duration="24 hour", step="2 hour", storms=2)
    figures = {one.name: one for one in found.figures}
    assert figures["peak"].value == pytest.approx(0.5, abs=1 / 12)
    assert "depth" not in figures
    assert [row[2] for row in found.tables[0].rows] == [None] * 12


def test_a_formula_tells_the_depth_of_a_pattern(tmp_path):
    file = days_of_rain(tmp_path / "rain.parquet", [[5.0] * 6, [4.0] * 6])
    found = ran("storm_pattern", record=file, duration="3 hour", step="30 min", storms=2, period=5, **SUZHOU)
    assert {one.name: one.value for one in found.figures}["depth"] == pytest.approx(94.9031, abs=5e-5)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"step": "45 min"}, "whole number of shorter steps"),
        ({"step": "7 hour"}, "whole number of shorter steps"),
        ({"a1": 17.0, "c": 1.2}, "four coefficients"),
    ],
)
def test_a_pattern_refuses_steps_and_formulas_that_do_not_fit(tmp_path, given, told):
    file = days_of_rain(tmp_path / "rain.parquet", [[5.0] * 6, [4.0] * 6])
    with pytest.raises(BadUse, match=told):
        ran("storm_pattern", record=file, **({"step": "30 min"} | given))


def test_a_dry_record_has_no_pattern(tmp_path):
    with pytest.raises(NotEnoughData, match="too few storms"):
        ran("storm_pattern", record=days_of_rain(tmp_path / "rain.parquet", [[5.0] * 6]), step="30 min")


def test_the_storms_of_goerlitz_share_no_step():
    found = ran("storm_pattern", record=shared("rain_goerlitz_5min/goerlitz_5min_1991_2020.parquet"), storms=30)
    (storms,) = (table.rows for table in found.tables if table.name == "storms")
    begins = np.sort(np.array([row[0] for row in storms], "datetime64[m]"))
    assert (np.diff(begins) >= np.timedelta64(1440, "m")).all()
    depths = [row[1] for row in storms]
    assert depths == sorted(depths, reverse=True)
    assert sum(row[1] for row in found.tables[0].rows) == pytest.approx(100)
    assert 0.3 < {one.name: one.value for one in found.figures}["peak"] < 0.6
