"""The transport problem with places left over, against the min-cost flow of another solver."""

import numpy as np
import pytest
from scipy.optimize import linprog

from tulou.plan.siting.answer import Sites
from tulou.plan.siting.assign import assigned


def asked(distance, weight, capacity=None, reach=np.inf):
    some = None if capacity is None else np.asarray(capacity, float)
    return Sites(np.asarray(distance, float), np.asarray(weight, float), some, reach=reach)


def test_each_goes_to_the_nearest_while_there_is_room():
    found = assigned(asked([[1, 5], [4, 2]], [10, 20]))
    assert list(zip(found.demand, found.site, found.load, strict=True)) == [(0, 0, 10), (1, 1, 20)]
    assert found.deficit == 0


def test_what_has_no_room_is_told_and_is_as_little_as_can_be():
    # The first reaches only the first site, the second both: 60 of it give way to those who have no other.
    found = assigned(asked([[400, 900], [10, 300]], [100, 100], [100, 60], reach=500))
    assert found.served == pytest.approx([60, 100])
    assert found.lacking == pytest.approx([40, 0])
    assert found.used == pytest.approx([100, 60])


def test_who_is_out_of_reach_is_not_mixed_with_who_finds_no_room():
    found = assigned(asked([[100, np.inf], [900, 900]], [30, 70], [10, 50], reach=500))
    assert found.far == pytest.approx([0, 70])
    assert found.lacking == pytest.approx([20, 0])
    assert found.deficit == pytest.approx(90)


def test_without_any_site_in_reach_everybody_is_left_over():
    found = assigned(asked([[np.inf], [np.inf]], [3, 4], [10]))
    assert (found.deficit, len(found.load)) == (7, 0)
    nobody = assigned(asked([[1.0]], [0.0], [10]))
    assert (nobody.deficit, len(nobody.load)) == (0, 0)


@pytest.mark.parametrize("seed", range(8))
def test_the_same_as_two_programmes_one_after_the_other(seed):
    draw = np.random.default_rng(seed)
    distance = draw.integers(1, 100, (6, 4)).astype(float)
    weight, capacity = draw.integers(1, 30, 6).astype(float), draw.integers(5, 40, 4).astype(float)
    found = assigned(asked(distance, weight, capacity, reach=60))
    near = distance <= 60
    most = [(0, weight[i] if near[i, j] else 0) for i in range(6) for j in range(4)]
    rows, columns = np.kron(np.eye(6), np.ones(4)), np.tile(np.eye(4), 6)
    room, limits = np.vstack([rows, columns]), np.concatenate([weight, capacity])
    served = linprog(-np.ones(24), room, limits, bounds=most)
    assert found.load.sum() == pytest.approx(-served.fun)
    short = linprog(distance.ravel(), room, limits, np.ones((1, 24)), [-served.fun], bounds=most)
    assert found.load @ distance[found.demand, found.site] == pytest.approx(short.fun)
    assert found.load.sum() + found.deficit == pytest.approx(weight.sum())
