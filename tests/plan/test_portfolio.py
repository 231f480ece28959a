"""Portfolios beside brute force on small random cases, fairness, alternatives, and conditions that contradict."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tulou.kernel.errors import BadUse
from tulou.plan.portfolio.question import Before, Choice, Fairness, Goal, Question
from tulou.plan.portfolio.solve import best_portfolio

YEARS = (2027, 2028)


@st.composite
def questions(draw, *, fairness: Fairness | None = None):
    random = np.random.default_rng(draw(st.integers(0, 10**6)))
    count = draw(st.integers(1, 5))
    choices = tuple(
        Choice(
            f"p{n}",
            float(random.integers(1, 9)),
            tuple(random.integers(0, 9, len(YEARS)).astype(float)),
            group=f"g{n % 2}",
        )
        for n in range(count)
    )
    names = [choice.id for choice in choices]
    before = (Before(names[0], names[1], int(random.integers(0, 2))),) if count > 1 and random.random() < 0.5 else ()
    exclusive = (tuple(names[-2:]),) if count > 3 and random.random() < 0.5 else ()
    budgets = {year: float(random.integers(0, 15)) for year in YEARS}
    return Question(choices, budgets, before, exclusive, fairness or Fairness())


def plans(question: Question):
    """All schedules that keep budgets, precedence and exclusion."""
    for when in product((None, *YEARS), repeat=len(question.choices)):
        plan = {choice.id: year for choice, year in zip(question.choices, when, strict=True) if year is not None}
        if is_allowed(question, plan):
            yield plan


def is_allowed(question: Question, plan: dict[str, int]) -> bool:
    spent = dict.fromkeys(YEARS, 0.0)
    for choice in question.choices:
        if choice.id in plan:
            spent[plan[choice.id]] += choice.cost
        elif choice.must:
            return False
    first = all(
        pair.then not in plan or (pair.first in plan and plan[pair.first] + pair.lag <= plan[pair.then])
        for pair in question.before
    )
    alone = all(sum(name in plan for name in some) <= 1 for some in question.exclusive)
    return first and alone and all(spent[year] <= question.budgets[year] for year in YEARS)


def worth(question: Question, plan: dict[str, int]) -> float:
    return sum(choice.benefits[YEARS.index(plan[choice.id])] for choice in question.choices if choice.id in plan)


def shares(question: Question, plan: dict[str, int]) -> list[float]:
    got = dict.fromkeys(question.attainable, 0.0)
    for choice in question.choices:
        if choice.id in plan and choice.group in got:
            got[choice.group] += choice.brings
    return [got[group] / question.attainable[group] for group in got]


@settings(max_examples=80, deadline=None)
@given(questions())
def test_no_schedule_is_better(question):
    found = best_portfolio(question)
    assert found.value == pytest.approx(max(worth(question, plan) for plan in plans(question)))
    assert is_allowed(question, dict(found.years))
    assert worth(question, dict(found.years)) == pytest.approx(found.value)
    assert found.gap == 0.0
    assert sum(found.spent.values()) == sum(question.choices[question.place[name]].cost for name in found.years)


@settings(max_examples=60, deadline=None)
@given(questions(fairness=Fairness("least")))
def test_the_worst_off_group_comes_first(question):
    found = best_portfolio(question)
    every = list(plans(question))
    level = max((min(shares(question, plan), default=0.0) for plan in every), default=0.0)
    assert min(shares(question, dict(found.years)), default=0.0) == pytest.approx(level, abs=1e-6)
    fair = [plan for plan in every if min(shares(question, plan), default=0.0) >= level - 1e-6]
    assert found.value == pytest.approx(max(worth(question, plan) for plan in fair))


@settings(max_examples=40, deadline=None)
@given(questions())
def test_alternatives_are_different_and_nearly_as_good(question):
    found = best_portfolio(question, alternatives=3)
    sets = [frozenset(found.years), *(frozenset(one.years) for one in found.alternatives)]
    assert len(set(sets)) == len(sets)
    for one in found.alternatives:
        assert is_allowed(question, dict(one.years))
        assert 0.99 * found.value - 1e-9 <= one.value <= found.value + 1e-9
    best: dict[frozenset[str], float] = {}
    for plan in plans(question):
        best[frozenset(plan)] = max(best.get(frozenset(plan), -1.0), worth(question, plan))
    near = sum(value >= 0.99 * found.value - 1e-9 for value in best.values())
    assert len(sets) == min(near, 4)


def reached(question: Question, plan: dict[str, int]) -> float:
    """Worth of the goals that a plan reaches."""
    return sum(
        goal.worth
        for goal in question.goals
        if sum(part for name, part in goal.parts.items() if name in plan) >= 1.0 - 1e-9
    )


@settings(max_examples=60, deadline=None)
@given(questions(), st.integers(0, 10**6))
def test_goals_count_only_when_they_are_reached(question, seed):
    random = np.random.default_rng(seed)
    names = [choice.id for choice in question.choices]
    goals = tuple(
        Goal(f"goal{n}", float(random.integers(1, 20)), {name: float(random.choice([0.2, 0.5, 1.0])) for name in names})
        for n in range(2)
    )
    asked = replace(question, goals=goals)
    found = best_portfolio(asked)
    assert found.value == pytest.approx(max(worth(asked, plan) + reached(asked, plan) for plan in plans(asked)))
    told = sum(goal.worth for goal in goals if goal.id in found.reached)
    assert worth(asked, dict(found.years)) + told == pytest.approx(found.value)


def test_half_a_goal_is_worth_nothing():
    halves = (choice("a", worth=0.0), choice("b", worth=0.0))
    goal = Goal("parks", 100.0, {"a": 0.5, "b": 0.5})
    poor, rich = ({2027: money, 2028: 0.0} for money in (1.0, 2.0))
    assert best_portfolio(Question(halves, poor, goals=(goal,))).reached == ()
    assert best_portfolio(Question(halves, rich, goals=(goal,))).value == 100.0


def test_a_goal_names_choices_that_are_there():
    with pytest.raises(BadUse, match="no such choice"):
        Question((choice("a"),), {2027: 1.0, 2028: 1.0}, goals=(Goal("g", 1.0, {"b": 1.0}),))


def choice(name: str, cost: float = 1.0, worth: float = 1.0, **more: object) -> Choice:
    return Choice(name, cost, (worth, worth), **more)  # type: ignore[arg-type]


def test_a_share_for_every_group():
    choices = (
        choice("rich1", 2, 10, group="rich"),
        choice("rich2", 2, 10, group="rich"),
        choice("poor", 2, 1, group="poor"),
    )
    budgets = {2027: 4.0, 2028: 0.0}
    assert set(best_portfolio(Question(choices, budgets)).years) == {"rich1", "rich2"}
    fair = best_portfolio(Question(choices, budgets, fairness=Fairness("share", 0.5)))
    assert "poor" in fair.years
    assert fair.shares == {"rich": 0.5, "poor": 1.0}
    assert fair.least_share == 0.5


def test_choices_that_exclude_one_another_count_once_in_what_a_group_could_get():
    choices = (choice("repair", 1, 3, group="g"), choice("rebuild", 9, 5, group="g"), choice("park", 1, 2, group="g"))
    question = Question(choices, {2027: 20.0, 2028: 0.0}, exclusive=(("repair", "rebuild"),))
    assert question.attainable == {"g": 7.0}
    assert best_portfolio(question).shares == {"g": 1.0}


def test_what_a_group_could_get_is_the_best_set_that_excludes_nothing_of_itself():
    choices = (choice("rebuild", 9, 5, group="g"), choice("lift", 1, 4, group="g"), choice("pipes", 1, 3, group="g"))
    question = Question(choices, {2027: 20.0, 2028: 0.0}, exclusive=(("rebuild", "lift"), ("rebuild", "pipes")))
    assert question.attainable == {"g": 7.0}
    assert best_portfolio(replace(question, fairness=Fairness("share", 1.0))).shares == {"g": 1.0}


def refused(question: Question) -> BadUse:
    with pytest.raises(BadUse) as told:
        best_portfolio(question)
    return told.value


def test_a_budget_that_cannot_pay_says_what_it_takes():
    choices = (choice("a", 5, must=True), choice("b", 7, must=True))
    fault = refused(Question(choices, {2027: 5.0, 2028: 4.0})).faults[0]
    assert fault.where == "budget"
    assert fault.found == "2027=5, 2028=4"
    asked = {int(word[:4]): float(word[5:]) for word in fault.allowed}
    assert sum(asked.values()) == pytest.approx(12.0)
    assert best_portfolio(Question(choices, asked)).value == 2.0


def test_a_share_that_cannot_be_given_says_which_can():
    choices = (choice("a", 5, group="g"), choice("b", 5, group="h"))
    fault = refused(Question(choices, {2027: 5.0, 2028: 0.0}, fairness=Fairness("share", 0.5))).faults[0]
    assert (fault.where, fault.allowed[0]) == ("fairness", "at most 0")


def test_what_must_be_done_may_exclude_itself():
    choices = (choice("a", must=True), choice("b", must=True))
    question = Question(choices, {2027: 9.0, 2028: 9.0}, exclusive=(("a", "b"),))
    assert refused(question).faults[0].where == "must"
    chain = Question((*choices, choice("c", must=True)), {2027: 9.0, 2028: 9.0}, (Before("a", "b"), Before("b", "c")))
    assert refused(chain).faults[0].where == "must"


def test_what_comes_after_cannot_be_done_alone():
    choices = (choice("pipes", 9, 0), choice("paving", 1, 5))
    question = Question(choices, {2027: 5.0, 2028: 9.0}, (Before("pipes", "paving", 0),))
    assert not best_portfolio(question).years
    rich = Question(choices, {2027: 5.0, 2028: 10.0}, (Before("pipes", "paving", 0),))
    assert dict(best_portfolio(rich).years) == {"pipes": 2028, "paving": 2028}


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda: Question((), {}), "budget"),
        (lambda: Question((choice("a"), choice("a")), {2027: 1.0, 2028: 1.0}), "one name"),
        (lambda: Question((choice("a"),), {2027: 1.0}), "each year"),
        (lambda: Question((choice("a", -1.0),), {2027: 1.0, 2028: 1.0}), "below 0"),
        (lambda: Question((choice("a"),), {2027: float("nan"), 2028: 1.0}), "number from 0"),
        (lambda: Question((choice("a"),), {2027: 1.0, 2028: 1.0}, (Before("a", "x"),)), "no such choice"),
        (lambda: Fairness("equal"), "no such rule"),  # type: ignore[arg-type]
        (lambda: Fairness("share", 1.5), "between 0 and 1"),
    ],
)
def test_questions_that_cannot_be_asked(make, word):
    with pytest.raises(BadUse, match=word):
        make()


def test_nothing_to_choose_from_is_an_empty_plan():
    found = best_portfolio(Question((), {2027: 1.0}))
    assert (found.value, dict(found.years), found.least_share) == (0.0, {}, None)
