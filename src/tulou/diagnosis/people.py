"""People concerned by what fails: as the measure counted them, as on record, else as the population cells tell.

What is told by population cells that lie in an object, or in a unit, is an estimate: a cell drawn as an area counts by
the share of it that lies inside, one drawn as a point as a whole, and of an object that fails in part the same part of
its people.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.indicators.evaluate.city import City
from tulou.indicators.evaluate.failing import Failing
from tulou.indicators.evaluate.measuring import Measured
from tulou.indicators.evaluate.placement import entity_of, entity_shares, units_of
from tulou.indicators.rulebook.content import Formula
from tulou.kernel import units

Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]

PEOPLE = ("residents_best", "residents")
"""Columns that tell how many people live in an object, the first there is."""
CELLS = "population"


@dataclass(frozen=True, eq=False)
class People:
    """People of some objects or units.

    Args:
        count: How many; NaN where nobody knows.
        estimate: Where that is an estimate.
    """

    count: Numbers
    estimate: Mask


def people_of_rows(city: City, formula: Formula, found: Measured, failing: Failing) -> People:
    """People concerned by each row: the people the measure itself counted, else the residents of the object.

    Args:
        city: The city.
        formula: How the indicator was answered.
        found: What its measure gave.
        failing: Which rows fail, and by how much.
    """
    size = len(failing.rows)
    if units.same_kind(found.whole_unit, "person") and units.same_kind(failing.unit, "person"):
        estimate = np.zeros(size, bool) if found.estimated is None else found.estimated
        return People(failing.size * units.factor(failing.unit, "person"), estimate | found.uses_estimates)
    entity = city.rulebook.selections[formula.of].entity
    for name in PEOPLE:
        if f"{entity}.{name}" in city.rulebook.quantities or name in city.rulebook.dictionary[entity].attributes:
            count = np.asarray(city.column(formula.of, name), np.float64)
            guessed = city.estimates(formula.of, name)
            if not np.isnan(count[failing.rows]).all():
                return People(count, np.zeros(size, bool) if guessed is None else guessed)
    return _in_shapes(city, formula, found, failing)


def people_of_units(city: City, level: str) -> People:
    """Residents of the units of a level: on record, else those of the population cells in it."""
    entity, size = entity_of(city, level), len(units_of(city, level))
    count = np.full(size, np.nan)
    if entity and len(city.rows(entity)) and "residents" in city.rulebook.dictionary[entity].attributes:
        count = np.asarray(city.entity_column(entity, "residents"), np.float64)
    unknown = np.isnan(count)
    if not unknown.any() or not len(city.rows(CELLS)):
        return People(count, np.zeros(size, bool))
    shares = entity_shares(city, CELLS, level)
    residents = _residents(city)[shares.row] * shares.share
    inside = np.bincount(shares.unit, residents, minlength=size)
    return People(np.where(unknown, inside, count), unknown)


def _in_shapes(city: City, formula: Formula, found: Measured, failing: Failing) -> People:
    """People of the cells inside each failing polygon, by the part of it that fails; NaN for what has no area."""
    size = len(failing.rows)
    count, estimate = np.full(size, np.nan), np.zeros(size, bool)
    at = np.flatnonzero(failing.rows)
    shapes = city.column(formula.of, "geometry")[at]
    at, shapes = at[shapely.get_dimensions(shapes) > 1], shapes[shapely.get_dimensions(shapes) > 1]
    if CELLS not in city.rulebook.dictionary or not len(city.rows(CELLS)) or not len(at):
        return People(count, estimate)
    cells = city.rows(CELLS).shapes
    cell, shape = shapely.STRtree(cells).query(shapes, predicate="intersects")[::-1]
    inside = np.bincount(shape, _shares(cells[cell], shapes[shape]) * _residents(city)[cell], minlength=len(at))
    count[at], estimate[at] = inside * _part(found, failing)[at], True
    return People(count, estimate)


def _shares(cells: NDArray[np.object_], shapes: NDArray[np.object_]) -> Numbers:
    """Share of each cell inside a shape: by area, all of it for a point."""
    share = np.ones(len(cells))
    areas = np.flatnonzero(shapely.get_dimensions(cells) > 1)
    inside = shapely.area(shapely.intersection(cells[areas], shapes[areas]))
    share[areas] = inside / np.maximum(shapely.area(cells[areas]), np.finfo(float).tiny)
    return share


def _part(found: Measured, failing: Failing) -> Numbers:
    """Which part of each row fails; all of it where that cannot be told."""
    everything = np.ones(len(failing.rows))
    if not units.same_kind(found.whole_unit, failing.unit) or units.same_kind(failing.unit, "1"):
        return everything
    whole = found.parts.whole * units.factor(found.whole_unit, failing.unit)
    return np.divide(failing.size, whole, out=everything, where=np.nan_to_num(whole) > 0.0)


def _residents(city: City) -> Numbers:
    return np.nan_to_num(np.asarray(city.entity_column(CELLS, "residents"), np.float64))
