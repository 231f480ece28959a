"""Residents: who moves in where a project builds, and who moves out where it removes.

Residents that a project states stand as they are. Where it states none, they are estimated in the way the rest of the
city was (``model.people``), carry the mark of an estimate and its bounds, and are scaled as the city's own estimate is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from tulou.indicators.rulebook.content import Rulebook, Setting
from tulou.kernel.errors import BadInput
from tulou.kernel.facts import GEOMETRY
from tulou.kernel.polygons import AREA
from tulou.model.geography import to_metric
from tulou.model.land import DERIVED, derive_land
from tulou.model.people import Assumptions, people_of
from tulou.model.rows import Rows, rows_of
from tulou.model.state import MemoryState, State

Numbers = NDArray[np.float64]

CELL = "derived:people-"
"""What ids of estimated population cells begin with, before the id of their building."""
HOMES = ("residential", "mixed")
SAMPLE = 200
"""Estimated cells looked at to find what the city's estimate was scaled by."""
EXACT = 1e-6
"""A scale nearer to 1 than this is the rounding of 1."""


@dataclass(frozen=True)
class Assumed:
    """What is assumed where a project leaves something open.

    Args:
        people: What an estimate of people rests on.
        land_reach: How far derived land reaches around a building, metres.
    """

    people: Assumptions
    land_reach: float


def assumed_by(rulebook: Rulebook, day: date) -> Assumed:
    """What a rulebook has one assume on a day.

    Raises:
        BadInput: When one of its parameters is not of the shape needed.
    """
    low, high = _setting(rulebook, "population.floor_per_person_bounds", day).range or (math.nan, math.nan)
    people = Assumptions(
        _number(rulebook, "population.floor_per_person", day),
        (low, high),
        _number(rulebook, "population.storeys_unknown", day),
    )
    return Assumed(people, _number(rulebook, "population.land_reach", day))


def _setting(rulebook: Rulebook, name: str, day: date) -> Setting:
    """A parameter's setting; before its first day the first one, since an estimate must rest on something."""
    if name not in rulebook.parameters:
        raise BadInput("the rulebook lacks a parameter that estimates rest on", where=rulebook.id, found=name)
    values = rulebook.parameters[name].values
    return values.on(day).value if values.holds_on(day) else values.versions[0].value


def _number(rulebook: Rulebook, name: str, day: date) -> float:
    number = _setting(rulebook, name, day).number
    if number is None:
        raise BadInput("this parameter must be one number", where=name)
    return number


@dataclass(frozen=True, eq=False)
class Homes:
    """People of some buildings.

    Args:
        ids: The buildings.
        low: Lower bound; NaN where the number was stated.
        people: How many.
        high: Upper bound; NaN where the number was stated.
        places: A point in each, shape (n, 2).
    """

    ids: NDArray[np.object_]
    low: Numbers
    people: Numbers
    high: Numbers
    places: Numbers

    def __len__(self) -> int:
        return len(self.ids)

    def said(self, row: int) -> dict[str, float | bool | None]:
        """What a population cell says of the people of one building."""
        is_estimate = math.isfinite(self.high[row])
        return {
            "residents": float(self.people[row]),
            "residents_low": float(self.low[row]) if is_estimate else None,
            "residents_high": float(self.high[row]) if is_estimate else None,
            "estimated": True if is_estimate else None,
        }


def homes(buildings: Rows, state: State, assumed: Assumptions | None) -> Homes:
    """People of buildings that a project adds or changes; those that hold nobody are left out.

    Args:
        buildings: The buildings as the project leaves them.
        state: The city before.
        assumed: What an estimate rests on; None to take stated numbers only.
    """
    stated = buildings.numbers("residents")
    low = people = high = np.full(len(buildings), np.nan)
    if assumed is not None:
        estimate, scale = people_of(buildings, state, assumed), scale_of(state, assumed)
        low, people, high = estimate.low * scale, estimate.middle * scale, estimate.high * scale
    is_stated = np.isfinite(stated)
    low, high = np.where(is_stated, np.nan, low), np.where(is_stated, np.nan, high)
    people = np.where(is_stated, stated, people)
    lived = np.flatnonzero(np.isfinite(people) & (people > 0) & np.isfinite(buildings.places).all(axis=1))
    return Homes(buildings.ids[lived], low[lived], people[lived], high[lived], buildings.places[lived])


def scale_of(state: State, assumed: Assumptions) -> float:
    """What the city's own estimate of people was scaled by to meet a known number; 1 where nothing tells."""
    cells, buildings = state.rows("population"), state.rows("building")
    of = {str(name)[len(CELL) :]: row for row, name in enumerate(cells.ids) if str(name).startswith(CELL)}
    if not of:
        return 1.0
    rows = [row for row, name in enumerate(buildings.ids) if str(name) in of][:SAMPLE]
    keep = np.zeros(len(buildings), bool)
    keep[rows] = True
    some = buildings.where(keep)
    estimate = people_of(some, state, assumed).middle
    recorded = cells.numbers("residents")[[of[str(name)] for name in some.ids]]
    known = np.isfinite(estimate) & (estimate > 0) & np.isfinite(recorded)
    if not known.any():
        return 1.0
    scale = float(np.median(recorded[known] / estimate[known]))
    return 1.0 if abs(scale - 1.0) < EXACT else scale


def cells_of(found: Homes, entity_rows: Rows, names: Mapping[str, str] | None = None) -> Rows:
    """Population cells of homes, marked as estimates unless their people were stated.

    Args:
        found: The homes.
        entity_rows: The cells of the city.
        names: By building, the id of the cell that stands for it; a new one for the rest.
    """
    known = names or {}
    said = [found.said(row) for row in range(len(found))]
    columns: dict[str, object] = {"id": [known.get(str(name), f"{CELL}{name}") for name in found.ids]}
    for name in ("residents", "residents_low", "residents_high", "estimated"):
        if name in entity_rows.entity.attributes:
            columns[name] = [one[name] for one in said]
    columns[GEOMETRY] = shapely.points(found.places) if len(found) else []
    return rows_of(entity_rows.entity, columns)


@dataclass(frozen=True, eq=False)
class Leaving:
    """What removing buildings does to the population cells.

    Args:
        gone: Cells that stood for them alone.
        left: People left in cells that they share with others, by id.
        people: People who move out of each building, by its id.
    """

    gone: tuple[str, ...]
    left: Mapping[str, float]
    people: Mapping[str, float]


def leaving(buildings: Rows, state: State) -> Leaving:
    """Who moves out of buildings that are removed.

    A cell that bears the name of a building, or is a point in it, goes with it. Of a cell drawn as an area goes what
    is on record of the building, else its share of the ground built on inside the cell.

    Args:
        buildings: The buildings removed.
        state: The city before.
    """
    cells = state.rows("population")
    if not len(cells) or not len(buildings):
        return Leaving((), {}, {})
    residents = np.nan_to_num(cells.numbers("residents"))
    around = _Cells(cells)
    gone: dict[str, None] = {}
    left: dict[str, float] = {}
    people: dict[str, float] = {}
    on_record = buildings.numbers("residents")
    for at, (name, shape) in enumerate(zip(buildings.ids, buildings.shapes, strict=True)):
        own = around.own(str(name), shape)
        for row in own:
            gone[str(cells.ids[row])] = None
            people[str(name)] = people.get(str(name), 0.0) + float(residents[row])
        for row in () if own else around.holding(shape):
            cell = str(cells.ids[row])
            before = left.get(cell, float(residents[row]))
            share = on_record[at] if math.isfinite(on_record[at]) else residents[row] * _part(state, shape, cells, row)
            left[cell] = max(before - float(share), 0.0)
            people[str(name)] = people.get(str(name), 0.0) + before - left[cell]
    return Leaving(tuple(gone), left, people)


def own_cells(buildings: Rows, state: State) -> dict[str, str]:
    """The population cell that stands for each building alone, where there is one."""
    cells = state.rows("population")
    if not len(cells):
        return {}
    around = _Cells(cells)
    found = {
        str(name): around.own(str(name), shape) for name, shape in zip(buildings.ids, buildings.shapes, strict=True)
    }
    return {name: str(cells.ids[rows[0]]) for name, rows in found.items() if len(rows) == 1}


class _Cells:
    """Population cells, by building."""

    def __init__(self, cells: Rows) -> None:
        self.shapes = cells.shapes
        self.named = {str(name): row for row, name in enumerate(cells.ids)}
        self.tree = shapely.STRtree(self.shapes)

    def own(self, name: str, shape: BaseGeometry | None) -> list[int]:
        """Cells that stand for one building alone: that of its name, else the points in it."""
        if f"{CELL}{name}" in self.named:
            return [self.named[f"{CELL}{name}"]]
        rows = self._near(shape)
        return [row for row in rows if shapely.get_dimensions(self.shapes[row]) < AREA]

    def holding(self, shape: BaseGeometry | None) -> list[int]:
        """Cells drawn as areas that hold the middle of a building."""
        middle = None if shape is None else shapely.point_on_surface(shape)
        return [row for row in self._near(middle) if shapely.get_dimensions(self.shapes[row]) >= AREA]

    def _near(self, shape: BaseGeometry | None) -> list[int]:
        return [] if shape is None else sorted(int(row) for row in self.tree.query(shape, predicate="intersects"))


def _part(state: State, shape: BaseGeometry, cells: Rows, row: int) -> float:
    """Share of a building in the ground built on inside a cell."""
    rows = state.rows("building")
    around = shapely.STRtree(rows.shapes).query(cells.shapes[row], predicate="intersects")
    ground = float(shapely.area(shapely.intersection(rows.shapes[around], cells.shapes[row])).sum())
    own = float(shapely.area(shapely.intersection(shape, cells.shapes[row])))
    return own / ground if ground > 0 else 0.0


def land_around(buildings: Rows, state: State, reach: float) -> Rows | None:
    """Derived land around new buildings that stand on no parcel, in a city whose land was derived; None for none."""
    parcels = state.rows("parcel")
    classes = parcels.texts("source_class") if "source_class" in parcels.entity.attributes else np.empty(0, object)
    if not (classes == DERIVED).any():
        return None
    taken = rows_of(parcels.entity, {"id": list(parcels.ids), GEOMETRY: parcels.shapes})
    tables: Mapping[str, Rows] = {
        "building": buildings, "parcel": taken, "water": state.rows("water"), "green": state.rows("green"),
    }  # fmt: skip
    facts = derive_land(MemoryState(state.profile, state.dictionary, state.moment, tables), reach=reach)
    return None if facts is None else _metric(facts.rows, parcels, state.profile.crs)


def _metric(table: pa.Table, parcels: Rows, system: str) -> Rows:
    shapes = to_metric(np.asarray(shapely.from_wkb(table[GEOMETRY].to_numpy(zero_copy_only=False)), object), system)
    columns: dict[str, object] = {name: table[name].to_pylist() for name in table.column_names if name != GEOMETRY}
    return rows_of(parcels.entity, {**columns, GEOMETRY: shapes})


def unit_changes(moves: Sequence[tuple[Numbers, float]], rows: Rows) -> dict[str, tuple[float, float]]:
    """Residents on record of units that people move into or out of: before and after, by id of the unit.

    Args:
        moves: A place and by how many people it changes.
        rows: Units of one level.
    """
    recorded = rows.numbers("residents")
    known = np.flatnonzero(np.isfinite(recorded) & ~shapely.is_missing(rows.shapes))
    found: dict[str, tuple[float, float]] = {}
    for place, people in moves:
        held = known[shapely.intersects_xy(rows.shapes[known], *place)]
        if len(held):
            row = int(held[0])
            name, before = str(rows.ids[row]), float(recorded[row])
            found[name] = (before, max(found.get(name, (before, before))[1] + people, 0.0))
    return found
