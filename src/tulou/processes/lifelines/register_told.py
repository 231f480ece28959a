"""What is said of a register of lifelines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from tulou.kernel.facts import Facts
from tulou.kernel.words import Words
from tulou.processes.lifelines.register import METRES_A_KM, Register
from tulou.processes.outcome import BarPlot, Cell, Column, Figure, Outcome, Table

MOST_ROWS = 1000
"""Rows of a table; all are counted."""


def outcome_of(told: Register, values: Mapping[str, Any], facts: tuple[Facts, ...]) -> Outcome:
    """All that is said of a register."""
    return Outcome(
        answer=_answer(told),
        figures=_figures(told),
        tables=(_systems(told), _gaps(told), _overdue(told), _dangers(told)),
        plots=(_bars(told),),
        assumptions=_assumptions(values),
        warnings=_warnings(told),
        facts=facts,
    )


def _share(told: Register) -> float:
    """Length with a complete register, percent; NaN when no length is known."""
    whole = float(np.nansum(told.length))
    return 100 * float(np.nansum(told.length[told.is_complete])) / whole if whole else float("nan")


def _answer(told: Register) -> tuple[Words, ...]:
    pipes, lacking = len(told.pipes), int((~told.is_complete).sum())
    dangers = told.dangers
    pairs = len({*zip(dangers.line.tolist(), dangers.space.tolist(), strict=True)})
    crowds = len(set(dangers.crowd.tolist()))
    return (
        Words(
            f"生命线管线 {pipes:,} 条，{lacking:,} 条登记不全；登记完整的占管长 {_share(told):.1f}%；"
            f"检查逾期 {int(told.is_overdue.sum()):,} 条。",
            f"Of {pipes:,} pipes {lacking:,} lack entries; those complete make {_share(told):.1f} % of the length; "
            f"{int(told.is_overdue.sum()):,} inspections are overdue.",
        ),
        Words(
            f"燃气管与密闭空间相邻 {pairs:,} 处，旁边有 {crowds:,} 个人群聚集场所。",
            f"Gas meets a closed space beside a crowd in {pairs:,} pairs, at {crowds:,} crowded places.",
        ),
    )


def _figures(told: Register) -> tuple[Figure, ...]:
    complete = Words("登记完整的管长", "Length with a complete register")
    dangers = Words("耦合隐患燃气管", "Gas pipes in coupled danger")
    return (
        Figure("complete", complete, _share(told), "percent", digits=1),
        Figure("overdue", Words("检查逾期", "Inspections overdue"), float(told.is_overdue.sum()), "1", digits=0),
        Figure("dangers", dangers, float(told.is_dangerous.sum()), "1", digits=0),
    )


def _systems(told: Register) -> Table:
    columns = (
        Column("service", Words("类别", "Service")),
        Column("pipes", Words("管线", "Pipes"), "1", 0),
        Column("length", Words("管长", "Length"), "km", 2),
        Column("complete", Words("登记完整", "Complete"), "percent", 1),
        Column("overdue", Words("检查逾期", "Overdue"), "1", 0),
        Column("due_unknown", Words("到期日未知", "Due day unknown"), "1", 0),
    )
    service = told.pipes.texts("service")
    titles = told.pipes.entity.attribute("service").values or {}
    unknown = np.array([due is None for due in told.due])
    rows: list[list[Cell]] = []
    for name in sorted(set(service)):
        chosen = service == name
        length = float(np.nansum(told.length[chosen]))
        complete = 100 * float(np.nansum(told.length[chosen & told.is_complete])) / length if length else None
        overdue, later = float((chosen & told.is_overdue).sum()), float((chosen & unknown).sum())
        rows.append([titles[name], float(chosen.sum()), length / METRES_A_KM, complete, overdue, later])
    return Table("systems", Words("各类管线", "Services"), columns, rows)


def _gaps(told: Register) -> Table:
    columns = (
        Column("pipe", Words("管线", "Pipe")),
        Column("service", Words("类别", "Service")),
        Column("entry", Words("缺项或不合理", "Entry missing or impossible")),
        Column("found", Words("现登记", "On record")),
    )
    attributes = told.pipes.entity
    service = told.pipes.texts("service")
    titles = attributes.attribute("service").values or {}
    rows: list[list[Cell]] = [
        [str(told.pipes.ids[gap.pipe]), titles[service[gap.pipe]], attributes.attribute(gap.attribute).title, gap.found]
        for gap in told.gaps[:MOST_ROWS]
    ]
    return Table("gaps", Words("登记缺项", "Gaps of the register"), columns, rows)


def _overdue(told: Register) -> Table:
    columns = (
        Column("pipe", Words("管线", "Pipe")),
        Column("owner", Words("权属单位", "Owner")),
        Column("due", Words("到期日", "Due")),
        Column("late", Words("逾期", "Late"), "day", 0),
    )
    late = [(due, place) for place, due in enumerate(told.due) if due is not None and due < told.day]
    owner = told.pipes.texts("owner")
    rows: list[list[Cell]] = [
        [str(told.pipes.ids[place]), owner[place], due.isoformat(), float((told.day - due).days)]
        for due, place in sorted(late)[:MOST_ROWS]
    ]
    return Table("overdue", Words("逾期未检", "Overdue inspections"), columns, rows)


def _dangers(told: Register) -> Table:
    columns = (
        Column("gas", Words("燃气管", "Gas pipe")),
        Column("space", Words("密闭空间", "Closed space")),
        Column("crowd", Words("人群聚集场所", "Crowded place")),
        Column("people", Words("人数", "People"), "person", 0),
        Column("to_space", Words("管距空间", "Gas to space"), "m", 1),
        Column("to_crowd", Words("空间距人群", "Space to crowd"), "m", 1),
    )
    found = told.dangers
    people = told.people[found.crowd]
    order = np.lexsort((found.to_crowd, found.to_space, -np.nan_to_num(people)))[:MOST_ROWS]
    rows: list[list[Cell]] = [
        [
            str(told.pipes.ids[found.line[one]]),
            told.spaces[found.space[one]],
            told.crowds[found.crowd[one]],
            float(people[one]) if np.isfinite(people[one]) else None,
            float(found.to_space[one]),
            float(found.to_crowd[one]),
        ]
        for one in order.tolist()
    ]
    return Table("dangers", Words("耦合隐患，人多者在前", "Coupled dangers, most people first"), columns, rows)


def _bars(told: Register) -> BarPlot:
    counts = Counter(gap.attribute for gap in told.gaps)
    bars = tuple((name, float(counts[name])) for name in ("owner", "year_laid", "material", "diameter"))
    return BarPlot("gaps", Words("登记缺项", "Gaps of the register"), Words("管线数", "Pipes"), bars)


def _assumptions(values: Mapping[str, Any]) -> tuple[Words, ...]:
    found = [
        Words(
            f"燃气管距密闭空间 {values['near_space']:g} 米、空间距人群 {values['near_crowd']:g} 米"
            "以内为耦合隐患；密闭空间、聚集场所的种类与登记要素均为设定。",
            f"A coupled danger is gas within {values['near_space']:g} m of a closed space within "
            f"{values['near_crowd']:g} m of a crowd; these, the kinds of spaces and crowds and what a register must "
            "say are choices.",
        )
    ]
    if values["interval"] is not None:
        found.append(
            Words(
                f"没有登记到期日的，按最近检查后 {values['interval']:g} 年推算。",
                f"Where no due day is on record it is {values['interval']:g} years after the last inspection.",
            )
        )
    return tuple(found)


def _warnings(told: Register) -> tuple[Words, ...]:
    found: list[Words] = []
    unknown = sum(due is None for due in told.due)
    if unknown:
        found.append(
            Words(
                f"{unknown:,} 条管线没有检查到期日，是否逾期未知。",
                f"{unknown:,} pipes have no due day: whether they are overdue is unknown.",
            )
        )
    if not told.spaces or not told.crowds:
        found.append(
            Words(
                "没有登记密闭空间或人群聚集场所：没有耦合隐患不等于没有危险。",
                "No closed spaces or no crowded places are on record: no coupled danger does not mean none is there.",
            )
        )
    return tuple(found)
