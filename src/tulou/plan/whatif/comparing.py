"""Comparing: one city asked by two rules, and by each rule that comes into force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tulou.diagnosis.diagnose import Diagnosis, diagnose
from tulou.indicators.evaluate.memo import Memo
from tulou.indicators.rulebook.content import Rulebook
from tulou.kernel.errors import BadUse
from tulou.kernel.progress import Progress, steps
from tulou.model.state import State
from tulou.plan.effects import Effect
from tulou.plan.whatif.laws import ONE_DAY, calendar, judged_by, near_the_mark, parameter_changes
from tulou.plan.whatif.outcome import near_lines, outcome
from tulou.plan.whatif.subjects import Coming, Compared

Rules = tuple[Rulebook, date]
"""A rulebook, and the day whose rules hold."""


def compare_rules(
    state: State,
    before: Rules,
    after: Rules,
    *,
    near: float,
    indicators: Sequence[str] = (),
    memo: Memo | None = None,
    progress: Progress | None = None,
) -> Compared:
    """Ask a city by two rules.

    Args:
        state: The city.
        before: The rules without the change.
        after: The rules with it.
        near: How near to its mark a value is marginal, as a share of the mark.
        indicators: Ids to ask; all when empty.
        memo: Work remembered from other evaluations of this city.
        progress: Told after each answer.

    Raises:
        BadUse: When the two sides are the same.
    """
    if before[0].digest == after[0].digest and before[1] == after[1]:
        allowed = ("--parameter", "--on", "--against", "--rulebook")
        raise BadUse("the two sides are the same", where="tulou lawdiff", found=str(after[1]), allowed=allowed)
    memo = memo or Memo()
    one, other = (_asked(rules, state, indicators, memo, progress) for rules in (before, after))
    found = outcome(Effect(one, other), before[0], after[0])
    changes = parameter_changes(before, after)
    judged = judged_by(after[0], [change.name for change in changes], after[1])
    lines = near_lines(found, near_the_mark(found.effect, near, judged))
    return Compared(state, changes, found, lines, near)


def commencements(
    state: State,
    rulebook: Rulebook,
    since: date,
    *,
    indicators: Sequence[str] = (),
    memo: Memo | None = None,
    progress: Progress | None = None,
) -> tuple[Coming, ...]:
    """What each rule that comes into force after a day turns in a city as it is, against the day before it does.

    Args:
        state: The city.
        rulebook: The rulebook.
        since: The day after which rules are looked for.
        indicators: Ids to ask; all when empty.
        memo: Work remembered from other evaluations of this city.
        progress: Told after each day.

    Returns:
        A list in the order of days.
    """
    memo = memo or Memo()
    found = []
    for one in steps(calendar(rulebook, since), "calendar", progress):
        before, after = (_asked((rulebook, day), state, indicators, memo) for day in (one.day - ONE_DAY, one.day))
        found.append(Coming(one, outcome(Effect(before, after), rulebook)))
    return tuple(found)


def _asked(
    rules: Rules, state: State, indicators: Sequence[str], memo: Memo, progress: Progress | None = None
) -> Diagnosis:
    """A diagnosis by some rules, of the indicators that they have; one that they lack is refused when none is left."""
    book, day = rules
    held = [name for name in indicators if name in book.indicators] or list(indicators)
    return diagnose(book, state, day=day, indicators=held or None, memo=memo, progress=progress)
