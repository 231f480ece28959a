"""What a connector must know of the data dictionary: the shape of it, since sources may not import the model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeAlias

from tulou.kernel.words import Words


class ExpectedAttribute(Protocol):
    """One column that facts about an entity may have."""

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def title(self) -> Words:
        """What it means."""
        ...

    @property
    def type(self) -> str:
        """``text``, ``number``, ``flag``, ``date`` or ``series``."""
        ...

    @property
    def unit(self) -> str:
        """Unit of its numbers; empty for the rest."""
        ...

    @property
    def values(self) -> Mapping[str, Words] | None:
        """Allowed values of a text with their titles; None when any text will do."""
        ...


class ExpectedEntity(Protocol):
    """One kind of object that facts may be about."""

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def title(self) -> Words:
        """What it means."""
        ...

    @property
    def geometry(self) -> str:
        """``point``, ``line``, ``polygon``, ``any`` or ``none``."""
        ...

    @property
    def attributes(self) -> Mapping[str, ExpectedAttribute]:
        """Its columns."""
        ...


Expected: TypeAlias = Mapping[str, ExpectedEntity]
"""The entities of the data dictionary by name; the model's ``Dictionary`` is one."""
