"""Averages, diversity, concentration and growth, worked by hand."""

import numpy as np
import pytest

from tulou.measures.statistics.averages import exposure, median, weighted_mean
from tulou.measures.statistics.concentration import concentration_index, primacy, rank_size_slope
from tulou.measures.statistics.diversity import shannon_diversity, simpson_diversity
from tulou.measures.statistics.growth import (
    growth,
    land_consumption_rate,
    land_consumption_ratio,
    population_growth_rate,
)

NAN = np.nan


def floats(*values: float):
    return np.array(values, float)


def test_exposure_is_counted_by_people():
    parts = exposure(floats(20, 40, NAN, NAN), floats(300, 100, 0, 50))
    # 20 × 300 + 40 × 100 = 10000 over 400 people; nobody lives in the third cell; the fourth is unknown
    assert (parts.part[:2] * parts.whole[:2]).sum() / parts.whole[:2].sum() == 25
    assert parts.part[2] == 0
    assert np.isnan(parts.part[3])


def test_weighted_mean():
    assert weighted_mean(floats(1, 5, NAN), floats(3, 1, 9)) == 2
    assert weighted_mean(floats(1, 5)) == 3
    assert np.isnan(weighted_mean(floats()))


@pytest.mark.parametrize(
    ("values", "weights", "expected"),
    [
        ((3, 1, 2), None, 2),
        ((4, 1, 2, 3), None, 2.5),
        ((1, 2, 3), (5, 1, 1), 1),
        ((1, 10), (1, 1), 5.5),
        ((7,), None, 7),
    ],
)
def test_median(values, weights, expected):
    assert median(floats(*values), None if weights is None else floats(*weights)) == expected


def test_median_of_nothing_is_unknown():
    assert np.isnan(median(floats(NAN)))


def test_diversity_of_equal_kinds():
    assert shannon_diversity(floats(2, 2, 2, 2)) == pytest.approx(np.log(4))
    assert simpson_diversity(floats(2, 2, 2, 2)) == pytest.approx(3 / 4)


def test_diversity_of_one_kind_is_none():
    assert shannon_diversity(floats(5, 0, 0)) == 0
    assert simpson_diversity(floats(5, 0, 0)) == 0


def test_diversity_of_nothing_is_unknown():
    assert np.isnan(shannon_diversity(floats(0, 0)))
    assert np.isnan(simpson_diversity(floats()))


def test_concentration():
    # shares .5 .3 .2: .25 + .09 + .04
    assert concentration_index(floats(50, 30, 20)) == pytest.approx(0.38)
    assert primacy(floats(20, 50, 30)) == pytest.approx(5 / 3)
    assert np.isnan(primacy(floats(9)))
    assert np.isnan(concentration_index(floats()))


def test_rank_size_slope_of_exact_powers():
    ranks = np.arange(1, 8)
    assert rank_size_slope(1000.0 * (ranks - 0.5) ** -0.5) == pytest.approx(2)
    assert rank_size_slope(1000.0 * (ranks - 0.5) ** -1.0) == pytest.approx(1)
    assert np.isnan(rank_size_slope(floats(5, 5, 5)))


def test_growth():
    found = growth(floats(100, 100, 0, NAN), floats(105, 95, 5, 5))
    np.testing.assert_allclose(found, [0.05, -0.05, NAN, NAN])


def test_land_and_people():
    built, later, people, then, years = floats(100), floats(120), floats(1000), floats(1000 * np.e**0.1), floats(10)
    # LCR = 20/100/10 = 0.02; PGR = ln(e^0.1)/10 = 0.01
    assert land_consumption_rate(built, later, years)[0] == pytest.approx(0.02)
    assert population_growth_rate(people, then, years)[0] == pytest.approx(0.01)
    assert land_consumption_ratio(built, later, people, then, years)[0] == pytest.approx(2)


def test_no_ratio_where_people_stay_as_many_or_nothing_was_built():
    ratio = land_consumption_ratio(
        floats(100, 0, 100), floats(120, 9, 120), floats(10, 10, 20), floats(10, 20, 10), floats(10, 10, 10)
    )
    assert np.isnan(ratio[0])
    assert np.isnan(ratio[1])
    assert ratio[2] < 0
