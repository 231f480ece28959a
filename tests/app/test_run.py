"""Running a model on a city: what it finds becomes facts, and facts become figures."""

from __future__ import annotations

import pytest

from app.line import contents, fine, refused
from tulou.app.running import run_process
from tulou.app.wiring import last_day, open_city

BAD_USE = 4
MODEL = "shelter_check"
INDICATOR = "emergency_shelter_places"


@pytest.fixture
def asked(own):
    """The counts of the indicator's line: pass, fail, to confirm, reference, not assessed."""

    def told():
        out = fine("check", own, "--indicator", INDICATOR, "--format", "none")
        return [int(part) for part in next(line for line in out.splitlines() if line.startswith("Total")).split()[1:]]

    return told


def test_what_a_model_finds_is_kept_and_read_by_indicators(own, asked):
    assert asked() == [0, 0, 0, 0, 1], "nothing was run yet"
    out = fine("run", MODEL, "--city", own, "--keep", "--who", "emergency bureau")
    assert "rows of facts kept" in out
    assert asked()[-1] == 0
    assert "emergency bureau" in fine("log", own)
    assert f"run {MODEL}" in fine("log", own)
    kept = run_process(MODEL, {}, city=own).outcome.facts[0].rows
    sheltered = sum(kept["emergency_sheltered"].to_pylist())
    city = open_city(own)
    rows = city.state(valid=last_day(city)).rows("population")
    share = 100 * sheltered / rows.numbers("residents").sum()
    assert rows.numbers("emergency_sheltered").sum() == pytest.approx(sheltered)
    assert f"{share:.5g} percent" in fine("explain", own, INDICATOR).splitlines()[0]


def test_what_is_kept_on_a_branch_stays_there(own, asked):
    fine("branch", own, "idea")
    fine("run", MODEL, "--city", own, "--keep", "--branch", "idea")
    assert asked() == [0, 0, 0, 0, 1]
    out = fine("check", own, "--indicator", INDICATOR, "--branch", "idea", "--format", "none")
    assert next(line for line in out.splitlines() if line.startswith("Total")).split()[-1] == "0"


def test_a_model_without_its_city_says_what_it_asks_for(own):
    assert "--city CITY" in fine("run", MODEL)
    assert "--city 城市" in fine("run", MODEL, language="zh")
    assert "runs on a city" in refused(BAD_USE, "run", MODEL, "hazard=flood")
    assert "needs no city" in refused(BAD_USE, "run", "design_storm", "period=5", "--city", own)


def test_nothing_is_kept_where_there_is_nothing_to_keep(own, tmp_path):
    before = contents(own)
    refused(BAD_USE, "run", "storm_formula", "record=nowhere.csv", "--keep")
    refused(BAD_USE, "run", MODEL, "--city", own, "--as-of", "1", "--keep")
    assert contents(own) == before
