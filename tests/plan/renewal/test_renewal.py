"""Plans beside brute force: every choice of projects carried out on the city and asked afresh."""

from dataclasses import replace
from functools import cache
from itertools import combinations

import pytest

from plan.planned import basis, city
from tulou.kernel.errors import BadUse
from tulou.plan.candidates.content import NO_PRECEDENT, NO_PRICE, Candidate
from tulou.plan.portfolio.question import Before, Choice, Fairness, Goal, Question
from tulou.plan.portfolio.solve import best_portfolio
from tulou.plan.renewal.asking import question_of, years_of
from tulou.plan.renewal.choosing import choose, more_money, pruned
from tulou.plan.renewal.measuring import Ground, Measured, measure
from tulou.plan.renewal.plan import candidates_of, make_plan
from tulou.plan.renewal.wishes import Wishes
from tulou.plan.shortfall import Gain

PRICES = {"repair_stairwell": 900.0, "replace_building_pipes": 60.0, "small_park": 1.0}
WISHES = Wishes({2027: 8_000.0}, gap=0.0, alternatives=0)


@cache
def made(seed: int = 1):
    return basis(city(seed), PRICES)


@cache
def plan(seed: int = 1):
    return make_plan(made(seed), WISHES)


def ground(some) -> Ground:
    return Ground.of(some.rulebook, some.state, some.today.check.day, some.memo)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_no_other_choice_of_projects_is_worth_more_when_all_is_carried_out(seed):
    some = made(seed)
    on = ground(some)
    payable = [one for one in candidates_of(some).found if one.cost is not None]
    assert 5 <= len(payable) <= 9
    assert sum(one.cost for one in payable) > 8_000.0
    best = 0.0
    for count in range(1, len(payable) + 1):
        for chosen in combinations(payable, count):
            sites = [one.site.id for one in chosen if one.site]
            if sum(one.cost for one in chosen) <= 8_000.0 and len(sites) == len(set(sites)):
                best = max(best, WISHES.worth(on.gains(list(chosen))))
    found = plan(seed)
    assert best > 0.0
    assert found.portfolio.value == pytest.approx(best)
    assert WISHES.worth(found.joint) == pytest.approx(best)
    assert found.cost <= 8_000.0
    singly = sum(people for people, _ in found.single.values())
    assert singly == pytest.approx(sum(gain.people for gain in found.joint.values()))


def test_the_next_check_is_that_of_the_city_with_the_projects():
    found = plan()
    last = found.outlook[2027]
    chosen = {name for one in found.projects for name in one.candidate.objects if one.candidate.entity == "building"}
    assert chosen
    row = next(
        one for one in last.answers.to_pylist()
        if (one["indicator"], one["level"], one["variant"]) == ("stairwell_hazard_homes", "city", "")
    )  # fmt: skip
    mended = sum(len(one.candidate.objects) for one in found.projects if one.candidate.remedy.id == "repair_stairwell")
    assert row["value_before"] - row["value_after"] == mended
    assert last.before is found.today


def test_what_has_no_price_is_left_out_and_says_so():
    reasons = {one.remedy.id: one.reason for one in plan().asked.left_out}
    assert reasons["reinforce_structure"] == NO_PRICE
    assert not {one.candidate.remedy.id for one in plan().projects} - set(PRICES)


@pytest.mark.slow
def test_two_runs_are_the_same():
    again = make_plan(basis(city(), PRICES), WISHES)
    assert [one.id for one in again.projects] == [one.id for one in plan().projects]
    assert again.portfolio.value == plan().portfolio.value
    assert again.joint == plan().joint


def test_sites_in_a_row_add_up_to_what_they_bring_together():
    some = made()
    on = ground(some)
    parks = [one for one in candidates_of(some).found if one.remedy.id == "small_park"]
    row = [one for one in measure(on, parks, WISHES) if one.gains]
    assert len(row) == 2
    first = next(one for one in row if not one.after)
    second = next(one for one in row if one.after == first.id)
    together = on.gains([first.candidate, second.candidate], first.candidate.remedy.indicators)
    for name, gain in together.items():
        parts = [one.gains.get(name, Gain()).people for one in (first, second)]
        assert gain.people == pytest.approx(sum(parts))
    assert WISHES.worth(first.gains) >= WISHES.worth(second.gains) > 0.0


def test_a_later_site_is_chosen_only_with_the_one_before_it():
    some = made()
    parks = [one for one in candidates_of(some).found if one.remedy.id == "small_park"]
    asked = question_of(measure(ground(some), parks, WISHES), WISHES)
    pairs = {(pair.first, pair.then, pair.lag) for pair in asked.question.before}
    assert pairs in ({("small_park@idle1", "small_park@idle2", 0)}, {("small_park@idle2", "small_park@idle1", 0)})


@cache
def of_one(name: str) -> Candidate:
    return next(one for one in candidates_of(made()).found if one.remedy.id == name)


def measured(candidate: Candidate, people: float = 1.0, **more) -> Measured:
    gains = {next(iter(candidate.remedy.fixes)): Gain(people, 1.0, level="community")}
    return Measured(candidate, gains, gains, **more)


def test_remedies_that_exclude_one_another_meet_only_on_the_same_object():
    rebuild, other = of_one("rebuild_in_place"), of_one("repair_stairwell")
    same = replace(rebuild, objects=other.objects[:1], cost=1.0)
    apart = replace(rebuild, id="apart", objects=("nowhere",), cost=1.0)
    asked = question_of([measured(one) for one in (same, apart, replace(other, cost=1.0))], WISHES)
    assert asked.question.exclusive == (tuple(sorted((same.id, other.id))),)


def test_what_must_come_first_and_cannot_be_chosen_takes_the_rest_along():
    first = replace(of_one("repair_stairwell"), cost=None)
    remedy = replace(first.remedy, id="later", after=("repair_stairwell",))
    then = replace(first, id=f"later@{first.unit}", remedy=remedy, cost=5.0)
    asked = question_of([measured(then)], WISHES, known=[first, then])
    assert not asked.pool
    assert [(one.candidate, one.reason) for one in asked.left_out] == [(then.id, NO_PRECEDENT)]
    both = question_of([measured(then), measured(replace(first, cost=5.0))], WISHES, known=[first, then])
    assert both.question.before == (Before(first.id, then.id, 0),)
    alone = question_of([measured(then)], WISHES, known=[then])
    assert list(alone.pool) == [then.id]


def test_weights_and_objectives_are_those_that_are_asked_for():
    gains = {"a": Gain(10.0, 2.0), "b": Gain(4.0, 1.0)}
    assert WISHES.worth(gains) == 14.0
    assert replace(WISHES, objective="objects").worth(gains) == 3.0
    assert replace(WISHES, weights={"b": 3.0}).worth(gains) == 22.0
    assert replace(WISHES, indicators=("b",)).worth(gains) == 4.0


def test_only_findings_of_the_indicators_asked_for_are_acted_on():
    found = make_plan(made(), replace(WISHES, indicators=("broken_pipe_homes",)))
    assert {one.candidate.remedy.id for one in found.projects} == {"replace_building_pipes"}
    assert {one.remedy.id for one in found.candidates.found} >= {"replace_building_pipes"}
    assert "repair_stairwell" not in {one.remedy.id for one in found.candidates.found}


def test_a_project_that_takes_longer_brings_nothing_in_the_last_year():
    rebuild = replace(of_one("rebuild_in_place"), cost=1.0)
    assert years_of(rebuild) == 1  # 15 months
    assert years_of(of_one("repair_stairwell")) == 0
    asked = question_of([measured(rebuild)], replace(WISHES, budgets={2027: 9.0, 2028: 9.0}))
    assert asked.question.choices[0].benefits == (1.0, 0.0)
    assert choose(asked.question, gap=0.0).years == {rebuild.id: 2027}


def choice(name: str, cost: float, worth: float) -> Choice:
    return Choice(name, cost, (worth, worth))


def test_projects_come_as_early_as_money_allows():
    choices = (choice("big", 8.0, 50.0), choice("small", 3.0, 10.0), choice("tiny", 1.0, 5.0))
    found = choose(Question(choices, {2027: 9.0, 2028: 9.0}), gap=0.0)
    assert found.years == {"big": 2027, "small": 2028, "tiny": 2027}
    assert found.spent == {2027: 9.0, 2028: 3.0}
    assert found.value == 65.0


def test_half_a_way_to_a_goal_is_not_paid_for():
    choices = (choice("half", 1.0, 0.0), choice("whole", 5.0, 0.0), choice("good", 1.0, 3.0))
    goal = Goal("parks", 100.0, {"half": 0.5, "whole": 1.0})
    question = Question(choices, {2027: 9.0, 2028: 0.0}, goals=(goal,))
    found = choose(question, gap=0.0)
    assert set(found.years) == {"whole", "good"}
    assert found.reached == ("parks",)
    assert set(pruned(question, {"half": 2027, "good": 2027})) == {"good"}
    needed = replace(question, before=(Before("half", "good"),))
    assert set(pruned(needed, {"half": 2027, "good": 2028})) == {"half", "good"}


def test_more_money_buys_what_it_buys():
    choices = (choice("a", 5.0, 10.0), choice("b", 5.0, 8.0))
    question = Question(choices, {2027: 5.0, 2028: 0.0})
    best = best_portfolio(question)
    assert [(one.year, one.gain, one.added) for one in more_money(question, best, 5.0, gap=0.0)] == [
        (2027, 8.0, ("b",)), (2028, 8.0, ("b",))
    ]  # fmt: skip
    assert all(one.gain == 0.0 and not one.added for one in more_money(question, best, 4.0, gap=0.0))


@pytest.mark.slow
def test_fairness_gives_every_community_its_share():
    money = replace(WISHES, budgets={2027: 2_000.0})
    plain, fair = (
        make_plan(made(3), replace(money, fairness=fairness)) for fairness in (Fairness(), Fairness("least"))
    )
    assert fair.portfolio.least_share >= plain.portfolio.least_share
    assert fair.portfolio.value <= plain.portfolio.value


def test_what_must_be_done_and_costs_too_much_says_by_how_much():
    name = plan().asked.question.choices[0].id
    cost = plan().asked.question.choices[0].cost
    with pytest.raises(BadUse) as told:
        make_plan(made(), replace(WISHES, budgets={2027: cost - 1.0}, must=(name,)))
    fault = told.value.faults[0]
    assert fault.where == "budget"
    assert fault.allowed == (f"2027={cost:.0f}",)
    assert name in {one.id for one in make_plan(made(), replace(WISHES, must=(name,))).projects}


@pytest.mark.parametrize(
    ("must", "what", "guess"),
    [
        ("repair_stairwell@c9", "no such candidate", "repair_stairwell@c1"),
        ("reinforce_structure@c1", "cannot be chosen", None),
    ],
)
def test_what_must_be_done_has_to_be_a_candidate(must, what, guess):
    with pytest.raises(BadUse, match=what) as told:
        make_plan(made(), replace(WISHES, must=(must,)))
    assert guess is None or told.value.faults[0].guess in {guess, "repair_stairwell@c2"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"budgets": {}}, {"budgets": {2027: -1.0}}, {"budgets": {2027: float("nan")}}, {"budgets": {27: 1.0}},
        {"objective": "trees"}, {"weights": {"a": -1.0}}, {"step": 0.0},
    ],
)  # fmt: skip
def test_wishes_that_cannot_be(wrong):
    with pytest.raises(BadUse):
        replace(WISHES, **wrong)
