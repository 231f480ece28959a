"""Asking: from measured candidates to the question that the solver answers."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from tulou.kernel.errors import BadUse
from tulou.plan.candidates.content import NO_AMOUNT, NO_EFFECT, NO_PRECEDENT, NO_PRICE, REASONS, Candidate, LeftOut
from tulou.plan.portfolio.question import Before, Choice, Goal, Question
from tulou.plan.renewal.measuring import Measured
from tulou.plan.renewal.wishes import Wishes

MONTHS = 12.0
SMALL = 1e-9
"""A smaller part of a lack is the rounding of sums."""


@dataclass(frozen=True)
class Asked:
    """The question, and what is not in it.

    Args:
        question: The question.
        pool: Measured candidates that may be chosen, by id.
        left_out: Candidates that may not, with the reason.
        goals: What each goal is about: indicator and unit.
    """

    question: Question
    pool: Mapping[str, Measured]
    left_out: tuple[LeftOut, ...]
    goals: Mapping[str, tuple[str, str]]


def priced(candidates: Iterable[Candidate]) -> tuple[list[Candidate], list[LeftOut]]:
    """Candidates that have a cost, and the others with the reason."""
    kept, left = list[Candidate](), list[LeftOut]()
    for one in candidates:
        if one.cost is not None:
            kept.append(one)
        else:
            left.append(_left(one, NO_PRICE if one.remedy.cost.price is None else NO_AMOUNT))
    return kept, left


def question_of(
    measured: Sequence[Measured], wishes: Wishes, *, known: Iterable[Candidate] = (), left: Sequence[LeftOut] = ()
) -> Asked:
    """The question that the solver answers.

    Args:
        measured: Candidates with a cost, measured.
        wishes: What is asked for.
        known: All candidates, those without a cost included, to tell what must come first.
        left: What is left out already.

    Raises:
        BadUse: When something that must be done is no candidate, or cannot be chosen.
    """
    goals = _goals(measured, wishes)
    helpful = {name for goal in goals.values() for name in goal.parts}
    useful = {one.id: one for one in measured if wishes.worth(one.gains) > 0.0 or one.id in helpful}
    left_out = [*left, *(_left(one.candidate, NO_EFFECT) for one in measured if one.id not in useful)]
    every = {one.id for one in known} | set(useful)
    pool, late = _with_precedents(useful, every)
    left_out += [_left(one.candidate, NO_PRECEDENT) for one in late]
    _check_must(wishes, pool, left_out)
    kept = tuple(
        Goal(goal.id, goal.worth, {name: part for name, part in goal.parts.items() if name in pool})
        for goal in goals.values()
    )
    question = Question(
        tuple(_choice(one, wishes) for one in pool.values()),
        wishes.budgets,
        tuple(_before(pool)),
        tuple(_exclusive(pool)),
        wishes.fairness,
        tuple(goal for goal in kept if goal.parts and sum(goal.parts.values()) >= 1.0 - SMALL),
    )
    return Asked(question, pool, tuple(left_out), {name: _about(name) for name in goals})


def years_of(candidate: Candidate) -> int:
    """Years from the one a candidate is paid in to the one it is finished in; 0 where no source tells how long."""
    duration = candidate.remedy.duration
    return max(math.ceil(duration.months / MONTHS) - 1, 0) if duration else 0


def _left(candidate: Candidate, reason: str) -> LeftOut:
    return LeftOut(candidate.remedy, candidate.id, reason, len(candidate.findings))


def _choice(one: Measured, wishes: Wishes) -> Choice:
    """Something that may be done; what is not finished within the years of the plan brings nothing yet."""
    worth = wishes.worth(one.gains)
    last = wishes.years[-1]
    benefits = tuple(worth if year + years_of(one.candidate) <= last else 0.0 for year in wishes.years)
    cost = one.candidate.cost or 0.0
    must = one.id in wishes.must
    return Choice(one.id, cost, benefits, group=one.candidate.unit, relief=max(worth, 0.0), must=must)


def _goals(measured: Sequence[Measured], wishes: Wishes) -> dict[str, Goal]:
    """Units that pass only when several candidates are done."""
    parts: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    people: dict[tuple[str, str], float] = {}
    for one in measured:
        for indicator, gain in one.gains.items():
            for unit, way in gain.ways.items():
                if SMALL < way < 1.0 - SMALL:
                    parts[indicator, unit][one.id] = way
                    people[indicator, unit] = gain.residents.get(unit, 0.0)
    found: dict[str, Goal] = {}
    for (indicator, unit), told in sorted(parts.items()):
        worth = people[indicator, unit] if wishes.objective == "people" else 1.0
        name = f"{indicator}/{unit}"
        found[name] = Goal(name, wishes.weight(indicator) * worth, told)
    return found


def _about(name: str) -> tuple[str, str]:
    indicator, _, unit = name.partition("/")
    return indicator, unit


def _firsts(one: Measured, names: Iterable[str]) -> list[str]:
    """What must be done with or before a candidate: of what is needed in its unit at all, and sites before it."""
    known = set(names)
    told = [f"{other}@{one.candidate.unit}" for other in one.candidate.remedy.after]
    return [name for name in (*told, one.after) if name in known]


def _with_precedents(useful: Mapping[str, Measured], every: set[str]) -> tuple[dict[str, Measured], list[Measured]]:
    """Candidates whose precedents can be chosen too, and the others."""
    pool, late = dict(useful), list[Measured]()
    while True:
        stuck = [one for one in pool.values() if any(name not in pool for name in _firsts(one, every))]
        if not stuck:
            return pool, late
        late += stuck
        pool = {name: one for name, one in pool.items() if one not in stuck}


def _before(pool: Mapping[str, Measured]) -> Iterable[Before]:
    for one in pool.values():
        for first in _firsts(one, pool):
            yield Before(first, one.id, lag=0)


def _exclusive(pool: Mapping[str, Measured]) -> Iterable[tuple[str, ...]]:
    """One project a site; and of remedies that exclude one another, one on the same object."""
    sites: dict[tuple[str, str], list[str]] = defaultdict(list)
    touching: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
    for one in pool.values():
        if one.candidate.site is not None:
            sites[one.candidate.site.entity, one.candidate.site.id].append(one.id)
        for name in one.candidate.touched:
            touching[name].append(one.candidate)
    yield from (tuple(names) for _, names in sorted(sites.items()) if len(names) > 1)
    pairs = {
        tuple(sorted((one.id, other.id)))
        for candidates in touching.values()
        for one, other in combinations(candidates, 2)
        if other.remedy.id in one.remedy.excludes or one.remedy.id in other.remedy.excludes
    }
    yield from sorted(pairs)


def _check_must(wishes: Wishes, pool: Mapping[str, Measured], left_out: Sequence[LeftOut]) -> None:
    reasons = {one.candidate: one.reason for one in left_out}
    for name in wishes.must:
        if name in pool:
            continue
        if name in reasons:
            told = f"{name}: {REASONS[reasons[name]].en}"
            raise BadUse("what must be done cannot be chosen", where="--must", found=told, allowed=sorted(pool))
        raise BadUse("there is no such candidate", where="--must", found=name, allowed=sorted(pool))
