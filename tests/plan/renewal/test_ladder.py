"""A ladder of budgets: more money is never worth less, and the budgets themselves are a rung."""

from dataclasses import replace

import pytest

from tulou.kernel.errors import BadUse
from tulou.plan.portfolio.solve import Portfolio
from tulou.plan.renewal.ladder import MOST_SHARE, WHOLE, not_worse, shares_of


@pytest.mark.parametrize("rungs", [2, 16, 40])
def test_shares_go_from_nothing_to_twice_the_budgets_and_hold_them(rungs):
    found = shares_of(rungs)
    assert (found[0], found[-1], len(found)) == (0.0, MOST_SHARE, rungs + 1)
    assert WHOLE in found
    assert list(found) == sorted(set(found))


@pytest.mark.parametrize("rungs", [0, 1, 3, 42, -2])
def test_other_numbers_of_rungs_are_refused(rungs):
    with pytest.raises(BadUse, match="rungs"):
        shares_of(rungs)


def portfolio(value, bound, **years):
    return Portfolio(years, value, bound, (bound - value) / value, {}, {})


def test_less_money_is_never_worth_more():
    poorer, richer = portfolio(100.0, 100.5, a=2027), portfolio(99.9, 100.2, b=2027)
    found = not_worse(richer, poorer)
    assert (found.value, dict(found.years)) == (100.0, {"a": 2027})
    assert found.bound == 100.2
    assert found.gap == pytest.approx(0.002)
    assert not_worse(richer, None) is richer
    better = replace(richer, value=101.0, bound=101.0)
    assert not_worse(better, poorer) is better
