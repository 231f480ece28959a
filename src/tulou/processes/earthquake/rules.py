"""Reading ``rules.yaml``: the scale of intensity, states of damage, and how classes of buildings are told apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import inf
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.documents import At, read_document
from tulou.kernel.words import Words
from tulou.measures.hazard.earthquake.fragility import LognormalFragility
from tulou.measures.hazard.earthquake.intensity import IntensityScale

Array = NDArray[np.float64]
RULES_FILE = Path(__file__).with_name("rules.yaml")


@dataclass(frozen=True)
class DamageState:
    """A state of damage.

    Args:
        name: Its name.
        title: What it is called.
        loss: Share of the value lost in it.
    """

    name: str
    title: Words
    loss: float


@dataclass(frozen=True, eq=False)
class BuildingClass:
    """A class of buildings with fragility functions of peak ground acceleration.

    Args:
        fragility: Its functions, motion in g.
        collapse: Share of complete damage that collapses.
    """

    fragility: LognormalFragility
    collapse: float


@dataclass(frozen=True)
class BuildingType:
    """Buildings of a city that are taken for one class.

    Args:
        name: Its name.
        title: What it is called.
        structure: Structure of its buildings.
        storeys: Fewest and most storeys.
        years: First and last year in which it was built.
        classed: The class it is taken for.
        other: A class that may hold as well.
        stronger: The class it is after strengthening.
    """

    name: str
    title: Words
    structure: str
    storeys: tuple[float, float]
    years: tuple[float, float]
    classed: str
    other: str
    stronger: str


@dataclass(frozen=True, eq=False)
class EarthquakeRules:
    """All that scenarios rest on.

    Args:
        scale: Lines of the scale of intensity.
        gravity: m/s².
        states: States of damage, none first.
        bands: Bounds of the damage index.
        deaths: Factor, exponent and offset of the rate of deaths.
        homeless: Whether people of each state are homeless.
        classes: Classes by name.
        types: Types in the order in which they are tried.
        notes: What is to be said of them.
    """

    scale: IntensityScale
    gravity: float
    states: tuple[DamageState, ...]
    bands: Array
    deaths: Mapping[str, float]
    homeless: Array
    classes: Mapping[str, BuildingClass]
    types: tuple[BuildingType, ...]
    notes: Mapping[str, Words]

    @property
    def losses(self) -> Array:
        """Share of the value lost in each state."""
        return np.array([one.loss for one in self.states])


@cache
def rules() -> EarthquakeRules:
    """The rules as they stand in ``rules.yaml``."""
    top = read_document(RULES_FILE, RULES_FILE.name)
    states = tuple(DamageState(one["name"], words_of(one["title"]), float(one["loss"])) for one in top["states"])
    lines, classes = top["intensity"], top["classes"]
    return EarthquakeRules(
        scale=IntensityScale(tuple(lines["acceleration"]), tuple(lines["velocity"])),
        gravity=float(top["gravity"]["value"]),
        states=states,
        bands=np.array(top["damage_index"]["bands"], float),
        deaths={name: float(top["deaths"][name]) for name in ("factor", "exponent", "offset")},
        homeless=np.array([float(one.name in top["homeless"]["states"]) for one in states]),
        classes={
            name: BuildingClass(lognormal(one["medians"], float(classes["spread"])), float(one["collapse"]))
            for name, one in classes["medians"].items()
        },
        types=tuple(_type(one) for one in top["types"]["mapping"]),
        notes={
            name: words_of(top[name]["note"])
            for name in ("intensity", "loss", "deaths", "homeless", "classes", "types", "damage_index")
        },
    )


def lognormal(medians: list[float], spread: float) -> LognormalFragility:
    """Lognormal functions with one spread for all states."""
    return LognormalFragility(np.array(medians, float), np.full(len(medians), spread))


def words_of(said: Mapping[str, str]) -> Words:
    """Words of a document."""
    return Words(said["zh"], said["en"])


def _type(one: At) -> BuildingType:
    return BuildingType(
        one["name"],
        words_of(one["title"]),
        one["structure"],
        (float(one.get("least_storeys", -inf)), float(one.get("most_storeys", inf))),
        (float(one.get("since", -inf)), float(one["before"]) - 1 if "before" in one else inf),
        one["class"],
        one["other"],
        one["stronger"],
    )
