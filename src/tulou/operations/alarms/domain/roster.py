"""Who is on duty for a lifeline at a moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, get_args

from tulou.kernel.errors import NotEnoughData
from tulou.kernel.words import Words
from tulou.operations.cases.domain.limits import Clockwork

Hours = Literal["working", "off", "any"]
HOURS: tuple[Hours, ...] = get_args(Hours)
ANY = "any"


@dataclass(frozen=True)
class Duty:
    """One line of a roster.

    Args:
        systems: Lifelines it is for; ``any`` for all.
        hours: ``working`` for duty hours of working days, ``off`` for all other time, ``any``.
        body: Body on duty.
        office: Which of its offices.
    """

    systems: tuple[str, ...]
    hours: Hours
    body: str
    office: Words


@dataclass(frozen=True)
class Roster:
    """A roster from a day on.

    Args:
        since: First day.
        duties: Its lines; the first that fits counts.
        source: Where it comes from.
        evidence: How good that is.
    """

    since: date
    duties: tuple[Duty, ...]
    source: str
    evidence: str


def on_duty(rosters: Sequence[Roster], system: str, moment: datetime, clockwork: Clockwork) -> Duty | None:
    """Who is on duty for a lifeline at a moment; None when no roster holds or no line fits.

    Where the calendar of the year is not known, only lines that hold at any hour fit.
    """
    local = moment.astimezone(clockwork.duty.local_time)
    held = [one for one in rosters if one.since <= local.date()]
    if not held:
        return None
    kind = _hours(local, clockwork)
    fits = ("any", kind) if kind else ("any",)
    newest = max(held, key=lambda one: one.since)
    return next((one for one in newest.duties if one.hours in fits and {system, ANY} & set(one.systems)), None)


def _hours(local: datetime, clockwork: Clockwork) -> Hours | None:
    try:
        is_working = clockwork.calendar.is_working(local.date())
    except NotEnoughData:
        return None
    since = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)
    is_inside = any(span.start <= since < span.end for span in clockwork.duty.working)
    return "working" if is_working and is_inside else "off"
