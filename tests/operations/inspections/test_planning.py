"""The plan against every plan there is on small cases; what cannot be planned; months."""

import math
from itertools import product

import numpy as np
import pytest

from tulou.kernel.errors import NotEnoughData
from tulou.operations.inspections.domain.caps import Caps, room
from tulou.operations.inspections.domain.joint import visits_of
from tulou.operations.inspections.domain.planning import Firm, PlanBody, PlannedFirm, yearly_plan
from tulou.operations.inspections.domain.timetable import timetable

CAPS = Caps({"county": 2, "city": 2}, 4, "a notice", "sourced")
BURDEN = 0.08


def best(firms, bodies, caps, burden):
    """The best value of all plans, by trying each."""
    pairs = [(at, body) for at, firm in enumerate(firms) for body in firm.bodies]
    top = -math.inf
    alone = frozenset(name for name, body in bodies.items() if body.is_alone)
    for counts in product(range(3), repeat=len(pairs)):
        given = dict(zip(pairs, counts, strict=True))
        days = dict.fromkeys(bodies, 0.0)
        value, sound = 0.0, True
        for at, firm in enumerate(firms):
            mine = {body: given[at, body] for body in firm.bodies}
            visits = visits_of(mine, alone)
            value += sum(firm.value * (1 - math.exp(-firm.rate * count)) for count in mine.values())
            value -= burden * len(visits)
            sound &= all(mine.get(body, 0) >= count for body, count in firm.required.items())
            sound &= len(visits) + firm.before.get("", 0) <= caps.total
            for level, most in caps.levels.items():
                coming = sum(any(bodies[one].level == level for one in visit) for visit in visits)
                sound &= coming + firm.before.get(level, 0) <= most
            for body, count in mine.items():
                days[body] += count * bodies[body].per_visit
        if sound and all(days[name] <= body.days for name, body in bodies.items()):
            top = max(top, value)
    return top


@pytest.mark.parametrize("seed", range(12))
def test_no_plan_is_better(seed):
    random = np.random.default_rng(seed)
    bodies = {
        "fire": PlanBody("fire", "county", 2 * float(random.integers(1, 5)), 2),
        "emergency": PlanBody("emergency", "county", 3 * float(random.integers(1, 4)), 3, is_alone=bool(seed % 3 == 0)),
        "city_fire": PlanBody("city_fire", "city", 2 * float(random.integers(0, 3)), 2),
    }
    firms = [
        Firm(
            f"f{at}",
            float(random.random()),
            float(random.choice([0.7, 1.0])),
            {"fire": 1} if at == 0 else {},
            tuple(bodies),
            {"county": 1, "": 1} if at == 1 else {},
        )
        for at in range(2 if seed % 2 else 3)
    ]
    plan = yearly_plan(firms, bodies, CAPS, burden=BURDEN)
    assert plan.gap == 0
    assert plan.value == pytest.approx(best(firms, bodies, CAPS, BURDEN), abs=1e-9)
    for one in plan.firms:
        firm = next(item for item in firms if item.code == one.code)
        for body, count in one.counts.items():
            assert count <= room(firm.before, bodies[body].level, CAPS)
    assert all(plan.days[name] <= body.days for name, body in bodies.items())


def test_days_go_where_there_is_most_to_find():
    bodies = {"fire": PlanBody("fire", "county", 6, 2)}
    firms = [Firm(name, value, 1.0, {}, ("fire",)) for name, value in (("a", 0.2), ("b", 1.0), ("c", 0.5))]
    plan = yearly_plan(firms, bodies, CAPS, burden=0.0)
    assert {one.code: one.counts["fire"] for one in plan.firms} == {"b": 2, "c": 1}
    assert plan.bound == pytest.approx(plan.value)


def test_what_is_required_beyond_caps_or_days_is_named():
    bodies = {"fire": PlanBody("fire", "county", 6, 2)}
    many = [Firm("a", 1.0, 1.0, {"fire": 3}, ("fire",))]
    with pytest.raises(NotEnoughData, match="than the caps allow") as caught:
        yearly_plan(many, bodies, CAPS, burden=0.0)
    assert caught.value.faults[0].where == "a: fire"
    wide = [Firm(f"f{at}", 1.0, 1.0, {"fire": 1}, ("fire",)) for at in range(4)]
    with pytest.raises(NotEnoughData, match="fewer days") as caught:
        yearly_plan(wide, bodies, CAPS, burden=0.0)
    assert caught.value.faults[0].where == "fire"


def test_nothing_to_plan():
    plan = yearly_plan([], {}, CAPS, burden=BURDEN)
    assert (plan.firms, plan.value, plan.joint) == ((), 0.0, 0)


def test_visits_of_one_enterprise_stand_apart_and_months_are_even():
    bodies = {"fire": PlanBody("fire", "county", 100, 2), "housing": PlanBody("housing", "county", 100, 2)}
    firms = [PlannedFirm(f"f{at:02}", {"fire": 2, "housing": 1}, (("fire", "housing"), ("fire",))) for at in range(24)]
    found = timetable(firms, bodies)
    assert len(found) == 48
    assert found == timetable(list(reversed(firms)), bodies)
    for one in firms:
        months = sorted(visit.month for visit in found if visit.enterprise == one.code)
        assert months[1] - months[0] == 6
    fire = [sum("fire" in visit.bodies for visit in found if visit.month == month) for month in range(1, 13)]
    assert fire == [4] * 12
    late = timetable(firms, bodies, first=9)
    assert {visit.month for visit in late} <= {9, 10, 11, 12}
    assert all(len({visit.month for visit in late if visit.enterprise == one.code}) == 2 for one in firms)
