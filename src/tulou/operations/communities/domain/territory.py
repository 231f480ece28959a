"""The ground that grids are drawn on: parts that are never split, the land each stands for, and which of them touch.

A part is a compound with its polygon, or a building where people live outside any compound. Land between them goes to
the part whose people are nearest (Voronoi), so that the parts of a territory leave no gap and do not overlap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from tulou.kernel.polygons import polygon_part
from tulou.operations.communities.domain.dividing import Ground, Numbers, Places

Shapes = NDArray[np.object_]

TOUCH = 0.5
"""Metres within which two boundaries are one: rounding of clipped shapes."""
SHORTEST = 1.0
"""Metres of common boundary from which two parts are neighbours; less is a corner."""
NODING = 0.01
"""Shapes are clipped on a grid of this size, m."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Places where people live.

    Args:
        points: East and north, m, shape (n, 2).
        load: Households or people at each.
    """

    points: Numbers
    load: Numbers

    def where(self, keep: NDArray[np.bool_]) -> Cells:
        """Some of them."""
        return Cells(self.points[keep], self.load[keep])


@dataclass(frozen=True, eq=False)
class Territory:
    """A territory cut into parts.

    Args:
        ground: Load of the parts and which touch.
        shapes: Land of each part.
        is_crossing: Edges that lead over a main road or water.
    """

    ground: Ground
    shapes: Shapes
    is_crossing: NDArray[np.bool_]

    def merged(self, grid: Places) -> Shapes:
        """Land of each grid."""
        count = int(grid.max(initial=-1)) + 1
        found = np.empty(count, object)
        for one in range(count):
            found[one] = shapely.union_all(self.shapes[grid == one], grid_size=NODING)
        return found


def territory_of(outline: BaseGeometry, cells: Cells, part: Places, compounds: Shapes, barriers: Shapes) -> Territory:
    """Cut a territory into its parts.

    Args:
        outline: The territory.
        cells: Places within it where people live; at least one, or a compound.
        part: Part of each cell: numbers below the number of compounds are compounds, the others stand for themselves.
        compounds: Polygons of the compounds within the territory, clipped to it.
        barriers: Main roads and water.
    """
    count = max(int(part.max(initial=-1)) + 1, len(compounds))
    points, owner = _sites(cells, part, compounds)
    shapes = _land(outline, points, owner, compounds, count)
    edges, border = _touching(shapes)
    middle = np.array([points[owner == one].mean(axis=0) for one in range(count)])
    load = np.asarray(np.bincount(part, cells.load, count), np.float64)
    ground = Ground(load, edges, border, float(shapely.area(outline)))
    return Territory(ground, shapes, _crossing(middle, edges, barriers))


def pieces_of(territory: Territory, least: float) -> Places:
    """Which piece each part belongs to, when no grid crosses a main road or water.

    A piece that holds less than a grid should is joined to the neighbour it has most boundary with, across what divides
    them: better a crossing that is told than a grid of five households.

    Args:
        territory: The territory.
        least: What a grid should hold at least.
    """
    ground = territory.ground
    is_open = ~territory.is_crossing
    while True:
        inner = Ground(ground.load, ground.edges[is_open], ground.border[is_open], ground.area)
        piece = inner.components()
        held = np.bincount(piece, ground.load)
        across = np.flatnonzero(piece[ground.edges[:, 0]] != piece[ground.edges[:, 1]])
        small = [one for one in np.argsort(held, kind="stable") if held[one] < least]
        chosen = next((found for one in small if (found := _widest(ground, piece, across, one)) is not None), None)
        if chosen is None:
            return piece
        is_open = is_open.copy()
        is_open[chosen] = True


def _widest(ground: Ground, piece: Places, across: Places, one: int) -> int | None:
    """The edge with most boundary that leads out of a piece; None when none does."""
    ends = piece[ground.edges[across]]
    mine = across[(ends == one).any(axis=1)]
    return int(mine[ground.border[mine].argmax()]) if len(mine) else None


def part_of(territory: Territory, chosen: Places) -> Territory:
    """A territory of some of the parts.

    Args:
        territory: The territory.
        chosen: Their numbers, ascending.
    """
    at = np.full(territory.ground.size, -1, np.int64)
    at[chosen] = np.arange(len(chosen))
    ends = at[territory.ground.edges]
    keep = (ends >= 0).all(axis=1)
    shapes = territory.shapes[chosen]
    ground = Ground(
        territory.ground.load[chosen], ends[keep], territory.ground.border[keep], float(shapely.area(shapes).sum())
    )
    return Territory(ground, shapes, territory.is_crossing[keep])


def _sites(cells: Cells, part: Places, compounds: Shapes) -> tuple[Numbers, Places]:
    """Points that land is given by, and the part of each: where people live, and a point of each empty compound."""
    empty = np.setdiff1d(np.arange(len(compounds)), part)
    spots = shapely.get_coordinates(shapely.point_on_surface(compounds[empty]))
    points = np.concatenate([cells.points, spots.reshape(-1, 2)])
    owner = np.concatenate([part, empty]).astype(np.int64)
    _, first = np.unique(np.round(points / NODING).astype(np.int64), axis=0, return_index=True)
    kept = np.sort(first)
    lost = np.setdiff1d(owner, owner[kept])
    kept = np.sort(np.concatenate([kept, [np.flatnonzero(owner == one)[0] for one in lost]])).astype(np.int64)
    return points[kept], owner[kept]


def _land(outline: BaseGeometry, points: Numbers, owner: Places, compounds: Shapes, count: int) -> Shapes:
    """Land of each part: its compound, and what else lies nearest to its people."""
    found = np.empty(count, object)
    rest = areal(shapely.difference(areal(outline), shapely.union_all(compounds, grid_size=NODING), grid_size=NODING))
    cell = _nearest_land(rest, points)
    for one in range(count):
        own = [compounds[one]] if one < len(compounds) else []
        found[one] = shapely.union_all([*own, *cell[owner == one]], grid_size=NODING)
    return found


def _nearest_land(rest: BaseGeometry, points: Numbers) -> Shapes:
    """What of the rest lies nearest to each point."""
    if len(points) == 1:
        return np.array([rest], object)
    sites = shapely.points(points)
    faces = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points), extend_to=rest))
    tree = shapely.STRtree(faces)
    site, face = tree.query(sites, predicate="intersects")
    found = np.full(len(points), shapely.Polygon(), object)
    found[site] = faces[face]
    clipped = shapely.intersection(found, rest, grid_size=NODING)
    return np.array([areal(one) for one in clipped], object)


def _touching(shapes: Shapes) -> tuple[Places, Numbers]:
    """Pairs of parts with a common boundary, and its length."""
    tree = shapely.STRtree(shapes)
    grown = shapely.buffer(shapes, TOUCH, quad_segs=2)
    first, second = tree.query(grown, predicate="intersects")
    pairs = np.column_stack([first, second])[first < second]
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    common = shapely.intersection(shapely.boundary(shapes[pairs[:, 1]]), grown[pairs[:, 0]])
    length = np.asarray(shapely.length(common), float)
    keep = length >= SHORTEST
    return pairs[keep].astype(np.int64), length[keep]


def _crossing(middle: Numbers, edges: Places, barriers: Shapes) -> NDArray[np.bool_]:
    """Edges whose parts lie on two sides of a main road or water."""
    if not len(edges) or not len(barriers):
        return np.zeros(len(edges), bool)
    ways = shapely.linestrings(middle[edges])
    hit = shapely.STRtree(barriers).query(ways, predicate="intersects")[0]
    found = np.zeros(len(edges), bool)
    found[np.unique(hit)] = True
    return found


def areal(shape: BaseGeometry) -> BaseGeometry:
    """The polygons of a shape, without lines and points that clipping leaves; an empty polygon where it has none."""
    return polygon_part(shape) or shapely.Polygon()


def reading_order(shapes: Shapes, side: float) -> Places:
    """Numbers of shapes from north to south, and from west to east within a row.

    Args:
        shapes: The shapes.
        side: Height of a row, m.
    """
    spots = shapely.get_coordinates(shapely.centroid(shapes))
    row = np.floor((spots[:, 1].max() - spots[:, 1]) / max(side, 1.0))
    return np.lexsort((spots[:, 0], row)).astype(np.int64)


def joined_parts(groups: Sequence[int]) -> Places:
    """Numbers of groups without holes, in the order in which they first come."""
    known = {one: place for place, one in enumerate(dict.fromkeys(groups))}
    return np.array([known[one] for one in groups], np.int64)
