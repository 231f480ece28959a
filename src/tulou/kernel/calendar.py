"""The working calendar: which days count when a deadline is given in working days.

A day is a working day when it is Monday to Friday and not a statutory holiday, or when it was declared a make-up day.
Holidays are data by year (``calendar/<year>.yaml`` of a rulebook); a year without data is an error, never a guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from tulou.kernel.documents import At, documents
from tulou.kernel.errors import BadInput, NotEnoughData

SATURDAY = 5
DAY = timedelta(days=1)
LONGEST_REST = 31


@dataclass(frozen=True)
class WorkingCalendar:
    """Working days of the years that are known.

    Args:
        years: Years with data.
        off: Statutory days off.
        made_up: Days at a weekend that are worked.
    """

    years: frozenset[int]
    off: frozenset[date]
    made_up: frozenset[date]

    def is_working(self, day: date) -> bool:
        """Whether a day is worked.

        Raises:
            NotEnoughData: When the calendar of its year is not known.
        """
        if day.year not in self.years:
            raise NotEnoughData(
                "the working calendar of this year is not known",
                where="calendar",
                found=day.year,
                allowed=tuple(map(str, sorted(self.years))),
            )
        if day in self.made_up:
            return True
        return day.weekday() < SATURDAY and day not in self.off

    def after(self, start: date, working_days: int) -> date:
        """The day on which a period of working days ends, the day it starts on not counted.

        Args:
            start: The day of the event, e.g. of acceptance.
            working_days: Length of the period; 0 gives the start itself when it is worked, else the next worked day.
        """
        day = start
        left = working_days
        while left > 0 or not self.is_working(day):
            day += DAY
            if self.is_working(day):
                left -= 1
            if left <= 0 and self.is_working(day):
                break
        return day

    def count(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and including ``end``; negative when ``end`` comes first."""
        if end < start:
            return -self.count(end, start)
        span = (end - start).days
        return sum(self.is_working(start + DAY * step) for step in range(1, span + 1))


def read_calendar(folder: Path) -> WorkingCalendar:
    """Read all years of a folder.

    Raises:
        BadInput: When a file holds a day of another year, a make-up day on a weekday, or a run that is backwards.
    """
    years: set[int] = set()
    off: set[date] = set()
    made_up: set[date] = set()
    for _, page in documents(folder):
        year = page.get("year")
        if not isinstance(year, int) or year in years:
            raise BadInput("'year' must be a year given once", where=page.where("year"), found=year)
        years.add(year)
        off.update(_days_off(page, year))
        made_up.update(_made_up(page, year))
    return WorkingCalendar(frozenset(years), frozenset(off), frozenset(made_up))


def _days_off(page: At, year: int) -> list[date]:
    days: list[date] = []
    for entry in page.get("holidays") or []:
        first, last = entry.get("from"), entry.get("to")
        if not isinstance(first, date) or not isinstance(last, date):
            raise BadInput("a holiday needs 'from' and 'to'", where=entry.where(), found=dict(entry))
        if first.year != year or last.year != year or not 0 <= (last - first).days < LONGEST_REST:
            raise BadInput("not a run of days of this year", where=entry.where(), found=f"{first} to {last}")
        days += [first + DAY * step for step in range((last - first).days + 1)]
    return days


def _made_up(page: At, year: int) -> list[date]:
    days = list(page.get("made_up") or [])
    for day in days:
        if not isinstance(day, date) or day.year != year or day.weekday() < SATURDAY:
            raise BadInput("a make-up day is a weekend day of this year", where=page.where("made_up"), found=str(day))
    return days
