"""What a portfolio is chosen from, and under which conditions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite
from typing import Literal, get_args

from tulou.kernel.errors import BadUse
from tulou.plan.programme import Programme

FairnessKind = Literal["none", "share", "least"]
KINDS: tuple[FairnessKind, ...] = get_args(FairnessKind)


@dataclass(frozen=True)
class Choice:
    """Something that may be done, once, in one of the years.

    Args:
        id: Its name.
        cost: What it costs in the year in which it is done.
        benefits: What it is worth when done in each of the years, in their order.
        group: Whom it is for, for fairness; empty when it is for nobody in particular.
        relief: What it brings its group, whenever it is done; by default its worth in the first year.
        must: Whether it has to be done.
    """

    id: str
    cost: float
    benefits: tuple[float, ...]
    group: str = ""
    relief: float | None = None
    must: bool = False

    @property
    def brings(self) -> float:
        """What it brings its group."""
        return self.benefits[0] if self.relief is None else self.relief


@dataclass(frozen=True)
class Before:
    """One choice must be done before another; the other alone is not possible.

    Args:
        first: What comes first.
        then: What comes after.
        lag: Years that must lie between; 0 allows the same year.
    """

    first: str
    then: str
    lag: int = 1


@dataclass(frozen=True)
class Goal:
    """Something that is reached only when enough is done for it, such as a unit that lacks parks until it has enough.

    Args:
        id: Its name.
        worth: What it is worth when it is reached, in whatever year.
        parts: Which part of the way each choice goes; reached when those that are done make up a whole.
    """

    id: str
    worth: float
    parts: Mapping[str, float]


@dataclass(frozen=True)
class Fairness:
    """How groups share what is done.

    Args:
        kind: ``none``; ``share``: each group gets at least a share of what it could get; ``least``: the group that
            gets the smallest share of what it could get gets as much as possible, and only then the sum counts.
        share: The share, between 0 and 1.
    """

    kind: FairnessKind = "none"
    share: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise BadUse("there is no such rule of fairness", where="fairness", found=self.kind, allowed=KINDS)
        if not 0.0 <= self.share <= 1.0:
            raise BadUse("a share lies between 0 and 1", where="fairness", found=self.share, allowed=("0 to 1",))


@dataclass(frozen=True)
class Question:
    """What is asked of the solver.

    Args:
        choices: What may be done.
        budgets: Money of each year; what is not spent lapses.
        before: What must come before what.
        exclusive: Sets of choices of which at most one may be done.
        fairness: How groups share.
        goals: What is reached only by several choices together.
    """

    choices: tuple[Choice, ...]
    budgets: Mapping[int, float]
    before: tuple[Before, ...] = ()
    exclusive: tuple[tuple[str, ...], ...] = ()
    fairness: Fairness = field(default_factory=Fairness)
    goals: tuple[Goal, ...] = ()

    def __post_init__(self) -> None:
        if not self.budgets:
            raise BadUse("a plan needs the budget of at least one year", where="budget", allowed=("2027=5000000",))
        for year, money in self.budgets.items():
            if not (isfinite(money) and money >= 0):
                raise BadUse("a budget is a number from 0 on", where=str(year), found=money)
        twice = [name for name, count in Counter(choice.id for choice in self.choices).items() if count > 1]
        if twice:
            raise BadUse("two choices have one name", found=", ".join(twice))
        named = {name for pair in self.before for name in (pair.first, pair.then)}
        named |= {name for some in self.exclusive for name in some}
        named |= {name for goal in self.goals for name in goal.parts}
        for name in sorted(named - set(self.place)):
            raise BadUse("there is no such choice", found=name, allowed=sorted(self.place))
        for choice in self.choices:
            self._check(choice)

    def _check(self, choice: Choice) -> None:
        if len(choice.benefits) != len(self.budgets):
            allowed = (str(len(self.budgets)),)
            raise BadUse(
                "a benefit for each year is needed", where=choice.id, found=len(choice.benefits), allowed=allowed
            )
        numbers = {"cost": choice.cost, "relief": choice.brings} | dict(
            zip(map(str, self.years), choice.benefits, strict=True)
        )
        for name, number in numbers.items():
            if not isfinite(number) or (name == "cost" and number < 0):
                raise BadUse("a number is needed; a cost is not below 0", where=f"{choice.id}.{name}", found=number)

    @cached_property
    def place(self) -> Mapping[str, int]:
        """Position of each choice."""
        return {choice.id: at for at, choice in enumerate(self.choices)}

    @property
    def years(self) -> tuple[int, ...]:
        """The years, in order."""
        return tuple(sorted(self.budgets))

    @cached_property
    def attainable(self) -> Mapping[str, float]:
        """What each group could get if money were no matter: of choices that exclude one another, the best set."""
        found: dict[str, dict[str, float]] = {}
        for choice in self.choices:
            if choice.group and choice.brings > 0:
                found.setdefault(choice.group, {})[choice.id] = choice.brings
        return {group: self._most(brings) for group, brings in sorted(found.items())}

    def _most(self, brings: Mapping[str, float]) -> float:
        """The most that some choices bring together, of those that exclude one another one at a time."""
        names = list(brings)
        sets = [[names.index(name) for name in some if name in brings] for some in self.exclusive]
        apart = [places for places in sets if len(places) > 1]
        if not apart:
            return sum(brings.values())
        programme = Programme()
        does = programme.add(len(names), cost=[-brings[name] for name in names])
        for places in apart:
            programme.require(does[places], 1.0, most=1.0)
        solved = programme.minimise()
        return 0.0 if solved is None else -solved.value
