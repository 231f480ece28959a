"""A ladder of budgets: the plan for less and for more money, from candidates that were measured once.

Every rung is a question to the solver of its own. What a plan gains by more money is then read off, and a reader who
moves along the budgets is answered at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tulou.kernel.errors import BadUse, Fault
from tulou.kernel.progress import Progress, steps
from tulou.plan.effects import Effect
from tulou.plan.portfolio.question import Question
from tulou.plan.portfolio.solve import Portfolio
from tulou.plan.renewal.choosing import choose
from tulou.plan.renewal.plan import Basis, Plan, Prepared, Project, effect_of, projects_of
from tulou.plan.shortfall import Gain

WHOLE = 1.0
MOST_SHARE = 2.0
"""A ladder goes from no money to this many times the budgets."""
RUNGS = 16
"""Rungs of a ladder above the one without money: an even number, so that the budgets themselves are one of them."""
MOST_RUNGS = 40


@dataclass(frozen=True, eq=False)
class Rung:
    """The plan for a share of the budgets.

    Args:
        share: Share of the budgets.
        budgets: Money of each year, yuan.
        portfolio: The solver's answer; None when this money cannot keep the conditions.
        projects: What is chosen, by year and id.
        joint: What all that is finished by the end brings together, by indicator, measured on one branch.
        outlook: The city at the end beside today's; None without a portfolio.
        faults: Why there is no portfolio.
    """

    share: float
    budgets: Mapping[int, float]
    portfolio: Portfolio | None
    projects: tuple[Project, ...] = ()
    joint: Mapping[str, Gain] | None = None
    outlook: Effect | None = None
    faults: tuple[Fault, ...] = ()

    @property
    def cost(self) -> float:
        """What all of it costs, yuan."""
        return sum(project.candidate.cost or 0.0 for project in self.projects)


def shares_of(rungs: int = RUNGS) -> tuple[float, ...]:
    """Shares of the budgets that a ladder has, from none to ``MOST_SHARE`` times; the budgets themselves among them.

    Args:
        rungs: Rungs above the one without money.

    Raises:
        BadUse: When that is no even number from 2 to ``MOST_RUNGS``.
    """
    if rungs % 2 or not 2 <= rungs <= MOST_RUNGS:  # noqa: PLR2004  (half of them lie above the budgets)
        allowed = (f"an even number from 2 to {MOST_RUNGS}",)
        raise BadUse("a ladder has another number of rungs", where="rungs", found=rungs, allowed=allowed)
    return tuple(MOST_SHARE * at / rungs for at in range(rungs + 1))


def ladder_of(
    basis: Basis, prepared: Prepared, plan: Plan, shares: Sequence[float], *, progress: Progress | None = None
) -> tuple[Rung, ...]:
    """The plan for each of some shares of the budgets.

    Args:
        basis: City, rulebook, findings and remedies.
        prepared: The candidates, measured.
        plan: The plan for the budgets themselves.
        shares: Shares of the budgets, rising.
        progress: Told after each rung.
    """
    found: list[Rung] = []
    best: Portfolio | None = None
    for share, portfolio, faults in steps(list(_answers(prepared.asked.question, plan, shares)), "ladder", progress):
        budgets = {year: money * share for year, money in plan.wishes.budgets.items()}
        if portfolio is None:
            found.append(Rung(share, budgets, None, faults=faults))
            continue
        if plan.wishes.fairness.kind == "none":
            portfolio = best = not_worse(portfolio, best)  # noqa: PLW2901  (the better of the two)
        projects = projects_of(prepared.asked, portfolio)
        if found and found[-1].portfolio is not None and found[-1].portfolio.years == portfolio.years:
            joint, outlook = found[-1].joint, found[-1].outlook
        else:
            ready = [one.candidate for one in projects if one.ready <= plan.wishes.years[-1]]
            joint = prepared.ground.gains(ready) if ready else {}
            outlook = effect_of(basis, prepared.ground, ready)
        found.append(Rung(share, budgets, portfolio, projects, joint, outlook))
    return tuple(found)


def not_worse(found: Portfolio, poorer: Portfolio | None) -> Portfolio:
    """The portfolio of more money, or that of less money where the solver, within its gap, found that one better.

    Args:
        found: What was found for more money.
        poorer: What was found for less.
    """
    if poorer is None or found.value >= poorer.value:
        return found
    bound = max(found.bound, poorer.value)
    return replace(poorer, bound=bound, gap=(bound - poorer.value) / abs(poorer.value), alternatives=())


def _answers(
    question: Question, plan: Plan, shares: Sequence[float]
) -> Iterator[tuple[float, Portfolio | None, tuple[Fault, ...]]]:
    for share in shares:
        if share == WHOLE:
            yield share, replace(plan.portfolio, alternatives=()), ()
            continue
        asked = replace(question, budgets={year: money * share for year, money in question.budgets.items()})
        try:
            yield share, choose(asked, gap=plan.wishes.gap), ()
        except BadUse as error:
            yield share, None, error.faults
