"""The data-quality sheet of a state: what is known, from where, how old it is, and which lists nobody claims complete.

It says how good the facts are, not how good the city is, and it is read beside every figure made from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tulou.kernel.clock import BEGINNING
from tulou.kernel.facts import GEOMETRY, ID
from tulou.model.rows import Rows
from tulou.model.state import State
from tulou.model.store.manifest import Commit
from tulou.model.store.reading import StoredRows

WHOLE = 100.0
EPOCH = date(1970, 1, 1)
SECONDS_A_DAY = 86_400.0
MARKS = ("estimated", "derived")
"""Common attributes by which a source says that a row is an estimate, or was derived from other facts."""

ATTRIBUTES = pa.schema(
    [
        ("entity", pa.string()),
        ("attribute", pa.string()),
        ("rows", pa.int64()),
        ("known", pa.float64()),
        ("estimated", pa.float64()),
        ("sources", pa.string()),
        ("valid_age", pa.float64()),
        ("valid_oldest", pa.float64()),
        ("record_age", pa.float64()),
    ]
)
"""What is known of an attribute. ``known`` is percent of the rows; ``estimated`` percent of those known whose row is
marked an estimate or derived; ``sources`` the numbers of the commits its known rows stand in, most rows first; ages are
days before the day of the check (valid) and before the last record that counts (record), the median and, for valid
time, the oldest; null where no source says since when."""

LISTS = pa.schema(
    [
        ("entity", pa.string()),
        ("rows", pa.int64()),
        ("is_list", pa.bool_()),
        ("complete", pa.string()),
        ("estimated", pa.float64()),
    ]
)
"""What is claimed of a list. ``complete`` names the selections some source claims to know completely, ``*`` for the
whole list; null where nobody claims anything, so that absence says nothing."""

SOURCES = pa.schema(
    [
        ("commit", pa.int64()),
        ("recorded", pa.string()),
        ("source", pa.string()),
        ("connector", pa.string()),
        ("datum", pa.string()),
        ("licence", pa.string()),
        ("who", pa.string()),
        ("valid_from", pa.string()),
        ("read", pa.int64()),
        ("kept", pa.int64()),
        ("repaired", pa.int64()),
        ("refused", pa.int64()),
        ("standing", pa.int64()),
    ]
)
"""One row a commit. ``source`` is the name of what was read, or what the commit is about; ``standing`` counts its rows
that are still the newest word about their object."""

REMARKS = pa.schema(
    [
        ("commit", pa.int64()),
        ("treated", pa.string()),
        ("kind", pa.string()),
        ("rows", pa.int64()),
        ("text", pa.string()),
        ("examples", pa.string()),
    ]
)
"""What was repaired, refused or noted while reading, as the connectors told it."""


class Recorded(State, Protocol):
    """A state that knows which commits it is made of."""

    @property
    def commits(self) -> tuple[Commit, ...]:
        """The commits that count, oldest first."""


@dataclass(frozen=True, eq=False)
class QualitySheet:
    """How good the facts of a state are.

    Args:
        attributes: See ``ATTRIBUTES``.
        lists: See ``LISTS``.
        sources: See ``SOURCES``; empty for a state without a store.
        remarks: See ``REMARKS``.
    """

    attributes: pa.Table
    lists: pa.Table
    sources: pa.Table
    remarks: pa.Table


def quality_sheet(state: State | Recorded, *, asked: Iterable[str] = (), entities: Sequence[str] = ()) -> QualitySheet:
    """The data-quality sheet of a state.

    Args:
        state: The city.
        asked: Attributes, as ``entity.attribute``, that are told of even where no source spoke of them: those that
            the indicators ask for.
        entities: Only these; all that have rows or are asked for when empty.
    """
    commits: tuple[Commit, ...] = getattr(state, "commits", ())
    wanted: dict[str, set[str]] = {}
    for name in asked:
        entity, _, attribute = name.partition(".")
        if entity in state.dictionary and attribute in state.dictionary[entity].attributes:
            wanted.setdefault(entity, set()).add(attribute)
    chosen = [
        name
        for name in sorted(state.dictionary)
        if (name in entities if entities else len(state.rows(name)) or name in wanted)
    ]
    told: list[tuple[object, ...]] = []
    lists: list[tuple[object, ...]] = []
    standing: dict[int, int] = {}
    for name in chosen:
        rows = state.rows(name)
        told += _Told(rows, state, commits).attributes(wanted.get(name, set()))
        lists.append(_list(name, rows))
        for number, count in zip(*np.unique(rows.evidence, return_counts=True), strict=True):
            standing[int(number)] = standing.get(int(number), 0) + int(count)
    return QualitySheet(
        _table(told, ATTRIBUTES),
        _table(lists, LISTS),
        _table([_source(commit, standing.get(commit.number, 0)) for commit in commits], SOURCES),
        _table([row for commit in commits for row in _remarks(commit)], REMARKS),
    )


class _Told:
    """One entity while it is told of."""

    def __init__(self, rows: Rows, state: State, commits: Sequence[Commit]) -> None:
        self.rows = rows
        self.day = (state.moment.valid - EPOCH).days
        self.is_estimate = _is_marked(rows)
        self.start = _starts(rows)
        last = max((commit.time for commit in commits), default=None)
        ages = {one.number: (last - one.time).total_seconds() / SECONDS_A_DAY for one in commits if last is not None}
        self.record_age = np.array([ages.get(int(number), np.nan) for number in rows.evidence], np.float64)

    def attributes(self, wanted: set[str]) -> list[tuple[object, ...]]:
        rows = self.rows
        spoken = [name for name in rows.names if name != ID]
        order = [*rows.entity.attributes, GEOMETRY]
        return [self._attribute(name) for name in order if name in spoken or name in wanted]

    def _attribute(self, name: str) -> tuple[object, ...]:
        rows, count = self.rows, len(self.rows)
        column = rows.column(name)
        known = np.zeros(count, bool) if column is None else _known(column)
        share = None if not count else float(np.count_nonzero(known)) / count * WHOLE
        estimated = float(self.is_estimate[known].mean()) * WHOLE if known.any() else None
        age = self.day - self.start[known]
        record = self.record_age[known] if len(self.record_age) else np.empty(0)
        return (
            rows.entity.name,
            name,
            count,
            share,
            estimated,
            _evidence(rows, known),
            _median(age),
            float(np.nanmax(age)) if np.isfinite(age).any() else None,
            _median(record),
        )


def _known(column: pa.ChunkedArray) -> NDArray[np.bool_]:
    return np.asarray(pc.is_valid(column).to_numpy(zero_copy_only=False), bool)


def _is_marked(rows: Rows) -> NDArray[np.bool_]:
    """Rows that say of themselves that they are estimates or derived."""
    found = np.zeros(len(rows), bool)
    for name in MARKS:
        if name in rows.entity.attributes and rows.has(name):
            found |= np.nan_to_num(rows.numbers(name)) > 0
    return found


def _starts(rows: Rows) -> NDArray[np.float64]:
    """First day each row holds from, counted from 1970; NaN where no source says."""
    if not isinstance(rows, StoredRows):
        return np.full(len(rows), np.nan)
    held = rows.selection
    parts = [
        sheet.keys.start if pick is None else sheet.keys.start[pick]
        for sheet, pick in zip(held.sheets, held.picks, strict=True)
    ]
    found = np.concatenate(parts).astype(np.float64) if parts else np.empty(0)
    return np.where(found <= (BEGINNING - EPOCH).days, np.nan, found)


def _evidence(rows: Rows, known: NDArray[np.bool_]) -> str | None:
    if not len(rows.evidence) or not known.any():
        return None
    numbers, counts = np.unique(rows.evidence[known], return_counts=True)
    order = np.lexsort((numbers, -counts))
    return ",".join(str(number) for number in numbers[order])


def _median(values: NDArray[np.float64]) -> float | None:
    held = values[np.isfinite(values)]
    return float(np.median(held)) if len(held) else None


def _list(name: str, rows: Rows) -> tuple[object, ...]:
    marked = _is_marked(rows)
    complete = ",".join(sorted(rows.complete)) or None
    return name, len(rows), rows.entity.is_list, complete, float(marked.mean()) * WHOLE if len(rows) else None


def _source(commit: Commit, standing: int) -> tuple[object, ...]:
    source, quality = commit.source, commit.quality
    start = commit.valid.start
    return (
        commit.number,
        commit.time.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"),
        source.name if source else commit.message or None,
        source.connector if source else None,
        source.datum or None if source else None,
        source.licence or None if source else None,
        commit.who or None,
        None if start == BEGINNING else start.isoformat(),
        quality.read,
        quality.kept,
        quality.repaired,
        quality.refused,
        standing,
    )


def _remarks(commit: Commit) -> list[tuple[object, ...]]:
    return [
        (commit.number, one.treated, one.kind, one.rows, one.text, ", ".join(one.examples) or None)
        for one in commit.quality.remarks
    ]


def _table(rows: Sequence[tuple[object, ...]], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    return pa.table([pa.array(column, kind.type) for column, kind in zip(columns, schema, strict=True)], schema=schema)
