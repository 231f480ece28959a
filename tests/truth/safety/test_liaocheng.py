"""Liaocheng's ladder (reference S38, V7) and the national windows of repair (国办发〔2025〕22号, V8)."""

from datetime import date

import pytest

from tulou.operations.safety.adapters.credit_rules import read_credit_rules
from tulou.operations.safety.domain.credit import Record, Start, credit_of, standing_of

DAY = date(2026, 6, 1)
SCHEME, REPAIR = read_credit_rules(["china"]).on("liaocheng", DAY)


def record(kind, happened=date(2026, 3, 2), name="r1", given="general"):
    return Record(name, kind, given, happened, happened)


def grade(*records, start="B", day=DAY):
    return credit_of(Start(start, "level_2"), records, SCHEME, REPAIR, day).grade


def test_a_second_level_firm_at_b_goes_to_c_plus_and_then_to_d():
    first, second = record("general_accident"), record("general_accident", date(2026, 5, 4), "r2")
    assert grade() == "B"
    assert grade(first) == "C+"
    assert grade(first, second) == "D"
    found = credit_of(Start("B", "level_2"), [first, second], SCHEME, REPAIR, DAY)
    assert [(one.before, one.after) for one in found.applied] == [("B", "C+"), ("C+", "D")]
    assert found.points == 80


def test_points_begin_with_90_80_70_by_level():
    assert SCHEME.points == {"level_1": 90, "level_2": 80, "level_3": 70}
    assert SCHEME.ladder == ("A+", "A", "A-", "B+", "B", "B-", "C+", "C", "C-", "D")


@pytest.mark.parametrize("kind", ["larger_accident", "listed_hazard_late", "concealment"])
def test_what_leads_to_d_at_once(kind):
    assert grade(record(kind), start="A+") == "D"


def test_penalties_count_from_the_second_in_a_year():
    penalties = [record("safety_penalty", date(2026, 2, 1), "p1"), record("safety_penalty", date(2026, 4, 1), "p2")]
    assert grade(penalties[0]) == "B"
    assert grade(*penalties) == "B-"
    earlier = record("safety_penalty", date(2025, 12, 20), "p0")
    assert grade(earlier, penalties[0]) == "B"


@pytest.mark.parametrize(
    ("given", "earliest", "until"),
    [
        ("minor", date(2026, 3, 2), date(2026, 6, 2)),
        ("general", date(2026, 6, 2), date(2027, 3, 2)),
        ("serious", date(2027, 3, 2), date(2029, 3, 2)),
    ],
)
def test_windows_of_repair(given, earliest, until):
    found = standing_of(record("safety_penalty", given=given), REPAIR, SCHEME, DAY)
    assert (found.earliest, found.until, found.use) == (earliest, until, "in use")
    assert standing_of(found.record, REPAIR, SCHEME, until).use == "expired"
