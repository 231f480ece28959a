"""Trend and change point against other implementations and plain counting."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tulou.kernel.errors import NotEnoughData
from tulou.measures.statistics.trend import change_point, trend

series = st.lists(st.integers(-20, 20).map(float), min_size=4, max_size=25)


@given(series)
def test_the_score_is_that_of_kendall(values):
    y = np.array(values)
    x = np.arange(len(y), dtype=float)
    pairs = sum(np.sign(y[b] - y[a]) for a in range(len(y)) for b in range(a + 1, len(y)))
    found = trend(x, y)
    assert found.score == pairs
    assert found.slope == pytest.approx(stats.theilslopes(y, x).slope)


def test_a_rise_is_seen_and_noise_is_not():
    years = np.arange(1990, 2020, dtype=float)
    noise = np.random.default_rng(3).standard_normal(30)
    assert trend(years, noise + 0.2 * (years - 1990)).chance < 0.001
    assert trend(years, noise).chance > 0.05
    assert trend(years, np.full(30, 4.0)).chance == 1.0


def test_unknown_years_are_left_out():
    years, values = np.arange(8.0), np.array([1.0, np.nan, 2, 3, np.nan, 4, 5, 6])
    known = np.isfinite(values)
    assert trend(years, values) == trend(years[known], values[known])


@given(series)
def test_the_statistic_counts_pairs_across_the_cut(values):
    y = np.array(values)
    found = change_point(y)
    by_hand = [abs(sum(np.sign(a - b) for a in y[: t + 1] for b in y[t + 1 :])) for t in range(len(y) - 1)]
    assert found.statistic == max(by_hand)
    assert by_hand[found.last_before] == found.statistic
    assert 0 <= found.chance <= 1


def test_a_step_is_found_where_it_is():
    values = np.concatenate(
        [np.random.default_rng(1).standard_normal(20), np.random.default_rng(2).standard_normal(20) + 3]
    )
    found = change_point(values)
    assert found.last_before == 19
    assert found.chance < 1e-4


@pytest.mark.parametrize("values", [[1.0, 2, 3], []])
def test_too_few_values_are_refused(values):
    with pytest.raises(NotEnoughData):
        trend(np.arange(len(values), dtype=float), np.array(values))
    with pytest.raises(NotEnoughData):
        change_point(np.array(values))


def test_a_gap_hides_a_change_point():
    with pytest.raises(NotEnoughData):
        change_point(np.array([1.0, 2, np.nan, 4]))
