"""The process of the noise of a road: what it asks for, what it says, and what it refuses."""

import json

import numpy as np
import pytest

from app.line import fine, refused
from tulou.kernel.errors import BadUse
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run
from tulou.processes.noise.coefficients import class_titles, coefficients
from tulou.processes.noise.limits import area_limit, area_title
from tulou.processes.road_noise import AREAS, CLASSES, SURFACES


def ran(**given):
    process = processes()["road_noise"]
    return process.run(Run(process.values({"coefficients": "2015", **given})))


def figures(outcome):
    return {one.name: one.value for one in outcome.figures}


def test_the_year_of_the_coefficients_must_be_chosen():
    with pytest.raises(BadUse, match="needed"):
        processes()["road_noise"].values({"cars": 100})
    with pytest.raises(BadUse, match="choices"):
        ran(coefficients="2019", cars=100)


def test_both_years_stand_beside_each_other():
    one, other = figures(ran(cars=1000)), figures(ran(coefficients="2020", cars=1000))
    assert one["emission"] == other["other_year"]
    assert one["other_year"] == other["emission"]
    assert 2 < one["other_year"] - one["emission"] < 3.5


def test_classes_sum_to_the_whole():
    outcome = ran(cars=900, heavy=100, motorcycles=50)
    *parts, whole = [row[-1] for row in outcome.tables[0].rows]
    assert len(parts) == 3
    assert 10 * np.log10(sum(10 ** (part / 10) for part in parts)) == pytest.approx(whole)
    assert whole == pytest.approx(figures(outcome)["emission"])


def test_a_road_both_ways_is_the_mean_of_up_and_down():
    up, down = (figures(ran(heavy=100, slope=slope, directions="one"))["emission"] for slope in (8, -8))
    both = figures(ran(heavy=100, slope=8))["emission"]
    assert both == pytest.approx(10 * np.log10((10 ** (up / 10) + 10 ** (down / 10)) / 2))
    assert figures(ran(heavy=100, slope=-8))["emission"] == pytest.approx(both)
    assert any("Half of the traffic" in one.en for one in ran(heavy=100, slope=8).assumptions)


def test_the_level_beside_the_road_is_given_on_demand():
    assert "level" not in figures(ran(cars=1000))
    near, far = (figures(ran(cars=1000, distance=distance))["level"] for distance in ("20", "0.04 km"))
    assert 2.9 < near - far < 3.6
    assert any("homogeneous air" in one.en for one in ran(cars=1000, distance=20).assumptions)


def test_speeds_beyond_those_of_the_surface_are_told():
    assert not ran(cars=100, surface="NL01").warnings
    assert "cars" in ran(cars=100, cars_speed=30, surface="NL01").warnings[0].en
    assert not ran(heavy=100, cars_speed=30, surface="NL01").warnings


@pytest.mark.parametrize(
    ("kind", "hours", "limit", "is_memory"),
    [
        ("0", "day", 50, False),
        ("1", "night", 45, False),
        ("2", "day", 60, False),
        ("3", "night", 55, False),
        ("4a", "night", 55, False),
        ("4b", "night", 60, False),
    ],
)
def test_the_limit_of_an_area_stands_beside_and_gives_no_verdict(kind, hours, limit, is_memory):
    outcome = ran(cars=1000, distance=20, area_class=kind, hours=hours)
    over = figures(outcome)["level"] - limit
    said = outcome.answer[-1]
    assert f"{over:+.1f} dB" in said.en
    assert f"{limit} dB(A)" in said.en
    assert ("from memory" in said.en) == ("凭记忆" in said.zh) == is_memory
    assert "measurements tell" in said.en


def test_areas_offered_are_those_with_limits():
    assert {name: area_title(name) for name in AREAS} == AREAS
    for name in AREAS:
        assert area_limit(name, "night").value < area_limit(name, "day").value
    with pytest.raises(BadUse, match="distance from the road"):
        ran(cars=1000, area_class="1")


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({}, "without traffic"),
        ({"cars": -1}, "out of bounds"),
        ({"cars": 10, "cars_speed": 0}, "out of bounds"),
        ({"cars": 10, "surface": "NL99"}, "choices"),
        ({"cars": 10, "distance": 0}, "out of bounds"),
        ({"cars": "ten"}, "not a number"),
        ({"cars": "10 kg"}, "another kind"),
    ],
)
def test_what_cannot_be_is_refused(given, what):
    with pytest.raises(BadUse) as caught:
        ran(**given)
    assert what in str(caught.value)


def test_every_surface_and_class_offered_has_coefficients():
    assert set(CLASSES) == set(class_titles())
    for year in ("2015", "2020"):
        for surface in SURFACES:
            held = coefficients(year, surface, "roundabout")
            assert set(held.classes) == set(CLASSES)
            assert held.speeds[0] < held.speeds[1]
            assert all(one.propulsion.shape == held.bands.shape for one in held.classes.values())


def test_run_from_the_command_line_in_both_languages(tmp_path):
    words = ("run", "road_noise", "coefficients=2015", "cars=1000", "surface=NL01")
    assert "78.32 dB(A)" in fine(*words, "--to", tmp_path, "--format", "html")
    assert "78.32 分贝（A）" in fine(*words, language="zh")
    data = json.loads((tmp_path / "road_noise.json").read_text("utf-8"))
    assert data["figures"][1]["value"] == pytest.approx(81.34, abs=0.005)
    assert "没有车流" in refused(4, "run", "road_noise", "coefficients=2015", language="zh")
