"""Reading ``rules.yaml``: depths that count, what makes water dangerous, roughness by cover, soils."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tulou.kernel.documents import At, read_document
from tulou.kernel.words import Words
from tulou.measures.water.flood.peaks import Marks

RULES_FILE = Path(__file__).with_name("rules.yaml")


@dataclass(frozen=True)
class SoilKind:
    """A soil by Green and Ampt.

    Args:
        title: What it is called.
        conductivity: mm/h.
        suction: Suction head, mm.
        deficit: Moisture deficit of dry soil.
    """

    title: Words
    conductivity: float
    suction: float
    deficit: float


@cache
def _top() -> At:
    return read_document(RULES_FILE, RULES_FILE.name)


def mark(name: str) -> float:
    """A depth that counts, m, or another mark, in the unit it states."""
    return float(_top()["marks"][name]["value"])


def hazard(name: str) -> float:
    """A number of the hazard, in the unit it states."""
    return float(_top()["hazard"][name]["value"])


def marks() -> Marks:
    """Depths and numbers that the most of a flood is kept by."""
    return Marks(
        film=mark("film"),
        wet=mark("wet"),
        ponding=mark("ponding"),
        speed_shift=hazard("shift"),
        debris_depth=hazard("debris_depth"),
        debris=hazard("debris"),
    )


def roughness(cover: str) -> float:
    """Manning's n of a cover, s/m^(1/3)."""
    return float(_top()["roughness"][cover]["value"])


def soil(name: str) -> SoilKind:
    """A soil by name."""
    one = _top()["soils"][name]
    title = Words(one["title"]["zh"], one["title"]["en"])
    return SoilKind(title, float(one["conductivity"]), float(one["suction"]), float(one["deficit"]))


def least_edge_slope() -> float:
    """Least slope outwards that water leaves over the edge with."""
    return float(_top()["edge"]["slope"]["value"])


def inlet(name: str) -> float:
    """A coefficient of inlets: ``weir`` or ``orifice``."""
    return float(_top()["inlets"][name]["value"])
