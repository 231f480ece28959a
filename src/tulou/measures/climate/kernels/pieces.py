"""Edges of footprints cut by the lines of a grid: area in each cell, and walls that no neighbour hides.

Coordinates are in cells: u from the western edge to the east, v from the northern edge to the south.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

Reals: TypeAlias = NDArray[np.float64]
Longs: TypeAlias = NDArray[np.int64]
Edges: TypeAlias = tuple[Reals, Longs]
"""u and v of both ends of each edge, (e, 4), the inside on the left on a map; offsets of the buildings' edges."""
Shape: TypeAlias = tuple[int, int]
ROOM = 1024
"""Pieces there is room for at first."""
TRIANGLE = 3
"""Edges of the smallest ring."""
FEW = 8
"""Stretches of a wall there is room for at first."""


@njit(cache=True, nogil=True)
def grown(some: NDArray[Any], used: int) -> Any:  # noqa: ANN401  (an array of any kind)
    """The same array, with twice the room once it is full."""
    if used < len(some):
        return some
    more = np.empty((2 * len(some), *some.shape[1:]), some.dtype)
    more[:used] = some[:used]
    return more


@njit(cache=True, nogil=True)
def ring_edges(points: Reals, first: Longs) -> Edges:
    """Edges of polygons, the inside on the left on a map, v to the south.

    The points of a polygon are those of its rings, the outer one first; a ring ends where it comes back to its first
    point, after three edges at least.

    Args:
        points: Points, to the east and to the north, polygon by polygon.
        first: Offsets of the polygons' points.

    Returns:
        Edges, and the offsets of the polygons' edges.
    """
    ends, of = np.empty((len(points), 4)), np.zeros(len(first), np.int64)
    used = 0
    for p in range(len(first) - 1):
        start = first[p]
        while start < first[p + 1]:
            area, stop = 0.0, start
            while stop + 1 < first[p + 1]:
                here, there = points[stop], points[stop + 1]
                area += here[0] * there[1] - there[0] * here[1]
                stop += 1
                if stop - start >= TRIANGLE and there[0] == points[start, 0] and there[1] == points[start, 1]:
                    break
            is_turned = (area > 0.0) != (start == first[p])
            for k in range(start, stop):
                one, other = (k + 1, k) if is_turned else (k, k + 1)
                ends[used, 0], ends[used, 1] = points[one, 0], -points[one, 1]
                ends[used, 2], ends[used, 3] = points[other, 0], -points[other, 1]
                used += 1
            start = stop + 1
        of[p + 1] = used
    return ends[:used], of


@njit(cache=True, nogil=True)
def line_cuts(start: float, stop: float, cuts: Reals, used: int) -> int:
    """Enter where on the way from ``start`` to ``stop`` whole numbers are passed, as shares; how many there are now."""
    low, high = min(start, stop), max(start, stop)
    line = np.floor(low) + 1.0
    while line < high:
        cuts[used] = (line - start) / (stop - start)
        used += 1
        line += 1.0
    return used


@njit(cache=True, nogil=True)
def grid_cuts(u0: float, v0: float, u1: float, v1: float) -> Reals:
    """Where a line is cut by the lines of the grid: shares of the way from 0 to 1, both included, ascending."""
    cuts = np.empty(int(abs(u1 - u0)) + int(abs(v1 - v0)) + 6)
    cuts[0], cuts[1] = 0.0, 1.0
    used = line_cuts(u0, u1, cuts, 2)
    used = line_cuts(v0, v1, cuts, used)
    found = cuts[:used]
    if used > 2:  # noqa: PLR2004  (more than both ends)
        found.sort()
    return found


@njit(cache=True, nogil=True)
def box_of(ends: Reals) -> tuple[int, int, int, int]:
    """First and last column and row that some edges reach."""
    low_u, low_v = np.inf, np.inf
    high_u, high_v = -np.inf, -np.inf
    for e in range(len(ends)):
        low_u, high_u = min(low_u, ends[e, 0]), max(high_u, ends[e, 0])
        low_v, high_v = min(low_v, ends[e, 1]), max(high_v, ends[e, 1])
    return int(np.floor(low_u)), int(np.floor(high_u)), int(np.floor(low_v)), int(np.floor(high_v))


@njit(cache=True, nogil=True)
def sum_areas(ends: Reals, box: tuple[int, int, int, int]) -> Reals:
    """Area of one footprint in each cell of its box, in cells, (rows, columns).

    Each piece of an edge covers all that lies east of it in its row, with the sign of the way it runs.
    """
    left, right, top, bottom = box
    part = np.zeros((bottom - top + 1, right - left + 2))
    beside = np.zeros((bottom - top + 1, right - left + 2))
    for e in range(len(ends)):
        u0, v0, u1, v1 = ends[e, 0], ends[e, 1], ends[e, 2], ends[e, 3]
        cuts = grid_cuts(u0, v0, u1, v1)
        for k in range(len(cuts) - 1):
            middle = u0 + (u1 - u0) * (cuts[k] + cuts[k + 1]) / 2
            across = int(np.floor(middle)) - left
            down = int(np.floor(v0 + (v1 - v0) * (cuts[k] + cuts[k + 1]) / 2)) - top
            across, down = min(max(across, 0), right - left), min(max(down, 0), bottom - top)
            passed = (v1 - v0) * (cuts[k + 1] - cuts[k])
            part[down, across] += passed * (left + across + 1 - middle)
            beside[down, across + 1] += passed
    for down in range(len(part)):
        whole = 0.0
        for across in range(part.shape[1]):
            whole += beside[down, across]
            part[down, across] += whole
    return part[:, :-1]


@njit(cache=True, nogil=True)
def footprints_in_cells(edges: Edges, first: int, last: int, shape: Shape) -> tuple[Longs, Longs, Reals]:
    """Area of buildings from ``first`` to before ``last`` in the cells of a grid: building, cell, area in cells."""
    ends, of = edges
    rows, columns = shape
    owner, cell, area = np.empty(ROOM, np.int64), np.empty(ROOM, np.int64), np.empty(ROOM)
    used = 0
    for b in range(first, last):
        if of[b] == of[b + 1]:
            continue
        box = box_of(ends[of[b] : of[b + 1]])
        if box[1] < 0 or box[0] >= columns or box[3] < 0 or box[2] >= rows:
            continue
        part = sum_areas(ends[of[b] : of[b + 1]], box)
        for down in range(max(box[2], 0), min(box[3], rows - 1) + 1):
            for across in range(max(box[0], 0), min(box[1], columns - 1) + 1):
                found = part[down - box[2], across - box[0]]
                if found > 0.0:
                    owner, cell, area = grown(owner, used), grown(cell, used), grown(area, used)
                    owner[used], cell[used], area[used] = b, down * columns + across, found
                    used += 1
    return owner[:used], cell[:used], area[:used]


@njit(cache=True, nogil=True)
def crossings(line: Reals, ends: Reals, found: Reals) -> int:
    """Where an endless line enters and leaves a footprint, as shares of the way between its two points; how many.

    Args:
        line: u and v of two points of the line.
        ends: Edges of the footprint.
        found: Written into, ascending: between the first and the second it is inside, and so on.
    """
    across, down = line[2] - line[0], line[3] - line[1]
    length = across * across + down * down
    used = 0
    for e in range(len(ends)):
        one = across * (ends[e, 1] - line[1]) - down * (ends[e, 0] - line[0])
        other = across * (ends[e, 3] - line[1]) - down * (ends[e, 2] - line[0])
        if (one > 0.0) != (other > 0.0):
            share = one / (one - other)
            u = ends[e, 0] + (ends[e, 2] - ends[e, 0]) * share - line[0]
            v = ends[e, 1] + (ends[e, 3] - ends[e, 1]) * share - line[1]
            found[used] = (u * across + v * down) / length
            used += 1
    found[:used].sort()
    return used


@njit(cache=True, nogil=True)
def rises_above(height: float, at: float, stretches: Reals) -> float:
    """How far a wall of this height rises above what stands before it at a share of its way; NaN where unknown.

    Args:
        height: Of the wall, m.
        at: Share of the way along the wall.
        stretches: From, to, height of what stands there, (n, 3).
    """
    hidden, is_unknown = 0.0, False
    for k in range(len(stretches)):
        if stretches[k, 0] <= at < stretches[k, 1]:
            if np.isnan(stretches[k, 2]):
                is_unknown = True
            else:
                hidden = max(hidden, stretches[k, 2])
    if hidden >= height:
        return 0.0
    return np.nan if is_unknown else height - hidden


@njit(cache=True, nogil=True)
def stretches_before(line: Reals, edges: Edges, heights: Reals, beside: Longs) -> Reals:
    """What stands just before a wall: from and to as shares of its way, and height, (n, 3).

    Args:
        line: u and v of both ends of the wall, moved outward.
        edges: Edges of all buildings.
        heights: Their heights, m.
        beside: Which of them may stand there.
    """
    ends, of = edges
    stretches = np.empty((FEW, 3))
    used = 0
    for j in beside:
        some = ends[of[j] : of[j + 1]]
        at = np.empty(len(some))
        for k in range(0, crossings(line, some, at) - 1, 2):
            if at[k] < 1.0 and at[k + 1] > 0.0:
                stretches = grown(stretches, used)
                stretches[used, 0], stretches[used, 1], stretches[used, 2] = at[k], at[k + 1], heights[j]
                used += 1
    return stretches[:used]


@njit(cache=True, nogil=True)
def wall_cuts(wall: Reals, stretches: Reals) -> Reals:
    """Where a wall is cut by the grid and by the ends of what stands before it: shares from 0 to 1, ascending."""
    by_grid = grid_cuts(wall[0], wall[1], wall[2], wall[3])
    if len(stretches) == 0:
        return by_grid
    cuts = np.empty(len(by_grid) + 2 * len(stretches))
    cuts[: len(by_grid)] = by_grid
    for k in range(len(stretches)):
        for side in range(2):
            cuts[len(by_grid) + 2 * k + side] = min(max(stretches[k, side], 0.0), 1.0)
    cuts.sort()
    return cuts


@njit(cache=True, nogil=True)
def walls_in_cells(
    edges: Edges, heights: Reals, near: tuple[Longs, Longs], first: int, last: int, gap: float, shape: Shape
) -> tuple[Longs, Reals]:
    """Walls of buildings from ``first`` to before ``last`` that no neighbour hides, piece by piece.

    Args:
        edges: Edges of all buildings.
        heights: Their heights, m.
        near: Offsets of each building's neighbours, neighbours.
        first: First building.
        last: The one after the last.
        gap: How far before a wall it is looked for what hides it, in cells.
        shape: Rows and columns of the grid.

    Returns:
        Cell of each piece; east and north part of its outward normal times length (in cells) and height (m), (n, 2).
    """
    ends, of = edges
    rows, columns = shape
    cell, facing = np.empty(ROOM, np.int64), np.empty((ROOM, 2))
    used = 0
    for b in range(first, last):
        beside = near[1][near[0][b] : near[0][b + 1]]
        for e in range(of[b], of[b + 1]):
            along, down = ends[e, 2] - ends[e, 0], ends[e, 3] - ends[e, 1]
            length = np.hypot(along, down)
            if length == 0.0:
                continue
            # With v to the south the outside of an edge, whose inside is on its left on the map, is (-down, along).
            moved = ends[e].copy()
            for side in (0, 2):
                moved[side] -= gap * down / length
                moved[side + 1] += gap * along / length
            stretches = stretches_before(moved, edges, heights, beside)
            cuts = wall_cuts(ends[e], stretches)
            for k in range(len(cuts) - 1):
                middle = (cuts[k] + cuts[k + 1]) / 2
                u, v = ends[e, 0] + along * middle, ends[e, 1] + down * middle
                rise = rises_above(heights[b], middle, stretches) * (cuts[k + 1] - cuts[k])
                if 0.0 <= u < columns and 0.0 <= v < rows and rise != 0.0:
                    cell, facing = grown(cell, used), grown(facing, used)
                    cell[used] = int(v) * columns + int(u)
                    facing[used, 0], facing[used, 1] = -down * rise, -along * rise
                    used += 1
    return cell[:used], facing[:used]


@njit(cache=True, nogil=True)
def sum_facing(cell: Longs, facing: Reals, east: float, north: float, out: Reals) -> None:
    """Add up, cell by cell, the walls seen by a wind that blows toward (east, north)."""
    for k in range(len(cell)):
        seen = -(facing[k, 0] * east + facing[k, 1] * north)
        if not seen <= 0.0:
            out[cell[k]] += seen
