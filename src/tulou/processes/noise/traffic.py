"""Traffic by day and by night, and what roads emit by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput
from tulou.processes.noise.coefficients import Coefficients
from tulou.processes.noise.emission import emitted
from tulou.sources import cells
from tulou.sources.columns import Wanted, read_columns

Array = NDArray[np.float64]
PERIODS = ("day", "night")
PERIOD_WORDS = {"day": "day", "昼间": "day", "昼": "day", "night": "night", "夜间": "night", "夜": "night"}
SILENT = -np.inf
HALF = 10 * np.log10(2)
"""Half of the traffic is as much quieter, dB."""
FAR = 1e4
"""Far from any junction, m: junctions of a city are not told apart."""
KINDS = {
    "cars": ("小型车",),
    "medium": ("中型车",),
    "heavy": ("大型车", "重型车"),
    "mopeds": ("轻便摩托车",),
    "motorcycles": ("摩托车",),
}
COLUMNS = (
    Wanted("road", ("道路", "class", "等级"), "text", is_required=True),
    Wanted("period", ("时段",), "text", is_required=True),
    *(Wanted(name, heads, "number", "vehicle/hour", 0.0) for name, heads in KINDS.items()),
    Wanted("speed", ("车速",), "number", "km/hour", 0.0),
)


@dataclass(frozen=True)
class Traffic:
    """Traffic of a road in one period.

    Args:
        an_hour: Vehicles an hour, by class; classes that nobody spoke of do not drive there.
        speed: km/h; NaN when the road's own speed is to be taken.
    """

    an_hour: Mapping[str, float]
    speed: float


Counts = Mapping[tuple[str, str], Traffic]
"""Traffic by road, or class of roads, and period."""


def read_traffic(path: Path, titles: Mapping[str, str]) -> tuple[Counts, str]:
    """Read a table of traffic.

    Args:
        path: CSV with road (an id, or a class of roads), period, vehicles an hour by class, and speed.
        titles: Names of the classes of roads, by what they may be called.

    Returns:
        The traffic, and the digest of the file.

    Raises:
        BadInput: When a period is none, a count is missing, or a road stands there twice.
    """
    table = read_columns(path, COLUMNS)
    known = [name for name in KINDS if name in table.numbers]
    if not known:
        raise BadInput("no column of vehicles", where=path.name, found="", allowed=tuple(KINDS))
    speeds = table.numbers.get("speed", np.full(table.rows, np.nan))
    found: dict[tuple[str, str], Traffic] = {}
    for row, (road, period) in enumerate(zip(table.texts["road"], table.texts["period"], strict=True)):
        where = f"{path.name}: row {row + 2}"
        if cells.plain(period).lower() not in PERIOD_WORDS:
            raise BadInput("a period is day or night", where=where, found=period, allowed=tuple(PERIOD_WORDS))
        counts = {name: float(table.numbers[name][row]) for name in known}
        if not np.isfinite(list(counts.values())).all():
            raise BadInput("a count of vehicles is missing; 0 says that none drive", where=where, found=road)
        if speeds[row] == 0:
            raise BadInput("a speed is above 0", where=where, found=0)
        key = (titles.get(road, road), PERIOD_WORDS[cells.plain(period).lower()])
        if key in found:
            raise BadInput("a road has one row a period", where=where, found=f"{road}, {period}")
        found[key] = Traffic(counts, float(speeds[row]))
    return found, table.digest


def powers(
    counts: Counts,
    names: Sequence[tuple[str, str]],
    limits: Array,
    is_half: NDArray[np.bool_],
    held: Coefficients,
    temperature: float,
) -> Array:
    """A-weighted sound power of a metre of roads, dB.

    Args:
        counts: Traffic.
        names: Id and class of each road; what is told of its id goes before what is told of its class.
        limits: Speed limit of each road, km/h; NaN where unknown.
        is_half: Which are one carriageway of a divided road: half of what is told of its class drives there.
        held: Coefficients.
        temperature: °C.

    Returns:
        (roads, periods, bands); NaN where traffic or speed is unknown, −∞ where nothing drives.
    """
    found = np.full((len(names), len(PERIODS), len(held.bands)), np.nan)
    made: dict[tuple[str, str, float], Array] = {}
    for row, own in enumerate(names):
        for place, period in enumerate(PERIODS):
            name = next((name for name in own if (name, period) in counts), None)
            if name is None:
                continue
            traffic = counts[name, period]
            key = (name, period, float(traffic.speed if np.isfinite(traffic.speed) else limits[row]))
            if key not in made:
                made[key] = power_of(traffic.an_hour, key[2], held, temperature)
            found[row, place] = made[key] - (HALF if is_half[row] and name == own[1] else 0.0)
    return found


def power_of(an_hour: Mapping[str, float], speed: float, held: Coefficients, temperature: float) -> Array:
    """A-weighted sound power of a metre of road, dB a band; NaN when the speed is unknown, −∞ when nothing drives."""
    if not any(an_hour.values()):
        return np.full(len(held.bands), SILENT)
    if not np.isfinite(speed) or not speed > 0:
        return np.full(len(held.bands), np.nan)
    values: dict[str, Any] = {"slope": 0.0, "directions": "one", "studded": 0.0, "studded_months": 0.0}
    values |= {"temperature": temperature, "junction_distance": FAR}
    values |= {name: an_hour.get(name, 0.0) for name in KINDS}
    values |= {f"{name}_speed": speed for name in KINDS}
    return np.asarray(emitted(values, held).whole + held.a_weights)
