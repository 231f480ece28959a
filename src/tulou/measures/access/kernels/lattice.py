"""Points of a square lattice inside polygons, row by row of the lattice."""

from __future__ import annotations

import numpy as np
from numba import njit

from tulou.measures.access.kernels.kinds import Grades, Longs, Reals

CENTRE = 0.5
"""Where in its cell a point of the lattice lies."""


@njit(cache=True, nogil=True)
def at_least(value: float, spacing: float) -> int:
    """The first line of the lattice that does not lie before a coordinate."""
    return int(np.ceil(value / spacing - CENTRE))


@njit(cache=True, nogil=True)
def crossings(ends: Reals, low: int, high: int, spacing: float) -> tuple[Longs, Reals]:
    """Where each row of the lattice crosses the outline of one polygon.

    Args:
        ends: x and y of both ends of each piece of its outline, (s, 4).
        low: First row.
        high: Row after the last.
        spacing: Distance between rows.

    Returns:
        Offsets of the rows, and x of the crossings, ascending in each row.
    """
    first = np.zeros(high - low + 1, np.int64)
    for s in range(len(ends)):
        bottom, top = min(ends[s, 1], ends[s, 3]), max(ends[s, 1], ends[s, 3])
        for j in range(at_least(bottom, spacing), at_least(top, spacing)):
            first[j - low + 1] += 1
    first = np.cumsum(first)
    x, used = np.empty(first[-1]), first.copy()
    for s in range(len(ends)):
        bottom, top = min(ends[s, 1], ends[s, 3]), max(ends[s, 1], ends[s, 3])
        for j in range(at_least(bottom, spacing), at_least(top, spacing)):
            share = ((j + CENTRE) * spacing - ends[s, 1]) / (ends[s, 3] - ends[s, 1])
            x[used[j - low]] = ends[s, 0] + share * (ends[s, 2] - ends[s, 0])
            used[j - low] += 1
    for row in range(high - low):
        x[first[row] : first[row + 1]].sort()
    return first, x


@njit(cache=True, nogil=True)
def sample(ends: Reals, first: Longs, spacing: float, count: Longs, points: Reals) -> None:
    """Count the lattice points inside each polygon, or write them down.

    A point on an outline is inside where the polygon lies to its right or above it, so that of two polygons that share
    a border one has it.

    Args:
        ends: x and y of both ends of each piece of all outlines, polygon by polygon, (s, 4).
        first: Offsets of the polygons' pieces.
        spacing: Distance between lattice points.
        count: Out: points of each polygon, when there is no room for points.
        points: Out: the points, polygon by polygon, (p, 2); empty to count them.
    """
    counting, filled = len(points) == 0, 0
    for polygon in range(len(first) - 1):
        mine = ends[first[polygon] : first[polygon + 1]]
        if len(mine) == 0:
            continue
        low, high = at_least(mine[:, 1].min(), spacing), at_least(mine[:, 1].max(), spacing)
        offset, x = crossings(mine, low, high, spacing)
        for row in range(high - low):
            for k in range(offset[row], offset[row + 1] - 1, 2):
                left, right = at_least(x[k], spacing), at_least(x[k + 1], spacing)
                if counting:
                    count[polygon] += right - left
                    continue
                for i in range(left, right):
                    points[filled, 0], points[filled, 1] = (i + CENTRE) * spacing, (row + low + CENTRE) * spacing
                    filled += 1


@njit(cache=True, nogil=True)
def grade(distance: Reals, limits: Reals, out: Grades) -> None:
    """Raise the grade of each point to the number of limits that its distance keeps.

    Args:
        distance: Distance of each point, infinite for none.
        limits: Limits, ascending.
        out: Grades, raised.
    """
    for p in range(len(distance)):
        kept = 0
        for k in range(len(limits)):
            if distance[p] <= limits[k]:
                kept += 1
        out[p] = max(out[p], kept)


@njit(cache=True, nogil=True)
def sum_grades(row: Longs, area: Reals, inside: Grades, sums: Reals) -> None:
    """Sum the areas of points by piece of land, in their order.

    Args:
        row: Piece of each point.
        area: Area of each point.
        inside: Grade of each point: how many of the sums it counts in, the last first.
        sums: Out: sums, (grades, pieces), added to.
    """
    for p in range(len(row)):
        for k in range(len(sums) - inside[p], len(sums)):
            sums[k, row[p]] += area[p]
