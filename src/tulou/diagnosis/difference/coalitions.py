"""Coalitions: the city as it would have been, had only some of the causes of a change come in.

Between check A (day v0, record k0, rulebook r0, boundaries b0) and check B (v1, k1, r1, b1) four things may move: the
*city* itself, what the data say of the same day (*correction*), the *definition*, and the *boundary*. The city of any
coalition is state(v0, k0) with the change sets of its causes applied, the world last; changes of objects that are not
there are skipped. It is asked by the rulebook, and on the day, of A or of B.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import compress

from tulou.diagnosis.difference.boundaries import parted, units_moved
from tulou.indicators.evaluate.memo import Memo
from tulou.indicators.evaluate.run import Check, evaluate
from tulou.indicators.rulebook.content import Rulebook, Setting
from tulou.kernel.dated import Dated, Version
from tulou.kernel.progress import Progress, steps
from tulou.model.changes import ChangeSet, applied, changes
from tulou.model.state import State

CAUSES = ("city", "correction", "definition", "boundary")
"""What can move a figure, in the order in which parts are told. Only the first is achievement."""
CITY, CORRECTION, DEFINITION, BOUNDARY = CAUSES


@dataclass(frozen=True)
class Side:
    """One of the two checks compared, as it can be made again.

    Args:
        rulebook: What was asked.
        state: The city.
        day: Day whose rules held.
    """

    rulebook: Rulebook
    state: State
    day: date


@dataclass(frozen=True, eq=False)
class Movement:
    """What lies between two checks.

    Args:
        before: The one.
        after: The other.
        between: The city on the day of the one as known at the record of the other.
        sets: Change sets by cause, in the order in which they are applied.
    """

    before: Side
    after: Side
    between: State
    sets: Mapping[str, tuple[ChangeSet, ...]]
    _states: dict[frozenset[str], State] = field(default_factory=dict)

    @cached_property
    def causes(self) -> tuple[str, ...]:
        """Causes that moved at all, in the order of ``CAUSES``."""
        return tuple(compress(CAUSES, map(self.has_moved, CAUSES)))

    def has_moved(self, cause: str) -> bool:
        """Whether a cause moved at all."""
        if cause == DEFINITION:
            one, other = self.before, self.after
            return one.rulebook.digest != other.rulebook.digest or not _says_the_same(one.rulebook, one.day, other.day)
        return any(not changed.is_empty for changed in self.sets[cause])

    def state(self, coalition: frozenset[str]) -> State:
        """The city of a coalition."""
        data = frozenset(self.causes) - {DEFINITION}
        held = coalition & data
        if not held:
            return self.before.state
        if held == data:
            return self.after.state
        if held not in self._states:
            chosen = [changed for cause, sets in self.sets.items() if cause in held for changed in sets]
            self._states[held] = applied(self.before.state, *chosen)
        return self._states[held]

    def side(self, coalition: frozenset[str]) -> Side:
        """How a coalition is asked."""
        asked = self.after if DEFINITION in coalition else self.before
        return Side(asked.rulebook, self.state(coalition), asked.day)


def _says_the_same(book: Rulebook, one: date, other: date) -> bool:
    """Whether the rules of a rulebook that are in force on two days are the same."""
    if one == other:
        return True
    variants = (variant for indicator in book.indicators.values() for variant in indicator.variants)
    return all(variant.on(one) is variant.on(other) for variant in variants) and all(
        _in_force(parameter.values, one) is _in_force(parameter.values, other) for parameter in book.parameters.values()
    )


def _in_force(dated: Dated[Setting], day: date) -> Version[Setting] | None:
    return dated.on(day) if dated.holds_on(day) else None


def movement(before: Side, after: Side, between: State) -> Movement:
    """Part what lies between two checks by cause.

    Args:
        before: The one check.
        after: The other.
        between: The city on the day of the one as known at the record of the other.
    """
    corrected, happened = changes(before.state, between), changes(between, after.state)
    moved = units_moved((corrected, happened))
    border_corrected, corrected = parted(corrected, moved)
    border_happened, happened = parted(happened, moved)
    sets = {CORRECTION: (corrected,), BOUNDARY: (border_corrected, border_happened), CITY: (happened,)}
    return Movement(before, after, between, sets)


@dataclass(frozen=True, eq=False)
class Coalitions:
    """Checks of all coalitions.

    Args:
        movement: What lies between the two checks.
        checks: By coalition; causes that moved nothing are in none.
    """

    movement: Movement
    checks: Mapping[frozenset[str], Check]

    @property
    def first(self) -> Check:
        """The one check, made again."""
        return self.checks[frozenset()]

    @property
    def last(self) -> Check:
        """The other check, made again."""
        return self.checks[frozenset(self.movement.causes)]

    def __iter__(self) -> Iterator[Check]:
        """The checks in the order that ``shapley.divided`` wants, over the causes that moved."""
        return (self.checks[coalition] for coalition in coalitions_of(self.movement.causes))


def coalitions_of(causes: tuple[str, ...]) -> list[frozenset[str]]:
    """All coalitions of some causes: cause ``i`` is in coalition ``s`` when bit ``i`` of ``s`` is set."""
    return [
        frozenset(cause for place, cause in enumerate(causes) if number >> place & 1)
        for number in range(1 << len(causes))
    ]


def evaluated(
    moved: Movement,
    *,
    indicators: tuple[str, ...] = (),
    memo: Memo | None = None,
    progress: Progress | None = None,
) -> Coalitions:
    """Check the city of every coalition; what does not differ is worked out once.

    Args:
        moved: What lies between two checks.
        indicators: Ids to ask; all when empty. One that a rulebook does not have is not asked by it.
        memo: Work done before on nearly the same city.
        progress: Told after each coalition.
    """
    memo = memo or Memo()
    checks: dict[frozenset[str], Check] = {}
    for coalition in steps(coalitions_of(moved.causes), "compare", progress):
        side = moved.side(coalition)
        asked = [name for name in indicators if name in side.rulebook.indicators] if indicators else None
        checks[coalition] = evaluate(side.rulebook, side.state, day=side.day, indicators=asked, memo=memo)
    return Coalitions(moved, checks)
