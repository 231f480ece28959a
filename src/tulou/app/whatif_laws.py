"""Law-diff: one city by two rules, and what each rule that comes into force will turn in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tulou.app.checking import Question, state_of
from tulou.app.wiring import open_city, rulebook
from tulou.indicators.evaluate.memo import Memo
from tulou.kernel.progress import Progress
from tulou.model.state import State
from tulou.model.store.city import City
from tulou.plan.whatif.comparing import commencements, compare_rules
from tulou.plan.whatif.laws import with_values
from tulou.plan.whatif.subjects import Coming, Compared

NEAR = 0.05
"""How near to its mark a value is marginal when nobody says otherwise, as a share of the mark."""


@dataclass(frozen=True)
class Laws:
    """Two sides to be compared.

    Args:
        question: City, day and record, and the rulebooks of the side with the change.
        values: ``NAME=VALUE`` of parameters on that side.
        on: Day whose rules hold on that side; the day of the city when left out.
        against: Day whose rules hold on the other; when left out the day of the city, or that of ``on`` where values or
            rulebooks are compared.
        against_rulebooks: Rulebooks of the other side; the same when empty.
        near: How near to its mark a value is marginal, as a share of the mark.
    """

    question: Question
    values: Sequence[str] = ()
    on: date | None = None
    against: date | None = None
    against_rulebooks: Sequence[str] = ()
    near: float = NEAR


def compare_laws(
    city: Path | City, laws: Laws, *, memo: Memo | None = None, progress: Progress | None = None
) -> Compared:
    """Ask a city by two rules.

    Args:
        city: The city, or its folder.
        laws: The two sides.
        memo: Work remembered from other evaluations of this city.
        progress: Told where the work stands.

    Raises:
        BadUse: When the two sides are the same, or a parameter, rulebook, branch or record does not exist.
        BadInput: When the rules of the rulebook refuse a value.
    """
    place = open_city(city) if isinstance(city, Path) else city
    state = state_of(place, laws.question)
    day = laws.on or state.moment.valid
    after = rulebook(tuple(laws.question.rulebooks))
    before = rulebook(tuple(laws.against_rulebooks)) if laws.against_rulebooks else after
    if laws.values:
        after = with_values(after, laws.values, day)
    other_day = laws.against or (day if laws.values or laws.against_rulebooks else state.moment.valid)
    return compare_rules(
        state, (before, other_day), (after, day), near=laws.near, indicators=laws.question.indicators,
        memo=memo, progress=progress,
    )  # fmt: skip


def coming_into_force(
    city: Path | City,
    question: Question,
    *,
    since: date | None = None,
    memo: Memo | None = None,
    progress: Progress | None = None,
) -> tuple[State, tuple[Coming, ...]]:
    """What each rule that comes into force after a day will turn in a city as it is.

    Args:
        city: The city, or its folder.
        question: Day and record of the city, and the rulebooks.
        since: The day after which rules are looked for; that of the city when left out.
        memo: Work remembered from other evaluations of this city.
        progress: Told after each day.

    Returns:
        The city, and a list in the order of days.
    """
    place = open_city(city) if isinstance(city, Path) else city
    state = state_of(place, question)
    rules = rulebook(tuple(question.rulebooks))
    day = since or state.moment.valid
    return state, commencements(state, rules, day, indicators=question.indicators, memo=memo, progress=progress)
