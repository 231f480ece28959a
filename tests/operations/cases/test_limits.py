"""Time limits: pausing never shortens one, and each equals a slow clock that is watched minute by minute."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tulou.indicators.rulebook.folders import find_rulebook
from tulou.kernel.calendar import read_calendar
from tulou.kernel.errors import BadInput, NotEnoughData
from tulou.operations.cases.domain.limits import HOURS, LIMIT_UNITS, Clockwork, DutyHours, Limit, Pause, Span

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
CALENDAR = read_calendar(find_rulebook("china") / "calendar")
DUTY = DutyHours(
    working=(Span(8.5 * HOUR, 12 * HOUR), Span(14 * HOUR, 17.5 * HOUR)),
    urgent=(Span(7 * HOUR, 22 * HOUR),),
    urgent_days="every",
    offset=8,
)
CLOCK = Clockwork(CALENDAR, DUTY)


def at(text):
    """A moment on the city's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=DUTY.local_time)


def due(start, amount, unit, *pauses, clock=CLOCK):
    found = clock.due(at(start), Limit(amount, unit), [Pause(at(a), b and at(b), "x") for a, b in pauses])
    return found and found.astimezone(DUTY.local_time).strftime("%Y-%m-%d %H:%M")


def slow(start, limit, pauses):
    """The oracle: look at the clock once a minute."""
    moment, counted = start, 0.0
    for _ in range(200_000):
        moment += MINUTE
        if limit.unit in HOURS:
            if any(one.end is None and one.start < moment for one in pauses):
                return None
            counted += on_duty(moment - MINUTE, limit.unit, pauses) / 60
        elif (
            is_end_of_a_day(moment)
            and (moment - MINUTE).astimezone(DUTY.local_time).date() > start.astimezone(DUTY.local_time).date()
        ):
            if any(one.end is None and one.start <= moment for one in pauses):
                return None
            counted += counts(moment, limit.unit, pauses)
        if round(counted, 6) >= limit.amount:
            return moment
    raise AssertionError


def stands(moment, pauses):
    return any(one.start <= moment and (one.end is None or moment < one.end) for one in pauses)


def on_duty(minute, unit, pauses):
    """Whether a minute counts towards hours."""
    local = minute.astimezone(DUTY.local_time)
    since = local - local.replace(hour=0, minute=0)
    spans = {"working_hour": DUTY.working, "urgent_working_hour": DUTY.urgent}.get(unit)
    is_duty = spans is None or any(span.start <= since < span.end for span in spans)
    return is_duty and not stands(minute, pauses) and (unit != "working_hour" or CALENDAR.is_working(local.date()))


def is_end_of_a_day(moment):
    local = moment.astimezone(DUTY.local_time)
    return local.hour == local.minute == 0


def counts(end, unit, pauses):
    """Whether the day that ends then counts."""
    day = (end - MINUTE).astimezone(DUTY.local_time).date()
    return not stands(end, pauses) and (unit == "natural_day" or CALENDAR.is_working(day))


moments = some.integers(0, 40 * 24 * 60).map(lambda minutes: datetime(2026, 1, 25, tzinfo=UTC) + minutes * MINUTE)


@some.composite
def paused(draw, start):
    """Pauses in order after a start, the last of which may still last."""
    found, moment = [], start
    for _ in range(draw(some.integers(0, 3))):
        begin = moment + draw(some.integers(0, 4000)) * MINUTE
        moment = begin + draw(some.integers(1, 6000)) * MINUTE
        found.append(Pause(begin, moment, "x"))
    if found and draw(some.booleans()):
        found[-1] = Pause(found[-1].start, None, "x")
    return found


@given(some.data(), moments, some.sampled_from(LIMIT_UNITS), some.integers(1, 12))
def test_a_due_moment_is_what_a_watched_clock_says(data, start, unit, amount):
    pauses, limit = data.draw(paused(start)), Limit(amount, unit)
    assert CLOCK.due(start, limit, pauses) == slow(start, limit, pauses)


@given(some.data(), moments, some.sampled_from(LIMIT_UNITS), some.integers(1, 40))
def test_pausing_never_shortens_a_limit(data, start, unit, amount):
    pauses, limit = data.draw(paused(start)), Limit(amount, unit)
    kept = data.draw(some.integers(0, len(pauses)))
    fewer, more = CLOCK.due(start, limit, pauses[:kept]), CLOCK.due(start, limit, pauses)
    if fewer is None:
        assert more is None
    else:
        assert more is None or more >= fewer > start


@given(moments, some.sampled_from(LIMIT_UNITS), some.integers(1, 30), some.integers(1, 30))
def test_an_extension_never_shortens_and_adds_in_its_own_unit(start, unit, amount, more):
    limit = Limit(amount, unit)
    assert (
        CLOCK.due(start, limit) < CLOCK.due(start, limit.longer(more)) == CLOCK.due(start, Limit(amount + more, unit))
    )


def test_working_hours_go_over_lunch_night_weekend_and_holiday():
    assert due("2026-03-02 09:00", 5, "working_hour") == "2026-03-02 16:00"
    assert due("2026-03-02 16:30", 2, "working_hour") == "2026-03-03 09:30"
    assert due("2026-03-06 17:00", 1, "working_hour") == "2026-03-09 09:00"
    assert due("2026-09-30 17:00", 1, "working_hour") == "2026-10-08 09:00"
    assert due("2026-03-02 08:30", 7, "working_hour") == "2026-03-02 17:30"


def test_make_up_days_count():
    """Saturday 14 February 2026 is worked; 15 to 23 February is the Spring Festival."""
    assert due("2026-02-13 10:00", 1, "working_day") == "2026-02-15 00:00"
    assert due("2026-02-13 10:00", 2, "working_day") == "2026-02-25 00:00"
    assert due("2026-02-13 10:00", 2, "natural_day") == "2026-02-16 00:00"
    assert due("2026-02-13 17:00", 1, "working_hour") == "2026-02-14 09:00"


def test_urgent_and_natural_hours_run_on_holidays_too():
    assert due("2026-02-17 21:00", 2, "urgent_working_hour") == "2026-02-18 08:00"
    assert due("2026-02-17 23:00", 2, "natural_hour") == "2026-02-18 01:00"
    on_working_days = Clockwork(CALENDAR, DutyHours(DUTY.working, DUTY.urgent, "working", 8))
    assert due("2026-02-17 21:00", 2, "urgent_working_hour", clock=on_working_days) == "2026-02-24 09:00"


def test_a_pause_takes_out_hours_to_the_minute_and_days_by_their_end():
    assert due("2026-03-02 09:00", 5, "working_hour", ("2026-03-02 10:00", "2026-03-02 11:00")) == "2026-03-02 17:00"
    assert due("2026-03-02 09:00", 2, "working_day", ("2026-03-03 10:00", "2026-03-03 11:00")) == "2026-03-05 00:00"
    assert due("2026-03-02 09:00", 2, "working_day", ("2026-03-03 10:00", "2026-03-04 11:00")) == "2026-03-06 00:00"
    assert due("2026-03-02 09:00", 2, "working_day", ("2026-03-03 10:00", None)) is None
    assert due("2026-03-02 09:00", 1, "working_hour", ("2026-03-02 10:00", None)) == "2026-03-02 10:00"


def test_a_year_without_a_calendar_is_an_error_where_it_matters():
    start = datetime.combine(date(max(CALENDAR.years), 12, 31), datetime.min.time(), UTC)
    with pytest.raises(NotEnoughData, match="working calendar of this year is not known"):
        CLOCK.due(start, Limit(3, "working_day"))
    with pytest.raises(NotEnoughData, match="working calendar of this year is not known"):
        CLOCK.due(start, Limit(30, "working_hour"))
    assert CLOCK.due(start, Limit(3, "natural_day")) > start


@pytest.mark.parametrize(
    ("amount", "unit"), [(0, "natural_hour"), (-1, "working_day"), (1.5, "working_day"), (1e9, "working_hour")]
)
def test_limits_that_mean_nothing_are_refused(amount, unit):
    with pytest.raises(BadInput, match="a time limit is above zero"):
        Limit(amount, unit)


def test_duty_hours_that_run_backwards_are_refused():
    with pytest.raises(BadInput, match="duty hours run"):
        Span(12 * HOUR, 8 * HOUR)


@given(some.data(), moments, some.sampled_from(LIMIT_UNITS), some.integers(0, 14 * 24 * 60))
def test_time_used_is_what_a_watched_clock_counts(data, start, unit, minutes):
    pauses = data.draw(paused(start))
    moment, end, counted = start, start + minutes * MINUTE, 0.0
    first = start.astimezone(DUTY.local_time).date()
    while moment < end:
        moment += MINUTE
        if unit in HOURS:
            counted += on_duty(moment - MINUTE, unit, pauses) / 60
        elif is_end_of_a_day(moment) and (moment - MINUTE).astimezone(DUTY.local_time).date() > first:
            counted += counts(moment, unit, pauses)
    assert CLOCK.used(start, unit, end, pauses) == pytest.approx(counted)


@given(some.data(), moments, some.sampled_from(LIMIT_UNITS), some.integers(1, 40))
def test_when_a_limit_is_over_all_of_it_is_used(data, start, unit, amount):
    pauses = [one for one in data.draw(paused(start)) if one.end is not None]
    over = CLOCK.due(start, Limit(amount, unit), pauses)
    assert CLOCK.used(start, unit, over, pauses) == pytest.approx(amount)
    assert CLOCK.used(start, unit, over - MINUTE, pauses) < amount


def test_time_used_needs_the_calendar_only_where_it_counts_working_days():
    start, later = at("2031-01-06T09:00"), at("2031-01-08T09:00")
    assert CLOCK.used(start, "natural_hour", later) == 48
    with pytest.raises(NotEnoughData):
        CLOCK.used(start, "working_hour", later)
