"""Units of a city and the places they hold: what a process tells of objects, told of units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.polygons import holders
from tulou.kernel.words import Words
from tulou.model.state import State

Array = NDArray[np.float64]
LEVELS = {
    "district": Words("区县", "districts"),
    "block": Words("街道（街区）", "blocks"),
    "community": Words("社区（小区）", "communities"),
}
OUTSIDE = Words("不在任何单元内", "in no unit")


@dataclass(frozen=True, eq=False)
class UnitPlaces:
    """Units of one level, and the one that holds each place.

    Args:
        ids: Ids of the units.
        names: Their names; the id where there is none.
        unit: Position of the unit of each place; -1 where none holds it.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    unit: NDArray[np.int64]

    def sums(self, values: Array) -> Array:
        """Sums over the places of each unit, then over those in none; unknown values count for nothing.

        Args:
            values: Shape (places, ...).

        Returns:
            Shape (units + 1, ...).
        """
        count = len(self.ids) + 1
        columns = np.nan_to_num(values).reshape(len(values), -1)
        unit = np.where(self.unit < 0, count - 1, self.unit)
        sums = [np.bincount(unit, weights=column, minlength=count) for column in columns.T]
        return np.asarray(np.stack(sums, axis=1).reshape(count, *values.shape[1:]), np.float64)

    def says(self, at: int) -> str | Words:
        """What a row of ``sums`` is called."""
        return self.names[at] if at < len(self.names) else OUTSIDE


def unit_places(state: State, level: str, places: Array) -> UnitPlaces:
    """Which unit of a level holds each place?

    Args:
        state: The city.
        level: ``district``, ``block`` or ``community``.
        places: Shape (n, 2), metres in the city's system; NaN where unknown.
    """
    rows = state.rows(level)
    known = np.array([shape is not None for shape in rows.shapes], bool)
    rows = rows.where(known) if len(rows) else rows
    named = [name or str(one) for one, name in zip(rows.ids, rows.texts("name"), strict=True)]
    return UnitPlaces(tuple(map(str, rows.ids)), tuple(named), holders(rows.shapes, places))


def named_units(names: tuple[str, ...]) -> UnitPlaces:
    """Units by the name that each place states; an empty one is in none."""
    units = sorted({name for name in names if name})
    at = {name: place for place, name in enumerate(units)}
    unit = np.array([at.get(name, -1) for name in names], np.int64)
    return UnitPlaces(tuple(units), tuple(units), unit)
