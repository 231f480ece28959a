"""Which polygon a point lies in: a grid of cells over the polygons' boxes, and their outlines in strips."""

from __future__ import annotations

from numba import njit

from tulou.measures.access.kernels.kinds import Cells, Found, Ints, Longs, Reals
from tulou.measures.access.kernels.segments import bounds_of

Strips = tuple[Longs, Longs, Ints]
"""Offsets of each polygon's strips, offsets of each strip's pieces, pieces."""


@njit(cache=True, nogil=True)
def fill_cells(box: Reals, cells: Cells) -> None:
    """Enter each box into the cells it meets.

    Args:
        box: Boxes, (p, 4).
        cells: The grid; the offsets are counted into when there is no room for entries, else used up.
    """
    low, size, shape, first, entry = cells
    for p in range(len(box)):
        for i in range(
            bounds_of(box[p, 0], low[0], size, shape[0] - 1), bounds_of(box[p, 2], low[0], size, shape[0] - 1) + 1
        ):
            for j in range(
                bounds_of(box[p, 1], low[1], size, shape[1] - 1), bounds_of(box[p, 3], low[1], size, shape[1] - 1) + 1
            ):
                cell = i * shape[1] + j
                if len(entry) == 0:
                    first[cell + 1] += 1
                else:
                    entry[first[cell]] = p
                    first[cell] += 1


@njit(cache=True, nogil=True)
def strip_of(y: float, box: Reals, strips: int) -> int:
    """The strip of a polygon's box that a height falls in, clamped."""
    high = box[3] - box[1]
    return bounds_of(y, box[1], high / strips, strips - 1) if high > 0.0 else 0


@njit(cache=True, nogil=True)
def fill_strips(ends: Reals, first: Longs, box: Reals, strips: Strips) -> None:
    """Enter the pieces of each polygon's outline into the strips they meet.

    Args:
        ends: x and y of both ends of each piece, polygon by polygon, (s, 4).
        first: Offsets of the polygons' pieces.
        box: Box of each polygon, (p, 4).
        strips: The strips; the offsets are counted into when there is no room for entries, else used up.
    """
    of, begin, entry = strips
    for p in range(len(box)):
        many = of[p + 1] - of[p]
        for s in range(first[p], first[p + 1]):
            bottom = strip_of(min(ends[s, 1], ends[s, 3]), box[p], many)
            top = strip_of(max(ends[s, 1], ends[s, 3]), box[p], many)
            for strip in range(of[p] + bottom, of[p] + top + 1):
                if len(entry) == 0:
                    begin[strip + 1] += 1
                else:
                    entry[begin[strip]] = s
                    begin[strip] += 1


@njit(cache=True, nogil=True)
def is_inside(x: float, y: float, ends: Reals, pieces: Ints) -> bool:
    """Whether a point lies in a polygon or on its outline, by the pieces that its height meets."""
    inside = False
    for s in pieces:
        x0, y0, x1, y1 = ends[s, 0], ends[s, 1], ends[s, 2], ends[s, 3]
        if min(y0, y1) <= y <= max(y0, y1):
            side = (x1 - x0) * (y - y0) - (x - x0) * (y1 - y0)
            if side == 0.0 and min(x0, x1) <= x <= max(x0, x1):
                return True
            if (y0 <= y) != (y1 <= y) and (side > 0.0) == (y1 > y0):
                inside = not inside
    return inside


@njit(cache=True, nogil=True)
def first_around(
    points: Reals, asked: Longs, ends: Reals, box: Reals, cells: Cells, strips: Strips, name: Longs, out: Found
) -> None:
    """The first polygon around each point.

    Args:
        points: Points, (n, 2); those not finite are skipped.
        asked: Which of them are asked about.
        ends: As in ``fill_strips``.
        box: Box of each polygon, (p, 4).
        cells: The grid, filled.
        strips: The strips, filled.
        name: What each polygon is called in the answer.
        out: Name of the polygon, and 0 for the distance to it; left alone where there is none.
    """
    low, size, shape, first, entry = cells
    of, begin, piece = strips
    which, away = out
    for row in range(len(asked)):
        x, y = points[asked[row], 0], points[asked[row], 1]
        across, up = (x - low[0]) / size, (y - low[1]) / size
        if not (0.0 <= across < shape[0] and 0.0 <= up < shape[1]):
            continue
        cell = int(across) * shape[1] + int(up)
        for at in range(first[cell], first[cell + 1]):
            p = entry[at]
            if box[p, 0] <= x <= box[p, 2] and box[p, 1] <= y <= box[p, 3]:
                strip = of[p] + strip_of(y, box[p], of[p + 1] - of[p])
                if is_inside(x, y, ends, piece[begin[strip] : begin[strip + 1]]):
                    which[row], away[row] = name[p], 0.0
                    break
