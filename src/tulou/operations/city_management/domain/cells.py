"""Proposed unit cells: communities cut along their streets, and what is still large cut again beside its buildings.

Cells never cross a community, cover it without gap or overlap, and are numbered from west to east and north to south.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from tulou.kernel.polygons import holders

Shapes = NDArray[np.object_]

PRECISION = 0.01
"""Lines are noded on a grid of this size, metres."""
HALVINGS = 20
"""Times that the place of a cut is narrowed down to a half."""
SHIFTS = (0.0, -0.05, 0.05, -0.1, 0.1, -0.15, 0.15)
"""Shares of a face by which a cut may move to spare buildings, nearest first."""
HALF = 0.5
STREET, ON_STREET = 1e-3, 0.05
"""What a border along a street counts, beside another; how near to the street it lies, metres."""
OVERHANG = 1.0
"""Metres by which a cut reaches beyond a face, so that it meets the border."""


@dataclass(frozen=True)
class GridRule:
    """How large cells are, and from what size on a fault counts.

    Args:
        size: Area of a cell, m2.
        least: Smallest cell that is proposed, m2.
        most: Area above which a cell is told to be large, m2.
        width: Width below which a cell or a gap is a sliver, m.
        tolerance: Overlap or gap that is let pass, m2.
        across: Area by which a cell may reach into another community, m2.
    """

    size: float
    least: float
    most: float
    width: float
    tolerance: float
    across: float


@dataclass(frozen=True, eq=False)
class Proposed:
    """Cells that are proposed.

    Args:
        shapes: Their polygons, ordered by community and number.
        community: Position of the community of each.
        number: Number of each within its community, from 1.
    """

    shapes: Shapes
    community: NDArray[np.int64]
    number: NDArray[np.int64]


def propose_cells(communities: Shapes, streets: Shapes, buildings: Shapes, rule: GridRule) -> Proposed:
    """Cut communities into cells.

    Args:
        communities: Polygons, in metres, none missing.
        streets: Lines that bound cells.
        buildings: Footprints that cuts spare.
        rule: How large cells are.

    Returns:
        The cells; where communities overlap, the first one has the ground.
    """
    borders = shapely.boundary(communities)
    ways = shapely.force_2d(streets)
    faces, owner = _faces([*borders, *ways], communities)
    tree = shapely.STRtree(buildings)
    cuts = [cut for face in faces for cut in _cuts(face, max(round(face.area / rule.size), 1), tree, buildings)]
    if cuts:
        # Streets that end within a face bound cells where a cut meets them, so they are taken in once more.
        faces, owner = _faces([*shapely.boundary(faces), *ways, *cuts], communities)
    owner_of = _joined(faces, _neighbours(faces, owner, ways), rule)
    groups = np.unique(owner_of)
    shapes = np.array([_whole(faces[owner_of == one]) for one in groups], object)
    return _numbered(shapes, owner[groups], communities, rule)


def _faces(lines: list[BaseGeometry], communities: Shapes) -> tuple[Shapes, NDArray[np.int64]]:
    """Faces between lines, with the community that holds each; those in none are left out."""
    noded = shapely.union_all(lines, grid_size=PRECISION)
    faces = np.asarray(shapely.get_parts(shapely.polygonize(shapely.get_parts(noded))), object)
    points = shapely.point_on_surface(faces)
    places = np.column_stack([shapely.get_x(points), shapely.get_y(points)])
    owner = holders(communities, places)
    bounds = shapely.bounds(faces)
    order = np.lexsort((bounds[:, 0], bounds[:, 1], owner))
    order = order[owner[order] >= 0]
    return faces[order], owner[order]


def _cuts(face: BaseGeometry, parts: int, tree: shapely.STRtree, buildings: Shapes) -> Iterator[BaseGeometry]:
    """Lines that cut a face into a number of parts of about one size, each across the longer side of what it cuts."""
    if parts <= 1:
        return
    left = parts // 2
    course = _Course(face)
    places = [course.at(left / parts + shift) for shift in SHIFTS]
    lines = np.array([shapely.intersection(course.line(place), face) for place in places], object)
    line, building = tree.query(lines, predicate="intersects")
    through = shapely.length(shapely.intersection(lines[line], buildings[building]))
    best = int(np.bincount(line, through, len(lines)).round(2).argmin())
    yield lines[best]
    before = shapely.intersection(face, course.half(places[best]))
    for side, share in ((before, left), (shapely.difference(face, before), parts - left)):
        pieces = [piece for piece in shapely.get_parts(side) if piece.geom_type == "Polygon"]
        whole = sum(piece.area for piece in pieces)
        for piece in pieces:
            yield from _cuts(piece, round(share * piece.area / whole), tree, buildings)


class _Course:
    """A face seen along the longer side of the smallest rectangle around it.

    Args:
        face: The face.
    """

    def __init__(self, face: BaseGeometry) -> None:
        corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(face))
        sides = np.diff(corners[:3], axis=0)
        east, north = sides[int(np.hypot(*sides.T).argmax())]
        length = math.hypot(east, north)
        self._axis = float(east / length), float(north / length)
        spots, ring = shapely.get_coordinates(shapely.get_rings(shapely.normalize(face)), return_index=True)
        self._along = spots @ self._axis
        self._aside = spots @ (-self._axis[1], self._axis[0])
        self._edges = np.flatnonzero(ring[1:] == ring[:-1])

    def area(self, place: float) -> float:
        """Area of the face before a place, m2: the sum over its edges of the integral of ``aside`` over ``along``."""
        start, end = self._edges, self._edges + 1
        a, b = self._along[start], self._along[end]
        p, q = self._aside[start], self._aside[end]
        slope = np.divide(q - p, b - a, out=np.zeros(len(a)), where=a != b)
        c, d = np.minimum(a, place), np.minimum(b, place)
        return abs(float(((d - c) * (p + slope * ((c + d) / 2 - a))).sum()))

    def at(self, share: float) -> float:
        """The place before which a share of the area lies."""
        least, most = float(self._along.min()), float(self._along.max())
        wanted = share * self.area(most)
        for _ in range(HALVINGS):
            middle = (least + most) / 2
            least, most = (middle, most) if self.area(middle) < wanted else (least, middle)
        return (least + most) / 2

    def line(self, place: float) -> BaseGeometry:
        """The line across at a place, a little longer than the face is wide."""
        first, last = float(self._aside.min()) - OVERHANG, float(self._aside.max()) + OVERHANG
        return shapely.LineString([self._spot(place, first), self._spot(place, last)])

    def half(self, place: float) -> BaseGeometry:
        """All before a place, as a rectangle."""
        first, last = float(self._aside.min()) - OVERHANG, float(self._aside.max()) + OVERHANG
        low = float(self._along.min()) - OVERHANG
        return shapely.Polygon([self._spot(*one) for one in ((low, first), (place, first), (place, last), (low, last))])

    def _spot(self, along: float, aside: float) -> tuple[float, float]:
        east, north = self._axis
        return along * east - aside * north, along * north + aside * east


def _joined(faces: Shapes, shared: dict[int, dict[int, float]], rule: GridRule) -> NDArray[np.int64]:
    """For each face the one it is joined to.

    What is small or thin joins the neighbour it borders on most, the smallest first.
    """
    area = shapely.area(faces)
    thin = np.array([_is_thin(face, rule.width) for face in faces], bool)
    group = np.arange(len(faces))
    for face in np.argsort(area, kind="stable").tolist():
        if not shared[face] or (area[face] >= rule.least and not thin[face]):
            continue
        best = max(shared[face].items(), key=lambda item: (round(item[1], 2), -item[0]))[0]
        for other, length in shared.pop(face).items():
            del shared[other][face]
            if other != best:
                shared[best][other] = shared[other][best] = shared[best].get(other, 0.0) + length
        shared[face] = {}
        group[group == face] = best
        area[best] += area[face]
    return group


def _is_thin(face: BaseGeometry, width: float) -> bool:
    return bool(shapely.is_empty(shapely.buffer(face, -width / 2)))


def _neighbours(faces: Shapes, owner: NDArray[np.int64], streets: Shapes) -> dict[int, dict[int, float]]:
    """For each face the faces of its community it borders on, with the length of the border.

    A border that is a street counts ``STREET`` of its length.
    """
    one, other = shapely.STRtree(faces).query(faces, predicate="touches")
    keep = (one < other) & (owner[one] == owner[other])
    one, other = one[keep], other[keep]
    borders = shapely.intersection(shapely.boundary(faces[one]), shapely.boundary(faces[other]))
    lengths = shapely.length(borders)
    middles = shapely.line_interpolate_point(shapely.line_merge(borders), HALF, normalized=True)
    ways = shapely.STRtree(streets).query(middles, predicate="dwithin", distance=ON_STREET)[0]
    lengths[np.unique(ways)] *= STREET
    found: dict[int, dict[int, float]] = {face: {} for face in range(len(faces))}
    for first, second, length in zip(one.tolist(), other.tolist(), lengths.tolist(), strict=True):
        if length > 0:
            found[first][second] = found[second][first] = length
    return found


def _whole(faces: Shapes) -> BaseGeometry:
    whole: BaseGeometry = faces[0] if len(faces) == 1 else shapely.coverage_union_all(faces)
    return whole


def _numbered(shapes: Shapes, community: NDArray[np.int64], communities: Shapes, rule: GridRule) -> Proposed:
    """Cells in the order of their numbers: rows from north to south, within a row from west to east.

    A row is as high as a square cell, counted from the northern edge of the community.
    """
    centres = shapely.centroid(shapes)
    tops = shapely.bounds(communities)[community, 3]
    row = np.floor((tops - shapely.get_y(centres)) / math.sqrt(rule.size)).astype(np.int64)
    order = np.lexsort((shapely.get_x(centres), row, community))
    number = np.empty(len(order), np.int64)
    for one in np.unique(community):
        mine = community[order] == one
        number[mine] = np.arange(1, mine.sum() + 1)
    return Proposed(np.asarray(shapely.normalize(shapes[order]), object), community[order], number)
