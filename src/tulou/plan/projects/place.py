"""The place a project is meant for: which objects stand there, by id, by nearness, and where the city ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from heapq import nlargest
from itertools import takewhile

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from tulou.kernel.errors import BadInput
from tulou.model.dictionary import Dictionary, Entity
from tulou.model.state import State

REACH = 100.0
"""How far from the point given an object may lie to be the one that is meant, metres."""
SAMPLES = 200
"""Ids offered for the nearest guess when one is unknown: those that begin and end most like it."""
LARGEST_FOOTPRINT = 2e6
"""Largest ground a building covers, m2: the flower auction of Aalsmeer, among the largest, covers about a million."""
SMALLEST_FOOTPRINT = 1.0
"""Smallest, m2."""
BESIDE = 10.0
"""How far beside a line drawn along it a street may run, metres."""
HALF = 0.5
KILOMETRE = 1000.0


@dataclass(frozen=True)
class Found:
    """An object of the city that a feature means.

    Args:
        entity: Its entity.
        id: Its id.
        name: Its name; empty when it has none.
        distance: Metres from the point given; 0 when it was named by its id.
    """

    entity: str
    id: str
    name: str
    distance: float = 0.0


@dataclass(eq=False)
class Place:
    """A state of a city, as features of a project look at it.

    Args:
        state: The state.
        dictionary: The data dictionary the project is written in.
    """

    state: State
    dictionary: Dictionary
    _ids: dict[str, dict[str, int]] = field(default_factory=dict)
    _trees: dict[str, shapely.STRtree] = field(default_factory=dict)

    def entity(self, name: str, where: str) -> Entity:
        """An entity by name or title.

        Raises:
            BadInput: When there is none; offers the nearest.
        """
        if name in self.dictionary:
            return self.dictionary[name]
        asked = name.strip().casefold()
        for entity in self.dictionary.values():
            if asked in {entity.name, entity.title.zh.casefold(), entity.title.en.casefold()}:
                return entity
        raise BadInput(
            "there is no such entity in the data dictionary", where=where, found=name, allowed=self.dictionary
        )

    def row_of(self, entity: str, name: str) -> int | None:
        """The row of an object; None when it is not there."""
        if entity not in self._ids:
            self._ids[entity] = {str(one): row for row, one in enumerate(self.state.rows(entity).ids)}
        return self._ids[entity].get(name)

    def named(self, name: str, entities: Sequence[str], where: str) -> Found:
        """The object of an id.

        Args:
            name: The id.
            entities: Entities it may be of.
            where: For messages.

        Raises:
            BadInput: When there is none, or several entities have it.
        """
        found = [(one, row) for one in entities if (row := self.row_of(one, name)) is not None]
        if len(found) > 1:
            raise BadInput(
                "objects of several entities have this id; name the entity",
                where=where,
                found=name,
                allowed=[one for one, _ in found],
            )
        if not found:
            near = self._alike(name, entities)
            raise BadInput("there is no such object in the city", where=where, found=name, allowed=near)
        return self._found(*found[0])

    def nearest(self, entity: str, category: str, point: BaseGeometry, where: str) -> Found:
        """The object nearest to a place, which still serves.

        Args:
            entity: Its entity.
            category: Its category; empty for any.
            point: The place, in metres.
            where: For messages.

        Raises:
            BadInput: When none lies within ``REACH``.
        """
        rows = self.state.rows(entity)
        keep = ~shapely.is_missing(rows.shapes)
        if category:
            keep &= rows.texts("category") == category
        if "closed" in rows.entity.attributes:
            keep &= rows.numbers("closed") != 1.0
        at = np.flatnonzero(keep)
        distance = shapely.distance(rows.shapes[at], point) if len(at) else np.empty(0)
        if not len(at) or distance.min() > REACH:
            nearest = f"the nearest is {distance.min():,.0f} m away" if len(at) else "there is none in the city"
            raise BadInput(
                f"no {category or entity} stands at this place", where=where, found=nearest, allowed=(_WITHIN,)
            )
        return self._found(entity, int(at[np.argmin(distance)]), float(distance.min()))

    def inside(self, entity: str, area: BaseGeometry) -> list[Found]:
        """The objects whose middle lies in an area, in the order of their rows."""
        rows = self.state.rows(entity)
        if not len(rows):
            return []
        middle = rows.places
        held = shapely.contains_xy(area, middle[:, 0], middle[:, 1])
        return [self._found(entity, int(row)) for row in np.flatnonzero(held)]

    def along(self, entity: str, line: BaseGeometry) -> list[Found]:
        """The lines of an entity that lie along a line for at least half their length, in the order of their rows."""
        rows = self.state.rows(entity)
        if not len(rows):
            return []
        around = line.buffer(BESIDE)
        near = np.sort(shapely.STRtree(rows.shapes).query(around, predicate="intersects"))
        length = shapely.length(rows.shapes[near])
        inside = shapely.length(shapely.intersection(rows.shapes[near], around))
        return [self._found(entity, int(row)) for row in near[(length > 0) & (inside >= HALF * length)]]

    def check_footprint(self, shape: BaseGeometry, where: str) -> None:
        """Refuse ground that no building covers.

        Raises:
            BadInput: When it is far too small or too large.
        """
        area = float(shapely.area(shape))
        if not SMALLEST_FOOTPRINT <= area <= LARGEST_FOOTPRINT:
            raise BadInput(
                "no building has a footprint of this size", where=where, found=f"{area:,.2f} m2",
                allowed=(f"{SMALLEST_FOOTPRINT:,.0f} to {LARGEST_FOOTPRINT:,.0f} m2",),
            )  # fmt: skip

    def check_inside(self, shape: BaseGeometry, where: str) -> None:
        """Refuse what lies outside the city.

        Raises:
            BadInput: Naming how far outside it lies.
        """
        extent = self.extent
        if extent is None or shapely.intersects(extent, shape):
            return
        away = float(shapely.distance(extent, shape))
        raise BadInput(
            "this lies outside the city",
            where=where,
            found=f"{away / KILOMETRE:,.1f} km away" if away >= KILOMETRE else f"{away:,.0f} m away",
            allowed=("a place inside the city; longitude first, then latitude",),
        )

    @cached_property
    def extent(self) -> BaseGeometry | None:
        """The ground the city covers: its own outline, else a box around its units, buildings and roads."""
        outline = _known(self.state.rows("city").shapes) if "city" in self.dictionary else np.empty(0, object)
        areas = outline[shapely.get_dimensions(outline) > 1]
        if len(areas):
            return shapely.union_all(areas)
        boxes = [
            shapely.total_bounds(_known(self.state.rows(name).shapes))
            for name in ("community", "building", "road")
            if name in self.dictionary and len(self.state.rows(name))
        ]
        known = np.array([box for box in boxes if np.isfinite(box).all()])
        if not len(known):
            return None
        return shapely.box(*known[:, :2].min(axis=0), *known[:, 2:].max(axis=0))

    def _found(self, entity: str, row: int, distance: float = 0.0) -> Found:
        rows = self.state.rows(entity)
        name = rows.texts("name")[row] if rows.has("name") else None
        return Found(entity, str(rows.ids[row]), name or "", distance)

    def _alike(self, name: str, entities: Sequence[str]) -> tuple[str, ...]:
        """The ids that begin and end most like one that is not there."""

        def shared(other: str) -> int:
            return _in_common(name, other) + _in_common(name[::-1], other[::-1])

        ids = (str(one) for entity in entities for one in self.state.rows(entity).ids)
        near = nlargest(SAMPLES, ((shared(one), one) for one in dict.fromkeys(ids)))
        return tuple(one for size, one in near if size)


_WITHIN = f"an object within {REACH:.0f} m of the point, or its id"


def _in_common(one: str, other: str) -> int:
    """Letters that two words begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _known(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    found = np.asarray(shapes, object)
    return found[~(shapely.is_missing(found) | shapely.is_empty(found))]
