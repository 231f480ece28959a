"""Joint visits: 10 → 5; and the caps of one published notice (reference, section 4, S33, V9)."""

from datetime import date

import pytest

from tulou.operations.inspections.adapters.rules import read_inspection_rules
from tulou.operations.inspections.domain.caps import Visited, breaches, room
from tulou.operations.inspections.domain.joint import joined, visits_of
from tulou.operations.inspections.domain.planning import Firm, PlanBody, yearly_plan

NEEDS = {
    "first": {"fire": 2, "emergency": 3, "housing": 1},
    "second": {"fire": 1, "emergency": 1},
    "third": {"fire": 1, "emergency": 1},
}
CAPS = read_inspection_rules(["china"]).on(date(2026, 6, 1)).caps


def test_ten_visits_one_by_one_are_five_together():
    found = joined(NEEDS)
    assert (found.separate, found.joint, found.saved) == (10, 5, 0.5)
    assert visits_of(NEEDS["first"]) == (("fire", "emergency", "housing"), ("fire", "emergency"), ("emergency",))


def test_the_programme_finds_the_same_five():
    bodies = {name: PlanBody(name, "county", 100, 2) for name in ("fire", "emergency", "housing")}
    firms = [Firm(code, 0.0, 0.0, needs, tuple(needs)) for code, needs in NEEDS.items()]
    plan = yearly_plan(firms, bodies, None, burden=1.0)
    assert (plan.separate, plan.joint, plan.gap) == (10, 5, 0.0)


def test_at_most_two_visits_a_level_and_four_in_all():
    assert CAPS.levels == {"county": 2, "city": 2}
    assert CAPS.total == 4


@pytest.mark.parametrize(
    ("levels", "kinds", "wrong"),
    [
        (["county"] * 2 + ["city"] * 2, ["routine"] * 4, []),
        (["county"] * 3, ["routine"] * 3, [("county", 3, 2)]),
        (["county"] * 3, ["routine", "routine", "complaint"], []),
        (["county"] * 2 + ["city"] * 3, ["routine"] * 5, [("city", 3, 2), ("", 5, 4)]),
    ],
)
def test_what_exceeds_the_caps(levels, kinds, wrong):
    rules = read_inspection_rules(["china"]).on(date(2026, 6, 1))
    visits = [Visited("x", frozenset({level}), kind) for level, kind in zip(levels, kinds, strict=True)]
    assert sorted((one.level, one.visits, one.most) for one in breaches(visits, rules.kinds, CAPS)) == sorted(wrong)


def test_a_joint_visit_of_both_levels_is_one_visit():
    rules = read_inspection_rules(["china"]).on(date(2026, 6, 1))
    both = [Visited("x", frozenset({"county", "city"}), "routine")] * 2
    assert breaches(both, rules.kinds, CAPS) == []
    assert room({"county": 2, "city": 2, "": 2}, "county", CAPS) == 0
    assert room({"county": 1, "": 1}, "county", CAPS) == 1
    assert room({"county": 0, "": 4}, "county", CAPS) == 0
