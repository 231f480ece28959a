"""A scenario strikes a stock: damage, collapse, homeless people, deaths and loss, realisation by realisation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import NotEnoughData
from tulou.measures.hazard.earthquake.casualties import death_rate
from tulou.measures.hazard.earthquake.damage import Spread, over_realisations
from tulou.processes.earthquake.motion import Motion
from tulou.processes.earthquake.rules import EarthquakeRules
from tulou.processes.earthquake.stock import Stock
from tulou.processes.earthquake.vulnerability import Vulnerability

Array = NDArray[np.float64]
Places = NDArray[np.int64]
QUANTITIES = ("collapsed", "homeless", "deaths", "loss")


@dataclass(frozen=True, eq=False)
class Struck:
    """What a scenario does.

    Args:
        is_assessed: Which assets have a type with functions and a known motion.
        by_type: Buildings of each type in each state, shape (types, states).
        types: The types.
        totals: Buildings in each state.
        by_unit: Shape (units + 1, quantities), in the order of ``QUANTITIES``.
        whole: Each quantity of the whole stock.
        shares: Mean share of each asset in each state, NaN where it is not assessed.
        collapse: Mean share of each asset that collapses.
    """

    is_assessed: NDArray[np.bool_]
    types: tuple[str, ...]
    by_type: Spread
    totals: Spread
    by_unit: Spread
    whole: Spread
    shares: Array
    collapse: Array


def strike(
    stock: Stock, motion: Motion, vulnerability: Vulnerability, rules: EarthquakeRules, indoors: float
) -> Struck:
    """What does a motion of the ground do to a stock?

    Args:
        stock: The buildings.
        motion: The motion, realisation by realisation.
        vulnerability: How buildings of each type are damaged.
        rules: Losses by state and the rate of deaths.
        indoors: Share of the people who are indoors.

    Raises:
        NotEnoughData: When no building has a type with functions and a known motion.
    """
    is_assessed, types, places = _assessed(stock, motion, vulnerability)
    count = len(motion.values)
    by_type = np.zeros((count, len(types), len(rules.states)))
    by_unit = np.zeros((count, len(stock.units.ids) + 1, len(QUANTITIES)))
    shares = np.full((len(stock.ids), len(rules.states)), np.nan)
    shares[is_assessed] = 0.0
    collapsing = _collapsing(stock, types, places, vulnerability)
    for realisation in range(count):
        now = np.full_like(shares, np.nan)
        for place, name in enumerate(types):
            now[places[name]] = vulnerability.shares[name](motion.at(realisation, places[name]))
            by_type[realisation, place] = stock.count[places[name]] @ now[places[name]]
        shares[is_assessed] += now[is_assessed] / count
        by_unit[realisation] = _by_unit(stock, now, collapsing, rules, indoors)
    return Struck(
        is_assessed=is_assessed,
        types=types,
        by_type=over_realisations(by_type),
        totals=over_realisations(by_type.sum(axis=1)),
        by_unit=over_realisations(by_unit),
        whole=over_realisations(by_unit.sum(axis=1)),
        shares=shares,
        collapse=shares[:, -1] * collapsing,
    )


def _assessed(
    stock: Stock, motion: Motion, vulnerability: Vulnerability
) -> tuple[NDArray[np.bool_], tuple[str, ...], dict[str, Places]]:
    named = np.array(stock.types, object)
    has_functions = np.array([name in vulnerability.shares for name in stock.types], bool)
    is_assessed = has_functions & motion.is_known(len(stock.ids)) & np.isfinite(stock.count)
    types = tuple(sorted(set(named[is_assessed])))
    places = {name: np.flatnonzero(is_assessed & (named == name)) for name in types}
    # A matrix has no row for every intensity: what it does not tell stays unknown.
    for name in types:
        known = np.ones(len(places[name]), bool)
        for realisation in range(len(motion.values)):
            told = vulnerability.shares[name](motion.at(realisation, places[name]))
            known &= np.isfinite(told).all(axis=1)
        is_assessed[places[name][~known]] = False
        places[name] = places[name][known]
    types = tuple(name for name in types if len(places[name]))
    if not types:
        raise NotEnoughData(
            "no building has a type with functions of damage and a known motion",
            where="type",
            found=", ".join(sorted(set(stock.types) - {""})) or "no type is known",
            allowed=sorted(vulnerability.shares),
        )
    return is_assessed, types, places


def _collapsing(stock: Stock, types: tuple[str, ...], places: dict[str, Places], by: Vulnerability) -> Array:
    """Share of the complete damage of each asset that collapses; all of it where nobody tells."""
    found = np.full(len(stock.ids), np.nan)
    for name in types:
        share = by.collapse.get(name, np.nan)
        found[places[name]] = 1.0 if np.isnan(share) else share
    return found


def _by_unit(stock: Stock, shares: Array, collapsing: Array, rules: EarthquakeRules, indoors: float) -> Array:
    """Collapsed buildings, homeless people, deaths and loss of each unit."""
    collapsed = shares[:, -1] * collapsing
    size = np.where(np.isfinite(collapsed), stock.size, np.nan)
    ruined, whole = stock.units.sums(size * shares[:, -1]), stock.units.sums(size)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(whole > 0, np.minimum(ruined / whole, 1.0), 0.0)
    people = np.where(np.isfinite(collapsed), stock.people, np.nan)
    return np.stack(
        [
            stock.units.sums(stock.count * collapsed),
            stock.units.sums(people * (shares @ rules.homeless)),
            stock.units.sums(people) * indoors * death_rate(ratio, **rules.deaths),
            stock.units.sums(stock.value * (shares @ rules.losses)),
        ],
        axis=1,
    )
