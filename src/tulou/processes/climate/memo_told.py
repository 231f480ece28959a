"""What ``climate_memo`` tells: before and after a project, corridor by corridor, class by class, wind by wind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.words import Words
from tulou.processes.climate.form_told import CLASSES
from tulou.processes.climate.memo import PERCENT, Beside, Memo, read_memo
from tulou.processes.climate.rules import Level, rules
from tulou.processes.climate.survey import CANDIDATE, assumptions, field, warnings
from tulou.processes.climate.winds import SECTOR_WORDS
from tulou.processes.declaration import Run
from tulou.processes.outcome import Cell, Column, FieldPlot, Figure, Outcome, Table

Array = NDArray[np.float64]
HECTARES = 1e-4
"""Hectares in a square metre."""
LOSS_STEPS = (1.0, 2.0, 5.0, 10.0, 20.0)
WAYS_STEPS = (0.5, 1.0, 2.0, 5.0, 10.0)


def assess(run: Run) -> Outcome:
    """Run the process, see ``climate_memo.PROCESS``."""
    memo = read_memo(run)
    before, after = memo.pedestrian
    return Outcome(
        answer=tuple(_answer(memo)),
        figures=_figures(memo),
        tables=(_beside(memo), _corridors(memo), _classes(memo), _winds(memo)),
        plots=(
            _near(
                memo,
                "wind_loss",
                Words("行人高度风速的减小（占高空风速）", "Loss of wind at people's height, of that far above"),
                PERCENT * (before - after),
                "percent",
                LOSS_STEPS,
            ),
            field(
                memo.before,
                "ways_lost",
                Words("最小成本路径的减少", "Loss of least-cost ways"),
                PERCENT * (memo.before.density - memo.after.density),
                "percent",
                WAYS_STEPS,
            ),
        ),
        assumptions=(*assumptions(memo.before, memo.winds, run.values), *_assumptions()),
        warnings=(*_remarks(memo), *warnings(memo.after, memo.winds)),
        sources={memo.winds.name: memo.winds.record.digest, **memo.project.files},
    )


def _near(memo: Memo, name: str, title: Words, values: Array, unit: str, steps: Sequence[float]) -> FieldPlot:
    """A field of the surroundings of the project."""
    grid = memo.grid
    rows, columns = (np.flatnonzero(memo.around.any(axis=axis)) for axis in (1, 0))
    top, left = (int(one[0]) if len(one) else 0 for one in (rows, columns))
    part = values[top : top + len(rows) or None, left : left + len(columns) or None]
    west, north = grid.west + left * grid.cell, grid.north - top * grid.cell
    return FieldPlot(name, title, part, west, north, grid.cell, unit, tuple(steps))


def _means(memo: Memo, fields: tuple[Array, Array]) -> tuple[float, float]:
    """Means over the cells that the project touches."""
    return _means_in(memo.touched, fields)


def _means_in(cells: NDArray[np.bool_], fields: tuple[Array, Array]) -> tuple[float, float]:
    old, new = (one[cells] for one in fields)
    return (float(old.mean()), float(new.mean())) if len(old) else (float("nan"), float("nan"))


def _change(pair: tuple[float, float]) -> float:
    """How much the second is above the first, percent; NaN when the first is nothing."""
    return PERCENT * (pair[1] / pair[0] - 1) if pair[0] else float("nan")


def _answer(memo: Memo) -> Iterator[Words]:
    cells, reach = int(memo.touched.sum()), rules().surroundings
    area = cells * memo.grid.area * HECTARES
    near, here = _change(_means_in(memo.around, memo.pedestrian)), _change(_means(memo, memo.pedestrian))
    if np.isfinite(near) and np.isfinite(here):
        yield Words(
            f"项目周边 {reach:g} 米内行人高度平均风速变化 {near:+.1f}%，项目所及 {cells} 个单元（{area:.1f} 公顷）内 "
            f"{here:+.0f}%；迎软轻风墙面 {memo.walls:+,.0f} 平方米。",
            f"Within {reach:g} m of the project the mean wind at people's height changes by {near:+.1f} %, in the "
            f"{cells} cells it touches ({area:.1f} ha) by {here:+.0f} %; wall in the light wind {memo.walls:+,.0f} m2.",
        )
    else:
        yield Words(
            f"项目周边 {reach:g} 米内有建筑高度未知，风速变化未评价。",
            f"Within {reach:g} m of the project heights are unknown: the change of wind is not assessed.",
        )
    touched = sum(one.is_touched for one in memo.corridors)
    broken = sum(one.is_broken for one in memo.corridors)
    lost = sum(one.is_lost for one in memo.corridors)
    ways = int(memo.loses_way.sum())
    yield Words(
        f"现状通道（含候选）{len(memo.corridors)} 条：净宽改变 {touched} 条，被阻断 {broken} 条，降级 {lost} 条；"
        f"失去通道的单元 {ways} 个；穿城路径成本 {memo.dearer:+.2f}%。",
        f"Corridors and candidates today: {len(memo.corridors)}; changed in width: {touched}; blocked somewhere: "
        f"{broken}; reduced in level: {lost}; cells that lose their way: {ways}; cost of ways across the city: "
        f"{memo.dearer:+.2f} %.",
    )


def _figures(memo: Memo) -> tuple[Figure, ...]:
    return (
        Figure("cells", Words("受影响单元", "Cells touched"), int(memo.touched.sum()), "1", digits=0),
        Figure("walls", Words("迎软轻风墙面增量", "More wall in the light wind"), memo.walls, "m2", digits=0),
        Figure(
            "wind",
            Words("周边行人高度平均风速变化", "Change of mean wind at people's height around"),
            _change(_means_in(memo.around, memo.pedestrian)),
            "percent",
            digits=1,
        ),
        Figure(
            "wind_here",
            Words("所及单元内行人高度平均风速变化", "The same in the cells touched"),
            _change(_means(memo, memo.pedestrian)),
            "percent",
            digits=1,
        ),
        Figure(
            "broken",
            Words("被阻断的通道", "Corridors blocked somewhere"),
            sum(one.is_broken for one in memo.corridors),
            "1",
            digits=0,
        ),
        Figure(
            "lost",
            Words("降级廊道", "Corridors that lose their level"),
            sum(one.is_lost for one in memo.corridors),
            "1",
            digits=0,
        ),
        Figure("ways", Words("失去通道的单元", "Cells that lose their way"), int(memo.loses_way.sum()), "1", digits=0),
        Figure("cost", Words("穿城路径成本变化", "Change of the cost of ways"), memo.dearer, "percent"),
    )


def _beside(memo: Memo) -> Table:
    columns = (
        Column("what", Words("受影响单元均值", "Mean of the cells touched")),
        Column("before", Words("现状", "Before"), digits=3),
        Column("after", Words("建成后", "After"), digits=3),
        Column("change", Words("变化", "Change"), digits=3),
    )
    one, other = memo.before.form, memo.after.form
    fields = (
        (Words("建筑占地率 λp", "Ground built on λp"), (one.morphology.plan_area, other.morphology.plan_area)),
        (Words("迎风面积指数 λf（软轻风）", "Frontal area index λf, light wind"), (one.frontal, other.frontal)),
        (Words("粗糙度长度 z0（米）", "Roughness length z0, m"), (one.roughness.length, other.roughness.length)),
        (
            Words("零平面位移 zd（米）", "Displacement height zd, m"),
            (one.roughness.displacement, other.roughness.displacement),
        ),
        (Words("地面天空可视因子", "Sky view factor of the ground"), (memo.form_before.sky, memo.form_after.sky)),
        (Words("行人高度风速比（对高空）", "Wind at people's height over that far above"), memo.pedestrian),
    )
    rows: list[Sequence[Cell]] = []
    for words, pair in fields:
        old, new = _means(memo, pair)
        rows.append([words, _known(old), _known(new), _known(new - old)])
    return Table("beside", Words("前后对照", "Before and after"), columns, rows)


def _known(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _corridors(memo: Memo) -> Table:
    columns = (
        Column("corridor", Words("廊道", "Corridor"), digits=0),
        Column("from", Words("来风", "Wind")),
        Column("before", Words("现状级别", "Level before")),
        Column("after", Words("建成后级别", "Level after")),
        Column("narrowest_before", Words("现状最窄", "Narrowest before"), "m", 0),
        Column("narrowest_after", Words("建成后最窄", "Narrowest after"), "m", 0),
        Column("longest_before", Words("现状最长连续段", "Longest stretch before"), "m", 0),
        Column("longest_after", Words("建成后最长连续段", "Longest stretch after"), "m", 0),
    )
    rows = [_row(number, one) for number, one in enumerate(memo.corridors, start=1) if one.is_touched]
    return Table("corridors", Words("净宽改变的通道", "Corridors whose width changes"), columns, rows)


def _row(number: int, one: Beside) -> list[Cell]:
    narrow = (one.corridor.level or rules().levels[-1]).width
    return [
        number,
        SECTOR_WORDS[one.corridor.sector],
        _title(one.corridor.level),
        _title(one.level),
        float(one.corridor.room.width.min()),
        float(one.room.width.min()),
        one.corridor.room.longest(narrow),
        one.room.longest(narrow),
    ]


def _title(level: Level | None) -> Words:
    return level.title if level else CANDIDATE


def _classes(memo: Memo) -> Table:
    columns = (
        Column("class", Words("通风潜力等级", "Ventilation class")),
        Column("before", Words("现状", "Before"), "hectare", 2),
        Column("after", Words("建成后", "After"), "hectare", 2),
        Column("change", Words("变化", "Change"), "hectare", 2),
    )
    area, ground = memo.grid.area * HECTARES, memo.before.ground
    rows: list[Sequence[Cell]] = []
    for grade, words in CLASSES.items():
        old, new = (float(((one.grade == grade) & ground).sum() * area) for one in (memo.form_before, memo.form_after))
        rows.append([words, old, new, new - old])
    return Table("classes", Words("通风潜力等级面积", "Area by ventilation class"), columns, rows)


def _winds(memo: Memo) -> Table:
    columns = (
        Column("from", Words("来风", "Wind")),
        Column("share", Words("占软轻风", "Share of the light wind"), "percent", 1),
        Column("before", Words("现状路径成本", "Cost of a way before"), digits=3),
        Column("after", Words("建成后路径成本", "Cost of a way after"), digits=3),
    )
    rows: list[Sequence[Cell]] = [
        [
            SECTOR_WORDS[one.sector],
            PERCENT * one.share,
            _known(one.ways.mean_cost),
            _known(other.ways.mean_cost),
        ]
        for one, other in zip(memo.before.crossed, memo.after.crossed, strict=True)
    ]
    return Table("winds", Words("各来风的穿城路径", "Ways across the city by wind"), columns, rows)


def _assumptions() -> tuple[Words, ...]:
    held = rules()
    return (
        Words(
            f"高空 {held.reference:g} 米处的风前后不变；屋面处按对数律（粗糙度取 Macdonald 1998），屋面以下按 "
            f"Macdonald（2000）指数律到 {held.pedestrian:g} 米。",
            f"Wind at {held.reference:g} m is the same before and after; at the roofs by the logarithmic law with the "
            f"roughness of Macdonald (1998), below them by the exponential one of Macdonald (2000), down to "
            f"{held.pedestrian:g} m.",
        ),
    )


def _remarks(memo: Memo) -> Iterator[Words]:
    yield from memo.project.remarks
    if memo.is_beyond:
        yield Words(
            f"所及单元的 z0 超过最高建筑的 {rules().sanity:g} 倍，超出公式拟合范围（单栋高楼不是街区）：单元内风速"
            f"只看增减，不看数值。",
            f"In a cell touched z0 exceeds {rules().sanity:g} of the highest building, beyond what the formulas were "
            f"fitted to (one tower is no neighbourhood): believe the sign of its change of wind, not the number.",
        )
    more = memo.after.buildings.unknown - memo.before.buildings.unknown
    if more > 0:
        yield Words(
            f"项目中有 {more} 栋建筑没有高度或层数，其单元未评价。",
            f"{more} buildings of the project have neither height nor storeys: their cells are not assessed.",
        )
