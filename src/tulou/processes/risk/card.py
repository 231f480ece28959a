"""From outcomes, needs and a cascade to one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from tulou.kernel.errors import BadInput, BadUse
from tulou.kernel.words import Words
from tulou.measures.hazard.risk.cascade import Path as Chain
from tulou.measures.hazard.risk.cascade import likeliest_paths
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run
from tulou.processes.outcome import Cell, Column, Outcome, Table
from tulou.processes.risk.cascades import read_cascade
from tulou.processes.risk.kept import KeptFigure, KeptOutcome, read_outcomes
from tulou.sources.columns import Wanted, read_columns

NEEDS = (
    Wanted("need", ("需求",), "text", is_required=True),
    Wanted("unit", ("单位",), "text", is_required=True),
    Wanted("of", ("依据",), "text"),
    Wanted("rate", ("定额",), "number", "1", least=0.0),
    Wanted("amount", ("数量",), "number", "1", least=0.0),
    Wanted("available", ("现有",), "number", "1", least=0.0),
    Wanted("owner", ("责任单位",), "text", is_required=True),
    Wanted("hours", ("时限",), "number", "hour", least=0.0),
)
MOST_MODELS, MOST_NUMBERS, MOST_NEEDS, MOST_CHAINS = 3, 12, 14, 4
"""Models quoted and rows told, so that all fits on one page."""
WAN = 1e4
UNITS = {
    "1": Words("", ""),
    "building": Words("栋", "buildings"),
    "person": Words("人", "people"),
    "yuan": Words("万元", "10,000 yuan"),
    "percent": Words("%", "%"),
    "m/s": Words("米/秒", "m/s"),
    "year": Words("年", "years"),
    "event": Words("次", "events"),
}
"""How units of figures are written on a card; money in 10,000 yuan."""


@dataclass(frozen=True)
class Need:
    """Something that is needed.

    Args:
        name: What.
        unit: Its unit, as it is written.
        amount: How much; NaN where it cannot be told.
        available: How much there is; NaN where unknown.
        owner: Who provides it.
        hours: Within how many hours; NaN where not told.
    """

    name: str
    unit: str
    amount: float
    available: float
    owner: str
    hours: float

    @property
    def gap(self) -> float:
        """How much lacks, 0 where enough is there; NaN where either is unknown."""
        return float(np.maximum(self.amount - self.available, 0.0))


def card(run: Run) -> Outcome:
    """Run the process, see ``scenario_card.PROCESS``."""
    values = run.values
    by_bound = values["plan_for"] == "high"
    outcomes, sources = read_outcomes(values["outcomes"])
    figures = {figure.key: figure for one in outcomes for figure in one.figures}
    needs: list[Need] = []
    if values["needs"] is not None:
        needs, digest = _needs(values["needs"], figures, by_bound=by_bound)
        sources[values["needs"].name] = digest
    chains = _chains(values, sources)
    tables = [_numbers(outcomes)]
    tables += [_of_needs(needs)] if needs else []
    tables += [_of_chains(chains)] if chains else []
    return Outcome(
        answer=_answer(values["title"], outcomes, needs),
        tables=tuple(tables),
        assumptions=_assumptions(outcomes, by_bound=by_bound),
        warnings=_warnings(outcomes, needs),
        sources=sources,
        is_card=True,
    )


def _needs(path: Path, figures: Mapping[str, KeptFigure], *, by_bound: bool) -> tuple[list[Need], str]:
    table = read_columns(path, NEEDS)
    if table.rows > MOST_NEEDS:
        raise BadInput("a card has room for fewer needs", where=path.name, found=table.rows, allowed=(f"{MOST_NEEDS}",))
    nothing = np.full(table.rows, np.nan)
    rate, amount, available, hours = (
        table.numbers.get(name, nothing).tolist() for name in ("rate", "amount", "available", "hours")
    )
    keys = table.texts.get("of", ("",) * table.rows)
    found: list[Need] = []
    for at, name in enumerate(table.texts["need"]):
        where = f"{path.name}: row {at + 2}"
        owner = table.texts["owner"][at]
        if not name or not owner:
            raise BadInput("a need has a name and an owner", where=where, found=name)
        wanted = _amount(keys[at], rate[at], amount[at], figures, where, by_bound=by_bound)
        found.append(Need(name, table.texts["unit"][at], wanted, available[at], owner, hours[at]))
    return found, table.digest


def _amount(
    key: str, rate: float, amount: float, figures: Mapping[str, KeptFigure], where: str, *, by_bound: bool
) -> float:
    if bool(key) == isfinite(amount):
        raise BadInput(
            "a need is an amount, or a rate of a figure", where=where, found=key, allowed=("of, rate", "amount")
        )
    if not key:
        return amount
    if key not in figures:
        raise BadInput("no outcome has this figure", where=where, found=key, allowed=sorted(figures))
    if not isfinite(rate):
        raise BadInput("a rate is needed beside the figure it is of", where=where, found=key)
    return rate * figures[key].planned(by_bound=by_bound)


def _chains(values: Mapping[str, Any], sources: dict[str, str]) -> list[Chain]:
    if (values["cascade"] is None) != (values["start"] is None):
        raise BadUse("these inputs are given together", where="cascade", allowed=("cascade", "start"))
    if values["cascade"] is None:
        return []
    links, digest = read_cascade(values["cascade"])
    sources[values["cascade"].name] = digest
    found = likeliest_paths(links, values["start"], MOST_CHAINS)
    if not found:
        causes = sorted({link.cause for link in links})
        raise BadUse("nothing hangs on this", where="start", found=values["start"], allowed=causes)
    return found


def _answer(title: str, outcomes: Sequence[KeptOutcome], needs: Sequence[Need]) -> tuple[Words, ...]:
    said = [Words(f"情景：{title}。", f"Scenario: {title}.")]
    said += [line for one in outcomes[:MOST_MODELS] for line in one.answer]
    lacking = [one for one in needs if one.gap > 0]
    if lacking:
        zh = "；".join(f"{one.name}缺 {one.gap:,.0f} {one.unit}（{one.owner}）" for one in lacking)
        en = "; ".join(f"{one.name}: {one.gap:,.0f} {one.unit} ({one.owner})" for one in lacking)
        said.append(Words(f"缺口：{zh}。", f"What lacks: {en}."))
    elif needs and all(isfinite(one.gap) for one in needs):
        said.append(Words("所列需求均可满足。", "All that is listed is there."))
    return tuple(said)


def _numbers(outcomes: Sequence[KeptOutcome]) -> Table:
    columns = (
        Column("model", Words("模型", "Model")),
        Column("figure", Words("数值", "Figure")),
        Column("value", Words("期望", "Mean"), "", 1),
        Column("high", Words("上界", "Upper bound"), "", 1),
        Column("unit", Words("单位", "Unit")),
    )
    known = processes()
    rows: list[list[Cell]] = []
    for one in outcomes:
        title: Cell = known[one.process].title if one.process in known else one.process
        rows += [
            [title, figure.title, _shown(figure, figure.value), _shown(figure, figure.high), _unit(figure)]
            for figure in one.figures
            if isfinite(figure.value)
        ]
    return Table("numbers", Words("情景数值", "Numbers"), columns, rows[:MOST_NUMBERS])


def _shown(figure: KeptFigure, value: float) -> float | None:
    return _known(value / WAN if figure.unit == "yuan" else value)


def _unit(figure: KeptFigure) -> Cell:
    return UNITS.get(figure.unit, figure.unit)


def _known(value: float) -> float | None:
    return value if isfinite(value) else None


def _of_needs(needs: Sequence[Need]) -> Table:
    columns = (
        Column("need", Words("需求", "Need")),
        Column("amount", Words("需要", "Needed"), "", 0),
        Column("available", Words("现有", "There"), "", 0),
        Column("gap", Words("缺口", "Lacks"), "", 0),
        Column("unit", Words("单位", "Unit")),
        Column("owner", Words("责任单位", "Owner")),
        Column("hours", Words("时限", "Within"), "hour", 0),
    )
    order = sorted(needs, key=lambda one: (one.hours if isfinite(one.hours) else float("inf"), one.name))
    rows: list[list[Cell]] = [
        [one.name, _known(one.amount), _known(one.available), _known(one.gap), one.unit, one.owner, _known(one.hours)]
        for one in order
    ]
    return Table("needs", Words("需求与缺口", "Needs and what lacks"), columns, rows)


def _of_chains(chains: Sequence[Chain]) -> Table:
    columns = (
        Column("chain", Words("链条", "Chain")),
        Column("chance", Words("概率", "Chance"), "percent", 1),
    )
    rows: list[list[Cell]] = [[" → ".join(one.steps), 100 * one.chance] for one in chains]
    return Table("chains", Words("连锁", "What it sets off"), columns, rows)


def _assumptions(outcomes: Sequence[KeptOutcome], *, by_bound: bool) -> tuple[Words, ...]:
    names = ", ".join(one.process for one in outcomes)
    planned = Words("有上界的按上界", "upper bounds where there are any") if by_bound else Words("期望值", "means")
    return (
        Words(f"需求按{planned.zh}计算；数值出自：{names}。", f"Needs are by {planned.en}; numbers are of: {names}."),
    )


def _warnings(outcomes: Sequence[KeptOutcome], needs: Sequence[Need]) -> tuple[Words, ...]:
    said: list[Words] = []
    unchecked = [one.process for one in outcomes if not one.is_verified]
    if unchecked:
        names = "、".join(unchecked), ", ".join(unchecked)
        said.append(Words(f"尚无独立验证的模型：{names[0]}。", f"Models that nobody has checked: {names[1]}."))
    unknown = [one.name for one in needs if not isfinite(one.gap)]
    if unknown:
        names = "、".join(unknown), ", ".join(unknown)
        said.append(Words(f"缺口未知（不等于没有缺口）：{names[0]}。", f"Unknown whether enough is there: {names[1]}."))
    said += [warning for one in outcomes for warning in one.warnings[:1]]
    return tuple(said)
