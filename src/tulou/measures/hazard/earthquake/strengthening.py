"""What strengthening buildings is worth, and which to strengthen first with the money there is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse

Array = NDArray[np.float64]


def avoided_a_year(before: Array, after: Array, frequency: Array) -> Array:
    """What strengthening avoids in a year: ``Σ_s f_s (before_s − after_s)``.

    Args:
        before: Expected harm in each scenario, shape (..., scenarios).
        after: The same of the strengthened building.
        frequency: Times a year of each scenario.
    """
    return np.asarray((before - after) @ frequency, np.float64)


def present_worth(years: float, rate: float) -> float:
    """What one unit a year is worth today, over some years: ``(1 − (1 + r)^−n) / r``.

    Args:
        years: For how long.
        rate: Discount rate a year; 0 gives the years.

    Raises:
        BadUse: When years or rate are below 0.
    """
    if years < 0 or rate < 0:
        raise BadUse("years and a discount rate are from 0 on", where="years", found=years)
    return years if rate == 0 else (1.0 - (1.0 + rate) ** -years) / rate


@dataclass(frozen=True, eq=False)
class Chosen:
    """What is done within a budget.

    Args:
        is_done: Which things.
        worth: What they are worth together.
        bound: No choice within the budget is worth more.
    """

    is_done: NDArray[np.bool_]
    worth: float
    bound: float

    @property
    def gap(self) -> float:
        """Relative distance from the bound."""
        return (self.bound - self.worth) / self.bound if self.bound > 0 else 0.0


def best_first(worth: Array, cost: Array, budget: float) -> Chosen:
    """Which things are done when the best for the money come first, each that still fits?

    The bound is that of the relaxed choice, in which the first thing that does not fit is done in part (Dantzig 1957).

    Args:
        worth: What each is worth; one that is worth nothing is not done.
        cost: What each costs, above 0.
        budget: Money there is.
    """
    order = np.argsort(-worth / cost, kind="stable")
    order = order[worth[order] > 0]
    is_done = np.zeros(len(worth), bool)
    spent = np.cumsum(cost[order])
    whole = int(np.searchsorted(spent, budget, side="right"))
    bound = float(worth[order[:whole]].sum())
    left = budget - (spent[whole - 1] if whole else 0.0)
    if whole < len(order):
        bound += float(worth[order[whole]]) * left / float(cost[order[whole]])
    is_done[order[:whole]] = True
    for at in order[whole:]:
        if cost[at] <= left:
            is_done[at] = True
            left -= cost[at]
    return Chosen(is_done, float(worth[is_done].sum()), bound)
