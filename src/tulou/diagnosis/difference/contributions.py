"""Contributions: what each object adds to a figure, and how much of a change of the figure is its own.

A figure that adds up is ``value = N / D`` with ``N = sum n_i`` and ``D = sum d_i`` over objects (``D`` is 1 where
nothing is divided). Between two cities its change is divided among the objects without a residual::

    share_i = (n_i' - n_i) (1 / D + 1 / D') / 2  -  (d_i' - d_i) (N + N') / (2 D D')

which is the Shapley value of the two players *numerator* and *denominator*, each linear in its objects.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tulou.indicators.evaluate.city import City
from tulou.indicators.evaluate.measuring import Measured, measured
from tulou.indicators.evaluate.placement import Shares, entity_of, placed, units_of
from tulou.indicators.evaluate.reasons import Unanswerable
from tulou.indicators.rulebook.content import MEANS, Binding, Formula, Per

Numbers = NDArray[np.float64]
ADDED = ("share", "count", "sum", "mean", "sample_mean", "ratio", "density")
"""Aggregates that add up over objects; of the tallest, or of an index of inequality, nobody owns a share."""
SEPARATOR = "\x1f"
"""Stands between entity and id in the key of an object."""
TARGETS = "targets"
"""Argument by which measures of reach are given what can be reached."""


@dataclass(frozen=True, eq=False)
class Contributions:
    """What objects add to one figure of one city.

    Args:
        keys: The objects, see ``key_of``; an object stands once for what counts and once for what it is divided by.
        numerator: What each adds above, in the unit of the figure times that of the denominator.
        denominator: What each adds below; None when nothing is divided.
        nearest: Key of the target that decided each; null for none.
    """

    keys: pa.Array
    numerator: Numbers
    denominator: Numbers | None
    nearest: pa.Array

    @property
    def top(self) -> float:
        """The numerator."""
        return float(self.numerator.sum())

    @property
    def below(self) -> float:
        """The denominator; 1 when nothing is divided."""
        return 1.0 if self.denominator is None else float(self.denominator.sum())


def key_of(entity: str, ids: pa.Array) -> pa.Array:
    """Keys of objects: their entity and id as one text."""
    return pc.binary_join_element_wise(pa.scalar(entity), ids, SEPARATOR)


def key_text(entity: str, name: str) -> str:
    """The key of one object."""
    return f"{entity}{SEPARATOR}{name}"


def parted_key(key: str) -> tuple[str, str]:
    """Entity and id of an object by its key."""
    entity, _, name = key.partition(SEPARATOR)
    return entity, name


def contributions(city: City, formula: Formula, level: str, unit: str) -> Contributions | None:
    """What each object adds to a figure.

    Args:
        city: The city, as it was asked.
        formula: How the figure is worked out.
        level: Level of the unit.
        unit: Id of the unit.

    Returns:
        None when the figure does not add up over objects, or cannot be told.
    """
    at = np.flatnonzero(units_of(city, level).ids == unit)
    if formula.aggregate not in ADDED or not len(at):
        return None
    try:
        return _contributions(city, formula, level, int(at[0]))
    except Unanswerable:
        return None


def _contributions(city: City, formula: Formula, level: str, at: int) -> Contributions:
    found = measured(city, formula.of, formula.binding)
    rows, share = _inside(found, placed(city, formula.of, level), at)
    part, whole = found.parts.part[rows], found.parts.whole[rows]
    is_weighted = formula.aggregate in MEANS and not found.is_numbers
    above = (part * whole if is_weighted else part) * share * formula.factor
    keys = key_of(_entity(city, formula.of), _ids(city, formula.of, rows))
    nearest = _nearest(city, formula.binding, found, rows)
    if formula.aggregate in {"share", *MEANS}:
        return Contributions(keys, above, whole * share, nearest)
    if formula.aggregate in {"count", "sum"}:
        return Contributions(keys, above, None, nearest)
    others, below = _below(city, formula.per, level, at)
    return Contributions(
        pa.concat_arrays([keys, others]),
        np.concatenate([above, np.zeros(len(others))]),
        np.concatenate([np.zeros(len(keys)), below]),
        pa.concat_arrays([nearest, pa.nulls(len(others), pa.string())]),
    )


def _below(city: City, per: Per | None, level: str, at: int) -> tuple[pa.Array, Numbers]:
    """Objects that are divided by: rows of another selection, their areas, or the unit itself."""
    if per is None:
        units = units_of(city, level)
        own = entity_of(city, level) or level
        return key_of(own, pa.array([str(units.ids[at])], pa.string())), units.area[at : at + 1]
    shares = placed(city, per.of, level)
    if per.binding is None:
        areas = np.asarray(city.column(per.of, "shape_area"), np.float64)
        here = np.flatnonzero((shares.unit == at) & ~np.isnan(areas[shares.row]))
        rows, share, sizes = shares.row[here], shares.share[here], areas
    else:
        found = measured(city, per.of, per.binding)
        rows, share = _inside(found, shares, at)
        sizes = found.parts.part
    return key_of(_entity(city, per.of), _ids(city, per.of, rows)), sizes[rows] * share


def _inside(found: Measured, shares: Shares, at: int) -> tuple[NDArray[np.int64], Numbers]:
    """Known rows inside a unit, and how much of each."""
    here = np.flatnonzero((shares.unit == at) & found.known[shares.row])
    return shares.row[here], shares.share[here]


def _entity(city: City, selection: str) -> str:
    return city.rulebook.selections[selection].entity


def _ids(city: City, selection: str, rows: NDArray[np.int64]) -> pa.Array:
    members = city.members(selection)
    at = rows if members.at is None else members.at[rows]
    return pa.array(city.rows(_entity(city, selection)).ids[at], pa.string())


def _nearest(city: City, binding: Binding, found: Measured, rows: NDArray[np.int64]) -> pa.Array:
    """Key of the target that decided each row."""
    which, targets = found.parts.nearest, binding.inputs.get(TARGETS)
    if which is None or targets is None:
        return pa.nulls(len(rows), pa.string())
    decided = which[rows]
    keys = key_of(_entity(city, targets.selection), _ids(city, targets.selection, np.maximum(decided, 0)))
    return pc.if_else(pa.array(decided >= 0), keys, pa.scalar(None, pa.string()))


@dataclass(frozen=True, eq=False)
class Spread:
    """The objects of several contributions side by side.

    Args:
        keys: All objects.
        above: What each adds above, shape (cities, objects).
        below: What each adds below, shape (cities, objects).
        divides: Whether anything is divided by, shape (cities,).
        nearest: Position in ``targets`` of the target that decided each; -1 for none, shape (cities, objects).
        targets: Keys of targets.
    """

    keys: pa.Array
    above: Numbers
    below: Numbers
    divides: NDArray[np.bool_]
    nearest: NDArray[np.int64]
    targets: pa.Array

    def shares(self, one: int, other: int) -> Numbers:
        """What each object has in the change from one city to another; nothing where the two do not divide alike."""
        if self.divides[one] != self.divides[other]:
            return np.zeros(len(self.keys))
        rise = self.above[other] - self.above[one]
        if not self.divides[one]:
            return rise
        top, top_after = self.above[one].sum(), self.above[other].sum()
        under, under_after = self.below[one].sum(), self.below[other].sum()
        widened = self.below[other] - self.below[one]
        return np.asarray(
            rise * (1.0 / under + 1.0 / under_after) / 2.0 - widened * (top + top_after) / (2.0 * under * under_after)
        )


def spread(found: Sequence[Contributions]) -> Spread:
    """Bring contributions of several cities side by side."""
    every = pa.chunked_array([one.keys for one in found], pa.string()).unique()
    targets = pa.chunked_array([one.nearest for one in found], pa.string()).drop_null().unique()
    shape = len(found), len(every)
    above, below, nearest = np.zeros(shape), np.zeros(shape), np.full(shape, -1, np.int64)
    for city, one in enumerate(found):
        at = np.asarray(pc.index_in(one.keys, value_set=every), np.int64)
        np.add.at(above[city], at, one.numerator)
        if one.denominator is not None:
            np.add.at(below[city], at, one.denominator)
        which = np.asarray(pc.fill_null(pc.index_in(one.nearest, value_set=targets, skip_nulls=True), -1), np.int64)
        nearest[city, at[which >= 0]] = which[which >= 0]
    divides = np.array([one.denominator is not None for one in found])
    return Spread(every, above, below, divides, nearest, targets)
