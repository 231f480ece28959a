"""Grades of risks: what a method (LEC, LS …) makes of its factors, and which colour that is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from tulou.kernel.errors import BadInput
from tulou.kernel.words import Words

Colour = Literal["red", "orange", "yellow", "blue"]
COLOURS: tuple[Colour, ...] = get_args(Colour)
"""The four colours of graded control, the gravest first."""
Formula = Literal["product", "declared"]
FORMULAS: tuple[Formula, ...] = get_args(Formula)
"""How a method comes to its grade: by the product of its factors, or as declared by those who looked (JHA, HAZOP)."""

NOT_ON_TABLE = "the table of this method has no such value"


@dataclass(frozen=True)
class Factor:
    """One factor of a method.

    Args:
        id: Its id.
        title: Its name.
        values: The values its table has, each with what it stands for.
    """

    id: str
    title: Words
    values: Mapping[float, Words]

    def on_table(self, value: float, where: str = "") -> float:
        """A value of the table.

        Raises:
            BadInput: When the table has no such value; offers those it has.
        """
        if value not in self.values:
            allowed = [f"{one:g}" for one in self.values]
            raise BadInput(NOT_ON_TABLE, where=where or self.id, found=f"{value:g}", allowed=allowed)
        return value


@dataclass(frozen=True)
class Level:
    """One level of risk.

    Args:
        id: What the method calls it.
        colour: Its colour.
        title: What it asks for.
        least: Values from here on belong to it, up to the level above.
        is_above: Whether only values above ``least`` do.
    """

    id: str
    colour: Colour
    title: Words
    least: float
    is_above: bool = False

    def holds(self, value: float) -> bool:
        """Whether a value reaches the level."""
        return value > self.least if self.is_above else value >= self.least


@dataclass(frozen=True)
class Method:
    """A method of grading, in one of its versions.

    Args:
        id: Its id.
        title: Its name.
        since: First day on which it holds.
        source: Where it comes from.
        evidence: How well that is evidenced, see ``kernel.dated``.
        formula: How it comes to its grade.
        factors: Its factors; none where the grade is declared.
        levels: Its levels, the gravest first.
    """

    id: str
    title: Words
    since: date
    source: str
    evidence: str
    formula: Formula
    factors: tuple[Factor, ...]
    levels: tuple[Level, ...]

    @property
    def is_reference(self) -> bool:
        """Whether its grades are only for reference, because nobody has confirmed its table by a source."""
        return self.evidence != "sourced"


@dataclass(frozen=True)
class Grade:
    """What a method makes of a risk.

    Args:
        value: The product of the factors; NaN where one is unknown, or the grade is declared.
        level: The level; None where it is unknown. Unknown is no colour, and never blue.
    """

    value: float
    level: Level | None

    @property
    def colour(self) -> Colour | None:
        """Its colour; None where unknown."""
        return self.level.colour if self.level else None


UNKNOWN = Grade(math.nan, None)


def graded(method: Method, factors: Mapping[str, float], declared: str = "") -> Grade:
    """Which level does a method give?

    ``D = L · E · C`` (LEC, Graham & Kinney 1971), ``R = L · S`` (LS): the product, or what was declared.

    Args:
        method: The method.
        factors: Value of each factor by id; NaN or absent where unknown.
        declared: Level that those who looked declared, where the method takes one; empty where unknown.

    Raises:
        BadInput: When a value is not on the table of the method, or there is no such level.
    """
    if method.formula == "declared":
        return Grade(math.nan, _level(method, declared)) if declared else UNKNOWN
    values = [factors.get(one.id, math.nan) for one in method.factors]
    for factor, value in zip(method.factors, values, strict=True):
        if not math.isnan(value):
            factor.on_table(value, f"{method.id}: {factor.id}")
    product = math.prod(values)
    if math.isnan(product):
        return UNKNOWN
    return Grade(product, next((one for one in method.levels if one.holds(product)), None))


def gravest(colours: list[Colour | None]) -> tuple[Colour | None, int]:
    """What is the colour of a place with several risks?

    The gravest of those that are known; where all known ones are blue and others are not known, the place is unknown:
    it could be anything, and blue would be a pass.

    Args:
        colours: Colour of each risk; None where unknown.

    Returns:
        Colour of the place, None where unknown; number of risks whose colour is unknown.
    """
    known = [one for one in colours if one is not None]
    unknown = len(colours) - len(known)
    worst = min(known, key=COLOURS.index, default=None)
    return (None if worst == COLOURS[-1] and unknown else worst), unknown


def _level(method: Method, name: str) -> Level:
    found = next((one for one in method.levels if name in {one.id, one.colour}), None)
    if found is None:
        allowed = [one.id for one in method.levels]
        raise BadInput("this method has no such level", where=method.id, found=name, allowed=allowed)
    return found
