"""A flood of the surface, computed: from the ground and the storm to what is told of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse
from tulou.kernel.progress import Progress
from tulou.measures.water.flood.inertial import NO_RAIN, Drive, Flood, Ground, Loss, Outlets, Rain
from tulou.measures.water.flood.losses import Drains, HortonSoil, Soil
from tulou.measures.water.flood.peaks import Most, Peaks
from tulou.processes.declaration import Run
from tulou.processes.flood.outside import Outside, outside_of
from tulou.processes.flood.rules import least_edge_slope, marks, roughness, soil
from tulou.processes.flood.setting import HOUR, MINUTE, MM, Setting, setting_of
from tulou.processes.outcome import Outcome

if TYPE_CHECKING:
    from tulou.processes.flood.sewer import Sewer, Told

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
LOOK = 10.0
"""How often the most of the flood is kept, and water exchanged with the drains, s."""


@dataclass(frozen=True, eq=False)
class Flooded:
    """A flood, computed.

    Args:
        setting: What it was computed on.
        most: The most it did to each cell; NaN where no water may be.
        flood: The flood at its end.
        drains: What the drains did; None without a model of them.
        outside: Water that came from outside.
    """

    setting: Setting
    most: Most
    flood: Flood
    drains: Told | None
    outside: Outside


def surface(run: Run) -> Outcome:
    """Run the process, see ``surface_flood.PROCESS``."""
    from tulou.processes.flood.told import outcome_of

    is_flowing = any(run.values[name] is not None for name in ("inflow", "tide"))
    setting = setting_of(run.values, run.state, needs_storm=not is_flowing)
    return outcome_of(flooded(setting, run.values, run.progress), run.values, run.state)


def flooded(setting: Setting, values: Mapping[str, Any], progress: Progress) -> Flooded:
    """Compute a flood.

    Args:
        setting: What it is computed on.
        values: Values of the process.
        progress: Told how far it is.
    """
    outside = outside_of(values, setting.terrain, setting.level)
    flood = Flood(_ground(setting, values), _drive(setting, values, outside))
    peaks = Peaks(flood, marks())
    end = max(setting.storm.step * len(setting.storm.depth) * MINUTE, outside.ends) + values["after"] * MINUTE
    with _drains(setting, values, flood, end) as drains:
        looks = max(round(end / LOOK), 1)
        for look in range(1, looks + 1):
            if drains is not None:
                drains.exchange(end / looks)
            flood.advance(end * look / looks)
            peaks.look()
            progress("surface flood", look, looks)
    closed = ~np.isfinite(setting.level)
    for field in peaks.most:
        field[closed] = np.nan
    return Flooded(setting, peaks.most, flood, None if drains is None else drains.told, outside)


@contextmanager
def _drains(setting: Setting, values: Mapping[str, Any], flood: Flood, end: float) -> Iterator[Sewer | None]:
    """The drains beside the flood; None without a model of them."""
    if values["sewer"] is None:
        yield None
        return
    from tulou.processes.flood.sewer import placed, running  # loads SWMM

    with running(placed(setting, values, end), flood, values) as sewer:
        yield sewer


def _ground(setting: Setting, values: Mapping[str, Any]) -> Ground:
    rough: Array | float = values["roughness"] or roughness("other")
    if values["roughness"] is None and setting.cover is not None:
        rough = setting.cover.roughness
    return Ground(setting.level, setting.cell, rough, setting.catch)


def _drive(setting: Setting, values: Mapping[str, Any], outside: Outside) -> Drive:
    storm = setting.storm
    edges = np.arange(len(storm.depth) + 1, dtype=np.float64) * storm.step * MINUTE
    outlets = edge_outlets(setting, outside.holds(setting.level.shape)) if values["edge"] == "open" else None
    falling = setting.falling
    return Drive(
        NO_RAIN if falling is not None else Rain(edges, storm.depth * MM),
        field=None if falling is None else falling.field,
        inflows=() if outside.inflow is None else (outside.inflow,),
        stages=() if outside.stage is None else (outside.stage,),
        outlets=outlets,
        losses=_losses(setting, values),
    )


def _losses(setting: Setting, values: Mapping[str, Any]) -> tuple[Loss, ...]:
    found: list[Loss] = []
    is_open = np.isfinite(setting.level)
    if values["soil"] != "none":
        kind = soil(values["soil"])
        bare = is_open if setting.cover is None else is_open & setting.cover.green
        speed = np.where(bare, kind.conductivity * MM / HOUR, 0.0)
        found.append(Soil(speed, np.full(speed.shape, kind.suction * MM * kind.deficit)))
    if values["horton"] is not None:
        found.append(_horton(setting, values))
    if values["drains"]:
        found.append(Drains(np.where(is_open, values["drains"] * MM / HOUR, 0.0)))
    return tuple(found)


def _horton(setting: Setting, values: Mapping[str, Any]) -> HortonSoil:
    numbers = values["horton"]
    if values["soil"] != "none":
        raise BadUse("one soil takes the water", where="horton", found=values["soil"], allowed=("soil=none",))
    if len(numbers) != 3:  # noqa: PLR2004  (three numbers)
        raise BadUse("soil by Horton has three numbers", where="horton", found=len(numbers), allowed=("f0,fc,k",))
    first, last, decay = numbers
    bare = np.isfinite(setting.level)
    if setting.cover is not None:
        bare &= setting.cover.green
    return HortonSoil(first * MM / HOUR, last * MM / HOUR, decay / HOUR, bare)


def edge_outlets(setting: Setting, held: Flags) -> Outlets | None:
    """Cells over whose outer sides water leaves, as steep as the ground falls outwards there.

    Args:
        setting: What the flood is computed on.
        held: Cells whose level is given: water leaves them by that.
    """
    faces = np.where(held, 0, setting.edge_faces)
    rows, columns = np.nonzero(faces)
    if not len(rows):
        return None
    level = np.pad(setting.level, 1, constant_values=np.nan)
    around = np.stack([level[rows + 1 + y, columns + 1 + x] for y, x in ((-1, 0), (1, 0), (0, -1), (0, 1))])
    rise = np.nan_to_num(around - setting.level[rows, columns], nan=0.0).max(axis=0)
    slope = np.maximum(rise / setting.cell, least_edge_slope()).astype(np.float64)
    return Outlets(rows, columns, slope, faces[rows, columns].astype(np.float64) * setting.cell)
