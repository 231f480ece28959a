"""What a check of shelters says: sentences and figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.words import Words
from tulou.model.state import State
from tulou.processes.outcome import Figure
from tulou.processes.shelters.people import People
from tulou.processes.shelters.rules import EMERGENCY, PERCENT, rule
from tulou.processes.shelters.sites import Asked, Sites, falling
from tulou.processes.shelters.tables import TIMES

if TYPE_CHECKING:
    from tulou.processes.shelters.check import Checked

Array = NDArray[np.float64]
HAZARDS = {
    "earthquake": Words("地震", "earthquake"),
    "typhoon": Words("台风", "typhoon"),
    "flood": Words("洪涝", "flood"),
}
LAYERS = {
    EMERGENCY: Words("紧急避难", "emergency shelter"),
    "fixed": Words("固定避难", "fixed shelter"),
}
A_SHELTER = {EMERGENCY: "an emergency shelter", "fixed": "a fixed shelter"}
LEFT_OUT = {
    "outdoors": Words("室外场所，台风时不计", "outdoors, which does not count in a typhoon"),
    "indoors_unknown": Words("是否室内未知，台风时不计", "not known to be indoors, which does not count in a typhoon"),
    "no_place": Words("没有位置", "without a place"),
}


def answer(done: Sequence[Checked], asked: Asked) -> tuple[Words, ...]:
    """The answer, one sentence a need and time."""
    said = []
    for one in done:
        when = TIMES[one.when]
        for name, layer in one.layers.items():
            need, got = float(layer.need.sum()), float(layer.found.load.sum())
            share = 100 * got / need if need else 100.0
            said.append(
                Words(
                    f"{when.zh}（{HAZARDS[asked.hazard].zh}）：{LAYERS[name].zh}需要 {need:,.0f} 人，"
                    f"{share:.1f}% 有位置；"
                    f"{layer.found.far.sum():,.0f} 人太远，{layer.found.lacking.sum():,.0f} 人没有余地，"
                    f"至少缺 {layer.deficit_area:,.0f} 平方米。",
                    f"{when.en.capitalize()} ({HAZARDS[asked.hazard].en}): of {need:,.0f} people who need "
                    f"{A_SHELTER[name]}, {share:.1f} % have a place; {layer.found.far.sum():,.0f} are too far, "
                    f"for {layer.found.lacking.sum():,.0f} there is no room; at least {layer.deficit_area:,.0f} m² "
                    "are missing.",
                )
            )
    return tuple(said)


def figures(done: Sequence[Checked]) -> tuple[Figure, ...]:
    """Share with a place and area that is missing, for each need and time."""
    found = [figure for one in done for name in one.layers for figure in _figures(one, name)]
    effective = float(np.nansum(done[0].sites.effective))
    title = Words("有效避难面积", "Effective area")
    return (*found, Figure("effective_area", title, effective, "m2", digits=0))


def _figures(one: Checked, name: str) -> tuple[Figure, ...]:
    layer, when, what = one.layers[name], TIMES[one.when], LAYERS[name]
    zh, en = f"{when.zh}{what.zh}", f"{what.en} {when.en}"
    need = float(layer.need.sum())
    share = 100 * float(layer.found.load.sum()) / need if need else float("nan")
    key = f"{name}_{one.when}"
    return (
        Figure(f"{key}_share", Words(f"{zh}有位置的比例", f"With a place, {en}"), share, "percent", digits=1),
        Figure(f"{key}_left", Words(f"{zh}无位置人数", f"Without, {en}"), layer.found.deficit, "person", digits=0),
        Figure(f"{key}_area", Words(f"{zh}缺口面积", f"Missing area, {en}"), layer.deficit_area, "m2", digits=0),
    )


def assumptions(asked: Asked, values: Mapping[str, Any], sites: Sites) -> tuple[Words, ...]:
    """What was assumed."""
    found = [
        Words(
            "人均面积、疏散距离、最小面积、最大容量凭记忆（GB 51143-2015 表3.1.10 未读到原文），"
            "可作参考，不作达标判定。",
            "Area a person, distances, least areas and most people are from memory (table 3.1.10 of GB 51143-2015 was "
            "not read): for reference, no pass mark.",
        ),
        Words(
            f"紧急避难：全部人口，人均 {values['area']:g} 平方米，固定场所首日也开放；固定避难：人口的 "
            f"{rule('fixed_share') / PERCENT:g}%，各类按自己的距离与人均面积。"
            "两类需求先后发生，同一场地在同一阶段不重复使用。",
            f"Emergency shelter: everybody, {values['area']:g} m² a person, fixed shelters open on the first day too; "
            f"fixed: {rule('fixed_share') / PERCENT:g} % of the people, each class with its own distance and area. "
            "The two needs follow one another; no ground serves twice in one phase.",
        ),
        Words("步行沿路网，到场地边缘。", "People walk along the streets to the edge of the ground."),
    ]
    if np.isfinite(sites.gross).any():
        found.append(
            Words(
                f"有边界而无登记有效面积的场地，可用部分按 {asked.utilisation / PERCENT:g}% 计（设计取值）；"
                f"火源30米内、坡度大于 {asked.slope / PERCENT:g}%、积水深于 {asked.depth:g} 米不计。",
                f"Of ground with an outline and no effective area on record {asked.utilisation / PERCENT:g} % is used "
                f"(a choice); ground within 30 m of fire sources, steeper than {asked.slope / PERCENT:g} % or under "
                f"more than {asked.depth:g} m of water does not count.",
            )
        )
    if asked.hazard == "earthquake":
        which = FALLING[asked.falling]
        found.append(
            Words(
                f"地震时{which.zh}，倒塌影响范围为高度的 {asked.debris / PERCENT:g}%（凭记忆）；"
                f"层数未知的建筑按 {asked.storeys:g} 层。",
                f"In the earthquake {which.en}; debris reaches {asked.debris / PERCENT:g} % of the height (from "
                f"memory); a building on no record has {asked.storeys:g} storeys.",
            )
        )
    return tuple(found)


FALLING = {
    "all": Words("所有建筑都可能倒塌", "every building may fall"),
    "hazardous": Words("登记有结构隐患的建筑倒塌", "buildings with a structural hazard on record fall"),
    "none": Words("没有建筑倒塌", "no building falls"),
}


def nothing_falls(state: State, asked: Asked) -> tuple[Words, ...]:
    """A warning where no building has a structural hazard on record: unknown is not safe."""
    if asked.hazard != "earthquake" or asked.falling != "hazardous":
        return ()
    if falling(state.rows("building"), "hazardous").any():
        return ()
    return (
        Words(
            "没有建筑登记有结构隐患：按没有建筑倒塌计，也可能只是没有登记；可用 falling=all 核对。",
            "No building has a structural hazard on record, so none falls; there may be no register: see falling=all.",
        ),
    )


def warnings_of(people: People, sites: Sites, asked: Asked) -> tuple[Words, ...]:
    """What a reader must know before the figures are used."""
    unknown = int((np.isnan(sites.effective) & np.isnan(sites.capacity)).sum())
    has_ground = bool(shapely.get_dimensions(sites.shapes).max(initial=0) > 1)
    said = [
        (
            people.unplaced,
            f"{people.unplaced:,.0f} 人没有位置信息，计为无位置。",
            f"{people.unplaced:,.0f} people have no place on the map and count as without shelter.",
        ),
        (
            people.unknown,
            f"{people.unknown} 个人口单元人数未知，没有计入。",
            f"Nobody knows the people of {people.unknown} population cells; they are not counted.",
        ),
        (
            unknown,
            f"{unknown} 处避难场所面积和容量都未知，按没有位置计。",
            f"Area and places of {unknown} shelters are both unknown: they count as none.",
        ),
        (
            asked.hazard == "flood" and asked.flood is None,
            "没有给出积水深度栅格：没有场地因积水扣除。",
            "No raster of depths was given: no ground is taken off for water.",
        ),
        (
            has_ground and asked.heights is None,
            "没有给出高程栅格：坡度没有检查。",
            "No raster of heights was given: slopes were not looked at.",
        ),
    ]
    left = [
        Words(
            f"{count} 处避难场所没有计入：{LEFT_OUT[name].zh}。", f"{count} shelters do not count: {LEFT_OUT[name].en}."
        )
        for name, count in sites.left_out.items()
    ]
    return (*left, *(Words(zh, en) for holds, zh, en in said if holds))
