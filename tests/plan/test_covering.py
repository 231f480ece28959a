"""Covers made small have the same least number of sites."""

from itertools import combinations

import numpy as np
import pytest

from tulou.plan.siting import covering
from tulou.plan.siting.answer import Sites
from tulou.plan.siting.covering import without_dominated
from tulou.plan.siting.models import least_number


def fewest(reaches):
    sites = range(reaches.shape[1])
    return next(
        n
        for n in range(len(sites) + 1)
        if any(reaches[:, list(some)].any(axis=1).all() for some in combinations(sites, n))
    )


@pytest.mark.parametrize("most", [0, 6_000])
@pytest.mark.parametrize("seed", range(10))
def test_the_least_number_stays_the_same(seed, most, monkeypatch):
    monkeypatch.setattr(covering, "MOST_ROWS", most)
    draw = np.random.default_rng(seed)
    reaches = draw.random((12, 8)) < 0.3
    reaches = reaches[reaches.any(axis=1)]
    sites, left = without_dominated(reaches)
    assert fewest(left) == fewest(reaches)
    assert left.shape[1] == len(sites)
    found = least_number(Sites(np.where(reaches, 1.0, np.inf), np.ones(len(reaches))))
    assert (found.value, found.gap, len(found.open)) == (fewest(reaches), 0.0, fewest(reaches))
    assert not len(found.unserved)


def test_what_one_site_reaches_needs_no_search():
    sites, left = without_dominated(np.array([[True, True, False], [True, False, False], [True, True, True]]))
    assert sites.tolist() == [0]
    assert left.tolist() == [[True]]
    none, empty = without_dominated(np.zeros((0, 3), bool))
    assert (len(none), empty.shape) == (0, (0, 0))


def test_what_stands_counts_and_what_it_reaches_needs_no_more():
    apart = np.array([[1.0, np.inf, 1.0], [np.inf, 1.0, np.inf], [1.0, 1.0, np.inf]])
    found = least_number(Sites(apart, np.ones(3), opened=(2,)))
    assert found.open == (1, 2)
    assert found.value == 2
