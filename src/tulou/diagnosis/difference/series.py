"""Restated series: the figures of earlier days as they would be told by today's data, definition and boundary."""

from __future__ import annotations

from tulou.diagnosis.difference.boundaries import parted, units_moved
from tulou.diagnosis.difference.coalitions import Side
from tulou.indicators.evaluate.memo import Memo
from tulou.indicators.evaluate.run import Check, evaluate
from tulou.model.changes import applied, changes
from tulou.model.state import State


def within_borders(then: State, today: State) -> State:
    """The city of an earlier day within the borders of today: what happened to units, and nothing else, comes in.

    Args:
        then: The city on the earlier day, as known today.
        today: The city of today.
    """
    happened = changes(then, today)
    borders, _ = parted(happened, units_moved((happened,)))
    return then if borders.is_empty else applied(then, borders)


def restated(then: State, today: Side, *, indicators: tuple[str, ...] = (), memo: Memo | None = None) -> Check:
    """Ask an earlier day by today's rules, within today's borders.

    Args:
        then: The city on the earlier day, as known today.
        today: How and of which city today's figures are asked.
        indicators: Ids to ask; all when empty. One that today's rulebook does not have is not asked.
        memo: Work done before on nearly the same city.
    """
    asked = [name for name in indicators if name in today.rulebook.indicators] if indicators else None
    state = within_borders(then, today.state)
    return evaluate(today.rulebook, state, day=today.day, indicators=asked, memo=memo)
