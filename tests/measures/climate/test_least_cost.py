"""Least-cost paths beside a plain Dijkstra, beside sums by hand, and on rasters that are none."""

import heapq
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tulou.kernel.errors import BadUse
from tulou.measures.climate.kernels.relaxing import SIDE
from tulou.measures.climate.least_cost import bearing_of, least_cost, moves_of


def plain(cost, sources, moves, dearer):
    """Costs by a heap over a dictionary of cells: slow, and obviously right."""
    rows, columns = cost.shape
    found, heap = {}, [(0.0, cell) for cell in zip(*np.nonzero(sources & np.isfinite(cost)), strict=True)]
    heapq.heapify(heap)
    while heap:
        here, (row, column) = heapq.heappop(heap)
        if (row, column) in found:
            continue
        found[row, column] = here
        for (down, right), factor in zip(moves, dearer, strict=True):
            on = [(row, column), (row + down, column + right)]
            if max(abs(down), abs(right)) > 1:
                straight = (row + down // 2 * (abs(down) > 1), column + right // 2 * (abs(right) > 1))
                slanted = (row + np.sign(down), column + np.sign(right))
                on += [straight, slanted]
            if all(0 <= y < rows and 0 <= x < columns and np.isfinite(cost[y, x]) for y, x in on):
                mean = sum(cost[cell] for cell in on) / len(on)
                heapq.heappush(heap, (here + mean * np.hypot(down, right) * factor, on[1]))
    total = np.full(cost.shape, np.inf)
    for cell, value in found.items():
        total[cell] = value
    return total


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 9), st.integers(1, 9), st.integers(0, 2**32 - 1), st.sampled_from([8, 16]),
    st.sampled_from([1.5, 30.0, 1e7]), st.booleans(),
)  # fmt: skip
def test_costs_are_those_of_a_plain_search(rows, columns, seed, count, spread, has_directions):
    random = np.random.default_rng(seed)
    cost = spread ** random.random((rows, columns))
    cost[random.random(cost.shape) < 0.2] = np.nan
    sources = random.random(cost.shape) < 0.15
    dearer = 1 + random.random(count) if has_directions else np.ones(count)
    found = least_cost(cost, sources, moves=count, dearer=dearer)
    np.testing.assert_allclose(found.total, plain(cost, sources, moves_of(count), dearer), rtol=1e-12)


def test_a_larger_raster_and_the_ways_that_lead_there():
    random = np.random.default_rng(7)
    cost = random.uniform(1, 10, (60, 80))
    sources = np.zeros(cost.shape, bool)
    sources[0, 0] = sources[30, 79] = True
    found = least_cost(cost, sources, moves=8)
    np.testing.assert_allclose(found.total, plain(cost, sources, moves_of(8), np.ones(8)), rtol=1e-12)
    way = found.way(59, 20)
    steps = np.abs(np.diff(way, axis=0))
    assert steps.max() == 1
    assert sources[tuple(way[-1])]
    pairs = itertools.pairwise(cost[tuple(way.T)].tolist())
    by_hand = sum((a + b) / 2 * np.hypot(*step) for (a, b), step in zip(pairs, steps.tolist(), strict=True))
    assert found.total[59, 20] == pytest.approx(by_hand, rel=1e-12)


def bits(cost, sources, moves, dearer):
    """Costs by a heap that adds numbers up in the order in which ours does, so that not a bit may differ."""
    rows, columns = cost.shape
    found, total = np.zeros(cost.shape, bool), np.where(sources & np.isfinite(cost), 0.0, np.inf)
    heap = [(0.0, *cell) for cell in np.argwhere(total == 0.0).tolist()]
    while heap:
        here, row, column = heapq.heappop(heap)
        if found[row, column]:
            continue
        found[row, column] = True
        for (down, right), factor in zip(moves.tolist(), dearer.tolist(), strict=True):
            y, x, touched = row + down, column + right, np.nan
            if 0 <= y < rows and 0 <= x < columns:
                touched, part = cost[row, column] + cost[y, x], 0.5
                if max(abs(down), abs(right)) > 1:
                    a, b = int(down / 2), int(right / 2)
                    touched, part = touched + (cost[row + a, column + b] + cost[y - a, x - b]), 0.25
                touched *= np.hypot(down, right) * factor * part
            if here + touched < total[y % rows, x % columns]:
                total[y, x] = here + touched
                heapq.heappush(heap, (total[y, x], y, x))
    return total


@settings(max_examples=12, deadline=None)
@given(st.integers(1, 2 * SIDE + 5), st.integers(1, 2 * SIDE + 5), st.integers(0, 2**32 - 1), st.sampled_from([8, 16]))
def test_across_tiles_no_bit_differs_from_a_heap(rows, columns, seed, count):
    random = np.random.default_rng(seed)
    cost = random.choice([1.5, 30.0, 1e4]) ** random.random((rows, columns))
    cost[random.random(cost.shape) < random.choice([0.0, 0.3])] = random.choice([np.nan, np.inf])
    sources = random.random(cost.shape) < random.choice([0.002, 0.1])
    dearer = np.where(random.random(count) < random.choice([0.0, 0.4]), np.inf, 1 + 4 * random.random(count))
    found = least_cost(cost, sources, moves=count, dearer=dearer)
    np.testing.assert_array_equal(found.total, bits(cost, sources, moves_of(count), dearer))
    reached = np.argwhere(np.isfinite(found.total))
    assert all(sources[tuple(found.way(*cell)[-1])] for cell in reached[:: max(len(reached) // 20, 1)].tolist())


def test_threads_change_no_byte(monkeypatch):
    random = np.random.default_rng(11)
    cost = random.uniform(1, 10, (7 * SIDE, 5 * SIDE + 3))
    sources = random.random(cost.shape) < 1e-4
    found = []
    for threads in ("1", "2", "5"):
        monkeypatch.setenv("NUMBA_NUM_THREADS", threads)
        surface = least_cost(cost, sources)
        found.append(surface.total.tobytes() + surface.last.tobytes())
    assert found[0] == found[1] == found[2]


def test_a_cost_that_is_lost_in_rounding_leaves_no_way():
    cost = np.array([[1e20, 1.0, 1.0]])
    source = np.array([[True, False, False]])
    found = least_cost(cost, source, moves=8)
    assert found.total[0, 2] == found.total[0, 1]
    with pytest.raises(BadUse, match="too small"):
        found.way(0, 2)


def test_a_wall_is_gone_around_and_none_jumps_through_it():
    cost = np.ones((5, 7))
    cost[:4, 3] = np.nan
    source = np.zeros(cost.shape, bool)
    source[0, 0] = True
    for count in (8, 16):
        found = least_cost(cost, source, moves=count)
        assert [4, 3] in found.way(0, 6).tolist()
    cost[:, 3] = np.nan
    found = least_cost(cost, source)
    assert np.isinf(found.total[:, 3:]).all()
    assert len(found.way(0, 6)) == 0


def test_towards_where_moves_go():
    bearings = dict(zip(map(tuple, moves_of(16).tolist()), bearing_of(moves_of(16)).tolist(), strict=True))
    assert bearings[-1, 0] == 0
    assert bearings[0, 1] == 90
    assert bearings[1, 0] == 180
    assert bearings[1, -1] == 225
    assert bearings[-2, 1] == pytest.approx(26.565, abs=1e-3)


def test_a_dearer_direction_is_avoided():
    cost, source = np.ones((9, 9)), np.zeros((9, 9), bool)
    source[4, 0] = True
    dearer = np.where(np.isclose(bearing_of(moves_of(8)), 90), 5.0, 1.0)
    found = least_cost(cost, source, moves=8, dearer=dearer)
    assert found.total[4, 8] == pytest.approx(8 * np.sqrt(2))
    none = least_cost(cost, source, moves=8, dearer=np.full(8, np.inf))
    assert np.isfinite(none.total).sum() == 1
    eastward = least_cost(cost, source, moves=8, dearer=np.where(bearing_of(moves_of(8)) == 90, 1.0, np.inf))
    assert np.argwhere(np.isfinite(eastward.total)).tolist() == [[4, column] for column in range(9)]


def test_what_is_no_raster_of_costs_is_refused():
    source = np.ones((2, 2), bool)
    with pytest.raises(BadUse, match="above 0"):
        least_cost(np.zeros((2, 2)), source)
    with pytest.raises(BadUse, match="8 or 16"):
        least_cost(np.ones((2, 2)), source, moves=4)
    with pytest.raises(BadUse, match="have to fit"):
        least_cost(np.ones((2, 3)), source)
    with pytest.raises(BadUse, match="above 0"):
        least_cost(np.ones((2, 2)), source, dearer=np.full(16, -1.0))
    nowhere = least_cost(np.full((2, 2), np.nan), source)
    assert np.isinf(nowhere.total).all()
