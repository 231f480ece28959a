"""Placement: which rows belong to which units, whole or by their share of area or length.

A city alone holds all rows that do not lie outside its outline: its figures never depend on whether finer units exist.
What lies outside (a grid or register that reaches further than the city) can be a target, and is never counted.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from tulou.indicators.evaluate.city import City
from tulou.indicators.evaluate.nearby import are_same, rows_before
from tulou.indicators.rulebook.content import LEVELS
from tulou.kernel.threads import by_rows
from tulou.model.rows import Rows

APPORTIONED_NOT = ("building", "facility", "population")
"""Entities whose polygons are counted whole, by the place inside them; other lines and polygons by their share."""

LEAST_SHARE = 1e-9
"""A smaller overlap is the rounding of coordinates, not a part of a row."""


@dataclass(frozen=True, eq=False)
class Shares:
    """Rows in units.

    Args:
        row: Position of the row.
        unit: Position of the unit among those of the level.
        share: How much of the row lies in it; 1 when rows are counted whole.
    """

    row: NDArray[np.int64]
    unit: NDArray[np.int64]
    share: NDArray[np.float64]

    @cached_property
    def is_plain(self) -> bool:
        """Whether every row stands once, whole and in its place, so that a column need not be picked from."""
        return bool((self.share == 1.0).all() and (self.row == np.arange(len(self.row))).all())

    def of(self, column: NDArray[np.float64]) -> NDArray[np.float64]:
        """A column of the rows, by their share."""
        if self.is_plain and len(column) == len(self.row):
            return column
        return np.asarray(column[self.row] * self.share, np.float64)


@dataclass(frozen=True, eq=False)
class Units:
    """Units of one level.

    Args:
        level: The level.
        ids: Their ids.
        names: Their names.
        area: Their areas, m²; NaN where unknown.
    """

    level: str
    ids: NDArray[np.object_]
    names: NDArray[np.object_]
    area: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def order(self) -> NDArray[np.int64]:
        """Their positions in the order of their ids."""
        return pc.sort_indices(pa.array(self.ids, pa.string())).to_numpy().astype(np.int64)

    @cached_property
    def told(self) -> tuple[pa.Array, pa.Array]:
        """Ids and names in that order: one pair of columns for all answers."""
        return pa.array(self.ids[self.order], pa.string()), pa.array(self.names[self.order], pa.string())


def units_of(city: City, level: str) -> Units:
    """The units of a level, in the order of their rows; the city itself when it has no row."""
    return city.once(("units", level), lambda city: _units(city, level))


def entity_of(city: City, level: str) -> str:
    """The entity that stands for a level; empty when the dictionary has none."""
    return next((entity.name for entity in city.rulebook.dictionary.values() if entity.level == level), "")


def levels_of(city: City, finest: str) -> list[str]:
    """Levels that an indicator is reported for: from its own, of which the city has units, to the city."""
    own = LEVELS[LEVELS.index(finest) :] if finest != "building" else LEVELS[1:]
    return [level for level in own if level == "city" or (entity_of(city, level) and len(units_of(city, level)))]


def _units(city: City, level: str) -> Units:
    entity = entity_of(city, level)
    rows = city.rows(entity) if entity else None
    if rows is None or not len(rows):
        if level != "city":
            nothing = np.empty(0, object)
            return Units(level, nothing, nothing, np.empty(0))
        one = np.array(["city"], object), np.array([city.name], object)
        return Units(level, *one, np.array([np.nan]))
    area = np.where(shapely.get_dimensions(rows.shapes) > 1, shapely.area(rows.shapes), np.nan)
    return Units(level, rows.ids, rows.texts("name"), area)


def placed(city: City, selection: str, level: str) -> Shares:
    """Rows of a selection in the units of a level."""
    return city.once(placed_key(selection, level), lambda city: _placed(city, selection, level))


def placed_key(selection: str, level: str) -> Hashable:
    """Where a selection's shares are cached."""
    return ("placed", selection, level)


def _placed(city: City, selection: str, level: str) -> Shares:
    members = city.members(selection)
    entity = city.rulebook.selections[selection].entity
    if level == "city" and len(units_of(city, level)) == 1 and not _may_lie_outside(city, entity):
        return _all_of(members.size)
    whole = entity_shares(city, entity, level)
    if members.at is None:
        return whole
    if level == "city" and len(units_of(city, level)) == 1 and len(whole.row) == len(city.rows(entity)):
        return _all_of(members.size)
    position = np.full(len(city.rows(entity)), -1, np.int64)
    position[members.at] = np.arange(members.size)
    kept = position[whole.row] >= 0
    return Shares(position[whole.row[kept]], whole.unit[kept], whole.share[kept])


def entity_shares(city: City, entity: str, level: str) -> Shares:
    """All rows of an entity in the units of a level."""
    return city.once(("shares", entity, level), lambda city: _shares(city, entity, level))


def _shares(city: City, entity: str, level: str) -> Shares:
    """By what they say, else by where they lie."""
    rows = city.rows(entity)
    if level == "city" and len(units_of(city, level)) == 1:
        return _of_city(city, rows) if _may_lie_outside(city, entity) else _all_of(len(rows))
    if entity == entity_of(city, level):
        every = np.arange(len(rows))
        return Shares(every, every, _alike(1.0, len(rows)))
    unit = _said(city, rows, level)
    silent = np.flatnonzero(unit < 0)
    told = np.flatnonzero(unit >= 0)
    parts = [Shares(told, unit[told], np.ones(len(told)))]
    if len(silent) and rows.has("geometry"):
        shapes = city.rows(entity_of(city, level)).shapes
        if _is_cut(city, entity):
            found = _cut_again(city, (entity, level), rows.shapes[silent], shapes)
        else:
            found = _inside(rows.places[silent], shapes)
        parts.append(Shares(silent[found.row], found.unit, found.share))
    row = np.concatenate([part.row for part in parts])
    unit = np.concatenate([part.unit for part in parts])
    order = np.lexsort((unit, row))
    share = np.concatenate([part.share for part in parts])[order]
    return Shares(row[order], unit[order], share if (share != 1.0).any() else _alike(1.0, len(share)))


def _all_of(size: int) -> Shares:
    """All rows in the only unit there is."""
    return Shares(np.arange(size), _alike(0, size), _alike(1.0, size))


def _alike(value: float, size: int) -> NDArray[Any]:
    """One number for all rows, which takes no room; nobody may write into it."""
    return np.broadcast_to(np.array([value]), (size,))


def _may_lie_outside(city: City, entity: str) -> bool:
    """Whether rows of an entity have places, and the only city an outline to lie outside of."""
    rows = city.rows(entity)
    return not rows.entity.level and rows.has("geometry") and bool(np.isfinite(units_of(city, "city").area).all())


def _of_city(city: City, rows: Rows) -> Shares:
    """Rows of the only city: those that name a unit, have no place, or whose place lies in its outline."""
    outline = city.rows(entity_of(city, "city")).shapes[0]
    found = _all_of(len(rows))
    if not len(rows) or outline.covers(shapely.box(*_extent(rows.shapes))):
        return found
    shapely.prepare(outline)
    places = rows.places
    outside = np.isfinite(places).all(axis=1) & ~shapely.intersects_xy(outline, places[:, 0], places[:, 1])
    if rows.has("unit"):
        outside &= ~np.asarray(pc.is_valid(rows.column("unit")).to_numpy(zero_copy_only=False), bool)
    kept = np.flatnonzero(~outside)
    return Shares(kept, found.unit[kept], found.share[kept])


def _extent(shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    """Extent of all shapes; a point at nothing when none is known."""
    return np.nan_to_num(shapely.total_bounds(shapes))


def _is_cut(city: City, entity: str) -> bool:
    declared = city.rulebook.dictionary[entity]
    return declared.geometry in {"line", "polygon", "any"} and not declared.level and entity not in APPORTIONED_NOT


def _said(city: City, rows: Rows, level: str) -> NDArray[np.int64]:
    """Unit each row names, a finer unit standing for the one it lies in; -1 where it names none."""
    found = np.full(len(rows), -1, np.int64)
    if not rows.has("unit"):
        return found
    # A unit lies in coarser ones only.
    own = rows.entity.level
    finest = LEVELS.index(own) + 1 if own else 1
    by_id: dict[str, int] = {str(name): at for at, name in enumerate(units_of(city, level).ids)}
    for finer in LEVELS[finest : LEVELS.index(level)]:
        entity = entity_of(city, finer)
        if entity and len(city.rows(entity)):
            inside = entity_shares(city, entity, level)
            ids = city.rows(entity).ids
            by_id.update({str(ids[row]): int(unit) for row, unit in zip(inside.row, inside.unit, strict=True)})
    known = pa.array(list(by_id), pa.string())
    named = rows.column("unit")
    at = pc.fill_null(pc.index_in(pc.cast(named, pa.string()), known), -1).to_numpy(zero_copy_only=False)
    unit = np.array([*by_id.values(), -1], np.int64)
    return unit[at]


def _inside(places: NDArray[np.float64], shapes: NDArray[np.object_]) -> Shares:
    """Places in polygons; on a common border the first unit counts."""
    from tulou.measures.access.inside import Areas  # compiles kernels; only where units are polygons

    around = Areas(shapes).around(places)
    row = np.flatnonzero(around >= 0)
    return Shares(row, around[row], np.ones(len(row)))


def _among(
    row: NDArray[np.int64], unit: NDArray[np.int64], units_held: NDArray[np.int64], rows_held: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Which pairs of row and unit are among some others."""
    width = int(row.max(initial=0)) + 1
    return np.isin(unit * width + row, units_held * width + rows_held)


def _cut_again(city: City, key: tuple[str, str], pieces: NDArray[np.object_], shapes: NDArray[np.object_]) -> Shares:
    """Pieces cut by units; with a memory, those cut before by the same units are not cut again."""
    if city.memo is None:
        return _cut(pieces, shapes)
    before = city.memo.nearby.cuts.get(key)
    found = None
    if before is not None and are_same(before[1], shapes):
        found = _taken_over(before[2], rows_before(before[0], pieces), pieces, shapes)
    if found is None:
        found = _cut(pieces, shapes)
    city.memo.nearby.cuts[key] = (pieces, shapes, found)
    return found


def _taken_over(
    before: Shares, was: NDArray[np.int64], pieces: NDArray[np.object_], shapes: NDArray[np.object_]
) -> Shares:
    """Shares of the pieces that were cut before, with those of new pieces among them."""
    held, new = np.flatnonzero(was >= 0), np.flatnonzero(was < 0)
    first, beyond = (np.searchsorted(before.row, was[held], side) for side in ("left", "right"))
    count = beyond - first
    at = np.repeat(first - np.cumsum(count) + count, count) + np.arange(int(count.sum()))
    found = _cut(pieces[new], shapes)
    row = np.concatenate([np.repeat(held, count), new[found.row]])
    unit = np.concatenate([before.unit[at], found.unit])
    order = np.lexsort((unit, row))
    return Shares(row[order], unit[order], np.concatenate([before.share[at], found.share])[order])


def _cut(pieces: NDArray[np.object_], shapes: NDArray[np.object_]) -> Shares:
    """Lines and polygons by the share of their length or area in each unit; points whole."""
    # Asked from the units, each is prepared once for all its pieces.
    tree = shapely.STRtree(pieces)
    unit, row = tree.query(shapes, predicate="intersects")
    order = np.lexsort((unit, row))
    row, unit = row[order].astype(np.int64), unit[order].astype(np.int64)
    dimension = shapely.get_dimensions(pieces)[row]
    share = np.ones(len(row))
    inside = _among(row, unit, *tree.query(shapes, predicate="covers"))
    apart = np.flatnonzero(~inside & (dimension >= 1))
    cut = by_rows(shapely.intersection, pieces[row[apart]], shapes[unit[apart]])
    of_area = dimension[apart] > 1
    whole = np.where(of_area, shapely.area(pieces[row[apart]]), shapely.length(pieces[row[apart]]))
    part = np.where(of_area, shapely.area(cut), shapely.length(cut))
    share[apart] = np.divide(part, whole, out=np.zeros(len(apart)), where=whole > 0)
    kept = share > LEAST_SHARE
    first = np.ones(len(row), bool)
    first[1:] = row[1:] != row[:-1]
    # A point, or a line along a border, belongs to the first unit that it touches.
    kept &= first | ((dimension >= 1) & ~inside)
    return Shares(row[kept], unit[kept], share[kept])
