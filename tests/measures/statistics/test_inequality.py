"""Inequality of small made-up groups, worked by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tulou.measures.statistics.inequality import decile_ratio, gini, palma_ratio, theil, theil_between, theil_within


def floats(*values: float):
    return np.array(values, float)


def test_equal_values_have_no_inequality():
    alike = floats(3, 3, 3, 3)
    assert gini(alike) == pytest.approx(0, abs=1e-12)
    assert theil(alike) == pytest.approx(0, abs=1e-12)
    assert palma_ratio(alike) == pytest.approx(0.1 / 0.4)
    assert decile_ratio(alike) == 1


def test_one_of_four_holds_all():
    alone = floats(0, 0, 0, 8)
    assert gini(alone) == pytest.approx(3 / 4)
    assert theil(alone) == pytest.approx(np.log(4))
    assert palma_ratio(alone) == np.inf
    assert decile_ratio(alone) == np.inf


def test_gini_of_one_two_three_by_hand():
    # mean difference (|1-2| + |1-3| + |2-3|) * 2 / 9 = 8/9; half of it over the mean 2 = 2/9
    assert gini(floats(1, 2, 3)) == pytest.approx(2 / 9)


def test_a_weight_of_two_is_two_rows():
    once = np.array([1.0, 4.0, 4.0, 7.0])
    weighted = (floats(1, 4, 7), floats(1, 2, 1))
    for measure in (gini, theil, palma_ratio, decile_ratio):
        assert measure(*weighted) == pytest.approx(measure(once))


def test_unknown_rows_are_left_out_and_nothing_is_not_zero():
    assert gini(floats(1, np.nan, 3), floats(1, 1, 1)) == pytest.approx(gini(floats(1, 3)))
    assert gini(floats(1, 2, 3), floats(1, np.nan, 1)) == pytest.approx(gini(floats(1, 3)))
    for measure in (gini, theil, palma_ratio, decile_ratio):
        assert np.isnan(measure(floats()))
        assert np.isnan(measure(floats(0, 0)))
        assert np.isnan(measure(floats(np.nan)))
    assert np.isnan(gini(floats(-1, 3)))
    assert np.isnan(theil(floats(-1, 3)))


def test_decile_ratio_takes_the_row_on_the_step():
    # ten rows 1..10: a tenth of the weight is reached at 1, nine tenths at 9
    assert decile_ratio(np.arange(1.0, 11.0)) == 9


def test_palma_between_rows():
    # five people 1, 1, 2, 2, 4 (sum 10): poorest 40 % hold 2; top 10 % is half of the last: 2
    assert palma_ratio(floats(1, 1, 2, 2, 4)) == pytest.approx(1)


def test_two_groups_each_alike():
    values = floats(1, 1, 3, 3)
    group = np.array(["a", "a", "b", "b"], object)
    assert theil_within(values, group) == pytest.approx(0, abs=1e-12)
    assert theil_between(values, group) == pytest.approx(theil(values))


def test_rows_without_a_group_take_no_part():
    values = floats(1, 2, 3, 99)
    group = np.array(["a", "b", "b", None], object)
    assert theil_between(values, group) + theil_within(values, group) == pytest.approx(theil(values[:3]))
    assert np.isnan(theil_between(floats(1.0), np.array([None], object)))


def test_a_group_that_holds_nothing():
    values = floats(0, 0, 2, 4)
    group = np.array(["a", "a", "b", "b"], object)
    assert theil_between(values, group) + theil_within(values, group) == pytest.approx(theil(values))


@given(st.lists(st.tuples(st.floats(0.01, 1e4), st.sampled_from("abc"), st.floats(0.1, 50)), min_size=1, max_size=40))
def test_between_and_within_sum_to_the_whole(rows):
    values = np.array([row[0] for row in rows])
    group = np.array([row[1] for row in rows], object)
    weights = np.array([row[2] for row in rows])
    whole = theil(values, weights)
    assert theil_between(values, group, weights) + theil_within(values, group, weights) == pytest.approx(
        whole, abs=1e-9
    )
    assert -1e-9 <= gini(values, weights) < 1


@given(st.lists(st.floats(0.1, 1e3), min_size=2, max_size=30))
def test_gini_is_half_the_mean_difference_over_the_mean(values):
    x = np.array(values)
    slow = np.abs(x[:, None] - x[None, :]).sum() / (2 * len(x) ** 2 * x.mean())
    assert gini(x) == pytest.approx(slow, abs=1e-9)
