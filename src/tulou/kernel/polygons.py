"""Polygons: mending those that cross themselves, and finding which of them holds a point."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from tulou.kernel.threads import by_rows

ShapeArray: TypeAlias = NDArray[np.object_]

AREA = 2
"""Dimension of polygons."""


def parts_of(shapes: ShapeArray) -> tuple[ShapeArray, NDArray[np.int64]]:
    """The single shapes that shapes and collections of them are made of, and the position of the shape each is of.

    A shape that is single stands for itself and is not copied; None and empty collections have no parts.
    """
    shapes = np.asarray(shapes, object)
    kind = shapely.get_type_id(shapes)
    is_single = (kind >= 0) & (kind < shapely.GeometryType.MULTIPOINT)
    if is_single.all():
        return shapes, np.arange(len(shapes), dtype=np.int64)
    joined = np.flatnonzero(~is_single)
    parts, of_joined = shapely.get_parts(shapes[joined], return_index=True)
    parts, deeper = shapely.get_parts(parts, return_index=True)
    alone = np.flatnonzero(is_single)
    row = np.concatenate([alone, joined[of_joined[deeper]]]).astype(np.int64)
    order = np.argsort(row, kind="stable")
    return np.concatenate([shapes[alone], parts])[order], row[order]


def polygon_part(shape: BaseGeometry) -> BaseGeometry | None:
    """The polygons within a mended shape; None when it has none."""
    parts = [part for part in shapely.get_parts(shapely.get_parts(shape)) if part.geom_type.endswith("Polygon")]
    if not parts:
        return None
    joined = parts[0] if len(parts) == 1 else shapely.union_all(parts)
    return None if joined.is_empty or not joined.area else joined


def crossed(shapes: ShapeArray) -> NDArray[np.bool_]:
    """Which shapes are polygons that cross or touch themselves."""
    areal = shapely.get_dimensions(shapes) == AREA
    return np.asarray(areal & ~by_rows(shapely.is_valid, shapes) & ~shapely.is_missing(shapes), bool)


def mended(shapes: ShapeArray) -> ShapeArray:
    """The same shapes with crossed polygons made valid; one that encloses nothing becomes None."""
    broken = crossed(shapes)
    if not broken.any():
        return shapes
    found = shapes.copy()
    found[broken] = [polygon_part(shape) for shape in by_rows(shapely.make_valid, shapes[broken])]
    return found


def holders(
    polygons: ShapeArray, places: NDArray[np.float64], predicate: Literal["intersects", "within"] = "intersects"
) -> NDArray[np.int64]:
    """Which polygon holds each place: the first where several do, -1 where none does.

    Args:
        polygons: Polygons without gaps in the array.
        places: Points, shape (n, 2), in the system of the polygons; NaN where unknown.
        predicate: ``intersects`` when a place on an edge is held, ``within`` when it is not.
    """
    found = np.full(len(places), -1, np.int64)
    known = np.flatnonzero(np.isfinite(places).all(axis=1))
    if len(polygons) and len(known):
        # Asked from the polygons, each is prepared once for all its places.
        turned: Literal["intersects", "contains"] = "contains" if predicate == "within" else "intersects"
        points = np.asarray(shapely.points(places[known]), object)
        polygon, place = shapely.STRtree(points).query(polygons, predicate=turned)
        order = np.lexsort((-polygon, place))
        found[known[place[order]]] = polygon[order]
    return found
