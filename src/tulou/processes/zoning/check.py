"""From the land and the processes of a project to what the rules of its zones say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from shapely.geometry.base import BaseGeometry

from tulou.kernel.errors import BadInput, BadUse
from tulou.kernel.words import Words
from tulou.measures.environment.zoning import Overlap, Verdict, of_amount, overlaps, together, uncovered, width_of
from tulou.processes.declaration import Run
from tulou.processes.layer import Layer, read_layer
from tulou.processes.outcome import Balance, Cell, Column, Figure, Outcome, Table
from tulou.processes.zoning.land import land_of
from tulou.processes.zoning.table import ANY, Rule, named, protected, read_rules, titles

HECTARE = 1e4
SAID = {
    Verdict.PASS: Words("未见抵触", "nothing against it"),
    Verdict.CONDITIONAL: Words("有条件", "conditional"),
    Verdict.UNKNOWN: Words("无法判定", "cannot be told"),
    Verdict.PROHIBITED: Words("禁止", "prohibited"),
}


@dataclass(frozen=True)
class Project:
    """What is to be judged.

    Args:
        shape: Its land.
        processes: What is done there; empty when nobody said.
        amounts: Its quantities, by name.
    """

    shape: BaseGeometry
    processes: tuple[str, ...]
    amounts: Mapping[str, float]


@dataclass(frozen=True)
class Answered:
    """One rule, applied.

    Args:
        zone: Where it holds.
        dimension: Its dimension.
        verdict: What it says of the project.
        clause: Its text.
        why: Why so.
    """

    zone: str | Words
    dimension: Words
    verdict: Verdict
    clause: str | Words
    why: Words


def check(run: Run) -> Outcome:
    """Run the process, see ``zoning_check.PROCESS``."""
    values = run.values
    datum, tolerance = values["datum"], values["tolerance"]
    land = land_of(run)
    project = Project(land.shape, _names(values["processes"]), _amounts(values["amounts"]))
    zones = read_layer(values["zones"], texts=("unit", "kind"), system=land.system, datum=datum)
    rules, digest = read_rules(values["rules"])
    kinds = [named("zone_kinds", kind, values["zones"].name) for kind in zones.texts["kind"]]
    met = overlaps(project.shape, zones.shapes, tolerance)
    answered = [one for part in met for one in _answers_in(project, part, zones.texts["unit"][part.zone], kinds, rules)]
    rest = uncovered(project.shape, zones.shapes)
    answered += _outside(rest, tolerance)
    found, files = _protected(project, values, land.system)
    answered += found
    whole = together(one.verdict for one in answered)
    return Outcome(
        answer=_answer(whole, answered),
        figures=_figures(project, met, rest),
        tables=(_rules_table(answered), _zones_table(met, zones, kinds)),
        balances=(_balance(project, met, rest),) if _is_partition(project, met, rest) else (),
        assumptions=_assumptions(tolerance),
        warnings=(*_warnings(project, met, rest, tolerance), *land.warnings(run)),
        facts=land.facts(whole),
        sources={**land.files} | {values["zones"].name: zones.digest, values["rules"].name: digest} | files,
    )


def _names(text: str | None) -> tuple[str, ...]:
    parts = (text or "").replace("，", ",").replace("、", ",").split(",")
    return tuple(part.strip() for part in parts if part.strip())


def _amounts(text: str | None) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in _names(text):
        name, sign, value = part.partition("=")
        try:
            found[name.strip()] = float(value)
        except ValueError:
            raise BadUse(
                "a quantity is given as NAME=NUMBER", where="amounts", found=part, allowed=("COD=12",)
            ) from None
        if not sign or not np.isfinite(found[name.strip()]):
            raise BadUse("a quantity is given as NAME=NUMBER", where="amounts", found=part, allowed=("COD=12",))
    return found


def _answers_in(
    project: Project, part: Overlap, name: str, kinds: Sequence[str], rules: Sequence[Rule]
) -> list[Answered]:
    """All rules of a zone, applied; in a sliver a rule that would count cannot be told."""
    found: list[Answered] = []
    dimensions = titles("dimensions")
    for rule in rules:
        if rule.zone not in {ANY, name} and _kind_of(rule.zone) != kinds[part.zone]:
            continue
        verdict, why = _applied(rule, project)
        if part.is_sliver and verdict is not Verdict.PASS:
            verdict, why = Verdict.UNKNOWN, Words("重叠窄于制图误差，须实地核定", "the overlap is a sliver: survey it")
        found.append(Answered(name, dimensions[rule.dimension], verdict, rule.clause, why))
    return found


def _kind_of(text: str) -> str:
    try:
        return named("zone_kinds", text, "")
    except BadInput:
        return ""


def _applied(rule: Rule, project: Project) -> tuple[Verdict, Words]:
    """What a rule says of a project, and why."""
    if rule.process != ANY:
        if not project.processes:
            return Verdict.UNKNOWN, Words("未提供工艺清单", "no list of processes was given")
        if rule.process not in project.processes:
            return Verdict.PASS, Words(f"项目没有{rule.process}", f"the project has no {rule.process}")
    if not rule.quantity:
        return rule.verdict, Words("条文适用", "the clause applies")
    amount = project.amounts.get(rule.quantity)
    verdict = of_amount(amount, rule.at_most, rule.verdict)
    if amount is None:
        return verdict, Words(f"未提供{rule.quantity}", f"{rule.quantity} was not given")
    sign = "≤" if verdict is Verdict.PASS else ">"
    said = f"{rule.quantity} {amount:g} {sign} {rule.at_most:g}"
    return verdict, Words(said, said)


def _outside(rest: BaseGeometry, tolerance: float) -> list[Answered]:
    if width_of(rest) <= tolerance:
        return []
    nowhere = Words("管控单元之外", "outside of all zones")
    said = Words("该部分没有分区资料", "no zone is known for this part")
    return [Answered(nowhere, titles("dimensions")["space"], Verdict.UNKNOWN, "", said)]


def _protected(project: Project, values: Mapping[str, Any], system: str) -> tuple[list[Answered], dict[str, str]]:
    """What the law says of the project on protected land; a kind nobody mapped cannot be told."""
    held, path = protected(), values["protected"]
    found: list[Answered] = []
    files: dict[str, str] = {}
    known: set[str] = set()
    if path is not None:
        layer = read_layer(path, texts=("kind",), system=system, datum=values["datum"])
        files[path.name] = layer.digest
        for kind in layer.texts["kind"]:
            if kind not in held:
                raise BadInput("not a kind of protected land", where=path.name, found=kind, allowed=held)
        known = set(layer.texts["kind"])
        met = overlaps(project.shape, layer.shapes, values["tolerance"])
        found += [_on_protected(layer.texts["kind"][part.zone], part) for part in met]
    complete = set(_names(values["complete"]))
    for kind in complete - set(held):
        raise BadUse("not a kind of protected land", where="complete", found=kind, allowed=held)
    for kind, one in held.items():
        if kind not in known | complete:
            said = Words("没有这类保护范围的图层", "no map of this kind was given")
            found.append(Answered(one.title, titles("dimensions")["space"], Verdict.UNKNOWN, one.clause, said))
    return found, files


def _on_protected(kind: str, part: Overlap) -> Answered:
    one = protected()[kind]
    verdict = Verdict.UNKNOWN if part.is_sliver else one.verdict
    why = Words(
        f"重叠 {part.area:,.0f} 平方米，最宽 {part.width:.1f} 米",
        f"{part.area:,.0f} m² overlap, {part.width:.1f} m at the widest",
    )
    return Answered(one.title, titles("dimensions")["space"], verdict, one.clause, why)


def _answer(whole: Verdict, answered: Sequence[Answered]) -> tuple[Words, ...]:
    counts = {kind: sum(one.verdict is kind for one in answered) for kind in Verdict}
    first = {
        Verdict.PROHIBITED: Words("有条文禁止该项目在此选址", "Clauses prohibit the project here"),
        Verdict.UNKNOWN: Words("尚不能判定", "It cannot be told yet"),
        Verdict.CONDITIONAL: Words("未见禁止条文，须满足下列条件", "Nothing prohibits it; conditions are to be met"),
        Verdict.PASS: Words("所给条文中未见抵触", "Nothing in the given rules stands against it"),
    }[whole]
    return (
        Words(
            f"{first.zh}：禁止 {counts[Verdict.PROHIBITED]} 条，有条件 {counts[Verdict.CONDITIONAL]} 条，"
            f"无法判定 {counts[Verdict.UNKNOWN]} 条。",
            f"{first.en}: {counts[Verdict.PROHIBITED]} prohibitions, {counts[Verdict.CONDITIONAL]} conditions, "
            f"{counts[Verdict.UNKNOWN]} that cannot be told.",
        ),
        Words(
            "本结果不是准入意见或环评批复，由主管部门决定。",
            "This is no approval: the authority decides.",
        ),
    )


def _figures(project: Project, met: Sequence[Overlap], rest: BaseGeometry) -> tuple[Figure, ...]:
    slivers = sum(one.is_sliver for one in met)
    return (
        Figure("area", Words("项目用地", "Land of the project"), project.shape.area / HECTARE, "ha"),
        Figure("uncovered", Words("管控单元之外", "Outside of all zones"), rest.area / HECTARE, "ha"),
        Figure("slivers", Words("窄于误差的重叠", "Overlaps that are slivers"), float(slivers), "1", digits=0),
    )


def _rules_table(answered: Sequence[Answered]) -> Table:
    columns = (
        Column("zone", Words("管控范围", "Zone")),
        Column("dimension", Words("维度", "Dimension")),
        Column("verdict", Words("结论", "Says")),
        Column("clause", Words("条文", "Clause")),
        Column("why", Words("理由", "Why")),
    )
    ordered = sorted(answered, key=lambda one: -one.verdict)
    rows: list[list[Cell]] = [
        [one.zone, one.dimension, SAID[one.verdict], one.clause or None, one.why] for one in ordered
    ]
    return Table("rules", Words("逐条结论", "Rule by rule"), columns, rows)


def _zones_table(met: Sequence[Overlap], zones: Layer, kinds: Sequence[str]) -> Table:
    columns = (
        Column("unit", Words("管控单元", "Zone")),
        Column("kind", Words("类别", "Kind")),
        Column("area", Words("重叠面积", "Overlap"), "m2", 0),
        Column("width", Words("最宽处", "At the widest"), "m", 1),
        Column("sliver", Words("窄于误差", "Sliver")),
    )
    said = titles("zone_kinds")
    sliver = {True: Words("是", "yes"), False: Words("否", "no")}
    rows: list[list[Cell]] = [
        [zones.texts["unit"][one.zone], said[kinds[one.zone]], one.area, one.width, sliver[one.is_sliver]]
        for one in met
    ]
    return Table("zones", Words("涉及的管控单元", "Zones met"), columns, rows)


def _is_partition(project: Project, met: Sequence[Overlap], rest: BaseGeometry) -> bool:
    """Whether zones do not lie on one another within the project."""
    return sum(one.area for one in met) <= (project.shape.area - rest.area) * (1 + 1e-9)


def _balance(project: Project, met: Sequence[Overlap], rest: BaseGeometry) -> Balance:
    inside = sum(one.area for one in met)
    return Balance(Words("项目用地", "Land of the project"), project.shape.area, inside, rest.area, "m2")


def _assumptions(tolerance: float) -> tuple[Words, ...]:
    return (
        Words(
            f"处处不宽于 {tolerance:g} 米的重叠视为制图误差（设定）：其条文不作结论，列为无法判定。",
            f"An overlap nowhere wider than {tolerance:g} m is within the error of mapping (a choice): its rules "
            "cannot be told.",
        ),
        Words(
            "工艺名称须与条文中的写法一致；红线、农田、水源、保护区条文凭记忆转述，须核对原文。",
            "Processes are matched by their exact names; clauses on red line, farmland, water sources and reserves are "
            "retold from memory, to be confirmed.",
        ),
    )


def _warnings(project: Project, met: Sequence[Overlap], rest: BaseGeometry, tolerance: float) -> tuple[Words, ...]:
    found: list[Words] = []
    if not project.processes:
        found.append(
            Words(
                "没有工艺清单：涉及工艺的条文无法判定。", "No list of processes: rules about processes cannot be told."
            )
        )
    if not _is_partition(project, met, rest):
        found.append(Words("管控单元相互重叠，请核对图层。", "Zones lie on one another: check the layer."))
    if 0 < width_of(rest) <= tolerance:
        found.append(
            Words(
                f"管控单元之间有 {rest.area:,.0f} 平方米缝隙，窄于误差，未计。",
                f"Gaps of {rest.area:,.0f} m² between zones are slivers and left out.",
            )
        )
    return tuple(found)
