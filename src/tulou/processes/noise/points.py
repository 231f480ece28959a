"""Road noise at places of a layer, from layers of roads with their traffic and of buildings."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput
from tulou.kernel.words import Words
from tulou.measures.environment.noise_map import Walls
from tulou.measures.environment.road_noise import energy_sum
from tulou.processes.declaration import Run
from tulou.processes.layer import Layer, read_layer
from tulou.processes.noise.coefficients import Coefficients, coefficients
from tulou.processes.noise.listening import LOUD, levels, roads_of, shared_assumptions
from tulou.processes.noise.town import pieces
from tulou.processes.noise.traffic import power_of
from tulou.processes.outcome import BarPlot, Cell, Column, Figure, Outcome, Table

Array = NDArray[np.float64]
HOURS = {"D": 12.0, "E": 4.0, "N": 8.0}
"""Hours of day (6 to 18), evening (18 to 22) and night in layers of roads."""
DAY = ("D", "E")
"""Parts of the day of GB 3096, from 6 to 22."""
FLOWS = ("TV", "HV", "LV_SPD", "HV_SPD")
"""All vehicles and heavy ones an hour, speeds of light and of heavy ones, km/h."""
MOST_ROWS = 2_000
"""Places told; all count."""


def at_points(run: Run) -> Outcome:
    """Run the process, see ``noise_points.PROCESS``."""
    values = run.values
    held = coefficients(values["coefficients"], values["surface"], "none")
    columns = tuple(f"{flow}_{part}" for flow in FLOWS for part in HOURS)
    roads = read_layer(values["roads"], numbers=columns, datum=values["datum"])
    others = {"system": roads.system, "datum": values["datum"]}
    buildings = read_layer(values["buildings"], numbers=(values["height_column"],), **others)
    points = read_layer(values["receivers"], **others)
    if (shapely.get_type_id(points.shapes) != shapely.GeometryType.POINT).any():
        raise BadInput("receivers are points", where=values["receivers"].name, found="other shapes")
    power = _powers(roads, held, values["temperature"])
    walls, unknown = _walls(buildings, values)
    spots = shapely.get_coordinates(points.shapes)
    places = np.column_stack([spots, np.full(len(spots), values["height"])])
    found = levels(places, roads_of(roads.shapes, power), walls, values, held)
    silent = int(np.isnan(power).any(axis=(1, 2)).sum())
    return Outcome(
        answer=(_answer(found),),
        figures=_figures(found),
        tables=(_table(spots, found),),
        plots=(_bars(found),),
        assumptions=(*shared_assumptions(values), _assumed(unknown, values)),
        warnings=_warnings(silent, len(power), roads.left_out + buildings.left_out + points.left_out),
        sources={
            values[name].name: layer.digest
            for name, layer in (("roads", roads), ("buildings", buildings), ("receivers", points))
        },
    )


def _powers(roads: Layer, held: Coefficients, temperature: float) -> Array:
    """Power by day (6 to 22) and night of each road; NaN where a flow that is above 0 has no speed, or is unknown."""
    rows = range(len(roads.shapes))
    by_part = {part: np.stack([_power(roads, row, part, held, temperature) for row in rows]) for part in HOURS}
    hours = sum(HOURS[part] for part in DAY)
    energy = sum(HOURS[part] / hours * 10 ** (by_part[part] / 10) for part in DAY)
    with np.errstate(divide="ignore"):
        return np.stack([10 * np.log10(energy), by_part["N"]], axis=1)


def _power(roads: Layer, row: int, part: str, held: Coefficients, temperature: float) -> Array:
    total, heavy, speed, heavy_speed = (float(roads.numbers[f"{flow}_{part}"][row]) for flow in FLOWS)
    if not np.isfinite(total) or not np.isfinite(heavy) or heavy < 0 or heavy > total:
        return np.full(len(held.bands), np.nan)
    both = ({"cars": total - heavy}, speed), ({"heavy": heavy}, heavy_speed)
    return energy_sum(np.stack([power_of(an_hour, at, held, temperature) for an_hour, at in both]))


def _walls(buildings: Layer, values: Mapping[str, Any]) -> tuple[Walls, int]:
    heights = buildings.numbers[values["height_column"]]
    unknown = ~np.isfinite(heights)
    ends, owner = pieces(np.asarray(shapely.boundary(buildings.shapes), object))
    return Walls(ends, np.where(unknown, values["building_height"], heights)[owner]), int(unknown.sum())


def _answer(found: Array) -> Words:
    heard = found[np.isfinite(found).all(axis=1)]
    day, night = np.median(heard, axis=0) if len(heard) else (np.nan, np.nan)
    return Words(
        f"{len(found)} 个受声点中，{len(heard)} 个听得到道路；声级中位数昼间 {day:.1f}、夜间 {night:.1f} 分贝（A）。",
        f"At {len(heard)} of {len(found)} places roads are heard; the median is {day:.1f} dB(A) by day and "
        f"{night:.1f} by night.",
    )


def _figures(found: Array) -> tuple[Figure, ...]:
    titles = (Words("昼间最高", "Loudest by day"), Words("夜间最高", "Loudest by night"))
    return tuple(
        Figure(name, title, float(np.max(found[:, place], initial=-np.inf)), "dBA", digits=1)
        for place, (name, title) in enumerate(zip(("day_most", "night_most"), titles, strict=True))
    )


def _table(spots: Array, found: Array) -> Table:
    columns = (
        Column("number", Words("序号", "Number"), "", 0),
        Column("x", Words("东", "East"), "m", 1),
        Column("y", Words("北", "North"), "m", 1),
        Column("day", Words("昼间", "Day"), "dBA", 1),
        Column("night", Words("夜间", "Night"), "dBA", 1),
    )
    rows: list[list[Cell]] = [
        [row + 1, *spots[row].tolist(), *(level if np.isfinite(level) else None for level in found[row].tolist())]
        for row in range(min(len(spots), MOST_ROWS))
    ]
    return Table("places", Words("各受声点", "Places"), columns, rows)


def _bars(found: Array) -> BarPlot:
    bounds = [-np.inf, *LOUD, np.inf]
    bars: list[tuple[str, float]] = []
    for low, high in pairwise(bounds):
        said = f"< {high:g}" if np.isinf(low) else f"≥ {low:g}" if np.isinf(high) else f"{low:g}–{high:g}"
        bars.append((said, float(((found[:, 0] >= low) & (found[:, 0] < high)).sum())))
    title = Words("昼间声级分布（分贝（A））", "Levels by day, dB(A)")
    return BarPlot("levels", title, Words("受声点", "Places"), tuple(bars))


def _assumed(unknown: int, values: Mapping[str, Any]) -> Words:
    return Words(
        f"{unknown} 栋建筑高度未知，按 {values['building_height']:g} 米计；昼间为 6—22 时（D 12 小时、E 4 小时）。",
        f"{unknown} buildings of unknown height count as {values['building_height']:g} m high; the day is from 6 to 22 "
        "(D 12 hours, E 4 hours).",
    )


def _warnings(silent: int, roads: int, left_out: int) -> tuple[Words, ...]:
    found: list[Words] = []
    if silent:
        found.append(
            Words(
                f"{silent} 条道路（共 {roads} 条）车流或车速未知或不合理，声级只是下限。",
                f"Traffic or speed of {silent} of {roads} roads is unknown or cannot be: levels are lower bounds.",
            )
        )
    if left_out:
        found.append(Words(f"{left_out} 行没有几何。", f"{left_out} rows have no shape."))
    return tuple(found)
