"""A flood, told: sentences, figures, tables, pictures, balances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.words import Words
from tulou.model.state import State
from tulou.processes.drainage.storms import Storm
from tulou.processes.flood.exposure import Met, facts_of, met
from tulou.processes.flood.rules import hazard, mark
from tulou.processes.flood.setting import DRY, HOUR, Setting
from tulou.processes.flood.surface import Flooded
from tulou.processes.outcome import Balance, Column, FieldPlot, Figure, Outcome, Table
from tulou.processes.unit_places import unit_places

Array = NDArray[np.float64]
DEPTH_STEPS = (0.05, 0.15, 0.3, 0.5, 1.0)
SPEED_STEPS = (0.1, 0.25, 0.5, 1.0, 2.0)
HECTARE = 1e4
"""m²."""
KILOMETRE = 1e3
"""m."""
FEW = 0.01
"""Share of wet cells from which on fast flow is warned of."""


def outcome_of(found: Flooded, values: Mapping[str, Any], state: State | None) -> Outcome:
    """What is told of a flood."""
    setting, most = found.setting, found.most
    whom = None
    if state is not None and setting.cover is not None:
        whom = met(state, setting.cover, setting.terrain, most.depth, most.ponded)
    return Outcome(
        answer=(_answer(setting, most.depth), *reached(whom)),
        figures=(*_figures(found), *_drain_figures(found), *_outside_figures(found), *met_figures(whom)),
        tables=(depths_table(setting, most.depth), *units_table(whom, values, state)),
        plots=(
            depth_plot(setting, most.depth),
            _field("speed", Words("最大流速", "Largest speed"), setting, most.speed, "m/s", SPEED_STEPS),
        ),
        balances=(_balance(found),),
        assumptions=(*shared_assumptions(setting, values), *_assumptions(values)),
        warnings=_warnings(found),
        facts=() if whom is None else facts_of(whom),
        sources=_sources(found, values),
    )


def _sources(found: Flooded, values: Mapping[str, Any]) -> dict[str, str]:
    drains = {} if found.drains is None else {values["sewer"].name: found.drains.digest}
    return {**found.setting.sources, **found.outside.sources, **drains}


def storm_words(storm: Storm) -> Words:
    """A storm in a few words."""
    if storm.name == DRY:
        return Words("无雨、仅有外来水的情形", "water from outside alone, without rain")
    depth, length = float(storm.depth.sum()), storm.step * len(storm.depth)
    if storm.period is None:
        return Words(
            f"{storm.name}（{length:g} 分钟 {depth:.1f} 毫米）", f"{storm.name} ({depth:.1f} mm in {length:g} min)"
        )
    return Words(
        f"{storm.period:g} 年一遇、{length:g} 分钟 {depth:.1f} 毫米的暴雨",
        f"the storm of {storm.period:g} years ({depth:.1f} mm in {length:g} min)",
    )


def wet_area(setting: Setting, depth: Array, least: float) -> float:
    """Area that is at least so deep, ha."""
    return float((np.nan_to_num(depth) >= least).sum()) * setting.cell**2 / HECTARE


def _answer(setting: Setting, depth: Array) -> Words:
    storm, area, deepest = (
        storm_words(setting.storm),
        wet_area(setting, depth, mark("ponding")),
        float(np.nanmax(depth)),
    )
    return Words(
        f"遇{storm.zh}，水深达到 {mark('ponding'):g} 米的面积为 {area:.2f} 公顷，最深 {deepest:.2f} 米。",
        f"In {storm.en}, {area:.2f} ha stand at least {mark('ponding'):g} m deep; "
        f"the deepest water is {deepest:.2f} m.",
    )


def reached(whom: Met | None) -> tuple[Words, ...]:
    """Whom a flood meets, in a sentence."""
    if whom is None:
        return ()
    count, people, closed = _counts(whom)
    return (
        Words(
            f"{count} 栋建筑的底层会进水，其中已知居住 {people:.0f} 人；{closed:.2f} 千米道路小汽车不能通行。",
            f"Water reaches the ground floor of {count} buildings, in which {people:.0f} people are known to live; "
            f"{closed:.2f} km of road are too deep for cars.",
        ),
    )


def _counts(whom: Met) -> tuple[int, float, float]:
    flooded = whom.is_flooded
    return int(flooded.sum()), float(np.nansum(whom.people[flooded])), float(whom.road_length.sum()) / KILOMETRE


def _figures(found: Flooded) -> tuple[Figure, ...]:
    setting, most = found.setting, found.most
    stood = most.ponded[np.nan_to_num(most.ponded) > 0]
    dangerous = float((np.nan_to_num(most.hazard) >= hazard("most")).sum()) * setting.cell**2 / HECTARE
    return (
        *depth_figures(setting, most.depth),
        Figure("largest_speed", Words("最大流速", "Largest speed"), float(np.nanmax(most.speed)), "m/s"),
        Figure("dangerous_area", Words("对多数人危险的面积", "Area dangerous to most people"), dangerous, "ha"),
        Figure(
            "longest_ponding",
            Words("最长积水时间", "Longest ponding"),
            float(stood.max()) / HOUR if len(stood) else 0.0,
            "hour",
        ),
        Figure("steps", Words("计算步数", "Steps"), float(found.flood.steps), "1", digits=0),
    )


def _drain_figures(found: Flooded) -> tuple[Figure, ...]:
    drains = found.drains
    if drains is None:
        return ()
    return (
        Figure("taken", Words("管网收走的水量", "Water the drains took"), drains.taken, "m3", digits=1),
        Figure("returned", Words("管网冒出的水量", "Water that came out of them"), drains.returned, "m3", digits=1),
        Figure("nodes", Words("参与交换的节点", "Nodes exchanged with"), float(drains.nodes), "1", digits=0),
    )


def _outside_figures(found: Flooded) -> tuple[Figure, ...]:
    """Volumes that came from outside and went back there."""
    outside, account = found.outside, found.flood.account
    figures = []
    if outside.inflow is not None:
        figures.append(
            Figure("inflow", Words("流入的外来水", "Water that flowed in"), account.came.get("inflow", 0.0), "m3")
        )
    if outside.stage is not None:
        came, went = account.came.get("stage", 0.0), account.went.get("stage", 0.0)
        figures += [
            Figure("stage_in", Words("自潮位或河道流入", "Water from the sea or river"), came, "m3"),
            Figure("stage_out", Words("流回潮位或河道", "Water that went back to it"), went, "m3"),
        ]
    return tuple(figures)


def depth_figures(setting: Setting, depth: Array) -> tuple[Figure, ...]:
    """Depth and areas of a flood."""
    car, emergency = mark("ponding"), mark("emergency")
    return (
        Figure("deepest", Words("最大水深", "Deepest water"), float(np.nanmax(depth)), "m"),
        Figure("ponding_area", Words("积水面积", "Area of ponding"), wet_area(setting, depth, car), "ha"),
        Figure(
            "deep_area",
            Words("应急车辆不能通行的面积", "Area too deep for emergency vehicles"),
            wet_area(setting, depth, emergency),
            "ha",
        ),
    )


def met_figures(whom: Met | None) -> tuple[Figure, ...]:
    """Figures of whom a flood meets."""
    if whom is None:
        return ()
    count, people, closed = _counts(whom)
    blocked = int((whom.road_depth >= mark("emergency")).sum())
    return (
        Figure("buildings", Words("底层进水的建筑", "Buildings reached"), float(count), "building", digits=0),
        Figure("people", Words("其中已知居住人口", "People known to live there"), people, "person", digits=0),
        Figure("closed_roads", Words("小汽车不能通行的道路", "Roads too deep for cars"), closed, "km"),
        Figure(
            "blocked_roads",
            Words("应急车辆不能通行的路段", "Roads too deep for emergency vehicles"),
            blocked,
            "1",
            digits=0,
        ),
    )


def depths_table(setting: Setting, depth: Array) -> Table:
    """How much area is at least so deep."""
    columns = (
        Column("from", Words("水深自", "Depth from"), "m"),
        Column("area", Words("面积", "Area"), "ha", 3),
    )
    rows = [[step, wet_area(setting, depth, step)] for step in DEPTH_STEPS]
    return Table("depths", Words("各水深以上的面积", "Area at least so deep"), columns, rows)


def units_table(whom: Met | None, values: Mapping[str, Any], state: State | None) -> tuple[Table, ...]:
    """Whom a flood meets in each unit."""
    if whom is None or state is None:
        return ()
    units = unit_places(state, values["level"], whom.places)
    flooded = whom.is_flooded
    sums = units.sums(np.column_stack([flooded.astype(float), np.where(flooded, whom.people, 0.0)]))
    roads = unit_places(state, values["level"], whom.roads.places).sums(whom.road_length / KILOMETRE)
    columns = (
        Column("unit", Words("单元", "Unit")),
        Column("buildings", Words("底层进水的建筑", "Buildings reached"), "building", 0),
        Column("people", Words("居住人口", "People"), "person", 0),
        Column("roads", Words("小汽车不能通行的道路", "Roads too deep for cars"), "km"),
    )
    hit = np.flatnonzero((sums[:, 0] > 0) | (roads > 0))
    order = hit[np.lexsort((hit, -roads[hit], -sums[hit, 0]))]
    rows = [[units.says(at), *sums[at].tolist(), float(roads[at])] for at in order.tolist()]
    return (Table("units", Words("各单元受影响情况", "Whom it meets, by unit"), columns, rows),)


def depth_plot(setting: Setting, depth: Array) -> FieldPlot:
    """The field of depths."""
    return _field("depth", Words("最大水深", "Largest depth"), setting, depth, "m", DEPTH_STEPS)


def _field(name: str, title: Words, setting: Setting, field: Array, unit: str, steps: tuple[float, ...]) -> FieldPlot:
    grid = setting.terrain.grid
    return FieldPlot(name, title, field, grid.west, grid.north, grid.cell, unit, steps)


def _balance(found: Flooded) -> Balance:
    account = found.flood.account
    stayed = found.flood.stored - found.flood.stored_first
    came, went = sum(account.came.values()), sum(account.went.values())
    return Balance(Words("地表水量", "Water on the ground"), came, went, stayed, "m3")


def shared_assumptions(setting: Setting, values: Mapping[str, Any]) -> tuple[Words, ...]:
    """What every flood assumes."""
    found = [
        Words("高程单位为米，全域同一高程基准。", "Elevations are in metres on one vertical datum."),
        _rain_words(setting),
        Words(
            f"底层室内外高差 {mark('ground_floor'):g} 米；小汽车可通行水深小于 {mark('ponding'):g} 米，"
            f"应急车辆小于 {mark('emergency'):g} 米（设定，待当地核定）。",
            f"Ground floors lie {mark('ground_floor'):g} m above the ground; cars pass below {mark('ponding'):g} m, "
            f"emergency vehicles below {mark('emergency'):g} m (choices, to be set locally).",
        ),
    ]
    if setting.terrain.is_resampled:
        found.append(
            Words(
                f"高程插值到 {setting.cell:g} 米单元（{setting.terrain.system}）。",
                f"The elevation was weighted to cells of {setting.cell:g} m ({setting.terrain.system}).",
            )
        )
    if setting.cover is not None and values["buildings"] == "blocked":
        found.append(
            Words("建筑挡水，屋面雨水落到最近的地面。", "Buildings stop water; roofs drain to the nearest ground.")
        )
    return tuple(found)


def _rain_words(setting: Setting) -> Words:
    falling = setting.falling
    if falling is None:
        return Words("雨均匀落在全域，没有面积折减。", "Rain falls evenly, without reduction for area.")
    low, high = float(falling.depths.min()), float(falling.depths.max())
    return Words(
        f"每处的雨取最近的雨量站或所在的栅格（共 {falling.gauges} 处，{low:.1f}—{high:.1f} 毫米），其间不插值。",
        f"Each place has the rain of its nearest gauge or its cell of the raster ({falling.gauges} of them, {low:.1f} "
        f"to {high:.1f} mm); nothing is blended in between.",
    )


def _assumptions(values: Mapping[str, Any]) -> tuple[Words, ...]:
    found = []
    if values["tide"] is not None:
        found.append(
            Words(
                "给定水位与地面高程为同一高程基准；没有波浪爬高。",
                "The level given is on the vertical datum of the ground; waves do not run up.",
            )
        )
    if values["drains"]:
        found.append(
            Words(
                f"管网处处带走每小时 {values['drains']:g} 毫米，不考虑受纳水体顶托。",
                f"Drains take {values['drains']:g} mm/h everywhere, whatever the level they drain to.",
            )
        )
    if values["roughness"] is None:
        found.append(Words("糙率按地表类别取值（凭记忆）。", "Manning's n by the cover of the ground (from memory)."))
    if values["soil"] != "none":
        found.append(
            Words(
                "土壤入渗按 Green-Ampt，雨前干燥（参数凭记忆）。",
                "Soils by Green and Ampt, dry before (parameters from memory).",
            )
        )
    if values["horton"] is not None:
        first, last, decay = values["horton"]
        found.append(
            Words(
                f"土壤入渗按霍顿：f0 {first:g}、fc {last:g} 毫米每小时，k 每小时 {decay:g}；两场雨之间不恢复。",
                f"Soil by Horton: f0 {first:g} and fc {last:g} mm/h, k {decay:g} 1/h; it does not dry in between.",
            )
        )
    return tuple(found)


def _warnings(found: Flooded) -> tuple[Words, ...]:
    most = found.most
    deep = np.nan_to_num(most.depth) >= mark("ponding")
    fast = deep & (np.nan_to_num(most.froude) > mark("froude"))
    if fast.sum() <= FEW * deep.sum():
        return ()
    share = 100 * fast.sum() / deep.sum()
    return (
        Words(
            f"{share:.0f}% 的积水单元弗劳德数超过 {mark('froude'):g}：此处水流急，本模型不适用，须用完整浅水方程复核。",
            f"In {share:.0f} % of the cells with ponding the Froude number passes {mark('froude'):g}: flow is too fast "
            "there for this model; check with the full shallow water equations.",
        ),
    )
