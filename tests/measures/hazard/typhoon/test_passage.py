"""The wind of a passing storm beside what must hold of it."""

import numpy as np
import pytest

from tulou.kernel.errors import BadInput, BadUse
from tulou.measures.hazard.typhoon.holland import gradient_wind, radius_by_wind
from tulou.measures.hazard.typhoon.passage import Track, passage
from tulou.measures.hazard.typhoon.rain import KNOT, rain_rate
from tulou.processes.typhoon.rules import rules

MODEL = rules().model


def track(latitude, longitude, pressure, hours=None, radius=None):
    count = len(latitude)
    nothing = np.full(count, np.nan)
    return Track(
        np.arange(float(count)) if hours is None else np.array(hours, float),
        np.array(latitude, float),
        np.array(longitude, float),
        np.array(pressure, float),
        nothing,
        nothing if radius is None else np.array(radius, float),
    )


STILL = track([24.0], [118.0], [950.0], radius=[40.0])


def test_a_storm_that_stands_still_blows_by_distance_alone():
    degree = np.degrees(60_000 / 6_371_000)
    places = [(24.0 + degree, 118.0), (24.0 - degree, 118.0), (24.0, 118.0 + degree / np.cos(np.radians(24.0)))]
    found = passage(STILL, *np.array(places).T, MODEL)
    assert found.wind == pytest.approx(found.wind[0], rel=1e-6)
    assert found.distance == pytest.approx(60_000, rel=1e-6)


def test_the_centre_is_calm_and_beyond_reach_nothing_is_told():
    found = passage(STILL, np.array([24.0, 28.0]), np.array([118.0, 118.0]), MODEL)
    assert found.wind == pytest.approx([0.0, 0.0], abs=1e-6)
    assert np.isnan(found.hour[1])
    assert found.distance[1] > MODEL.reach


def test_the_right_side_of_the_way_is_the_windier_one():
    north = track([22.0, 22.2, 22.4], [118.0] * 3, [950.0] * 3, radius=[40.0] * 3)
    right, left = passage(north, np.array([22.2, 22.2]), np.array([118.4, 117.6]), MODEL).wind
    assert right > left + 5
    south = track([-22.0, -22.2, -22.4], [118.0] * 3, [950.0] * 3, radius=[40.0] * 3)
    # South of the equator it is the left side of the way, which going south is the eastern one.
    right, left = passage(south, np.array([-22.2, -22.2]), np.array([117.6, 118.4]), MODEL).wind
    assert left > right + 5


def test_deeper_storms_blow_harder():
    places = np.array([24.3]), np.array([118.0])
    winds = [
        passage(track([24.0], [118.0], [pressure], radius=[40.0]), *places, MODEL).wind[0]
        for pressure in (1000, 980, 960, 940, 920)
    ]
    assert winds == sorted(winds)
    assert passage(track([24.0], [118.0], [1012.0]), *places, MODEL).wind[0] == 0


def test_finer_steps_come_to_an_end():
    way = track([22.0, 24.0, 26.0], [120.0, 118.5, 117.0], [940, 955, 985], hours=[0, 6, 12])
    places = np.array([24.5, 25.0, 23.0]), np.array([118.1, 117.0, 119.5])
    coarse, fine, finest = (passage(way.every(step), *places, MODEL).wind for step in (1.0, 0.25, 0.1))
    assert np.abs(finest - fine).max() < 0.6
    assert np.abs(finest - fine).max() <= np.abs(finest - coarse).max() + 1e-9


def test_the_highest_wind_blows_at_its_radius_and_any_profile_falls_beyond():
    away = np.linspace(1e3, 300e3, 600)
    found = gradient_wind(away, np.array(40e3), np.array(1.5), np.array(5000.0), np.array(0.0), density=1.15)
    assert away[found.argmax()] == pytest.approx(40e3, abs=600)
    assert (np.diff(found[found.argmax() :]) <= 0).all()
    assert found.max() == pytest.approx(np.sqrt(1.5 * 5000 / (1.15 * np.e)), rel=1e-3)
    near = gradient_wind(
        np.array([0.0, 10.0]), np.array(40e3), np.array(2.0), np.array(5000.0), np.array(6e-5), density=1.15
    )
    assert near == pytest.approx([0.0, 0.0], abs=1e-3)


def test_storms_are_smaller_when_strong_and_larger_in_the_north():
    wind, latitude = np.array([20.0, 60.0, 20.0]), np.array([20.0, 20.0, 40.0])
    found = radius_by_wind(wind, latitude, factors=MODEL.radius)
    assert found[1] < found[0] < found[2]
    assert found[0] == pytest.approx(46.4 * np.exp(-0.31 + 0.338))


def test_the_date_line_is_crossed():
    here = passage(track([20.0], [179.9], [950.0], radius=[40.0]), np.array([20.0]), np.array([-179.7]), MODEL)
    there = passage(track([20.0], [119.9], [950.0], radius=[40.0]), np.array([20.0]), np.array([120.3]), MODEL)
    assert here.wind == pytest.approx(there.wind)


def test_rain_by_hand():
    # v = 68 kt: u = 2, T0 = 6.82, Tm = 8.0 in/day, rm = 38 km, re = 118 km.
    found = rain_rate(np.array([0.0, 19e3, 38e3, 156e3]), 68 * KNOT, MODEL.rain)
    assert found == pytest.approx(25.4 / 24 * np.array([6.82, 7.41, 8.0, 8.0 / np.e]))
    assert rain_rate(np.array([50e3]), 0.0, MODEL.rain)[0] == 0.0


def test_rain_of_a_passage_is_the_sum_of_its_hours():
    slow = track([24.0, 24.0 + 1e-9], [118.0, 118.0], [950.0, 950.0], hours=[0, 10], radius=[40.0, 40.0])
    place = np.array([24.2]), np.array([118.0])
    ten = passage(slow.every(0.5), *place, MODEL).rain[0]
    five = passage(
        track([24.0, 24.0 + 1e-9], [118.0, 118.0], [950.0, 950.0], hours=[0, 5], radius=[40.0] * 2).every(0.5),
        *place,
        MODEL,
    ).rain[0]
    assert ten == pytest.approx(2 * five, rel=1e-4)
    assert 30 < ten < 200
    assert np.isnan(passage(STILL, *place, MODEL).rain[0])


def test_tracks_that_are_none_are_refused():
    with pytest.raises(BadInput, match="follow one another"):
        track([1, 2], [1, 2], [990, 990], hours=[1, 1])
    with pytest.raises(BadInput, match="a place and a pressure"):
        track([1, np.nan], [1, 2], [990, 990])
    with pytest.raises(BadUse, match="above 0"):
        gradient_wind(np.array([1.0]), np.array(0.0), np.array(1.0), np.array(1.0), np.array(0.0), density=1.15)
