"""The working calendar against two independent libraries and against hand-counted periods."""

from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tulou.kernel.calendar import read_calendar
from tulou.kernel.errors import BadInput, NotEnoughData

FOLDER = Path(__file__).parents[2] / "rulebooks" / "china" / "calendar"
CALENDAR = read_calendar(FOLDER)
DAYS = st.dates(date(2018, 1, 1), date(2026, 9, 1))


@pytest.mark.parametrize("year", range(2018, 2027))
def test_equals_chinesecalendar(year):
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    assert [CALENDAR.is_working(day) for day in days] == [chinese_calendar.is_workday(day) for day in days]


def test_equals_holidays_on_weekdays_of_2026():
    theirs = holidays.country_holidays("CN", years=2026)
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    weekdays = [day for day in days if day.weekday() < 5]
    assert [not CALENDAR.is_working(day) for day in weekdays] == [day in theirs for day in weekdays]


def test_five_working_days_over_the_spring_festival():
    # Friday 2026-02-13, then Sat 14 (made up) = 1, holiday 15 to 23, Tue 24 = 2, 25 = 3, 26 = 4, 27 = 5
    assert CALENDAR.after(date(2026, 2, 13), 5) == date(2026, 2, 27)


def test_nought_days_from_a_holiday_is_the_next_worked_day():
    assert CALENDAR.after(date(2026, 10, 3), 0) == date(2026, 10, 8)


def test_a_year_without_data_is_no_guess():
    with pytest.raises(NotEnoughData, match="2031"):
        CALENDAR.is_working(date(2031, 3, 3))


@given(DAYS, st.integers(1, 40))
def test_count_undoes_after(start, length):
    assert CALENDAR.count(start, CALENDAR.after(start, length)) == length


@given(DAYS, DAYS)
def test_count_changes_sign(one, other):
    assert CALENDAR.count(one, other) == -CALENDAR.count(other, one)


def test_a_weekday_cannot_be_made_up(tmp_path):
    (tmp_path / "2026.yaml").write_text("year: 2026\nmade_up: [2026-01-05]\n")
    with pytest.raises(BadInput, match=r"2026\.yaml:2"):
        read_calendar(tmp_path)


@pytest.mark.parametrize(
    ("page", "what"),
    [
        ("year: soon\n", "must be a year"),
        ("year: 2026\nholidays:\n  - {from: 2026-10-01}\n", "needs 'from' and 'to'"),
        ("year: 2026\nholidays:\n  - {from: 2026-10-07, to: 2026-10-01}\n", "not a run of days"),
        ("year: 2026\nholidays:\n  - {from: 2025-12-31, to: 2026-01-02}\n", "not a run of days"),
    ],
)
def test_a_page_that_makes_no_sense_is_refused(tmp_path, page, what):
    (tmp_path / "2026.yaml").write_text(page)
    with pytest.raises(BadInput, match=what):
        read_calendar(tmp_path)


def test_a_year_stands_once(tmp_path):
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text("year: 2026\n")
    with pytest.raises(BadInput, match="given once"):
        read_calendar(tmp_path)
