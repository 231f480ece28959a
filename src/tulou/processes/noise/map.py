"""From the roads, buildings and people of a city to its map of road noise, and who lives above the limit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput, BadUse, NotEnoughData
from tulou.kernel.facts import Facts
from tulou.kernel.words import Words
from tulou.measures.environment.noise_map import Roads
from tulou.model.state import State
from tulou.processes.declaration import Run
from tulou.processes.layer import read_layer
from tulou.processes.noise.coefficients import Coefficients, coefficients
from tulou.processes.noise.limits import area_limit, strip
from tulou.processes.noise.listening import LOUD, levels, roads_of, shared_assumptions
from tulou.processes.noise.town import (
    MOTOR,
    Buildings,
    Streets,
    areas_of,
    before_facades,
    buildings_of,
    streets_of,
)
from tulou.processes.noise.traffic import PERIODS, powers, read_traffic
from tulou.processes.outcome import BarPlot, Cell, Column, FieldPlot, Figure, Outcome, Table
from tulou.processes.unit_places import unit_places

Array = NDArray[np.float64]
AREAS = ("0", "1", "2", "3", "4a", "4b")
"""Classes of areas of GB 3096."""
MOST_UNITS = 40
"""Units told; the others have fewer people above the limit."""
CELLS = 80
"""Cells along the longer side of the picture, unless asked otherwise."""
LEAST_CELL = 10.0
MOST_CELLS = 40_000
"""Cells of a picture at most: it would take hours beyond."""
DAY, NIGHT = range(len(PERIODS))


@dataclass(frozen=True, eq=False)
class Heard:
    """What is heard at the loudest façade of each building.

    Args:
        levels: Day and night, dB(A), (buildings, 2); −∞ where nothing is heard, NaN without a façade in the open.
        is_open: Whether a road of unknown traffic is near: the level is a lower bound.
        areas: Class of the area of each; None when unknown.
        over: By how much the limit is passed at the worse hour, dB; NaN where class or level are unknown.
        can_judge: Whether class and limit are known by more than memory.
    """

    levels: Array
    is_open: NDArray[np.bool_]
    areas: list[str | None]
    over: Array
    can_judge: NDArray[np.bool_]

    @property
    def is_over(self) -> NDArray[np.bool_]:
        """Surely above the limit, by the model."""
        return self.over > 0

    @property
    def is_within(self) -> NDArray[np.bool_]:
        """Surely within it, by the model."""
        return (self.over <= 0) & ~self.is_open


def map_of_city(run: Run) -> Outcome:
    """Run the process, see ``noise_map.PROCESS``."""
    values, state = run.values, run.state
    if state is None:
        raise BadUse("this process runs on a city", where="noise_map")
    held = coefficients(values["coefficients"], values["surface"], "none")
    buildings, streets = buildings_of(state, values["building_height"]), streets_of(state)
    sources: dict[str, str] = {}
    power = _powers(state, streets, values, held, sources)
    roads = roads_of(streets.shapes, power)
    areas, beside = _areas(state, buildings, streets, values, sources)
    heard = _heard(buildings, streets, power, roads, areas, values, held)
    heard = replace(heard, can_judge=heard.can_judge & ~beside)
    return Outcome(
        answer=(_answer(buildings, heard),),
        figures=_figures(buildings, heard),
        tables=(_people(buildings, heard), _units(state, buildings, heard, values["level"])),
        plots=(_field(buildings, roads, values, held), _bars(buildings, heard)),
        assumptions=_assumptions(values, buildings),
        warnings=_warnings(buildings, heard, streets, power),
        facts=(_facts(buildings, heard),),
        sources=sources,
    )


def _powers(
    state: State, streets: Streets, values: Mapping[str, Any], held: Coefficients, sources: dict[str, str]
) -> Array:
    classes = state.dictionary["road"].attribute("class").values or {}
    titles = {words.zh: name for name, words in classes.items()} | {words.en: name for name, words in classes.items()}
    counts, sources[values["traffic"].name] = read_traffic(values["traffic"], titles)
    known = {name for names in streets.names for name in names} | set(MOTOR)
    for name, _ in counts:
        if name not in known:
            raise BadInput("no road and no class of roads of this name", where="traffic", found=name, allowed=MOTOR)
    found = powers(counts, streets.names, streets.limits, streets.is_half, held, values["temperature"])
    if not np.isfinite(found).any():
        raise NotEnoughData("no road has a known traffic and speed", where="traffic", found=len(counts))
    return found


def _areas(
    state: State, buildings: Buildings, streets: Streets, values: Mapping[str, Any], sources: dict[str, str]
) -> tuple[list[str | None], NDArray[np.bool_]]:
    zones = None
    if values["zones"] is not None:
        layer = read_layer(values["zones"], texts=("class",), system=state.profile.crs, datum=values["datum"])
        known = [name for name in layer.texts["class"] if name not in AREAS]
        if known:
            raise BadInput("not a class of area", where=values["zones"].name, found=known[0], allowed=AREAS)
        zones = (layer.shapes, layer.texts["class"])
        sources[values["zones"].name] = layer.digest
    held = strip()
    main = np.array([kind in held.roads for _, kind in streets.names], bool) & bool(values["strip"])
    return areas_of(buildings.shapes, zones, values["area_class"], streets.shapes[main], dict(held.reach))


def _heard(
    buildings: Buildings,
    streets: Streets,
    power: Array,
    roads: Roads,
    areas: list[str | None],
    values: Mapping[str, Any],
    held: Coefficients,
) -> Heard:
    lived = np.flatnonzero(buildings.people > 0)
    if not len(lived):
        raise NotEnoughData("nobody is known to live in any building", where="population", found=0)
    places, owner = before_facades(buildings, lived, values["spacing"], values["height"])
    loud = levels(places, roads, buildings.walls, values, held)
    loudest = np.full((len(buildings.ids), len(PERIODS)), np.nan)
    np.fmax.at(loudest, owner, loud)
    unknown = streets.shapes[np.isnan(power).any(axis=(1, 2))]
    is_open = np.zeros(len(buildings.ids), bool)
    if len(unknown):
        near = shapely.STRtree(unknown).query(buildings.shapes[lived], "dwithin", distance=values["reach"])[0]
        is_open[lived[np.unique(near)]] = True
    limits = np.array([[_limit(kind, period) for period in PERIODS] for kind in areas], np.float64)
    over = np.where(np.isnan(loudest).any(axis=1), np.nan, (loudest - limits).max(axis=1))
    can = np.array([kind is not None and area_limit(kind, "day").can_judge for kind in areas], bool)
    return Heard(loudest, is_open, areas, over, can)


def _limit(kind: str | None, period: str) -> float:
    return float("nan") if kind is None else area_limit(kind, period).value


def _sum(buildings: Buildings, chosen: NDArray[np.bool_]) -> float:
    return float(np.nansum(buildings.people[chosen]))


def _answer(buildings: Buildings, heard: Heard) -> Words:
    whole = _sum(buildings, np.isfinite(buildings.people))
    over, within = _sum(buildings, heard.is_over), _sum(buildings, heard.is_within)
    return Words(
        f"住在建筑内的 {whole:,.0f} 人中，{over:,.0f} 人的住处最响一面的道路噪声模型值超过所在功能区限值，"
        f"{within:,.0f} 人不超过，{whole - over - within:,.0f} 人无法判定。是否达标以实测为准。",
        f"Of {whole:,.0f} people in buildings, {over:,.0f} live where the modelled road noise at the loudest façade is "
        f"above the limit of their class of area, {within:,.0f} where it is not; of {whole - over - within:,.0f} "
        "nobody can tell. Whether limits are kept, measurements tell.",
    )


def _figures(buildings: Buildings, heard: Heard) -> tuple[Figure, ...]:
    whole = _sum(buildings, np.isfinite(buildings.people))
    over, within = _sum(buildings, heard.is_over), _sum(buildings, heard.is_within)
    judged = _sum(buildings, heard.is_over & heard.can_judge)
    share = 100 / whole
    return (
        Figure("people_over", Words("超限人数", "People above the limit"), over, "person", over, whole - within, 0),
        Figure(
            "share_over",
            Words("超限人口比例", "Share of people above the limit"),
            over * share,
            "percent",
            over * share,
            (whole - within) * share,
            1,
        ),
        Figure(
            "people_over_sourced",
            Words("其中限值有据的", "Of these with a sourced limit"),
            judged,
            "person",
            digits=0,
        ),
        Figure("people_unplaced", Words("不在任何建筑内", "In no building"), buildings.unplaced, "person", digits=0),
    )


def _people(buildings: Buildings, heard: Heard) -> Table:
    """People by class of level, day and night."""
    columns = (
        Column("class", Words("声级（分贝（A））", "Level, dB(A)")),
        Column("day", Words("昼间人数", "People by day"), "person", 0),
        Column("night", Words("夜间人数", "People by night"), "person", 0),
    )
    bounds = [-np.inf, *LOUD, np.inf]
    rows: list[list[Cell]] = []
    for low, high in pairwise(bounds):
        said = f"< {high:g}" if np.isinf(low) else f"≥ {low:g}" if np.isinf(high) else f"{low:g}–{high:g}"
        counts = [_sum(buildings, (heard.levels[:, p] >= low) & (heard.levels[:, p] < high)) for p in (DAY, NIGHT)]
        rows.append([said, *counts])
    return Table("people", Words("按声级统计的人数", "People by level"), columns, rows)


def _bars(buildings: Buildings, heard: Heard) -> BarPlot:
    bars = tuple((str(row[0]), float(str(row[2]))) for row in _people(buildings, heard).rows)
    return BarPlot("people", Words("夜间各声级人数", "People by level at night"), Words("人", "People"), bars)


def _units(state: State, buildings: Buildings, heard: Heard, level: str) -> Table:
    spots = shapely.get_coordinates(shapely.point_on_surface(buildings.shapes))
    units = unit_places(state, level, spots)
    chosen = np.column_stack([np.ones(len(spots), bool), heard.is_over, heard.is_within])
    sums = units.sums(buildings.people[:, None] * chosen)
    worst = np.lexsort((np.arange(len(sums)), -sums[:, 1]))[:MOST_UNITS]
    columns = (
        Column("unit", Words("单元", "Unit")),
        Column("people", Words("人数", "People"), "person", 0),
        Column("over", Words("超限", "Above the limit"), "person", 0),
        Column("within", Words("不超限", "Within"), "person", 0),
        Column("unknown", Words("无法判定", "Unknown"), "person", 0),
    )
    rows: list[list[Cell]] = [
        [units.says(row), *sums[row].tolist(), float(sums[row, 0] - sums[row, 1] - sums[row, 2])]
        for row in worst.tolist()
        if sums[row, 0] > 0
    ]
    return Table("units", Words("各单元受影响人数（最多者在前）", "People by unit, the most first"), columns, rows)


def _field(buildings: Buildings, roads: Roads, values: Mapping[str, Any], held: Coefficients) -> FieldPlot:
    """The level by night on a grid, buildings left blank."""
    west, south, east, north = shapely.total_bounds(buildings.shapes)
    cell = values["cell"] or max(float(max(east - west, north - south)) / CELLS, LEAST_CELL)
    columns, rows = (max(int(np.ceil((high - low) / cell)), 1) for low, high in ((west, east), (south, north)))
    if columns * rows > MOST_CELLS:
        raise BadUse(
            "so small cells would take hours", where="cell", found=cell, allowed=(f"at most {MOST_CELLS} cells",)
        )
    x, y = np.meshgrid(west + (np.arange(columns) + 0.5) * cell, north - (np.arange(rows) + 0.5) * cell)
    spots = np.column_stack([x.ravel(), y.ravel()])
    tree = shapely.STRtree(buildings.shapes)
    free = np.ones(len(spots), bool)
    free[np.unique(tree.query(np.asarray(shapely.points(spots), object), "within")[0])] = False
    places = np.column_stack([spots[free], np.full(int(free.sum()), values["height"])])
    found = np.full(len(spots), np.nan)
    found[free] = levels(places, roads, buildings.walls, values, held)[:, NIGHT]
    found[np.isinf(found)] = np.nan
    title = Words("夜间道路噪声（模型）", "Road noise by night (model)")
    return FieldPlot("night", title, found.reshape(rows, columns), float(west), float(north), cell, "dBA", LOUD)


def _facts(buildings: Buildings, heard: Heard) -> Facts:
    """What each inhabited building learns: levels, and whether the limit is passed where it is sourced."""
    rows = np.flatnonzero(~np.isnan(heard.levels).any(axis=1))
    told = np.maximum(heard.levels[rows], 0.0)
    sure = heard.is_over | heard.is_within
    over = [bool(heard.is_over[row]) if sure[row] and heard.can_judge[row] else None for row in rows]
    lower = heard.is_open[rows]
    return Facts(
        "building",
        pa.table(
            {
                "id": pa.array([str(one) for one in buildings.ids[rows]]),
                "road_noise_day": pa.array(np.where(lower, np.nan, told[:, DAY]), from_pandas=True),
                "road_noise_night": pa.array(np.where(lower, np.nan, told[:, NIGHT]), from_pandas=True),
                "road_noise_over": pa.array(over, pa.bool_()),
            }
        ),
    )


def _assumptions(values: Mapping[str, Any], buildings: Buildings) -> tuple[Words, ...]:
    found = [*shared_assumptions(values)]
    if values["strip"]:
        held = strip()
        reach = "、".join(f"{kind}类 {metres:g} 米" for kind, metres in held.reach.items())
        also = ", ".join(f"class {kind} {metres:g} m" for kind, metres in held.reach.items())
        found.append(
            Words(
                f"主要道路两侧按 4a 类：{reach}（{held.clause}，凭记忆，待核对）。",
                f"Beside main roads land counts as class 4a: {also} ({held.clause}, from memory, to be confirmed).",
            )
        )
    found.append(
        Words(
            "按等级给出的车流指整条道路；分幅道路的每幅按一半计。",
            "Traffic told by class is that of a whole road; each carriageway of a divided road has half of it.",
        )
    )
    found.append(
        Words(
            f"{buildings.assumed} 栋建筑高度、层数均未知，按 {values['building_height']:g} 米计；"
            "其余缺高度的按每层 3 米。人在建筑内，按最响一面计。",
            f"{buildings.assumed} buildings without height or storeys count as {values['building_height']:g} m high, "
            "others without height as 3 m a storey. People are in buildings and counted at the loudest façade.",
        )
    )
    return tuple(found)


def _warnings(buildings: Buildings, heard: Heard, streets: Streets, power: Array) -> tuple[Words, ...]:
    found: list[Words] = []
    unknown = int(np.isnan(power).any(axis=(1, 2)).sum())
    if unknown:
        found.append(
            Words(
                f"{unknown} 条道路（共 {len(power)} 条）车流或车速未知：其附近的声级只是下限，不能判为不超限。",
                f"Traffic or speed of {unknown} of {len(power)} roads is unknown: near them levels are lower bounds "
                "and nobody is within the limit.",
            )
        )
    recalled = int((~heard.can_judge & np.array([kind is not None for kind in heard.areas], bool)).sum())
    if recalled:
        found.append(
            Words(
                f"{recalled} 栋建筑按主要道路两侧划为 4a 类，其距离凭记忆：只供参考，不写入城市；请给出 zones。",
                f"{recalled} buildings count as class 4a by their distance from a main road, which is from memory: for "
                "reference only, no verdict of theirs goes to the city. Give zones.",
            )
        )
    nameless = sum(kind is None for kind in heard.areas)
    if nameless:
        found.append(
            Words(
                f"{nameless} 栋建筑的声环境功能区未知，无法判定；请给出 zones 或 area_class。",
                f"The class of area of {nameless} buildings is unknown: give zones or area_class.",
            )
        )
    walled = _sum(buildings, (buildings.people > 0) & np.isnan(heard.levels).any(axis=1))
    if walled:
        found.append(
            Words(
                f"{walled:,.0f} 人所在建筑四面无空地，无法判定。",
                f"{walled:,.0f} people live in buildings without an open façade: unknown.",
            )
        )
    if streets.tunnels:
        found.append(
            Words(f"{streets.tunnels} 段隧道内道路未计。", f"{streets.tunnels} roads in tunnels are left out.")
        )
    homeless = int(np.isnan(buildings.people).sum())
    if homeless:
        found.append(
            Words(
                f"{homeless} 栋建筑无人口数据，不在统计之内。",
                f"Nobody knows who lives in {homeless} buildings: they are left out.",
            )
        )
    return tuple(found)
