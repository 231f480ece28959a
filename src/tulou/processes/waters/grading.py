"""From samples to the grade of each water body, and whether treated ones turned black and odorous again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput, BadUse
from tulou.kernel.words import Words
from tulou.measures.environment.black_odour import (
    HEAVY,
    NONE,
    Bounds,
    body_grade,
    has_relapsed,
    heavy_stretches,
    index_grade,
    point_grade,
    transparency_grade,
)
from tulou.processes.declaration import Run
from tulou.processes.outcome import Cell, Column, Figure, Outcome, Table
from tulou.processes.waters.graded import Graded, facts_of, latest
from tulou.processes.waters.rules import Index, Rules, rules
from tulou.sources import cells
from tulou.sources.columns import Columns, Wanted, read_columns

Places = NDArray[np.int64]
GRADES = (Words("非黑臭", "none"), Words("轻度", "light"), Words("重度", "heavy"))
RELAPSED = {True: Words("是", "yes"), False: Words("否", "no"), None: Words("未知", "unknown")}
TEXTS = (
    Wanted("body", ("水体", "water"), "text", is_required=True),
    Wanted("point", ("点位", "监测点"), "text", is_required=True),
    Wanted("treated", ("验收日期", "整治完成"), "text"),
)


@dataclass(frozen=True, eq=False)
class _Samples:
    """All samples.

    Args:
        body: Water body of each.
        point: Point of each.
        day: Day of each.
        treated: Day on which the treatment of a water body was accepted, by its name.
        grades: Bounds of each value, shape (samples, indices).
    """

    body: tuple[str, ...]
    point: tuple[str, ...]
    day: tuple[date, ...]
    treated: Mapping[str, date]
    grades: Bounds


def grade(run: Run) -> Outcome:
    """Run the process, see ``black_odour.PROCESS``."""
    held, values = rules(), run.values
    path, indices = values["samples"], _indices(values["indices"], rules())
    table = read_columns(path, [*TEXTS, Wanted("date", ("日期", "采样日期"), "day", is_required=True), *_wanted(held)])
    samples = _samples(table, indices, held, path.name)
    graded = [one for name in sorted(set(samples.body)) for one in _periods(samples, name, values["period"], held)]
    relapses = _relapses(graded, samples)
    facts, unkept = ((), ()) if run.state is None else facts_of(run.state, graded, samples.treated)
    return Outcome(
        answer=(_answer(graded, relapses),),
        figures=_figures(graded, relapses),
        tables=(_table(graded), _relapse_table(relapses, samples)),
        assumptions=_assumptions(held),
        warnings=(*_warnings(graded, table, indices, held), *unkept),
        facts=facts,
        sources={path.name: table.digest},
    )


def _indices(names: str, held: Rules) -> tuple[Index, ...]:
    wanted = [part.strip() for part in names.replace("，", ",").split(",")]
    for one in wanted:
        if one not in held.indices:
            raise BadUse("there is no such index of water", where="indices", found=one, allowed=tuple(held.indices))
    return tuple(one for name, one in held.indices.items() if name in wanted)


def _wanted(held: Rules) -> list[Wanted]:
    found = [Wanted(one.name, one.heads, "number", one.unit, one.least) for one in held.indices.values()]
    return [*found, Wanted("depth", ("水深",), "number", "cm", least=0.0)]


def _samples(table: Columns, indices: Sequence[Index], held: Rules, where: str) -> _Samples:
    unknown = np.full(table.rows, np.nan)
    depth = table.numbers.get("depth", unknown)
    found: list[Bounds] = []
    for one in indices:
        value = table.numbers.get(one.name, unknown)
        if one.name == "transparency":
            found.append(transparency_grade(value, depth, one.limits, shallow=held.shallow, share=held.shallow_share))
        else:
            found.append(index_grade(value, one.limits))
    body, point = table.texts["body"], table.texts["point"]
    blank = [row for row in range(table.rows) if not body[row] or not point[row]]
    if blank:
        raise BadInput("a sample names its water body and its point", where=f"{where}: row {blank[0] + 2}", found="")
    grades = Bounds(np.column_stack([one.low for one in found]), np.column_stack([one.high for one in found]))
    return _Samples(body, point, table.days["date"], _treated(body, table.texts.get("treated", ()), where), grades)


def _treated(body: Sequence[str], texts: Sequence[str], where: str) -> dict[str, date]:
    found: dict[str, date] = {}
    for row, (name, text) in enumerate(zip(body, texts, strict=False)):
        if cells.is_missing(text):
            continue
        day = cells.day(text)
        if day is None:
            raise BadInput("this is not a day", where=f"{where}: row {row + 2}, treated", found=text)
        if found.setdefault(name, day) != day:
            raise BadInput("a water body has one day of acceptance", where=f"{where}: row {row + 2}", found=text)
    return found


def _period(day: date, kind: str) -> str:
    if kind == "year":
        return str(day.year)
    return f"{day.year} Q{(day.month + 2) // 3}" if kind == "quarter" else f"{day.year}-{day.month:02d}"


def _periods(samples: _Samples, name: str, kind: str, held: Rules) -> Iterable[Graded]:
    rows = [row for row, one in enumerate(samples.body) if one == name]
    accepted = samples.treated.get(name)
    by_period: dict[tuple[str, bool], list[int]] = {}
    for row in sorted(rows, key=lambda row: samples.day[row]):
        day = samples.day[row]
        by_period.setdefault((_period(day, kind), accepted is not None and day > accepted), []).append(row)
    for (period, is_after), of_period in by_period.items():
        yield _graded(samples, name, period, of_period, held, is_after=is_after)


def _graded(samples: _Samples, name: str, period: str, rows: Sequence[int], held: Rules, *, is_after: bool) -> Graded:
    by_point: dict[str, list[int]] = {}
    order = list(dict.fromkeys(point for body, point in zip(samples.body, samples.point, strict=True) if body == name))
    for row in rows:
        by_point.setdefault(samples.point[row], []).append(row)
    points = [point for point in order if point in by_point]
    low = np.array([point_grade(samples.grades.low[by_point[point]], held.point) for point in points])
    high = np.array([point_grade(samples.grades.high[by_point[point]], held.point) for point in points])
    has_enough = len(points) >= held.points and min(map(len, by_point.values())) >= held.samples
    stretches = ", ".join(f"{points[a]}–{points[b]}" for a, b in heavy_stretches(low, held.run)) if has_enough else ""
    least, most = (body_grade(low, held.body_share), body_grade(high, held.body_share)) if has_enough else (NONE, HEAVY)
    return Graded(name, period, least, most, len(points), stretches, has_enough, is_after)


def _relapses(graded: Sequence[Graded], samples: _Samples) -> dict[str, bool | None]:
    found: dict[str, bool | None] = {}
    for name in sorted(samples.treated):
        after = [one for one in graded if one.body == name and one.is_after]
        low, high = (np.array([getattr(one, end) for one in after], np.int64) for end in ("low", "high"))
        found[name] = has_relapsed(Bounds(low, high))
    return found


def _counts(graded: Sequence[Graded]) -> tuple[int, int, int]:
    """Water bodies that are black and odorous in their latest period, that are not, and of which nobody knows."""
    last = latest(graded)
    black, clear = sum(one.low > NONE for one in last), sum(one.high == NONE for one in last)
    return black, clear, len(last) - black - clear


def _answer(graded: Sequence[Graded], relapses: Mapping[str, bool | None]) -> Words:
    black, clear, unknown = _counts(graded)
    again = sum(one is True for one in relapses.values())
    open_ = sum(one is None for one in relapses.values())
    return Words(
        f"最近一期：{black} 个水体黑臭，{clear} 个不黑臭，{unknown} 个无法判定。"
        f"已验收的 {len(relapses)} 个水体中，{again} 个返黑返臭，{open_} 个未知。",
        f"In their latest period {black} water bodies are black and odorous, {clear} are not, {unknown} are unknown. "
        f"Of {len(relapses)} accepted ones {again} relapsed; of {open_} nobody knows.",
    )


def _figures(graded: Sequence[Graded], relapses: Mapping[str, bool | None]) -> tuple[Figure, ...]:
    black, clear, unknown = _counts(graded)
    return (
        Figure("black_odorous", Words("黑臭水体", "Black and odorous"), float(black), "1", digits=0),
        Figure("clear", Words("不黑臭", "Not black and odorous"), float(clear), "1", digits=0),
        Figure("unknown", Words("无法判定", "Unknown"), float(unknown), "1", digits=0),
        Figure(
            "relapsed",
            Words("返黑返臭", "Relapsed"),
            float(sum(one is True for one in relapses.values())),
            "1",
            digits=0,
        ),
    )


def _said(low: int, high: int) -> Words:
    if low == high:
        return GRADES[low]
    if (low, high) == (NONE, HEAVY):
        return RELAPSED[None]
    return Words(f"{GRADES[low].zh}至{GRADES[high].zh}", f"{GRADES[low].en} to {GRADES[high].en}")


def _table(graded: Sequence[Graded]) -> Table:
    columns = (
        Column("body", Words("水体", "Water body")),
        Column("period", Words("时期", "Period")),
        Column("grade", Words("级别", "Grade")),
        Column("points", Words("点位数", "Points"), "1", 0),
        Column("stretches", Words("重度河段（点位）", "Heavy stretches (points)")),
        Column("after", Words("验收之后", "After acceptance")),
    )
    rows: list[list[Cell]] = [
        [
            one.body,
            one.period,
            _said(one.low, one.high),
            one.points,
            one.stretches or None,
            RELAPSED[True] if one.is_after else None,
        ]
        for one in graded
    ]
    return Table("grades", Words("各水体各期级别", "Grades by water body and period"), columns, rows)


def _relapse_table(relapses: Mapping[str, bool | None], samples: _Samples) -> Table:
    columns = (
        Column("body", Words("水体", "Water body")),
        Column("treated", Words("验收日期", "Accepted on")),
        Column("relapsed", Words("是否返黑返臭", "Relapsed")),
    )
    rows: list[list[Cell]] = [
        [name, samples.treated[name].isoformat(), RELAPSED[one]] for name, one in relapses.items()
    ]
    return Table("relapses", Words("返黑返臭", "Relapses"), columns, rows)


def _assumptions(held: Rules) -> tuple[Words, ...]:
    return (
        Words(
            f"依据：{held.clause}。点位未达重度、但有任一数据达到轻度的，判为轻度；水体同理。",
            "By the guide of 2015 (rules.yaml). A point that is not heavy is light when any value is at least "
            "light, and a water body likewise.",
        ),
        Words(
            "水深未知的样品按水深足够计；点位按文件中首次出现的顺序沿水体排列。",
            "Samples of unknown depth count as deep enough; points lie along the water in the order of the file.",
        ),
        Words(
            "验收之后任一期达到轻度即为返黑返臭；每期均确知不黑臭才为“否”，其余为未知。",
            "A relapse is a period after acceptance that is at least light; “no” needs every period known to be none.",
        ),
    )


def _warnings(graded: Sequence[Graded], table: Columns, indices: Sequence[Index], held: Rules) -> tuple[Words, ...]:
    found: list[Words] = []
    few = sum(not one.has_enough for one in graded)
    if few:
        found.append(
            Words(
                f"{few} 个水体·时期不足 {held.points} 个点位或每点 {held.samples} 次采样，无法判定。",
                f"{few} periods of water bodies have fewer than {held.points} points or {held.samples} samples at "
                "each: unknown.",
            )
        )
    left = [one.title for one in held.indices.values() if one not in indices]
    if left:
        found.append(
            Words(
                "按使用者的选择，未用：" + "、".join(one.zh for one in left) + "；指南要求四项俱全。",
                "Left out by choice: " + ", ".join(one.en for one in left) + "; the guide asks for all four indices.",
            )
        )
    lacking = [one.title for one in indices if one.name not in table.numbers]
    if lacking:
        found.append(
            Words(
                "没有测定：" + "、".join(one.zh for one in lacking) + "；因此不能判定为不黑臭。",
                "Not measured: " + ", ".join(one.en for one in lacking) + "; so no water body can be cleared.",
            )
        )
    return tuple(found)
