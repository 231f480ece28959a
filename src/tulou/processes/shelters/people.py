"""Who is to be sheltered: people of population cells by night or by day, gathered into demands within units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.errors import NotEnoughData
from tulou.kernel.polygons import holders
from tulou.model.state import State
from tulou.plan.candidates.ground import MOST_DEMANDS, SQUARE

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
When = Literal["night", "day"]
LEVELS = ("community", "block", "district")
"""Units in which people are told, the finest first."""
CITY = "city"
MOST_GATHERED = 4_000
"""Demands of a large city; its squares are doubled in size until there are no more."""
MOST_SQUARE = 800.0
"""Side of the largest squares, metres."""


@dataclass(frozen=True, eq=False)
class Units:
    """The units in which people are told.

    Args:
        level: Their level.
        ids: Their ids.
        names: What they are called.
    """

    level: str
    ids: NDArray[np.object_]
    names: NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class People:
    """People of a city at one time of the day.

    Args:
        ids: Id of each population cell.
        count: People of each cell; 0 where unknown.
        known: Whether the people of each cell are known.
        demand: Demand each cell is gathered into; -1 for a cell without people or place.
        places: Where each demand stands, (n, 2), m.
        weight: People of each demand.
        unit: Unit of each demand; -1 for none.
        units: The units.
    """

    ids: NDArray[np.object_]
    count: Array
    known: NDArray[np.bool_]
    demand: Rows
    places: Array
    weight: Array
    unit: Rows
    units: Units

    @property
    def unknown(self) -> int:
        """Cells of which nobody knows how many are there."""
        return int((~self.known).sum())

    @property
    def total(self) -> float:
        """All people, placed or not."""
        return float(self.count.sum())

    @property
    def unplaced(self) -> float:
        """People of cells without a place."""
        return float(self.count[self.demand < 0].sum())


def people_of(state: State, when: When, level: str, *, most: int = MOST_GATHERED) -> People:
    """People by night (residents) or by day (residents − employed residents + jobs).

    Args:
        state: The city.
        when: Time of the day.
        level: Level of the units they are told in; a finer or coarser one is taken where the city has none.
        most: Demands at most, as far as squares of ``MOST_SQUARE`` allow; few cells are never gathered.

    Raises:
        NotEnoughData: When nobody, or nobody's day, is on record.
    """
    cells = state.rows("population")
    if not len(cells):
        raise NotEnoughData("nobody is on record", where="population", allowed=("tulou derive",))
    count = cells.numbers("residents")
    if when == "day":
        count = np.maximum(count - cells.numbers("employed") + cells.numbers("jobs"), 0.0)
    known = np.isfinite(count)
    if not known.any():
        allowed = ("population.employed", "population.jobs") if when == "day" else ("population.residents",)
        raise NotEnoughData("where people are at this time is on no record", where=when, allowed=allowed)
    count = np.where(known, count, 0.0)
    units, holder = _units(state, level, cells.places)
    placed = np.isfinite(cells.places).all(axis=1) & (count > 0)
    demand, places, weight, unit = _gathered(cells.places, count, holder, placed, most)
    return People(cells.ids, count, known, demand, places, weight, unit, units)


def _units(state: State, level: str, places: Array) -> tuple[Units, Rows]:
    """Units of the level asked for or the nearest there is, and the one that holds each place."""
    at = LEVELS.index(level) if level in LEVELS else 0
    for name in (*LEVELS[at:], *LEVELS[:at][::-1]):
        rows = state.rows(name) if name in state.dictionary else None
        if rows is not None and len(rows):
            names = np.array([word or key for word, key in zip(rows.texts("name"), rows.ids, strict=True)], object)
            shapes = np.asarray(rows.shapes, object)
            known = np.flatnonzero(~shapely.is_missing(shapes))
            held = holders(shapes[known], places)
            return Units(name, rows.ids, names), np.where(held >= 0, known[held], -1)
    found = Units(CITY, np.array([CITY], object), np.array([state.profile.name], object))
    return found, np.zeros(len(places), np.int64)


def _gathered(
    places: Array, count: Array, unit: Rows, placed: NDArray[np.bool_], most: int
) -> tuple[Rows, Array, Array, Rows]:
    """Demands: each cell by itself while they are few, else cells of one unit within one square together."""
    demand = np.full(len(count), -1, np.int64)
    rows = np.flatnonzero(placed)
    if len(rows) <= min(MOST_DEMANDS, most):
        demand[rows] = np.arange(len(rows))
        return demand, places[rows], count[rows], unit[rows]
    square = SQUARE
    while True:
        key = np.column_stack([np.floor(places[rows] / square).astype(np.int64), unit[rows]])
        keys, inverse = np.unique(key, axis=0, return_inverse=True)
        if len(keys) <= most or square >= MOST_SQUARE:
            break
        square *= 2
    demand[rows] = inverse.ravel()
    weight = np.asarray(np.bincount(demand[rows], count[rows]), np.float64)
    middle = [np.bincount(demand[rows], count[rows] * places[rows, axis]) / weight for axis in (0, 1)]
    return demand, np.column_stack(middle), weight, keys[:, 2]
