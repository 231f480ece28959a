"""Streets: junctions, dead ends, and the blocks that streets enclose.

Streets meet where they share a vertex (as in OpenStreetMap and in any topologically clean road layer), to the
millimetre. A crossing without a shared vertex is a bridge, not a junction. Divided roads drawn as two lines give two
junctions where people see one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.arrays import Floats, Parts, Shapes
from tulou.kernel.declaration import measure
from tulou.kernel.polygons import holders
from tulou.kernel.words import Words

JUNCTION_WAYS = 3
"""Ways out of a point from which on it is a junction; two are a bend."""
MILLIMETRE = 1e-3
"""Two vertices nearer than this are one, m."""
TOO_LARGE = "too_large"


@measure(
    title=Words("道路交叉口", "Street junctions"),
    source="GB/T 51328-2018; degree ≥ 3",
    verified="momepy 0.11 Bubenec",
    mixed_by=("roads",),
)
def junctions(roads: Annotated[Shapes, "m"]) -> Annotated[Floats, "1"]:
    """How many junctions does each road account for, so that the sum is the number of junctions?

    A point where at least three ways meet is a junction; of its one count each road gets the share of the ways that are
    its own.

    Args:
        roads: Lines, m.
    """
    found = _vertices(roads)
    share = np.where(found.degree >= JUNCTION_WAYS, found.ways / found.degree, 0.0)
    return _where_known(roads, np.bincount(found.road, share, len(roads)))


@measure(title=Words("断头路端点", "Dead ends near a road they miss"), mixed_by=("roads",))
def dead_ends(roads: Annotated[Shapes, "m"], *, gap: Annotated[float, "m"]) -> Annotated[Floats, "1"]:
    """How many ends of each road stop short of another road that lies within the gap?

    An end is dead when no other way leaves from it. Cul-de-sacs with nothing beyond them within the gap do not count:
    there the plan, not the map, would show a link. A road whose two ends meet has no end.

    Args:
        roads: Lines, m.
        gap: How near the road that is missed lies, m.
    """
    found = _vertices(roads)
    dead = np.flatnonzero((found.degree == 1) & found.is_end)
    road, place = found.road[dead], shapely.points(found.place[dead])
    end, other = shapely.STRtree(roads).query(place, predicate="dwithin", distance=gap)
    missed = np.unique(end[~shapely.intersects(roads[road[end]], roads[other])])
    return _where_known(roads, np.bincount(road[missed], minlength=len(roads)))


@measure(
    title=Words("街坊规模达标的用地", "Land in street blocks of limited size"),
    source="GB/T 51328-2018",
)
def land_in_small_blocks(
    land: Annotated[Shapes, "m"], roads: Annotated[Shapes, "m"], *, limit: Annotated[float, "m2"]
) -> Annotated[Parts, "m2", "m2"]:
    """How much land lies in street blocks no larger than the limit?

    A street block is a face of the street network. Land belongs to the block its inner point lies in; land that streets
    do not enclose belongs to none and is unknown.

    Args:
        land: Polygons, m.
        roads: Lines, m.
        limit: Largest block that passes.
    """
    area = shapely.area(land)
    size = block_size(land, roads)
    small = np.where(np.isnan(size), np.nan, np.where(size <= limit, area, 0.0))
    cause = np.full(len(land), None, np.object_)
    cause[small == 0] = TOO_LARGE
    return Parts(part=small, whole=area, cause=cause)


@measure(title=Words("所在街坊面积", "Size of the street block"))
def block_size(land: Annotated[Shapes, "m"], roads: Annotated[Shapes, "m"]) -> Annotated[Floats, "m2"]:
    """How large is the street block each piece of land lies in? NaN where streets do not enclose it.

    Args:
        land: Polygons, m.
        roads: Lines, m.
    """
    blocks = street_blocks(roads)
    inside = shapely.get_coordinates(shapely.point_on_surface(land[~shapely.is_missing(land)]))
    size = np.full(len(land), np.nan)
    if not len(blocks):
        return size
    home = holders(blocks, inside)
    size[~shapely.is_missing(land)] = np.where(home >= 0, shapely.area(blocks)[home], np.nan)
    return size


def street_blocks(roads: NDArray[np.object_]) -> NDArray[np.object_]:
    """The faces that the streets enclose, in a stable order.

    Args:
        roads: Lines, m; None takes no part. Lines that cross cut each other here, bridges too.
    """
    noded = shapely.union_all(roads[~shapely.is_missing(roads)])
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    bounds = shapely.bounds(faces)
    return faces[np.lexsort(bounds.T)] if len(faces) else faces


@dataclass(frozen=True)
class _Vertices:
    """Every vertex of a road layer.

    Args:
        road: Road it is part of.
        ways: Ways it adds to the point: 1 at an end of the line, else 2.
        degree: Ways that meet at the point, over all roads.
        place: Where it is, (n, 2), m.
        is_end: Whether it is an end of its line.
    """

    road: NDArray[np.int64]
    ways: NDArray[np.float64]
    degree: NDArray[np.float64]
    place: NDArray[np.float64]
    is_end: NDArray[np.bool_]


def _vertices(roads: NDArray[np.object_]) -> _Vertices:
    lines, road = shapely.get_parts(roads, return_index=True)
    place, line = shapely.get_coordinates(lines, return_index=True)
    is_end = np.ones(len(line), bool)
    is_end[1:-1] = (np.diff(line[:-1]) != 0) | (np.diff(line[1:]) != 0)
    ways = np.where(is_end, 1.0, 2.0)
    _, spot = np.unique(np.round(place / MILLIMETRE).astype(np.int64), axis=0, return_inverse=True)
    degree = np.bincount(spot.ravel(), ways).astype(np.float64)[spot.ravel()]
    return _Vertices(np.asarray(road[line], np.int64), ways, degree, place, is_end)


def _where_known(roads: NDArray[np.object_], values: NDArray[Any]) -> NDArray[np.float64]:
    return np.where(shapely.is_missing(roads), np.nan, values)
