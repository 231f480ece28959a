"""Rows: the objects of one entity in one state of the city, as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from tulou.kernel.facts import GEOMETRY, ID
from tulou.kernel.identity import digest_column
from tulou.kernel.threads import by_rows
from tulou.model.dictionary import Entity


@dataclass(eq=False)
class Rows:
    """The objects of one entity.

    Args:
        entity: What they are.
        table: Arrow table with ``id``, the attributes that any source spoke of, and ``geometry`` as WKB in the city's
            metric system. An attribute without a column was never spoken of: it is unknown everywhere.
        complete: Selections of the entity for which a source claims to know every object, see ``kernel.facts``.
        evidence: Commit that each row was last asserted in, aligned with the rows; empty when there is no store.
    """

    entity: Entity
    table: pa.Table
    complete: frozenset[str] = frozenset()
    evidence: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))

    def __len__(self) -> int:
        return int(self.table.num_rows)

    @cached_property
    def ids(self) -> NDArray[np.object_]:
        """Object ids, one a row."""
        return _objects(self._known(ID))

    @property
    def names(self) -> tuple[str, ...]:
        """Columns that any source spoke of, ``id`` and ``geometry`` included."""
        return tuple(self.table.column_names)

    def has(self, attribute: str) -> bool:
        """Whether any source spoke of an attribute."""
        return attribute in self.names

    def numbers(self, attribute: str) -> NDArray[np.float64]:
        """Numbers in the dictionary's unit; flags become 1.0 and 0.0; NaN where unknown."""
        self.entity.attribute(attribute)
        if not self.has(attribute):
            return np.full(len(self), np.nan)
        column = self._known(attribute)
        if pa.types.is_boolean(column.type):
            column = pc.cast(column, pa.uint8())
        return np.asarray(pc.cast(column, pa.float64()).to_numpy(zero_copy_only=False), np.float64)

    def texts(self, attribute: str) -> NDArray[np.object_]:
        """Texts, None where unknown."""
        self.entity.attribute(attribute)
        if not self.has(attribute):
            return np.full(len(self), None, object)
        return _objects(self._known(attribute))

    def column(self, attribute: str) -> pa.ChunkedArray | None:
        """The Arrow column as it is, or None when no source spoke of it."""
        return self.table[attribute] if self.has(attribute) else None

    @cached_property
    def shapes(self) -> NDArray[np.object_]:
        """Geometries in the city's metric system, None where unknown."""
        if not self.has(GEOMETRY):
            return np.full(len(self), None, object)
        return np.asarray(by_rows(shapely.from_wkb, self._known(GEOMETRY).to_numpy(zero_copy_only=False)), object)

    @cached_property
    def places(self) -> NDArray[np.float64]:
        """A point inside each geometry, shape (n, 2), metres; NaN where unknown."""
        shapes = self.shapes
        found = np.full((len(shapes), 2), np.nan)
        known = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
        if known.any():
            points = by_rows(shapely.point_on_surface, shapes[known])
            found[known, 0], found[known, 1] = shapely.get_x(points), shapely.get_y(points)
        return found

    def digest(self, attribute: str) -> str | None:
        """What proves that a column is the same, row by row, as in another state; None when there is no such column."""
        known: dict[str, str | None] = self.__dict__.setdefault("_digests", {})
        if attribute not in known:
            known[attribute] = self._digest(attribute)
        return known[attribute]

    def _digest(self, attribute: str) -> str | None:
        column = self.column(attribute)
        return None if column is None else digest_column(column)

    def forget_shapes(self) -> None:
        """Let go of geometries and places, the largest part of a city in memory; they are read again when asked for."""
        for name in ("shapes", "places"):
            self.__dict__.pop(name, None)

    def where(self, keep: NDArray[np.bool_]) -> Rows:
        """The rows for which ``keep`` is true, in their order."""
        if keep.all():
            return self
        evidence = self.evidence[keep] if len(self.evidence) else self.evidence
        less = Rows(self.entity, self.table.filter(pa.array(keep)), self.complete, evidence)
        less.keep_from(self, keep)
        return less

    def keep_from(self, more: Rows, keep: NDArray[np.bool_]) -> None:
        """Take over what was already worked out for the rows these are a part of."""
        for name in ("shapes", "places"):
            if name in more.__dict__:
                self.__dict__[name] = more.__dict__[name][keep]

    def _known(self, name: str) -> pa.ChunkedArray:
        column = self.column(name)
        return self.table[name] if column is None else column


def rows_of(entity: Entity, columns: Mapping[str, Any], *, complete: frozenset[str] = frozenset()) -> Rows:
    """Rows from plain columns: for checks, tests and generators. ``geometry`` may hold shapely objects."""
    made: dict[str, Any] = {}
    for name, values in columns.items():
        if name == GEOMETRY:
            made[name] = pa.array(shapely.to_wkb(np.asarray(values, object)), pa.binary())
        elif name == ID:
            made[name] = pa.array([str(value) for value in values], pa.string())
        else:
            made[name] = pa.array(values, arrow_type(entity, name))
    return Rows(entity, pa.table(made), complete)


def arrow_type(entity: Entity, attribute: str) -> pa.DataType:
    """The Arrow type that an attribute is stored with."""
    kind = entity.attribute(attribute).type
    return {
        "text": pa.string(),
        "number": pa.float64(),
        "flag": pa.bool_(),
        "date": pa.date32(),
        "series": pa.list_(pa.float64()),
    }[kind]


def _objects(column: pa.ChunkedArray) -> NDArray[np.object_]:
    return np.asarray(column.to_numpy(zero_copy_only=False), object)
