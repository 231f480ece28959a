"""Completing: facts that speak of a few attributes leave the others as they were.

What is stored is always whole rows. A row of new facts is cut where what was known before changes, and each piece takes
over the attributes the new facts do not speak of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tulou.kernel.facts import EXISTS, GEOMETRY, ID, VALID_FROM, VALID_TO
from tulou.model.dictionary import Entity
from tulou.model.store.overlay import NONE, Pieces, Spans, overlay, without_overlaps
from tulou.model.store.reading import KEY_COLUMNS, Keys, Selection, Sheet, kind_of


@dataclass(frozen=True, eq=False)
class Known:
    """What a branch knows of some objects: their dated rows, in rising order of precedence."""

    spans: Spans
    rows: Selection

    def take(self, kinds: dict[str, pa.DataType], places: NDArray[np.int64]) -> pa.Table:
        """Several columns at some of the rows; null where the place is -1."""
        return self.rows.table(kinds).combine_chunks().take(pa.array(places, mask=places == NONE))


def complete(new: pa.Table, before: Sequence[Sheet], entity: Entity, *, keep_known: bool = False) -> pa.Table:
    """Fill in what facts do not speak of from what was known before.

    Args:
        new: Checked rows: keys, attributes and ``geometry`` in the city's metric system.
        before: All that the branch knew of the entity, in the order of commits.
        entity: What the rows are.
        keep_known: Whether a null leaves a known value as it was, rather than making it unknown.
    """
    new = _single(new)
    known = _known(new, before)
    if known is not None:
        new = _overlaid(new, known, before, entity, keep_known=keep_known)
    return _blank_absent(new)


def stack(tables: Sequence[pa.Table], entity: Entity) -> pa.Table:
    """Join rows of several facts of one commit; where two speak of one day of an object, the later stands."""
    order = [*KEY_COLUMNS, *entity.attributes, GEOMETRY]
    spoken = {name for table in tables for name in table.column_names}
    whole = pa.concat_tables(tables, promote_options="default")
    whole = whole.select([name for name in order if name in spoken])
    return _single(whole)


def _single(table: pa.Table) -> pa.Table:
    """Cut rows so that no object has two on one day; the later row of the table stays whole."""
    codes, unique = _codes(table[ID])
    if unique == table.num_rows:
        return table
    repeated = np.flatnonzero(np.bincount(codes, minlength=unique)[codes] > 1)
    keys = Keys.of(table.select(KEY_COLUMNS))
    pieces = without_overlaps(Spans(codes[repeated], keys.start[repeated], keys.end[repeated]))
    single = np.flatnonzero(np.bincount(codes, minlength=unique)[codes] == 1)
    rows = np.concatenate([single, repeated[pieces.target]])
    start, end = np.concatenate([keys.start[single], pieces.start]), np.concatenate([keys.end[single], pieces.end])
    order = np.argsort(rows, kind="stable")
    return _redated(table.take(pa.array(rows[order])), start[order], end[order])


def _codes(ids: pa.ChunkedArray) -> tuple[NDArray[np.int64], int]:
    encoded = ids.dictionary_encode()
    if not encoded.num_chunks:
        return np.empty(0, np.int64), 0
    codes = np.concatenate([chunk.indices.to_numpy() for chunk in encoded.chunks]).astype(np.int64)
    return codes, int(codes.max()) + 1 if len(codes) else 0


def _known(new: pa.Table, before: Sequence[Sheet]) -> Known | None:
    """Rows about the objects of the new facts; None when there are none."""
    names = pc.unique(new[ID])
    keys, starts, ends, sheets, picks = [], [], [], [], []
    for sheet in before:
        number = pc.index_in(sheet.keys.ids, value_set=names)
        pick = np.flatnonzero(np.asarray(number.is_valid(), bool))
        if not len(pick):
            continue
        sheets.append(sheet)
        picks.append(pick)
        keys.append(np.asarray(number.fill_null(0), np.int64)[pick])
        starts.append(sheet.keys.start[pick])
        ends.append(sheet.keys.end[pick])
    if not sheets:
        return None
    spans = Spans(np.concatenate(keys), np.concatenate(starts), np.concatenate(ends))
    return Known(spans, Selection(tuple(sheets), tuple(picks)))


def _overlaid(new: pa.Table, known: Known, before: Sequence[Sheet], entity: Entity, *, keep_known: bool) -> pa.Table:
    spoken = {name for sheet in before for name in sheet.columns}
    order = [*entity.attributes, GEOMETRY]
    lacking = [name for name in order if name in spoken and name not in new.column_names]
    present = [name for name in order if name in spoken and name in new.column_names] if keep_known else []
    if not lacking and not present:
        return new
    pieces = _cut(new, known)
    whole = _redated(new.take(pa.array(pieces.target)), pieces.start, pieces.end)
    columns = {name: whole[name] for name in whole.column_names}
    kept = known.take({name: kind_of(entity, name) for name in [*lacking, *present]}, pieces.winner)
    for name in lacking:
        columns[name] = kept[name]
    for name in present:
        columns[name] = _coalesced(columns[name], kept[name])
    return pa.table({name: columns[name] for name in [*KEY_COLUMNS, *order] if name in columns})


def _coalesced(first: pa.ChunkedArray, second: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.coalesce(first, second) if first.null_count else first


def _cut(new: pa.Table, known: Known) -> Pieces:
    keys = Keys.of(new.select(KEY_COLUMNS))
    number = pc.index_in(keys.ids, value_set=pc.unique(new[ID]))
    codes = np.where(keys.exists, np.asarray(number, np.int64), NONE)
    return overlay(Spans(codes, keys.start, keys.end), known.spans)


def _redated(table: pa.Table, start: NDArray[np.int64], end: NDArray[np.int64]) -> pa.Table:
    names = table.column_names
    for name, days in ((VALID_FROM, start), (VALID_TO, end)):
        table = table.set_column(names.index(name), name, pa.array(days.astype(np.int32)).cast(pa.date32()))
    return table


def _blank_absent(table: pa.Table) -> pa.Table:
    """An absence says nothing of attributes."""
    exists = table[EXISTS]
    if pc.all(exists).as_py() in {True, None}:
        return table
    for place, name in enumerate(table.column_names):
        if name not in KEY_COLUMNS:
            column = table[name]
            mask = np.asarray(exists.to_numpy(zero_copy_only=False), bool)
            table = table.set_column(place, name, _masked(column, mask))
    return table


def _masked(column: pa.ChunkedArray, keep: NDArray[np.bool_]) -> pa.ChunkedArray:
    places = np.arange(len(column), dtype=np.int64)
    return column.take(pa.array(places, mask=~keep))
