"""Nearest straight piece to many points: a grid of square cells, searched ring by ring until nothing nearer can be."""

from __future__ import annotations

import numpy as np
from numba import njit

from tulou.measures.access.kernels.kinds import Cells, Ints, Joined, Longs, Reals

Best = tuple[float, int, float]


@njit(cache=True, nogil=True)
def bounds_of(value: float, low: float, size: float, last: int) -> int:
    """The cell a coordinate falls in, clamped to the grid."""
    return min(max(int((value - low) / size), 0), last)


@njit(cache=True, nogil=True)
def fill(ends: Reals, cells: Cells) -> None:
    """Enter each piece into the cells of its boxes; pieces longer than a cell are boxed bit by bit.

    Args:
        ends: x and y of both ends of each piece, (s, 4).
        cells: The grid; the offsets are counted into when there is no room for entries, else used up.
    """
    low, size, shape, first, entry = cells
    counting = len(entry) == 0
    for s in range(len(ends)):
        x, y, across, up = ends[s, 0], ends[s, 1], ends[s, 2] - ends[s, 0], ends[s, 3] - ends[s, 1]
        bits = int(max(abs(across), abs(up)) / size) + 1
        was_left, was_right, was_bottom, was_top = -1, -1, -1, -1
        for b in range(bits):
            x0, x1 = x + across * b / bits, x + across * (b + 1) / bits
            y0, y1 = y + up * b / bits, y + up * (b + 1) / bits
            left = bounds_of(min(x0, x1), low[0], size, shape[0] - 1)
            right = bounds_of(max(x0, x1), low[0], size, shape[0] - 1)
            bottom = bounds_of(min(y0, y1), low[1], size, shape[1] - 1)
            top = bounds_of(max(y0, y1), low[1], size, shape[1] - 1)
            for i in range(left, right + 1):
                for j in range(bottom, top + 1):
                    if was_left <= i <= was_right and was_bottom <= j <= was_top:
                        continue
                    cell = i * shape[1] + j
                    if counting:
                        first[cell + 1] += 1
                    else:
                        entry[first[cell]] = s
                        first[cell] += 1
            was_left, was_right, was_bottom, was_top = left, right, bottom, top


@njit(cache=True, nogil=True)
def gap(x: float, y: float, ends: Reals, s: int) -> tuple[float, float]:
    """Squared distance of a point from a piece, and where along it (0 to 1) the nearest point lies."""
    across, up = ends[s, 2] - ends[s, 0], ends[s, 3] - ends[s, 1]
    square = across * across + up * up
    share = 0.0
    if square > 0.0:
        share = ((x - ends[s, 0]) * across + (y - ends[s, 1]) * up) / square
        share = min(max(share, 0.0), 1.0)
    dx, dy = x - (ends[s, 0] + share * across), y - (ends[s, 1] + share * up)
    return dx * dx + dy * dy, share


@njit(cache=True, nogil=True)
def scan(point: tuple[float, float], cell: int, ends: Reals, first: Longs, entry: Ints, best: Best) -> Best:
    """Look through one cell for a piece nearer than ``best`` (squared distance, piece, share)."""
    x, y = point
    square, piece, share = best
    for k in range(first[cell], first[cell + 1]):
        found, where = gap(x, y, ends, entry[k])
        if found < square or (found == square and entry[k] < piece):
            square, piece, share = found, entry[k], where
    return square, piece, share


@njit(cache=True, nogil=True)
def nearest_to(x: float, y: float, ends: Reals, cells: Cells, limit: float) -> Best:
    """Squared distance, piece (-1 for none) and share of the nearest piece to one point."""
    low, size, shape, first, entry = cells
    i, j = bounds_of(x, low[0], size, shape[0] - 1), bounds_of(y, low[1], size, shape[1] - 1)
    # Cells are searched around the point's place clamped into the grid; no cell is nearer to the point itself.
    cx = min(max(x, low[0]), low[0] + size * shape[0])
    cy = min(max(y, low[1]), low[1] + size * shape[1])
    left, bottom = cx - low[0] - i * size, cy - low[1] - j * size
    margin = max(min(left, bottom, size - left, size - bottom), 0.0)
    best = (limit * limit, -1, 0.0)
    for ring in range(max(shape[0], shape[1])):
        reach = (ring - 1) * size + margin if ring > 0 else 0.0
        if reach * reach > best[0]:
            break
        for a in range(max(i - ring, 0), min(i + ring, shape[0] - 1) + 1):
            # The outer columns of the ring are searched whole, the others at their two ends.
            step = 1 if abs(a - i) == ring else max(2 * ring, 1)
            for b in range(j - ring, j + ring + 1, step):
                if 0 <= b < shape[1]:
                    best = scan((x, y), a * shape[1] + b, ends, first, entry, best)
    return best


@njit(cache=True, nogil=True)
def nearest_piece(points: Reals, ends: Reals, cells: Cells, limit: float, out: tuple[Longs, Reals, Reals]) -> None:
    """The nearest piece of each point within ``limit``; of equally near ones the first.

    Args:
        points: Points, (n, 2); those not finite are skipped.
        ends: As in ``fill``.
        cells: The grid, filled.
        limit: Largest distance of interest.
        out: Nearest piece, distance to it, where along it (0 to 1); left alone where there is none.
    """
    piece, away, share = out
    for p in range(len(points)):
        x, y = points[p, 0], points[p, 1]
        if np.isfinite(x) and np.isfinite(y):
            best = nearest_to(x, y, ends, cells, limit)
            if best[1] >= 0:
                piece[p], away[p], share[p] = best[1], np.sqrt(best[0]), best[2]


@njit(cache=True, nogil=True)
def drawn_before(edge: Longs, length: Reals, out: Reals) -> None:
    """Drawn length of each edge before each of its pieces, added up for each edge alone.

    Args:
        edge: Edge of each piece, the pieces of an edge one after the other.
        length: Length of each piece.
        out: Length before each piece.
    """
    for s in range(len(edge)):
        out[s] = out[s - 1] + length[s - 1] if s > 0 and edge[s] == edge[s - 1] else 0.0


@njit(cache=True, nogil=True)
def place_on_edges(
    near: tuple[Longs, Reals, Reals],
    pieces: tuple[Longs, Reals, Reals],
    edges: tuple[Reals, Reals],
    pace: float,
    out: Joined,
) -> None:
    """Turn nearest pieces into places on edges.

    Args:
        near: Nearest piece of each place (-1 for none), distance to it, where along it (0 to 1).
        pieces: Edge of each piece, drawn length of the edge before it, its drawn length.
        edges: Drawn length and cost of each edge.
        pace: Cost of a metre off the network.
        out: Edge (-1 for none), cost along and rest, away.
    """
    piece, away, share = near
    of, before, length = pieces
    drawn, cost = edges
    edge, along, rest, apart = out
    for p in range(len(piece)):
        apart[p] = away[p] * pace
        edge[p], along[p], rest[p] = -1, 0.0, 0.0
        s = piece[p]
        if s < 0:
            continue
        e = of[s]
        where = (before[s] + share[p] * length[s]) / drawn[e] if drawn[e] > 0.0 else 0.0
        edge[p] = e
        along[p] = cost[e] * min(where, 1.0)
        rest[p] = cost[e] - along[p]
