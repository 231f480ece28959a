"""Hidden dangers counted: how many of how many, by level, age and source; what came back; what makes one major."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from tulou.kernel.words import Words
from tulou.measures.statistics.intervals import wilson_interval


@dataclass(frozen=True)
class Criterion:
    """A criterion by which a danger is major.

    Args:
        id: Standard and item, e.g. ``gas 4.1``.
        title: What it says.
        source: Where it comes from.
        evidence: How well it is evidenced.
    """

    id: str
    title: Words
    source: str
    evidence: str


@dataclass(frozen=True)
class Danger:
    """A hidden danger as it stands at a moment.

    Args:
        case: Its case.
        title: What it is.
        level: ``general`` or ``major``; empty where it is not classed.
        source: How it was found.
        category: Its category.
        enterprise: Credit code; empty for a public place.
        place: Where it is.
        opened: When it was found.
        ended: When it was closed; None while it is open.
        due: When its rectification is due; None where no limit is set or the clock stands.
        mended: When it was last reported as mended; None while it is not.
        is_overdue: Whether it is open and late.
        is_void: Whether it was declared void, so that it is counted nowhere.
        reworks: How often it was sent back.
    """

    case: str
    title: str
    level: str
    source: str
    category: str
    enterprise: str
    place: str
    opened: datetime
    ended: datetime | None
    due: datetime | None
    mended: datetime | None
    is_overdue: bool
    is_void: bool = False
    reworks: int = 0


@dataclass(frozen=True)
class Share:
    """A share with what it is of.

    Args:
        part: How many.
        whole: Of how many.
        low: Lower bound of its 95 % interval (Wilson); NaN without any.
        high: Upper bound.
    """

    part: int
    whole: int
    low: float
    high: float


@dataclass(frozen=True)
class DangerCounts:
    """What is known of the dangers of a period.

    Args:
        found: Found in the period, by level.
        closed: Closed in the period, by level.
        open: Open at its end, by level.
        overdue: Of the open ones, overdue.
        ages: Open ones by age, in the brackets asked for.
        sources: Found in the period, by source.
        closing: Of those found since the beginning and not void, closed at the end of the period.
        in_time: Of those whose rectification fell due in the period or was reported in it, reported in time.
        again: Of those found in the period, the same category at the same enterprise or place as one closed before it.
    """

    found: Mapping[str, int]
    closed: Mapping[str, int]
    open: Mapping[str, int]
    overdue: int
    ages: Mapping[str, int]
    sources: Mapping[str, int]
    closing: Share
    in_time: Share
    again: Share


def share(part: int, whole: int) -> Share:
    """A share with its interval."""
    low, high = wilson_interval(np.array([float(part)]), np.array([float(whole)]))
    return Share(part, whole, float(low[0]), float(high[0]))


def counts_of(
    dangers: Sequence[Danger], begin: datetime, end: datetime, *, bounds: Sequence[int], again: int
) -> DangerCounts:
    """What is known of the dangers of a period?

    Args:
        dangers: All dangers as they stand at the end of the period.
        begin: Its first moment.
        end: Its last.
        bounds: Days that part the brackets of age, ascending.
        again: Days within which a danger of the same category at the same place counts as come back.
    """
    known = [one for one in dangers if not one.is_void and one.opened <= end]
    found = [one for one in known if one.opened >= begin]
    open_ = [one for one in known if one.ended is None or one.ended > end]
    ended = [one for one in known if one.ended is not None and one.ended <= end]
    due = [one for one in known if _fell_due(one, begin, end)]
    return DangerCounts(
        found=_by(found, "level"),
        closed=_by([one for one in ended if one.ended and one.ended >= begin], "level"),
        open=_by(open_, "level"),
        overdue=sum(one.is_overdue for one in open_),
        ages=_ages(open_, end, bounds),
        sources=_by(found, "source"),
        closing=share(len(ended), len(known)),
        in_time=share(sum(_in_time(one) for one in due), len(due)),
        again=share(sum(bool(came_back(one, known, again)) for one in found), len(found)),
    )


def came_back(danger: Danger, others: Sequence[Danger], days: int) -> tuple[str, ...]:
    """Cases of the same category at the same enterprise or place that were closed some days before it was found.

    Where the category or the place is not known nothing is said.
    """
    where = danger.category and (danger.enterprise or danger.place)
    return tuple(
        one.case
        for one in others
        if where
        and one.case != danger.case
        and (one.enterprise or one.place) == where
        and one.category == danger.category
        and one.ended is not None
        and timedelta() <= danger.opened - one.ended <= timedelta(days=days)
    )


def _fell_due(one: Danger, begin: datetime, end: datetime) -> bool:
    return (one.due is not None and begin <= one.due <= end) or (one.mended is not None and begin <= one.mended <= end)


def _in_time(one: Danger) -> bool:
    return one.mended is not None and (one.due is None or one.mended <= one.due)


def _by(dangers: Sequence[Danger], name: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in dangers:
        key = str(getattr(one, name))
        found[key] = found.get(key, 0) + 1
    return dict(sorted(found.items()))


def _ages(dangers: Sequence[Danger], end: datetime, bounds: Sequence[int]) -> dict[str, int]:
    names = [f"{low}-{high}" for low, high in zip((0, *bounds), bounds, strict=False)] + [f"{bounds[-1]}+"]
    found = dict.fromkeys(names, 0)
    for one in dangers:
        age = (end - one.opened) / timedelta(days=1)
        found[names[sum(age >= bound for bound in bounds)]] += 1
    return found
