"""The heat island of the ground: surface temperature of a satellite over the city, beside the open land around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from tulou.kernel.errors import NotEnoughData
from tulou.kernel.facts import ID, Facts
from tulou.kernel.grid import Grid, grid_over
from tulou.kernel.polygons import AREA
from tulou.kernel.words import Words
from tulou.measures.climate.corridors import closed
from tulou.measures.climate.heat_island import surface_temperature
from tulou.model.geography import to_geographic
from tulou.model.state import State
from tulou.processes.climate.rules import rules
from tulou.processes.climate.standing import standing
from tulou.processes.declaration import Run
from tulou.processes.outcome import Cell, Column, FieldPlot, Figure, Outcome, Table
from tulou.processes.unit_places import LEVELS, UnitPlaces, unit_places
from tulou.sources import datum as datums
from tulou.sources.rasters import Elevation, read_elevation

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
WATER = "water"
ENOUGH = 0.5
"""Share of the cells of a unit that have to be known."""
FEWEST = 10
"""Cells of rural ground that make a reference at least."""
STEPS = (1.0, 2.0, 4.0, 6.0, 8.0)
PERCENT = 100.0
KELVIN = 273.15
MARGIN = 0.02
"""How far the raster is read beyond the grid, degrees."""


@dataclass(frozen=True, eq=False)
class _Ground:
    """Surface temperature over a city and the land around it.

    Args:
        grid: The cells.
        celsius: °C; NaN where unknown.
        city: Cells of the city.
        rural: Cells of the open land around it.
        water: Cells of water, which belong to neither.
    """

    grid: Grid
    celsius: Array
    city: Flags
    rural: Flags
    water: Flags

    @property
    def reference(self) -> float:
        """Mean of the open land, °C."""
        return float(np.nanmean(self.celsius[self.rural]))

    @property
    def intensity(self) -> Array:
        """How much warmer than the open land each cell of the city is, K; NaN elsewhere."""
        return np.where(self.city, self.celsius - self.reference, np.nan)


def tell_surface(run: Run) -> Outcome:
    """Run the process, see ``surface_heat_island.PROCESS``."""
    values = run.values
    path: Path = values["raster"]
    ground, digest = _ground(run.city, path, values)
    east, north = np.meshgrid(*ground.grid.centres())
    units = unit_places(run.city, values["level"], np.column_stack((east.ravel(), north.ravel())))
    means = _unit_means(ground, units)
    return Outcome(
        answer=(_answer(ground),),
        figures=_figures(ground),
        tables=(_table(units, means, LEVELS[values["level"]]),),
        plots=(_field(ground),),
        assumptions=_assumptions(values["band"]),
        warnings=_warnings(ground),
        facts=(_facts(values["level"], units, means),),
        sources={path.name: digest},
    )


def _ground(state: State, path: Path, values: Mapping[str, object]) -> tuple[_Ground, str]:
    near, far = rules().rural
    cell = float(str(values["cell"]))
    buildings = standing(state)
    grid = grid_over([float(one) for one in shapely.total_bounds(buildings.shapes)], cell, margin=far)
    raster, celsius = _celsius(state, path, grid, str(values["band"]))
    built = np.zeros(grid.rows * grid.columns, bool)
    places = grid.cells_of(shapely.get_coordinates(shapely.centroid(buildings.shapes)))
    built[places[places >= 0]] = True
    city = closed(built.reshape(grid.shape), rules().reach / cell)
    away = distance_transform_edt(~city) * cell
    water = _water(state, grid)
    known = np.isfinite(celsius)
    rural = known & ~water & (away > near) & (away <= far)
    if rural.sum() < FEWEST or not (known & city & ~water).any():
        what = "the raster has too little open land around the city, or none of the city"
        raise NotEnoughData(what, where=path.name, found=int(rural.sum()), allowed=(f"from {FEWEST} cells on",))
    return _Ground(grid, celsius, city & ~water, rural, water), raster.digest


def _celsius(state: State, path: Path, grid: Grid, band: str) -> tuple[Elevation, Array]:
    """The raster, and its temperature at the middle of each cell, °C."""
    east, north = np.meshgrid(*grid.centres())
    points = np.array(shapely.points(np.column_stack((east.ravel(), north.ravel()))), object)
    lon, lat = shapely.get_coordinates(to_geographic(points, state.profile.crs)).T
    within = (lon.min() - MARGIN, lat.min() - MARGIN, lon.max() + MARGIN, lat.max() + MARGIN)
    raster = read_elevation(path, within=within)
    x, y = datums.from_wgs84(lon, lat, raster.datum.crs)
    column = np.floor((x - raster.west) / raster.cell[0])
    row = np.floor((raster.north - y) / raster.cell[1])
    rows, columns = raster.values.shape
    inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    found = np.full(len(x), np.nan)
    found[inside] = raster.values[row[inside].astype(np.int64), column[inside].astype(np.int64)]
    if band == "number":
        scale, offset = rules().satellite
        found = surface_temperature(found, scale=scale, offset=offset)
    elif band == "kelvin":
        found = np.where(found > 0, found - KELVIN, np.nan)
    return raster, found.reshape(grid.shape)


def _water(state: State, grid: Grid) -> Flags:
    """Cells whose middle lies in water."""
    shapes = state.rows(WATER).shapes
    shapes = shapes[~shapely.is_missing(shapes)]
    areas = shapes[shapely.get_dimensions(shapes) >= AREA] if len(shapes) else shapes
    if not len(areas):
        return np.zeros(grid.shape, bool)
    water = shapely.union_all(areas)
    shapely.prepare(water)
    east, north = np.meshgrid(*grid.centres())
    return np.asarray(shapely.contains_xy(water, east, north))


def _unit_means(ground: _Ground, units: UnitPlaces) -> Array:
    """Mean of each unit, K; NaN where too little of it is known."""
    values = ground.intensity.ravel()
    known = np.isfinite(values)
    many = units.sums((~ground.water).ravel().astype(np.float64))[:-1]
    counted = units.sums(known.astype(np.float64))[:-1]
    enough = (counted > 0) & (counted >= ENOUGH * many)
    return np.asarray(np.where(enough, units.sums(values)[:-1] / np.maximum(counted, 1), np.nan))


def _answer(ground: _Ground) -> Words:
    mean = float(np.nanmean(ground.intensity))
    return Words(
        f"卫星过境时城区地表比周边开敞地平均{_warmer(mean).zh} {abs(mean):.1f} K（开敞地 {ground.reference:.1f} °C）。",
        f"When the satellite passed, the ground of the city was {abs(mean):.1f} K {_warmer(mean).en} than the open "
        f"land around it ({ground.reference:.1f} °C).",
    )


def _warmer(mean: float) -> Words:
    return Words("高", "warmer") if mean >= 0 else Words("低", "cooler")


def _figures(ground: _Ground) -> tuple[Figure, ...]:
    values = ground.intensity[np.isfinite(ground.intensity)]
    unknown = PERCENT * float(np.isnan(ground.celsius[ground.city]).mean())
    return (
        Figure("mean", Words("地表热岛强度", "Surface heat island"), float(values.mean()), "K"),
        Figure("hot", Words("最热十分之一地面", "Hottest tenth of the ground"), float(np.quantile(values, 0.9)), "K"),
        Figure("rural", Words("开敞地平均地表温度", "Mean of the open land"), ground.reference, "degC", digits=1),
        Figure("rural_cells", Words("开敞地单元", "Cells of open land"), int(ground.rural.sum()), "1", digits=0),
        Figure("unknown", Words("城区未知占比", "Share of the city unknown"), unknown, "percent", digits=1),
    )


def _table(units: UnitPlaces, means: Array, level: Words) -> Table:
    columns = (Column("unit", level), Column("mean", Words("地表热岛强度", "Surface heat island"), "K"))
    order = np.lexsort((np.arange(len(means)), -np.nan_to_num(means, nan=-np.inf)))
    rows: list[Sequence[Cell]] = [
        [units.says(int(at)), float(means[at]) if np.isfinite(means[at]) else None] for at in order
    ]
    return Table("units", Words("各单元地表热岛强度", "Surface heat island by unit"), columns, rows)


def _field(ground: _Ground) -> FieldPlot:
    grid = ground.grid
    title = Words("地表热岛强度（比周边开敞地高）", "Surface heat island, above the open land around")
    return FieldPlot("surface", title, ground.intensity, grid.west, grid.north, grid.cell, "K", STEPS)


def _facts(level: str, units: UnitPlaces, means: Array) -> Facts:
    known = np.flatnonzero(np.isfinite(means))
    columns = {
        ID: pa.array([units.ids[at] for at in known], pa.string()),
        "surface_heat_island": pa.array(means[known], pa.float64()),
    }
    return Facts(level, pa.table(columns))


def _assumptions(band: str) -> tuple[Words, ...]:
    held = rules()
    near, far = held.rural
    scale, offset = held.satellite
    found = [
        Words(
            f"参照为城区外 {near:g}—{far:g} 米、无建筑且非水面的地面；城区为建筑及其间不超过 "
            f"{2 * held.reach:g} 米的空隙，水面除外。",
            f"The reference is ground {near:g} to {far:g} m outside the city without buildings or water; the city is "
            f"its buildings with gaps of up to {2 * held.reach:g} m between them, water left out.",
        )
    ]
    if band == "number":
        found.append(
            Words(
                f"地表温度 = DN × {scale:g} + {offset:g} K（Landsat Collection 2 Level 2，系数凭记忆）。",
                f"Surface temperature = DN × {scale:g} + {offset:g} K (Landsat Collection 2 Level 2, from memory).",
            )
        )
    return tuple(found)


def _warnings(ground: _Ground) -> tuple[Words, ...]:
    unknown = float(np.isnan(ground.celsius[ground.city]).mean())
    if unknown <= rules().most_missing:
        return ()
    return (
        Words(
            f"城区 {PERCENT * unknown:.0f}% 没有地表温度（云或影像边缘）。",
            f"{PERCENT * unknown:.0f} % of the city have no surface temperature: clouds, or the edge of the image.",
        ),
    )
