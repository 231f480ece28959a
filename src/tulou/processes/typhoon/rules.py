"""Reading ``rules.yaml``: coefficients of the wind of typhoons, and classes of wind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tulou.kernel.documents import read_document
from tulou.kernel.words import Words
from tulou.measures.hazard.typhoon.passage import WindModel
from tulou.measures.hazard.typhoon.rain import RainModel

RULES_FILE = Path(__file__).with_name("rules.yaml")
KILOMETRE = 1000.0
RAIN = ("centre", "most", "radius", "fade", "wind")


@dataclass(frozen=True)
class TyphoonRules:
    """What winds of typhoons rest on.

    Args:
        model: Coefficients.
        classes: Lower bound of each class of wind (Beaufort), m/s.
        notes: What is to be said of them.
    """

    model: WindModel
    classes: Mapping[int, float]
    notes: tuple[Words, ...]


@cache
def rules() -> TyphoonRules:
    """The rules as they stand in ``rules.yaml``."""
    top = read_document(RULES_FILE, RULES_FILE.name)
    wind, radius, rain = top["wind"], top["radius"], top["rain"]
    model = WindModel(
        around=float(wind["around"]),
        density=float(wind["density"]),
        bounds=tuple(wind["bounds"]),
        factors=tuple(wind["factors"]),
        exponent=tuple(wind["exponent"]),
        radius=tuple(radius["factors"]),
        rotation=float(wind["rotation"]),
        fastest=float(wind["fastest"]),
        reach=float(wind["reach"]) * KILOMETRE,
        rain=RainModel(**{name: tuple(rain[name]) for name in RAIN}, unit=float(rain["unit"])),
    )
    classes = {int(name): float(bound) for name, bound in top["beaufort"]["bounds"].items()}
    notes = tuple(Words(one["note"]["zh"], one["note"]["en"]) for one in (wind, radius, rain))
    return TyphoonRules(model, classes, notes)
