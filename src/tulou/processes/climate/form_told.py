"""What ``urban_roughness`` tells: figures of the city, fields, walls by direction, classes, units."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse
from tulou.kernel.facts import Facts
from tulou.kernel.words import Words
from tulou.measures.climate.potential import HIGH, MIDDLE, NONE, RATHER_HIGH, RATHER_LOW
from tulou.processes.climate.form import CityForm, city_form
from tulou.processes.climate.rules import rules
from tulou.processes.climate.standing import standing
from tulou.processes.climate.winds import SECTOR_WORDS
from tulou.processes.declaration import Run
from tulou.processes.outcome import BarPlot, Cell, Column, FieldPlot, Figure, Outcome, Table
from tulou.processes.unit_places import LEVELS, UnitPlaces, unit_places

Array = NDArray[np.float64]
PERCENT = 100.0
HECTARES = 1e-4
"""Hectares in a square metre."""
CLASSES = {
    HIGH: Words("1 高", "1 high"),
    RATHER_HIGH: Words("2 较高", "2 rather high"),
    MIDDLE: Words("3 一般", "3 middle"),
    RATHER_LOW: Words("4 较低", "4 rather low"),
    NONE: Words("5 无或很低", "5 very low or none"),
}
ROUGHNESS_STEPS = (0.1, 0.25, 0.5, 1.0, 2.0)
PLAN_STEPS = (0.05, 0.1, 0.2, 0.3, 0.4)
FRONTAL_STEPS = (0.05, 0.1, 0.2, 0.35, 0.6)
SKY_STEPS = (0.35, 0.5, 0.65, 0.8, 0.9)
MEANS = ("plan_area_index", "frontal_area_index", "roughness_length", "displacement_height", "sky_view_factor")
"""What is told of units, by the names of their columns."""


def tell(run: Run) -> Outcome:
    """Run the process, see ``urban_roughness.PROCESS``."""
    values = run.values
    if values["directions"] % 2:
        raise BadUse("the directions are an even number", where="directions", found=values["directions"])
    buildings = standing(run.city, values["unknown_height"])
    found = city_form(buildings, values["cell"], surface_cell=values["surface_cell"], directions=values["directions"])
    east, north = np.meshgrid(*found.grid.centres())
    units = unit_places(run.city, values["level"], np.column_stack((east.ravel(), north.ravel())))
    means = unit_means(found, units)
    return Outcome(
        answer=_answer(found),
        figures=_figures(found),
        tables=(_classes(found), _directions(found), _units(units, means, LEVELS[values["level"]])),
        plots=(*_fields(found), _rose(found)),
        assumptions=_assumptions(found, values["unknown_height"]),
        warnings=_warnings(found),
        facts=_facts(values["level"], units, means),
    )


def fields_of(found: CityForm) -> dict[str, Array]:
    """The fields that are told of units, by name."""
    rough, form = found.form.roughness, found.morphology
    fields = (form.plan_area, found.form.frontal, rough.length, rough.displacement, found.sky)
    return dict(zip(MEANS, fields, strict=True))


def unit_means(found: CityForm, units: UnitPlaces) -> dict[str, Array]:
    """Mean of each field over the cells whose middle lies in a unit; NaN where one of them is unknown or there is none.

    A cell that is all roof has no ground to see the sky from, and counts for nothing there.
    """
    inside, size = units.unit >= 0, len(units.ids)
    unit = units.unit[inside]
    all_roof = np.isnan(found.sky) & ~np.isnan(found.form.roughness.length)
    means: dict[str, Array] = {}
    for name, field in fields_of(found).items():
        counts = (~all_roof if name == MEANS[-1] else np.ones(field.shape, bool)).ravel()[inside]
        many = np.bincount(unit, counts, size)
        whole = np.bincount(unit, np.where(counts, field.ravel()[inside], 0.0), size)
        means[name] = np.divide(whole, many, out=np.full(size, np.nan), where=many > 0)
    return means


def _answer(found: CityForm) -> tuple[Words, ...]:
    low, high = rules().roughness
    rough, sky = _mean(found, found.form.roughness.length), _mean(found, found.sky)
    shares = _shares(found)
    said = [
        Words(
            f"建成范围内粗糙度长度平均 {rough:.2f} 米，地面天空可视因子平均 {sky:.2f}。",
            f"Over the city the roughness length is {rough:.2f} m in the mean, the sky view factor of the ground "
            f"{sky:.2f}.",
        ),
        Words(
            f"按凭记忆的 QX/T 437-2018 分级（z0 界限 {low:g}、{high:g} 米），{shares[NONE]:.1f}% 的面积通风潜力"
            f"无或很低；供参考，不作判定。",
            f"By the classes of QX/T 437-2018 as remembered (z0 of {low:g} and {high:g} m), {shares[NONE]:.1f} % of "
            f"the area is of very low or no ventilation potential: a reference, no verdict.",
        ),
    ]
    return tuple(said) if np.isfinite(rough) else (_nothing(),)


def _nothing() -> Words:
    return Words(
        "没有一个单元的粗糙度可知：建筑高度和层数均未知。",
        "Roughness is not assessed in any cell: neither heights nor storeys of the buildings are known.",
    )


def _mean(found: CityForm, field: Array) -> float:
    """Mean over the ground of the city, as far as it is known."""
    some = field[found.ground & np.isfinite(field)]
    return float(some.mean()) if len(some) else float("nan")


def _shares(found: CityForm) -> dict[float, float]:
    """Share of each class of the ground whose class is known, percent."""
    known = found.grade[found.ground & np.isfinite(found.grade)]
    return {grade: PERCENT * float((known == grade).mean()) if len(known) else float("nan") for grade in CLASSES}


def _figures(found: CityForm) -> tuple[Figure, ...]:
    form = found.morphology
    rough = found.form.roughness
    unknown = PERCENT * float(found.unknown.sum() / max(found.ground.sum(), 1))
    told = (
        ("plan_area", Words("平均建筑密度 λp", "Mean plan area index λp"), form.plan_area, "1", 3),
        ("frontal_area", Words("平均迎风面积指数 λf", "Mean frontal area index λf"), found.form.frontal, "1", 3),
        ("height", Words("建筑平均高度", "Mean height of buildings"), form.height_mean, "m", 1),
        ("roughness_length", Words("平均粗糙度长度 z0", "Mean roughness length z0"), rough.length, "m", 2),
        ("displacement", Words("平均零平面位移 zd", "Mean displacement height zd"), rough.displacement, "m", 1),
        ("sky_view", Words("地面平均天空可视因子", "Mean sky view factor of the ground"), found.sky, "1", 3),
    )
    means = [Figure(name, title, _mean(found, field), unit, digits=many) for name, title, field, unit, many in told]
    poor = Words("通风潜力无或很低的面积占比（参考）", "Area of very low or no ventilation potential (a reference)")
    return (
        *means,
        Figure("very_low", poor, _shares(found)[NONE], "percent", digits=1),
        Figure("unknown", Words("粗糙度未知的面积占比", "Area of unknown roughness"), unknown, "percent", digits=1),
    )


def _classes(found: CityForm) -> Table:
    columns = (
        Column("class", Words("通风潜力（参考）", "Ventilation potential (a reference)")),
        Column("area", Words("面积", "Area"), "ha", 1),
        Column("share", Words("占已知面积", "Share of what is known"), "percent", 1),
    )
    shares = _shares(found)
    area = found.grid.area * HECTARES
    rows: list[list[Cell]] = [
        [title, area * float((found.grade == grade)[found.ground].sum()), _cell(shares[grade])]
        for grade, title in CLASSES.items()
    ]
    rows.append([Words("未知", "unknown"), area * float(np.isnan(found.grade)[found.ground].sum()), None])
    return Table("classes", Words("通风潜力分级", "Ventilation classes"), columns, rows)


def _directions(found: CityForm) -> Table:
    columns = (
        Column("direction", Words("来风方向", "Wind from")),
        Column("frontal_area", Words("迎风面积指数 λf", "Frontal area index λf"), "1", 3),
        Column("roughness_length", Words("粗糙度长度 z0", "Roughness length z0"), "m", 2),
    )
    rows: list[list[Cell]] = [
        [title, _cell(_mean(found, frontal)), _cell(_mean(found, found.form.roughness_in(one).length))]
        for one, (title, frontal) in enumerate(zip(SECTOR_WORDS, found.morphology.frontal_area, strict=True))
    ]
    return Table("directions", Words("各风向的平均值", "Means by wind direction"), columns, rows)


def _units(units: UnitPlaces, means: dict[str, Array], title: Words) -> Table:
    columns = (
        Column("unit", Words("单元", "Unit")),
        Column(MEANS[0], Words("λp", "λp"), "1", 3),
        Column(MEANS[1], Words("λf", "λf"), "1", 3),
        Column(MEANS[2], Words("z0", "z0"), "m", 2),
        Column(MEANS[3], Words("zd", "zd"), "m", 1),
        Column(MEANS[4], Words("天空可视因子", "Sky view factor"), "1", 3),
    )
    order = np.argsort(np.nan_to_num(-means["roughness_length"], nan=np.inf), kind="stable")
    rows: list[list[Cell]] = [[units.names[one], *(_cell(means[name][one]) for name in MEANS)] for one in order]
    return Table("units", Words(f"各{title.zh}（按 z0 排列）", f"By {title.en}, the roughest first"), columns, rows)


def _fields(found: CityForm) -> tuple[FieldPlot, ...]:
    told: tuple[tuple[str, Words, Array, str, Sequence[float]], ...] = (
        (
            "roughness_length",
            Words("粗糙度长度 z0", "Roughness length z0"),
            found.form.roughness.length,
            "m",
            ROUGHNESS_STEPS,
        ),
        ("plan_area", Words("建筑密度 λp", "Plan area index λp"), found.morphology.plan_area, "1", PLAN_STEPS),
        (
            "frontal_area",
            Words("迎风面积指数 λf（各风向平均）", "Frontal area index λf (mean of all winds)"),
            found.form.frontal,
            "1",
            FRONTAL_STEPS,
        ),
        ("sky_view", Words("地面天空可视因子", "Sky view factor of the ground"), found.sky, "1", SKY_STEPS),
        (
            "ventilation_class",
            Words("通风潜力分级：1 高 至 5 无或很低（参考）", "Ventilation class: 1 high to 5 very low (a reference)"),
            found.grade,
            "1",
            tuple(CLASSES),
        ),
    )
    grid = found.grid
    return tuple(
        FieldPlot(
            name, title, np.where(found.ground, field, np.nan), grid.west, grid.north, grid.cell, unit, tuple(steps)
        )
        for name, title, field, unit, steps in told
    )


def _rose(found: CityForm) -> BarPlot:
    bars = [
        (title, _mean(found, frontal))
        for title, frontal in zip(SECTOR_WORDS, found.morphology.frontal_area, strict=True)
    ]
    title = Words("各来风方向的平均迎风面积指数", "Mean frontal area index by wind direction")
    return BarPlot("frontal_by_direction", title, Words("λf", "λf"), tuple(bars))


def _assumptions(found: CityForm, unknown_height: float | None) -> tuple[Words, ...]:
    held = rules()
    return (
        *found.buildings.assumptions(unknown_height),
        Words(
            "天空可视因子按余弦加权（城市气候的定义），取地面各点的平均；只见建筑，地面视为水平。",
            "The sky view factor is weighted by the cosine (the definition of urban climate), the mean over the "
            "ground; buildings only, on level ground.",
        ),
        Words(
            "相邻建筑共用的墙不计迎风面积，只计高出部分；z0、zd 用 Kanda（2013），迎风面积取十六个来风方向的平均。",
            "Party walls are no frontal area but where one building rises above the other; z0 and zd by Kanda et al. "
            "(2013) with the mean frontal area of sixteen winds.",
        ),
        Words(
            f"建筑占地超过 {PERCENT * held.skimming:g}% 的单元，气流掠过屋顶而不入街巷，分级时 z0 按不低于 "
            f"{held.roughness[1]:g} 米计（凭记忆）。",
            f"Where more than {PERCENT * held.skimming:g} % of the ground is built on, the wind skims over the roofs: "
            f"for its class z0 counts as at least {held.roughness[1]:g} m (from memory).",
        ),
    )


def _warnings(found: CityForm) -> tuple[Words, ...]:
    unknown = found.buildings.unknown
    if not unknown:
        return ()
    return (
        Words(
            f"{len(found.buildings.heights)} 栋建筑中 {unknown} 栋高度和层数未知：其所在单元不评估，相邻单元的天空可视"
            f"因子只是上限。可用 unknown_height 给出假定高度。",
            f"Of {len(found.buildings.heights)} buildings {unknown} have neither height nor storeys on record: their "
            f"cells are not assessed, and the sky view of cells beside them is an upper bound. unknown_height assumes "
            f"a height.",
        ),
    )


def _facts(level: str, units: UnitPlaces, means: dict[str, Array]) -> tuple[Facts, ...]:
    """What each unit learns; one with an unknown cell learns nothing of what it makes unknown."""
    columns = {"id": pa.array(units.ids, pa.string())}
    columns |= {name: pa.array(means[name], from_pandas=True) for name in MEANS}
    return (Facts(level, pa.table(columns)),) if units.ids else ()


def _cell(number: float) -> float | None:
    return float(number) if np.isfinite(number) else None
