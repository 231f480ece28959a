"""The ground of a flood: an elevation model as it is, or brought to square cells in metres."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput, BadUse
from tulou.kernel.grid import Grid, grid_over
from tulou.model.geography import choose_system
from tulou.sources import datum as datums
from tulou.sources.rasters import Elevation, heights_at, read_elevation

Array = NDArray[np.float64]
MOST_CELLS = 40_000_000
"""Cells of a flood at most: some 5 GB of memory."""
SQUARE = 1e-6
"""Difference of width and height, as a share, up to which a cell is square."""
EDGE = 41
"""Points along each side of a raster that are moved to another system to find its bounds there."""


@dataclass(frozen=True, eq=False)
class Terrain:
    """The ground in square cells.

    Args:
        level: Level of each cell, m; NaN where unknown.
        grid: Where the cells lie.
        system: Metric system of the grid.
        digest: SHA-256 of the file.
        is_resampled: Whether levels were weighted between cells of the file.
    """

    level: Array
    grid: Grid
    system: str
    digest: str
    is_resampled: bool


def read_terrain(path: Path, *, cell: float | None, within: tuple[float, ...] | None, datum: str) -> Terrain:
    """Read the ground.

    A raster in square cells and metres is taken as it is; any other, or one that is wanted in other cells, is weighted
    between its cells on a grid of the metric system of its place.

    Args:
        path: A GeoTIFF of elevations.
        cell: Side of a cell, m; that of the file by default.
        within: West, south, east, north in degrees of the part to read.
        datum: Coordinate system, where the file states none.

    Raises:
        BadUse: When the part asked for is none.
        BadInput: As ``read_elevation``; when the grid would be absurdly large; when nothing is known of the ground.
    """
    box = None if within is None else _box(within)
    found = read_elevation(path, within=box, datum=datum)
    width, height = found.cell
    system = found.datum.crs
    if _is_metric(system) and found.datum.shift is None and abs(width / height - 1) < SQUARE and cell in {None, width}:
        rows, columns = found.values.shape
        _check_size(rows * columns, path.name)
        return Terrain(found.values, Grid(found.west, found.north, width, rows, columns), system, found.digest, False)  # noqa: FBT003
    return _resampled(path, found, cell, datum)


def _is_metric(system: str) -> bool:
    crs = datums.crs_of(system)
    return bool(crs.is_projected and all(axis.unit_conversion_factor == 1.0 for axis in crs.axis_info))


def _box(within: tuple[float, ...]) -> tuple[float, float, float, float]:
    if len(within) != 4 or within[0] >= within[2] or within[1] >= within[3]:  # noqa: PLR2004  (four sides)
        raise BadUse(
            "a part of the ground is west, south, east, north in degrees",
            where="within",
            found=",".join(f"{one:g}" for one in within),
            allowed=("119.28,26.05,119.32,26.09",),
        )
    west, south, east, north = within
    return west, south, east, north


def _resampled(path: Path, found: Elevation, cell: float | None, datum: str) -> Terrain:
    lon, lat = _outline(found)
    system = choose_system((float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())))
    east, north = datums.from_wgs84(lon, lat, system)
    bounds = (float(east.min()), float(north.min()), float(east.max()), float(north.max()))
    side = cell or _side(found, bounds)
    _check_size((bounds[2] - bounds[0]) * (bounds[3] - bounds[1]) / side**2, path.name)
    grid = grid_over(bounds, side)
    across, up = np.meshgrid(*grid.centres())
    places = datums.to_wgs84(across.ravel(), up.ravel(), datums.named(system))
    level = heights_at(path, *places, datum=datum).reshape(grid.shape)
    if not np.isfinite(level).any():
        raise BadInput("no cell has a number", where=path.name)
    return Terrain(level, grid, system, found.digest, is_resampled=True)


def _outline(found: Elevation) -> tuple[Array, Array]:
    """Longitude and latitude along the edges of a raster."""
    rows, columns = found.values.shape
    x = found.west + np.linspace(0, columns * found.cell[0], EDGE)
    y = found.north - np.linspace(0, rows * found.cell[1], EDGE)
    around_x = np.concatenate([x, x, np.full(EDGE, x[0]), np.full(EDGE, x[-1])])
    around_y = np.concatenate([np.full(EDGE, y[0]), np.full(EDGE, y[-1]), y, y])
    return datums.to_wgs84(around_x, around_y, found.datum)


def _side(found: Elevation, bounds: tuple[float, float, float, float]) -> float:
    """Side of a cell near that of the file, m, in whole metres from 1 m on."""
    side = min((bounds[2] - bounds[0]) / found.values.shape[1], (bounds[3] - bounds[1]) / found.values.shape[0])
    return float(max(round(side), 1))


def _check_size(cells: float, where: str) -> None:
    if cells > MOST_CELLS:
        raise BadInput(
            "the ground has too many cells; ask for a part of it or for larger cells",
            where=where,
            found=round(cells),
            allowed=(f"at most {MOST_CELLS} cells",),
        )
