"""Days and months on the clock of a place, against the calendar of the standard library."""

import calendar
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tulou.kernel.errors import BadUse
from tulou.kernel.periods import Period, days, period_of

EAST = timezone(timedelta(hours=8))


def test_a_day_begins_where_the_place_is():
    found = period_of("2026-03-01", EAST)
    assert (found.start, found.end) == (datetime(2026, 2, 28, 16, tzinfo=UTC), datetime(2026, 3, 1, 16, tzinfo=UTC))
    assert (found.name, found.is_day) == ("2026-03-01", True)


@given(some.integers(1, 9998), some.integers(1, 12))
def test_a_month_has_the_days_of_the_calendar(year, month):
    found = period_of(f"{year:04}-{month:02}", UTC)
    assert (found.end - found.start).days == calendar.monthrange(year, month)[1]
    assert not found.is_day
    assert found.last.date() == date(year, month, calendar.monthrange(year, month)[1])


def test_the_end_is_no_longer_part_of_it():
    found = days(date(2026, 1, 1), date(2026, 1, 3), EAST)
    assert (found.end - found.start).days == 3
    assert found.holds(found.start)
    assert found.holds(found.last)
    assert not found.holds(found.end)
    assert not found.holds(None)
    assert found == Period(found.start, found.end, "another name")


@pytest.mark.parametrize("wrong", ["", "soon", "2026-13", "2026-02-30", "2026", "9999-12", "9999-12-31", "2026-1-1"])
def test_what_is_no_period_is_refused(wrong):
    with pytest.raises(BadUse, match="neither a day nor a month"):
        period_of(wrong, UTC)


def test_a_period_does_not_end_before_it_begins():
    with pytest.raises(BadUse, match="ends after it begins"):
        days(date(2026, 1, 2), date(2026, 1, 1), UTC)
