"""Tracing: what each piece of work reads, noted while it is done; while that is the same it need not be done again.

Whatever work reads of the rows goes through ``TracedRows``, of the rulebook through ``traced_rulebook``; both note it.
So no list of dependencies is kept by hand, and none can be forgotten.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tulou.indicators.rulebook.content import Rulebook
from tulou.kernel.facts import GEOMETRY, ID
from tulou.model.dictionary import Entity
from tulou.model.rows import Rows

T = TypeVar("T")
Read = tuple[Hashable, ...]
"""Something read: its kind and its name, e.g. ``("column", "building", "storeys")``."""

WORK = "work"
"""Kind of what was worked out by other work."""
ALL = "all"
"""Kind of the names of all entries of a table of a rulebook."""


class Trace:
    """Notes what is read by the piece of work at hand; pieces of work may ask for others."""

    def __init__(self) -> None:
        self._at = threading.local()

    def note(self, *read: Hashable) -> None:
        """Note that something is read."""
        stack = self._stack()
        if stack:
            stack[-1][read] = None

    @contextmanager
    def work(self) -> Iterator[dict[Read, None]]:
        """Begin a piece of work; what it reads stands in the result, in the order it was read."""
        stack, found = self._stack(), dict[Read, None]()
        stack.append(found)
        try:
            yield found
        finally:
            stack.pop()

    def _stack(self) -> list[dict[Read, None]]:
        if not hasattr(self._at, "stack"):
            self._at.stack = []
        return cast("list[dict[Read, None]]", self._at.stack)


class TracedRows:
    """The objects of one entity, which note what is read of them; for all else they are ``Rows``.

    Args:
        rows: The objects.
        trace: Where it is noted.
    """

    def __init__(self, rows: Rows, trace: Trace) -> None:
        self._rows, self._trace = rows, trace
        self._name = rows.entity.name

    @property
    def entity(self) -> Entity:
        """What they are."""
        return self._rows.entity

    @property
    def complete(self) -> frozenset[str]:
        """Selections that are claimed complete."""
        self._trace.note("claims", self._name)
        return self._rows.complete

    @property
    def evidence(self) -> NDArray[np.int64]:
        """Commit that each row was last asserted in."""
        self._trace.note("evidence", self._name)
        return self._rows.evidence

    @property
    def table(self) -> pa.Table:
        """All columns."""
        for name in self.names:
            self._trace.note("column", self._name, name)
        return self._rows.table

    @property
    def names(self) -> tuple[str, ...]:
        """Columns that any source spoke of."""
        self._trace.note("names", self._name)
        return self._rows.names

    @property
    def ids(self) -> NDArray[np.object_]:
        """Object ids."""
        self._trace.note("column", self._name, ID)
        return self._rows.ids

    @property
    def shapes(self) -> NDArray[np.object_]:
        """Geometries."""
        self._trace.note("column", self._name, GEOMETRY)
        self._trace.note("size", self._name)
        return self._rows.shapes

    @property
    def places(self) -> NDArray[np.float64]:
        """A point inside each geometry."""
        self._trace.note("column", self._name, GEOMETRY)
        self._trace.note("size", self._name)
        return self._rows.places

    def __len__(self) -> int:
        self._trace.note("size", self._name)
        return len(self._rows)

    def has(self, attribute: str) -> bool:
        """Whether any source spoke of an attribute."""
        self._trace.note("has", self._name, attribute)
        return self._rows.has(attribute)

    def numbers(self, attribute: str) -> NDArray[np.float64]:
        """Numbers of an attribute."""
        self._column(attribute)
        return self._rows.numbers(attribute)

    def texts(self, attribute: str) -> NDArray[np.object_]:
        """Texts of an attribute."""
        self._column(attribute)
        return self._rows.texts(attribute)

    def column(self, attribute: str) -> pa.ChunkedArray | None:
        """The Arrow column as it is."""
        self._column(attribute)
        return self._rows.column(attribute)

    def load(self, names: Sequence[str]) -> None:
        """Read several columns in one go, where the rows can."""
        load: Callable[[Sequence[str]], None] | None = getattr(self._rows, "load", None)
        if load is not None:
            load(names)

    def where(self, keep: NDArray[np.bool_]) -> Rows:
        """The rows for which ``keep`` is true; all that they hold counts as read."""
        self._trace.note("claims", self._name)
        self._trace.note("evidence", self._name)
        _ = self.table
        return self._rows.where(keep)

    def forget_shapes(self) -> None:
        """Let go of geometries and places."""
        self._rows.forget_shapes()

    def _column(self, name: str) -> None:
        # An unknown column is as long as the rows are many.
        self._trace.note("column", self._name, name)
        self._trace.note("size", self._name)


def traced_rows(rows: Rows, trace: Trace) -> Rows:
    """Rows that note what is read of them."""
    return cast("Rows", TracedRows(rows, trace))


class _TracedTable(Mapping[str, T]):
    """A table of a rulebook that notes which entries are read."""

    def __init__(self, kind: str, entries: Mapping[str, T], trace: Trace) -> None:
        self._kind, self._entries, self._trace = kind, entries, trace

    def __getitem__(self, name: str) -> T:
        self._trace.note(self._kind, name)
        return self._entries[name]

    def __contains__(self, name: object) -> bool:
        self._trace.note(self._kind, name)
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        self._trace.note(ALL, self._kind)
        return iter(self._entries)

    def __len__(self) -> int:
        self._trace.note(ALL, self._kind)
        return len(self._entries)


TABLES = ("selections", "quantities", "parameters", "measures")
"""Tables of a rulebook that work reads."""


def traced_rulebook(rulebook: Rulebook, trace: Trace) -> Rulebook:
    """A rulebook that notes which selections, quantities, parameters and measures are read.

    What else it holds belongs to an answer's own key, see ``run``.
    """
    tables: dict[str, Any] = {kind: _TracedTable(kind, getattr(rulebook, kind), trace) for kind in TABLES}
    return replace(rulebook, **tables)
