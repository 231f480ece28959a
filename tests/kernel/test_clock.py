"""Two clocks: half-open intervals of days, moments, and days as people write them."""

from datetime import UTC, date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tulou.kernel.clock import BEGINNING, FOREVER, Interval, Moment, now, parse_day
from tulou.kernel.errors import BadInput

DAYS = st.dates(date(2000, 1, 1), date(2000, 3, 1))


def test_an_interval_holds_its_first_day_and_not_its_last():
    year = Interval(date(2025, 1, 1), date(2026, 1, 1))
    assert year.holds(date(2025, 1, 1))
    assert year.holds(date(2025, 12, 31))
    assert not year.holds(date(2026, 1, 1))


def test_without_words_it_has_always_been_so():
    always = Interval()
    assert (always.start, always.end) == (BEGINNING, FOREVER)
    assert always.holds(date(1, 1, 1))


@pytest.mark.parametrize("end", [date(2025, 1, 1), date(2024, 12, 31)])
def test_an_empty_or_backward_interval_is_refused(end):
    with pytest.raises(BadInput, match="must end after it starts"):
        Interval(date(2025, 1, 1), end)


@given(DAYS, DAYS, DAYS, DAYS)
def test_two_meet_when_they_share_a_day(one, two, three, four):
    assume(one < two and three < four)
    left, right = Interval(one, two), Interval(three, four)
    days = [date(2000, 1, 1) + timedelta(days=n) for n in range(61)]
    assert left.meets(right) is any(left.holds(day) and right.holds(day) for day in days)
    assert left.meets(right) is right.meets(left)


def test_a_moment_counts_all_commits_unless_told():
    assert Moment(date(2026, 1, 29)).record is None
    assert Moment(date(2026, 1, 29), 4) != Moment(date(2026, 1, 29))


def test_the_present_is_in_universal_time():
    assert now().tzinfo is UTC
    assert now() <= now()


@given(st.dates())
def test_a_day_is_read_as_it_is_written(day):
    assert parse_day(f" {day.isoformat()} ") == day


@pytest.mark.parametrize("text", ["", "2026-13-01", "29.1.2026", "yesterday"])
def test_what_is_no_day_is_refused_with_its_place(text):
    with pytest.raises(BadInput, match="--day: this is not a day") as caught:
        parse_day(text, "--day")
    assert caught.value.faults[0].allowed == ("a day like 2026-01-29",)
