"""Making candidates: what a remedy does to the objects it is meant for, how much of it there is, and what it costs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from tulou.indicators.evaluate.city import City
from tulou.indicators.evaluate.placement import units_of
from tulou.indicators.evaluate.reasons import Unanswerable
from tulou.kernel import units
from tulou.model.rows import Rows
from tulou.plan.candidates.content import Candidate, Site
from tulou.plan.projects.project import Edit, Value
from tulou.plan.remedies.content import NEW_AREA, OBJECTS, RAISED, Addition, Assignment, Remedy

MONEY = "yuan"
PREFIX = "plan:"
"""What ids of new objects begin with."""
AREA = 2
HALF = 0.5


@dataclass(frozen=True)
class Spot:
    """Where a candidate is.

    Args:
        level: Level of its unit.
        unit: Id of the unit.
        name: Name of the unit.
    """

    level: str
    unit: str
    name: str


def make(
    city: City, remedy: Remedy, spot: Spot, objects: Sequence[str], findings: Sequence[str], site: Site | None = None
) -> Candidate:
    """One candidate.

    Args:
        city: The city as the rulebook sees it.
        remedy: The remedy.
        spot: The unit it lies in.
        objects: Objects of the findings it acts on.
        findings: Findings it answers.
        site: Where it is built.
    """
    entity = city.rulebook.selections[remedy.on].entity if remedy.on else ""
    at = rows_of(city, entity, objects) if entity else np.empty(0, np.int64)
    name = f"{remedy.id}@{site.id if site else objects[0] if remedy.together == 'each' else spot.unit}"
    edits, raised = _changes(city, remedy, entity, at)
    shape: BaseGeometry | None = None
    new_area = 0.0
    if site is not None:
        made, new_area, shape = _at_site(city, remedy, site)
        edits += made
    elif len(at):
        places = city.rows(entity).places[at]
        known = places[~np.isnan(places).any(axis=1)]
        shape = shapely.MultiPoint(known) if len(known) else None
    amount = _amount(city, remedy, entity, at, {RAISED: raised, NEW_AREA: new_area})
    return Candidate(
        name, remedy, spot.level, spot.unit, spot.name, tuple(findings), entity, tuple(objects), tuple(edits), amount,
        _cost(city, remedy, entity, amount), site, shape,
    )  # fmt: skip


def rows_of(city: City, entity: str, objects: Sequence[str]) -> NDArray[np.int64]:
    """Rows of some objects, in their order."""
    place = _places(city.rows(entity))
    return np.array([place[name] for name in objects if name in place], np.int64)


@lru_cache(maxsize=8)
def _places(rows: Rows) -> Mapping[str, int]:
    """Row of each object by id, made once for all candidates."""
    return {str(name): row for row, name in enumerate(rows.ids)}


def value_of(city: City, entity: str, one: Assignment) -> Value:
    """What an assignment gives, where it is the same for every object."""
    if not one.parameter:
        return one.value
    return city.number(one.parameter, city.rulebook.dictionary[entity].attributes[one.attribute].unit)


def _changes(city: City, remedy: Remedy, entity: str, at: NDArray[np.int64]) -> tuple[list[Edit], float]:
    """Edits of the objects, and by how much amounts are raised in all."""
    raised = 0.0
    values: list[dict[str, Value]] = [{} for _ in at]
    for one in remedy.change:
        if one.is_raise:
            before, after = _raised(city, entity, one)
            more = np.where(after[at] > before[at], after[at] - before[at], 0.0)
            raised += float(np.nansum(more))
            for told, row, is_more in zip(values, at, more > 0.0, strict=True):
                if is_more:
                    told[one.attribute] = float(after[row])
        else:
            value = value_of(city, entity, one)
            for told in values:
                told[one.attribute] = value
    ids = city.rows(entity).ids if entity else np.empty(0, object)
    return [
        Edit("change", entity, str(ids[row]), told, where=remedy.where)
        for row, told in zip(at, values, strict=True)
        if told
    ], raised


def _raised(city: City, entity: str, one: Assignment) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """An amount before, nothing where unknown, and what it is raised to; whole where things are counted."""
    attribute = city.rulebook.dictionary[entity].attributes[one.attribute]
    before = np.nan_to_num(np.asarray(city.entity_column(entity, one.attribute), np.float64))
    other = np.asarray(city.entity_column(entity, one.other), np.float64)
    unit = city.kind(entity, one.other).unit or "1"
    if not one.parameter:
        return before, other * units.factor(unit, attribute.unit or "1")
    parameter = city.rulebook.parameters[one.parameter]
    factor = units.factor(f"({unit})*({parameter.unit})", attribute.unit or "1")
    after = other * city.number(one.parameter, parameter.unit) * factor
    return before, np.ceil(after) if attribute.unit in units.COUNTED else after


def _at_site(city: City, remedy: Remedy, site: Site) -> tuple[list[Edit], float, BaseGeometry]:
    """Edits at a site, the area of what is new there, and its geometry."""
    edits: list[Edit] = []
    shape: BaseGeometry = shapely.Point(site.place)
    area = 0.0
    values = {one.attribute: value_of(city, site.entity, one) for one in remedy.change_site}
    if values:
        edits.append(Edit("change", site.entity, site.id, values, where=remedy.where, name=site.name))
    if remedy.add is not None:
        shape = _ground(city, remedy.add, site)
        area = float(shape.area)
        new = {one.attribute: value_of(city, remedy.add.entity, one) for one in remedy.add.values}
        name = f"{PREFIX}{remedy.id}@{site.id}"
        edits.append(Edit("add", remedy.add.entity, name, new, shape, remedy.where))
    return edits, area, shape


def _ground(city: City, add: Addition, site: Site) -> BaseGeometry:
    """The ground that something new takes: a point, the whole site, or a square inside it."""
    if add.shape == "site":
        return site.shape
    if add.shape == "point":
        return shapely.Point(site.place)
    half = math.sqrt(city.number(add.area, "m2")) * HALF
    x, y = site.place
    square = shapely.box(x - half, y - half, x + half, y + half)
    return shapely.intersection(square, site.shape) if shapely.get_dimensions(site.shape) >= AREA else square


def _amount(city: City, remedy: Remedy, entity: str, at: NDArray[np.int64], added: dict[str, float]) -> float:
    """How much is priced; NaN when one of the objects does not tell."""
    of = remedy.cost.of
    if of == OBJECTS:
        return 1.0 if remedy.ground is not None else float(len(at))
    if of in added:
        return added[of]
    try:
        column = np.asarray(city.entity_column(entity, of), np.float64)[at]
    except Unanswerable:
        return math.nan
    return float(column.sum())


def _cost(city: City, remedy: Remedy, entity: str, amount: float) -> float | None:
    price = remedy.cost.price
    if price is None or not math.isfinite(amount):
        return None
    return amount * price.amount * units.factor(f"({price.unit})*({_unit(city, remedy, entity)})", MONEY)


def _unit(city: City, remedy: Remedy, entity: str) -> str:
    """Unit of what is counted."""
    of = remedy.cost.of
    if of == OBJECTS:
        return "1"
    if of == NEW_AREA:
        return "m2"
    if of == RAISED:
        raised = next(one.attribute for one in remedy.change if one.is_raise)
        return city.rulebook.dictionary[entity].attributes[raised].unit or "1"
    return city.kind(entity, of).unit or "1"


def amount_unit(city: City, remedy: Remedy) -> str:
    """Unit of the amount of a remedy's candidates."""
    return _unit(city, remedy, city.rulebook.selections[remedy.on].entity if remedy.on else "")


def spot_of(city: City, level: str, unit: str) -> Spot:
    """The unit of a name; the city for one that is not there."""
    for each in (level, "city"):
        known = units_of(city, each)
        for at, name in enumerate(known.ids):
            if str(name) == unit or each == "city":
                return Spot(each, str(name), str(known.names[at] or name))
    return Spot("city", unit, unit)
