"""The order of strengthening on made cities, beside all choices."""

import itertools

import numpy as np
import pytest

from processes.made_city import box, city
from tulou.kernel.errors import BadUse, NotEnoughData
from tulou.measures.hazard.earthquake.strengthening import present_worth
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run
from tulou.processes.earthquake.drawn import Doubt, avoided_by_type
from tulou.processes.earthquake.rules import rules

USES = ["residential", "education", "residential", "office", "health", "residential", "residential", "residential"]
AREAS = [1000.0, 3000.0, 500.0, 2000.0, 900.0, 1500.0, 800.0, None]


def made(**more):
    count = len(USES)
    columns = {
        "id": [f"b{place}" for place in range(count)],
        "use": USES,
        "structure": ["brick_concrete", "precast_slab"] * (count // 2),
        "year_built": [1985.0, 1980.0, 2005.0, 1986.0, 1985.0, 1975.0, 2010.0, 1985.0],
        "storeys": [6.0] * count,
        "floor_area": AREAS,
        "residents": [30.0, 500.0, 12.0, 0.0, None, 40.0, 20.0, 9.0],
        "geometry": [box(20 * place, 0, 20 * place + 10, 10) for place in range(count)],
    }
    return city(building={**columns, **more})


GIVEN = {"cost": 800, "price": 3000, "pga": "0.5,1.5,3.1", "rates": "0.02,0.0021,0.0004", "draws": 60}


def ran(state, budget, **given):
    process = processes()["reinforcement"]
    return process.run(Run(process.values({**GIVEN, "budget": budget, **given}), state))


def order(outcome):
    return {row[1]: row for row in outcome.tables[0].rows}


def chosen(outcome):
    return {name for name, row in order(outcome).items() if row[11].en == "yes"}


def figures(outcome):
    return {one.name: one for one in outcome.figures}


def worth(outcome, name):
    row = order(outcome)[name]
    return row[4] * row[10]


def test_the_ratio_is_that_worked_by_hand():
    outcome = ran(made(), 1e9, life_value=2e6)
    held = rules()
    place = [one.name for one in held.types].index("brick_old")
    doubt = Doubt(0, 0, 0)
    avoided = avoided_by_type(
        held.types, np.array([0.5, 1.5, 3.1]), np.array([0.02, 0.0021, 0.0004]), held, doubt, 1, seed=1
    )
    a_year = avoided.loss[0, place] * 1000 * 3000 + avoided.deaths[0, place] * 30 * 2e6
    assert order(outcome)["b0"][4] == pytest.approx(a_year * present_worth(30, 0.04) / (1000 * 800))
    # No doubt, no difference between the draw and the sure value.
    assert avoided.loss[1] == pytest.approx(avoided.loss[0])


def test_schools_and_hospitals_come_first_then_what_is_worth_most():
    budget = (3000 + 900 + 1300) * 800
    outcome = ran(made(), budget)
    picked = chosen(outcome)
    assert {"b1", "b4"} <= picked
    others = [name for name in order(outcome) if name not in {"b1", "b4"}]
    costs = {name: order(outcome)[name][10] for name in others}
    left = budget - (3000 + 900) * 800
    best = max(
        sum(worth(outcome, name) for name in some)
        for count in range(len(others) + 1)
        for some in itertools.combinations(others, count)
        if sum(costs[name] for name in some) <= left
    )
    assert sum(worth(outcome, name) for name in picked - {"b1", "b4"}) == pytest.approx(best)
    assert figures(outcome)["gap"].value < 1e-2
    assert outcome.balances[0].closes


def test_doubt_gives_intervals_and_no_doubt_none():
    doubtful, sure = ran(made(), 2e6), ran(made(), 2e6, median_spread=0, beta_spread=0, other=0)
    for row in order(doubtful).values():
        assert row[5] < row[4] < row[6]
        assert row[7] <= row[8]
    for row in order(sure).values():
        assert row[5] == pytest.approx(row[6]) == pytest.approx(row[4])
        assert row[7] == row[8]
        assert row[9] in {0.0, 100.0}
    assert ran(made(), 2e6).tables[0].rows[0][5] == order(doubtful)[doubtful.tables[0].rows[0][1]][5]


def test_dangerous_and_unknown_buildings_are_not_ranked_and_said():
    outcome = ran(made(health_state=["D", None, "A", None, "C", None, "U", None]), 1e9)
    assert "b0" not in order(outcome)
    assert "b7" not in order(outcome)
    assert "1 buildings are of grade D" in outcome.warnings[0].en
    assert "1 buildings of unknown type" in outcome.warnings[1].en
    assert "People of 1" in outcome.warnings[2].en
    facts = outcome.facts[0].rows.to_pydict()
    assert set(facts["id"]) == set(order(outcome))
    assert all(ratio > 0 for ratio in facts["strengthening_ratio"])


def test_no_money_strengthens_nothing():
    outcome = ran(made(), 0)
    assert chosen(outcome) == set()
    assert figures(outcome)["spent"].value == 0
    assert outcome.balances[0].closes


def test_too_many_numbers_are_refused_before_they_are_made(monkeypatch):
    monkeypatch.setattr("tulou.processes.earthquake.reinforcement.MOST_NUMBERS", 300)
    with pytest.raises(BadUse, match="too many draws") as caught:
        ran(made(), 1e6)
    assert caught.value.faults[0].allowed == ("draws=42",)


def test_what_cannot_be_asked():
    with pytest.raises(BadUse, match="each scenario"):
        ran(made(), 1e6, rates="0.02,0.01")
    with pytest.raises(NotEnoughData, match="strengthening would help"):
        ran(
            city(building={"id": ["b"], "structure": ["timber"], "floor_area": [10.0], "geometry": [box(0, 0, 9, 9)]}),
            1,
        )


def groups_of(outcome):
    found = {}
    for name, row in order(outcome).items():
        found.setdefault(row[12], set()).add(name)
    return sorted(map(sorted, found.values()))


TERRACE = [box(0, 0, 10, 10), box(10.2, 0, 20, 10), box(20.2, 0, 30, 10), box(40, 0, 50, 10), box(50, 0, 60, 10),
           box(80, 0, 90, 10), box(100, 0, 110, 10), box(110, 0, 120, 10)]  # fmt: skip


@pytest.mark.parametrize("budget", [1.2e6, 2.6e6, 4.4e6, 6.5e6])
def test_houses_wall_to_wall_are_strengthened_together_beside_all_choices(budget):
    uses = ["residential"] * len(USES)
    outcome = ran(made(geometry=TERRACE, use=uses), budget, together="attached")
    # b7 has no floor area and b6 stands alone
    assert groups_of(outcome) == [["b0", "b1", "b2"], ["b3", "b4"], ["b5"], ["b6"]]
    groups = groups_of(outcome)
    cost = {name: row[10] for name, row in order(outcome).items()}
    best = max(
        sum(worth(outcome, name) for group in some for name in group)
        for count in range(len(groups) + 1)
        for some in itertools.combinations(groups, count)
        if sum(cost[name] for group in some for name in group) <= budget
    )
    picked = chosen(outcome)
    assert all(set(group) <= picked or not set(group) & picked for group in groups)
    assert sum(worth(outcome, name) for name in picked) == pytest.approx(best)
    assert figures(outcome)["groups"].value == sum(set(group) <= picked for group in groups)
    assert any("together or not at all" in one.en for one in outcome.assumptions)
    assert outcome.balances[0].closes


def test_a_terrace_with_a_school_comes_first_as_a_whole():
    uses = ["residential", "education", *["residential"] * 6]
    cost = (1000 + 3000 + 500) * 800
    outcome = ran(made(geometry=TERRACE, use=uses), cost, together="attached")
    assert chosen(outcome) == {"b0", "b1", "b2"}
    assert chosen(ran(made(geometry=TERRACE, use=uses), cost - 1, together="attached")) & {"b0", "b1", "b2"} == set()
    alone = ran(made(geometry=TERRACE, use=uses), cost - 1)
    assert "b1" in chosen(alone)


def test_a_unit_is_strengthened_as_a_whole_and_what_is_in_none_stands_alone():
    blocks = {"id": ["west", "east"], "name": ["W", "E"], "geometry": [box(-5, -5, 35, 15), box(35, -5, 95, 15)]}
    columns = {
        "id": [f"b{place}" for place in range(len(USES))],
        "use": ["residential"] * len(USES),
        "structure": ["brick_concrete"] * len(USES),
        "year_built": [1985.0] * len(USES),
        "storeys": [6.0] * len(USES),
        "floor_area": [1000.0] * len(USES),
        "residents": [30.0] * len(USES),
        "geometry": TERRACE,
    }
    state = city(building=columns, block=blocks)
    outcome = ran(state, 3.1 * 800_000, together="unit")
    assert groups_of(outcome) == [["b0", "b1", "b2"], ["b3", "b4", "b5"], ["b6"], ["b7"]]
    picked = chosen(outcome)
    assert len(picked) == 3
    assert picked in ({"b0", "b1", "b2"}, {"b3", "b4", "b5"})
    assert len(chosen(ran(state, 2.9 * 800_000, together="unit"))) == 2


def test_draws_keep_groups_together():
    outcome = ran(made(geometry=TERRACE, use=["residential"] * len(USES)), 4.4e6, together="attached")
    for group in groups_of(outcome):
        assert len({order(outcome)[name][9] for name in group}) == 1
