"""Figures of all coalitions side by side, and what each cause moved in every one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tulou.diagnosis.difference.coalitions import BOUNDARY, CAUSES, Coalitions
from tulou.diagnosis.difference.shapley import Numbers, divided
from tulou.indicators.evaluate.run import Check
from tulou.indicators.evaluate.verdict import NOT_ASSESSED, STATUSES

KEYS = ("level", "unit", "indicator", "variant")
"""What names a figure of a check."""
DIVIDED, INDIVISIBLE, APPEARED, VANISHED, UNDEFINED = KINDS = (
    "divided",
    "indivisible",
    "appeared",
    "vanished",
    "undefined",
)
"""What can be told of a change: divided among the causes; not divisible, because every way from one figure to the other
passes through an undefined one; a figure that one check alone has; none in either."""
NOBODY = -1
ROUNDING = 1e-12
"""Part, relative to the largest of the figures, that is what adding up rows in another order leaves, and is nothing."""
PARTING = "\x1f"
"""Stands between the parts of a key; no name holds it."""

_WORD = pa.dictionary(pa.int32(), pa.string())
PARTS = [("before", pa.float64()), ("after", pa.float64()), ("change", pa.float64())]
PARTS += [(cause, pa.float64()) for cause in CAUSES]

SCHEMA = pa.schema(
    [
        *((name, pa.string() if name == "unit" else _WORD) for name in KEYS),
        ("unit_name", pa.string()),
        *PARTS,
        ("within_borders", pa.float64()),
        ("kind", _WORD),
        ("because", _WORD),
        ("status_before", _WORD),
        ("status_after", _WORD),
        ("status_because", _WORD),
        ("reason_zh", _WORD),
        ("reason_en", _WORD),
    ]
)
"""One row for each figure that either check has. ``within_borders`` is the value before, had the borders been those of
after; it tells of units that are new what they were. ``because`` is the cause that moved most, or made the figure
appear or vanish; ``status_because`` is the one that turned the verdict. ``reason_zh`` and ``reason_en`` say why the
later check has no value, or else why the earlier one had none."""

COUNTS = pa.schema([("level", _WORD), ("status", _WORD), *PARTS, ("because", _WORD)])
"""Units by verdict, over the official answers."""


@dataclass(frozen=True, eq=False)
class Aligned:
    """One column of several tables, aligned by key.

    Args:
        keys: The keys, in order.
        values: Shape (tables, keys); NaN where a table has no such key or no value.
        found: Row of each key in each table; -1 where it has none.
    """

    keys: pa.Table
    values: Numbers
    found: NDArray[np.int64]


def aligned(tables: Sequence[pa.Table], keys: Sequence[str], column: str) -> Aligned:
    """Bring a column of several tables side by side.

    Args:
        tables: The tables; a key stands at most once in each.
        keys: Columns that name a row.
        column: Column of numbers.
    """
    named = [_joined(table, keys) for table in tables]
    every = pa.concat_arrays(named).unique()
    every = every.take(pc.sort_indices(every))
    found = np.stack([_places(every, one) for one in named])
    values = np.full(found.shape, np.nan)
    for row, (table, at) in enumerate(zip(tables, found, strict=True)):
        numbers = pc.cast(table[column], pa.float64()).to_numpy(zero_copy_only=False)
        values[row, at >= 0] = numbers[at[at >= 0]]
    parts = zip(*(text.split(PARTING) for text in every.to_pylist()), strict=True) if len(every) else ([],) * len(keys)
    return Aligned(
        pa.table({name: pa.array(part, pa.string()) for name, part in zip(keys, parts, strict=True)}), values, found
    )


def _joined(table: pa.Table, keys: Sequence[str]) -> pa.Array:
    texts = [pc.fill_null(pc.cast(table[name], pa.string()), "") for name in keys]
    return pc.binary_join_element_wise(*texts, PARTING).combine_chunks()


def _places(every: pa.Array, named: pa.Array) -> NDArray[np.int64]:
    return np.asarray(pc.fill_null(pc.index_in(every, value_set=named), NOBODY), np.int64)


def differences(coalitions: Coalitions, levels: Iterable[str] | None = None) -> pa.Table:
    """What each cause moved in every figure.

    Args:
        coalitions: Checks of all coalitions.
        levels: Levels of units to tell of; all when left out.

    Returns:
        A table, see ``SCHEMA``.
    """
    tables = [_of_levels(check.results, levels) for check in coalitions]
    side_by_side = aligned(tables, KEYS, "value")
    causes = coalitions.movement.causes
    moved = divided_columns(side_by_side.values, causes)
    borders = 1 << causes.index(BOUNDARY) if BOUNDARY in causes else 0
    status = [_picked(table, at, "status") for table, at in zip(tables, side_by_side.found, strict=True)]
    columns = {
        **{name: side_by_side.keys[name] for name in KEYS},
        **moved,
        "within_borders": _nullable(side_by_side.values[borders]),
        "unit_name": _names(tables, side_by_side.found),
        "status_before": status[0],
        "status_after": status[-1],
        "status_because": _turned(status, causes),
        **{name: _reasons(tables, side_by_side.found, name) for name in ("reason_zh", "reason_en")},
    }
    return pa.table([pc.cast(columns[field.name], field.type) for field in SCHEMA], schema=SCHEMA)


def counts(coalitions: Coalitions) -> pa.Table:
    """What each cause moved in the numbers of units that pass, fail, stand for reference or are not assessed.

    Returns:
        A table, see ``COUNTS``.
    """
    tables = [_counted(check.results) for check in coalitions]
    return divided_table(tables, ("level", "status"), coalitions.movement.causes, COUNTS, nothing=0.0)


def divided_scores(coalitions: Coalitions, score: Callable[[Check], pa.Table], keys: Sequence[str]) -> pa.Table:
    """What each cause moved in anything that is worked out from a check, such as a composite score.

    Args:
        coalitions: Checks of all coalitions.
        score: Makes a table with ``keys`` and ``value`` from a check.
        keys: Columns that name a row.
    """
    schema = pa.schema([*((name, pa.string()) for name in keys), *PARTS, ("kind", _WORD), ("because", _WORD)])
    return divided_table([score(check) for check in coalitions], keys, coalitions.movement.causes, schema)


def divided_table(
    tables: Sequence[pa.Table],
    keys: Sequence[str],
    causes: Sequence[str],
    schema: pa.Schema,
    *,
    nothing: float = np.nan,
) -> pa.Table:
    """Divide the changes of a column ``value``.

    Args:
        tables: Of all coalitions, with ``keys`` and ``value``.
        keys: Columns that name a row.
        causes: Causes that moved.
        schema: Columns to give.
        nothing: What a missing row stands for.
    """
    side_by_side = aligned(tables, keys, "value")
    values = np.where(side_by_side.found < 0, nothing, side_by_side.values)
    columns = {**{name: side_by_side.keys[name] for name in keys}, **divided_columns(values, causes)}
    return pa.table([pc.cast(columns[field.name], field.type) for field in schema], schema=schema)


def divided_columns(values: Numbers, causes: Sequence[str]) -> dict[str, pa.Array]:
    """Columns that tell a change: before, after, the part of each cause, and what can be told of it."""
    before, after = values[0], values[-1]
    known = np.isfinite(values)
    least = ROUNDING * np.abs(np.where(known, values, 0.0)).max(axis=0)
    parts = _rounded(divided(values).parts, least)
    appearing = divided(known.astype(np.float64)).parts
    had, has = known[0], known[-1]
    is_divided = had & has & np.isfinite(parts).all(axis=0)
    kind = np.select([is_divided, had & has, has, had], KINDS[:4], UNDEFINED)
    decisive = np.where(is_divided, np.nan_to_num(parts), np.where(had != has, appearing, 0.0))
    columns = {"before": before, "after": after, "change": _rounded(after - before, least)}
    for cause in CAUSES:
        part = parts[causes.index(cause)] if cause in causes else np.zeros(len(before))
        columns[cause] = np.where(is_divided, part, np.nan)
    made = {name: _nullable(numbers) for name, numbers in columns.items()}
    return {**made, "kind": pa.array(kind, pa.string()), "because": _foremost(decisive, causes)}


def _nullable(numbers: Numbers) -> pa.Array:
    return pa.array(numbers, pa.float64(), mask=~np.isfinite(numbers))


def _rounded(numbers: Numbers, least: Numbers) -> Numbers:
    """Numbers of which those that are but rounding are nothing."""
    return np.where(np.abs(numbers) <= least, 0.0, numbers)


def _foremost(parts: Numbers, causes: Sequence[str]) -> pa.Array:
    """The cause that moved most, the first of equals; null where nothing moved."""
    if not causes:
        return pa.nulls(parts.shape[1], pa.string())
    size = np.abs(parts)
    names = np.array(causes, object)[size.argmax(axis=0)]
    return pa.array(names, pa.string(), mask=size.max(axis=0) == 0.0)


def _turned(status: Sequence[pa.Array], causes: Sequence[str]) -> pa.Array:
    """The cause that turned each verdict; null where it stands."""
    code = np.stack(
        [np.asarray(pc.fill_null(pc.index_in(one, value_set=_STATUSES), NOBODY), np.int64) for one in status]
    )
    stays = code[0] == code[-1]
    # The part of a cause in leaving the old verdict and in reaching the new one.
    left = divided((code == code[0]).astype(np.float64)).parts
    reached = divided((code == code[-1]).astype(np.float64)).parts
    return _foremost(np.where(stays, 0.0, reached - left), causes)


_STATUSES = pa.array(STATUSES, pa.string())


def _of_levels(table: pa.Table, levels: Iterable[str] | None) -> pa.Table:
    if levels is None:
        return table
    return table.filter(pc.is_in(pc.cast(table["level"], pa.string()), value_set=pa.array(list(levels), pa.string())))


def _picked(table: pa.Table, at: NDArray[np.int64], column: str) -> pa.Array:
    """Texts of a table at some rows; null where there is none."""
    places = pa.array(np.maximum(at, 0), pa.int64(), mask=at < 0)
    texts = pc.cast(table[column], pa.string()).combine_chunks()
    return texts.take(places)


def _names(tables: Sequence[pa.Table], found: NDArray[np.int64]) -> pa.Array:
    """Names of units, those of the later check before those of the earlier."""
    return pc.coalesce(*(_picked(tables[side], found[side], "unit_name") for side in (-1, 0)))


def _reasons(tables: Sequence[pa.Table], found: NDArray[np.int64], column: str) -> pa.Array:
    """Why a figure has no value, after or before; null where both have one, or the unit is not there."""
    sides = [
        (_picked(tables[side], found[side], column), _picked(tables[side], found[side], "status")) for side in (-1, 0)
    ]
    return pc.coalesce(*(pc.if_else(pc.equal(status, NOT_ASSESSED), text, None) for text, status in sides))


def _counted(table: pa.Table) -> pa.Table:
    official = table.filter(pc.equal(pc.cast(table["variant"], pa.string()), ""))
    texts = {name: pc.cast(official[name], pa.string()) for name in ("level", "status")}
    counted = pa.table(texts).group_by(["level", "status"]).aggregate([([], "count_all")])
    return counted.rename_columns(["level", "status", "value"])
