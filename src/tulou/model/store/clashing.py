"""Clashing: where a branch and what it is merged into say different things, and what is left when one yields.

Both sides are compared with what they had in common: the base as it was when the branch began, or when it was merged
last. What the branch changed becomes one commit; where the base says another thing of the same attribute of the same
object meanwhile, nobody but a person can tell which holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tulou.kernel.errors import Fault
from tulou.kernel.facts import EXISTS, GEOMETRY, ID, Facts
from tulou.model.changes import AttributeChange, ChangeSet, EntityChanges
from tulou.model.rows import Rows

Side = Literal["branch", "main"]
SIDES: tuple[Side, ...] = ("branch", "main")
"""Whose word holds where both changed the same: that of the branch, or that of the branch it is merged into."""

CONTRADICTION = "the branch and what it is merged into say different things"
GONE = "gone"
"""What stands for an object that is not there any more."""


@dataclass(frozen=True)
class Clash:
    """One attribute of one object of which both sides say another thing.

    Args:
        entity: What the object is.
        object_id: Its id.
        attribute: The attribute; ``exists`` where one side removed what the other changed.
        of_branch: What the branch says.
        of_base: What the base says.
        branch_commit: Last commit of the branch about the object.
        base_commit: Last commit of the base about it.
    """

    entity: str
    object_id: str
    attribute: str
    of_branch: object
    of_base: object
    branch_commit: int = 0
    base_commit: int = 0

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is about."""
        return self.entity, self.object_id, self.attribute

    def fault(self, branch: str, base: str) -> Fault:
        """The clash as it is told to a person."""
        found = (
            f"{branch} (#{self.branch_commit}): {_told(self.of_branch)}; "
            f"{base} (#{self.base_commit}): {_told(self.of_base)}"
        )
        allowed = tuple(f"--prefer {side}" for side in SIDES)
        return Fault(CONTRADICTION, f"{self.entity} {self.object_id}.{self.attribute}", found, allowed)


def _told(value: object) -> str:
    return f"{len(value)} bytes of geometry" if isinstance(value, bytes) else str(value)


Edits = Mapping[str, Any]
"""What one side says of one object: new values by attribute, or ``GONE``; of one that appeared all it has."""


def clashes(ours: ChangeSet, theirs: Iterable[ChangeSet]) -> list[Clash]:
    """Where two sides that had the same before say different things, by object and attribute.

    Args:
        ours: What the branch changed.
        theirs: What the base changed, on each day from which on it says something else.
    """
    found: dict[tuple[str, str, str], Clash] = {}
    mine = {name: _said(changed) for name, changed in ours.entities.items()}
    for other in theirs:
        for name in sorted(mine.keys() & other.entities.keys()):
            said = _said(other.entities[name])
            for object_id in sorted(mine[name].keys() & said.keys()):
                for clash in _between(name, object_id, mine[name][object_id], said[object_id]):
                    found.setdefault(clash.key, clash)
    return [found[key] for key in sorted(found)]


def _said(changed: EntityChanges) -> Mapping[str, Edits]:
    """By object, what a change set says of it."""
    found: dict[str, dict[str, Any]] = {str(one): {EXISTS: GONE} for one in changed.vanished.to_pylist()}
    for change in changed.attributes.values():
        for object_id, after in zip(change.ids.to_pylist(), change.after.to_pylist(), strict=True):
            found.setdefault(object_id, {})[change.name] = after
    for row in changed.appeared.table.to_pylist() if len(changed.appeared) else []:
        found[row[ID]] = {name: value for name, value in row.items() if name != ID}
    return found


def _between(entity: str, object_id: str, mine: Edits, other: Edits) -> Iterator[Clash]:
    gone = [edits.get(EXISTS) == GONE for edits in (mine, other)]
    if all(gone):
        return
    if any(gone):
        told = [GONE if is_gone else _summary(edits) for is_gone, edits in zip(gone, (mine, other), strict=True)]
        yield Clash(entity, object_id, EXISTS, told[0], told[1])
        return
    for name in sorted(mine.keys() & other.keys()):
        if mine[name] != other[name]:
            yield Clash(entity, object_id, name, mine[name], other[name])


def _summary(edits: Edits) -> str:
    """What was changed of an object that the other side removed."""
    return ", ".join(f"{name} = {_told(value)}" for name, value in sorted(edits.items()) if value is not None)


def yielding(ours: ChangeSet, found: Sequence[Clash]) -> ChangeSet:
    """A branch's changes without those that clash, for when the word of the base holds."""
    entities: dict[str, EntityChanges] = {}
    for name, changed in ours.entities.items():
        gone = {clash.object_id for clash in found if clash.entity == name and clash.attribute == EXISTS}
        parts = {clash.object_id for clash in found if clash.entity == name} - gone
        attributes = {
            key: _without(change, gone | {one.object_id for one in found if one.key == (name, one.object_id, key)})
            for key, change in changed.attributes.items()
        }
        appeared = changed.appeared
        if len(appeared):
            # An object that both added is one object; what only the branch says of it is kept.
            both = np.isin(appeared.ids.astype(str), sorted(parts))
            attributes = _merged(attributes, appeared.where(both), found, name)
            appeared = appeared.where(~both & ~np.isin(appeared.ids.astype(str), sorted(gone)))
        kept = {key: change for key, change in attributes.items() if len(change)}
        entities[name] = replace(changed, appeared=appeared, vanished=_left(changed.vanished, gone), attributes=kept)
    return ChangeSet({name: changed for name, changed in entities.items() if not changed.is_empty})


def _merged(
    attributes: dict[str, AttributeChange], both: Rows, found: Sequence[Clash], entity: str
) -> dict[str, AttributeChange]:
    clashing = {(clash.object_id, clash.attribute) for clash in found if clash.entity == entity}
    for name in both.names if len(both) else ():
        column = both.column(name)
        if name == ID or column is None:
            continue
        ids = pa.array(both.ids, pa.string())
        free = pa.array([(one, name) not in clashing for one in both.ids])
        keep = pc.and_(free, column.combine_chunks().is_valid() if column.num_chunks else pa.array([], pa.bool_()))
        after = pa.concat_arrays(column.chunks).filter(keep)
        change = AttributeChange(name, ids.filter(keep), pa.nulls(len(after), after.type), after)
        attributes[name] = _joined(attributes[name], change) if name in attributes else change
    return attributes


def _joined(one: AttributeChange, other: AttributeChange) -> AttributeChange:
    pairs = ((one.ids, other.ids), (one.before, other.before), (one.after, other.after))
    return AttributeChange(one.name, *(pa.concat_arrays(pair) for pair in pairs))


def _without(change: AttributeChange, objects: set[str]) -> AttributeChange:
    keep = pc.invert(pc.is_in(change.ids, value_set=pa.array(sorted(objects), pa.string())))
    return AttributeChange(change.name, change.ids.filter(keep), change.before.filter(keep), change.after.filter(keep))


def _left(ids: pa.Array, objects: set[str]) -> pa.Array:
    return ids.filter(pc.invert(pc.is_in(ids, value_set=pa.array(sorted(objects), pa.string()))))


def revived(ours: ChangeSet, found: Sequence[Clash], rows_of: Callable[[str], Rows]) -> ChangeSet:
    """A branch's changes with the objects whole that the base removed meanwhile, for when the word of the branch holds.

    Args:
        ours: What the branch changed.
        found: Where both sides clash.
        rows_of: The objects of an entity on the branch.
    """
    entities = dict(ours.entities)
    for name in sorted({clash.entity for clash in found if clash.attribute == EXISTS and clash.of_base == GONE}):
        ids = {clash.object_id for clash in found if clash.entity == name and clash.of_base == GONE}
        changed, rows = entities[name], rows_of(name)
        back = rows.where(np.isin(rows.ids.astype(str), sorted(ids)))
        missing = back.where(~np.isin(back.ids.astype(str), changed.appeared.ids.astype(str)))
        attributes = {key: _without(change, ids) for key, change in changed.attributes.items()}
        kept = {key: change for key, change in attributes.items() if len(change)}
        entities[name] = replace(changed, appeared=_stacked(changed.appeared, missing), attributes=kept)
    return ChangeSet(entities)


def _stacked(one: Rows, other: Rows) -> Rows:
    if not len(one):
        return other
    table = pa.concat_tables([one.table, other.table], promote_options="default")
    return Rows(one.entity, table, one.complete)


def facts_of(changes: ChangeSet) -> list[Facts]:
    """A change set as facts, geometry in the city's metric system; one attribute a time, so that no other is said."""
    found: list[Facts] = []
    for name, changed in sorted(changes.entities.items()):
        if len(changed.vanished):
            gone = pa.table({ID: changed.vanished, EXISTS: pa.repeat(pa.scalar(value=False), len(changed.vanished))})
            found.append(Facts(name, gone))
        if len(changed.appeared):
            known = [key for key in changed.appeared.names if _is_spoken(changed.appeared, key)]
            found.append(Facts(name, changed.appeared.table.select(known)))
        for key in (*changed.entity.attributes, GEOMETRY):
            change = changed.attributes.get(key)
            if change is not None:
                found.append(Facts(name, pa.table({ID: change.ids, key: change.after})))
        if changed.claimed:
            # Claims need no rows of their own.
            empty = pa.table({ID: pa.array([], pa.string())})
            found.append(Facts(name, empty, tuple(sorted(changed.claimed))))
    return found


def _is_spoken(rows: Rows, name: str) -> bool:
    column = rows.column(name)
    return column is not None and (name == ID or column.null_count < len(column))
