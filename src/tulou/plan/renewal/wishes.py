"""What is asked of a plan: money, what counts, and the conditions it must keep."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from tulou.kernel.errors import BadUse
from tulou.plan.candidates.ground import MOST_SITES
from tulou.plan.portfolio.question import Fairness
from tulou.plan.shortfall import Gain

Objective = Literal["people", "objects"]
OBJECTIVES: tuple[Objective, ...] = get_args(Objective)
"""What is counted: people brought over the mark, or objects."""

FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Years a budget may be of."""
STEP = 1_000_000.0
"""How much more money the sensitivity asks about, yuan."""
GAP = 1e-3
"""Relative gap that is good enough for a plan; the gap reached is shown."""
ALTERNATIVES = 3


@dataclass(frozen=True)
class Wishes:
    """What a plan is asked for.

    Args:
        budgets: Money of each year, yuan; what is not spent lapses.
        objective: What counts.
        weights: What one of them counts for, by indicator; 1 for those not named. Shown with the plan.
        fairness: How the units share.
        must: Candidates that have to be done.
        remedies: Only these remedies; all when empty.
        indicators: Only findings of these are acted on, and only these count; all when empty.
        step: How much more money the sensitivity asks about, yuan.
        gap: Relative gap that is good enough.
        alternatives: Most alternatives to look for.
        most_sites: Most sites of one remedy.
    """

    budgets: Mapping[int, float]
    objective: Objective = "people"
    weights: Mapping[str, float] = field(default_factory=dict)
    fairness: Fairness = field(default_factory=Fairness)
    must: tuple[str, ...] = ()
    remedies: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    step: float = STEP
    gap: float = GAP
    alternatives: int = ALTERNATIVES
    most_sites: int = MOST_SITES

    def __post_init__(self) -> None:
        if not self.budgets:
            raise BadUse("a plan needs the budget of at least one year", where="--budget", allowed=("2027=5000000",))
        for year, money in self.budgets.items():
            if not FIRST_YEAR <= year <= LAST_YEAR:
                raise BadUse("this is not a year", where="--budget", found=year, allowed=("2027=5000000",))
            if not (math.isfinite(money) and money >= 0.0):
                raise BadUse("a budget is a number from 0 on", where="--budget", found=f"{year}={money:g}")
        if self.objective not in OBJECTIVES:
            raise BadUse("there is no such objective", where="--objective", found=self.objective, allowed=OBJECTIVES)
        for name, weight in self.weights.items():
            if not (math.isfinite(weight) and weight >= 0.0):
                raise BadUse("a weight is a number from 0 on", where="--weight", found=f"{name}={weight:g}")
        if not (math.isfinite(self.step) and self.step > 0.0):
            raise BadUse("a step is a number above 0", where="--step", found=self.step)

    @property
    def years(self) -> tuple[int, ...]:
        """The years, in order."""
        return tuple(sorted(self.budgets))

    def weight(self, indicator: str) -> float:
        """What one of an indicator counts for."""
        if self.indicators and indicator not in self.indicators:
            return 0.0
        return self.weights.get(indicator, 1.0)

    def worth(self, gains: Mapping[str, Gain]) -> float:
        """What some gains are worth."""
        return sum(self.weight(name) * self.counted(gain) for name, gain in gains.items())

    def counted(self, gain: Gain) -> float:
        """People or objects of one gain."""
        return gain.people if self.objective == "people" else gain.objects
