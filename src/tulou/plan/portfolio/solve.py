"""Choosing a portfolio: a mixed-integer programme with yearly budgets, solved by HiGHS.

With ``x[p,t] = 1`` when choice ``p`` is done in year ``t``, ``b`` its benefit and ``c`` its cost: most
``Σ b[p,t] x[p,t]`` such that

- each is done at most once: ``Σ_t x[p,t] ≤ 1``;
- the money of a year is enough: ``Σ_p c[p] x[p,t] ≤ budget[t]``;
- what comes before was done: ``x[j,t] ≤ Σ_{s ≤ t-lag} x[i,s]``;
- of choices that exclude one another one is done: ``Σ x ≤ 1``;
- a goal counts, by its worth, when it is reached: ``z[g] ≤ Σ part[g,p] x[p,t]``;

and the rule of fairness holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse, NotEnoughData
from tulou.plan.portfolio.question import Fairness, Question
from tulou.plan.programme import Programme, Solved

Array = NDArray[np.float64]
Rows = NDArray[np.int64]

DONE = 0.5
"""A whole variable above this is one."""
NEAR = 0.01
"""Alternatives within this share of the best value are shown."""
SLACK = 1e-7
"""Slack on the fairness that was reached, for the solver's tolerance."""


@dataclass(frozen=True)
class Portfolio:
    """What is done, and when.

    Args:
        years: Year in which each chosen choice is done.
        value: Summed benefit.
        bound: No portfolio can be worth more.
        gap: Relative distance between the two; 0 when it is proved best.
        spent: Money spent in each year.
        shares: Share of what each group could get that it gets.
        alternatives: Other portfolios that are nearly as good, the best first.
        reached: Goals that are reached.
    """

    years: Mapping[str, int]
    value: float
    bound: float
    gap: float
    spent: Mapping[int, float]
    shares: Mapping[str, float]
    alternatives: tuple[Portfolio, ...] = ()
    reached: tuple[str, ...] = ()

    @property
    def least_share(self) -> float | None:
        """Share of the group that gets least; None without groups."""
        return min(self.shares.values(), default=None)


@dataclass(frozen=True, eq=False)
class _Model:
    question: Question
    programme: Programme
    does: Rows
    benefit: Array
    goals: Rows

    @property
    def cost(self) -> Array:
        """Minimised: the benefit, with its sign turned."""
        found = np.zeros(self.programme.size)
        found[self.does.ravel()] = -self.benefit.ravel()
        found[self.goals] = [-goal.worth for goal in self.question.goals]
        return found


def best_portfolio(
    question: Question, *, gap: float = 0.0, nodes: int | None = None, alternatives: int = 0, apart: int = 1
) -> Portfolio:
    """Which choices, in which years, are worth most within the budgets?

    Args:
        question: What may be done, and the conditions.
        gap: Relative gap that is good enough.
        nodes: Nodes of the search after which the best answer so far is taken.
        alternatives: Most alternatives to look for, each within 1 % of the best.
        apart: Least number of choices in which two portfolios differ.

    Raises:
        BadUse: When the conditions contradict one another, naming those that do.
    """
    model = _model(question)
    level: float | None = None
    if question.fairness.kind == "least" and question.attainable:
        level = _least_share(question, nodes)
        _share_at_least(model, level - SLACK)
    solved = model.programme.minimise(cost=model.cost, gap=gap, nodes=nodes)
    if solved is None:
        raise _why_not(question)
    best = _portfolio(model, solved)
    found: list[Portfolio] = []
    for _ in range(alternatives):
        _differ(model, solved, apart)
        solved = model.programme.minimise(cost=model.cost, gap=gap, nodes=nodes)
        if solved is None or -solved.value < best.value - NEAR * abs(best.value):
            break
        found.append(_portfolio(model, solved))
    return replace(best, alternatives=tuple(sorted(found, key=lambda one: -one.value)))


def _model(question: Question, *, free: bool = False) -> _Model:
    """The rows of the programme; without budgets and fairness when ``free``."""
    programme = Programme()
    count, years = len(question.choices), question.years
    does = programme.add(count * len(years)).reshape(count, len(years))
    must = np.array([float(choice.must) for choice in question.choices])
    if count:
        programme.require(does, 1.0, least=must, most=1.0)
    benefit = np.array([choice.benefits for choice in question.choices], float)
    model = _Model(question, programme, does, benefit, programme.add(len(question.goals)))
    _precedence(model)
    _goals(model)
    for some in question.exclusive:
        programme.require(does[[question.place[name] for name in some]].ravel(), 1.0, most=1.0)
    if not free and count:
        cost = np.array([choice.cost for choice in question.choices])
        money = [question.budgets[year] for year in years]
        programme.require(does.T, cost, most=np.array(money))
        if question.fairness.kind == "share":
            _share_at_least(model, question.fairness.share)
    return model


def _goals(model: _Model) -> None:
    """A goal is reached when what is done for it makes up a whole, but for rounding."""
    question = model.question
    for variable, goal in zip(model.goals, question.goals, strict=True):
        places = [question.place[name] for name in goal.parts]
        weights = np.repeat([goal.parts[name] / (1.0 - SLACK) for name in goal.parts], len(question.years))
        columns = np.concatenate([model.does[places].ravel(), [variable]])
        model.programme.require(columns, [*weights, -1.0], least=0.0)


def _precedence(model: _Model) -> None:
    """What comes after may begin only when what comes first was done, by its lag, before."""
    for pair in model.question.before:
        first, then = model.question.place[pair.first], model.question.place[pair.then]
        years = model.question.years
        for at, year in enumerate(years):
            done = [place for place, other in enumerate(years) if other + pair.lag <= year]
            columns = np.concatenate([model.does[then, [at]], model.does[first, done]])
            model.programme.require(columns, [1.0, *[-1.0] * len(done)], most=0.0)


def _members(question: Question) -> dict[str, tuple[Rows, Array]]:
    """Positions of the choices for each group that could get something, and what each brings."""
    found: dict[str, tuple[list[int], list[float]]] = {}
    for place, choice in enumerate(question.choices):
        if choice.group in question.attainable:
            places, brings = found.setdefault(choice.group, ([], []))
            places.append(place)
            brings.append(choice.brings)
    return {group: (np.array(places), np.array(brings)) for group, (places, brings) in found.items()}


def _share_at_least(model: _Model, share: float) -> None:
    """Each group gets a share of what it could get."""
    for group, (places, brings) in _members(model.question).items():
        weights = np.repeat(brings, len(model.question.years))
        wanted = share * model.question.attainable[group]
        model.programme.require(model.does[places].ravel(), weights, least=wanted)


def _least_share(question: Question, nodes: int | None) -> float:
    """The largest share that every group can be given at once."""
    model = _model(replace(question, fairness=Fairness()))
    level = model.programme.add(1, whole=False)
    for group, (places, brings) in _members(question).items():
        weights = np.repeat(brings, len(question.years)) / question.attainable[group]
        columns = np.concatenate([model.does[places].ravel(), level])
        model.programme.require(columns, [*weights, -1.0], least=0.0)
    cost = np.zeros(model.programme.size)
    cost[level] = -1.0
    solved = model.programme.minimise(cost=cost, nodes=nodes)
    if solved is None:
        raise _why_not(question)
    return float(solved.values[level[0]])


def _differ(model: _Model, solved: Solved, apart: int) -> None:
    """Cut off what was just found, and all that differs from it in fewer choices; another year is no difference."""
    done = solved.values[model.does].sum(axis=1) > DONE
    signs = np.repeat(np.where(done, -1.0, 1.0), model.does.shape[1])
    model.programme.require(model.does.ravel(), signs, least=apart - int(done.sum()))


def _portfolio(model: _Model, solved: Solved) -> Portfolio:
    question = model.question
    rows, columns = np.nonzero(solved.values[model.does] > DONE)
    years = {question.choices[row].id: question.years[column] for row, column in zip(rows, columns, strict=True)}
    spent = dict.fromkeys(question.years, 0.0)
    given = dict.fromkeys(question.attainable, 0.0)
    for row, column in zip(rows, columns, strict=True):
        choice = question.choices[row]
        spent[question.years[column]] += choice.cost
        if choice.group in given:
            given[choice.group] += choice.brings
    shares = {group: got / question.attainable[group] for group, got in given.items()}
    reached = tuple(
        goal.id for goal, place in zip(question.goals, model.goals, strict=True) if solved.values[place] > DONE
    )
    return Portfolio(years, -solved.value, -solved.bound, solved.gap, spent, shares, (), reached)


def _why_not(question: Question) -> BadUse | NotEnoughData:
    """Which conditions cannot hold together: without money and fairness, without fairness, then with more money."""
    musts = ", ".join(choice.id for choice in question.choices if choice.must)
    if _model(question, free=True).programme.minimise() is None:
        return BadUse(
            "what must be done cannot all be done: it excludes itself, or needs more years for what comes before",
            where="must",
            found=musts,
            allowed=("fewer things that must be done", "more years"),
        )
    if question.fairness.kind == "share" and _model(replace(question, fairness=Fairness())).programme.minimise():
        reached = _least_share(question, None)
        return BadUse(
            "the budgets cannot give every group this share",
            where="fairness",
            found=f"{question.fairness.share:.4g}",
            allowed=(f"at most {np.floor(reached * 1e4) / 1e4:.4g}", "a larger budget"),
        )
    lacking = _lacking(question)
    return BadUse(
        "the budgets cannot pay for what must be done",
        where="budget",
        found=", ".join(f"{year}={question.budgets[year]:.0f}" for year in question.years),
        allowed=tuple(f"{year}={np.ceil(question.budgets[year] + more):.0f}" for year, more in lacking.items()),
    )


def _lacking(question: Question) -> dict[int, float]:
    """The least money, over all years, that would have to be added."""
    model = _model(question, free=True)
    years = question.years
    more = model.programme.add(len(years), high=np.inf, whole=False)
    cost = np.array([choice.cost for choice in question.choices])
    for at, year in enumerate(years):
        columns = np.concatenate([model.does[:, at], more[[at]]])
        model.programme.require(columns, [*cost, -1.0], most=question.budgets[year])
    asked = np.zeros(model.programme.size)
    asked[more] = 1.0
    solved = model.programme.minimise(cost=asked)
    added = np.zeros(len(years)) if solved is None else solved.values[more]
    return {year: float(money) for year, money in zip(years, added, strict=True)}
