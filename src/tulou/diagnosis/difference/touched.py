"""Objects that the change sets of each cause touch, and what they say of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from tulou.kernel.facts import GEOMETRY, ID
from tulou.model.changes import ChangeSet, EntityChanges

How = Literal["appeared", "vanished", "changed"]
HOWS: tuple[How, ...] = ("appeared", "vanished", "changed")
PLACE = ("geometry", "place", "shape_area", "shape_length")
"""Names by which a geometry is read."""


@dataclass(frozen=True)
class Step:
    """One attribute of an object, before and after; ``geometry`` stands for its outline, without values.

    Args:
        attribute: The attribute.
        before: What it was; None when unknown.
        after: What it is; None when unknown.
    """

    attribute: str
    before: Any
    after: Any


@dataclass
class Touch:
    """What happened to an object.

    Args:
        how: Whether it appeared, vanished or changed.
        steps: Attributes that changed.
    """

    how: How
    steps: list[Step] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Touched:
    """Objects touched by the change sets of one cause.

    Args:
        objects: What happened to each, by entity and id.
        claims: Entities of which other lists are claimed complete than before.
    """

    objects: Mapping[str, Mapping[str, Touch]]
    claims: frozenset[str] = frozenset()

    def touch(self, entity: str, name: str) -> Touch | None:
        """What happened to one object; None when nothing did."""
        return self.objects.get(entity, {}).get(name)

    def ids(self, entity: str, columns: frozenset[str] | None = None) -> list[str]:
        """Objects of an entity that came, went, or changed in some columns; in any when none are named."""
        found = self.objects.get(entity, {})
        return [name for name, touch in found.items() if columns is None or is_seen(touch, columns)]


def is_seen(touch: Touch, columns: frozenset[str]) -> bool:
    """Whether who reads some columns of an object sees what happened to it."""
    return touch.how != "changed" or any(step.attribute in columns for step in touch.steps)


def touched(sets: Iterable[ChangeSet]) -> Touched:
    """What some change sets, applied one after the other, say of each object."""
    found: dict[str, dict[str, Touch]] = {}
    claims: set[str] = set()
    for changed in sets:
        for name, of_entity in changed.entities.items():
            _add(found.setdefault(name, {}), of_entity)
            claims |= {name} if of_entity.claimed is not None else set()
    return Touched(found, frozenset(claims))


def _add(objects: dict[str, Touch], changed: EntityChanges) -> None:
    for name in changed.vanished.to_pylist():
        objects[str(name)] = Touch("vanished")
    for name in pc.cast(changed.appeared.table[ID], pa.string()).to_pylist():
        objects[str(name)] = Touch("appeared")
    for attribute, change in changed.attributes.items():
        is_place = attribute == GEOMETRY
        before = [None] * len(change) if is_place else change.before.to_pylist()
        after = [None] * len(change) if is_place else change.after.to_pylist()
        for name, old, new in zip(map(str, change.ids.to_pylist()), before, after, strict=True):
            touch = objects.setdefault(name, Touch("changed"))
            if touch.how == "changed":
                touch.steps.append(Step(attribute, old, new))
