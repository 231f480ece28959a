"""Quantities: numbers a row that are worked out where they are not on record."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from tulou.indicators.evaluate.city import City
from tulou.indicators.evaluate.measuring import measured
from tulou.indicators.evaluate.networks import NetworkBuilder, build_network
from tulou.indicators.evaluate.placement import placed
from tulou.indicators.evaluate.reasons import Unanswerable
from tulou.indicators.rulebook.content import Origin, Quantity, RollUp, Rulebook
from tulou.indicators.rulebook.fit import result_factor
from tulou.model.state import State

Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]


def city_of(rulebook: Rulebook, state: State, day: date, build: NetworkBuilder = build_network) -> City:
    """A state of a city as a rulebook sees it on a day."""
    return City(rulebook, state, day, build, work_out)


def work_out(city: City, quantity: Quantity) -> tuple[Numbers, Mask | None]:
    """A quantity of all rows of its entity, and which rows are estimates; None for none."""
    if quantity.roll_up is not None:
        return _rolled_up(city, quantity, quantity.roll_up)
    size = len(city.rows(quantity.entity))
    numbers, estimated = np.full(size, np.nan), np.zeros(size, bool)
    for origin in quantity.origins:
        open_rows = np.isnan(numbers)
        if not open_rows.any():
            break
        found, doubted = _from(city, quantity, origin)
        taken = open_rows & ~np.isnan(found)
        numbers[taken] = found[taken]
        if origin.is_estimate:
            estimated |= taken
        elif doubted is not None:
            estimated |= taken & doubted
    return numbers, estimated if estimated.any() else None


def _from(city: City, quantity: Quantity, origin: Origin) -> tuple[Numbers, Mask | None]:
    """The numbers one origin gives; unknown everywhere when its rules are not in force."""
    if origin.binding is None:
        unit = city.vocabulary.column(quantity.entity, origin.column, "").unit
        numbers = city.entity_column(quantity.entity, origin.column) * result_factor(unit, quantity.unit)
        return numbers, city.estimates(quantity.entity, origin.column)
    try:
        found = measured(city, quantity.entity, origin.binding)
    except Unanswerable:
        return np.full(len(city.rows(quantity.entity)), np.nan), None
    return found.parts.part * result_factor(found.part_unit, quantity.unit, lenient=True), found.estimated


def _rolled_up(city: City, quantity: Quantity, roll: RollUp) -> tuple[Numbers, Mask | None]:
    """Rows of a selection gathered in each unit.

    A sum or count over rows of which one is unknown is unknown; with no row at all it is 0 only when the list is
    claimed complete.
    """
    level = city.rulebook.dictionary[quantity.entity].level
    shares = placed(city, roll.of, level)
    size = len(city.rows(quantity.entity))
    row, unit, share = shares.row, shares.unit, shares.share
    values, factor = np.ones(city.members(roll.of).size), 1.0
    if roll.value:
        values = np.asarray(city.column(roll.of, roll.value), np.float64)
        found_unit = city.column_type(roll.of, roll.value).unit
        factor = result_factor(found_unit, quantity.unit, lenient=True)
    doubtful = city.members(roll.of).doubtful
    if doubtful is not None:
        values = np.where(doubtful, np.nan, values)
    rows = np.bincount(unit, minlength=size)
    if roll.how == "most":
        found = np.full(size, -np.inf)
        np.fmax.at(found, unit, values[row])
        found[np.isneginf(found)] = np.nan
    else:
        known = ~np.isnan(values[row])
        found = np.bincount(unit[known], values[row][known] * share[known], minlength=size)
        counted = np.bincount(unit[known], share[known], minlength=size)
        unknown = np.bincount(unit[~known], minlength=size) > 0
        if roll.how == "mean":
            found = np.divide(found, counted, out=np.full(size, np.nan), where=counted > 0)
        else:
            found[unknown] = np.nan
            if not city.is_complete(roll.of):
                found[rows == 0] = np.nan
    estimated = city.estimates(roll.of, roll.value) if roll.value else None
    if estimated is None:
        return found * factor, None
    return found * factor, np.bincount(unit[estimated[row]], minlength=size) > 0
