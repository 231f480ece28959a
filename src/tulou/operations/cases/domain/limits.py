"""Time limits on the working calendar: when is a limit of so many hours or days over, pauses left out?

Hours run within duty hours: *working hours* on working days, *urgent working hours* in longer ones, *natural hours*
always. Days are counted whole: the day on which the clock starts does not count (Civil Code of the PRC, art. 201), and
a later day counts when it is of the kind asked for and the clock is not paused at its end (24:00). So a pause takes
hours out to the second, and of days those on whose end it lies; it never shortens a limit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cached_property
from typing import Any, Literal, get_args

from tulou.kernel.calendar import WorkingCalendar
from tulou.kernel.errors import BadInput

LimitUnit = Literal["working_hour", "urgent_working_hour", "natural_hour", "working_day", "natural_day"]
LIMIT_UNITS: tuple[LimitUnit, ...] = get_args(LimitUnit)
HOURS: tuple[LimitUnit, ...] = ("working_hour", "urgent_working_hour", "natural_hour")
LONGEST = {"hours": 2400, "natural_hours": 24000, "days": 1000}
"""Longest limits that are taken, so that a slip of the pen is found: a year of duty hours, some three years of days."""

DAY = timedelta(days=1)
MIDNIGHT = timedelta(0)


@dataclass(frozen=True)
class Span:
    """Part of a day, from a time (included) to another (excluded), both since midnight."""

    start: timedelta
    end: timedelta

    def __post_init__(self) -> None:
        if not MIDNIGHT <= self.start < self.end <= DAY:
            raise BadInput(
                "duty hours run from a time to a later one of the same day",
                found=f"{self.start} to {self.end}",
                allowed=("08:30-12:00",),
            )


@dataclass(frozen=True)
class DutyHours:
    """When somebody is on duty.

    Args:
        working: Working hours, on working days.
        urgent: Hours in which urgent matters are handled.
        urgent_days: ``every`` day, or ``working`` days only.
        offset: Hours by which the city's clock is ahead of UTC.
    """

    working: tuple[Span, ...]
    urgent: tuple[Span, ...]
    urgent_days: str = "every"
    offset: float = 0.0

    @cached_property
    def local_time(self) -> timezone:
        """The city's clock."""
        return timezone(timedelta(hours=self.offset))


@dataclass(frozen=True)
class Limit:
    """A time limit.

    Args:
        amount: How much; days are whole.
        unit: One of ``LIMIT_UNITS``.
    """

    amount: float
    unit: LimitUnit

    def __post_init__(self) -> None:
        longest = LONGEST["natural_hours" if self.unit == "natural_hour" else "hours" if self.unit in HOURS else "days"]
        if not 0 < self.amount <= longest or (self.unit not in HOURS and self.amount != int(self.amount)):
            raise BadInput(
                "a time limit is above zero, not absurdly long, and of whole days where it is in days",
                found=f"{self.amount:g} {self.unit}",
                allowed=(f"up to {longest} {self.unit}",),
            )

    def longer(self, amount: float) -> Limit:
        """The limit with an extension in its own unit."""
        return Limit(self.amount + amount, self.unit) if amount else self


@dataclass(frozen=True)
class Pause:
    """A time in which the clock stands.

    Args:
        start: When it begins.
        end: When it ends; None while it lasts.
        reason: Why.
    """

    start: datetime
    end: datetime | None
    reason: str

    def holds(self, moment: datetime) -> bool:
        """Whether the clock stands at a moment; it runs again at the end itself."""
        return self.start <= moment and (self.end is None or moment < self.end)


@dataclass(frozen=True)
class Clockwork:
    """What all limits of a city are counted by.

    Args:
        calendar: Its working days.
        duty: Its duty hours.
    """

    calendar: WorkingCalendar
    duty: DutyHours
    _ends: dict[Any, date | None] = field(default_factory=dict, init=False, repr=False, compare=False)

    def due(self, start: datetime, limit: Limit, pauses: Sequence[Pause] = ()) -> datetime | None:
        """When a limit is over.

        Args:
            start: When the clock starts.
            limit: The limit.
            pauses: Times that do not count, in order.

        Returns:
            The moment, UTC; None when the clock stands for the time being and would run into that pause.

        Raises:
            NotEnoughData: When it depends on the calendar of a year that is not known.
        """
        if limit.unit in HOURS:
            return self._end_of_hours(start, limit, pauses)
        return self._end_of_days(start, limit, pauses)

    def used(self, start: datetime, unit: LimitUnit, moment: datetime, pauses: Sequence[Pause] = ()) -> float:
        """How much time of a unit went by, as its limits count it: at the moment when a limit is over, all of it.

        Args:
            start: When the clock started.
            unit: What it counts; days are whole.
            moment: Up to when.
            pauses: Times that do not count, in order.

        Raises:
            NotEnoughData: When it depends on the calendar of a year that is not known.
        """
        return self._hours(start, unit, moment, pauses) if unit in HOURS else self._days(start, unit, moment, pauses)

    def _hours(self, start: datetime, unit: LimitUnit, moment: datetime, pauses: Sequence[Pause]) -> float:
        total = timedelta(0)
        for begin, end in self._running(start, unit, pauses, moment):
            if end is None:
                break
            total += max(min(end, moment) - begin, timedelta(0))
        return total / timedelta(hours=1)

    def _days(self, start: datetime, unit: LimitUnit, moment: datetime, pauses: Sequence[Pause]) -> float:
        standing = tuple(self._days_of(one) for one in pauses)
        last = moment.astimezone(self.duty.local_time).date() - DAY
        day, found = start.astimezone(self.duty.local_time).date() + DAY, 0
        while day <= last:
            is_paused = any(one[0] <= day and (one[1] is None or day <= one[1]) for one in standing)
            found += not is_paused and (unit == "natural_day" or self.calendar.is_working(day))
            day += DAY
        return float(found)

    def _end_of_days(self, start: datetime, limit: Limit, pauses: Sequence[Pause]) -> datetime | None:
        """A day counts by its date alone: what was counted from a date, with pauses over the same days, is kept."""
        first = start.astimezone(self.duty.local_time).date()
        standing = tuple(self._days_of(one) for one in pauses)
        key = (first, limit, standing)
        if key not in self._ends:
            self._ends[key] = self._count(first, limit, standing)
        last = self._ends[key]
        return None if last is None else self._moment(last, DAY)

    def _count(self, day: date, limit: Limit, standing: Sequence[tuple[date, date | None]]) -> date | None:
        """The day at whose end a limit in days is over."""
        left = int(limit.amount)
        while True:
            day += DAY
            pause = next((one for one in standing if one[0] <= day and (one[1] is None or day <= one[1])), None)
            if pause is not None and pause[1] is None:
                return None
            if pause is None and (limit.unit == "natural_day" or self.calendar.is_working(day)):
                left -= 1
                if not left:
                    return day

    def _days_of(self, pause: Pause) -> tuple[date, date | None]:
        """First and last day on whose end (24:00) the clock stands; None while the pause lasts."""
        return self._day_ending_from(pause.start), pause.end and self._day_ending_from(pause.end) - DAY

    def _day_ending_from(self, moment: datetime) -> date:
        """The first day whose end is not before a moment."""
        local = moment.astimezone(self.duty.local_time)
        return local.date() - DAY if local.time() == time.min else local.date()

    def _end_of_hours(self, start: datetime, limit: Limit, pauses: Sequence[Pause]) -> datetime | None:
        left = timedelta(hours=limit.amount)
        for begin, end in self._running(start, limit.unit, pauses):
            if end is None:
                return None
            if end - begin >= left:
                return begin + left
            left -= end - begin
        return None

    def _running(
        self, start: datetime, unit: LimitUnit, pauses: Sequence[Pause], until: datetime | None = None
    ) -> Iterator[tuple[datetime, datetime | None]]:
        """Stretches in which the clock runs; one without an end says that it stands for the time being.

        Where it is asked up to a moment, days after that are left out.
        """
        day = start.astimezone(self.duty.local_time).date()
        while until is None or self._moment(day, MIDNIGHT) < until:
            for span in self._spans(day, unit):
                begin, end = max(self._moment(day, span.start), start), self._moment(day, span.end)
                for one in pauses:
                    if one.start >= end or (one.end is not None and one.end <= begin):
                        continue
                    if one.start > begin:
                        yield begin, one.start
                    if one.end is None:
                        yield begin, None
                        return
                    begin = one.end
                if begin < end:
                    yield begin, end
            day += DAY

    def _spans(self, day: date, unit: LimitUnit) -> tuple[Span, ...]:
        if unit == "natural_hour":
            return (Span(MIDNIGHT, DAY),)
        if unit == "urgent_working_hour":
            counts = self.duty.urgent_days == "every" or self.calendar.is_working(day)
            return self.duty.urgent if counts else ()
        return self.duty.working if self.calendar.is_working(day) else ()

    def _moment(self, day: date, since: timedelta) -> datetime:
        return (datetime.combine(day, time.min, self.duty.local_time) + since).astimezone(UTC)
