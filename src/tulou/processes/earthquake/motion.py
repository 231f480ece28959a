"""The motion of the ground under each building, one row a realisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from tulou.kernel.errors import BadInput, BadUse
from tulou.measures.hazard.earthquake.damage import realisations_of
from tulou.measures.hazard.earthquake.intensity import central_acceleration
from tulou.processes.earthquake.rules import EarthquakeRules
from tulou.sources.columns import Columns, Wanted, read_columns

Array = NDArray[np.float64]
COLUMNS = ("pga", "pga_g", "sa", "sa_g")
"""Columns of which one tells the motion of a file; those that end in _g are in parts of gravity."""
REACH = 10.0
"""Kilometres beyond which the nearest point of a map says nothing of a building; maps are finer than that."""
KILOMETRES = 111.195
"""Of a degree of latitude, on a sphere of 6371 km."""
GIVEN = ("intensity", "pga", "sa", "motion")
"""Inputs of which one tells the motion."""
PEAK, SPECTRAL = "PGA", "SA"
EVENTS = (
    Wanted("asset", ("id", "asset_id", "编号"), "text"),
    Wanted("lon", ("longitude", "经度"), "number", "1"),
    Wanted("lat", ("latitude", "纬度"), "number", "1"),
    Wanted("event", ("event_id", "eid", "rlzi", "事件"), "text"),
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


def motion_of(values: Mapping[str, Any], assets: Sequence[str], places: Array, rules: EarthquakeRules) -> Motion:
    """The motion that a run is asked for.

    Args:
        values: Inputs of the process.
        assets: Ids of the assets.
        places: Their longitude and latitude, degrees; NaN where unknown.
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
        return _from_file(values["motion"], assets, places, rules.gravity)
    if given == ["intensity"]:
        median = float(central_acceleration(np.array([values["intensity"]], float), rules.scale)[0])
    else:
        median = float(values[given[0]])
    spread, count = values["spread"] or 0.0, int(values["realisations"])
    measure = SPECTRAL if given == ["sa"] else PEAK
    return Motion(measure, realisations_of(median, spread, count)[:, None])


def _from_file(path: Path, assets: Sequence[str], places: Array, gravity: float) -> Motion:
    table = read_columns(path, EVENTS)
    told = [name for name in COLUMNS if name in table.numbers]
    if len(told) != 1:
        raise BadInput("one column tells the motion", where=path.name, found=", ".join(told) or None, allowed=COLUMNS)
    values = table.numbers[told[0]] * (gravity if told[0].endswith("_g") else 1.0)
    measure = SPECTRAL if told[0].startswith("sa") else PEAK
    if "asset" in table.texts:
        found = _by_asset(table, values, assets, path.name)
    elif {"lon", "lat"} <= set(table.numbers):
        found = _by_map(table, values, places, path.name)
    else:
        raise BadInput("a needed column is missing", where=path.name, allowed=("asset", "lon, lat"))
    return Motion(measure, found, {path.name: table.digest})


def _events(table: Columns) -> list[tuple[str, NDArray[np.int64]]]:
    """Rows of each event; one event where none is named."""
    named = np.array(table.texts.get("event", ("",) * table.rows), object)
    return [(name, np.flatnonzero(named == name)) for name in sorted(set(named))]


def _by_asset(table: Columns, values: Array, assets: Sequence[str], where: str) -> Array:
    column = {name: place for place, name in enumerate(assets)}
    events = _events(table)
    found = np.full((len(events), len(assets)), np.nan)
    for row, (event, rows) in enumerate(events):
        for at in rows:
            asset = table.texts["asset"][at]
            place = column.get(asset)
            if place is None:
                raise BadInput("there is no such asset", where=where, found=asset, allowed=tuple(assets[:12]))
            if np.isfinite(found[row, place]):
                raise BadInput("an asset has one motion in each event", where=f"{where}: {event}", found=asset)
            found[row, place] = values[at]
    return found


def _by_map(table: Columns, values: Array, places: Array, where: str) -> Array:
    """Motion of the nearest point of a map; unknown beyond its reach."""
    lon, lat = table.numbers["lon"], table.numbers["lat"]
    if not (np.all(np.abs(lon) <= 180) and np.all(np.abs(lat) <= 90)):  # noqa: PLR2004  (degrees)
        raise BadInput("a place is given by longitude and latitude", where=where, allowed=("119.3, 26.1",))
    known = np.isfinite(places).all(axis=1)
    middle = float(np.cos(np.radians(lat.mean())))
    scale = np.array([middle, 1.0]) * KILOMETRES
    events = _events(table)
    found = np.full((len(events), len(places)), np.nan)
    for row, (_, rows) in enumerate(events):
        away, nearest = cKDTree(np.column_stack([lon, lat])[rows] * scale).query(places[known] * scale)
        found[row, known] = np.where(away <= REACH, values[rows][nearest], np.nan)
    return found
