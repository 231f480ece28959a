"""Which services of a feed run on which day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tulou.kernel.errors import BadInput
from tulou.sources.cells import day as read_day
from tulou.sources.gtfs.feed import Table

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WORKDAYS = 5
ADDED, REMOVED = "1", "2"
"""What ``exception_type`` says of a day."""
MOST_DAYS = 366 * 20
"""A calendar longer than this is taken to be a slip of the pen."""


@dataclass(frozen=True)
class Period:
    """Weekdays on which a service runs between two days.

    Args:
        service: The service.
        first: First day.
        last: Last day.
        weekdays: Monday to Sunday.
    """

    service: str
    first: date
    last: date
    weekdays: tuple[bool, ...]


class Calendar:
    """The days of all services.

    Args:
        periods: Regular service.
        added: Days added, by day.
        removed: Days removed, by day.
    """

    def __init__(self, periods: list[Period], added: Mapping[date, set[str]], removed: Mapping[date, set[str]]) -> None:
        self.periods = periods
        self.added = added
        self.removed = removed

    def on(self, day: date) -> frozenset[str]:
        """Services that run on a day."""
        regular = {
            period.service
            for period in self.periods
            if period.first <= day <= period.last and period.weekdays[day.weekday()]
        }
        return frozenset((regular - self.removed.get(day, set())) | self.added.get(day, set()))

    def days(self) -> list[date]:
        """All days on which anything runs, in order."""
        starts = [period.first for period in self.periods] + list(self.added)
        ends = [period.last for period in self.periods] + list(self.added)
        if not starts:
            return []
        span = min((max(ends) - min(starts)).days, MOST_DAYS)
        every = (min(starts) + timedelta(days=offset) for offset in range(span + 1))
        return [day for day in every if self.on(day)]


def read_calendar(tables: Mapping[str, Table]) -> Calendar:
    """The calendar of a feed.

    Raises:
        BadInput: When a date or an exception in it is none, or no service runs on any day.
    """
    periods = _periods(tables["calendar.txt"]) if "calendar.txt" in tables else []
    added: dict[date, set[str]] = {}
    removed: dict[date, set[str]] = {}
    if "calendar_dates.txt" in tables:
        table = tables["calendar_dates.txt"]
        for service, text, kind in zip(
            table.texts("service_id"), table.texts("date"), table.texts("exception_type"), strict=True
        ):
            if kind not in (ADDED, REMOVED):
                what = "an exception adds a day (1) or removes it (2)"
                raise BadInput(what, where=table.name, found=kind, allowed=(ADDED, REMOVED))
            (added if kind == ADDED else removed).setdefault(_day(text, table.name), set()).add(service)
    return Calendar(periods, added, removed)


def _periods(table: Table) -> list[Period]:
    weekdays = zip(*(table.texts(name) for name in WEEK), strict=True)
    rows = zip(table.texts("service_id"), table.texts("start_date"), table.texts("end_date"), weekdays, strict=True)
    return [
        Period(service, _day(first, table.name), _day(last, table.name), tuple(flag == "1" for flag in flags))
        for service, first, last, flags in rows
    ]


def _day(text: str, where: str) -> date:
    found = read_day(text)
    if found is None:
        raise BadInput("this is not a day", where=where, found=text, allowed=("YYYYMMDD, e.g. 20260129",))
    return found


def chosen_day(calendar: Calendar, trips: Table, wanted: date | None, where: str) -> date:
    """The day whose timetable is taken: the one asked for, else the first working day with the most trips.

    Args:
        calendar: The calendar of the feed.
        trips: Its trips, to count them.
        wanted: Day asked for.
        where: How messages call the feed.

    Raises:
        BadInput: When nothing runs on the day asked for, naming the days of the feed and the nearest with service.
    """
    days = calendar.days()
    if not days:
        raise BadInput("no service runs on any day of the feed's calendar", where=where)
    if wanted is not None:
        if calendar.on(wanted):
            return wanted
        nearest = min(days, key=lambda day: (abs((day - wanted).days), day))
        raise BadInput(
            f"no service runs on {wanted}: the calendar reaches from {days[0]} to {days[-1]}",
            where=where,
            found=wanted.isoformat(),
            allowed=(f"a day with service; the nearest is {nearest}",),
        )
    per_service = Counter(trips.texts("service_id"))
    counts: dict[frozenset[str], int] = {}

    def trips_on(day: date) -> int:
        services = calendar.on(day)
        if services not in counts:
            counts[services] = sum(per_service[service] for service in services)
        return counts[services]

    workdays = [day for day in days if day.weekday() < WORKDAYS] or days
    return max(workdays, key=lambda day: (trips_on(day), -day.toordinal()))
