"""Truth 3e: the least-cost way over even ground is straight, and that of a cheap channel costs the sum by hand."""

import numpy as np
import pytest

from tulou.measures.climate.least_cost import least_cost


def from_corner(cost, at=(0, 0), **how):
    source = np.zeros(cost.shape, bool)
    source[at] = True
    return least_cost(cost, source, **how)


@pytest.mark.parametrize("target", [(0, 20), (20, 0), (20, 20), (10, 20), (20, 10)])
def test_over_even_ground_the_way_is_straight(target):
    found = from_corner(np.full((21, 21), 3.0))
    assert found.total[target] == pytest.approx(3 * np.hypot(*target), rel=1e-12)
    way = found.way(*target)
    off = np.abs(way[:, 0] * target[1] - way[:, 1] * target[0]) / np.hypot(*target)
    assert off.max() < 0.5


def test_in_a_cheap_channel_the_cost_is_the_sum_by_hand():
    cost = np.full((11, 31), 100.0)
    cost[5, :], cost[:6, 15] = 1.0, 1.0
    found = from_corner(cost, (5, 0), moves=8)
    assert found.total[5, 30] == pytest.approx(30.0)
    assert (found.way(5, 30)[:, 0] == 5).all()
    # 14 cells along, one slanted into the side channel, then 4 up it.
    assert found.total[0, 15] == pytest.approx(14 + np.sqrt(2) + 4)
    # Out of the channel: a slanted step between 1 and 100, then straight through 100.
    assert found.total[7, 30] == pytest.approx(30 + 50.5 + 100)
