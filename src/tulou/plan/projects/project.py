"""A project: edits to a city that are decided on together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias, get_args

from shapely.geometry.base import BaseGeometry

from tulou.kernel.words import Words

Action = Literal["add", "change", "close", "remove"]
ACTIONS: tuple[Action, ...] = get_args(Action)
Value: TypeAlias = str | float | bool | date | list[float] | None
"""What an attribute may be given; None makes it unknown."""


@dataclass(frozen=True, eq=False)
class Edit:
    """One thing that a project does to one object.

    Args:
        action: ``add``, ``change``, ``close`` (it stands and serves nobody) or ``remove``.
        entity: Entity of the object.
        id: The object.
        values: Attributes it is given.
        shape: Geometry it is given, in the city's metric system; None leaves what it has.
        where: File and feature, for messages.
        name: What a reader calls the object; empty when it has no name.
    """

    action: Action
    entity: str
    id: str
    values: Mapping[str, Value] = field(default_factory=dict)
    shape: BaseGeometry | None = None
    where: str = ""
    name: str = ""


@dataclass(frozen=True, eq=False)
class Project:
    """Edits that belong together.

    Args:
        name: What it is called.
        edits: What it does, in order.
        files: SHA-256 of each file it was read from, by name.
        remarks: What was found out while it was read, such as which object lay nearest.
    """

    name: str
    edits: tuple[Edit, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[Words, ...] = ()
