"""What ``wind_corridors`` tells: corridors and their level, what stands in them, where the ways run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput
from tulou.kernel.facts import GEOMETRY, ID, Facts
from tulou.kernel.words import Words
from tulou.measures.climate.morphology import SECTORS
from tulou.model.geography import to_geographic
from tulou.processes.climate.finding import Corridor, planned
from tulou.processes.climate.rules import Level, rules
from tulou.processes.climate.standing import Standing, standing
from tulou.processes.climate.survey import PERCENT, Survey, assumptions, field, survey, title_of, warnings
from tulou.processes.climate.winds import SECTOR_WORDS, answer_of, read_winds, rose_plot
from tulou.processes.declaration import Run
from tulou.processes.layer import read_layer
from tulou.processes.outcome import Cell, Column, Figure, Outcome, Table

Array = NDArray[np.float64]
ENTITY = "ventilation_corridor"
MOST_BLOCKING = 8
"""Buildings named for each corridor."""
HALF = 0.5
DENSITY_STEPS = (1.0, 2.0, 5.0, 10.0, 20.0)
ROUGHNESS_STEPS = (0.1, 0.25, 0.5, 1.0, 2.0)
PLANNED = Words(
    "廊道取规划线，各按偏离最小的主导来风评价；城区以外的部分不评价。",
    "Corridors are those planned, each judged in the dominant wind it turns least from, and only inside the city.",
)


def find(run: Run) -> Outcome:
    """Run the process, see ``wind_corridors.PROCESS``."""
    values = run.values
    buildings = standing(run.city, values["unknown_height"])
    winds = read_winds(values["record"], values)
    seen = survey(buildings, winds, buildings.grid(values["cell"]))
    sources = {winds.name: winds.record.digest}
    if values["planned"] is not None:
        seen, digest = _with_plan(seen, values["planned"], run.city.profile.crs)
        sources[values["planned"].name] = digest
    return Outcome(
        answer=(_answer(seen), answer_of(winds)),
        figures=_figures(seen),
        tables=(_corridors(seen), _blocking(seen), _winds(seen)),
        plots=(
            field(
                seen,
                "ways",
                Words("软轻风最小成本路径经过的比例", "Share of the least-cost ways of the light wind"),
                PERCENT * seen.density,
                "percent",
                DENSITY_STEPS,
            ),
            field(
                seen,
                "roughness",
                Words("粗糙度长度 z0（按软轻风风频）", "Roughness length z0 in the light wind"),
                seen.form.roughness.length,
                "m",
                ROUGHNESS_STEPS,
            ),
            rose_plot(winds),
        ),
        assumptions=(*assumptions(seen, winds, values), *((PLANNED,) if values["planned"] else ())),
        warnings=warnings(seen, winds),
        facts=(_facts(seen, run.city.profile.crs),),
        sources=sources,
    )


def _with_plan(seen: Survey, path: Path, system: str) -> tuple[Survey, str]:
    """The survey with planned corridors in place of those found, and the digest of their file."""
    layer = read_layer(path, system=system)
    grid = seen.grid
    box = shapely.box(grid.west, grid.north - grid.rows * grid.cell, grid.west + grid.columns * grid.cell, grid.north)
    inside = shapely.line_merge(shapely.intersection(layer.shapes, box))
    parts = shapely.get_parts(inside)
    lines = [shapely.get_coordinates(one) for one in parts if shapely.get_dimensions(one) == 1]
    lines = [line for line in lines if (line[0] != line[-1]).any()]
    if not lines:
        raise BadInput("no planned corridor runs through the city", where=path.name, found=len(layer.shapes))
    return replace(seen, found=tuple(planned(lines, seen.crossed, grid))), layer.digest


def _answer(seen: Survey) -> Words:
    counts = {level.name: sum(one.level is level for one in seen.found) for level in rules().levels}
    short = sum(one.level is None for one in seen.found)
    length = sum(one.length for one in seen.found if one.level) / 1000
    return Words(
        f"主通风廊道 {counts['main']} 条、次通风廊道 {counts['secondary']} 条，共 {length:.1f} 公里；另有 {short} "
        f"条候选通道在宽度、长度、夹角或连续性上未达标。",
        f"{counts['main']} main and {counts['secondary']} secondary corridors, together {length:.1f} km; "
        f"{short} more candidates fall short in width, length, angle or continuity.",
    )


def _figures(seen: Survey) -> tuple[Figure, ...]:
    rough = seen.form.roughness.length
    known = np.isfinite(rough)
    closed = PERCENT * float((rough[known] > rules().roughness[1]).mean()) if known.any() else float("nan")
    kept = sum(one.length for one in seen.found if one.level)
    whole = sum(one.length for one in seen.found)
    share = PERCENT * kept / whole if whole else float("nan")
    return (
        Figure("main", Words("主通风廊道", "Main corridors"), _count(seen, "main"), "1", digits=0),
        Figure("secondary", Words("次通风廊道", "Secondary corridors"), _count(seen, "secondary"), "1", digits=0),
        Figure("candidates", Words("未达标候选", "Candidates that fall short"), _count(seen, ""), "1", digits=0),
        Figure("adequate", Words("达标长度占比", "Share of length up to its level"), share, "percent", digits=1),
        Figure(
            "closed",
            Words("z0 大于 1 米（通风潜力很低）的面积占比", "Area of z0 above 1 m, of very low ventilation"),
            closed,
            "percent",
            digits=1,
        ),
        Figure(
            "unknown",
            Words("粗糙度未知的面积占比", "Area of unknown roughness"),
            PERCENT * float((~known).mean()),
            "percent",
            digits=1,
        ),
    )


def _count(seen: Survey, name: str) -> int:
    return sum((one.level.name if one.level else "") == name for one in seen.found)


def _corridors(seen: Survey) -> Table:
    columns = (
        Column("corridor", Words("廊道", "Corridor"), digits=0),
        Column("level", Words("级别", "Level")),
        Column("from", Words("来风", "Winds")),
        Column("share", Words("来风占软轻风", "Share of the light wind"), "percent", 1),
        Column("ways", Words("汇集路径", "Ways gathered"), "percent", 1),
        Column("length", Words("长度", "Length"), "m", 0),
        Column("width", Words("净宽中值", "Median clear width"), "m", 0),
        Column("angle", Words("与来风夹角", "Angle to the wind"), "degree", 0),
        Column("narrow", Words("窄于次廊道宽度的长度", "Length narrower than a secondary"), "percent", 1),
        Column("longest", Words("最长连续段", "Longest clear stretch"), "m", 0),
    )
    narrow = rules().levels[-1].width
    rows: list[list[Cell]] = [
        [
            number,
            title_of(one),
            Words(
                "、".join(SECTOR_WORDS[sector].zh for sector in one.sectors),
                ", ".join(SECTOR_WORDS[sector].en for sector in one.sectors),
            ),
            PERCENT * one.share,
            PERCENT * one.ways,
            one.length,
            one.width,
            one.angle,
            PERCENT * one.room.narrower(narrow),
            one.room.longest(narrow),
        ]
        for number, one in enumerate(seen.found, start=1)
    ]
    return Table("corridors", Words("通风廊道", "Ventilation corridors"), columns, rows)


def _blocking(seen: Survey) -> Table:
    columns = (
        Column("corridor", Words("廊道", "Corridor"), digits=0),
        Column("building", Words("建筑", "Building")),
        Column("name", Words("名称", "Name")),
        Column("height", Words("高度", "Height"), "m", 1),
        Column("across", Words("迎风宽度", "Width across the wind"), "m", 1),
        Column("front", Words("迎风面积", "Front to the wind"), "m2", 0),
    )
    rows = [row for number, one in enumerate(seen.found, start=1) for row in _in_the_way(number, one, seen.buildings)]
    return Table(
        "blocking", Words("狭窄处的建筑（迎风面积最大者）", "Buildings in narrow places, largest fronts"), columns, rows
    )


def _in_the_way(number: int, corridor: Corridor, buildings: Standing) -> Iterator[list[Cell]]:
    """The buildings of the largest fronts within the width of a corridor where it is narrower than its level asks."""
    level: Level = corridor.level or rules().levels[-1]
    places = corridor.room.places[corridor.room.width < level.width]
    if not len(places):
        return
    reach = (level.width + corridor.room.step) * HALF
    near = shapely.STRtree(buildings.shapes).query(shapely.points(places), predicate="dwithin", distance=reach)[1]
    near = np.unique(near)
    across = widths_across(buildings.shapes[near], SECTORS[corridor.sector])
    front = across * buildings.heights[near]
    for place in np.lexsort((near, -np.nan_to_num(front, nan=-1.0)))[:MOST_BLOCKING]:
        at = near[place]
        height = float(buildings.heights[at])
        is_known = np.isfinite(height)
        yield [
            number,
            str(buildings.ids[at]),
            str(buildings.names[at]),
            height if is_known else None,
            float(across[place]),
            float(front[place]) if is_known else None,
        ]


def widths_across(shapes: NDArray[np.object_], wind: float) -> Array:
    """How wide does each shape stand across a wind, m?"""
    turned = np.radians(wind)
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    along = points @ np.array([np.cos(turned), -np.sin(turned)])
    low, high = np.full(len(shapes), np.inf), np.full(len(shapes), -np.inf)
    np.minimum.at(low, owner, along)
    np.maximum.at(high, owner, along)
    return np.asarray(high - low)


def _winds(seen: Survey) -> Table:
    columns = (
        Column("from", Words("来风", "Wind")),
        Column("share", Words("占软轻风", "Share of the light wind"), "percent", 1),
        Column("begun", Words("贯通路径数", "Ways across"), digits=0),
        Column("cost", Words("平均路径成本", "Mean cost of a way"), digits=2),
    )
    rows: list[Sequence[Cell]] = [
        [
            SECTOR_WORDS[one.sector],
            PERCENT * one.share,
            one.ways.begun,
            one.ways.mean_cost if one.ways.begun else None,
        ]
        for one in seen.crossed
    ]
    return Table("winds", Words("主导软轻风", "Dominant light winds"), columns, rows)


def _facts(seen: Survey, system: str) -> Facts:
    narrow = rules().levels[-1].width
    lines = np.array([shapely.LineString(one.line) for one in seen.found] + [None], object)[:-1]
    columns = {
        ID: pa.array([f"ventilation-{number}" for number in range(1, len(seen.found) + 1)], pa.string()),
        "category": pa.array([one.level.name if one.level else "candidate" for one in seen.found], pa.string()),
        "adequate": pa.array([one.level is not None for one in seen.found], pa.bool_()),
        "length": pa.array([one.length for one in seen.found], pa.float64()),
        "clear_width": pa.array([one.width for one in seen.found], pa.float64()),
        "wind_angle": pa.array([one.angle for one in seen.found], pa.float64()),
        "obstructed": pa.array([PERCENT * one.room.narrower(narrow) for one in seen.found], pa.float64()),
        "estimated": pa.array([True] * len(seen.found), pa.bool_()),
        GEOMETRY: pa.array(shapely.to_wkb(to_geographic(lines, system)), pa.binary()),
    }
    return Facts(ENTITY, pa.table(columns), complete=("*",))
