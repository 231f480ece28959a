"""Safety credit: what counts on a day, repair, what is unknown, what comes next, two versions of a scheme."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tulou.indicators.rulebook.folders import find_rulebook
from tulou.kernel.errors import BadInput, BadUse
from tulou.operations.safety.adapters.credit_rules import read_credit_rules
from tulou.operations.safety.domain.credit import (
    NO_START,
    NOT_CLASSED,
    NOT_KNOWN,
    Record,
    Start,
    ahead,
    credit_of,
    months_after,
    standing_of,
)

DAY = date(2026, 6, 1)
RULES = read_credit_rules(["china"])
SCHEME, REPAIR = RULES.on("", DAY)
START = Start("B")


def record(name="r1", kind="general_accident", given="general", happened=date(2026, 1, 5), **more):
    return Record(name, kind, given, happened, **{"published": happened, **more})


def credit(*records, start=START, day=DAY):
    return credit_of(start, records, SCHEME, REPAIR, day)


def test_the_same_day_some_months_later():
    assert months_after(date(2025, 11, 30), 3) == date(2026, 2, 28)
    assert months_after(date(2023, 11, 30), 3) == date(2024, 2, 29)
    assert months_after(date(2026, 1, 31), 12) == date(2027, 1, 31)
    assert months_after(date(2026, 12, 1), 1) == date(2027, 1, 1)


def test_a_record_counts_from_its_publication_until_its_longest_time_is_over():
    one = record(published=date(2026, 2, 1))
    uses = [
        standing_of(one, REPAIR, SCHEME, day).use
        for day in (date(2026, 1, 4), date(2026, 1, 31), date(2026, 2, 1), date(2027, 1, 31), date(2027, 2, 1))
    ]
    assert uses == ["not happened", "not published", "in use", "in use", "expired"]


def test_a_repair_ends_the_use_but_not_before_the_shortest_time():
    late, early = record(repaired=date(2026, 4, 6)), record(repaired=date(2026, 3, 1))
    assert standing_of(late, REPAIR, SCHEME, DAY).use == "repaired"
    assert standing_of(late, REPAIR, SCHEME, date(2026, 4, 5)).use == "in use"
    assert credit(late).grade == "B"
    assert standing_of(early, REPAIR, SCHEME, DAY).use == "in use"
    assert credit(early).grade == "C+"


def test_what_was_replayed_is_what_was_said_then():
    """A repair granted later does not change what held before it."""
    before, after = record(), record(repaired=date(2026, 5, 1))
    for day in (date(2026, 2, 1), date(2026, 4, 30)):
        assert credit(before, day=day) == credit_of(START, [before], SCHEME, REPAIR, day)
        assert credit(before, day=day).grade == credit(after, day=day).grade == "C+"
    assert (credit(before, day=DAY).grade, credit(after, day=DAY).grade) == ("C+", "B")


def test_what_is_not_known_leaves_the_grade_unknown_and_says_why():
    assert credit(start=Start()).missing == NO_START
    assert credit(start=Start("", "level_1")).missing == NO_START
    unclassed = credit(record(given=""))
    assert (unclassed.grade, unclassed.missing) == ("", NOT_CLASSED)
    other = credit(record(kind="spilt_paint"))
    assert (other.grade, other.missing) == ("", NOT_KNOWN)
    assert credit(record(kind="spilt_paint", happened=date(2024, 1, 1))).grade == "B"
    assert credit(record(given="", published=None)).grade == "B"


def test_the_ladder_ends_below():
    many = [record(f"r{n}", "concealment") for n in range(4)]
    assert credit(*many, start=Start("D")).grade == "D"
    assert credit(record(), start=Start("C-")).grade == "D"


def test_what_comes_next_with_nothing_new():
    found = ahead(START, [record("a"), record("b", happened=date(2026, 3, 1))], SCHEME, REPAIR, DAY)
    assert found == [(date(2027, 1, 1), "D", "C+"), (date(2027, 3, 1), "C+", "B")]
    assert ahead(START, [], SCHEME, REPAIR, DAY) == []


DAYS = st.integers(0, 900).map(lambda n: date(2024, 1, 1) + timedelta(days=n))
RECORDS = st.lists(
    st.builds(
        Record,
        st.uuids().map(str),
        st.sampled_from(sorted(SCHEME.kinds)),
        st.sampled_from(["minor", "general", "serious"]),
        DAYS,
        DAYS,
        st.none() | DAYS,
    ),
    max_size=8,
)


@settings(max_examples=150, deadline=None)
@given(RECORDS, DAYS, st.sampled_from(SCHEME.ladder))
def test_more_records_never_better_a_grade_and_order_is_nothing(records, day, start):
    place = SCHEME.ladder.index
    whole = credit(*records, start=Start(start), day=day)
    assert credit(*reversed(records), start=Start(start), day=day) == whole
    for n in range(len(records)):
        less = credit(*records[:n], *records[n + 1 :], start=Start(start), day=day)
        assert place(less.grade) <= place(whole.grade)
    used = {one.record.id for one in whole.records if one.use == "in use"}
    assert {name for one in whole.applied for name in one.records} <= used
    assert whole.applied or whole.grade == start


@settings(max_examples=60, deadline=None)
@given(RECORDS, DAYS)
def test_what_is_foretold_comes_true(records, day):
    """Day by day, without anything new, the grade changes on the days that were foretold and on no other."""
    frozen = [one for one in records if max(one.happened, one.published, one.repaired or day) <= day]
    told = ahead(START, frozen, SCHEME, REPAIR, day)
    changes, before = [], credit(*frozen, day=day).grade
    for n in range(1, 1200):
        when = day + timedelta(days=n)
        after = credit(*frozen, day=when).grade
        if after != before:
            changes.append((when, before, after))
        before = after
    assert told == changes


def ours(tmp_path, text):
    folder = tmp_path / "ours"
    (folder / "safety").mkdir(parents=True)
    (folder / "rulebook.yaml").write_text(
        "id: ours\nextends: china\ntitle: {zh: 本市, en: Ours}\nversion: '1'\n", "utf-8"
    )
    (folder / "safety" / "credit.yaml").write_text(text, "utf-8")
    return folder


def test_a_city_states_its_own_cut_offs_from_a_day_on(tmp_path):
    own = """\
schemes:
  liaocheng:
    versions:
      - {from: 2026-03-01, like: 2013-01-01, source: order 9, evidence: sourced, cuts: {A: 90, B: 75, C: 60}}
"""
    rules = read_credit_rules([ours(tmp_path, own)])
    start = Start("", "level_2")
    before, repair = rules.on("liaocheng", date(2026, 2, 28))
    after, _ = rules.on("liaocheng", date(2026, 3, 1))
    assert credit_of(start, [], before, repair, DAY).missing == NO_START
    assert credit_of(start, [record()], after, repair, DAY).grade == "C+"
    assert credit_of(Start("", "level_3"), [], after, repair, DAY).grade == "C"
    assert credit_of(Start("", "none"), [], after, repair, DAY).missing == NO_START


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("{down: 2}", "{down: 2, to: D}", "down some steps"),
        ("{to: D}", "{to: E}", "no such grade"),
        ("kinds: [concealment]", "kinds: [concealmnt]", "no such kind of record"),
        ("shortest: 3,", "shortest: 30,", "longest above the shortest"),
        ("within: year", "within: decade", "within"),
    ],
)
def test_faults_of_a_page(tmp_path, old, new, what):
    text = (find_rulebook("china") / "safety" / "credit.yaml").read_text("utf-8")
    assert old in text
    with pytest.raises(BadInput, match=what) as caught:
        read_credit_rules([ours(tmp_path, text.replace(old, new))])
    assert all(fault.where.startswith("ours/safety/credit.yaml:") for fault in caught.value.faults)


def test_a_scheme_that_is_not_there():
    with pytest.raises(BadUse, match="no such scheme"):
        RULES.on("liaochen", DAY)
    with pytest.raises(BadUse, match="in force"):
        RULES.on("liaocheng", date(2025, 1, 1))
