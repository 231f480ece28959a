"""Values through time: before the first there is none, on the day of a change the new one, after repeal none."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tulou.kernel.dated import EVIDENCE, Dated, Version
from tulou.kernel.errors import BadUse

OLD = Version(date(1993, 7, 16), 1.0, "GB 50180-93", "memory")
NEW = Version(date(2018, 12, 1), 2.0, "GB 50180-2018 4.0.4", "sourced")
BOTH = Dated.of("green area", [NEW, OLD])
DAY = timedelta(days=1)


def test_versions_are_sorted_by_day():
    assert BOTH.versions == (OLD, NEW)


def test_the_new_value_holds_from_its_day_on():
    assert BOTH.on(NEW.since - DAY) is OLD
    assert BOTH.on(NEW.since) is NEW
    assert BOTH.on(date(2100, 1, 1)) is NEW


def test_before_the_first_there_is_no_value():
    with pytest.raises(BadUse, match="no value is in force yet") as caught:
        BOTH.on(OLD.since - DAY)
    assert caught.value.faults[0].allowed == ("a day from 1993-07-16 on",)
    assert not BOTH.holds_on(OLD.since - DAY)


def test_after_repeal_there_is_no_value():
    repealed = Dated.of("green area", [OLD], until=date(2000, 1, 1))
    assert repealed.on(date(1999, 12, 31)) is OLD
    assert not repealed.holds_on(date(2000, 1, 1))
    with pytest.raises(BadUse, match="repealed on 2000-01-01"):
        repealed.on(date(2000, 1, 1))


def test_a_value_without_versions_never_holds():
    with pytest.raises(BadUse, match="from never on"):
        Dated.of("nothing", []).on(date(2020, 1, 1))


def test_two_may_not_begin_on_one_day():
    with pytest.raises(BadUse, match="2018-12-01"):
        Dated.of("green area", [NEW, NEW])


@pytest.mark.parametrize("evidence", EVIDENCE)
def test_only_what_is_sourced_may_judge(evidence):
    assert Version(OLD.since, 1.0, "", evidence).can_judge is (evidence == "sourced")


@given(st.lists(st.dates(), min_size=1, unique=True, max_size=8), st.dates())
def test_equals_a_plain_search(days, day):
    through = Dated.of("x", [Version(since, since.toordinal(), "", "none") for since in days])
    past = [since for since in days if since <= day]
    assert through.holds_on(day) is bool(past)
    if past:
        assert through.on(day).value == max(past).toordinal()
