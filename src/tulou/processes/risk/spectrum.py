"""From registers, events and cascades to one picture of the risks of a city."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse
from tulou.kernel.facts import Facts
from tulou.kernel.words import Words
from tulou.measures.hazard.risk.cascade import failure_chances, likeliest_paths
from tulou.measures.hazard.risk.matrix import UNKNOWN, consistency
from tulou.measures.hazard.risk.ranks import rank_interval, weighted_draws
from tulou.processes.declaration import Run
from tulou.processes.outcome import Balance, BarPlot, Cell, Column, Figure, Line, LinePlot, Outcome, Plot, Table
from tulou.processes.risk.cascades import read_cascade
from tulou.processes.risk.exposed import Impacts, impacts_of
from tulou.processes.risk.losses import kept_losses
from tulou.processes.risk.register import Register, read_register
from tulou.processes.risk.rules import RiskRules, rules

Array = NDArray[np.float64]
DRAWS, SEED = 2000, 1
"""Draws of weights, and their seed."""
DIGITS = {"people": 4}
"""Decimals of what is expected in a year; money and hours have none."""
MOST_PATHS = 10
"""Chains of failures that are told."""
YUAN = "yuan"
"""The unit of values whose losses can be kept."""
TOGETHER = ("exposure", "events", "curves")
"""Inputs that are given all or not at all."""


@dataclass
class _Told:
    """What a run tells, part by part."""

    answer: list[Words] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    plots: list[Plot] = field(default_factory=list)
    balances: list[Balance] = field(default_factory=list)
    assumptions: list[Words] = field(default_factory=list)
    warnings: list[Words] = field(default_factory=list)
    facts: tuple[Facts, ...] = ()
    sources: dict[str, str] = field(default_factory=dict)


def spectrum(run: Run) -> Outcome:
    """Run the process, see ``risk_spectrum.PROCESS``."""
    values, told, held = run.values, _Told(), rules()
    _together(values)
    if values["register"] is not None:
        register = read_register(values["register"], held)
        _tell_register(told, register, values["day"], held)
        told.sources[values["register"].name] = register.table.digest
    if values["exposure"] is not None:
        impacts = impacts_of(values["exposure"], values["events"], values["curves"])
        _tell_impacts(told, impacts, values["periods"])
        told.sources.update(impacts.sources)
        if run.state is not None:
            told.facts, unkept = kept_losses(run.state, impacts, is_in_yuan=values["value_unit"] == YUAN)
            told.warnings += unkept
    if values["cascade"] is not None:
        _tell_cascade(told, values)
    return Outcome(
        answer=tuple(told.answer),
        figures=tuple(told.figures),
        tables=tuple(told.tables),
        plots=tuple(told.plots),
        balances=tuple(told.balances),
        assumptions=tuple(told.assumptions),
        warnings=tuple(told.warnings),
        facts=told.facts,
        sources=told.sources,
    )


def _together(values: Mapping[str, Any]) -> None:
    given = [name for name in TOGETHER if values[name] is not None]
    if given and len(given) < len(TOGETHER):
        raise BadUse("these inputs are given together", where="risk_spectrum", found=", ".join(given), allowed=TOGETHER)
    for name, beside in (("register", "day"), ("cascade", "start")):
        if (values[name] is None) != (values[beside] is None):
            raise BadUse("these inputs are given together", where=name, found=name, allowed=(name, beside))
    if not given and values["register"] is None and values["cascade"] is None:
        allowed = ("register", "exposure", "cascade")
        raise BadUse("nothing is given to put into the spectrum", where="risk_spectrum", allowed=allowed)


def _tell_register(told: _Told, register: Register, day: date, held: RiskRules) -> None:
    counts = [int((register.colour == level).sum()) for level in range(len(held.colours))]
    unknown = int((register.colour == UNKNOWN).sum())
    overdue = register.overdue(day)
    zh, en = (
        "、".join(f"{name.zh} {count}" for name, count in zip(held.colours[::-1], counts[::-1], strict=True)),
        ", ".join(f"{name.en} {count}" for name, count in zip(held.colours[::-1], counts[::-1], strict=True)),
    )
    told.answer.append(
        Words(
            f"清单有 {register.table.rows} 项风险：{zh}；{unknown} 项无法定级；{len(overdue)} 项逾期未复核。",
            f"The register holds {register.table.rows} risks: {en}; {unknown} cannot be graded; {len(overdue)} are "
            "overdue for review.",
        )
    )
    told.tables += [_risks(register, held), _by_place(register, held), _overdue(register, overdue, day)]
    bars = tuple((name, float(count)) for name, count in zip(held.colours, counts, strict=True))
    told.plots.append(BarPlot("colours", Words("各级风险", "Risks by colour"), Words("项", "Risks"), bars))
    told.assumptions += [*held.notes, _on_ranks()]
    for one, pairs in zip(held.consequences, register.inversions, strict=True):
        if pairs:
            told.warnings.append(_inverted(register, one.title, pairs))
    for one in held.consequences:
        found = consistency(one.matrix)
        if not (found.is_weak and found.is_between):
            told.warnings.append(
                Words(
                    f"{one.title.zh}的风险矩阵不满足 Cox 一致性。",
                    f"The matrix of {one.title.en} is not consistent (Cox).",
                )
            )


def _on_ranks() -> Words:
    return Words(
        f"名次区间由 {DRAWS} 组随机权重（狄利克雷）得出，各后果先除以本类最大值；未知后果不计。",
        f"Ranks come from {DRAWS:,} sets of drawn weights (Dirichlet); each kind is first divided by its largest "
        "value, and unknown ones do not count.",
    )


def _inverted(register: Register, title: Words, pairs: Sequence[tuple[int, int]]) -> Words:
    ids = register.table.texts["id"]
    first, second = pairs[0]
    return Words(
        f"{title.zh}：{len(pairs)} 对风险的颜色与年期望相反，如 {ids[first]} 年期望高于 {ids[second]}，颜色却较低。",
        f"{title.en}: {len(pairs)} pairs are coloured against what they cost in a year; {ids[first]} costs more than "
        f"{ids[second]} and has a milder colour.",
    )


def _risks(register: Register, held: RiskRules) -> Table:
    told = np.asarray(np.isfinite(register.expected).any(axis=0))
    kinds = [(place, one) for place, one in enumerate(held.consequences) if told[place]]
    columns = (
        Column("id", Words("编号", "Id")),
        Column("hazard", Words("致灾因子", "Hazard")),
        Column("place", Words("部位", "Place")),
        Column("colour", Words("等级", "Colour")),
        Column("owner", Words("责任单位", "Owner")),
        Column("frequency", Words("频率", "Frequency"), "1/year", 5),
        *(
            Column(
                one.name, Words(f"{one.title.zh}年期望", f"{one.title.en} a year"), one.unit, DIGITS.get(one.name, 0)
            )
            for _, one in kinds
        ),
        Column("low", Words("名次（5%）", "Rank (5 %)"), "", 0),
        Column("high", Words("名次（95%）", "Rank (95 %)"), "", 0),
    )
    ranks = rank_interval(weighted_draws(register.expected, DRAWS, SEED))
    order = sorted(range(register.table.rows), key=lambda at: (-register.colour[at], ranks.middle[at], at))
    texts = register.table.texts
    rows: list[list[Cell]] = []
    for at in order:
        span = (None, None) if register.colour[at] == UNKNOWN else (float(ranks.low[at]), float(ranks.high[at]))
        names = texts["id"][at], texts["hazard"][at], register.places[at]
        expected = [_known(register.expected[at, place]) for place, _ in kinds]
        rows.append(
            [
                *names,
                _said(register.colour[at], held),
                texts["owner"][at],
                _known(register.frequency[at]),
                *expected,
                *span,
            ]
        )
    return Table("risks", Words("风险清单", "Risks"), columns, rows)


def _said(colour: int, held: RiskRules) -> Words:
    return Words("无法定级", "cannot be graded") if colour == UNKNOWN else held.colours[colour]


def _by_place(register: Register, held: RiskRules) -> Table:
    columns = (
        Column("place", Words("部位", "Place")),
        *(Column(name.en, name, "", 0) for name in held.colours[::-1]),
        Column("unknown", Words("无法定级", "cannot be graded"), "", 0),
    )
    rows: list[list[Cell]] = []
    for place in sorted(set(register.places)):
        at = np.array([one == place for one in register.places])
        counts = [int((register.colour[at] == level).sum()) for level in (*range(len(held.colours))[::-1], UNKNOWN)]
        rows.append([place or Words("未写明", "not told"), *counts])
    return Table("places", Words("各部位风险等级", "Colours by place"), columns, rows)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _overdue(register: Register, overdue: Sequence[int], day: date) -> Table:
    columns = (
        Column("id", Words("编号", "Id")),
        Column("owner", Words("责任单位", "Owner")),
        Column("review", Words("应复核日", "Review was due")),
        Column("days", Words("逾期", "Overdue"), "day", 0),
    )
    texts, due = register.table.texts, register.table.days["review"]
    rows: list[list[Cell]] = [
        [texts["id"][at], texts["owner"][at], due[at].isoformat(), (day - due[at]).days] for at in overdue
    ]
    return Table("overdue", Words("逾期未复核", "Overdue for review"), columns, rows)


def _tell_impacts(told: _Told, impacts: Impacts, periods: tuple[float, ...]) -> None:
    joint, alone = float(impacts.joint.sum()), impacts.by_hazard.sum(axis=1)
    told.answer.append(
        Words(
            f"{len(impacts.events)} 个事件给出的年均损失为 {joint:,.0f}，是暴露价值 {np.nansum(impacts.value):,.0f} 的 "
            f"{1000 * joint / np.nansum(impacts.value):.3f}‰。",
            f"By {len(impacts.events)} events {joint:,.0f} are expected to be lost in a year, "
            f"{1000 * joint / np.nansum(impacts.value):.3f} per mille of the {np.nansum(impacts.value):,.0f} exposed.",
        )
    )
    told.figures.append(Figure("aai", Words("年均损失", "Expected in a year"), joint, "1", digits=2))
    for name, value in zip(impacts.hazards, alone.tolist(), strict=True):
        title = Words(f"年均损失：仅{name}", f"Expected in a year: {name} alone")
        told.figures.append(Figure(f"aai_{name}", title, value, "1", digits=2))
    told.tables += [_probable(impacts, periods), _by_unit(impacts)]
    told.plots.append(_curve(impacts))
    told.balances.append(
        Balance(
            Words("年均损失（事件与承灾体）", "Loss in a year (events, assets)"), _by_events(impacts), joint, 0.0, "1"
        )
    )
    told.assumptions.append(
        Words(
            "同名事件中的多种致灾因子同时作用：1 − Π(1 − 损失比)，不是各图相加。事件中未列出的承灾体视为未受影响。",
            "Hazards of one event strike together, 1 − Π(1 − ratio), and are not summed as maps. What an event does "
            "not name it does not strike.",
        )
    )
    if impacts.uncovered:
        pairs = ", ".join(impacts.uncovered[:MOST_PATHS])
        told.warnings.append(
            Words(f"没有脆弱性曲线，未计入：{pairs}。", f"Without a curve of damage, and left out: {pairs}.")
        )
    if impacts.elsewhere:
        names = "、".join(impacts.elsewhere[:MOST_PATHS]), ", ".join(impacts.elsewhere[:MOST_PATHS])
        told.warnings.append(
            Words(
                f"事件中的 {len(impacts.elsewhere)} 处没有承灾体，未计入：{names[0]}。",
                f"At {len(impacts.elsewhere)} places of the events nothing is exposed; they are left out: {names[1]}.",
            )
        )
    unknown = int(np.isnan(impacts.value).sum())
    if unknown:
        told.warnings.append(
            Words(
                f"{unknown} 项承灾体价值未知：损失为下限。",
                f"{unknown} assets of unknown value: losses are lower bounds.",
            )
        )


def _by_events(impacts: Impacts) -> float:
    return float(impacts.frequency @ impacts.losses)


def _probable(impacts: Impacts, periods: tuple[float, ...]) -> Table:
    columns = (
        Column("period", Words("重现期", "Return period"), "year", 0),
        Column("loss", Words("可能最大损失", "Probable maximum loss"), "1", 2),
    )
    losses = impacts.curve.at(np.array(periods))
    rows: list[list[Cell]] = [[period, _known(loss)] for period, loss in zip(periods, losses, strict=True)]
    return Table("periods", Words("各重现期损失", "Losses by return period"), columns, rows)


def _by_unit(impacts: Impacts) -> Table:
    columns = (
        Column("unit", Words("单元", "Unit")),
        Column("value", Words("暴露价值", "Exposed"), "1", 0),
        *(Column(name, Words(name, name), "1", 2) for name in impacts.hazards),
        Column("joint", Words("联合", "Together"), "1", 2),
    )
    values = np.stack([impacts.value, *impacts.by_hazard, impacts.joint], axis=1)
    sums = impacts.units.sums(values)
    order = sorted(range(len(sums)), key=lambda at: (-sums[at, -1], at))
    rows: list[list[Cell]] = [[impacts.units.says(at), *map(float, sums[at])] for at in order if sums[at].any()]
    return Table("units", Words("各单元年均损失", "Expected in a year, by unit"), columns, rows)


def _curve(impacts: Impacts) -> LinePlot:
    line = Line(Words("联合", "Together"), impacts.curve.period, impacts.curve.impact)
    return LinePlot(
        "exceedance",
        Words("损失超越曲线", "Exceedance of losses"),
        Words("重现期（年）", "Return period, years"),
        Words("损失", "Loss"),
        (line,),
        has_log_x=True,
    )


def _tell_cascade(told: _Told, values: Mapping[str, Any]) -> None:
    links, digest = read_cascade(values["cascade"])
    start = values["start"]
    chances = failure_chances(links, start)
    told.sources[values["cascade"].name] = digest
    worst = max((name for name in chances if name != start), key=lambda name: (chances[name], name), default="")
    told.answer.append(
        Words(
            f"“{start}”发生后，{len(chances) - 1} 项会受连锁影响，最可能的是“{worst}”"
            f"（{100 * chances.get(worst, 0):.0f}%）。",
            f"Once '{start}' fails {len(chances) - 1} others may fail; the likeliest is '{worst}' "
            f"({100 * chances.get(worst, 0):.0f} %).",
        )
        if worst
        else Words(f"“{start}”不会引发其他失效。", f"'{start}' sets nothing off.")
    )
    columns = (Column("thing", Words("对象", "What fails")), Column("chance", Words("概率", "Chance"), "percent", 1))
    rows: list[list[Cell]] = [[name, 100 * chance] for name, chance in chances.items()]
    told.tables.append(Table("cascade", Words("连锁失效概率", "Chances in the cascade"), columns, rows))
    paths: list[list[Cell]] = [
        [" → ".join(path.steps), 100 * path.chance] for path in likeliest_paths(links, start, MOST_PATHS)
    ]
    told.tables.append(Table("paths", Words("最可能的链条", "Likeliest chains"), columns, paths))
    told.assumptions.append(
        Words(
            "各连锁关系相互独立；概率由使用者给出。", "Links are independent of one another; their chances are given."
        )
    )
