"""Reading ``rules.yaml``: levels, colours and wind damage of the risk spectrum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from tulou.kernel.documents import read_document
from tulou.kernel.words import Words
from tulou.measures.hazard.risk.matrix import RiskMatrix

RULES_FILE = Path(__file__).with_name("rules.yaml")


@dataclass(frozen=True, eq=False)
class Consequence:
    """One kind of consequence.

    Args:
        name: Its name.
        title: What it is called.
        unit: Its unit.
        matrix: Levels and colours for it.
    """

    name: str
    title: Words
    unit: str
    matrix: RiskMatrix


@dataclass(frozen=True, eq=False)
class RiskRules:
    """All that the spectrum rests on.

    Args:
        consequences: Kinds of consequences that are counted.
        colours: What each colour is called, the mildest first.
        threshold: Wind up to which nothing is lost, m/s.
        halves: Wind at which half is lost, m/s, by region.
        regions: What each region is called.
        notes: What is to be said of levels.
        wind_note: What is to be said of wind damage.
    """

    consequences: tuple[Consequence, ...]
    colours: tuple[Words, ...]
    threshold: float
    halves: Mapping[str, float]
    regions: Mapping[str, Words]
    notes: tuple[Words, ...]
    wind_note: Words


@cache
def rules() -> RiskRules:
    """The rules as they stand in ``rules.yaml``."""
    top = read_document(RULES_FILE, RULES_FILE.name)
    matrix, wind = top["matrix"], top["emanuel"]
    colours = np.array(matrix["colours"], np.int64)
    return RiskRules(
        consequences=tuple(
            Consequence(
                name,
                _words(one["title"]),
                one["unit"],
                RiskMatrix(np.array(matrix["likelihood"], float), np.array(one["bounds"], float), colours),
            )
            for name, one in top["consequences"].items()
        ),
        colours=tuple(_words(one) for one in matrix["titles"]),
        threshold=float(wind["threshold"]),
        halves={name: float(one["half"]) for name, one in wind["halves"].items()},
        regions={name: _words(one["title"]) for name, one in wind["halves"].items()},
        notes=(_words(matrix["note"]), _words(top["note"])),
        wind_note=_words(wind["note"]),
    )


def _words(said: Mapping[str, str]) -> Words:
    return Words(said["zh"], said["en"])
