"""Weights below limits, worked by hand."""

import numpy as np
import pytest

from tulou.measures.statistics.inequality import decile_ratio_of_amounts, gini, gini_of_amounts
from tulou.measures.statistics.limits import people_within_either, weight_below, weight_reaching

VALUE, WEIGHT = np.array([99.0, 100, 101, np.nan]), np.array([1.0, 2, 4, 8])


def test_at_the_limit_is_not_below_but_reached():
    np.testing.assert_allclose(weight_below(VALUE, WEIGHT, limit=100).part, [1, 0, 0, np.nan])
    np.testing.assert_allclose(weight_reaching(VALUE, WEIGHT, least=100).part, [0, 2, 4, np.nan])
    np.testing.assert_allclose(weight_below(VALUE, WEIGHT, limit=100).whole, WEIGHT)


def test_either_distance_will_do():
    first = np.array([500.0, 501, np.nan, np.nan, 501])
    second = np.array([9e9, 1000, 10, 2000, 1001])
    parts = people_within_either(np.full(5, 7.0), first, second, first_limit=500, second_limit=1000)
    np.testing.assert_allclose(parts.part, [7, 7, 7, np.nan, 0])


def test_amounts_are_divided_by_their_people():
    people = np.array([10.0, 20, 0])
    assert gini_of_amounts(np.array([10.0, 60, 0]), people) == pytest.approx(gini(np.array([1.0, 3]), people[:2]))
    assert decile_ratio_of_amounts(np.array([10.0, 60, 0]), people) == 3
