"""The motion of the ground under each building, one row a realisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput, BadUse
from tulou.measures.hazard.earthquake.damage import realisations_of
from tulou.measures.hazard.earthquake.intensity import central_acceleration
from tulou.processes.earthquake.rules import EarthquakeRules
from tulou.sources.columns import Wanted, read_columns

Array = NDArray[np.float64]
GIVEN = ("intensity", "pga", "sa", "motion")
"""Inputs of which one tells the motion."""
PEAK, SPECTRAL = "PGA", "SA"
EVENTS = (
    Wanted("asset", ("id", "asset_id", "编号"), "text", is_required=True),
    Wanted("event", ("event_id", "eid", "rlzi", "事件"), "text", is_required=True),
    Wanted("pga", ("pga(m/s2)",), "number", "m/s2", least=0.0),
    Wanted("pga_g", ("gmv_pga",), "number", "1", least=0.0),
    Wanted("sa", (), "number", "m/s2", least=0.0),
    Wanted("sa_g", (), "number", "1", least=0.0),
)


@dataclass(frozen=True, eq=False)
class Motion:
    """Motion of the ground.

    Args:
        measure: ``PGA`` or ``SA``.
        values: Shape (realisations, assets), or (realisations, 1) where it is the same everywhere; m/s².
        sources: SHA-256 of each file that was read.
    """

    measure: str
    values: Array
    sources: dict[str, str] = field(default_factory=dict)

    def at(self, realisation: int, assets: NDArray[np.int64]) -> Array:
        """Motion of some assets in one realisation."""
        row = self.values[realisation]
        return row if len(row) == 1 else row[assets]

    def is_known(self, count: int) -> NDArray[np.bool_]:
        """Which of the assets have a motion in every realisation."""
        return np.broadcast_to(np.isfinite(self.values).all(axis=0), (count,))


def motion_of(values: Mapping[str, Any], assets: Sequence[str], rules: EarthquakeRules) -> Motion:
    """The motion that a run is asked for.

    Args:
        values: Inputs of the process.
        assets: Ids of the assets.
        rules: Scale of intensity and gravity.

    Raises:
        BadUse: When none or several of the inputs tell the motion.
        BadInput: When a file of motions is none.
    """
    given = [name for name in GIVEN if values.get(name) is not None]
    if len(given) != 1:
        allowed = [name for name in GIVEN if name in values]
        raise BadUse(
            "one input tells the motion of the ground", where="motion", found=", ".join(given), allowed=allowed
        )
    if given == ["motion"]:
        return _from_file(values["motion"], assets, rules.gravity)
    if given == ["intensity"]:
        median = float(central_acceleration(np.array([values["intensity"]], float), rules.scale)[0])
    else:
        median = float(values[given[0]])
    spread, count = values["spread"] or 0.0, int(values["realisations"])
    measure = SPECTRAL if given == ["sa"] else PEAK
    return Motion(measure, realisations_of(median, spread, count)[:, None])


def _from_file(path: Path, assets: Sequence[str], gravity: float) -> Motion:
    table = read_columns(path, EVENTS)
    told = [name for name in ("pga", "pga_g", "sa", "sa_g") if name in table.numbers]
    if len(told) != 1:
        raise BadInput(
            "one column tells the motion",
            where=path.name,
            found=", ".join(told),
            allowed=("pga", "pga_g", "sa", "sa_g"),
        )
    values = table.numbers[told[0]] * (gravity if told[0].endswith("_g") else 1.0)
    events = sorted(set(table.texts["event"]))
    row = {name: place for place, name in enumerate(events)}
    column = {name: place for place, name in enumerate(assets)}
    found = np.full((len(events), len(assets)), np.nan)
    for asset, event, value in zip(table.texts["asset"], table.texts["event"], values.tolist(), strict=True):
        at = column.get(asset)
        if at is None:
            raise BadInput("there is no such asset", where=path.name, found=asset, allowed=tuple(assets[:12]))
        if np.isfinite(found[row[event], at]):
            raise BadInput("an asset has one motion in each event", where=f"{path.name}: {event}", found=asset)
        found[row[event], at] = value
    return Motion(SPECTRAL if told[0].startswith("sa") else PEAK, found, {path.name: table.digest})
