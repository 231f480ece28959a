"""Whom a flood meets: buildings with water at their walls, people in them, roads too deep, parcels kept dry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from tulou.kernel.facts import Facts
from tulou.kernel.grid import Grid
from tulou.kernel.polygons import holders
from tulou.model.rows import Rows
from tulou.model.state import State
from tulou.processes.flood.cover import Cover, moved
from tulou.processes.flood.rules import mark
from tulou.processes.flood.setting import HOUR
from tulou.processes.flood.terrain import Terrain
from tulou.processes.noise.town import MOTOR, STOREY, buildings_of

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Shapes = NDArray[np.object_]
AROUND = [(y, x) for y in (-1, 0, 1) for x in (-1, 0, 1)]


@dataclass(frozen=True, eq=False)
class Met:
    """Whom a flood meets.

    Args:
        buildings: The buildings on the ground of the flood.
        building_depth: Largest depth at the walls of each, m; NaN where it lies off the ground.
        building_hours: How long water stood there, h.
        people: People of each; NaN where nobody knows.
        places: A place in each, in the city's system.
        roads: The roads for motor vehicles.
        road_depth: Largest depth on each, m; NaN where it lies off the ground, on a bridge or in a tunnel.
        road_length: Length of each that is too deep for cars, m.
        parcels: The parcels.
        parcel_safe: 1 where ground floors and roads stay dry, 0 where not, NaN where unknown.
    """

    buildings: Rows
    building_depth: Array
    building_hours: Array
    people: Array
    places: Array
    roads: Rows
    road_depth: Array
    road_length: Array
    parcels: Rows
    parcel_safe: Array

    @property
    def is_flooded(self) -> Flags:
        """Buildings whose ground floor water reaches."""
        return self.building_depth >= mark("ground_floor")


def met(state: State, cover: Cover, terrain: Terrain, depth: Array, ponded: Array) -> Met:
    """Whom a flood meets.

    Args:
        state: The city.
        cover: The city on the ground.
        terrain: The ground.
        depth: Largest depth of each cell, m; NaN where no water may be.
        ponded: How long water stood on each cell, s.
    """
    buildings, grid = cover.buildings, terrain.grid
    at_wall, hours = at_walls(cover, grid, depth), at_walls(cover, grid, ponded / HOUR)
    roads, road_depth, road_length, deep_spots = _roads(state, terrain, depth)
    people = np.full(len(buildings), np.nan)
    if len(buildings):
        town = buildings_of(state, STOREY)
        row_of = {one: at for at, one in enumerate(town.ids)}
        people = np.array([town.people[row_of[one]] if one in row_of else np.nan for one in buildings.ids])
    parcels = state.rows("parcel")
    parcels = parcels.where(~shapely.is_missing(parcels.shapes)) if len(parcels) else parcels
    wet_spots = _places(cover.building_shapes[at_wall >= mark("ground_floor")])
    safe = _parcels(moved(parcels.shapes, state, terrain.system), terrain, np.vstack([wet_spots, deep_spots]))
    return Met(buildings, at_wall, hours, people, buildings.places, roads, road_depth, road_length, parcels, safe)


def _places(shapes: Shapes) -> Array:
    return shapely.get_coordinates(shapely.point_on_surface(shapes)).reshape(-1, 2)


def at_walls(cover: Cover, grid: Grid, field: Array) -> Array:
    """The largest value of a field on and beside the cells of each building; NaN where it has none."""
    found = np.full(len(cover.buildings) + 1, -np.inf)
    label, value = np.pad(cover.building, 1), np.pad(field, 1, constant_values=np.nan)
    value = np.where(np.isnan(value), -np.inf, value)
    rows, columns = np.nonzero(label)
    for y, x in AROUND:
        np.maximum.at(found, label[rows, columns], value[rows + y, columns + x])
    small = np.setdiff1d(np.arange(1, len(found)), cover.building)
    spots = shapely.get_coordinates(shapely.point_on_surface(cover.building_shapes[small - 1]))
    cells = grid.cells_of(spots) if len(small) else np.empty(0, np.int64)
    flat = np.append(np.where(np.isnan(field.ravel()), -np.inf, field.ravel()), -np.inf)
    found[small] = flat[cells]
    return np.where(np.isfinite(found[1:]), found[1:], np.nan)


def _roads(state: State, terrain: Terrain, depth: Array) -> tuple[Rows, Array, Array, Array]:
    """Roads for motor vehicles, the deepest water on each, how long it is too deep, and the places where."""
    rows = state.rows("road")
    if len(rows):
        motor = np.isin(rows.texts("class"), MOTOR) & (shapely.get_dimensions(rows.shapes) == 1)
        rows = rows.where(motor & ~(rows.numbers("tunnel") > 0) & ~(rows.numbers("bridge") > 0))
    lines = shapely.segmentize(shapely.force_2d(moved(rows.shapes, state, terrain.system)), terrain.grid.cell)
    spots, road = shapely.get_coordinates(lines, return_index=True)
    there = np.append(depth.ravel(), np.nan)[terrain.grid.cells_of(spots)]
    known, is_deep = np.isfinite(there), there >= mark("ponding")
    deepest = np.full(len(rows), -np.inf)
    np.maximum.at(deepest, road[known], there[known])
    steps, deep = (np.bincount(chosen, minlength=len(rows)) for chosen in (road, road[is_deep]))
    length = shapely.length(lines) * deep / np.maximum(steps, 1)
    return rows, np.where(np.isfinite(deepest), deepest, np.nan), length, spots[is_deep]


def _parcels(shapes: Shapes, terrain: Terrain, wet: Array) -> Array:
    """Whether each parcel on the ground stays dry: no ground floor in it is reached, no road in it is too deep."""
    level = np.append(terrain.level.ravel(), np.nan)
    safe = np.where(np.isfinite(level[terrain.grid.cells_of(_places(shapes))]), 1.0, np.nan)
    held = holders(shapes, wet)
    hit = np.zeros(len(shapes), bool)
    hit[held[held >= 0]] = True
    return np.where(hit & np.isfinite(safe), 0.0, safe)


def facts_of(found: Met, *, has_time: bool = True) -> tuple[Facts, ...]:
    """What buildings, roads and parcels learn.

    Args:
        found: Whom the flood meets.
        has_time: Whether it is known how long water stood.
    """
    hours = {"flood_time": found.building_hours} if has_time else {}
    building, road, parcel = (np.isfinite(one) for one in (found.building_depth, found.road_depth, found.parcel_safe))
    told = (
        (
            "building",
            found.buildings,
            building,
            {"flood_depth": found.building_depth, **hours},
        ),
        ("road", found.roads, road, {"flood_depth": found.road_depth}),
        ("parcel", found.parcels, parcel, {"flood_safe": found.parcel_safe > 0}),
    )
    return tuple(
        Facts(
            entity,
            pa.table(
                {"id": pa.array([str(one) for one in rows.ids[known]], pa.string())}
                | {name: pa.array(column[known]) for name, column in columns.items()}
            ),
        )
        for entity, rows, known, columns in told
        if known.any()
    )
