"""The published renewal programme: 226.088456, A0 D0 B1 F1 E2, C never."""

from itertools import product

import pytest

from tulou.plan.portfolio.question import Before, Choice, Question
from tulou.plan.portfolio.solve import best_portfolio

COSTS = {"A": 40, "B": 30, "C": 25, "D": 20, "E": 35, "F": 15}
YEARLY = {"A": 9, "B": 8, "C": 5, "D": 6, "E": 7, "F": 4}
BUDGETS = {0: 60.0, 1: 50.0, 2: 40.0}
RATE, LAST = 0.06, 10
OPTIMUM = 226.088456
SCHEDULE = {"A": 0, "D": 0, "B": 1, "F": 1, "E": 2}


def worth(name: str, year: int) -> float:
    return YEARLY[name] * sum((1 + RATE) ** -k for k in range(year + 1, LAST + 1))


def question() -> Question:
    choices = tuple(Choice(name, COSTS[name], tuple(worth(name, year) for year in BUDGETS)) for name in COSTS)
    return Question(choices, BUDGETS, (Before("A", "E"),), (("B", "C"),))


def is_allowed(plan: dict[str, int | None]) -> bool:
    if plan["B"] is not None and plan["C"] is not None:
        return False
    if plan["E"] is not None and (plan["A"] is None or plan["A"] >= plan["E"]):
        return False
    return all(
        sum(COSTS[name] for name, when in plan.items() if when == year) <= money for year, money in BUDGETS.items()
    )


def test_the_published_optimum():
    found = best_portfolio(question())
    assert found.value == pytest.approx(OPTIMUM, abs=5e-7)
    assert dict(found.years) == SCHEDULE
    assert found.gap == 0.0
    assert found.spent == {0: 60.0, 1: 45.0, 2: 35.0}


def test_no_schedule_is_better():
    plans = (dict(zip(COSTS, when, strict=True)) for when in product((None, *BUDGETS), repeat=len(COSTS)))
    values = [
        sum(worth(name, year) for name, year in plan.items() if year is not None) for plan in plans if is_allowed(plan)
    ]
    assert max(values) == pytest.approx(OPTIMUM, abs=5e-7)
    assert best_portfolio(question()).value == pytest.approx(max(values), rel=1e-12)
