"""Edited rows: the objects of an entity after a change set, sharing with those before all that did not change."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from tulou.kernel.facts import GEOMETRY, ID
from tulou.model.rows import Rows
from tulou.model.store.reading import joined, kind_of

if TYPE_CHECKING:
    from tulou.model.changes import AttributeChange, EntityChanges

Mask = NDArray[np.bool_]
Whole = NDArray[np.int64]


def edited(rows: Rows, changed: EntityChanges) -> Rows:
    """The rows after a change.

    Changes to objects that are not there are skipped; an object that appears takes the place of one of the same id.
    What stands in no object is not looked at, so that columns nobody touched stay the very same.

    Args:
        rows: The objects before; they stay as they are.
        changed: What changed.
    """
    complete = rows.complete if changed.claimed is None else changed.claimed
    gone = pa.concat_arrays([changed.vanished, joined(_column(changed.appeared, ID))])
    keep = None
    if len(gone) and len(rows):
        left = ~np.asarray(pc.is_in(joined(_column(rows, ID)), value_set=gone), bool)
        keep = None if left.all() else left
    found = EditedRows(rows, keep, changed.appeared, changed.attributes, complete)
    return found if found.is_edited or complete != rows.complete else rows


class EditedRows(Rows):
    """Rows of which some vanished, some appeared and some have other values; each column is made when asked for.

    Args:
        before: The objects before.
        keep: Which of them are left; None for all.
        appeared: Objects added behind them.
        changes: New values, by attribute.
        complete: Claims of completeness.
    """

    def __init__(
        self,
        before: Rows,
        keep: Mask | None,
        appeared: Rows,
        changes: Mapping[str, AttributeChange],
        complete: frozenset[str],
    ) -> None:
        self.entity = before.entity
        self.complete = complete
        self._before, self._keep, self._appeared = before, keep, appeared
        self.evidence = self._evidence()
        self._changes = {name: (change, self._places_of(change)) for name, change in changes.items()}
        self._changes = {name: found for name, found in self._changes.items() if len(found[1][0])}
        self._made: dict[str, pa.ChunkedArray] = {}

    @property
    def is_edited(self) -> bool:
        """Whether anything but the claims differs from before."""
        return bool(self._changes) or not self._same_rows

    @property
    def _same_rows(self) -> bool:
        return self._keep is None and not len(self._appeared)

    def __len__(self) -> int:
        left = len(self._before) if self._keep is None else int(np.count_nonzero(self._keep))
        return left + len(self._appeared)

    @property
    def names(self) -> tuple[str, ...]:
        """Columns that any source spoke of."""
        spoken = {*self._before.names, *self._appeared.names, *self._changes}
        order = (ID, *self.entity.attributes, GEOMETRY)
        return tuple(name for name in order if name in spoken)

    @cached_property
    def table(self) -> pa.Table:
        """All columns, made at once."""
        return pa.table({name: self.column(name) for name in self.names})

    def column(self, attribute: str) -> pa.ChunkedArray | None:
        """One column, made now if it was not before; None when no source spoke of it."""
        if not self.has(attribute):
            return None
        if attribute not in self._made:
            self._made[attribute] = self._column(attribute)
        return self._made[attribute]

    @cached_property
    def ids(self) -> NDArray[np.object_]:
        """Object ids, one a row."""
        if self._same_rows:
            return self._before.ids
        return np.concatenate([self._left(self._before.ids), self._appeared.ids])

    @cached_property
    def shapes(self) -> NDArray[np.object_]:
        """Geometries, those of untouched objects handed on."""
        before = self._before.shapes
        if self._same_rows and GEOMETRY not in self._changes:
            return before
        found = np.concatenate([self._left(before), self._appeared.shapes])
        if GEOMETRY in self._changes:
            change, (at, of) = self._changes[GEOMETRY]
            found[at] = shapely.from_wkb(change.after.to_numpy(zero_copy_only=False)[of])
        return np.asarray(found, object)

    @cached_property
    def places(self) -> NDArray[np.float64]:
        """A point inside each geometry, those of untouched objects handed on."""
        before = self._before.places
        if self._same_rows and GEOMETRY not in self._changes:
            return before
        found = np.concatenate([self._left(before), self._appeared.places])
        if GEOMETRY in self._changes:
            at = self._changes[GEOMETRY][1][0]
            some = Rows(self.entity, pa.table({ID: pa.array(self.ids[at], pa.string())}))
            some.__dict__["shapes"] = self.shapes[at]
            found[at] = some.places
        return found

    def forget_shapes(self) -> None:
        """Let go of geometries and places, here and in the rows before."""
        super().forget_shapes()
        self._before.forget_shapes()

    def _digest(self, attribute: str) -> str | None:
        if self._same_rows and attribute not in self._changes:
            return self._before.digest(attribute)
        return super()._digest(attribute)

    def _column(self, name: str) -> pa.ChunkedArray:
        if name not in self._changes and self._same_rows:
            return _column(self._before, name)
        column = _column(self._before, name)
        if self._keep is not None:
            column = column.filter(pa.array(self._keep))
        if name in self._changes:
            change, (at, of) = self._changes[name]
            where = np.arange(len(column), dtype=np.int64)
            where[at] = len(column) + of
            both = pa.concat_arrays([*column.chunks, change.after.cast(column.type)])
            column = pa.chunked_array([both.take(pa.array(where))])
        if not len(self._appeared):
            return column
        more = _column(self._appeared, name).cast(column.type)
        return pa.chunked_array([*column.chunks, *more.chunks], column.type)

    def _left(self, values: NDArray[Any]) -> NDArray[Any]:
        return values if self._keep is None else values[self._keep]

    def _places_of(self, change: AttributeChange) -> tuple[Whole, Whole]:
        """Rows that a change speaks of, and which of its values each takes."""
        ids = joined(_column(self._before, ID))
        if self._keep is not None:
            ids = ids.filter(pa.array(self._keep))
        found = pc.index_in(ids, value_set=change.ids)
        return np.flatnonzero(np.asarray(found.is_valid(), bool)), np.asarray(found.drop_null(), np.int64)

    def _evidence(self) -> NDArray[np.int64]:
        before, more = self._before, self._appeared
        if not (len(before.evidence) or len(more.evidence)):
            return np.empty(0, np.int64)
        if self._same_rows:
            return before.evidence
        return np.concatenate([self._left(_commits(before)), _commits(more)])


def _commits(rows: Rows) -> NDArray[np.int64]:
    return rows.evidence if len(rows.evidence) else np.zeros(len(rows), np.int64)


def _column(rows: Rows, name: str) -> pa.ChunkedArray:
    found = rows.column(name) if rows.has(name) else None
    return pa.chunked_array([pa.nulls(len(rows), kind_of(rows.entity, name))]) if found is None else found
