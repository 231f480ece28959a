"""Asserting: from a change set to the facts that a commit on a branch holds."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import shapely

from tulou.kernel.facts import EXISTS, GEOMETRY, ID, Facts
from tulou.model.changes import AttributeChange, ChangeSet, EntityChanges
from tulou.model.geography import to_geographic


def as_facts(changed: ChangeSet, system: str) -> list[Facts]:
    """What must be committed to a city for a change set to hold in it.

    Only what changes is asserted: an object that appears whole, one that vanishes as not existing, and of an object
    that changes the attributes that change. Claims of completeness are left alone: a project makes none.

    Args:
        changed: The change set.
        system: The city's metric system, in which its geometries are.

    Returns:
        Facts in longitude and latitude, entity by entity; one for each attribute, since a null makes it unknown.
    """
    found: list[Facts] = []
    for _, of_entity in sorted(changed.entities.items()):
        found += _of_entity(of_entity, system)
    return found


def _of_entity(changed: EntityChanges, system: str) -> Iterator[Facts]:
    name = changed.entity.name
    if len(changed.vanished):
        nowhere = pa.array(np.zeros(len(changed.vanished), bool))
        yield Facts(name, pa.table({ID: changed.vanished, EXISTS: nowhere}))
    for _, change in sorted(changed.attributes.items()):
        yield Facts(name, _changed(change, system))
    if len(changed.appeared):
        yield Facts(name, _moved(changed.appeared.table, system))


def _changed(change: AttributeChange, system: str) -> pa.Table:
    return _moved(pa.table({ID: change.ids, change.name: change.after}), system)


def _moved(table: pa.Table, system: str) -> pa.Table:
    """A table with its geometry in longitude and latitude."""
    if GEOMETRY not in table.column_names:
        return table
    shapes = np.asarray(shapely.from_wkb(table[GEOMETRY].to_numpy(zero_copy_only=False)), object)
    written = pa.array(shapely.to_wkb(to_geographic(shapes, system)), pa.binary())
    return table.set_column(table.column_names.index(GEOMETRY), GEOMETRY, written)
