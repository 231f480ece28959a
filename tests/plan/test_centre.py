"""The p-centre beside brute force."""

from itertools import combinations

import numpy as np
import pytest

from tulou.kernel.errors import BadUse
from tulou.plan.siting.answer import Sites
from tulou.plan.siting.centre import p_centre


@pytest.mark.parametrize("seed", range(8))
def test_the_longest_way_is_the_shortest_there_is(seed):
    draw = np.random.default_rng(seed)
    apart = np.hypot(*(draw.random((9, 1, 2)) - draw.random((1, 6, 2))).transpose(2, 0, 1)).round(3)
    apart[draw.random(apart.shape) < 0.15] = np.inf
    sites = Sites(apart, np.ones(9))
    can = np.isfinite(apart).any(axis=1)
    for count in (2, 3, 5):
        best = min(apart[can][:, some].min(axis=1).max() for some in map(list, combinations(range(6), count)))
        found = p_centre(sites, count)
        assert found.longest == best
        if np.isfinite(best):
            assert found.low == best
            assert len(found.siting.open) <= count


def test_sites_that_stand_stay_and_demands_without_weight_do_not_count():
    apart = np.array([[0.0, 9], [5, 0], [90, 80]])
    assert p_centre(Sites(apart, np.array([1.0, 1, 0]), opened=(0,)), 1).longest == 5
    assert p_centre(Sites(apart, np.zeros(3)), 1).longest == 0
    with pytest.raises(BadUse, match="number of sites"):
        p_centre(Sites(apart, np.ones(3)), 3)
