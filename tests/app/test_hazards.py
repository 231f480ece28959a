"""Earthquakes and buildings from the command line on the made city: what is kept is read by indicators."""

import json

import numpy as np
import pytest

from app.line import fine
from tulou.app.running import run_process
from tulou.app.wiring import last_day, open_city


def buildings(city):
    opened = open_city(city)
    return opened.state(valid=last_day(opened)).rows("building")


def test_chances_of_collapse_are_kept_and_weighed_by_residents(own):
    out = fine("run", "earthquake_scenario", "--city", own, "intensity=8", "--keep", "--who", "seismic bureau")
    assert "rows of facts kept" in out
    rows = buildings(own)
    chance, people = rows.numbers("collapse_chance"), rows.numbers("residents")
    known = np.isfinite(chance)
    mean = (chance * people)[known].sum() / people[known].sum()
    fine("check", own, "--indicator", "collapse_exposure", "--format", "none")
    told = fine("explain", own, "collapse_exposure").splitlines()[0]
    assert f"{mean:.5g}" in told


def test_due_dates_are_kept_and_counted(own):
    fine("run", "building_due", "--city", own, "first=30", "every=10", "--keep")
    overdue = int(run_process("building_due", {"first": 30, "every": 10}, city=own).outcome.figures[0].value)
    assert buildings(own).numbers("inspection_overdue").sum() == overdue > 0
    fine("check", own, "--indicator", "inspections_overdue", "--format", "none")
    assert str(overdue) in fine("explain", own, "inspections_overdue").splitlines()[0].replace(",", "")


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_order_of_strengthening_is_the_same_twice(own, tmp_path, language):
    words = ("run", "reinforcement", "--city", own, "budget=50000000", "cost=800", "price=3000")
    words += ("pga=0.5,1.5,3.1", "rates=0.02,0.0021,0.0004", "draws=20", "--language", language)
    first, second = tmp_path / "one", tmp_path / "two"
    fine(*words, "--to", first, language=language)
    fine(*words, "--to", second, language=language)
    one, two = ((folder / "reinforcement.json").read_bytes() for folder in (first, second))
    assert one == two
    spent = {figure["name"]: figure["value"] for figure in json.loads(one)["figures"]}
    assert 0 < spent["spent"] <= 50_000_000
    assert (first / f"reinforcement.{language}.html").read_bytes() == (
        second / f"reinforcement.{language}.html"
    ).read_bytes()
