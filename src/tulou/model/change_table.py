"""A change set as a table: one row for each attribute of each object that is not what it was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pyarrow as pa
import shapely

from tulou.kernel.facts import GEOMETRY, ID
from tulou.model.changes import ChangeSet, EntityChanges

APPEARED, VANISHED, CHANGED, CLAIMED = "appeared", "vanished", "changed", "claimed"
KINDS = (APPEARED, VANISHED, CHANGED, CLAIMED)
"""What may happen to an object; ``claimed`` is about the whole list, which is said to be complete."""

SCHEMA = pa.schema(
    [
        ("entity", pa.string()),
        ("object", pa.string()),
        ("change", pa.string()),
        ("attribute", pa.string()),
        ("before", pa.string()),
        ("after", pa.string()),
    ]
)
"""Columns of the table. Values are written as text: numbers so that they read back as they were, geometry as WKT in the
city's metric system; null where unknown. An object that appeared has one row for each attribute known of it, one that
vanished a single row without an attribute."""


def change_table(changes: ChangeSet) -> pa.Table:
    """A change set, row by row: by entity, then appeared, vanished and changed, in the order of ids."""
    rows = [row for name in sorted(changes.entities) for row in _rows(name, changes.entities[name])]
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(SCHEMA)
    return pa.table([pa.array(column, pa.string()) for column in columns], schema=SCHEMA)


def change_counts(changes: ChangeSet) -> dict[str, dict[str, int]]:
    """By entity, how many objects appeared, vanished and changed."""
    found: dict[str, dict[str, int]] = {}
    for name, changed in sorted(changes.entities.items()):
        ids = {one for change in changed.attributes.values() for one in change.ids.to_pylist()}
        found[name] = {APPEARED: len(changed.appeared), VANISHED: len(changed.vanished), CHANGED: len(ids)}
    return found


Row = tuple[str, str, str, str, str | None, str | None]


def _rows(entity: str, changed: EntityChanges) -> Iterator[Row]:
    order = (*changed.entity.attributes, GEOMETRY)
    for values in sorted(changed.appeared.table.to_pylist(), key=lambda one: str(one[ID])):
        known = {name: values[name] for name in order if values.get(name) is not None}
        for name, value in known.items() or [("", None)]:
            yield entity, values[ID], APPEARED, name, None, written(name, value)
    for one in sorted(changed.vanished.to_pylist()):
        yield entity, one, VANISHED, "", None, None
    for change in changed.attributes.values():
        told = zip(change.ids.to_pylist(), change.before.to_pylist(), change.after.to_pylist(), strict=True)
        for one, before, after in sorted(told, key=lambda row: str(row[0])):
            yield entity, one, CHANGED, change.name, written(change.name, before), written(change.name, after)
    if changed.claimed is not None:
        yield entity, "*", CLAIMED, "", None, ", ".join(sorted(changed.claimed))


def written(name: str, value: Any) -> str | None:  # noqa: ANN401  (values of any column)
    """A value as text; None where unknown."""
    if value is None:
        return None
    if name == GEOMETRY:
        return str(shapely.to_wkt(shapely.from_wkb(value), rounding_precision=-1))
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)
