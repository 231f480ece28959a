"""Reading ``rules.yaml``: the dated break-points of the air quality index, its levels, and what a day needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.dated import Dated, Version
from tulou.kernel.documents import At, read_document
from tulou.kernel.words import Words

Array = NDArray[np.float64]
RULES_FILE = Path(__file__).with_name("rules.yaml")


@dataclass(frozen=True)
class Pollutant:
    """One of the pollutants that make the index.

    Args:
        name: Its name, that of its column.
        title: What it is called.
        unit: Unit of its concentration.
        decimals: Decimals to which a concentration is rounded before it is judged.
        heads: What its column may be called besides.
    """

    name: str
    title: Words
    unit: str
    decimals: int
    heads: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Standard:
    """Break-points of one standard.

    Args:
        name: Its name.
        title: What it is called.
        points: Break-points of each pollutant.
    """

    name: str
    title: Words
    points: Mapping[str, Array]


@dataclass(frozen=True)
class Level:
    """A level of the index.

    Args:
        most: Largest index of it.
        title: What it is called.
    """

    most: float
    title: Words


@dataclass(frozen=True, eq=False)
class Rules:
    """All rules of the index.

    Args:
        indices: Index at each break-point.
        good: Largest index of a good day.
        hours: Fewest hours of a daily mean, with the clause that says so.
        levels: Levels, the best first.
        pollutants: Pollutants, in the order in which they are told.
        standards: The standards by the day from which they hold.
    """

    indices: Array
    good: float
    hours: Version[int]
    levels: tuple[Level, ...]
    pollutants: tuple[Pollutant, ...]
    standards: Dated[Standard]

    def on(self, day: date) -> Standard | None:
        """The standard in force on a day; None before the first."""
        return self.standards.on(day).value if self.standards.holds_on(day) else None

    def named(self, name: str) -> Standard:
        """A standard by its name."""
        return next(one.value for one in self.standards.versions if one.value.name == name)

    def level_of(self, index: float) -> Level:
        """The level of an index; above the last one it is the last."""
        return next((one for one in self.levels if index <= one.most), self.levels[-1])


@cache
def rules() -> Rules:
    """The rules as they stand in ``rules.yaml``."""
    top = read_document(RULES_FILE, RULES_FILE.name)
    hours = top["hours"]
    return Rules(
        indices=np.array(top["indices"], float),
        good=float(top["good"]),
        hours=Version(date.min, int(hours["least"]), hours["clause"], hours["evidence"], hours["note"]["en"]),
        levels=tuple(Level(float(one["most"]), _words(one["title"])) for one in top["levels"]),
        pollutants=tuple(
            Pollutant(name, _words(one["title"]), one["unit"], int(one["decimals"]), tuple(one["heads"]))
            for name, one in top["pollutants"].items()
        ),
        standards=Dated.of("HJ 633", [_standard(name, one) for name, one in top["standards"].items()]),
    )


def _standard(name: str, one: At) -> Version[Standard]:
    points = {pollutant: np.array(found, float) for pollutant, found in one["points"].items()}
    standard = Standard(name, _words(one["title"]), points)
    return Version(one["since"], standard, one["clause"], one["evidence"], one["note"]["en"])


def _words(said: Mapping[str, str]) -> Words:
    return Words(said["zh"], said["en"])
