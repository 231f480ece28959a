"""Least-cost paths over a raster: what it costs to come from one edge of a city to the other, and on which way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse
from tulou.measures.climate.kernels.relaxing import NONE, Steps, last_moves
from tulou.measures.climate.tiles import cheapest, prices

Array = NDArray[np.float64]
Cells = NDArray[np.int64]
NEIGHBOURS = ((-1, 0), (0, 1), (1, 0), (0, -1), (-1, 1), (1, 1), (1, -1), (-1, -1))
KNIGHTS = ((-2, 1), (-1, 2), (1, 2), (2, 1), (2, -1), (1, -2), (-1, -2), (-2, -1))
"""Moves in rows and columns; rows run southwards."""
FARTHEST = 16
"""Moves allowed: 8, or 16 with those of a knight."""


@dataclass(frozen=True, eq=False)
class LeastCost:
    """Cheapest ways to every cell.

    Args:
        total: Cost from the nearest source, shape (rows, columns), cost times cells; infinite where none leads.
        moves: Rows and columns of each move, shape (k, 2).
        cost: Cost of each cell.
        price: What each move costs, times the sum of the cells that it touches, shape (k,).
    """

    total: Array
    moves: Cells
    cost: Array
    price: Array

    @cached_property
    def last(self) -> Steps:
        """Number of the last move to each cell, the first of those as cheap; -1 at sources and where none leads.

        Raises:
            BadUse: When costs differ so much that a move adds nothing to a total, so that no way can be followed back.
        """
        last = last_moves(self.total, self.cost, self.moves, self.price)
        is_lost = (last == NONE) & (self.total > 0) & (self.total < np.inf)
        if is_lost.any():
            found = float(self.cost[is_lost].min()), float(self.total[is_lost].max())
            raise BadUse("a cost is too small beside the total to be added to it", where="cost", found=found)
        return last

    def way(self, row: int, column: int) -> Cells:
        """The way from a cell back to its source.

        Returns:
            Rows and columns, from the cell to the source, shape (n, 2); nothing when none leads to the cell.
        """
        if not np.isfinite(self.total[row, column]):
            return np.empty((0, 2), np.int64)
        found = [(row, column)]
        while (move := int(self.last[row, column])) != NONE:
            row, column = row - int(self.moves[move, 0]), column - int(self.moves[move, 1])
            found.append((row, column))
        return np.array(found, np.int64)


def moves_of(count: int) -> Cells:
    """Rows and columns of 8 or 16 moves.

    Raises:
        BadUse: For another number.
    """
    if count not in {len(NEIGHBOURS), FARTHEST}:
        raise BadUse("a path has 8 or 16 moves", where="moves", found=count, allowed=("8", "16"))
    return np.array((*NEIGHBOURS, *KNIGHTS)[:count], np.int64)


def bearing_of(moves: Cells) -> Array:
    """Towards where does each move go? Degrees from north, clockwise."""
    return np.asarray(np.degrees(np.arctan2(moves[:, 1], -moves[:, 0])) % 360)


def least_cost(
    cost: Array, sources: NDArray[np.bool_], *, moves: int = FARTHEST, dearer: Array | None = None
) -> LeastCost:
    """What does it cost to reach each cell from the nearest source, and on which way?

    A move to a neighbour costs ``d (c1 + c2) / 2``; a knight's move ``d (c1 + c2 + c3 + c4) / 4`` with the two cells it
    passes between. Both are multiplied by what the direction costs.

    Args:
        cost: Cost of a cell's width in each cell, shape (rows, columns), above 0; NaN or infinite where none may pass.
        sources: Where ways begin.
        moves: 8 or 16 moves.
        dearer: Factor of each move, in the order of ``moves_of``, infinite for one that is not made; 1 by default.

    Raises:
        BadUse: When a cost or factor is not above 0, or shapes differ.

    Source: the accumulated cost of GRASS ``r.cost`` and of scikit-image ``MCP_Geometric``.
    """
    steps = moves_of(moves)
    factor = np.ones(len(steps)) if dearer is None else np.asarray(dearer, np.float64)
    if sources.shape != cost.shape or factor.shape != (len(steps),):
        raise BadUse("arrays have to fit", where="least_cost", found=(cost.shape, sources.shape, factor.shape))
    if (cost <= 0).any() or not (factor > 0).all():
        raise BadUse("a cost is above 0", where="cost", found=float(min(np.nanmin(cost), factor.min())))
    price = prices(steps, factor)
    return LeastCost(cheapest(cost, sources, steps, price), steps, cost, price)
