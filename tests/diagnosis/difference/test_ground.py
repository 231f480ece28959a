"""What lies between two states of a store: on one branch, and on two that rest on common ground."""

from datetime import date

import pyarrow as pa
import pytest

from indicators.small_rulebook import dictionary
from tulou.diagnosis.difference.ground import state_between
from tulou.kernel.facts import Facts
from tulou.model.changes import changes
from tulou.model.state import Profile
from tulou.model.store.city import City

START, LATER = date(2024, 1, 1), date(2025, 1, 1)


def say(city, name, storeys, *, day=START, branch="main"):
    rows = pa.table({"id": [name], "storeys": pa.array([storeys], pa.float64())})
    return city.commit([Facts("building", rows)], who="t", message=name, valid_from=day, branch=branch)


@pytest.fixture
def city(tmp_path):
    """Main: b1, then a late correction of it; a plan branches off before that and builds b2, later tears at b1."""
    made = City.create(tmp_path / "c", profile=Profile("c", "EPSG:4549"), dictionary=dictionary())
    say(made, "b1", 3.0)
    made.branch("plan")
    say(made, "b2", 9.0, branch="plan")
    say(made, "b1", 4.0)
    say(made, "b1", 5.0, day=LATER)
    return made


def told(state):
    rows = state.rows("building")
    return dict(zip(rows.ids.tolist(), rows.numbers("storeys").tolist(), strict=True))


def test_on_one_branch_it_is_the_day_of_the_one_at_the_record_of_the_other(city):
    before, after = city.state(valid=START, record=1), city.state(valid=LATER)
    between = state_between(city, before, after)
    assert [told(state) for state in (before, between, after)] == [{"b1": 3.0}, {"b1": 4.0}, {"b1": 5.0}]
    back = state_between(city, after, before)
    assert told(back) == {"b1": 3.0}


def test_a_branch_knows_of_its_base_only_what_was_known_when_it_began(city):
    """From main as known now to the plan: main's correction is taken back, the rest is what the plan builds."""
    main, plan = city.state(valid=START), city.state(valid=START, branch="plan")
    between = state_between(city, main, plan)
    assert told(between) == {"b1": 3.0}
    assert told(plan) == {"b1": 3.0, "b2": 9.0}
    built = changes(between, plan).entities["building"]
    assert built.appeared.ids.tolist() == ["b2"]
    assert not built.attributes


def test_the_way_back_corrects_on_the_branch_and_takes_the_plan_away(city):
    main, plan = city.state(valid=START), city.state(valid=START, branch="plan")
    between = state_between(city, plan, main)
    assert told(between) == {"b1": 4.0, "b2": 9.0}
    gone = changes(between, main).entities["building"]
    assert gone.vanished.to_pylist() == ["b2"]


def test_two_plans_rest_on_the_same_main(city):
    city.branch("other")
    say(city, "b3", 7.0, branch="other")
    plan, other = city.state(valid=START, branch="plan"), city.state(valid=START, branch="other")
    between = state_between(city, plan, other)
    assert told(between) == {"b1": 4.0, "b2": 9.0}
    assert told(other) == {"b1": 4.0, "b3": 7.0}


def test_the_commit_that_last_spoke_of_an_object_is_known_when_it_is_gone(city):
    rows = pa.table({"id": ["b1"], "exists": [False]})
    gone = city.commit([Facts("building", rows)], who="t", message="torn down", valid_from=date(2026, 1, 1))
    after = city.state(valid=date(2026, 1, 1))
    assert told(after) == {}
    assert after.last_spoken("building", ("b1", "nobody")) == {"b1": gone.number}
    assert city.state(valid=START, record=1).last_spoken("building", ("b1",)) == {"b1": 1}
