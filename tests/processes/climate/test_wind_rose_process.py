"""The process of the wind rose on made records, on a typical year, and on records that are not to be trusted."""

import numpy as np
import pytest

from app.line import fine, refused
from shared_data import shared
from tulou.kernel.errors import BadUse, NotEnoughData
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run


def record(folder, direction, speed, start="2025-01-01T00"):
    times = np.datetime64(start, "h") + np.arange(len(direction))
    lines = [f"{time}:00,{one:g},{other:g}" for time, one, other in zip(times, direction, speed, strict=True)]
    path = folder / "wind.csv"
    path.write_text("\n".join(["time,direction,speed", *lines]), "utf-8")
    return path


def ran(path, **given):
    process = processes()["wind_rose"]
    return process.run(Run(process.values({"record": path, **given})))


def figures(outcome):
    return {one.name: one.value for one in outcome.figures}


def said(lines):
    return " ".join(one.en for one in lines)


def test_light_wind_and_strong_wind_come_from_elsewhere(tmp_path):
    direction = [97, 98, 96, 97, 200, 201, 202, 203, 204]
    outcome = ran(record(tmp_path, direction, [1, 2, 1, 2, 8, 9, 8, 9, 0.2]))
    assert "most often from E (50.0 %)" in outcome.answer[0].en
    assert "mostly from E, together 100 %" in outcome.answer[0].en
    assert "主要来自东" in outcome.answer[0].zh
    assert figures(outcome)["calm"] == pytest.approx(100 / 9)
    assert figures(outcome)["light_hours"] == 4
    assert "only 0.0 years" in said(outcome.warnings)


def test_months_and_bounds_are_kept(tmp_path):
    january, february = np.tile([90.0, 92], 372), np.tile([178.0, 181], 336)
    path = record(tmp_path, np.concatenate([january, february]), np.tile([1.0, 2, 5, 5.5], 354))
    outcome = ran(path, months="2", least="4", most="6")
    assert "mostly from S, together 100 %" in outcome.answer[0].en
    assert figures(outcome)["light_hours"] == 336
    assert figures(outcome)["hours"] == 672
    assert figures(outcome)["calm"] == 50


def test_a_stuck_vane_is_left_out(tmp_path):
    moving = np.tile([181.0, 184, 187], 20)
    outcome = ran(record(tmp_path, np.concatenate([np.full(30, 90.0), moving]), np.full(90, 2.0)))
    assert figures(outcome)["stuck"] == 30
    assert "mostly from S, together 100 %" in outcome.answer[0].en
    assert "stuck vane" in said(outcome.warnings)


def test_gaps_and_calms_are_told(tmp_path):
    path = record(tmp_path, np.arange(10) * 33 % 360, [0.1] * 6 + [2] * 4)
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([*lines[:5], *lines[8:]]), "utf-8")
    outcome = ran(path)
    assert figures(outcome)["missing"] == 3
    assert "3 hours are missing" in said(outcome.warnings)
    assert "57 % of the hours are calm" in said(outcome.warnings)


def test_a_typical_year_is_told_to_be_one():
    outcome = ran(shared("weather_tmy3") / "723170TYA.CSV")
    assert figures(outcome) | {"stuck": 0} == figures(outcome)
    assert figures(outcome)["hours"] == 8752
    assert figures(outcome)["calm"] == pytest.approx(100 * 1050 / 8752)
    assert "typical year" in said(outcome.warnings)
    assert "rounded to 10°" in said(outcome.assumptions)
    assert sum(row[2] for row in outcome.tables[0].rows) == pytest.approx(100)
    summer = ran(shared("weather_tmy3") / "723170TYA.CSV", months="6,7,8")
    assert figures(summer)["hours"] < 2208


def test_bounds_that_cannot_be(tmp_path):
    path = record(tmp_path, [90, 91], [1, 2])
    with pytest.raises(BadUse, match="slower than the fastest"):
        ran(path, least="4")
    with pytest.raises(NotEnoughData):
        ran(path, months="7")
    with pytest.raises(BadUse, match="out of bounds"):
        ran(path, months="13")


def test_from_the_command_line(tmp_path):
    path = record(tmp_path, [90, 91, 92], [1, 2, 1.5])
    assert "软轻风" in fine("run", "wind_rose", f"record={path}", language="zh")
    path.write_text("time,direction\n2025-01-01T00:00,3\n2025-01-01T01:00,3\n", "utf-8")
    assert "缺少必需的列" in refused(3, "run", "wind_rose", f"record={path}", language="zh")
