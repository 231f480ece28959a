"""A day or a month that a report speaks of, on the city's clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from tulou.kernel.errors import BadUse

MONTH_LETTERS = len("2026-11")
OVER_A_MONTH = timedelta(days=32)
"""Leads from the first of any month into the next."""


@dataclass(frozen=True)
class Period:
    """A period.

    Args:
        name: How it is called: ``2026-11-27`` or ``2026-11``.
        begin: Its first moment, UTC.
        end: Its last moment, UTC.
    """

    name: str
    begin: datetime
    end: datetime

    @property
    def is_day(self) -> bool:
        """Whether it is one day."""
        return len(self.name) > MONTH_LETTERS


def period_of(text: str, moment: datetime, clock: tzinfo) -> Period:
    """The period that a text names; the month of a moment when it is empty.

    Args:
        text: A day like 2026-11-27, or a month like 2026-11.
        moment: The moment to look from.
        clock: The city's clock.

    Raises:
        BadUse: When it is neither.
    """
    name = text.strip() or f"{moment.astimezone(clock):%Y-%m}"
    try:
        first = date.fromisoformat(name if len(name) > MONTH_LETTERS else f"{name}-01")
    except ValueError:
        allowed = ("a day like 2026-11-27", "a month like 2026-11")
        raise BadUse("this is neither a day nor a month", where="--period", found=text, allowed=allowed) from None
    is_day = len(name) > MONTH_LETTERS
    after = first + timedelta(days=1) if is_day else (first + OVER_A_MONTH).replace(day=1)
    begin, end = (datetime.combine(one, time.min, clock).astimezone(UTC) for one in (first, after))
    return Period(name, begin, end - timedelta(microseconds=1))
