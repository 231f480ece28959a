"""Themes of the month (每月一题): groups of requests that are one problem, with what speaks for each. People choose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from math import nan
from typing import TypeVar

from tulou.operations.hotline.domain.likeness import Pair
from tulou.operations.hotline.domain.request import Request

MONTHS = 12
T = TypeVar("T", str, tuple[str, ...])


@dataclass(frozen=True)
class Theme:
    """One candidate.

    Args:
        requests: Ids of the requests, the earliest first.
        title: Title of the request that the others are most like.
        category: Category that most of them have; empty when unknown.
        place: Place that most of them name; empty when unknown.
        first: When the first came in.
        last: When the last did.
        months: In how many months of the time from first to last some came.
        span: Months from first to last.
        recent: Requests of the later half of that time.
        supporters: Others who said that it concerns them.
        bodies: Bodies that handle them, with how many each.
        unsolved: Share of those asked about again that are not solved; NaN when none was asked about.
        asked: How many were asked about again.
        cosine: Mean cosine of the pairs that make the group; NaN without texts.
    """

    requests: tuple[str, ...]
    title: str
    category: tuple[str, ...]
    place: str
    first: datetime
    last: datetime
    months: int
    span: int
    recent: int
    supporters: int
    bodies: tuple[tuple[str, int], ...]
    unsolved: float
    asked: int
    cosine: float

    @property
    def size(self) -> int:
        """How many requests it has."""
        return len(self.requests)


def themes(
    requests: Sequence[Request],
    found: Sequence[tuple[int, ...]],
    pairs: Sequence[Pair],
    solved: Mapping[str, bool],
    clock: timezone,
) -> list[Theme]:
    """Candidates, those with the most requests first.

    Args:
        requests: The requests.
        found: Groups of places in the list.
        pairs: Pairs that made them.
        solved: Whether the matter of a request was solved, where somebody was asked.
        clock: The city's clock, by which months are counted.
    """
    return [_theme([requests[i] for i in group], *_links(group, pairs), solved, clock) for group in found]


def _links(group: Sequence[int], pairs: Sequence[Pair]) -> tuple[int, float]:
    """Which of a group is like most others, and the mean cosine of its pairs."""
    held = set(group)
    inner = [one for one in pairs if one.first in held and one.second in held]
    degree = Counter(end for one in inner for end in (one.first, one.second))
    centre = min(group, key=lambda one: (-degree[one], one))
    cosines = [one.cosine for one in inner if one.cosine is not None]
    return list(group).index(centre), sum(cosines) / len(cosines) if cosines else nan


def _theme(
    members: Sequence[Request], centre: int, cosine: float, solved: Mapping[str, bool], clock: timezone
) -> Theme:
    ordered = sorted(members, key=lambda one: (one.received, one.id))
    first, last = ordered[0].received.astimezone(clock), ordered[-1].received.astimezone(clock)
    months = {_month(one.received, clock) for one in ordered}
    middle = first + (last - first) / 2
    answers = [solved[one.id] for one in ordered if one.id in solved]
    bodies = Counter(one.body for one in ordered if one.body)
    return Theme(
        tuple(one.id for one in ordered), members[centre].title, _most([one.category for one in ordered], ()),
        _most([one.place or one.address for one in ordered], ""), first, last, len(months),
        _month(last, clock) - _month(first, clock) + 1, sum(one.received > middle for one in ordered),
        sum(one.supporters or 0 for one in ordered), tuple(sorted(bodies.items(), key=lambda one: (-one[1], one[0]))),
        1 - sum(answers) / len(answers) if answers else nan, len(answers), cosine,
    )  # fmt: skip


def _month(moment: datetime, clock: timezone) -> int:
    local = moment.astimezone(clock)
    return local.year * MONTHS + local.month


def _most(values: Sequence[T], nothing: T) -> T:
    counted = Counter(value for value in values if value)
    return min(counted, key=lambda one: (-counted[one], one)) if counted else nothing
