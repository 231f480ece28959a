"""Parts: which class, cell and owner does each have, who answers for it, and what is wrong with the register?

Parts are answered for by their owner, and by the territory where no owner is known; events by the territory first, and
by an owner where no territory is known (Changshu's duty rules after CJ/T 214 and CJJ/T 315, methods S05).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from tulou.kernel.errors import BadInput
from tulou.operations.city_management.domain.classes import Classes, ObjectKind
from tulou.operations.city_management.domain.codes import PartCode, parse_part

PartFaultKind = Literal[
    "no_code", "bad_code", "duplicate_code", "unknown_class", "other_class", "no_place", "no_cell", "other_cell",
    "other_county", "no_owner",
]  # fmt: skip
PART_FAULT_KINDS: tuple[PartFaultKind, ...] = get_args(PartFaultKind)


@dataclass(frozen=True)
class ManagedPart:
    """One part as it is registered.

    Args:
        id: Its id.
        code: Its code; empty where it has none.
        part_class: Its class as stated; empty where it is not.
        owner: Its owner; empty where unknown.
        state: Its state; empty where unknown.
        stated_cell: Code of the cell as stated; empty where it is not.
        cell: Code of the cell it lies in; empty where it lies in none.
        has_place: Whether its place is known.
    """

    id: str
    code: str
    part_class: str
    owner: str
    state: str
    stated_cell: str
    cell: str
    has_place: bool


@dataclass(frozen=True)
class PartFault:
    """One thing that is wrong with a part.

    Args:
        kind: One of ``PART_FAULT_KINDS``.
        part: Id of the part.
        found: What stands there.
        beside: What it clashes with.
    """

    kind: PartFaultKind
    part: str
    found: str = ""
    beside: str = ""


def check_parts(parts: Sequence[ManagedPart], classes: Classes) -> list[PartFault]:
    """Everything that is wrong with a register, in the order of ``PART_FAULT_KINDS``.

    Args:
        parts: The parts.
        classes: Classes of parts and events.
    """
    counts = Counter(part.code for part in parts if part.code)
    found = [fault for part in parts for fault in _faults(part, classes, counts)]
    return sorted(found, key=lambda one: (PART_FAULT_KINDS.index(one.kind), one.part))


def body_for(kind: ObjectKind, owner: str, territory: str) -> str:
    """Who answers first: the owner of a part, the territory of an event, else the other; empty when neither is known.

    Args:
        kind: ``part`` or ``event``.
        owner: Owner of the part, or of what the event is about.
        territory: Body responsible for the cell.
    """
    first, second = (owner, territory) if kind == "part" else (territory, owner)
    return first or second


def _faults(part: ManagedPart, classes: Classes, counts: Mapping[str, int]) -> Iterator[PartFault]:
    if not part.code:
        yield PartFault("no_code", part.id)
    elif counts[part.code] > 1:
        yield PartFault("duplicate_code", part.id, part.code)
    code = _read(part.code)
    if part.code and code is None:
        yield PartFault("bad_code", part.id, part.code)
    if code is not None:
        yield from _of_code(part, code, classes)
    if part.part_class and part.part_class not in classes.classes:
        yield PartFault("unknown_class", part.id, part.part_class)
    if not part.has_place:
        yield PartFault("no_place", part.id)
    elif not part.cell:
        yield PartFault("no_cell", part.id)
    elif part.stated_cell and part.stated_cell != part.cell:
        yield PartFault("other_cell", part.id, part.stated_cell, part.cell)
    if not part.owner:
        yield PartFault("no_owner", part.id)


def _of_code(part: ManagedPart, code: PartCode, classes: Classes) -> Iterator[PartFault]:
    known = classes.of_code("part", code.class_code)
    if known is None:
        yield PartFault("unknown_class", part.id, code.class_code)
    elif part.part_class and part.part_class != known.id:
        yield PartFault("other_class", part.id, part.part_class, known.id)
    if part.cell and not part.cell.startswith(code.county):
        yield PartFault("other_county", part.id, code.county, part.cell)


def _read(code: str) -> PartCode | None:
    try:
        return parse_part(code)
    except BadInput:
        return None
