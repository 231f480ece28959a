"""Cheapest costs over a raster, tile by tile: which tiles are next, and which see something new afterwards."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import nullcontext

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.threads import thread_count
from tulou.measures.climate.kernels.relaxing import NEAR, SIDE, settle

Array = NDArray[np.float64]
Cells = NDArray[np.int64]
CROSSINGS = ((1, 1), (1, 0), (1, -1), (1, 2), (1, -2), (2, 1), (2, -1))
"""Moves from the rows before to a row, in the order in which a sweep has its prices."""
CORNERS = 0.25
"""Part of each of the four cells that a move of a knight touches."""
ENDS = 0.5
"""Part of both cells of a move to a neighbour."""
SAMPLE = 16
"""Each how manieth row and column is looked at to tell what a cell costs."""
SIGHTS = tuple((down, across) for down in range(3) for across in range(3) if (down, across) != (1, 1))
"""Neighbours of a tile, by where ``put`` tells what they see."""


def prices(moves: Cells, factor: Array) -> Array:
    """What each move costs, times the sum of the cells that it touches, shape (k,).

    Args:
        moves: Rows and columns of each move, shape (k, 2).
        factor: What each move costs more than others, shape (k,).
    """
    part = np.where(np.arange(len(moves)) < NEAR, ENDS, CORNERS)
    return np.asarray(np.hypot(moves[:, 0], moves[:, 1]) * factor * part)


def cheapest(cost: Array, sources: NDArray[np.bool_], moves: Cells, price: Array) -> Array:
    """What does it cost to reach each cell from the nearest source? Infinite where none leads.

    Tiles wait by the lowest cost that is new on their rim. Of those that wait, all are settled whose cost lies within
    about one tile of the lowest: then most tiles have all of their rim when their turn comes, and are settled a few
    times only.

    Args:
        cost: Cost of each cell, shape (rows, columns), above 0; NaN or infinite where none may pass.
        sources: Where ways begin.
        moves: Rows and columns of each move, shape (k, 2).
        price: Price of each, as ``prices`` gives it.

    Source: the narrow band of tiles of Jeong & Whitaker (2008), A fast iterative method for Eikonal equations,
    https://doi.org/10.1137/060670298, with shortest paths in place of the Eikonal equation.
    """
    total = np.full(cost.shape, np.inf)
    starts = np.argwhere(sources & (cost < np.inf))
    total[tuple(starts.T)] = 0.0
    tall, wide = (-(-size // SIDE) for size in cost.shape)
    waiting = np.full((tall + 2, wide + 2), np.inf)
    is_new = np.zeros((tall, wide), bool)
    is_new[tuple(starts.T // SIDE)] = True
    waiting[1:-1, 1:-1][is_new] = 0.0
    reached, crossings, band = np.empty((tall, wide, 3, 3)), _crossings(moves, price), _band(cost)
    threads = min(thread_count(), tall * wide)
    with ThreadPoolExecutor(threads) if threads > 1 else nullcontext() as pool:
        while (lowest := waiting[1:-1, 1:-1].min()) < np.inf:
            chosen = np.argwhere(waiting[1:-1, 1:-1] <= lowest + band)
            waiting[1:-1, 1:-1][tuple(chosen.T)] = np.inf
            _shared(pool, threads, chosen, lambda some: settle(total, cost, crossings, some, is_new, reached))
            is_new[tuple(chosen.T)] = False
            _wake(waiting, chosen, reached)
    return total


def _shared(pool: Executor | None, threads: int, chosen: Cells, work: Callable[[Cells], None]) -> None:
    """Settle tiles in threads. Whatever a thread sees of a tile that another settles, the tile wakes it again."""
    if pool is None or len(chosen) == 1:
        work(chosen)
        return
    list(pool.map(work, (np.ascontiguousarray(chosen[begin::threads]) for begin in range(threads))))


def _wake(waiting: Array, chosen: Cells, reached: Array) -> None:
    """Let the tiles wait that see what is new in others; beyond the raster there are none."""
    row, column = chosen.T
    for down, across in SIGHTS:
        seen = row + down, column + across
        waiting[seen] = np.minimum(waiting[seen], reached[row, column, down, across])


def _crossings(moves: Cells, price: Array) -> Array:
    """Prices as a sweep needs them: upright and turned, downwards and upwards, shape (2, 2, 7)."""
    found = np.full((2, 2, len(CROSSINGS)), np.inf)
    for (down, right), one in zip(moves.tolist(), price.tolist(), strict=True):
        for turn, (ahead, aside) in enumerate(((down, right), (right, down))):
            for direction, sign in enumerate((1, -1)):
                if (ahead * sign, aside) in CROSSINGS:
                    found[turn, direction, CROSSINGS.index((ahead * sign, aside))] = one
    return found


def _band(cost: Array) -> float:
    """About what it costs to cross a tile; any number is right, this one is fast."""
    some = cost[::SAMPLE, ::SAMPLE]
    some = some[some < np.inf]
    return SIDE * float(np.median(some)) if len(some) else 0.0
