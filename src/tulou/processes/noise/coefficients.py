"""Reading ``cnossos.yaml``: coefficients of vehicles and surfaces by the year of the directive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.documents import At, read_document
from tulou.kernel.words import Words
from tulou.measures.environment.road_noise import Conditions, Studs, VehicleClass

Array = NDArray[np.float64]
COEFFICIENTS_FILE = Path(__file__).with_name("cnossos.yaml")


@dataclass(frozen=True, eq=False)
class Coefficients:
    """All coefficients of one year.

    Args:
        year: The year.
        bands: Nominal frequencies, Hz.
        a_weights: A-weighting of each band, dB.
        classes: Coefficients of each class, for the surface and junction asked for.
        speeds: Between which speeds the surface was measured, km/h.
    """

    year: str
    bands: Array
    a_weights: Array
    classes: Mapping[str, VehicleClass]
    speeds: tuple[float, float]


@cache
def _top() -> At:
    return read_document(COEFFICIENTS_FILE, COEFFICIENTS_FILE.name)


def class_titles() -> dict[str, Words]:
    """What each class of vehicles is called."""
    return {name: Words(one["title"]["zh"], one["title"]["en"]) for name, one in _top()["classes"].items()}


def coefficients(year: str, surface: str, junction: str) -> Coefficients:
    """The coefficients of a year, for a surface and a kind of junction (``none`` for none)."""
    top = _top()
    of_year = top["years"][year]
    on = of_year["surfaces"][surface]
    classes = {
        name: _class(of_year["classes"][name], on.get(name), top["junctions"].get(junction, {}).get(name), one)
        for name, one in top["classes"].items()
    }
    low, high = on["speeds"]
    return Coefficients(year, _array(top["bands"]), _array(top["a_weights"]), classes, (float(low), float(high)))


def _class(one: At, surface: At | None, junction: At | None, both_years: At) -> VehicleClass:
    propulsion = _array(one["propulsion"])
    return VehicleClass(
        propulsion=propulsion,
        propulsion_by_speed=_array(one["propulsion_by_speed"]),
        rolling=_array(one["rolling"]) if "rolling" in one else None,
        rolling_by_speed=_array(one["rolling_by_speed"]) if "rolling" in one else None,
        temperature=float(both_years["temperature"]),
        surface=_array(surface["spectrum"]) if surface else np.zeros(len(propulsion)),
        surface_by_speed=float(surface["by_speed"]) if surface else 0.0,
        junction_rolling=float(junction["rolling"]) if junction else 0.0,
        junction_propulsion=float(junction["propulsion"]) if junction else 0.0,
    )


def studs(share: float) -> Studs | None:
    """Studded tyres on a share of the cars over the year; None when there are none."""
    if not share:
        return None
    one = _top()["studs"]
    speeds = (float(one["least_speed"]), float(one["most_speed"]))
    return Studs(_array(one["at_reference"]), _array(one["by_speed"]), speeds, share)


def conditions(temperature: float, slope: float, junction_distance: float) -> Conditions:
    """Conditions with the references of the directive."""
    top = _top()
    nearness = max(1 - abs(junction_distance) / float(top["junction_reach"]), 0.0)
    return Conditions(temperature, slope, nearness, float(top["reference_speed"]), float(top["reference_temperature"]))


def _array(numbers: list[float]) -> Array:
    return np.array(numbers, np.float64)
