"""Objects cut at the edges of map tiles and handed out once for each tile: put together again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from tulou.kernel.polygons import ShapeArray, polygon_part

SEAM = 1e-6
"""Widest gap bridged between the halves of one object, degrees (a decimetre): tiles round their coordinates."""


@dataclass(frozen=True)
class Merged:
    """Pieces put together.

    Args:
        first: Position of the first piece of each object, in the order met; its attributes speak for all pieces.
        shapes: Shape of each object.
        pieces: How many pieces each object had.
    """

    first: NDArray[np.int64]
    shapes: ShapeArray
    pieces: NDArray[np.int64]


def merge_tiles(ids: Sequence[str], shapes: ShapeArray, seam: float = SEAM) -> Merged:
    """Put pieces with the same id together into one shape each.

    Points and lines repeat whole in neighbouring tiles, or are cut; their union is kept too.

    Args:
        ids: Object of each piece.
        shapes: Shape of each piece, valid.
        seam: Widest gap bridged, in the units of the coordinates.

    Returns:
        One shape an object, with where its first piece stood.
    """
    _, first, inverse, counts = np.unique(
        np.asarray(ids, dtype=object).astype(str), return_index=True, return_inverse=True, return_counts=True
    )
    order = np.argsort(first, kind="stable")
    result = shapes[first].copy()
    by_object = np.argsort(inverse, kind="stable")
    ends = np.cumsum(counts)
    for number in np.flatnonzero(counts > 1):
        result[number] = _joined(shapes[by_object[ends[number] - counts[number] : ends[number]]], seam)
    return Merged(first[order].astype(np.int64), result[order], counts[order].astype(np.int64))


def _joined(pieces: ShapeArray, seam: float) -> BaseGeometry | None:
    present = pieces[~shapely.is_missing(pieces)]
    if not present.size:
        return None
    dimensions = shapely.get_dimensions(present)
    present = present[dimensions == dimensions.max()]
    whole = shapely.union_all(present)
    if dimensions.max() == 1:
        return shapely.line_merge(whole)
    if dimensions.max() == 0 or whole.geom_type == "Polygon":
        return present[0] if dimensions.max() == 0 else whole
    closed = shapely.buffer(shapely.buffer(whole, seam, join_style="mitre"), -seam, join_style="mitre")
    bridged = polygon_part(closed)
    return bridged if bridged is not None and bridged.geom_type == "Polygon" else whole
