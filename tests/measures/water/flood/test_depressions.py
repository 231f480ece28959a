"""Depressions that fill and spill: by hand, beside a plain flooding, and beside the dynamic model."""

import heapq

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from tulou.measures.water.flood.depressions import filled
from tulou.measures.water.flood.inertial import Flood, Ground


def row(*levels):
    return np.array([levels], float)


def test_a_pit_is_filled_by_volume():
    level = row(5, 1, 2, 1, 5)
    found = filled(level, np.full(level.shape, 1.0), np.zeros(level.shape, bool), 2.0)
    # 5 m of water over three cells of 1, 2 and 1: 3 more on 2 cells to reach 2, and 3 over three cells above it.
    assert found.depth == pytest.approx(row(0, 2, 1, 2, 0))
    assert found.stored == pytest.approx(5 * 4)
    assert found.left == 0


def test_a_full_pit_spills_into_the_next_and_both_join():
    level = row(9, 0, 4, 2, 9)
    runoff = row(0, 5, 0, 0, 0)
    found = filled(level, runoff, np.zeros(level.shape, bool), 1.0)
    assert found.depth == pytest.approx(row(0, 4, 0, 1, 0))
    found = filled(level, row(0, 9, 0, 0, 0), np.zeros(level.shape, bool), 1.0)
    # 4 + 2 fill both to the saddle; the other 3 lie on three cells.
    assert found.depth == pytest.approx(row(0, 5, 1, 3, 0))


def test_what_spills_over_the_edge_leaves():
    level = row(3, 0, 9)
    is_outlet = np.array([[True, False, False]])
    found = filled(level, row(0, 10, 0), is_outlet, 1.0)
    assert found.depth == pytest.approx(row(0, 3, 0))
    assert found.left == pytest.approx(7)
    assert filled(level, row(2, 0, 0), np.ones((1, 3), bool), 1.0).left == pytest.approx(2)


def test_unknown_ground_is_none():
    level = np.array([[1.0, np.nan, 1.0]])
    found = filled(level, np.full((1, 3), 0.5), np.zeros((1, 3), bool), 1.0)
    assert np.isnan(found.depth[0, 1])
    assert found.depth[0, [0, 2]] == pytest.approx([0.5, 0.5])
    assert found.stored == pytest.approx(1.0)


def plain_fill(level, is_outlet):
    """Level to which endless rain fills every cell: the classic priority flood from the outlets."""
    rows, columns = level.shape
    found = np.full(level.shape, np.inf)
    heap = [(level[i, j], i, j) for i, j in np.argwhere(is_outlet)]
    heapq.heapify(heap)
    for at, i, j in heap:
        found[i, j] = at
    while heap:
        at, i, j = heapq.heappop(heap)
        for y, x in ((i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)):
            if 0 <= y < rows and 0 <= x < columns and np.isinf(found[y, x]):
                found[y, x] = max(at, level[y, x])
                heapq.heappush(heap, (found[y, x], y, x))
    return found


def hills(seed, shape=(40, 35)):
    level = gaussian_filter(np.random.default_rng(seed).normal(size=shape), 2) * 6
    return level - level.min()


@pytest.mark.parametrize("seed", range(4))
def test_endless_rain_fills_as_a_priority_flood_does(seed):
    level = hills(seed)
    is_outlet = np.zeros(level.shape, bool)
    is_outlet[0], is_outlet[:, -1] = True, True
    found = filled(level, np.full(level.shape, 1e3), is_outlet, 1.0)
    assert level + found.depth == pytest.approx(plain_fill(level, is_outlet), abs=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_water_is_neither_made_nor_lost_and_lies_level(seed):
    level = hills(seed)
    is_outlet = np.zeros(level.shape, bool)
    is_outlet[-1] = seed % 2 == 0
    runoff = np.random.default_rng(seed).uniform(0, 0.3, level.shape)
    found = filled(level, runoff, is_outlet, 2.0)
    assert found.left + found.stored == pytest.approx(runoff.sum() * 4, rel=1e-9)
    assert found.stored == pytest.approx(float(found.depth.sum()) * 4)
    surface = np.where(found.depth > 1e-9, level + found.depth, np.nan)
    for a, b in ((surface[1:], surface[:-1]), (surface[:, 1:], surface[:, :-1])):
        both = np.isfinite(a) & np.isfinite(b)
        assert np.abs(a - b)[both].max() < 1e-9


def test_a_closed_pit_has_the_level_of_the_dynamic_model():
    y, x = np.mgrid[-10:11, -10:11]
    level = 0.01 * (x**2 + y**2) + 0.02 * x
    runoff = np.full(level.shape, 0.08)
    still = filled(level, runoff, np.zeros(level.shape, bool), 2.0)
    flood = Flood(Ground(level, 2.0, 0.03), depth=runoff)
    flood.advance(7200.0)
    assert np.abs(flood.depth - still.depth).max() < 1e-3
    deep = still.depth > 0.05
    assert (level + flood.depth)[deep] == pytest.approx((level + still.depth)[deep], abs=2e-4)
