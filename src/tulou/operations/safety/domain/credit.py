"""Safety credit of an enterprise: what its dated records and the rules make of its grade on a day.

Only legal entities have one. A record counts from the day it was published until it was repaired, or until the longest
time of publication for its class is over; whatever is not classed yet leaves the grade unknown, never clean.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from tulou.kernel.words import Words

MONTHS = 12
Within = Literal["published", "year"]
WITHINS: tuple[Within, ...] = get_args(Within)
"""Which records a rule counts: all that are in use on the day, or of those what happened in its calendar year."""

Use = Literal["in use", "not published", "repaired", "expired", "not happened", "not classed", "kind unknown"]
"""How a record stands on a day."""


@dataclass(frozen=True)
class Window:
    """How long records of a class are published.

    Args:
        id: The class.
        title: Its name.
        shortest: Months before which it cannot be repaired.
        longest: Months after which it is no longer used.
    """

    id: str
    title: Words
    shortest: int
    longest: int


@dataclass(frozen=True)
class Repair:
    """The rules of repair, in one version.

    Args:
        since: First day on which they hold.
        source: Where they come from.
        evidence: How well that is evidenced.
        windows: Window of each class.
    """

    since: date
    source: str
    evidence: str
    windows: Mapping[str, Window]


@dataclass(frozen=True)
class Record:
    """One thing on record of an enterprise.

    Args:
        id: Its id.
        kind: What happened, e.g. ``general_accident``.
        record_class: Class that the body gave it: ``minor``, ``general``, ``serious``; empty where unknown.
        happened: The day it happened.
        published: The day it was published; None while it is not.
        repaired: The day its repair was granted; None while it is not.
    """

    id: str
    kind: str
    record_class: str
    happened: date
    published: date | None = None
    repaired: date | None = None


@dataclass(frozen=True)
class CreditRule:
    """What records of some kinds do to a grade.

    Args:
        id: Its id.
        title: What it says.
        kinds: Kinds of records it counts.
        least: How many it takes.
        within: Which records count.
        down: Steps down the ladder; 0 for none.
        to: Grade it leads to at best; empty for none.
        source: Where it comes from.
    """

    id: str
    title: Words
    kinds: tuple[str, ...]
    least: int
    within: Within
    down: int
    to: str
    source: str


@dataclass(frozen=True)
class Scheme:
    """A scheme of safety credit, in one version.

    Args:
        id: Its id.
        title: Its name.
        since: First day on which it holds.
        source: Where it comes from.
        evidence: How well that is evidenced.
        ladder: Its grades, the best first.
        points: Points that each level of standardisation begins with.
        cuts: Least points of each grade, the best first; empty where the scheme does not say.
        kinds: Kinds of records it knows.
        rules: Its rules, in the order in which they are told.
    """

    id: str
    title: Words
    since: date
    source: str
    evidence: str
    ladder: tuple[str, ...]
    points: Mapping[str, float]
    cuts: tuple[tuple[str, float], ...]
    kinds: Mapping[str, Words]
    rules: tuple[CreditRule, ...]


@dataclass(frozen=True)
class Start:
    """Where an enterprise stands before its records are looked at.

    Args:
        rated: Grade of its last yearly rating; empty where there was none.
        standardisation: Level of standardisation; empty where unknown.
    """

    rated: str = ""
    standardisation: str = ""


@dataclass(frozen=True)
class Standing:
    """How a record stands on a day.

    Args:
        record: The record.
        use: Whether it is in use, or why not.
        earliest: First day on which it may be repaired; None where that cannot be told.
        until: First day on which it is no longer used; None where that cannot be told.
    """

    record: Record
    use: Use
    earliest: date | None
    until: date | None


@dataclass(frozen=True)
class Applied:
    """A rule that moved the grade.

    Args:
        rule: The rule.
        records: Ids of the records it counted.
        before: Grade before it.
        after: Grade after it.
    """

    rule: CreditRule
    records: tuple[str, ...]
    before: str
    after: str


@dataclass(frozen=True)
class Credit:
    """The grade of an enterprise on a day, with everything it rests on.

    Args:
        grade: The grade; empty where it is not assessed.
        start: Grade before any record.
        points: Points of its level of standardisation; None where unknown.
        applied: Rules that moved it, in order.
        records: All records, with how each stands.
        missing: Why it is not assessed; empty when it is.
    """

    grade: str
    start: str
    points: float | None
    applied: tuple[Applied, ...]
    records: tuple[Standing, ...]
    missing: str = ""


NO_START = "neither a rated grade nor cut-offs for points"
NOT_CLASSED = "records not classed yet"
NOT_KNOWN = "records of a kind the scheme does not know"


def months_after(day: date, months: int) -> date:
    """The same day some months later; the last of that month where it has no such day (Civil Code, art. 202)."""
    place = day.month - 1 + months
    year, month = day.year + place // MONTHS, place % MONTHS + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def standing_of(record: Record, repair: Repair, scheme: Scheme, day: date) -> Standing:
    """How does a record stand on a day: in use, and until when?

    Args:
        record: The record.
        repair: Rules of repair that hold on the day.
        scheme: The scheme, which knows kinds of records.
        day: The day; what happens later is not looked at.
    """
    window = repair.windows.get(record.record_class)
    earliest = months_after(record.published, window.shortest) if record.published and window else None
    last = months_after(record.published, window.longest) if record.published and window else None
    granted = record.repaired if record.repaired and record.repaired <= day else None
    is_sound = granted is not None and earliest is not None and granted >= earliest
    until = min(granted, last) if is_sound and granted and last else last
    return Standing(record, _use(record, scheme, until, day, is_repaired=is_sound), earliest, until)


def _use(record: Record, scheme: Scheme, until: date | None, day: date, *, is_repaired: bool) -> Use:
    if record.happened > day:
        return "not happened"
    if record.published is None or record.published > day:
        return "not published"
    if until is None:
        return "not classed"
    if until <= day:
        return "repaired" if is_repaired else "expired"
    return "in use" if record.kind in scheme.kinds else "kind unknown"


def credit_of(start: Start, records: Sequence[Record], scheme: Scheme, repair: Repair, day: date) -> Credit:
    """Which grade has an enterprise on a day, and why?

    Steps down are taken one rule after the other; a rule that leads to a grade leads there at best. A record that is
    in use but not classed, or of an unknown kind, leaves the grade not assessed.

    Args:
        start: Where it stands before its records.
        records: Its records, as known.
        scheme: The scheme that holds on the day.
        repair: The rules of repair that hold on the day.
        day: The day.
    """
    standings = tuple(standing_of(one, repair, scheme, day) for one in sorted(records, key=_order))
    points = scheme.points.get(start.standardisation)
    first = start.rated or _cut(scheme, points)
    told = {one.use for one in standings}
    missing = "" if first else NO_START
    missing = NOT_CLASSED if "not classed" in told else NOT_KNOWN if "kind unknown" in told else missing
    if missing:
        return Credit("", first, points, (), standings, missing)
    used = [one.record for one in standings if one.use == "in use"]
    applied = tuple(_applied(scheme, used, first, day))
    return Credit(applied[-1].after if applied else first, first, points, applied, standings)


def ahead(
    start: Start, records: Sequence[Record], scheme: Scheme, repair: Repair, day: date
) -> list[tuple[date, str, str]]:
    """When will the grade change by itself, with nothing new and no repair?

    Args:
        start: Where it stands.
        records: Its records, as known.
        scheme: The scheme.
        repair: The rules of repair.
        day: The day to look from.

    Returns:
        Day, grade before, grade after; in order. A calendar year that ends counts as well as a record that expires.
    """
    first = credit_of(start, records, scheme, repair, day)
    ends = {one.until for one in first.records if one.use == "in use" and one.until and one.until > day}
    years = {date(year, 1, 1) for year in range(day.year + 1, max((one.year for one in ends), default=day.year) + 1)}
    found, before = [], first.grade
    for when in sorted(ends | years):
        after = credit_of(start, records, scheme, repair, when).grade
        if after != before:
            found.append((when, before, after))
        before = after
    return found


def _order(record: Record) -> tuple[date, str]:
    return record.happened, record.id


def _cut(scheme: Scheme, points: float | None) -> str:
    if points is None:
        return ""
    return next((grade for grade, least in scheme.cuts if points >= least), "")


def _applied(scheme: Scheme, used: Sequence[Record], first: str, day: date) -> Iterator[Applied]:
    grade = first
    for rule in scheme.rules:
        counted = [
            one.id
            for one in used
            if one.kind in rule.kinds and (rule.within == "published" or one.happened.year == day.year)
        ]
        if len(counted) < rule.least:
            continue
        place = min(scheme.ladder.index(grade) + rule.down, len(scheme.ladder) - 1)
        if rule.to:
            place = max(place, scheme.ladder.index(rule.to))
        after = scheme.ladder[place]
        yield Applied(rule, tuple(counted), grade, after)
        grade = after
