"""Harm by type of building when medians, spreads and the class itself are in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tulou.measures.hazard.earthquake.casualties import death_rate
from tulou.measures.hazard.earthquake.fragility import LognormalFragility, state_chances
from tulou.measures.hazard.earthquake.strengthening import avoided_a_year
from tulou.processes.earthquake.rules import BuildingType, EarthquakeRules

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Doubt:
    """How far what is assumed may be off.

    Args:
        medians: Standard deviation of the logarithm of the medians.
        spreads: Standard deviation of the logarithm of the spreads.
        other: Chance that the other class holds.
    """

    medians: float
    spreads: float
    other: float


@dataclass(frozen=True, eq=False)
class Avoided:
    """What strengthening a building of each type avoids in a year.

    Args:
        loss: Share of its value, shape (draws + 1, types); the first row is without doubt.
        deaths: Share of its people.
    """

    loss: Array
    deaths: Array


def avoided_by_type(
    types: Sequence[BuildingType],
    motion: Array,
    frequency: Array,
    rules: EarthquakeRules,
    doubt: Doubt,
    draws: int,
    seed: int,
) -> Avoided:
    """What strengthening avoids, and how far that may be off.

    Each draw moves the medians of each type by one factor and its spreads by another, and takes the other class with
    its chance; a building and its strengthened self share the factors, so that doubt favours neither.

    Args:
        types: The types.
        motion: Acceleration of each scenario, m/s².
        frequency: Times a year of each.
        rules: Classes, losses and deaths.
        doubt: How far what is assumed may be off.
        draws: Number of draws.
        seed: Their seed.
    """
    random = np.random.default_rng(seed)
    count = len(types)
    medians = np.vstack([np.ones(count), np.exp(random.normal(0, doubt.medians, (draws, count)))])
    spreads = np.vstack([np.ones(count), np.exp(random.normal(0, doubt.spreads, (draws, count)))])
    is_other = np.vstack([np.zeros(count, bool), random.random((draws, count)) < doubt.other])
    loss, deaths = np.zeros((draws + 1, count)), np.zeros((draws + 1, count))
    for draw in range(draws + 1):
        for place, one in enumerate(types):
            name = one.other if is_other[draw, place] else one.classed
            factors = medians[draw, place], spreads[draw, place]
            before = _harm(name, motion, rules, factors)
            after = _harm(one.stronger, motion, rules, factors)
            loss[draw, place] = avoided_a_year(before[0], after[0], frequency)
            deaths[draw, place] = avoided_a_year(before[1], after[1], frequency)
    return Avoided(loss, deaths)


def _harm(name: str, motion: Array, rules: EarthquakeRules, factors: tuple[float, float]) -> tuple[Array, Array]:
    """Share of the value lost and of the people killed in each scenario."""
    sure = rules.classes[name].fragility
    function = LognormalFragility(sure.medians * factors[0], sure.spreads * factors[1])
    shares = state_chances(function.exceedance(motion / rules.gravity))
    return shares @ rules.losses, death_rate(shares[:, -1], **rules.deaths)
