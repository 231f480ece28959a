"""Finding the ventilation corridors of a city: ways of each dominant wind, bundles, their width, length and angle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.grid import Grid
from tulou.measures.climate.corridors import (
    Axis,
    Clearance,
    Ways,
    angle_to_wind,
    axes,
    clearance,
    line_of,
    ventilation_ways,
    way_cost,
)
from tulou.measures.climate.morphology import SECTORS
from tulou.processes.climate.rules import Level, rules
from tulou.processes.climate.standing import Form

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
SAME = 0.5
"""Share of a corridor that runs within a cell of another from which on it is that other one."""
FEWEST = 2
"""Ways that make a bundle at least."""


@dataclass(frozen=True, eq=False)
class Crossing:
    """One wind over the city.

    Args:
        sector: Its sector.
        share: Share of the light wind that comes from there.
        is_open: Which cells let it pass.
        ways: Its least-cost ways.
    """

    sector: int
    share: float
    is_open: Flags
    ways: Ways


@dataclass(frozen=True, eq=False)
class Corridor:
    """A corridor.

    Args:
        sector: Sector of the wind it was found in.
        sectors: Sectors of all winds whose ways run along it.
        share: Share of the light wind that comes from these.
        ways: Share of the ways of its wind that it gathers.
        line: Where it runs, from windward to leeward, shape (n, 2), m.
        cells: Rows and columns of its cells.
        room: How wide it is.
        angle: How far it turns from its wind, degrees.
        level: Its level; None when it reaches none.
    """

    sector: int
    sectors: tuple[int, ...]
    share: float
    ways: float
    line: Array
    cells: NDArray[np.int64]
    room: Clearance
    angle: float
    level: Level | None

    @property
    def length(self) -> float:
        """Its length, m."""
        return float(shapely.length(shapely.LineString(self.line)))

    @property
    def width(self) -> float:
        """Its median clear width, m."""
        return float(np.median(self.room.width))


def crossings(form: Form, ground: Flags, sectors: Sequence[int], shares: Sequence[float]) -> list[Crossing]:
    """The ways of each wind over a city.

    Args:
        form: Form of the city in these winds.
        ground: Cells of the city.
        sectors: Sectors of the winds, one a direction of the form.
        shares: Share of the light wind that comes from each.
    """
    held = rules()
    is_dense = form.morphology.plan_area > held.skimming
    found: list[Crossing] = []
    for place, (sector, share) in enumerate(zip(sectors, shares, strict=True)):
        length = form.roughness_in(place).length
        felt = np.where(is_dense, np.maximum(length, held.roughness[1]), length)
        cost = way_cost(felt, exponent=held.exponent, ground=held.ground)
        is_open = np.isfinite(length) & (length <= held.roughness[1]) & ~is_dense
        how = {"turning": held.turning, "most_turn": held.most_turn}
        ways = ventilation_ways(cost, SECTORS[sector], ground=ground, **how)
        found.append(Crossing(sector, share, is_open, ways))
    return found


def corridors(crossed: Sequence[Crossing], grid: Grid) -> list[Corridor]:
    """The corridors of all winds, each told once.

    Args:
        crossed: Winds over the city, the most frequent first.
        grid: The cells.

    Returns:
        Corridors, those of the highest level and the most ways first.
    """
    held = rules()
    found: list[Corridor] = []
    for one in crossed:
        least = max(int(np.ceil(held.least_share * one.ways.begun)), FEWEST)
        for axis in axes(one.ways, least):
            if len(axis.cells) < 2:  # noqa: PLR2004  (a line joins two places)
                continue
            same = next((place for place, other in enumerate(found) if _runs_along(axis, other, grid)), None)
            if same is None:
                found.append(_corridor(axis, one, grid))
            elif one.sector not in found[same].sectors:
                found[same] = _shared(found[same], one)
    order = [level.name for level in held.levels]
    return sorted(
        found, key=lambda one: (order.index(one.level.name) if one.level else len(order), -one.ways * one.share)
    )


def planned(lines: Sequence[Array], crossed: Sequence[Crossing], grid: Grid) -> list[Corridor]:
    """Corridors that planners drew, as the city stands: each in the dominant wind it turns least from.

    Args:
        lines: Where they run, each of shape (n, 2), m, within the grid.
        crossed: Winds over the city, the most frequent first.
        grid: The cells.

    Returns:
        Corridors, in their order; their ways are the mean share of its wind's ways along the line.
    """
    found: list[Corridor] = []
    for line in lines:
        one = min(crossed, key=lambda some: angle_to_wind(line, SECTORS[some.sector]))
        angle = angle_to_wind(line, SECTORS[one.sector])
        room = clearance(line, one.is_open, grid)
        cells = grid.cells_of(room.places)
        cells = np.column_stack(np.divmod(cells[cells >= 0], grid.columns))
        ways = float(one.ways.density[tuple(cells.T)].mean()) if len(cells) else 0.0
        level = level_of(float(shapely.length(shapely.LineString(line))), angle, room)
        found.append(Corridor(one.sector, (one.sector,), one.share, ways, line, cells, room, angle, level))
    return found


def density(crossed: Sequence[Crossing]) -> Array:
    """Share of the ways that lead through each cell, each wind by its share of the light wind."""
    whole = sum(one.share for one in crossed)
    return np.asarray(sum((one.share / whole * one.ways.density for one in crossed), np.zeros(())))


def level_of(length: float, angle: float, room: Clearance) -> Level | None:
    """The highest level whose length, angle and width a corridor reaches; None when it reaches none."""
    held = rules()
    for level in held.levels:
        if length >= level.length and angle <= level.angle and room.narrower(level.width) <= held.obstructed:
            return level
    return None


def _corridor(axis: Axis, one: Crossing, grid: Grid) -> Corridor:
    line = line_of(axis, grid)
    room = clearance(line, one.is_open, grid)
    angle = angle_to_wind(line, SECTORS[one.sector])
    level = level_of(float(shapely.length(shapely.LineString(line))), angle, room)
    ways = axis.ways / one.ways.begun
    return Corridor(one.sector, (one.sector,), one.share, ways, line, axis.cells, room, angle, level)


def _runs_along(axis: Axis, other: Corridor, grid: Grid) -> bool:
    near = np.zeros((grid.rows + 2, grid.columns + 2), bool)
    for down in (0, 1, 2):
        for right in (0, 1, 2):
            near[other.cells[:, 0] + down, other.cells[:, 1] + right] = True
    return bool(near[axis.cells[:, 0] + 1, axis.cells[:, 1] + 1].mean() >= SAME)


def _shared(corridor: Corridor, one: Crossing) -> Corridor:
    return Corridor(
        corridor.sector,
        (*corridor.sectors, one.sector),
        corridor.share + one.share,
        corridor.ways,
        corridor.line,
        corridor.cells,
        corridor.room,
        corridor.angle,
        corridor.level,
    )
