"""Periods that are reported on: a day, a month, from one moment to another, on a clock of a place."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from tulou.kernel.errors import BadUse

MONTH_LETTERS = len("2026-11")
INSTANT = timedelta(microseconds=1)
"""The least that two moments differ by."""
OVER_A_MONTH = timedelta(days=32)
"""Leads from the first of any month into the next."""


@dataclass(frozen=True)
class Period:
    """A period.

    Args:
        start: Its first moment.
        end: Its end, which is no longer part of it.
        name: What it is called, as ``2026-11-27`` or ``2026-11``; empty for any other.
    """

    start: datetime
    end: datetime
    name: str = field(default="", compare=False)

    @property
    def last(self) -> datetime:
        """Its last moment."""
        return self.end - INSTANT

    @property
    def is_day(self) -> bool:
        """Whether it is called by a day."""
        return len(self.name) > MONTH_LETTERS

    def holds(self, moment: datetime | None) -> bool:
        """Whether a moment lies in it."""
        return moment is not None and self.start <= moment < self.end


def days(first: date, last: date, clock: tzinfo, name: str = "") -> Period:
    """From one day to another, both included.

    Args:
        first: The first day.
        last: The last day.
        clock: The clock on which days begin.
        name: What it is called.

    Raises:
        BadUse: When it ends before it begins.
    """
    if last < first:
        raise BadUse("a period ends after it begins", where="--until", found=str(last), allowed=(f"{first} or later",))
    start, end = (datetime.combine(one, time.min, clock) for one in (first, last + timedelta(days=1)))
    return Period(start.astimezone(UTC), end.astimezone(UTC), name)


def period_of(text: str, clock: tzinfo, *, where: str = "--period") -> Period:
    """The day or the month that a text names.

    Args:
        text: A day like 2026-11-27, or a month like 2026-11.
        clock: The clock on which it begins.
        where: What the text was given as.

    Raises:
        BadUse: When it is neither.
    """
    name = text.strip()
    is_month = len(name) <= MONTH_LETTERS
    try:
        first = date.fromisoformat(f"{name}-01" if is_month else name)
        last = (first + OVER_A_MONTH).replace(day=1) - timedelta(days=1) if is_month else first
        return days(first, last, clock, name)
    except (ValueError, OverflowError):
        allowed = ("a day like 2026-11-27", "a month like 2026-11")
        raise BadUse("this is neither a day nor a month", where=where, found=text, allowed=allowed) from None
