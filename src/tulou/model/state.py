"""A state: the city as it was on one day, as far as it was known at one record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import pyarrow as pa

from tulou.kernel.clock import Moment
from tulou.model.dictionary import Dictionary
from tulou.model.rows import Rows


@dataclass(frozen=True)
class Profile:
    """What is fixed for a city.

    Args:
        name: The city's name.
        crs: Its metric coordinate system, e.g. ``EPSG:4549``.
        synthetic: Whether it was generated; every output says so.
        credit: Credit lines its sources ask for.
    """

    name: str
    crs: str
    synthetic: bool = False
    credit: tuple[str, ...] = ()


class State(Protocol):
    """What evaluation needs of a city, whether it lies in a store or in memory."""

    @property
    def profile(self) -> Profile:
        """What is fixed for the city."""
        ...

    @property
    def dictionary(self) -> Dictionary:
        """The data dictionary it is described with."""
        ...

    @property
    def moment(self) -> Moment:
        """Its place on both clocks."""
        ...

    def rows(self, entity: str) -> Rows:
        """The objects of one entity; no rows when there are none."""
        ...


@dataclass
class MemoryState:
    """A state held in memory: for checks, tests and what-if edits."""

    profile: Profile
    dictionary: Dictionary
    moment: Moment
    tables: Mapping[str, Rows] = field(default_factory=dict)

    def rows(self, entity: str) -> Rows:
        """The objects of one entity; no rows when there are none."""
        found = self.tables.get(entity)
        if found is not None:
            return found
        return Rows(self.dictionary[entity], pa.table({"id": pa.array([], pa.string())}))
