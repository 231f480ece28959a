"""From traffic to what a road emits, and to the level beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse
from tulou.kernel.words import Words
from tulou.measures.environment.road_noise import (
    air_absorption,
    energy_sum,
    gradient_of,
    level_of_road,
    line_power,
    vehicle_power,
)
from tulou.processes.declaration import Run
from tulou.processes.noise.coefficients import Coefficients, class_titles, coefficients, conditions, studs
from tulou.processes.noise.limits import area_limit, area_title
from tulou.processes.outcome import BarPlot, Cell, Column, Figure, Outcome, Table

Array = NDArray[np.float64]
MONTHS = 12.0
OTHER_YEAR = {"2015": "2020", "2020": "2015"}


@dataclass(frozen=True, eq=False)
class Emission:
    """What a road emits.

    Args:
        by_class: dB a metre by class, one number a band.
        whole: All classes together.
        weighted: A-weighted sum of all bands, dB(A) a metre.
    """

    by_class: Mapping[str, Array]
    whole: Array
    weighted: float


def emitted(values: Mapping[str, Any], held: Coefficients) -> Emission:
    """What a road emits by its traffic.

    Args:
        values: Values of the process.
        held: Coefficients of a year.

    Raises:
        BadUse: When nothing drives.
    """
    slopes = (values["slope"], -values["slope"]) if values["directions"] == "both" else (values["slope"],)
    held_studs = studs(values["studded"] / 100 * values["studded_months"] / MONTHS)
    by_class: dict[str, Array] = {}
    for name, one in held.classes.items():
        speed, an_hour = values[f"{name}_speed"], values[name]
        if not an_hour:
            continue
        here = conditions(values["temperature"], values["slope"], values["junction_distance"])
        ways = [
            line_power(
                vehicle_power(
                    one, speed, here, gradient_of(name, speed, slope), held_studs if name == "cars" else None
                ),
                an_hour / len(slopes),
                speed,
            )
            for slope in slopes
        ]
        by_class[name] = energy_sum(np.stack(ways))
    if not by_class:
        raise BadUse("a road without traffic makes no noise", where="cars", found=0, allowed=tuple(held.classes))
    whole = energy_sum(np.stack(list(by_class.values())))
    return Emission(by_class, whole, float(energy_sum(whole + held.a_weights)))


def emission(run: Run) -> Outcome:
    """Run the process, see ``road_noise.PROCESS``."""
    values = run.values
    year = values["coefficients"]
    held = coefficients(year, values["surface"], values["junction"])
    found = emitted(values, held)
    other = emitted(values, coefficients(OTHER_YEAR[year], values["surface"], values["junction"]))
    level = None if values["distance"] is None else _beside(values, found, held)
    if values["area_class"] and level is None:
        raise BadUse("an area needs the distance from the road", where="distance", allowed=("distance=20",))
    return Outcome(
        answer=(*_answer(values, found, other, level), *_in_area(values, level)),
        figures=_figures(found, other, level),
        tables=(_table(found, held),),
        plots=(_bars(found, held),),
        assumptions=_assumptions(values, level),
        warnings=_warnings(values, held),
    )


def _beside(values: Mapping[str, Any], found: Emission, held: Coefficients) -> float:
    lost = air_absorption(held.bands, values["temperature"], values["humidity"])
    return float(energy_sum(level_of_road(found.whole, values["distance"], values["half"], lost) + held.a_weights))


def _answer(values: Mapping[str, Any], found: Emission, other: Emission, level: float | None) -> tuple[Words, ...]:
    year = values["coefficients"]
    more = other.weighted - found.weighted
    said = [
        Words(
            f"按 {year} 年系数，道路声功率级为每米 {found.weighted:.2f} 分贝（A）；"
            f"按 {OTHER_YEAR[year]} 年系数相差 {more:+.2f} 分贝。",
            f"By the coefficients of {year} the road emits {found.weighted:.2f} dB(A) a metre; by those of "
            f"{OTHER_YEAR[year]} it is {more:+.2f} dB.",
        )
    ]
    if level is not None:
        said.append(
            Words(
                f"开阔硬地上，距路 {values['distance']:g} 米处为 {level:.1f} 分贝（A），不含遮挡与反射。",
                f"Over open, hard ground {values['distance']:g} m from the road it is {level:.1f} dB(A), without "
                "screens or reflections.",
            )
        )
    return tuple(said)


def _in_area(values: Mapping[str, Any], level: float | None) -> tuple[Words, ...]:
    """How far the level is from the limit of the area; no verdict, which only measurements give."""
    if level is None or not values["area_class"]:
        return ()
    limit, title = area_limit(values["area_class"], values["hours"]), area_title(values["area_class"])
    over = level - limit.value
    hours = Words("昼间", "day") if values["hours"] == "day" else Words("夜间", "night")
    basis = (
        Words("", "") if limit.can_judge else Words("（限值凭记忆，待核对）", " (limit from memory, to be confirmed)")
    )
    return (
        Words(
            f"{title.zh}区{hours.zh}限值 {limit.value:g} 分贝（A）{basis.zh}：模型值与之相差 {over:+.1f} 分贝。"
            "是否达标以实测为准。",
            f"The {hours.en} limit of {title.en} is {limit.value:g} dB(A){basis.en}: the model is {over:+.1f} dB from "
            "it. Whether it is kept, measurements tell.",
        ),
    )


def _figures(found: Emission, other: Emission, level: float | None) -> tuple[Figure, ...]:
    figures = [
        Figure("emission", Words("每米声功率级", "Sound power a metre"), found.weighted, "dBA"),
        Figure("other_year", Words("按另一年系数", "By the other coefficients"), other.weighted, "dBA"),
    ]
    if level is not None:
        figures.append(Figure("level", Words("路旁声级", "Level beside the road"), level, "dBA", digits=1))
    return tuple(figures)


def _table(found: Emission, held: Coefficients) -> Table:
    columns = [Column("vehicles", Words("车型", "Vehicles"))]
    columns += [Column(f"b{band:g}", Words(f"{band:g} Hz", f"{band:g} Hz"), "", 1) for band in held.bands]
    columns.append(Column("weighted", Words("A 计权", "A-weighted"), "dBA", 2))
    titles = class_titles()
    rows: list[list[Cell]] = [
        [titles[name], *levels.tolist(), float(energy_sum(levels + held.a_weights))]
        for name, levels in found.by_class.items()
    ]
    rows.append([Words("合计", "all"), *found.whole.tolist(), found.weighted])
    title = Words("每米声功率级（分贝）", "Sound power a metre, dB")
    return Table("emission", title, tuple(columns), rows)


def _bars(found: Emission, held: Coefficients) -> BarPlot:
    levels = (found.whole + held.a_weights).tolist()
    bars = tuple((f"{band:g}", level) for band, level in zip(held.bands, levels, strict=True))
    title = Words("各倍频带的 A 计权声功率级", "A-weighted sound power by octave band")
    return BarPlot("bands", title, Words("分贝（A）/米", "dB(A) a metre"), bars)


def _assumptions(values: Mapping[str, Any], level: float | None) -> tuple[Words, ...]:
    found = [
        Words(
            "系数出自欧洲车辆；用于本地前应以实测校准。车速低于 20 千米/时的按 20 计，坡度大于 12% 的按 12% 计。",
            "The coefficients are those of European vehicles: calibrate them by measurements. Below 20 km/h as at 20, "
            "above 12 % of slope as at 12 %.",
        )
    ]
    if values["directions"] == "both" and values["slope"]:
        found.append(Words("上坡、下坡车流各半。", "Half of the traffic drives up, half down."))
    if level is not None:
        found.append(
            Words(
                f"直线道路，两侧各延伸 {values['half']:g} 米；平坦硬地，均匀大气。",
                f"A straight road, {values['half']:g} m to either side; flat, hard ground, homogeneous air.",
            )
        )
    return tuple(found)


def _warnings(values: Mapping[str, Any], held: Coefficients) -> tuple[Words, ...]:
    low, high = held.speeds
    outside = [name for name in held.classes if values[name] and not low <= values[f"{name}_speed"] <= high]
    if not outside:
        return ()
    titles = class_titles()
    return (
        Words(
            f"路面系数只在 {low:g}—{high:g} 千米/时测定，超出的有：" + "、".join(titles[one].zh for one in outside),
            f"The surface was measured from {low:g} to {high:g} km/h only; outside are: "
            + ", ".join(titles[one].en for one in outside),
        ),
    )
