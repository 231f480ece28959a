"""Places on a city's two clocks as people write them: a day, a record, a branch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tulou.app.wiring import last_day
from tulou.kernel.clock import MAIN
from tulou.kernel.errors import BadUse
from tulou.model.state import State
from tulou.model.store.city import City

EXAMPLES = ("2026-01-29", "2026-01-29@3", "2026-01-29@check-2025", "@3", "a branch", "a branch:2026-01-29@3")


@dataclass(frozen=True)
class Place:
    """A place on both clocks.

    Args:
        branch: The branch.
        day: The day in the world; None for the newest known of the branch.
        record: Commit, tag or moment as text; None for all that is known.
    """

    branch: str = MAIN
    day: date | None = None
    record: str | None = None


def parse_place(city: City, text: str) -> Place:
    """Read ``DAY``, ``DAY@RECORD``, ``@RECORD``, ``BRANCH`` or ``BRANCH:DAY@RECORD``.

    Raises:
        BadUse: When it is none of these, or there is no such branch.
    """
    branches = city.branches()
    first, _, record = text.partition("@")
    name, colon, told = first.rpartition(":")
    if not colon:
        name, told = (first, "") if first in branches else (MAIN, first)
    if name not in branches:
        raise BadUse("the city has no such branch", where=text, found=name, allowed=sorted(branches))
    return Place(name, _day(city, text, told) if told else None, record or None)


def _day(city: City, text: str, told: str) -> date:
    try:
        return date.fromisoformat(told)
    except ValueError:
        allowed = (*sorted(city.branches()), *EXAMPLES)
        raise BadUse("neither a day nor a branch", where=text, found=told, allowed=allowed) from None


def states_at(city: City, one: Place, other: Place) -> tuple[State, State]:
    """The city at two places; where neither names a day, both on the newest day known of either."""
    newest = max(last_day(city, one.branch), last_day(city, other.branch)) if one.branch != other.branch else None
    first, second = (
        city.state(valid=place.day or newest or last_day(city, place.branch), record=place.record, branch=place.branch)
        for place in (one, other)
    )
    return first, second
