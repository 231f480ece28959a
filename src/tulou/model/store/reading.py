"""Reading: the newest row of each object on one day, column by column, from append-only files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput
from tulou.kernel.facts import EXISTS, GEOMETRY, ID, VALID_FROM, VALID_TO
from tulou.kernel.threads import in_threads
from tulou.model.dictionary import Entity
from tulou.model.rows import Rows, arrow_type
from tulou.model.store.manifest import Part

Picks: TypeAlias = NDArray[np.int64]
KEY_COLUMNS = (ID, VALID_FROM, VALID_TO, EXISTS)


@dataclass(frozen=True, eq=False)
class Keys:
    """What decides which assertion holds: ids, days (counted from 1970) and whether the object exists."""

    ids: pa.Array
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    exists: NDArray[np.bool_]

    @classmethod
    def of(cls, table: pa.Table) -> Keys:
        """The keys of a table of assertions."""
        return cls(
            joined(table[ID]),
            _days(table[VALID_FROM]),
            _days(table[VALID_TO]),
            _plain(table[EXISTS], pa.int8()).astype(np.bool_),
        )


@dataclass(eq=False)
class Sheet:
    """Assertions of one entity from one commit: a data file, or a table not written yet.

    Args:
        commit: Number of the commit.
        columns: Attributes it speaks of, ``geometry`` included.
        path: The data file; None for a table in memory.
        part: What the manifest says of the file.
        table: The table in memory.
    """

    commit: int
    columns: frozenset[str]
    path: Path | None = None
    part: Part | None = None
    table: pa.Table | None = None

    @cached_property
    def keys(self) -> Keys:
        """What decides which assertion holds."""
        return Keys.of(self.read(KEY_COLUMNS))

    def read(self, names: Sequence[str], keep: NDArray[np.bool_] | None = None) -> pa.Table:
        """Some columns, of all rows or of those to keep; groups of rows are read in threads.

        Raises:
            BadInput: When the file is missing or damaged; names it.
        """
        if self.table is not None:
            found = self.table.select(list(names))
            return found if keep is None else found.filter(pa.array(keep))
        self._check()
        try:
            return self._read(list(names), keep)
        except (OSError, pa.ArrowException, KeyError) as error:
            raise BadInput("this data file is damaged", where=str(self.path), found=str(error)) from None

    def _read(self, names: list[str], keep: NDArray[np.bool_] | None) -> pa.Table:
        file = pq.ParquetFile(self.path, memory_map=True)
        sizes = [file.metadata.row_group(group).num_rows for group in range(file.metadata.num_row_groups)]
        edges = np.cumsum([0, *sizes])
        groups = [group for group in range(len(sizes)) if keep is None or keep[edges[group] : edges[group + 1]].any()]
        alone = len(groups) <= 1

        def read(group: int) -> pa.Table:
            # One reader a group: they must not be shared between threads.
            reader = pq.ParquetFile(self.path, memory_map=True, metadata=file.metadata)
            found = reader.read_row_group(group, columns=names, use_threads=alone)
            here = None if keep is None else keep[edges[group] : edges[group + 1]]
            return found if here is None or here.all() else found.filter(pa.array(here))

        tables = in_threads(read, groups)
        return pa.concat_tables(tables) if tables else file.schema_arrow.empty_table().select(names)

    def _check(self) -> None:
        if self.path is None or self.part is None:
            return
        try:
            size = self.path.stat().st_size
        except OSError as error:
            raise BadInput(
                f"a data file of commit {self.commit} cannot be read: {error.strerror}", where=str(self.path)
            ) from None
        if size != self.part.bytes:
            raise BadInput(
                "this data file is damaged: its size is not what its manifest says",
                where=str(self.path),
                found=f"{size} bytes",
                allowed=(f"{self.part.bytes} bytes",),
            )


@dataclass(frozen=True, eq=False)
class Selection:
    """Rows picked from sheets.

    Args:
        sheets: Sheets in the order of their commits.
        picks: Rows of each sheet; None for all of them.
    """

    sheets: tuple[Sheet, ...]
    picks: tuple[Picks | None, ...]

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Rows picked from each sheet."""
        return tuple(
            len(sheet.keys.ids) if pick is None else len(pick)
            for sheet, pick in zip(self.sheets, self.picks, strict=True)
        )

    def column(self, name: str, kind: pa.DataType) -> pa.ChunkedArray:
        """One column of the rows picked; null where a sheet does not speak of it."""
        return self.table({name: kind})[name]

    def table(self, kinds: dict[str, pa.DataType]) -> pa.Table:
        """Several columns of the rows picked; files are opened once."""
        schema = pa.schema(kinds)
        return pa.concat_tables(
            [_picked(sheet, pick, schema, size) for sheet, pick, size in self._used()] or [schema.empty_table()]
        )

    def narrowed(self, keep: NDArray[np.bool_]) -> Selection:
        """Only the rows for which ``keep`` is true."""
        picks: list[Picks | None] = []
        at = 0
        for pick, size in zip(self.picks, self.sizes, strict=True):
            here = np.flatnonzero(keep[at : at + size])
            picks.append(here if pick is None else pick[here])
            at += size
        return Selection(self.sheets, tuple(picks))

    @property
    def evidence(self) -> NDArray[np.int64]:
        """Commit of each row."""
        return np.repeat(np.array([sheet.commit for sheet in self.sheets], np.int64), self.sizes)

    def _used(self) -> list[tuple[Sheet, Picks | None, int]]:
        return [found for found in zip(self.sheets, self.picks, self.sizes, strict=True) if found[2]]


def _picked(sheet: Sheet, pick: Picks | None, schema: pa.Schema, size: int) -> pa.Table:
    known = [name for name in schema.names if name in sheet.columns or name in KEY_COLUMNS]
    keep = None
    if pick is not None:
        keep = np.zeros(len(sheet.keys.ids), np.bool_)
        keep[pick] = True
    found = sheet.read(known, keep)
    columns = [
        found[name].cast(kind) if name in known else pa.nulls(size, kind)
        for name, kind in zip(schema.names, schema.types, strict=True)
    ]
    return pa.table(columns, schema=schema)


def holding(sheets: Sequence[Sheet], day: int) -> Selection:
    """The rows that hold on a day: of each object the newest assertion whose days contain it, if it says it exists.

    Args:
        sheets: All that is known, in the order of commits; within one sheet an object has one row a day.
        day: The day, counted from 1970.
    """
    current = [(sheet.keys.start <= day) & (day < sheet.keys.end) for sheet in sheets]
    used = [number for number in range(len(sheets)) if current[number].any()]
    newest = _newest(sheets, current, used) if len(used) > 1 else current
    picks: list[Picks | None] = []
    for sheet, mask in zip(sheets, newest, strict=True):
        held = mask & sheet.keys.exists
        picks.append(None if held.all() else np.flatnonzero(held))
    return Selection(tuple(sheets), tuple(picks))


def _newest(sheets: Sequence[Sheet], current: list[NDArray[np.bool_]], used: list[int]) -> list[NDArray[np.bool_]]:
    """Keep the last row of each object: a dictionary numbers ids in the order in which they first appear."""
    backwards = used[::-1]
    ids = [_filtered(sheets[number].keys.ids, current[number]) for number in backwards]
    encoded = pa.chunked_array(ids, pa.string()).dictionary_encode()
    codes = np.concatenate([chunk.indices.to_numpy() for chunk in encoded.chunks])
    highest = np.maximum.accumulate(codes)
    first = np.ones(len(codes), np.bool_)
    first[1:] = codes[1:] > highest[:-1]
    newest = [np.zeros(len(mask), np.bool_) for mask in current]
    at = 0
    for number, some in zip(backwards, ids, strict=True):
        newest[number][current[number]] = first[at : at + len(some)]
        at += len(some)
    return newest


def _filtered(ids: pa.Array, mask: NDArray[np.bool_]) -> pa.Array:
    return ids if mask.all() else ids.filter(pa.array(mask))


def joined(column: pa.ChunkedArray) -> pa.Array:
    """A column in one piece."""
    if column.num_chunks == 1:
        return column.chunk(0)
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)


def _days(column: pa.ChunkedArray) -> NDArray[np.int64]:
    return _plain(column, pa.int32()).astype(np.int64)


def _plain(column: pa.ChunkedArray, kind: pa.DataType) -> NDArray[Any]:
    """Numbers of a column without nulls; the straight way, since ``to_numpy`` loads pandas where it is installed."""
    return np.from_dlpack(joined(column.cast(kind)))


def kind_of(entity: Entity, name: str) -> pa.DataType:
    """The Arrow type of a stored column."""
    if name == GEOMETRY:
        return pa.binary()
    return pa.string() if name == ID else arrow_type(entity, name)


class StoredRows(Rows):
    """Rows of a state in a store: each column is read when it is first asked for."""

    def __init__(self, entity: Entity, selection: Selection, complete: frozenset[str], spoken: frozenset[str]) -> None:
        self.entity = entity
        self.selection = selection
        self.complete = complete
        self.evidence = selection.evidence
        self._spoken = spoken
        self._read: dict[str, pa.ChunkedArray] = {}

    def __len__(self) -> int:
        return sum(self.selection.sizes)

    @property
    def names(self) -> tuple[str, ...]:
        """Columns that any source spoke of."""
        order = [ID, *self.entity.attributes, GEOMETRY]
        return tuple(name for name in order if name == ID or name in self._spoken)

    @cached_property
    def table(self) -> pa.Table:
        """All columns, read at once."""
        missing = {name: kind_of(self.entity, name) for name in self.names if name not in self._read}
        if missing:
            found = self.selection.table(missing)
            self._read.update({name: found[name] for name in missing})
        return pa.table({name: self._read[name] for name in self.names})

    def load(self, names: Sequence[str]) -> None:
        """Read several columns in one go, for callers that know what they will ask for."""
        missing = {name: kind_of(self.entity, name) for name in names if self.has(name) and name not in self._read}
        if missing:
            found = self.selection.table(missing)
            self._read.update({name: found[name] for name in missing})

    def column(self, attribute: str) -> pa.ChunkedArray | None:
        """One column, read now if it was not before; None when no source spoke of it."""
        self.load([attribute])
        return self._read.get(attribute)

    def where(self, keep: NDArray[np.bool_]) -> Rows:
        """The rows for which ``keep`` is true, in their order."""
        if keep.all():
            return self
        less = StoredRows(self.entity, self.selection.narrowed(keep), self.complete, self._spoken)
        mask = pa.array(keep)
        less._read = {name: column.filter(mask) for name, column in self._read.items()}
        less.keep_from(self, keep)
        return less
