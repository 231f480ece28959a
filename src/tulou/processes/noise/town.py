"""A city as noise meets it: roads in pieces, buildings as walls, places before façades, people behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.errors import NotEnoughData
from tulou.kernel.polygons import holders
from tulou.measures.environment.noise_map import Walls
from tulou.model.rows import Rows
from tulou.model.state import State

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]
STOREY = 3.0
"""Height of a storey, m, where a building has no height on record."""
BEFORE = 1.0
"""How far before a façade it is listened, m (GB 3096-2008 5.1)."""
SHORT = 2.5
"""Sides shorter than this, m, have no window."""
MOTOR = ("expressway", "arterial", "secondary", "branch", "internal")
"""Classes of roads on which motor vehicles drive."""


@dataclass(frozen=True, eq=False)
class Buildings:
    """The buildings of a city.

    Args:
        ids: Their ids.
        shapes: Their ground plans.
        heights: m; as assumed where unknown.
        assumed: How many heights were assumed.
        people: People in each; NaN where nobody knows.
        unplaced: People in no building.
    """

    ids: NDArray[np.object_]
    shapes: Shapes
    heights: Array
    assumed: int
    people: Array
    unplaced: float

    @property
    def walls(self) -> Walls:
        """Their walls, as screens."""
        ends, owner = pieces(shapely.boundary(self.shapes))
        return Walls(ends, self.heights[owner])


def buildings_of(state: State, height: float) -> Buildings:
    """The buildings that stand, and who lives in them.

    Args:
        state: The city.
        height: Assumed where neither height nor storeys are on record, m.

    Raises:
        NotEnoughData: When there is no building.
    """
    rows = state.rows("building")
    if len(rows):
        rows = rows.where((shapely.get_dimensions(rows.shapes) == 2) & ~(rows.numbers("demolished") > 0))  # noqa: PLR2004
    if not len(rows):
        raise NotEnoughData("a map of noise needs buildings with their ground plans", where="building", found=0)
    heights = rows.numbers("height")
    heights = np.where(np.isfinite(heights), heights, rows.numbers("storeys") * STOREY)
    unknown = ~np.isfinite(heights)
    people, unplaced = _people(state, rows)
    shapes = np.asarray(shapely.force_2d(rows.shapes), object)
    return Buildings(rows.ids, shapes, np.where(unknown, height, heights), int(unknown.sum()), people, unplaced)


def _people(state: State, rows: Rows) -> tuple[Array, float]:
    """People of each building: of the population cells in it, else those it has on record."""
    cells = state.rows("population")
    on_record = rows.numbers("residents")
    count = cells.numbers("residents") if len(cells) else np.zeros(0)
    if not np.isfinite(count).any():
        return on_record, 0.0
    held = holders(rows.shapes, cells.places)
    known = np.isfinite(count)
    inside = known & (held >= 0)
    found = np.bincount(held[inside], weights=count[inside], minlength=len(rows))
    has_cell = np.bincount(held[inside], minlength=len(rows)) > 0
    people = np.where(has_cell, found, on_record)
    return people, float(count[known & (held < 0)].sum())


def pieces(lines: Shapes) -> tuple[Array, Ints]:
    """Straight pieces of lines (x, y, x, y), and the line each belongs to."""
    parts, owner = shapely.get_parts(lines, return_index=True)
    spots, part = shapely.get_coordinates(parts, return_index=True)
    same = part[1:] == part[:-1]
    ends = np.hstack([spots[:-1], spots[1:]])[same]
    long = np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1]) > 0
    return ends[long], owner[part[:-1][same]][long]


def before_facades(buildings: Buildings, chosen: Ints, spacing: float, height: float) -> tuple[Array, Ints]:
    """Places 1 m before the outer walls of some buildings.

    Args:
        buildings: All buildings; a place inside of one is none.
        chosen: Rows of the buildings listened at.
        spacing: Most distance of two places along a wall, m.
        height: Height above the ground, m.

    Returns:
        x, y, height of each place, and the row of its building.
    """
    outer = shapely.get_exterior_ring(_largest(buildings.shapes[chosen]))
    turned = np.where(shapely.is_ccw(outer), 1.0, -1.0)
    ends, owner = pieces(outer)
    length = np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1])
    kept = length >= SHORT
    ends, owner, length = ends[kept], owner[kept], length[kept]
    count = np.ceil(length / spacing).astype(np.int64)
    row = np.repeat(np.arange(len(ends)), count)
    share = (np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count) + 0.5) / count[row]
    along = (ends[:, 2:] - ends[:, :2])[row]
    outward = np.column_stack([along[:, 1], -along[:, 0]]) / length[row][:, None] * turned[owner[row]][:, None]
    spots = ends[row, :2] + along * share[:, None] + BEFORE * outward
    free = holders(buildings.shapes, spots) < 0
    places = np.column_stack([spots[free], np.full(int(free.sum()), height)])
    return places, chosen[owner[row][free]]


def _largest(shapes: Shapes) -> Shapes:
    """The largest part of each polygon."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    order = np.lexsort((np.arange(len(parts)), -shapely.area(parts), owner))
    first = order[np.unique(owner[order], return_index=True)[1]]
    return np.asarray(parts[first], object)


@dataclass(frozen=True, eq=False)
class Streets:
    """The roads on which motor vehicles drive, above ground.

    Args:
        names: Id and class of each.
        shapes: Their lines.
        limits: Speed limits, km/h; NaN where unknown.
        is_half: Which are one carriageway of a divided road.
        tunnels: How many were left out because they run in a tunnel.
    """

    names: tuple[tuple[str, str], ...]
    shapes: Shapes
    limits: Array
    is_half: NDArray[np.bool_]
    tunnels: int


def streets_of(state: State) -> Streets:
    """The roads of a city on which motor vehicles drive.

    Raises:
        NotEnoughData: When there is none.
    """
    rows = state.rows("road")
    if len(rows):
        motor = np.isin(rows.texts("class"), MOTOR) & ~(rows.numbers("drivable") == 0)
        rows = rows.where(motor & (shapely.get_dimensions(rows.shapes) == 1))
    if not len(rows):
        raise NotEnoughData("a map of noise needs roads on which vehicles drive", where="road", found=0)
    in_tunnel = rows.numbers("tunnel") > 0
    rows = rows.where(~in_tunnel)
    names = tuple((str(one), str(kind)) for one, kind in zip(rows.ids, rows.texts("class"), strict=True))
    shapes = np.asarray(shapely.force_2d(rows.shapes), object)
    is_half = rows.numbers("dual_carriageway") > 0
    return Streets(names, shapes, rows.numbers("speed_limit"), is_half, int(in_tunnel.sum()))


def areas_of(
    shapes: Shapes, zones: tuple[Shapes, Sequence[str]] | None, kind: str | None, main: Shapes, reach: dict[str, float]
) -> tuple[list[str | None], NDArray[np.bool_]]:
    """Class of the area in which each building stands, and whether it follows from a main road near by.

    Args:
        shapes: The buildings.
        zones: Zones and their classes; None without a map of zones.
        kind: Class of land outside of zones; None when unknown.
        main: Main roads, beside which land outside of zones is of class 4a.
        reach: How far, m, by the class of the land.

    Returns:
        The classes, None where nobody knows; and which of them a main road gives.
    """
    held = np.full(len(shapes), -1, np.int64)
    found: list[str | None] = [kind] * len(shapes)
    if zones is not None:
        held = holders(zones[0], shapely.get_coordinates(shapely.point_on_surface(shapes)))
        found = [zones[1][at] if at >= 0 else kind for at in held.tolist()]
    near = np.full(len(shapes), np.inf)
    if len(main):
        tree, most = shapely.STRtree(main), max(reach.values())
        rows, gaps = tree.query_nearest(shapes, max_distance=most, return_distance=True, all_matches=False)
        near[rows[0]] = gaps
    width = np.array([reach.get(one or "", -np.inf) for one in found])
    beside = (held < 0) & (near <= width)
    return ["4a" if is_beside else one for one, is_beside in zip(found, beside.tolist(), strict=True)], beside
