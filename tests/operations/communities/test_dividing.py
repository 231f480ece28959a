"""Dividing territories: every division of a handful of parts, the proved best, and what the search finds."""

import numpy as np
import pytest

from tulou.operations.communities.domain.dividing import Division, Ground, Size, Weights, cost_of, divisions
from tulou.operations.communities.domain.proving import best_division
from tulou.operations.communities.domain.searching import good_division

SIZE = Size(300.0, 500.0)
WEIGHTS = Weights(outside=10.0, border=0.25)


def lattice(rows, columns, load):
    """Squares of 100 m that touch along their sides."""
    at = np.arange(rows * columns).reshape(rows, columns)
    edges = np.concatenate(
        [np.column_stack([at[:, :-1].ravel(), at[:, 1:].ravel()]), np.column_stack([at[:-1].ravel(), at[1:].ravel()])]
    )
    return Ground(np.asarray(load, float), edges, np.full(len(edges), 100.0), 10_000.0 * rows * columns)


def drawn(seed, rows=3, columns=3):
    draw = np.random.default_rng(seed)
    ground = lattice(rows, columns, draw.integers(0, 300, rows * columns))
    keep = draw.random(len(ground.edges)) < 0.85
    less = Ground(ground.load, ground.edges[keep], draw.uniform(20, 200, keep.sum()), ground.area)
    return less if less.components().max() == 0 else ground


def best_of_all(ground, count):
    return min((cost_of(ground, grid, SIZE, WEIGHTS) for grid in divisions(ground, count)), default=None)


def test_divisions_of_a_row():
    """A row of four falls into two connected grids at one of three places, into three at one pair of them."""
    row = lattice(1, 4, [1, 1, 1, 1])
    assert [grid.tolist() for grid in divisions(row, 2)] == [[0, 0, 0, 1], [0, 0, 1, 1], [0, 1, 1, 1]]
    assert len(list(divisions(row, 3))) == 3
    assert list(divisions(row, 5)) == []


def test_divisions_of_a_ring():
    """A ring of four parts: two places of four to cut it in two."""
    assert len(list(divisions(lattice(2, 2, [1] * 4), 2))) == 6


def test_cost_by_hand():
    """200 | 600: mean 400, apart 400/400, below by 100 and above by 100, one side of 100 m of two of √(20 000/2)."""
    ground = lattice(1, 2, [200, 600])
    wanted = 400 / 400 + 10 * 200 / 400 + 0.25 * 100 / (2 * 100)
    assert cost_of(ground, np.array([0, 1]), SIZE, WEIGHTS) == pytest.approx(wanted)


@pytest.mark.parametrize(("total", "counts"), [
    (400, (1,)), (800, (2,)), (2000, (5, 6, 4)), (550, (2, 1)), (100, (1,)), (0, (1,)), (1100, (3,)),
])  # fmt: skip
def test_numbers_of_grids(total, counts):
    assert SIZE.counts(total) == counts


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("count", [2, 3])
def test_the_proved_best_is_the_best_of_all(seed, count):
    ground = drawn(seed)
    found = best_division(ground, count, SIZE, WEIGHTS)
    assert ground.is_whole(found.grid)
    assert found.count == count
    assert found.cost == pytest.approx(best_of_all(ground, count), abs=1e-7)
    assert found.gap == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("count", [2, 3, 4])
def test_the_search_finds_the_best_of_small_territories(seed, count):
    ground = drawn(seed)
    found = good_division(ground, count, SIZE, WEIGHTS)
    assert ground.is_whole(found.grid)
    assert found.count == count
    assert found.cost == pytest.approx(best_of_all(ground, count), abs=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_the_search_against_the_proof_where_not_all_can_be_tried(seed):
    ground = drawn(100 + seed, 4, 4)
    count = SIZE.counts(float(ground.load.sum()))[0]
    proved, found = best_division(ground, count, SIZE, WEIGHTS), good_division(ground, count, SIZE, WEIGHTS)
    assert found.cost >= proved.bound - 1e-7
    assert found.cost <= proved.cost * 1.02 + 1e-9


def test_the_search_twice_is_the_same():
    ground = drawn(7, 12, 12)
    one, other = (good_division(ground, 20, SIZE, WEIGHTS) for _ in range(2))
    assert one.grid.tolist() == other.grid.tolist()
    assert ground.is_whole(one.grid)


def test_a_large_lattice_of_equal_parts_is_divided_evenly():
    ground = lattice(12, 12, np.full(144, 100.0))
    found = good_division(ground, 36, SIZE, WEIGHTS)
    assert np.bincount(found.grid, ground.load).tolist() == [400.0] * 36


def test_one_grid_is_proved_and_too_many_are_none():
    ground = lattice(1, 3, [100, 100, 100])
    only = good_division(ground, 1, SIZE, WEIGHTS)
    assert (only.count, only.gap) == (1, 0.0)
    assert best_division(ground, 4, SIZE, WEIGHTS) is None


def test_pieces_and_wholes():
    ground = Ground(np.ones(4), np.array([[0, 1], [2, 3]]), np.ones(2), 4.0)
    assert ground.components().tolist() == [0, 0, 1, 1]
    assert best_division(ground, 1, SIZE, WEIGHTS) is None
    assert not ground.is_whole(np.array([0, 1, 0, 1]))
    assert ground.is_whole(np.array([0, 0, 1, 1]))


def test_nobody_lives_there():
    ground = lattice(1, 2, [0, 0])
    assert np.isfinite(cost_of(ground, np.array([0, 0]), SIZE, WEIGHTS))
    assert Division(np.array([0, 0]), 1.0).gap is None
