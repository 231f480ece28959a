"""Movement of structures beside plain ways and made readings whose parts are known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tulou.kernel.errors import NotEnoughData
from tulou.measures.structure.movement import (
    median_slope,
    passed_in_a_row,
    rates_by_interval,
    still_rate,
    thermal_trend,
)

RANDOM = np.random.default_rng(7)
DAYS = np.arange(0.0, 400.0, 5.0)
WARMTH = 20 + 10 * np.sin(2 * np.pi * DAYS / 365)
NONE = np.full(len(DAYS), np.nan)


def test_median_slope_beside_scipy():
    values = 0.3 * DAYS + RANDOM.normal(0, 2, len(DAYS))
    assert median_slope(DAYS, values) == pytest.approx(stats.theilslopes(values, DAYS).slope)
    with pytest.raises(NotEnoughData, match="apart"):
        median_slope(np.array([1.0, 1.0]), np.array([1.0, 2.0]))


def test_exact_readings_give_exact_parts():
    values = 5 + 0.02 * DAYS + 0.4 * (WARMTH - WARMTH.mean())
    found = thermal_trend(DAYS, values, WARMTH)
    assert found.slope == pytest.approx(0.02, abs=1e-6)
    assert found.warmth == pytest.approx(0.4, abs=1e-5)
    assert found.start == pytest.approx(5.0, abs=1e-3)
    clean = found.without_warmth(values, WARMTH)
    assert clean == pytest.approx(5 + 0.02 * DAYS, abs=1e-3)


def test_bad_readings_do_not_turn_the_trend():
    values = 0.02 * DAYS + 0.4 * (WARMTH - WARMTH.mean()) + RANDOM.normal(0, 0.05, len(DAYS))
    values[::9] += 40
    found = thermal_trend(DAYS, values, WARMTH)
    assert found.slope == pytest.approx(0.02, abs=2e-3)
    assert found.warmth == pytest.approx(0.4, abs=2e-2)
    # Least squares without warmth is far off.
    assert abs(np.polyfit(DAYS, values, 1)[0] - 0.02) > 0.005


def test_warmth_alone_is_no_settlement():
    half = DAYS < 180
    values = 0.4 * (WARMTH - WARMTH.mean())
    found = thermal_trend(DAYS[half], values[half], WARMTH[half])
    assert abs(found.slope) < 1e-6
    assert abs(thermal_trend(DAYS[:12], values[:12], NONE[:12]).slope) > 0.02


def test_too_few_readings_say_so():
    with pytest.raises(NotEnoughData, match="too few"):
        thermal_trend(DAYS[:3], DAYS[:3], NONE[:3])
    values = DAYS.copy()
    values[3:] = np.nan
    with pytest.raises(NotEnoughData, match="too few"):
        thermal_trend(DAYS, values, NONE)


@given(st.floats(-1, 1), st.integers(60, 300))
def test_rates_of_a_straight_line_are_its_slope(slope, last):
    time = np.arange(0.0, last, 7.0)
    found = rates_by_interval(time, slope * time, 30.0)
    assert len(found) == int(time[-1] / 30)
    assert found == pytest.approx(np.full(len(found), 30 * slope), abs=1e-9)


def test_an_interval_without_readings_is_unknown():
    time = np.array([0.0, 10.0, 20.0, 95.0, 110.0, 120.0])
    found = rates_by_interval(time, time / 10, 30.0)
    assert np.isnan(found).tolist() == [False, True, True, False]
    assert len(rates_by_interval(np.array([0.0, 10.0]), np.array([0.0, 1.0]), 30.0)) == 0
    assert len(rates_by_interval(np.empty(0), np.empty(0), 30.0)) == 0


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        ([1, 5, 5], True),
        ([5, 5, 1], False),
        ([5, 1, 5], False),
        ([5], None),
        ([5, np.nan], None),
        ([np.nan, 5], None),
        ([np.nan, 1], False),
        ([4, 4.0001], False),
    ],
)
def test_limits_are_passed_in_a_row_or_not(rates, expected):
    assert passed_in_a_row(np.array(rates, float), 4.0, 2) is expected


def test_rest_is_told_over_a_whole_span_only():
    time = np.arange(0.0, 130.0, 10.0)
    assert still_rate(time, 0.02 * time, 100.0) == pytest.approx(0.02)
    assert np.isnan(still_rate(time[:5], 0.02 * time[:5], 100.0))
    turning = np.where(time < 25, time, 25.0)
    assert still_rate(time, turning, 100.0) == pytest.approx(0.0)
