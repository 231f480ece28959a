"""Ventilation corridors: on which ways the wind crosses a city most easily, how wide they are, what narrows them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from tulou.kernel.errors import BadUse
from tulou.kernel.grid import Grid
from tulou.measures.climate.kernels.ways import count_ways
from tulou.measures.climate.least_cost import FARTHEST, LeastCost, bearing_of, least_cost, moves_of

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Cells = NDArray[np.int64]
HALF = 0.5
FINE = 4
"""Steps across a cell in which a clear width is paced out."""
REACH = 1.5
"""How far before and behind a point the line is looked at to tell where it runs, cells."""
LEVEL = 1e-9
"""Smallest part of a wind that blows across an edge: rounding of whole turns."""


@dataclass(frozen=True, eq=False)
class Ways:
    """The least-cost ways of one wind over a city, from every cell of the windward edge to the leeward edge.

    Args:
        wind: Where the wind comes from, degrees clockwise from north.
        surface: Cost from each cell to the leeward edge; the last move of each cell leads there.
        count: How many ways lead through each cell, shape (rows, columns).
        begun: How many ways there are; cells of the windward edge from which none leads have none.
        edge: How many cells the windward edge has.
        mean_cost: Mean cost of a way, cost times cells; NaN when there is none.
    """

    wind: float
    surface: LeastCost
    count: Cells
    begun: int
    edge: int
    mean_cost: float

    @property
    def density(self) -> Array:
        """Share of the ways that lead through each cell."""
        return self.count / max(self.begun, 1)


@dataclass(frozen=True, eq=False)
class Axis:
    """A bundle of ways: where a corridor may run.

    Args:
        cells: Rows and columns, from the windward end to the leeward end, shape (n, 2).
        ways: How many ways it gathers at its leeward end.
    """

    cells: Cells
    ways: int


def closed(marked: Flags, reach: float) -> Flags:
    """Marked cells with the gaps between them: the closing of a field by a disc.

    Args:
        marked: Cells, shape (rows, columns).
        reach: Radius of the disc, cells: gaps up to twice as wide are closed; what lies around is not.
    """
    if not marked.any():
        return marked.copy()
    margin = int(np.ceil(reach)) + 2
    wide = distance_transform_edt(~np.pad(marked, margin)) <= reach
    inner = distance_transform_edt(wide) > reach
    return np.asarray(inner[margin:-margin, margin:-margin] | marked)


def edges(ground: Flags, wind: float) -> tuple[Flags, Flags]:
    """Which cells at the edge of a ground meet the wind first, and which last?

    Args:
        ground: Cells of the ground, shape (rows, columns).
        wind: Where the wind comes from, degrees clockwise from north.

    Returns:
        Cells of the windward edge, and of the leeward edge; a cell may belong to both.
    """
    north, east = np.cos(np.radians(wind)), np.sin(np.radians(wind))
    around = np.pad(ground, 1)
    is_open = {
        "north": ground & ~around[:-2, 1:-1],
        "south": ground & ~around[2:, 1:-1],
        "east": ground & ~around[1:-1, 2:],
        "west": ground & ~around[1:-1, :-2],
    }
    first, last = np.zeros_like(ground), np.zeros_like(ground)
    for part, side, other in ((north, "north", "south"), (east, "east", "west")):
        if abs(part) > LEVEL:
            upwind, downwind = (side, other) if part > 0 else (other, side)
            first |= is_open[upwind]
            last |= is_open[downwind]
    return first, last


def way_cost(roughness: Array, *, exponent: float, ground: float) -> Array:
    """What does it cost the wind to cross each cell? ``z0^a``.

    Args:
        roughness: Roughness length z0 of the buildings, m; NaN where unknown, where no way leads.
        exponent: a.
        ground: Roughness length of ground without buildings, m, the least there is.

    Raises:
        BadUse: When the ground is not rougher than nothing.
    """
    if not ground > 0:
        raise BadUse("ground has a roughness above 0", where="ground", found=ground)
    return np.asarray(np.maximum(roughness, ground) ** exponent)


def ventilation_ways(
    cost: Array, wind: float, *, turning: float, most_turn: float = 180.0, ground: Flags | None = None
) -> Ways:
    """On which ways does a wind cross the city most easily?

    A move costs ``c (1 + k (1 − cos Δθ))``, Δθ between the move and the wind.

    Args:
        cost: Cost of each cell, shape (rows, columns), above 0; NaN where no way leads.
        wind: Where the wind comes from, degrees clockwise from north.
        turning: k.
        most_turn: How far a move may turn from the wind, degrees.
        ground: Cells of the city, at whose edges ways begin and end; all by default.

    Raises:
        BadUse: When turning is below 0, or as ``least_cost``.
    """
    if not turning >= 0:
        raise BadUse("a turn costs nothing or more", where="turning", found=turning)
    inside = np.ones(cost.shape, bool) if ground is None else ground
    windward, leeward = edges(inside, wind)
    upwind = bearing_of(moves_of(FARTHEST)) - wind  # the search goes from the leeward edge against the wind
    dearer = 1 + turning * (1 - np.cos(np.radians(upwind)))
    dearer[np.abs((upwind + 180) % 360 - 180) > most_turn + LEVEL] = np.inf
    surface = least_cost(np.where(inside, cost, np.nan), leeward, moves=FARTHEST, dearer=dearer)
    starts = np.flatnonzero(windward & np.isfinite(surface.total))
    shift = surface.moves @ [cost.shape[1], 1]
    count = count_ways(np.ascontiguousarray(surface.last).ravel(), shift, starts).reshape(cost.shape)
    costs = surface.total.ravel()[starts]
    mean = float(costs.mean()) if len(starts) else float("nan")
    return Ways(wind, surface, count, len(starts), int(windward.sum()), mean)


def axes(ways: Ways, least: int) -> list[Axis]:
    """Where do ways run together?

    From each cell of the leeward edge the bundle is followed against the wind, at each fork into the part that holds
    most ways; the other parts become bundles of their own, which end where they join.

    Args:
        ways: Ways of one wind.
        least: Fewest ways that make a bundle.

    Returns:
        Bundles, those of most ways first.
    """
    kept = np.argwhere(ways.count >= max(least, 1))
    back = ways.surface.moves[ways.surface.last[tuple(kept.T)]]
    is_end = ways.surface.last[tuple(kept.T)] < 0
    before: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    waiting: list[list[tuple[int, int]]] = []
    for cell, (down, right), ends in zip(kept.tolist(), back.tolist(), is_end.tolist(), strict=True):
        here = (cell[0], cell[1])
        if ends:
            waiting.append([here])
        else:
            before[here[0] - down, here[1] - right].append(here)
    found: list[Axis] = []
    while waiting:
        line = waiting.pop()
        ways_here = int(ways.count[line[-1]])
        while forks := sorted(before[line[-1]], key=lambda cell: (-ways.count[cell], cell)):
            waiting += [[line[-1], other] for other in forks[1:]]
            line.append(forks[0])
        found.append(Axis(np.array(line[::-1], np.int64), ways_here))
    return sorted(found, key=lambda axis: (-axis.ways, axis.cells[-1].tolist(), axis.cells[0].tolist()))


def line_of(axis: Axis, grid: Grid) -> Array:
    """The places that an axis runs through, from windward to leeward, shape (n, 2), m."""
    east, north = grid.centres()
    return np.column_stack([east[axis.cells[:, 1]], north[axis.cells[:, 0]]])


def turn_between(one: float, other: float) -> float:
    """How far are two bearings apart, from 0 to 180 degrees?"""
    return abs((one - other + 180) % 360 - 180)


def angle_to_wind(line: Array, wind: float) -> float:
    """How far does a line turn from the wind, from its first to its last place, either way along it?

    Args:
        line: Places, shape (n, 2), m.
        wind: Where the wind comes from, degrees clockwise from north.

    Returns:
        Degrees, from 0 to 90; NaN when it ends where it begins.
    """
    east, north = line[-1] - line[0]
    if east == 0 and north == 0:
        return float("nan")
    turn = turn_between(float(np.degrees(np.arctan2(east, north))), wind)
    return min(turn, 180 - turn)


@dataclass(frozen=True, eq=False)
class Clearance:
    """How much room there is along a line.

    Args:
        places: Where it was looked at, shape (n, 2), m: evenly along the line.
        width: Clear width across the line there, m; 0 where the place itself is blocked.
        step: Distance between places, m.
    """

    places: Array
    width: Array
    step: float

    def narrower(self, width: float) -> float:
        """Share of the length that is narrower than a width."""
        return float((self.width < width).mean())

    def longest(self, width: float) -> float:
        """Longest stretch that is nowhere narrower than a width, m."""
        wide = np.concatenate(([0], (self.width >= width).astype(np.int8), [0]))
        begin, end = np.flatnonzero(np.diff(wide) == 1), np.flatnonzero(np.diff(wide) == -1)
        return float((end - begin).max(initial=0) * self.step)


def clearance(line: Array, is_open: Flags, grid: Grid) -> Clearance:
    """How wide is the open ground across a line, all along it?

    At even places, half a cell apart, the room to either side is paced out across the line until the first cell that is
    not open, or the edge of the grid. A width is therefore told to a quarter of a cell, and never below the cell it
    stands for: with cells of 100 m no corridor of 80 m between two walls is seen.

    Args:
        line: Places, shape (n, 2), m.
        is_open: Which cells let the wind pass, the shape of the grid; unknown ones do not.
        grid: Where the cells lie.

    Raises:
        BadUse: When the line has fewer than two places.
    """
    if len(line) < 2:  # noqa: PLR2004  (a line joins two places)
        raise BadUse("a line has two places", where="line", found=len(line))
    along = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))))
    count = max(round(along[-1] / (grid.cell * HALF)), 1)
    step = along[-1] / count
    at = (np.arange(count) + HALF) * step
    places = _at(line, along, at)
    reach = REACH * grid.cell
    ahead = _at(line, along, at + reach) - _at(line, along, at - reach)
    length = np.hypot(*ahead.T)
    normal = np.column_stack([-ahead[:, 1], ahead[:, 0]]) / np.where(length > 0, length, 1.0)[:, None]
    width = sum(_room(places, side * normal, is_open, grid) for side in (-1, 1))
    return Clearance(places, np.asarray(width), step)


def _at(line: Array, along: Array, at: Array) -> Array:
    """Places at distances along a line; its ends beyond them."""
    return np.column_stack([np.interp(at, along, line[:, axis]) for axis in (0, 1)])


def _room(places: Array, toward: Array, is_open: Flags, grid: Grid) -> Array:
    """How far each place can be left in a direction before what is not open, m."""
    pace = grid.cell / FINE
    room, free = np.zeros(len(places)), np.ones(len(places), bool)
    flat = is_open.ravel()
    for number in range(FINE * max(grid.shape)):
        cell = grid.cells_of(places + toward * ((number + HALF) * pace))
        free &= (cell >= 0) & flat[np.maximum(cell, 0)]
        if not free.any():
            break
        room[free] += pace
    return room
