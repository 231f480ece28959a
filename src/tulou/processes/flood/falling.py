"""Rain by place and time for a flood: records of gauges, each for the ground nearest to it, or a raster of steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from tulou.kernel.errors import BadInput, BadUse
from tulou.measures.water.flood.rain_field import RainField
from tulou.processes.drainage.storms import Storm
from tulou.processes.flood.terrain import Terrain
from tulou.sources import datum as datums
from tulou.sources.columns import Wanted, read_columns

Array = NDArray[np.float64]
Gauges = NDArray[np.int64]
MM = 1e-3
"""m in a mm."""
MINUTE = 60.0
"""s."""
EVEN = 1e-9
"""Difference of steps, min, up to which they are equal."""
COLUMNS = (
    Wanted("longitude", ("lon", "经度"), unit="degree", is_required=True),
    Wanted("latitude", ("lat", "纬度"), unit="degree", is_required=True),
    Wanted("minute", ("time", "t", "min", "时间", "分钟"), unit="minute", least=0.0, is_required=True),
    Wanted("depth", ("rain", "mm", "雨量"), unit="mm", least=0.0, is_required=True),
)


@dataclass(frozen=True, eq=False)
class Falling:
    """Rain by place and time.

    Args:
        field: The rain of each cell.
        storm: Its mean over the ground, for what is told of it.
        gauges: How many gauges, or cells of the raster, have ground of their own.
        depths: Depth of each gauge that has ground, over all steps, mm.
        digest: SHA-256 of the file.
    """

    field: RainField
    storm: Storm
    gauges: int
    depths: Array
    digest: str


def falling_of(path: Path, values: Mapping[str, Any], terrain: Terrain, catch: Array) -> Falling:
    """Read rain by place and time.

    Args:
        path: CSV of ``longitude``, ``latitude``, ``minute`` (at which the step begins) and ``depth`` (mm in the step),
            or a GeoTIFF whose bands are the depths of steps, mm.
        values: Values of the process: ``step`` of the bands, ``datum`` of the raster.
        terrain: The ground.
        catch: How many cells' rain each cell catches.

    Raises:
        BadUse: When a storm is given too.
        BadInput: When the file is none of these, steps are not equal or unknown, or the raster leaves out ground.
    """
    given = [name for name in ("rain", "a1", "period") if values[name] is not None]
    if given:
        raise BadUse("rain by place is a storm by itself", where="rain_field", allowed=(f"without {given[0]}",))
    is_table = path.suffix.lower() == ".csv"
    step, depths, nearest, digest = (_gauges if is_table else _bands)(path, values, terrain)
    wet = catch > 0
    if (nearest[wet] < 0).any():
        raise BadInput(
            "the raster of rain leaves out some of the ground", where=path.name, found=int((nearest[wet] < 0).sum())
        )
    nearest = np.where(nearest < 0, 0, nearest)
    weight = np.bincount(nearest[wet], weights=catch[wet], minlength=depths.shape[1])
    used = weight > 0
    unknown = int(np.isnan(depths[:, used]).sum())
    if unknown:
        raise BadInput(
            "a storm has no unknown steps", where=path.name, found=unknown, allowed=("a record without gaps",)
        )
    if (depths[:, used] < 0).any():
        raise BadInput(
            "this number is too small", where=path.name, found=float(depths[:, used].min()), allowed=("from 0 on",)
        )
    known = np.where(used, depths, 0.0)
    edges = np.arange(len(known) + 1, dtype=np.float64) * step * MINUTE
    mean = Storm(path.name, step, known @ weight / weight.sum())
    return Falling(RainField(edges, known * MM, nearest), mean, int(used.sum()), known[:, used].sum(axis=0), digest)


def _gauges(path: Path, _values: Mapping[str, Any], terrain: Terrain) -> tuple[float, Array, Gauges, str]:
    """Step, depths and the gauge of each cell: the nearest (Thiessen)."""
    table = read_columns(path, COLUMNS)
    numbers = [table.numbers[one.name] for one in COLUMNS]
    if not all(np.isfinite(one).all() for one in numbers):
        raise BadInput("a course of water has no gaps", where=path.name, allowed=("a number in every row",))
    lon, lat, minute, depth = numbers
    places, gauge = np.unique(np.column_stack([lon, lat]), axis=0, return_inverse=True)
    times, at = np.unique(minute, return_inverse=True)
    steps = np.diff(times)
    if not len(steps) or (np.abs(steps - steps[0]) > EVEN).any() or times[0] != 0:
        raise BadInput(
            "steps of gauges are equal, from minute 0 on",
            where=path.name,
            found=", ".join(f"{one:g}" for one in times[:5]),
        )
    depths = np.full((len(times), len(places)), np.nan)
    gauge, at = gauge.ravel(), at.ravel()
    if len(depth) != depths.size or len(set(zip(at.tolist(), gauge.tolist(), strict=True))) != depths.size:
        raise BadInput(
            "every gauge has every step once", where=path.name, found=len(depth), allowed=(f"{depths.size} rows",)
        )
    depths[at, gauge] = depth
    return float(steps[0]), depths, _nearest(places, terrain), table.digest


def _nearest(places: Array, terrain: Terrain) -> Gauges:
    """The nearest of some places to each cell, row by row of the grid, so that memory stays small."""
    east, north = terrain.grid.centres()
    tree = cKDTree(np.column_stack(datums.from_wgs84(places[:, 0], places[:, 1], terrain.system)))
    rows = [tree.query(np.column_stack([east, np.full(len(east), one)]))[1] for one in north]
    return np.asarray(rows, np.int64)


def _bands(path: Path, values: Mapping[str, Any], terrain: Terrain) -> tuple[float, Array, Gauges, str]:
    from tulou.sources.rasters import read_stack  # an extra

    east, north = np.meshgrid(*terrain.grid.centres())
    lon, lat = datums.to_wgs84(east.ravel(), north.ravel(), datums.named(terrain.system))
    stack = read_stack(path, lon, lat, datum=values["datum"])
    return float(values["step"]), stack.values, stack.cell.reshape(terrain.grid.shape), stack.digest
