"""Evaluation: all questions of a rulebook asked of one state of a city, each piece of work done once."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pyarrow as pa

from tulou.indicators.evaluate.aggregate import aggregated
from tulou.indicators.evaluate.chain import chain_id, chain_of
from tulou.indicators.evaluate.city import City, rows_key
from tulou.indicators.evaluate.lacking import lacking, title_of
from tulou.indicators.evaluate.measuring import binding_keys, measured
from tulou.indicators.evaluate.memo import Memo
from tulou.indicators.evaluate.networks import NetworkBuilder, build_network
from tulou.indicators.evaluate.openness import leeway
from tulou.indicators.evaluate.placement import levels_of, placed_key, units_of
from tulou.indicators.evaluate.quantities import city_of
from tulou.indicators.evaluate.reasons import Unanswerable
from tulou.indicators.evaluate.results import Answered, AnswerRows, Results, answer_rows, unanswered_rows
from tulou.indicators.evaluate.verdict import Verdicts, judge_of, judged, mark_of
from tulou.indicators.rulebook.content import Formula, Indicator, Rulebook, Variant
from tulou.indicators.rulebook.reading import named
from tulou.kernel.clock import MAIN
from tulou.kernel.identity import digest_text
from tulou.kernel.progress import Progress, steps
from tulou.model.state import Profile, State

DIGITS = 16
"""Characters of a digest that name a check."""


@dataclass(frozen=True)
class Job:
    """One answer to be worked out."""

    indicator: Indicator
    variant: Variant
    formula: Formula | None

    @property
    def name(self) -> tuple[str, str]:
        """Indicator and variant."""
        return self.indicator.id, self.variant.name


@dataclass(frozen=True)
class Check:
    """A rulebook asked of a city on a day.

    Args:
        id: Made from the day, the record and the rulebook, so that the same check has the same id.
        day: Day whose rules held.
        record: Last commit that counted; None for all there were.
        branch: Branch of the city it was asked on.
        profile: The city.
        rulebook: Id, version and digest of the rulebook.
        results: The long result table, see ``results.SCHEMA``.
        chains: What each answer was made from, by chain id.
        city: The city as it was asked, to explain from; None when the check was read back.
    """

    id: str
    day: date
    record: int | None
    profile: Profile
    rulebook: Mapping[str, str]
    results: pa.Table
    chains: Mapping[str, Mapping[str, Any]]
    city: City | None = field(default=None, compare=False, repr=False)
    branch: str = MAIN


Watch = Callable[[City, Job, Mapping[str, Verdicts]], None]
"""Called after each answer, while its rows are still at hand, with the verdicts by level."""


def evaluate(
    rulebook: Rulebook,
    state: State,
    *,
    day: date | None = None,
    indicators: Iterable[str] | None = None,
    progress: Progress | None = None,
    build: NetworkBuilder = build_network,
    watch: Watch | None = None,
    memo: Memo | None = None,
) -> Check:
    """Ask a rulebook of a city.

    Args:
        rulebook: What is asked.
        state: The city.
        day: Day whose rules hold; the state's own day when left out.
        indicators: Ids to ask; all when left out.
        progress: Told after each answer.
        build: Makes networks from roads.
        watch: Sees each answer while its rows are at hand.
        memo: Work done in other evaluations, of this or nearly the same city; the results are the same without.

    Raises:
        BadUse: For an indicator that does not exist.
    """
    day = day or state.moment.valid
    city = city_of(rulebook, state, day, build, memo)
    chosen = sorted(set(indicators)) if indicators is not None else sorted(rulebook.indicators)
    jobs = _jobs(rulebook, [named(rulebook.indicators, name) for name in chosen], day)
    check = check_id(rulebook, state, day, chosen if indicators is not None else None)
    results, chains = Results(check), dict[str, Mapping[str, Any]]()
    keys = [_keys(city, job) for job in jobs]
    for each in keys:
        city.cache.announce(each)
    for number in steps(range(len(jobs)), "evaluate", progress):
        verdicts = _answer(city, jobs[number], results, chains)
        if watch is not None:
            watch(city, jobs[number], verdicts)
        for key in city.cache.release(keys[number]):
            city.forget(key)
        if memo is None:
            # What was let go of goes back to the system: a fifth of the memory of a large check.
            pa.default_memory_pool().release_unused()
    told = {"id": rulebook.id, "version": rulebook.version, "digest": rulebook.digest}
    moment = state.moment
    return Check(check, day, moment.record, state.profile, told, results.table(), chains, city, moment.branch)


def check_id(rulebook: Rulebook, state: State, day: date, indicators: list[str] | None) -> str:
    """The id of a check: the day, and a digest of all that decides its results."""
    moment = state.moment
    told = [rulebook.id, rulebook.digest, str(moment.valid), moment.record, state.profile.name, indicators]
    told += [moment.branch] * (moment.branch != MAIN)
    return f"{day.isoformat()}-{digest_text(json.dumps(told, ensure_ascii=False))[:DIGITS]}"


def _jobs(rulebook: Rulebook, chosen: list[str], day: date) -> list[Job]:
    """All answers, those that share rows and measures next to one another."""
    found = [
        Job(indicator, variant, variant.on(day))
        for indicator in (rulebook.indicators[name] for name in chosen)
        for variant in indicator.variants
    ]
    return sorted(found, key=lambda job: _order(rulebook, job))


def _order(rulebook: Rulebook, job: Job) -> tuple[str, ...]:
    if job.formula is None:
        return ("", "", "", job.indicator.id, job.variant.name)
    entity = rulebook.selections[job.formula.of].entity
    return (entity, job.formula.of, str(job.formula.binding), job.indicator.id, job.variant.name)


def _keys(city: City, job: Job) -> list[Hashable]:
    """What an answer uses and later ones may not need."""
    if job.formula is None:
        return []
    found = binding_keys(city, job.formula.of, job.formula.binding)
    levels = levels_of(city, job.indicator.level)
    found += [placed_key(job.formula.of, level) for level in levels]
    if job.formula.per is not None:
        found += [placed_key(job.formula.per.of, level) for level in levels]
        if job.formula.per.binding is not None:
            found += binding_keys(city, job.formula.per.of, job.formula.per.binding)
    inputs = job.formula.binding.inputs.values()
    selections = {job.formula.of, *(reference.selection for reference in inputs if not reference.is_network)}
    selections |= {job.formula.per.of} if job.formula.per is not None else set()
    found += [rows_key(city.rulebook.selections[name].entity) for name in sorted(selections) if name]
    return list(dict.fromkeys(found))


@dataclass(frozen=True, eq=False)
class _Answer:
    """One answer: its rows, and its verdicts by level; none when it could not be answered."""

    rows: tuple[AnswerRows, ...]
    verdicts: Mapping[str, Verdicts]


def _answer(city: City, job: Job, results: Results, chains: dict[str, Mapping[str, Any]]) -> Mapping[str, Verdicts]:
    chain = chain_of(city, job.indicator, job.variant, job.formula)
    name = chain_id(chain)
    chains[name] = chain
    found = _answered(city, job)
    for rows in found.rows:
        results.add(rows, name)
    return found.verdicts


def verdicts_of(city: City, job: Job) -> Mapping[str, Verdicts]:
    """Verdicts of an answer by level; with a memory, worked out once, and noted by the work that asks."""
    return _answered(city, job).verdicts


def _answered(city: City, job: Job) -> _Answer:
    return city.remembered(("answer", *job.name), asked_of(city, job), lambda city: _asked(city, job))


def asked_of(city: City, job: Job) -> tuple[object, ...]:
    """All entries of the rulebook that an answer is about, for the memory: those in force on the day."""
    return (job.indicator, job.formula, city.in_force(job.indicator.variants[0]))


def _asked(city: City, job: Job) -> _Answer:
    answered = Answered(job.indicator, job.variant, None, title_of=lambda name: title_of(city, name))
    why, lacks = "not_in_force", tuple[str, ...]((job.indicator.id,))
    if job.formula is not None:
        try:
            return _by_level(city, job, job.formula, answered)
        except Unanswerable as error:
            why, lacks = error.code, error.lacking
    levels = levels_of(city, job.indicator.level)
    return _Answer(tuple(unanswered_rows(answered, units_of(city, level), why, lacks) for level in levels), {})


def _by_level(city: City, job: Job, formula: Formula, answered: Answered) -> _Answer:
    judge, may_judge = judge_of(job.indicator, job.variant, formula, city)
    mark = mark_of(city, job.indicator, judge)
    complete = city.is_complete(formula.of)
    room = leeway(city, formula)
    measured(city, formula.of, formula.binding)
    worked = [(level, aggregated(city, formula, level)) for level in levels_of(city, job.indicator.level)]
    rows, found = list[AnswerRows](), dict[str, Verdicts]()
    lacks: Mapping[str, tuple[str, ...]] | None = None
    for level, figures in worked:
        verdicts = judged(figures, formula, mark, may_judge=may_judge, is_complete=complete, leeway=room)
        if lacks is None and any(verdicts.reason != ""):
            lacks = lacking(city, formula, mark, room)
        told = replace(answered, mark=mark, lacking=lacks or {}, complete=complete)
        rows.append(answer_rows(told, units_of(city, level), figures, verdicts))
        found[level] = verdicts
    return _Answer(tuple(rows), found)
