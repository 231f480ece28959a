"""Choosing: the portfolio that is worth most, without what brings nothing, each project as early as money allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tulou.plan.portfolio.question import Choice, Fairness, Question
from tulou.plan.portfolio.solve import Portfolio, best_portfolio

NODES = 20_000
"""Nodes of the search after which the best answer so far is taken, with its gap; a number of nodes and not of seconds,
so that two runs end alike."""
ENOUGH = 1.0 - 1e-7
"""A goal of which this much is done is reached, but for rounding."""


@dataclass(frozen=True)
class MoreMoney:
    """What more money in one year buys.

    Args:
        year: The year.
        money: How much more, yuan.
        gain: How much more the best portfolio is then worth.
        added: Candidates that are chosen then and were not before.
        dropped: Candidates that were chosen before and are not then.
    """

    year: int
    money: float
    gain: float
    added: tuple[str, ...]
    dropped: tuple[str, ...]


def choose(question: Question, *, gap: float, alternatives: int = 0) -> Portfolio:
    """The best portfolio, without projects that bring nothing, as early as money allows.

    Args:
        question: What may be done, and the conditions.
        gap: Relative gap that is good enough.
        alternatives: Most alternatives to look for.

    Raises:
        BadUse: When the conditions contradict one another.
    """
    found = _best_first(best_portfolio(question, gap=gap, nodes=NODES, alternatives=alternatives))
    kept = pruned(question, found.years)
    early = _early(question, kept)
    shares = _shares(question, early)
    return replace(found, years=early, spent=_spent(question, early), shares=shares)


def _best_first(found: Portfolio) -> Portfolio:
    """The best of a portfolio and its alternatives: found within a gap, an alternative can be the better one."""
    every = sorted((replace(found, alternatives=()), *found.alternatives), key=lambda one: -one.value)
    best = every[0]
    gap = max(found.bound - best.value, 0.0) / abs(best.value) if best.value else found.gap
    return replace(best, bound=max(found.bound, best.value), gap=gap, alternatives=tuple(every[1:]))


def pruned(question: Question, years: Mapping[str, int]) -> dict[str, int]:
    """A portfolio without choices that only go part of the way to a goal that is not reached, or reached without them.

    What must be done stays, and so does what must come before something that stays.
    """
    kept = dict(years)
    cost = {choice.id: choice.cost for choice in question.choices}
    for name in sorted(years, key=lambda one: (-cost[one], one)):
        if _is_idle(question, kept, name):
            del kept[name]
    return kept


def more_money(question: Question, best: Portfolio, step: float, *, gap: float) -> list[MoreMoney]:
    """What some more money buys, in each of the years.

    Args:
        question: The question.
        best: Its best portfolio.
        step: How much more money, yuan.
        gap: Relative gap that is good enough.
    """
    found = []
    for year in question.years:
        richer = replace(question, budgets={**question.budgets, year: question.budgets[year] + step})
        other = best_portfolio(richer, gap=gap, nodes=NODES)
        years = pruned(richer, other.years)
        added, dropped = sorted(set(years) - set(best.years)), sorted(set(best.years) - set(years))
        # Found within a gap, the richer portfolio can look a little worse than the other; it never is.
        gain = max(other.value - best.value, 0.0)
        found.append(MoreMoney(year, step, gain, tuple(added) if gain else (), tuple(dropped) if gain else ()))
    return found


def _is_idle(question: Question, kept: Mapping[str, int], name: str) -> bool:
    choice = question.choices[question.place[name]]
    if choice.must or max(choice.benefits) > 0.0:
        return False
    if any(pair.first == name and pair.then in kept for pair in question.before):
        return False
    return not any(
        name in goal.parts and _done(goal.parts, kept) >= ENOUGH > _done(goal.parts, set(kept) - {name})
        for goal in question.goals
    )


def _done(parts: Mapping[str, float], names: Mapping[str, int] | set[str]) -> float:
    return sum(part for name, part in parts.items() if name in names)


def _early(question: Question, years: Mapping[str, int]) -> dict[str, int]:
    """The same choices, each as early as money and order allow, the worthiest first; never one of them lost."""
    if not years:
        return {}
    some = [question.choices[question.place[name]] for name in sorted(years)]
    never = -len(question.years) * sum(max(*choice.benefits, 1.0) for choice in some)
    chosen = tuple(_sooner(choice, never) for choice in some)
    names = {choice.id for choice in chosen}
    fewer = Question(
        chosen,
        question.budgets,
        tuple(pair for pair in question.before if pair.first in names and pair.then in names),
        fairness=Fairness(),
    )
    found = best_portfolio(fewer, nodes=NODES).years
    return {name: found[name] for name in sorted(found)}


def _sooner(choice: Choice, never: float) -> Choice:
    """A choice that must be done, worth more the earlier it is; a year in which it brings nothing is never taken."""
    worth, last = max(*choice.benefits, 1.0), len(choice.benefits)
    is_late = [benefit <= 0.0 < max(choice.benefits) for benefit in choice.benefits]
    early = tuple(never if late else worth * (last - at) for at, late in enumerate(is_late))
    return replace(choice, benefits=early, must=True)


def _spent(question: Question, years: Mapping[str, int]) -> dict[int, float]:
    spent = dict.fromkeys(question.years, 0.0)
    for name, year in years.items():
        spent[year] += question.choices[question.place[name]].cost
    return spent


def _shares(question: Question, years: Mapping[str, int]) -> dict[str, float]:
    given = dict.fromkeys(question.attainable, 0.0)
    for name in years:
        choice = question.choices[question.place[name]]
        if choice.group in given:
            given[choice.group] += choice.brings
    return {group: got / question.attainable[group] for group, got in given.items()}
