"""Quantities: numbers a row that are worked out where they are not on record."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from tulou.indicators.evaluate.city import City
from tulou.indicators.evaluate.measuring import measured
from tulou.indicators.evaluate.memo import Memo
from tulou.indicators.evaluate.networks import NetworkBuilder, build_network
from tulou.indicators.evaluate.placement import Shares, placed
from tulou.indicators.evaluate.reasons import Unanswerable
from tulou.indicators.rulebook.content import Origin, Quantity, RollUp, Rulebook
from tulou.indicators.rulebook.fit import result_factor
from tulou.model.state import State

Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]


def city_of(
    rulebook: Rulebook, state: State, day: date, build: NetworkBuilder = build_network, memo: Memo | None = None
) -> City:
    """A state of a city as a rulebook sees it on a day; with a memory, work done before is not done again."""
    return City(rulebook, state, day, build, work_out, memo)


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
    """Rows of a selection gathered in each unit."""
    shares = placed(city, roll.of, city.rulebook.dictionary[quantity.entity].level)
    size = len(city.rows(quantity.entity))
    members = city.counted(roll.of)
    values, factor = np.ones(members.size), 1.0
    if roll.value:
        values = np.asarray(city.column(roll.of, roll.value), np.float64)
        factor = result_factor(city.column_type(roll.of, roll.value).unit, quantity.unit, lenient=True)
    if members.doubtful is not None:
        values = np.where(members.doubtful, np.nan, values)
    found = _gathered(values[shares.row], shares, size, roll, is_complete=city.is_complete(roll.of)) * factor
    estimated = city.estimates(roll.of, roll.value) if roll.value else None
    if estimated is None:
        return found, None
    return found, np.bincount(shares.unit[estimated[shares.row]], minlength=size) > 0


def _gathered(values: Numbers, shares: Shares, size: int, roll: RollUp, *, is_complete: bool) -> Numbers:
    """Values of placed rows in each unit.

    A sum or count over rows of which one is unknown is unknown; with no row at all it is 0 only when the list is
    claimed complete.
    """
    unit, share = shares.unit, shares.share
    known = ~np.isnan(values)
    if roll.how == "most":
        found = np.full(size, -np.inf)
        np.maximum.at(found, unit[known], values[known])
        return np.where(np.isneginf(found), np.nan, found)
    found = np.bincount(unit[known], values[known] * share[known], minlength=size).astype(np.float64)
    if roll.how == "mean":
        counted = np.bincount(unit[known], share[known], minlength=size)
        return np.divide(found, counted, out=np.full(size, np.nan), where=counted > 0)
    found[np.bincount(unit[~known], minlength=size) > 0] = np.nan
    if not is_complete:
        found[np.bincount(unit, minlength=size) == 0] = np.nan
    return found
