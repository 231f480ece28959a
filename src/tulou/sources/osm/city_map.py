"""The map: objects with their places, asked for lines, areas and points."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from tulou.sources.osm import areas
from tulou.sources.osm.areas import Members
from tulou.sources.osm.blocks import Objects
from tulou.sources.osm.locate import drop_nowhere, index_of, locate
from tulou.sources.osm.primitives import NOWHERE, WAY_KIND
from tulou.sources.osm.rings import ASSEMBLED, HOPELESS, LACKS_NODES, REPAIRED
from tulou.sources.osm.rules import AREA, TYPE, Rule
from tulou.sources.osm.shapes import SMALLEST_RING, UNSURE, Ways, lines, points, polygons
from tulou.sources.osm.survey import Whole
from tulou.sources.osm.tags import Tags

AREA_RELATIONS = frozenset({"multipolygon", "boundary"})
NOT_AN_AREA = frozenset({"no"})


@dataclass(frozen=True, eq=False)
class Drawn:
    """Geometries of some objects.

    Args:
        objects: The objects.
        shapes: Well-known binary; null where an object has none.
        state: What became of each, as named in ``areas``.
    """

    objects: Whole
    shapes: pa.ChunkedArray
    state: NDArray[np.int8]


@dataclass(eq=False)
class CityMap:
    """Objects with their places.

    Args:
        objects: The objects of a file, in order.
        tags: Their tags.
    """

    objects: Objects
    tags: Tags
    ways: Ways = field(init=False)
    members: Members = field(init=False)
    nodes_absent: int = field(init=False, default=0)
    nodes_absurd: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        objects = self.objects
        node = locate(index_of(objects.node), objects.ref)
        self.nodes_absent = int(np.count_nonzero(node < 0))
        self.nodes_absurd = int(drop_nowhere(node, objects.x))
        self.ways = Ways(objects.way_first, node, objects.x, objects.y)
        self.members = _way_members(objects)
        sizes = np.diff(objects.way_first)
        first = objects.way_first[:-1][sizes > 0]
        last = objects.way_first[1:][sizes > 0] - 1
        closed = np.zeros(len(objects.way), np.bool_)
        closed[sizes > 0] = objects.ref[first] == objects.ref[last]
        closed &= sizes >= SMALLEST_RING
        self._is_area = np.zeros(objects.count, np.bool_)
        self._is_area[self.tags.fitting(Rule(((TYPE, AREA_RELATIONS),)))] = True
        self._is_area[: objects.ways_from] = False
        self._is_area[objects.ways_from : objects.relations_from] = closed
        self._is_area[self.ways_among(self.tags.fitting(Rule(((AREA, NOT_AN_AREA),))))] = False

    def nodes_among(self, found: Whole) -> Whole:
        """Those of some objects that are nodes."""
        return found[found < self.objects.ways_from]

    def ways_among(self, found: Whole) -> Whole:
        """Those of some objects that are ways."""
        return found[(found >= self.objects.ways_from) & (found < self.objects.relations_from)]

    def areas_among(self, found: Whole) -> Whole:
        """Those of some objects that are areas: closed ways and area relations."""
        return found[self._is_area[found]]

    def draw_nodes(self, found: Whole) -> Drawn:
        """Points of nodes."""
        x, y = self.objects.x[found], self.objects.y[found]
        state = np.where(x == NOWHERE, HOPELESS, ASSEMBLED).astype(np.int8)
        shapes = points(x, y)
        shapes = pa.compute.if_else(pa.array(state == ASSEMBLED), shapes, pa.scalar(None, pa.binary()))
        return Drawn(found, pa.chunked_array([shapes]), state)

    def draw_lines(self, found: Whole) -> Drawn:
        """Lines of ways; where nodes are absent they are cut."""
        shapes, marks = lines(self.ways, found - self.objects.ways_from)
        state = np.choose(marks, [ASSEMBLED, LACKS_NODES, REPAIRED, HOPELESS]).astype(np.int8)
        return Drawn(found, shapes, state)

    def draw_areas(self, found: Whole) -> Drawn:
        """Polygons of areas, repaired where needed."""
        is_way = found < self.objects.relations_from
        shapes, marks = polygons(self.ways, found[is_way] - self.objects.ways_from)
        state = np.choose(marks, [ASSEMBLED, ASSEMBLED, LACKS_NODES]).astype(np.int8)
        unsure = np.flatnonzero(marks == UNSURE)
        if len(unsure):
            mended, became = areas.repair(shapes.take(pa.array(unsure)))
            state[unsure] = became
            changed = unsure[became != ASSEMBLED]
            shapes = areas.put(shapes, changed, mended[became != ASSEMBLED])
        more, became = areas.assemble(self.ways, self.members, found[~is_way] - self.objects.relations_from)
        return Drawn(
            found, pa.chunked_array([*shapes.chunks, *more.chunks], pa.binary()), np.concatenate([state, became])
        )

    def draw_points(self, found: Whole) -> Drawn:
        """Points of nodes, and a point inside each area."""
        nodes = self.draw_nodes(self.nodes_among(found))
        drawn = self.draw_areas(self.areas_among(found))
        inside = shapely.point_on_surface(shapely.from_wkb(drawn.shapes.to_numpy()))
        return joined(
            [
                nodes,
                Drawn(drawn.objects, pa.chunked_array([pa.array(shapely.to_wkb(inside), pa.binary())]), drawn.state),
            ]
        )


def joined(parts: Iterable[Drawn]) -> Drawn:
    """Several drawings as one."""
    parts = list(parts)
    return Drawn(
        np.concatenate([part.objects for part in parts]),
        pa.chunked_array([chunk for part in parts for chunk in part.shapes.chunks], pa.binary()),
        np.concatenate([part.state for part in parts]),
    )


def _way_members(objects: Objects) -> Members:
    """Way members of all relations, with the row of each."""
    is_way = objects.member_kind == WAY_KIND
    counted = np.concatenate([[0], np.cumsum(is_way)])
    first = counted[objects.relation_first].astype(np.int64)
    order = np.argsort(objects.way, kind="stable")
    ids = objects.way[order]
    wanted = objects.member[is_way]
    at = np.searchsorted(ids, wanted, side="right") - 1
    hit = at >= 0
    hit[hit] = ids[at[hit]] == wanted[hit]
    row = np.full(len(wanted), -1, np.int64)
    row[hit] = order[at[hit]]
    return Members(first, row)
