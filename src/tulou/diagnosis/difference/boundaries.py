"""What of a change set is a change of boundaries: units that come, go or change outline, and rows that follow them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tulou.kernel.facts import GEOMETRY, ID
from tulou.model.changes import AttributeChange, ChangeSet, EntityChanges

UNIT = "unit"
"""Attribute by which a row names the unit it belongs to."""


def parted(changed: ChangeSet, moved: frozenset[str]) -> tuple[ChangeSet, ChangeSet]:
    """Part a change set into changes of boundaries and all others.

    Boundaries are the units: that one appears, vanishes or changes its outline, and that a row names another unit
    because the one it named is gone or the other is new. A row that names another unit while both exist was put right,
    or moved.

    Args:
        changed: The change set.
        moved: Ids of units that appear or vanish in any of the change sets looked at, see ``units_moved``.

    Returns:
        The boundaries, and the rest. Together they do what the change set does.
    """
    borders: dict[str, EntityChanges] = {}
    rest: dict[str, EntityChanges] = {}
    for name, of_entity in changed.entities.items():
        border, other = _entity_parted(of_entity, moved)
        borders.update({} if border.is_empty else {name: border})
        rest.update({} if other.is_empty else {name: other})
    return ChangeSet(borders), ChangeSet(rest)


def units_moved(sets: Iterable[ChangeSet]) -> frozenset[str]:
    """Ids of all units that appear or vanish in some change sets."""
    found: set[str] = set()
    for changed in sets:
        for of_entity in changed.entities.values():
            if of_entity.entity.level:
                found.update(map(str, of_entity.vanished.to_pylist()))
                found.update(map(str, of_entity.appeared.table[ID].to_pylist()))
    return frozenset(found)


def _entity_parted(changed: EntityChanges, moved: frozenset[str]) -> tuple[EntityChanges, EntityChanges]:
    is_unit = bool(changed.entity.level)
    borders: dict[str, AttributeChange] = {}
    rest: dict[str, AttributeChange] = {}
    for name, change in changed.attributes.items():
        if name == UNIT:
            follows = _follows(change, moved)
            borders.update(_named(name, _only(change, follows)))
            rest.update(_named(name, _only(change, pc.invert(follows))))
        elif is_unit and name == GEOMETRY:
            borders[name] = change
        else:
            rest[name] = change
    nothing = changed.appeared.where(np.zeros(len(changed.appeared), bool))
    nobody = changed.vanished.slice(0, 0)
    if is_unit:
        return replace(changed, attributes=borders, claimed=None), replace(
            changed, appeared=nothing, vanished=nobody, attributes=rest
        )
    return replace(changed, appeared=nothing, vanished=nobody, attributes=borders, claimed=None), replace(
        changed, attributes=rest
    )


def _follows(change: AttributeChange, moved: frozenset[str]) -> pa.Array:
    """Rows that name another unit because a unit went or came."""
    known = pa.array(sorted(moved), pa.string())
    sides = (pc.is_in(pc.cast(side, pa.string()), value_set=known) for side in (change.before, change.after))
    return pc.or_(*sides)


def _only(change: AttributeChange, kept: pa.Array) -> AttributeChange:
    return AttributeChange(change.name, *(one.filter(kept) for one in (change.ids, change.before, change.after)))


def _named(name: str, change: AttributeChange) -> dict[str, AttributeChange]:
    return {name: change} if len(change) else {}
