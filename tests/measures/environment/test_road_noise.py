"""Noise of roads beside energies summed by hand, and beside what is known of endless roads."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tulou.kernel.errors import BadUse
from tulou.measures.environment.road_noise import (
    Conditions,
    Studs,
    VehicleClass,
    air_absorption,
    energy_sum,
    gradient_of,
    level_of_point,
    level_of_road,
    line_power,
    vehicle_power,
)

BANDS = np.array([63, 125, 250, 500, 1000, 2000, 4000, 8000], float)
PLAIN = Conditions(temperature=20, slope=0, nearness=0, reference_speed=70, reference_temperature=20)
speeds = st.floats(20, 130)


def vehicle(rolling=90.0, propulsion=85.0, **more):
    one = np.ones(2)
    given = {
        "propulsion": propulsion * one,
        "propulsion_by_speed": 8 * one,
        "rolling": rolling * one,
        "rolling_by_speed": 30 * one,
        "temperature": 0.08,
        "surface": 0 * one,
        "surface_by_speed": 0.0,
        "junction_rolling": -4.5,
        "junction_propulsion": 5.5,
    }
    return VehicleClass(**(given | more))


@given(st.lists(st.floats(-20, 120), min_size=1, max_size=8))
def test_energies_are_summed(levels):
    by_hand = 10 * math.log10(sum(10 ** (level / 10) for level in levels))
    assert float(energy_sum(np.array(levels))) == pytest.approx(by_hand)
    assert by_hand >= max(levels) - 1e-9


def test_silence_adds_nothing():
    assert float(energy_sum(np.array([-np.inf, 60.0]))) == pytest.approx(60)
    assert float(energy_sum(np.array([-np.inf]))) == -np.inf


@given(speeds)
def test_a_vehicle_by_the_formula_written_out(speed):
    rolling = 90 + 30 * math.log10(speed / 70)
    propulsion = 85 + 8 * (speed - 70) / 70
    expected = 10 * math.log10(10 ** (rolling / 10) + 10 ** (propulsion / 10))
    assert vehicle_power(vehicle(), speed, PLAIN, 0.0)[0] == pytest.approx(expected)


@given(speeds, speeds)
def test_faster_is_never_quieter(one, other):
    slow, fast = sorted((one, other))
    assert vehicle_power(vehicle(), slow, PLAIN, 0.0)[0] <= vehicle_power(vehicle(), fast, PLAIN, 0.0)[0] + 1e-9


def test_slow_vehicles_sound_as_at_twenty():
    assert vehicle_power(vehicle(), 5, PLAIN, 0.0) == pytest.approx(vehicle_power(vehicle(), 20, PLAIN, 0.0))
    assert line_power(np.array([90.0]), 10, 5) == pytest.approx(line_power(np.array([90.0]), 10, 20))


def test_cold_surface_and_junction_change_what_they_should():
    silent = -200.0
    cold = Conditions(10, 0, 0, 70, 20)
    assert vehicle_power(vehicle(propulsion=silent), 70, cold, 0.0)[0] == pytest.approx(90.8)
    assert vehicle_power(vehicle(rolling=silent), 70, cold, 0.0)[0] == pytest.approx(85)
    near = Conditions(20, 0, 0.5, 70, 20)
    assert vehicle_power(vehicle(propulsion=silent), 70, near, 0.0)[0] == pytest.approx(90 - 2.25)
    assert vehicle_power(vehicle(rolling=silent), 70, near, 0.0)[0] == pytest.approx(85 + 2.75)
    # A loud surface does not raise propulsion, a quiet one lowers both.
    surface = np.array([3.0, -3.0])
    found = vehicle_power(vehicle(rolling=silent, surface=surface), 70, PLAIN, 0.0)
    assert found.tolist() == pytest.approx([85, 82])
    found = vehicle_power(vehicle(propulsion=silent, surface=surface, surface_by_speed=-6.5), 35, PLAIN, 0.0)
    fall = 23.5 * math.log10(0.5)
    assert found.tolist() == pytest.approx([93 + fall, 87 + fall])


def test_two_wheels_do_not_roll_loudly():
    found = vehicle_power(replace(vehicle(), rolling=None, rolling_by_speed=None), 70, PLAIN, 0.0)
    assert found.tolist() == [85, 85]


@given(st.floats(0, 1), speeds)
def test_studs_weigh_by_their_share(share, speed):
    studs = Studs(np.array([3.0, 0.0]), np.array([-10.0, 0.0]), (50, 90), share)
    without = vehicle_power(vehicle(propulsion=-200.0), speed, PLAIN, 0.0)
    held = min(max(speed, 50), 90)
    more = 3 - 10 * math.log10(held / 70)
    found = vehicle_power(vehicle(propulsion=-200.0), speed, PLAIN, 0.0, studs)
    assert found[0] - without[0] == pytest.approx(10 * math.log10(1 - share + share * 10 ** (more / 10)))
    assert found[1] == pytest.approx(without[1])


@pytest.mark.parametrize(
    ("kind", "speed", "slope", "expected"),
    [
        ("cars", 50, 2, 0.0),
        ("cars", 50, 5, 0.5 * 3 / 1.5),
        ("cars", 50, -6, 0.0),
        ("cars", 50, -10, 4.0),
        ("cars", 50, -30, 6.0),
        ("medium", 50, 4, 2.0),
        ("medium", 50, -11, 0.3 * 7 / 0.7),
        ("heavy", 50, 8, 5.0),
        ("heavy", 60, -9, 0.5 * 5 / 0.5),
        ("heavy", 50, -4, 0.0),
        ("mopeds", 50, 12, 0.0),
    ],
)
def test_slopes_add_to_propulsion(kind, speed, slope, expected):
    assert gradient_of(kind, speed, slope) == pytest.approx(expected)


def test_twice_the_traffic_is_three_decibels():
    one, two = (line_power(np.array([90.0]), count, 50)[0] for count in (500, 1000))
    assert two - one == pytest.approx(10 * math.log10(2))
    assert line_power(np.array([90.0]), 0, 50)[0] == -np.inf


def test_an_endless_road_without_air_falls_by_three_decibels_a_doubling():
    still = np.zeros(1)
    near, far = (level_of_road(np.array([80.0]), distance, 1e6, still)[0] for distance in (10, 20))
    # The integral of hard-ground point sources over an endless line: L' − 11 + 3 + 10 lg(π / d).
    assert near == pytest.approx(80 - 8 + 10 * math.log10(math.pi / 10), abs=1e-3)
    assert near - far == pytest.approx(10 * math.log10(2), abs=1e-3)


def test_a_short_road_far_away_is_a_point():
    lost = air_absorption(BANDS, 15, 60)
    road = level_of_road(np.full(8, 80.0), 1000, 5, lost)
    point = level_of_point(np.full(8, 80.0 + 10), 1000, lost)
    assert road == pytest.approx(point, abs=1e-3)


@given(st.floats(1, 1000), st.floats(1.01, 5))
def test_farther_is_quieter(distance, factor):
    lost = air_absorption(BANDS, 15, 60)
    near = level_of_road(np.full(8, 80.0), distance, 2000, lost, pieces=200)
    far = level_of_road(np.full(8, 80.0), distance * factor, 2000, lost, pieces=200)
    assert np.all(far < near)


@given(st.floats(-20, 40), st.floats(10, 100))
def test_air_takes_more_of_high_tones(temperature, humidity):
    assert np.all(np.diff(air_absorption(BANDS, temperature, humidity)) > 0)


def test_what_cannot_be_is_refused():
    lost = np.zeros(1)
    with pytest.raises(BadUse, match="speed"):
        vehicle_power(vehicle(), 0, PLAIN, 0.0)
    with pytest.raises(BadUse, match="vehicles"):
        line_power(np.array([90.0]), -1, 50)
    with pytest.raises(BadUse, match="distance"):
        level_of_point(np.array([90.0]), 0, lost)
    for distance, half in ((0, 10), (10, 0)):
        with pytest.raises(BadUse, match="length"):
            level_of_road(np.array([90.0]), distance, half, lost)
