"""Water that comes from outside: a stream entering along a line, and a sea or river whose level is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput, BadUse
from tulou.measures.water.flood.inertial import Inflow, Stage
from tulou.processes.flood.terrain import Terrain
from tulou.sources import datum as datums
from tulou.sources.columns import Wanted, read_columns

Array = NDArray[np.float64]
Cells = tuple[NDArray[np.int64], NDArray[np.int64]]
MINUTE = 60.0
"""s."""
STEPS_A_CELL = 2
"""Points along a line for each cell that it crosses."""
TIME = Wanted("minute", ("time", "t", "min", "时间", "分钟"), unit="minute", least=0.0, is_required=True)
FLOW = Wanted("flow", ("q", "discharge", "流量"), unit="m3/s", least=0.0, is_required=True)
LEVEL = Wanted("level", ("stage", "water_level", "水位", "潮位"), unit="m", is_required=True)


@dataclass(frozen=True, eq=False)
class Outside:
    """Water from outside.

    Args:
        inflow: A stream that enters; None without one.
        stage: Cells of given level; None without any.
        ends: When the last of them is known, s.
        sources: SHA-256 of each file.
    """

    inflow: Inflow | None
    stage: Stage | None
    ends: float
    sources: Mapping[str, str]

    def holds(self, shape: tuple[int, int]) -> NDArray[np.bool_]:
        """Cells whose level is given."""
        held = np.zeros(shape, bool)
        if self.stage is not None:
            held[self.stage.rows, self.stage.columns] = True
        return held


def outside_of(values: Mapping[str, Any], terrain: Terrain, level: Array) -> Outside:
    """Read the water from outside.

    Args:
        values: Values of the process: ``inflow`` and ``inflow_line``, ``tide`` and ``tide_line``.
        terrain: The ground.
        level: Level of each cell, m; NaN where no water may be.

    Raises:
        BadUse: When a table comes without its line or the other way round, or a line meets no cell of the ground.
        BadInput: When a table is none of times and flows, or times and levels.
    """
    sources: dict[str, str] = {}
    inflow = stage = None
    ends = 0.0
    if _asked(values, "inflow"):
        times, rates = _series(values["inflow"], FLOW, sources)
        inflow = Inflow(*_cells(values["inflow_line"], "inflow_line", terrain, level), times, rates)
        ends = float(times[-1])
    if _asked(values, "tide"):
        times, levels = _series(values["tide"], LEVEL, sources)
        stage = Stage(*_cells(values["tide_line"], "tide_line", terrain, level), times, levels)
        ends = max(ends, float(times[-1]))
    return Outside(inflow, stage, ends, sources)


def _asked(values: Mapping[str, Any], name: str) -> bool:
    table, line = values[name], values[f"{name}_line"]
    if (table is None) != (line is None):
        lacking = f"{name}_line" if line is None else name
        raise BadUse("water from outside needs its course and the place it enters", where=name, allowed=(lacking,))
    return table is not None


def _series(path: Path, wanted: Wanted, sources: dict[str, str]) -> tuple[Array, Array]:
    """Times, s, and what holds at each."""
    read = read_columns(path, (TIME, wanted))
    times, found = read.numbers[TIME.name] * MINUTE, read.numbers[wanted.name]
    if not (np.isfinite(times).all() and np.isfinite(found).all()):
        raise BadInput("a course of water has no gaps", where=path.name, allowed=("a number in every row",))
    if len(times) < 2 or (np.diff(times) <= 0).any():  # noqa: PLR2004  (a course has a beginning and an end)
        raise BadInput("times ascend, and there are at least two", where=path.name, found=len(times))
    sources[path.name] = read.digest
    return times, found


def _cells(line: tuple[float, ...], where: str, terrain: Terrain, level: Array) -> Cells:
    """Cells under a point or a line of degrees where water may be."""
    if len(line) < 2 or len(line) % 2:  # noqa: PLR2004  (a longitude and a latitude)
        raise BadUse(
            "a line is longitudes and latitudes in turn",
            where=where,
            found=len(line),
            allowed=("119.28,26.05,119.29,26.06",),
        )
    lon, lat = np.array(line[::2]), np.array(line[1::2])
    corners = np.column_stack(datums.from_wgs84(lon, lat, terrain.system))
    at = terrain.grid.cells_of(_along(corners, terrain.grid.cell))
    at = np.unique(at[at >= 0])
    rows, columns = np.divmod(at, terrain.grid.columns)
    is_open = np.isfinite(level[rows, columns])
    if not is_open.any():
        raise BadUse("this line meets no ground that water may stand on", where=where, found=",".join(map(str, line)))
    return rows[is_open], columns[is_open]


def _along(corners: Array, cell: float) -> Array:
    """Points along a line, close enough to meet every cell that it crosses."""
    parts = [corners[:1]]
    for first, last in pairwise(corners):
        count = int(np.hypot(*(last - first)) / cell * STEPS_A_CELL) + 1
        parts.append(first + np.linspace(0, 1, count + 1)[1:, None] * (last - first))
    return np.concatenate(parts)
