"""The kernel of least-cost paths: tiles small enough for the cache, relaxed row by row until nothing gets cheaper.

No queue of cells is kept, and no heap. A tile is fetched with a rim of its neighbours, once upright and once turned.
Upright, each row takes what the rows above it offer, downwards, and then what those below offer, upwards; turned, the
columns do the same. Cells of a row are worked out side by side by vector instructions. Only rows whose givers changed
are looked at, and a tile only when cells on its rim became cheaper.

Costs never rise and each is the cost of some way, so the end is the same whatever the order: the cheapest way of each
cell as floating-point numbers add it up, to the last bit, for any number of threads.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
Steps = NDArray[np.int8]
Flags = NDArray[np.bool_]
Marks = NDArray[np.uint8]
Pair: TypeAlias = Any
"""Two rows."""
NONE = -1
SIDE = 48
"""Rows and columns of a tile: four arrays of them lie in the second cache."""
RIM = 2
"""Cells around a tile that are fetched with it: as far as a move of a knight goes."""
WIDE = SIDE + 2 * RIM
NEAR = 8
"""Moves to a neighbour; they come first."""
_compiled = njit(cache=True, nogil=True, error_model="numpy")


@_compiled
def take_near(total: Floats, cost: Floats, giver: int, row: int, price: Floats) -> int:
    """Let a row take what the row beside it offers; gives how many cells got cheaper.

    Args:
        total: Cheapest cost of each cell so far.
        cost: Cost of each cell.
        giver: The row beside.
        row: The row that takes.
        price: What a move from the left, straight, and from the right costs times the sum of both cells.
    """
    left, straight, right = price[0], price[1], price[2]
    cheaper = 0
    for j in range(RIM, RIM + SIDE):
        before, here = total[row, j], cost[row, j]
        best = total[giver, j - 1] + left * (cost[giver, j - 1] + here)
        other = total[giver, j] + straight * (cost[giver, j] + here)
        best = min(other, best)
        other = total[giver, j + 1] + right * (cost[giver, j + 1] + here)
        best = min(other, best)
        cheaper += best < before
        total[row, j] = min(before, best)
    return cheaper


@_compiled
def take_far(total: Floats, cost: Floats, givers: tuple[int, int], row: int, price: Floats) -> int:
    """Let a row take what knights offer it from the row beside it and the next; gives how many cells got cheaper.

    Args:
        total: Cheapest cost of each cell so far.
        cost: Cost of each cell.
        givers: The row beside, and the one behind it.
        row: The row that takes.
        price: What moves from the left and right of the row beside, and of the one behind, cost times the sum of the
            four cells that they touch.
    """
    beside, behind = givers
    cheaper = 0
    for j in range(RIM, RIM + SIDE):
        before, here = total[row, j], cost[row, j]
        touched = (cost[beside, j - 2] + here) + (cost[beside, j - 1] + cost[row, j - 1])
        best = total[beside, j - 2] + price[0] * touched
        touched = (cost[beside, j + 2] + here) + (cost[beside, j + 1] + cost[row, j + 1])
        other = total[beside, j + 2] + price[1] * touched
        best = min(other, best)
        touched = (cost[behind, j - 1] + here) + (cost[beside, j - 1] + cost[beside, j])
        other = total[behind, j - 1] + price[2] * touched
        best = min(other, best)
        touched = (cost[behind, j + 1] + here) + (cost[beside, j + 1] + cost[beside, j])
        other = total[behind, j + 1] + price[3] * touched
        best = min(other, best)
        cheaper += best < before
        total[row, j] = min(before, best)
    return cheaper


@_compiled
def sweep(total: Floats, cost: Floats, prices: Floats, waiting: Marks, moved: Marks) -> None:
    """Let each row take from those before it, downwards and then upwards.

    Args:
        total: Cheapest cost of each cell of the tile so far.
        cost: Cost of each cell.
        prices: Prices of ``take_near`` and of ``take_far``, downwards and upwards, shape (2, 7).
        waiting: Rows whose cells changed since they were offered downwards, and upwards, shape (2, WIDE).
        moved: Out: rows that changed are marked.
    """
    for direction in range(2):
        step = 1 - 2 * direction
        is_near = prices[direction, :3].min() < np.inf
        is_far = prices[direction, 3:].min() < np.inf
        row = RIM if direction == 0 else RIM + SIDE - 1
        for _ in range(SIDE):
            beside, behind = row - step, row - 2 * step
            cheaper = 0
            if is_near and waiting[direction, beside]:
                cheaper += take_near(total, cost, beside, row, prices[direction, :3])
            if is_far and waiting[direction, beside] | waiting[direction, behind]:
                cheaper += take_far(total, cost, (beside, behind), row, prices[direction, 3:])
            if cheaper:
                waiting[0, row] = waiting[1, row] = moved[row] = 1
            row += step
        waiting[direction] = 0


@_compiled
def carry(total: Floats, turned: Floats, moved: Marks, waiting: Marks) -> None:
    """Carry the rows that changed over to the turned tile, whose changed rows then wait."""
    changed = np.zeros(WIDE, np.uint8)
    for i in range(RIM, RIM + SIDE):
        if moved[i]:
            moved[i] = 0
            for j in range(RIM, RIM + SIDE):
                changed[j] |= total[i, j] < turned[j, i]
                turned[j, i] = total[i, j]
    for j in range(RIM, RIM + SIDE):
        waiting[0, j] |= changed[j]
        waiting[1, j] |= changed[j]


@_compiled
def fetch(field: Floats, first: tuple[int, int], upright: Floats, turned: Floats) -> None:
    """Fetch a tile with its rim, upright and turned; infinite beyond the raster and where it is NaN."""
    top, left = first[0] - RIM, first[1] - RIM
    rows = max(top, 0), min(top + WIDE, field.shape[0])
    columns = max(left, 0), min(left + WIDE, field.shape[1])
    if (rows[1] - rows[0]) * (columns[1] - columns[0]) < WIDE * WIDE:
        upright[:] = np.inf
    for i in range(rows[0], rows[1]):
        given, kept = field[i, columns[0] : columns[1]], upright[i - top, columns[0] - left :]
        for j in range(given.size):
            kept[j] = min(np.inf, given[j])
    for i in range(WIDE):
        for j in range(WIDE):
            turned[j, i] = upright[i, j]


@_compiled
def side(place: int) -> int:
    """Who sees a row or column of a tile? 0 for those before the tile, 2 for those after, 1 for none."""
    return 0 if place < RIM else 2 if place >= SIDE - RIM else 1


@_compiled
def put(upright: Floats, first: tuple[int, int], field: Floats, reached: Floats) -> None:
    """Put the cells of a tile back, and tell which neighbours see cheaper ones.

    Args:
        upright: The tile.
        first: Its first row and column in the raster.
        field: The raster, changed in place.
        reached: Out: the lowest cost that is new within sight of each neighbour, shape (3, 3); infinite for none.
    """
    reached[:] = np.inf
    rows, columns = min(SIDE, field.shape[0] - first[0]), min(SIDE, field.shape[1] - first[1])
    for i in range(rows):
        down = side(i)
        old, new = field[first[0] + i, first[1] : first[1] + columns], upright[RIM + i, RIM:]
        j = 0
        while j < columns:
            across = side(j)
            if new[j] < old[j]:
                reached[down, 1] = min(reached[down, 1], new[j])
                reached[1, across] = min(reached[1, across], new[j])
                reached[down, across] = min(reached[down, across], new[j])
            j = SIDE - RIM if down == 1 and j == RIM - 1 else j + 1
        for j in range(columns):
            old[j] = new[j]


@_compiled
def settle(total: Floats, cost: Floats, prices: Floats, tiles: Places, is_new: Flags, reached: Floats) -> None:
    """Make every cell of some tiles as cheap as the tile and its rim allow.

    Args:
        total: Cheapest cost of each cell of the raster so far, changed in place, shape (rows, columns).
        cost: Cost of each cell; NaN or infinite where none may pass.
        prices: Prices of a sweep, upright and turned, shape (2, 2, 7).
        tiles: Row and column of each tile among the tiles, shape (n, 2).
        is_new: Whether all cells of a tile are to be offered, and not its rim alone, by row and column of the tile.
        reached: Out: what ``put`` tells of each tile, by its row and column.
    """
    upright, turned = np.empty((WIDE, WIDE)), np.empty((WIDE, WIDE))
    cost_upright, cost_turned = np.empty((WIDE, WIDE)), np.empty((WIDE, WIDE))
    waiting, moved = np.empty((2, 2, WIDE), np.uint8), np.zeros((2, WIDE), np.uint8)
    for place in range(len(tiles)):
        row, column = tiles[place, 0], tiles[place, 1]
        first = row * SIDE, column * SIDE
        fetch(total, first, upright, turned)
        fetch(cost, first, cost_upright, cost_turned)
        waiting[:] = is_new[row, column]
        waiting[..., :RIM] = waiting[..., RIM + SIDE :] = 1
        while waiting.any():
            sweep(upright, cost_upright, prices[0], waiting[0], moved[0])
            carry(upright, turned, moved[0], waiting[1])
            sweep(turned, cost_turned, prices[1], waiting[1], moved[1])
            carry(turned, upright, moved[1], waiting[0])
        put(upright, first, total, reached[row, column])


@_compiled
def explain_near(k: int, price: float, totals: Pair, costs: Pair, last: Steps) -> None:
    """Note a move to a neighbour for the cells of a row whose cost it explains.

    Args:
        k: Number of the move.
        price: What it costs times the sum of both cells.
        totals: Cheapest costs of the cells that it leaves, and of those that it reaches.
        costs: What these cost.
        last: Out: number of the move.
    """
    given, taken = totals
    giver, taker = costs
    for j in range(last.size):
        is_it = (given[j] + (giver[j] + taker[j]) * price == taken[j]) & (given[j] < taken[j])
        last[j] = k if is_it else last[j]


@_compiled
def explain_far(k: int, price: float, totals: Pair, costs: Pair, between: Pair, last: Steps) -> None:
    """Note a move of a knight, which touches two more cells, as ``explain_near`` does."""
    given, taken = totals
    giver, taker = costs
    one, other = between
    for j in range(last.size):
        touched = (giver[j] + taker[j]) + (one[j] + other[j])
        is_it = (given[j] + touched * price == taken[j]) & (given[j] < taken[j])
        last[j] = k if is_it else last[j]


@_compiled
def last_moves(total: Floats, cost: Floats, moves: Places, price: Floats) -> Steps:
    """The first move that explains the cost of each cell.

    Args:
        total: Cheapest cost of each cell, shape (rows, columns).
        cost: Cost of each cell.
        moves: Rows and columns of each move, shape (k, 2).
        price: What each move costs times the sum of the cells that it touches, shape (k,).

    Returns:
        Number of the move; -1 where none leads, and at sources.
    """
    rows, columns = total.shape
    last = np.full((rows, columns), NONE, np.int8)
    for i in range(rows):
        for k in range(len(moves) - 1, -1, -1):
            down, right = moves[k]
            if not 0 <= i - down < rows:
                continue
            first, end = max(right, 0), min(columns, columns + right)
            totals = total[i - down, first - right : end - right], total[i, first:end]
            costs = cost[i - down, first - right : end - right], cost[i, first:end]
            if k < NEAR:
                explain_near(k, price[k], totals, costs, last[i, first:end])
            else:
                a, b = int(down / 2), int(right / 2)
                between = cost[i - down + a, first - right + b : end - right + b], cost[i - a, first - b : end - b]
                explain_far(k, price[k], totals, costs, between, last[i, first:end])
    return last
