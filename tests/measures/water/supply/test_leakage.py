"""Leakage by hand, and by the laws it must follow."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tulou.kernel.errors import BadUse
from tulou.measures.water.supply.leakage import (
    leakage_index,
    night_day_factor,
    night_flow,
    night_use,
    orifice_flow,
    pressure_ratio,
    unavoidable_losses,
)


def test_a_hole_lets_out_by_area_and_root_of_pressure():
    one = orifice_flow(0.01, 20, 0.75)
    assert one == pytest.approx(0.75 * np.pi * 0.005**2 * np.sqrt(2 * 9.80665 * 20) * 3600)
    assert orifice_flow(0.02, 20, 0.75) == pytest.approx(4 * one)
    assert orifice_flow(0.01, 80, 0.75) == pytest.approx(2 * one)
    with pytest.raises(BadUse, match="from 0 on"):
        orifice_flow(0.01, -1, 0.75)


def test_pressure_and_leakage():
    assert pressure_ratio(np.array([50.0, np.nan]), 25, 1.5)[0] == pytest.approx(2**1.5)
    assert np.isnan(pressure_ratio(np.array([np.nan]), 25, 1.5)[0])
    with pytest.raises(BadUse):
        pressure_ratio(np.array([1.0]), 0, 1)
    with pytest.raises(BadUse):
        pressure_ratio(np.array([-1.0]), 1, 1)


@given(st.floats(1, 100), st.floats(0.5, 2.5))
def test_steady_pressure_makes_a_day_of_24_hours(pressure, exponent):
    assert night_day_factor(np.full(24, pressure), pressure, exponent) == pytest.approx(24)


def test_high_pressure_at_night_makes_a_shorter_day():
    pressure = np.array([60.0] * 6 + [30.0] * 18)
    assert night_day_factor(pressure, 60, 1.0) == pytest.approx(6 + 18 / 2)
    assert night_day_factor(pressure, 60, 0.5) == pytest.approx(6 + 18 / np.sqrt(2))
    # The length of a part of the day makes no difference.
    assert night_day_factor(np.repeat(pressure, 4), 60, 1.0) == pytest.approx(15)


def test_night_flow_is_the_mean_of_the_known_steps_of_the_night():
    hour = np.tile(np.arange(24.0), 3)
    day = np.repeat(np.arange(3), 24)
    flow = np.full(72, 100.0)
    flow[[2, 3]] = 5, 7  # first night
    flow[[26, 27]] = 9, np.nan  # second night: half of it is unknown
    assert night_flow(flow, day, hour, 2, 4, 0.5).tolist() == [6, 9, 100]
    assert np.isnan(night_flow(flow, day, hour, 2, 4, 0.75)[1])


def test_a_night_cut_short_by_the_end_of_the_record_is_not_whole():
    hour = np.array([*np.arange(24.0), 0, 1, 2])
    day = np.repeat([0, 1], [24, 3])
    assert np.isnan(night_flow(np.ones(27), day, hour, 2, 4, 0.75)[1])


def test_use_at_night_and_what_cannot_be_avoided():
    assert night_use(10_000, 0.06, 10) == pytest.approx(6)
    assert unavoidable_losses(10, 500, 2, 40) == pytest.approx((180 + 400 + 50) * 40)
    assert np.isnan(leakage_index(5, 0))
    with pytest.raises(BadUse):
        unavoidable_losses(-1, 1, 1, 1)
