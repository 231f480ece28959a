"""Change sets: what differs between two states of a city, attribute by attribute, and how to apply it to a third."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tulou.kernel.clock import Moment
from tulou.kernel.facts import GEOMETRY, ID
from tulou.model.dictionary import Entity
from tulou.model.edited import edited
from tulou.model.rows import Rows
from tulou.model.state import MemoryState, State
from tulou.model.store.reading import StoredRows, joined, kind_of

PLACE_BITS = 40
"""Bits of a row's number that say where in its file it stands."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class AttributeChange:
    """Objects in which one attribute (or the geometry) is not what it was.

    Args:
        name: The attribute.
        ids: The objects, text.
        before: What each had; null where unknown.
        after: What each has; null where unknown.
    """

    name: str
    ids: pa.Array
    before: pa.Array
    after: pa.Array

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, eq=False)
class EntityChanges:
    """What changed among the objects of one entity.

    Args:
        entity: What they are.
        appeared: Objects that were not there, whole.
        vanished: Ids of objects that are not there any more.
        attributes: Changes in objects there before and after, by attribute; ``geometry`` is one.
        claimed: Claims of completeness after; None when they did not change.
    """

    entity: Entity
    appeared: Rows
    vanished: pa.Array
    attributes: Mapping[str, AttributeChange]
    claimed: frozenset[str] | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed."""
        return not (len(self.appeared) or len(self.vanished) or self.attributes or self.claimed is not None)


@dataclass(frozen=True, eq=False)
class ChangeSet:
    """What changed in a city.

    Args:
        entities: Entities in which something changed.
    """

    entities: Mapping[str, EntityChanges] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed."""
        return not self.entities


def changes(before: State, after: State, entities: Iterable[str] | None = None) -> ChangeSet:
    """What must be done to one state to make it the other.

    Args:
        before: The one.
        after: The other.
        entities: Only these; all of the dictionary by default.
    """
    found: dict[str, EntityChanges] = {}
    for name in sorted(entities if entities is not None else set(before.dictionary) | set(after.dictionary)):
        changed = _compared(before.rows(name), after.rows(name))
        if not changed.is_empty:
            found[name] = changed
    return ChangeSet(found)


def applied(state: State, *sets: ChangeSet, moment: Moment | None = None) -> MemoryState:
    """Apply change sets to a state, one after the other.

    Changes to objects that are not there are skipped; an object that appears takes the place of one of the same id.

    Args:
        state: Where to begin; it stays as it is.
        sets: What to apply, in order.
        moment: Place on both clocks of the result; that of the state by default.
    """
    tables: dict[str, Rows] = {}
    for changed in sets:
        for name, of_entity in changed.entities.items():
            tables[name] = edited(tables[name] if name in tables else state.rows(name), of_entity)
    for name in state.dictionary:
        tables.setdefault(name, state.rows(name))
    return MemoryState(state.profile, state.dictionary, moment or state.moment, tables)


def _compared(before: Rows, after: Rows) -> EntityChanges:
    claimed = after.complete if after.complete != before.complete else None
    left, right = _unshared(before, after)
    old_ids, new_ids = joined(_column(left, ID)), joined(_column(right, ID))
    place = pc.index_in(new_ids, value_set=old_ids)
    common = np.asarray(place.is_valid(), bool)
    vanished = old_ids.filter(pc.invert(pc.is_in(old_ids, value_set=new_ids)))
    attributes: dict[str, AttributeChange] = {}
    if common.any():
        here, there = np.flatnonzero(common), np.asarray(place.drop_null(), np.int64)
        for name in (*after.entity.attributes, GEOMETRY):
            change = _changed(name, left, right, there, here)
            if change is not None:
                attributes[name] = change
    return EntityChanges(after.entity, right.where(~common), vanished, attributes, claimed)


def _unshared(before: Rows, after: Rows) -> tuple[Rows, Rows]:
    """Leave out rows that both take from the same place of the same file."""
    if not (isinstance(before, StoredRows) and isinstance(after, StoredRows)):
        return before, after
    numbers = {id(sheet): number for number, sheet in enumerate(before.selection.sheets)}
    for sheet in after.selection.sheets:
        numbers.setdefault(id(sheet), len(numbers))
    left, right = _places(before, numbers), _places(after, numbers)
    return before.where(~np.isin(left, right, kind="sort")), after.where(~np.isin(right, left, kind="sort"))


def _places(rows: StoredRows, numbers: Mapping[int, int]) -> NDArray[np.int64]:
    """One number for each row's file and place in it."""
    found = [
        (numbers[id(sheet)] << PLACE_BITS) + (np.arange(size, dtype=np.int64) if pick is None else pick)
        for sheet, pick, size in zip(rows.selection.sheets, rows.selection.picks, rows.selection.sizes, strict=True)
    ]
    return np.concatenate(found) if found else np.empty(0, np.int64)


def _changed(
    name: str, left: Rows, right: Rows, there: NDArray[np.int64], here: NDArray[np.int64]
) -> AttributeChange | None:
    if not (left.has(name) or right.has(name)):
        return None
    before = joined(_column(left, name).take(pa.array(there)))
    after = joined(_column(right, name).take(pa.array(here)))
    differs = pa.array(_differs(before, after))
    if not pc.any(differs).as_py():
        return None
    ids = joined(_column(right, ID).take(pa.array(here)))
    return AttributeChange(name, ids.filter(differs), before.filter(differs), after.filter(differs))


def _differs(before: pa.Array, after: pa.Array) -> Mask:
    if pa.types.is_nested(before.type):
        pairs = zip(before.to_pylist(), after.to_pylist(), strict=True)
        return np.fromiter((one != other for one, other in pairs), bool, len(before))
    one_known, other_known = np.asarray(before.is_valid(), bool), np.asarray(after.is_valid(), bool)
    unequal = pc.not_equal(before, after).to_numpy(zero_copy_only=False)
    both = one_known & other_known
    differs = one_known != other_known
    differs[both] = unequal[both].astype(bool)
    return differs


def _column(rows: Rows, name: str) -> pa.ChunkedArray:
    found = rows.column(name) if rows.has(name) else None
    return pa.chunked_array([pa.nulls(len(rows), kind_of(rows.entity, name))]) if found is None else found
