"""Outcomes: an effect as it is told: what turns, by which article, for how many people, and what could not be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tulou.diagnosis.findings import TO_CONFIRM
from tulou.indicators.evaluate.city import City
from tulou.indicators.evaluate.verdict import FAIL, PASS
from tulou.indicators.rulebook.content import LEVELS, Indicator, Rulebook
from tulou.kernel.words import Words
from tulou.plan.effects import SIDES, TURNS, Effect, turns
from tulou.plan.effects_on_findings import FindingChange

OFFICIAL = ""
"""Name of the variant that is the official answer."""
NO_WORDS = Words("", "")


@dataclass(frozen=True)
class Article:
    """The article of a standard that sets a mark.

    Args:
        parameter: Name of the parameter.
        title: Its title.
        mark: The mark as a reader sees it, in the unit of the indicator.
        clause: Standard and clause.
        since: First day it is in force.
        evidence: How well that is evidenced; only ``sourced`` judges.
    """

    parameter: str
    title: Words
    mark: str
    clause: str
    since: date
    evidence: str


@dataclass(frozen=True)
class Stand:
    """How one answer stands on one side.

    Args:
        value: In the unit of the indicator; None where there is none.
        numerator: What counts; None where nothing does.
        denominator: What it is a part of.
        low: Lower bound where estimated.
        high: Upper bound.
        verdict: See ``effects.VERDICTS``; empty when this side does not have the answer.
        meets: Whether the value meets the mark shown, whether it may judge or not; None when that cannot be told.
        article: What sets the mark; None without one.
        reason: Why there is no verdict, or none that is proven.
    """

    value: float | None
    numerator: float | None
    denominator: float | None
    low: float | None
    high: float | None
    verdict: str
    meets: bool | None
    article: Article | None
    reason: Words


@dataclass(frozen=True)
class Line:
    """One answer of one unit, without the change and with it.

    Args:
        indicator: Id of the indicator.
        title: Its title.
        variant: Its variant; empty for the official answer.
        variant_title: What differs in the variant.
        dimension: Key of its dimension.
        measured_in: Its unit of measurement.
        level: Level of the unit.
        unit: Id of the unit.
        unit_name: Its name.
        before: Without the change.
        after: With it.
        turn: Which way it turned or moved, see ``effects.TURNS``.
        people: Residents of the unit; None where unknown.
    """

    indicator: str
    title: Words
    variant: str
    variant_title: Words
    dimension: str
    measured_in: str
    level: str
    unit: str
    unit_name: str
    before: Stand
    after: Stand
    turn: str
    people: float | None = None


@dataclass(frozen=True)
class Named:
    """An object.

    Args:
        id: Its id.
        name: Its name; empty when it has none.
        is_there: Whether it stands in the city with the change.
    """

    id: str
    name: str
    is_there: bool = True


@dataclass(frozen=True)
class FindingLine:
    """One finding that appears, vanishes or changes.

    Args:
        change: What became of it.
        title: Title of the indicator.
        added: Objects that it did not name before.
        dropped: Objects that it no longer names.
    """

    change: FindingChange
    title: Words
    added: tuple[Named, ...]
    dropped: tuple[Named, ...]

    @property
    def is_red(self) -> bool:
        """Whether something is proven to fail that did not before."""
        change = self.change
        return change.status[1] == FAIL and (change.status[0] != FAIL or bool(change.added))


@dataclass(frozen=True)
class NearLine:
    """An answer whose value lies near its mark.

    Args:
        line: The answer.
        distance: Value less mark, in the unit of the indicator.
    """

    line: Line
    distance: float


@dataclass(frozen=True)
class Unassessed:
    """An indicator that could not be assessed for the city with the change.

    Args:
        indicator: Its id.
        title: Its title.
        reason: Why.
        lacking: What lacks, as ``entity.attribute``, selection or parameter.
        is_new: Whether it could be assessed without the change.
    """

    indicator: str
    title: Words
    reason: Words
    lacking: tuple[str, ...]
    is_new: bool


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a change comes to.

    Args:
        effect: What was measured.
        rules: The rulebook without the change and with it.
        flips: Verdicts that turned.
        crossings: Values that crossed a mark which may not judge them.
        moves: Values that moved.
        findings: Findings that appear, vanish or change.
        unassessed: Indicators that could not be assessed for the city with the change.
    """

    effect: Effect
    rules: tuple[Rulebook, Rulebook]
    flips: tuple[Line, ...]
    crossings: tuple[Line, ...]
    moves: tuple[Line, ...]
    findings: tuple[FindingLine, ...]
    unassessed: tuple[Unassessed, ...]

    @property
    def red_lines(self) -> tuple[Line, ...]:
        """Official answers that fail with the change and did not without it."""
        return tuple(
            line for line in self.flips if line.variant == OFFICIAL and line.after.verdict == FAIL
        )  # A flip fails after only when it did not before.

    @property
    def red_findings(self) -> tuple[FindingLine, ...]:
        """Findings that are proven with the change and were not without it."""
        return tuple(found for found in self.findings if found.is_red)

    @property
    def is_judged(self) -> bool:
        """Whether any official answer passes or fails with the change."""
        results = self.effect.after.check.results
        official = pc.equal(pc.cast(results["variant"], "string"), OFFICIAL)
        status = pc.cast(results["status"], "string")
        return bool(pc.any(pc.and_(official, pc.is_in(status, value_set=_JUDGED))).as_py())


_JUDGED = pa.array([PASS, FAIL])


def outcome(effect: Effect, before: Rulebook, after: Rulebook | None = None) -> Outcome:
    """Tell an effect.

    Args:
        effect: What was measured.
        before: Rulebook of the side without the change.
        after: Rulebook of the other side; the same when left out.
    """
    rules = (before, after or before)
    teller = _Teller(effect, rules)
    moves = sorted(teller.lines(effect.moves), key=_move_order)
    flips = sorted(teller.lines(effect.flips), key=_flip_order)
    crossings = sorted(teller.lines(effect.crossings), key=_flip_order)
    return Outcome(
        effect, rules, tuple(flips), tuple(crossings), tuple(moves), teller.findings(), tuple(teller.unassessed())
    )


def near_lines(outcome: Outcome, rows: Sequence[Mapping[str, Any]]) -> tuple[NearLine, ...]:
    """Tell answers that lie near their mark.

    Args:
        outcome: The outcome they belong to.
        rows: What ``laws.near_the_mark`` gave.
    """
    teller = _Teller(outcome.effect, outcome.rules)
    levels = {str(row["level"]) for row in rows}
    people = {level: outcome.effect.residents(level) for level in sorted(levels)}
    found = []
    for row in rows:
        count = people[str(row["level"])].get(str(row["unit"]), np.nan)
        line = teller.line({**row, "people": float(count) if np.isfinite(count) else None})
        found.append(NearLine(line, float(row["distance"])))
    return tuple(found)


def people_of(lines: Sequence[Line]) -> float | None:
    """People who live in the units of some lines, each unit once, of the finest level they have; None where unknown."""
    levels = {line.level for line in lines}
    finest = next((level for level in LEVELS if level in levels), "")
    units = {line.unit: line.people for line in lines if line.level == finest}
    known = [people for people in units.values() if people is not None]
    return sum(known) if known else None


def _flip_order(line: Line) -> tuple[Any, ...]:
    """Official before other answers, what fails anew first, coarse units before fine ones, most people first."""
    return (
        line.variant != OFFICIAL, line.after.verdict != FAIL, TURNS.index(line.turn), -LEVELS.index(line.level),
        -(line.people or 0.0), line.indicator, line.variant, line.unit,
    )  # fmt: skip


def _move_order(line: Line) -> tuple[Any, ...]:
    return (
        line.variant != OFFICIAL,
        -LEVELS.index(line.level),
        line.dimension,
        line.indicator,
        line.variant,
        line.unit,
    )


@dataclass(frozen=True, eq=False)
class _Teller:
    """Turns rows into lines, with the words of the rulebooks."""

    effect: Effect
    rules: tuple[Rulebook, Rulebook]

    @property
    def cities(self) -> tuple[City | None, City | None]:
        return self.effect.before.check.city, self.effect.after.check.city

    @property
    def days(self) -> tuple[date, date]:
        return self.effect.before.check.day, self.effect.after.check.day

    def lines(self, rows: pa.Table) -> list[Line]:
        return [self.line(row) for row in rows.to_pylist()]

    def line(self, row: Mapping[str, Any]) -> Line:
        indicator = self._indicator(row["indicator"])
        stands = [self._stand(row, side) for side in range(len(SIDES))]
        titles = {variant.name: variant.title or NO_WORDS for variant in indicator.variants}
        return Line(
            indicator.id, indicator.title, row["variant"], titles.get(row["variant"], NO_WORDS), indicator.dimension,
            indicator.unit, row["level"], row["unit"], row["unit_name"] or "", stands[0], stands[1],
            _turn(indicator, stands[0], stands[1]), row.get("people"),
        )  # fmt: skip

    def _indicator(self, name: str) -> Indicator:
        """The indicator as the second rulebook has it, else the first."""
        held = self.rules[1].indicators
        return held[name] if name in held else self.rules[0].indicators[name]

    def _stand(self, row: Mapping[str, Any], side: int) -> Stand:
        told = {name: row[f"{name}_{SIDES[side]}"] for name in _OF_STAND}
        reason = Words(told["reason_zh"] or "", told["reason_en"] or "")
        return Stand(
            told["value"], told["numerator"], told["denominator"], told["low"], told["high"], told["verdict"] or "",
            told["meets"], self._article(side, row["indicator"], row["variant"], told["mark"]), reason,
        )  # fmt: skip

    def _article(self, side: int, name: str, variant: str, mark: str | None) -> Article | None:
        book, day = self.rules[side], self.days[side]
        if mark is None or name not in book.indicators:
            return None
        indicator = book.indicators[name]
        formulas = [indicator.variant(variant).on(day), indicator.variants[0].on(day)]
        judge = next((formula.judge for formula in formulas if formula is not None and formula.judge), None)
        if judge is None or not book.parameters[judge.mark].values.holds_on(day):
            return None
        version = book.parameters[judge.mark].values.on(day)
        title = book.parameters[judge.mark].title
        return Article(judge.mark, title, mark, version.clause, version.since, version.evidence)

    def findings(self) -> tuple[FindingLine, ...]:
        changes = self.effect.findings
        wanted: dict[str, dict[str, None]] = {}
        for change in changes:
            wanted.setdefault(change.entity, {}).update(dict.fromkeys((*change.added, *change.dropped)))
        names = {entity: self._names(entity, set(ids)) for entity, ids in wanted.items()}
        lines = [
            FindingLine(
                change,
                self._indicator(change.indicator).title,
                tuple(names[change.entity][name] for name in change.added),
                tuple(names[change.entity][name] for name in change.dropped),
            )
            for change in changes
        ]
        return tuple(sorted(lines, key=_finding_order))

    def _names(self, entity: str, ids: set[str]) -> dict[str, Named]:
        """Objects of an entity by id, named as the city with the change names them, else as without."""
        found = {name: Named(name, "", is_there=False) for name in ids}
        for city, is_there in zip(self.cities, (False, True), strict=True):
            if city is None or entity not in city.rulebook.dictionary:
                continue
            rows = city.rows(entity)
            at = np.flatnonzero(np.isin(rows.ids.astype(str), sorted(ids)))
            names = rows.texts("name")[at] if rows.has("name") else np.full(len(at), None, object)
            for name, called in zip(rows.ids[at], names, strict=True):
                found[str(name)] = Named(str(name), called or "", is_there)
        return found

    def unassessed(self) -> list[Unassessed]:
        """Official answers for the city that are none with the change."""
        rows = self.effect.answers
        wanted = pc.and_(pc.equal(rows["level"], "city"), pc.equal(rows["variant"], OFFICIAL))
        wanted = pc.and_(wanted, pc.equal(pc.fill_null(rows["verdict_after"], ""), "not assessed"))
        found = []
        for row in rows.filter(wanted).to_pylist():
            reason = Words(row["reason_zh_after"] or "", row["reason_en_after"] or "")
            lacking = tuple(name for name in (row["lacking_after"] or "").split(",") if name)
            is_new = row["verdict_before"] not in {"not assessed", None}
            found.append(Unassessed(row["indicator"], self._indicator(row["indicator"]).title, reason, lacking, is_new))
        return sorted(found, key=lambda one: (not one.is_new, one.indicator))


_OF_STAND = (
    "value", "numerator", "denominator", "low", "high", "verdict", "meets", "mark", "reason_zh", "reason_en",
)  # fmt: skip
"""Columns of the answers that make a stand."""


def _turn(indicator: Indicator, before: Stand, after: Stand) -> str:
    """Which way an answer turned: by its verdicts, else by its mark, else by its value."""
    found = turns(before.verdict, after.verdict) if before.verdict != after.verdict else "other"
    if found != "other":
        return found
    if before.meets is not None and after.meets is not None and before.meets != after.meets:
        return "better" if after.meets else "worse"
    if before.value is None or after.value is None or before.value == after.value or indicator.better == "neither":
        return "other"
    return "better" if (after.value > before.value) == (indicator.better == "higher") else "worse"


def _finding_order(line: FindingLine) -> tuple[Any, ...]:
    """What is proven first, then what appears, most people first."""
    change = line.change
    people = max((one for one in change.people if one is not None), default=0.0)
    kinds = ("appeared", "changed", "vanished")
    return (TO_CONFIRM in change.status, kinds.index(change.kind), -people, change.finding)
