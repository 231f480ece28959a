"""Diagnosis: a check, what it found, how each dimension stands, and what is missing to know more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from tulou.diagnosis.findings import Collector
from tulou.indicators.evaluate.city import City
from tulou.indicators.evaluate.memo import Memo
from tulou.indicators.evaluate.networks import NetworkBuilder, build_network
from tulou.indicators.evaluate.run import Check, Job, Watch, evaluate
from tulou.indicators.evaluate.verdict import STATUSES, TO_CONFIRM, Verdicts
from tulou.indicators.rulebook.content import Rulebook
from tulou.kernel.progress import Progress
from tulou.kernel.words import Words
from tulou.model.state import State

GRADES = "grades.share_passing"
"""Parameter that grades a dimension by the percent of its judged indicators that pass, where a rulebook has one."""
WHOLE = 100.0


@dataclass(frozen=True)
class Standing:
    """How the city stands in one dimension, counted over its official answers.

    Args:
        dimension: Key of the dimension.
        title: Its title.
        counts: Indicators by status.
        grade: Grade by the rulebook's own table; None without one, since official grading intervals are not public.
        to_confirm: Of those for reference, how many fail on what is on record, which more data could turn round.
    """

    dimension: str
    title: Words
    counts: Mapping[str, int]
    grade: float | None = None
    to_confirm: int = 0


@dataclass(frozen=True)
class Missing:
    """Something that is not on record.

    Args:
        name: ``entity.attribute``, a selection, or a parameter.
        reason: Code of the reason it is missed for.
        indicators: Indicators that are not assessed for want of it.
        alone: Those of them for which nothing else lacks.
    """

    name: str
    reason: str
    indicators: tuple[str, ...]
    alone: tuple[str, ...]


@dataclass(frozen=True)
class Diagnosis:
    """A check and what it means.

    Args:
        check: The check.
        findings: Findings, see ``findings.SCHEMA``.
        standings: By dimension, in the rulebook's order.
        missing: What is missing, that which unlocks most first.
        barriers: Objects, by indicator, that pass in a straight line and fail on foot.
    """

    check: Check
    findings: pa.Table
    standings: tuple[Standing, ...]
    missing: tuple[Missing, ...]
    barriers: Mapping[str, int]


def diagnose(
    rulebook: Rulebook,
    state: State,
    *,
    day: date | None = None,
    indicators: Iterable[str] | None = None,
    progress: Progress | None = None,
    build: NetworkBuilder = build_network,
    watch: Watch | None = None,
    memo: Memo | None = None,
) -> Diagnosis:
    """Check a city and say what the check means.

    Args:
        rulebook: What is asked.
        state: The city.
        day: Day whose rules hold; the state's own when left out.
        indicators: Ids to ask; all when left out.
        progress: Told after each answer.
        build: Makes networks from roads.
        watch: Sees each answer too, while its rows are at hand.
        memo: Work done in other evaluations, of this or nearly the same city; the results are the same without.
    """
    collector = Collector()
    check = evaluate(
        rulebook, state, day=day, indicators=indicators, progress=progress, build=build, memo=memo,
        watch=collector.watch if watch is None else _both(collector.watch, watch),
    )  # fmt: skip
    return Diagnosis(
        check,
        collector.findings(),
        standings(check, rulebook),
        missing(check),
        collector.barriers(),
    )


def _both(first: Watch, second: Watch) -> Watch:
    def watch(city: City, job: Job, verdicts: Mapping[str, Verdicts]) -> None:
        first(city, job, verdicts)
        second(city, job, verdicts)

    return watch


def _official(check: Check) -> list[dict[str, str]]:
    """The official answers for the whole city."""
    table = check.results
    is_city = pc.equal(pc.cast(table["level"], "string"), "city")
    is_official = pc.equal(pc.cast(table["variant"], "string"), "")
    chosen = table.filter(pc.and_(is_city, is_official)).select(["indicator", "status", "reason", "lacking"])
    return [dict(row) for row in chosen.to_pylist()]


def standings(check: Check, rulebook: Rulebook) -> tuple[Standing, ...]:
    """How the city stands in each dimension that was asked about."""
    rows = _official(check)
    found: list[Standing] = []
    for dimension, title in rulebook.dimensions.items():
        own = [row for row in rows if rulebook.indicators[row["indicator"]].dimension == dimension]
        told = Counter(row["status"] for row in own)
        if told:
            counts = {status: told[status] for status in STATUSES}
            doubted = sum(row["reason"] in TO_CONFIRM for row in own)
            found.append(Standing(dimension, title, counts, _grade(rulebook, check.day, counts), doubted))
    return tuple(found)


def _grade(rulebook: Rulebook, day: date, counts: Mapping[str, int]) -> float | None:
    """The grade a rulebook's own table gives; None without a table, or when nothing was judged."""
    judged = counts["pass"] + counts["fail"]
    parameter = rulebook.parameters.get(GRADES)
    if parameter is None or not judged or not parameter.values.holds_on(day):
        return None
    share = counts["pass"] / judged * WHOLE
    held = [grade for size, grade in parameter.values.on(day).value.brackets if share >= size]
    return held[-1] if held else None


def missing(check: Check) -> tuple[Missing, ...]:
    """What is missing, and which indicators it would unlock; that which unlocks most alone comes first."""
    wanted: dict[tuple[str, str], tuple[list[str], list[str]]] = {}
    for row in _official(check):
        names = [name for name in (row["lacking"] or "").split(",") if name]
        if row["status"] != "not assessed":
            continue
        for name in names:
            every, alone = wanted.setdefault((name, row["reason"]), ([], []))
            every.append(row["indicator"])
            if len(names) == 1:
                alone.append(row["indicator"])
    found = [
        Missing(name, reason, tuple(sorted(every)), tuple(sorted(alone)))
        for (name, reason), (every, alone) in wanted.items()
    ]
    return tuple(sorted(found, key=lambda item: (-len(item.alone), -len(item.indicators), item.name, item.reason)))
