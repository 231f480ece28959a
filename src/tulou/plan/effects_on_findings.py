"""Effects on findings: which are new, which are gone, and which speak of other objects than before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Kind = Literal["appeared", "vanished", "changed"]
ROUNDING = 1e-9
"""Relative difference that is the rounding of sums, not a change."""
COMPARED = ("status", "count", "size", "people", "severity")


@dataclass(frozen=True)
class FindingChange:
    """One finding that is not what it was.

    Args:
        finding: Its id.
        kind: ``appeared``, ``vanished`` or ``changed``.
        indicator: Indicator that fails.
        dimension: Its dimension.
        level: Level of the unit.
        unit: Unit it lies in.
        unit_name: Its name; empty when it has none.
        entity: Entity of its objects.
        status: ``fail`` or ``to confirm``, before and after; empty where there was no finding.
        added: Objects that it did not name before.
        dropped: Objects that it no longer names.
        counts: Number of its objects before and after.
        people: People concerned before and after; None where nobody knows.
        cause: Its main cause; empty where none was told.
        geometry: Where it is, as WKB in the city's metric system; None without a place.
        sizes: By how much its objects fail in all, before and after; None where there was none.
        size_unit: Unit of that.
    """

    finding: str
    kind: Kind
    indicator: str
    dimension: str
    level: str
    unit: str
    unit_name: str
    entity: str
    status: tuple[str, str]
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    counts: tuple[int, int]
    people: tuple[float | None, float | None]
    cause: str
    geometry: bytes | None
    sizes: tuple[float | None, float | None] = (None, None)
    size_unit: str = ""


def finding_changes(before: pa.Table, after: pa.Table) -> tuple[FindingChange, ...]:
    """Findings of two diagnoses that are not the same, in the order of their ids.

    Args:
        before: Findings of the one, see ``diagnosis.findings.SCHEMA``.
        after: Findings of the other.
    """
    same = _same(before, after)
    left = _by_id(before.filter(pc.invert(pc.is_in(before["finding"], value_set=same))))
    right = _by_id(after.filter(pc.invert(pc.is_in(after["finding"], value_set=same))))
    found = [_change(left.get(name, ()), right.get(name, ())) for name in sorted({*left, *right})]
    return tuple(change for change in found if change is not None)


def _same(before: pa.Table, after: pa.Table) -> pa.Array:
    """Ids of findings that say the very same in both."""
    nothing = pa.array([], pa.string())
    place = pc.index_in(before["finding"], value_set=pa.array(after["finding"].to_pylist(), pa.string()))
    at = np.flatnonzero(np.asarray(place.is_valid(), bool))
    if not len(at):
        return nothing
    one = before.take(pa.array(at)).combine_chunks()
    other = after.take(pc.drop_null(place)).combine_chunks()
    equal = np.ones(len(at), bool)
    for name in COMPARED:
        equal &= _equal(one[name], other[name])
    equal[equal] &= _lists_equal(one["objects"].filter(pa.array(equal)), other["objects"].filter(pa.array(equal)))
    # An id that stands twice is looked at in full.
    often = _often(before) | _often(after)
    same = one["finding"].filter(pa.array(equal)).to_pylist()
    return pa.array([name for name in same if name not in often], pa.string())


def _often(table: pa.Table) -> set[str]:
    """Ids that stand more than once."""
    if len(pc.unique(table["finding"])) == table.num_rows:
        return set()
    return {str(one["values"]) for one in pc.value_counts(table["finding"]).to_pylist() if one["counts"] > 1}


def _equal(one: pa.ChunkedArray, other: pa.ChunkedArray) -> Mask:
    if pa.types.is_dictionary(one.type):
        one, other = pc.cast(one, pa.string()), pc.cast(other, pa.string())
    known = np.asarray(one.is_valid(), bool), np.asarray(other.is_valid(), bool)
    equal = np.asarray(pc.fill_null(pc.equal(one, other), fill_value=False).to_numpy(), bool)
    return equal | (~known[0] & ~known[1])


def _lists_equal(one: pa.ChunkedArray, other: pa.ChunkedArray) -> Mask:
    """Where two columns of lists hold the same, row by row; the lists of a row are of one length."""
    sizes = np.asarray(pc.list_value_length(one).to_numpy(), np.int64)
    same = _equal(pc.list_flatten(one), pc.list_flatten(other))
    wrong = np.bincount(np.repeat(np.arange(len(sizes)), sizes), ~same, minlength=len(sizes))
    return np.asarray(wrong == 0, bool)


def _by_id(table: pa.Table) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in table.to_pylist():
        found.setdefault(row["finding"], []).append(row)
    return found


def _change(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> FindingChange | None:
    """What became of one finding; None when nothing did."""
    told = (after or before)[0]
    sides = [dict.fromkeys(name for row in rows for name in row["objects"]) for rows in (before, after)]
    status = _status(before), _status(after)
    people = _people(before), _people(after)
    added = tuple(name for name in sides[1] if name not in sides[0])
    dropped = tuple(name for name in sides[0] if name not in sides[1])
    counts = sum(row["count"] for row in before), sum(row["count"] for row in after)
    sizes = _size(before), _size(after)
    if status[0] == status[1] and not added and not dropped and _close(*people) and _close(*sizes):
        return None
    kind: Kind = "appeared" if not before else "vanished" if not after else "changed"
    return FindingChange(
        told["finding"], kind, told["indicator"], told["dimension"], told["level"], told["unit"],
        told["unit_name"] or "", told["entity"] or "", status, added, dropped, counts, people, told["cause"] or "",
        told["geometry"], sizes, told["size_unit"] or "",
    )  # fmt: skip


def _close(one: float | None, other: float | None) -> bool:
    """Whether two sums are the same but for rounding."""
    if one is None or other is None:
        return one is other
    return abs(one - other) <= ROUNDING * max(1.0, abs(one), abs(other))


def _status(rows: Sequence[Mapping[str, Any]]) -> str:
    return str(rows[0]["status"]) if rows else ""


def _size(rows: Sequence[Mapping[str, Any]]) -> float | None:
    known = [row["size"] for row in rows if row["size"] is not None]
    return float(sum(known)) if known else None


def _people(rows: Sequence[Mapping[str, Any]]) -> float | None:
    known = [row["people"] for row in rows if row["people"] is not None]
    return float(sum(known)) if known else None
