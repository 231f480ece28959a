"""Least-cost paths over a raster: what it costs to come from one edge of a city to the other, and on which way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse
from tulou.measures.climate.kernels.spreading import NONE, Steps, spread

Array = NDArray[np.float64]
Cells = NDArray[np.int64]
NEIGHBOURS = ((-1, 0), (0, 1), (1, 0), (0, -1), (-1, 1), (1, 1), (1, -1), (-1, -1))
KNIGHTS = ((-2, 1), (-1, 2), (1, 2), (2, 1), (2, -1), (1, -2), (-1, -2), (-2, -1))
"""Moves in rows and columns; rows run southwards."""
MARGIN = 2
"""Cells that none may enter around the raster: as far as a knight goes."""
MOST_BUCKETS = 1 << 14
FARTHEST = 16
"""Moves allowed: 8, or 16 with those of a knight."""


@dataclass(frozen=True, eq=False)
class LeastCost:
    """Cheapest ways to every cell.

    Args:
        total: Cost from the nearest source, shape (rows, columns), cost times cells; infinite where none leads.
        last: Number of the last move of that way; -1 at sources and where none leads.
        moves: Rows and columns of each move, shape (k, 2).
    """

    total: Array
    last: Steps
    moves: Cells

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

    Source: the accumulated cost of GRASS ``r.cost`` and of scikit-image ``MCP_Geometric``; buckets by Dial (1969),
    Algorithm 360, Communications of the ACM 12 (11), 632-633.
    """
    steps = moves_of(moves)
    factor = np.ones(len(steps)) if dearer is None else np.asarray(dearer, np.float64)
    if sources.shape != cost.shape or factor.shape != (len(steps),):
        raise BadUse("arrays have to fit", where="least_cost", found=(cost.shape, sources.shape, factor.shape))
    cells = np.full((cost.shape[0] + 2 * MARGIN, cost.shape[1] + 2 * MARGIN, 2), np.inf)
    inner = cells[MARGIN:-MARGIN, MARGIN:-MARGIN]
    half = np.divide(cost, 2, out=inner[..., 1])
    half[np.isnan(half)] = np.inf
    if (half <= 0).any() or not (factor > 0).all():
        raise BadUse("a cost is above 0", where="cost", found=float(min(2 * half.min(), factor.min())))
    length = np.hypot(steps[:, 0], steps[:, 1]) * factor
    inner[..., 0][sources & np.isfinite(half)] = 0.0
    across, (width, buckets) = cells.shape[1], _buckets(half, length)
    shift, beside = steps @ [across, 1], _beside(steps) @ [across, 1]
    last = spread(cells.reshape(-1, 2), shift, beside, length, width, buckets)
    return LeastCost(inner[..., 0], last.reshape(cells.shape[:2])[MARGIN:-MARGIN, MARGIN:-MARGIN], steps)


def _beside(moves: Cells) -> Cells:
    """The two cells between which each move of a knight passes, shape (k, 2, 2); the cell itself for neighbours."""
    short = np.trunc(moves / 2).astype(np.int64)
    is_knight = np.abs(moves).max(axis=1) > 1
    return np.stack([short, moves - short], axis=1) * is_knight[:, None, None]


def _buckets(half: Array, length: Array) -> tuple[float, int]:
    """How wide a bucket is, and how many are needed: by the cheapest and the dearest move there may be."""
    cheapest = 2 * half.min(initial=np.inf) * length.min()
    if not np.isfinite(cheapest):
        return 1.0, 1
    dearest = 2 * half.max(where=np.isfinite(half), initial=0.0) * length.max(where=np.isfinite(length), initial=0.0)
    least, most = float(cheapest), float(dearest)
    width = max(least, most / (MOST_BUCKETS - 2))
    return width, 1 << int(np.ceil(np.log2(most / width + 2)))
