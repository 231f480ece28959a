"""Descent of units: which were split into which, which were joined, told by the ground they have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.facts import GEOMETRY
from tulou.model.rows import Rows
from tulou.model.state import State

COMMON = 0.01
"""Share of the smaller of two units that they must have in common; less is how borders were drawn, not a descent."""


@dataclass(frozen=True)
class Descent:
    """Units of one level that came and went.

    Args:
        into: Units that each one that is gone became a part of, or was split into.
        out_of: Units that each new one was made from.
        names: Names by id; those without one are absent.
    """

    into: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    out_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def name(self, unit: str) -> str:
        """What a unit is called."""
        return self.names.get(unit, unit)


def descents(before: State, after: State) -> dict[str, Descent]:
    """Descent of the units of each level.

    Args:
        before: The earlier city.
        after: The later one.
    """
    levels = {entity.level: name for name, entity in after.dictionary.items() if entity.level}
    return {
        level: descent(before.rows(name), after.rows(name))
        for level, name in levels.items()
        if name in before.dictionary
    }


def descent(before: Rows, after: Rows) -> Descent:
    """Descent of units of one level.

    Args:
        before: The units before.
        after: The units after.
    """
    gone = np.flatnonzero(~np.isin(before.ids.astype(str), after.ids.astype(str)))
    come = np.flatnonzero(~np.isin(after.ids.astype(str), before.ids.astype(str)))
    names = {**_names(before), **_names(after)}
    into: dict[str, list[str]] = {}
    out_of: dict[str, list[str]] = {}
    # A unit that is gone may have become a part of one that stays, and a new one may have been cut out of one.
    for old, new in _common(before, gone, after, np.arange(len(after))):
        into.setdefault(old, []).append(new)
    for old, new in _common(before, np.arange(len(before)), after, come):
        out_of.setdefault(new, []).append(old)
    return Descent(
        {old: tuple(sorted(units)) for old, units in into.items()},
        {new: tuple(sorted(units)) for new, units in out_of.items()},
        names,
    )


def _common(before: Rows, old: NDArray[np.int64], after: Rows, new: NDArray[np.int64]) -> list[tuple[str, str]]:
    """Pairs of units that have ground in common."""
    if not (len(old) and len(new) and before.has(GEOMETRY) and after.has(GEOMETRY)):
        return []
    one, other = before.shapes[old], after.shapes[new]
    place, twin = shapely.STRtree(other).query(one, predicate="intersects")
    common = shapely.area(shapely.intersection(one[place], other[twin]))
    smaller = np.minimum(shapely.area(one[place]), shapely.area(other[twin]))
    kept = common > COMMON * smaller
    ids, later = before.ids[old[place[kept]]], after.ids[new[twin[kept]]]
    return [(str(left), str(right)) for left, right in zip(ids, later, strict=True)]


def _names(units: Rows) -> dict[str, str]:
    if not units.has("name"):
        return {}
    return {str(unit): name for unit, name in zip(units.ids, units.texts("name"), strict=True) if name}
