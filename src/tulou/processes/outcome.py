"""Outcomes: what a process found, as figures, tables, pictures to be drawn, balances, and facts for the city."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse
from tulou.kernel.facts import Facts
from tulou.kernel.words import Words

Array = NDArray[np.float64]
Cell: TypeAlias = str | Words | float | int | bool | None
MOST_CLASSES = 5
"""Classes of a field that the eye tells apart."""
CLOSES = 1e-9
"""Relative residual up to which a balance counts as closed."""


@dataclass(frozen=True)
class Figure:
    """One number that answers the question.

    Args:
        name: Its name, for machines.
        title: What it is.
        value: The number; NaN where it could not be told.
        unit: Its unit.
        low: Lower bound; NaN when there is none.
        high: Upper bound; NaN when there is none.
        digits: Decimals shown.
    """

    name: str
    title: Words
    value: float
    unit: str
    low: float = float("nan")
    high: float = float("nan")
    digits: int = 2


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Args:
        name: Its name, for machines.
        title: What it is.
        unit: Unit of its numbers; empty for words.
        digits: Decimals shown.
    """

    name: str
    title: Words
    unit: str = ""
    digits: int = 2


@dataclass(frozen=True)
class Table:
    """A table of an outcome.

    Args:
        name: Its name, for machines.
        title: What it holds.
        columns: Its columns.
        rows: One value a column; None where unknown. Words are said in the language of the paper.
    """

    name: str
    title: Words
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class Line:
    """One line or row of points of a plot.

    Args:
        title: What it shows.
        x: Places on the one axis.
        y: Places on the other; NaN leaves a gap.
        is_points: Whether points are drawn instead of a line.
    """

    title: Words
    x: Array
    y: Array
    is_points: bool = False


@dataclass(frozen=True)
class LinePlot:
    """Lines over an axis.

    Args:
        name: Its name.
        title: What it shows.
        x_title: What the axis along is, with unit.
        y_title: What the axis up is, with unit.
        lines: The lines.
        has_log_x: Whether the axis along is logarithmic.
    """

    name: str
    title: Words
    x_title: Words
    y_title: Words
    lines: tuple[Line, ...]
    has_log_x: bool = False


@dataclass(frozen=True)
class BarPlot:
    """Bars, one beside the other.

    Args:
        name: Its name.
        title: What it shows.
        y_title: What the axis up is, with unit.
        bars: Label and height of each; labels that are words are said in the language of the paper.
    """

    name: str
    title: Words
    y_title: Words
    bars: tuple[tuple[str | Words, float], ...]


@dataclass(frozen=True)
class FieldPlot:
    """A field of numbers over the ground.

    Args:
        name: Its name.
        title: What it shows.
        values: Shape (rows, columns), the northern row first; NaN is not drawn.
        west: East coordinate of the western edge, m.
        north: North coordinate of the northern edge, m.
        cell: Side of a cell, m.
        unit: Unit of the numbers.
        steps: Bounds of the classes, ascending, at most five; the last class is open.

    Raises:
        BadUse: For more classes than can be told apart.
    """

    name: str
    title: Words
    values: Array
    west: float
    north: float
    cell: float
    unit: str
    steps: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.steps) > MOST_CLASSES:
            raise BadUse(
                "a field has at most five classes", where=self.name, found=len(self.steps), allowed=(str(MOST_CLASSES),)
            )


Plot: TypeAlias = LinePlot | BarPlot | FieldPlot


@dataclass(frozen=True)
class Balance:
    """What came in, went out and stayed; a model that loses some says so.

    Args:
        title: What is balanced.
        came: How much came in.
        went: How much went out.
        stayed: How much more there is at the end than at the beginning.
        unit: Its unit.
    """

    title: Words
    came: float
    went: float
    stayed: float
    unit: str

    @property
    def residual(self) -> float:
        """What is missing, as a share of what came in."""
        missing = self.came - self.went - self.stayed
        return missing / max(abs(self.came), abs(self.went), abs(self.stayed), np.finfo(float).tiny)

    @property
    def closes(self) -> bool:
        """Whether nothing is missing but rounding."""
        return abs(self.residual) <= CLOSES


@dataclass(frozen=True)
class Outcome:
    """What a process found.

    Args:
        answer: The answer to its question, in sentences.
        figures: Numbers that answer it.
        tables: Tables.
        plots: Pictures to be drawn.
        balances: Balances with their residual.
        assumptions: What was assumed, each said aloud.
        warnings: What a reader must know before the figures are used.
        facts: What the city learns, for whoever commits it.
        sources: SHA-256 of each file that was read, by name.
        files: Files for other programs, written beside the papers, by name.
        is_card: Whether answer and tables stand on one page, as on a card, and how it was found on the next.
    """

    answer: tuple[Words, ...]
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    plots: tuple[Plot, ...] = ()
    balances: tuple[Balance, ...] = ()
    assumptions: tuple[Words, ...] = ()
    warnings: tuple[Words, ...] = ()
    facts: tuple[Facts, ...] = ()
    sources: Mapping[str, str] | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)
    is_card: bool = False
