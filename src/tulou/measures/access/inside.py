"""Polygons ready to be asked which of them many points lie in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.arrays import Shapes
from tulou.kernel.polygons import parts_of
from tulou.kernel.threads import in_threads, spans
from tulou.measures.access.kernels import inside as kernel

PIECES_A_STRIP = 4
"""Pieces of outline for each strip that a polygon is cut into: few to look through, few strips to keep."""

Array = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Rings:
    """Outlines of polygons as straight pieces, polygon by polygon.

    Args:
        ends: x and y of both ends of each piece, (s, 4).
        first: Offsets of the polygons' pieces.
        shape: The shape each polygon is a part of.
    """

    ends: Array
    first: Rows
    shape: Rows


def rings_of(shapes: Shapes) -> Rings:
    """The polygons of shapes and collections of them, in their order; those without a finite area are left out."""
    parts, row = parts_of(shapes)
    is_polygon = (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & (shapely.area(parts) > 0)
    parts, row = parts[is_polygon], row[is_polygon]
    rings, of_polygon = shapely.get_rings(parts, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    follows = np.flatnonzero(ring[1:] == ring[:-1])
    ends = np.column_stack([points[follows], points[follows + 1]])
    polygon = of_polygon[ring[follows]] if len(ring) else np.empty(0, np.int64)
    first = np.searchsorted(polygon, np.arange(len(parts) + 1))
    return Rings(np.ascontiguousarray(ends), first.astype(np.int64), row.astype(np.int64))


class Areas:
    """Polygons in a grid.

    Args:
        shapes: Shapes; only what has an inside counts.
    """

    def __init__(self, shapes: Shapes) -> None:
        rings = rings_of(shapes)
        self._ends, self._shape = rings.ends, rings.shape
        if not len(self._shape):
            return
        where = rings.first[:-1]
        lowest = np.minimum(rings.ends[:, :2], rings.ends[:, 2:])
        highest = np.maximum(rings.ends[:, :2], rings.ends[:, 2:])
        self._box = np.hstack([np.minimum.reduceat(lowest, where), np.maximum.reduceat(highest, where)])
        self._cells = self._grid()
        self._strips = self._cut(rings.first)

    def _grid(self) -> tuple[Array, float, Rows, Rows, NDArray[np.int32]]:
        box = self._box
        low = box[:, :2].min(axis=0)
        extent = np.maximum(box[:, 2:].max(axis=0) - low, 1.0)
        side = (box[:, 2:] - box[:, :2]).max(axis=1)
        # A side of the mean box keeps the number of entries near the number of polygons.
        size = max(float(np.sqrt(extent.prod() / len(box))), float(side.mean()), float(extent.max()) / len(box))
        shape = (extent / size).astype(np.int64) + 1
        first = np.zeros(int(shape.prod()) + 1, np.int64)
        kernel.fill_cells(box, (low, size, shape, first, np.empty(0, np.int32)))
        first = np.cumsum(first)
        entry = np.empty(int(first[-1]), np.int32)
        kernel.fill_cells(box, (low, size, shape, first[:-1].copy(), entry))
        return low, size, shape, first, entry

    def _cut(self, first: Rows) -> tuple[Rows, Rows, NDArray[np.int32]]:
        of = np.concatenate([[0], np.cumsum(np.diff(first) // PIECES_A_STRIP + 1)])
        begin = np.zeros(int(of[-1]) + 1, np.int64)
        kernel.fill_strips(self._ends, first, self._box, (of, begin, np.empty(0, np.int32)))
        begin = np.cumsum(begin)
        entry = np.empty(int(begin[-1]), np.int32)
        kernel.fill_strips(self._ends, first, self._box, (of, begin[:-1].copy(), entry))
        return of, begin, entry

    def around(self, points: Array) -> Rows:
        """The first shape that each point lies in or on the outline of; -1 for none."""
        found = np.full(len(points), -1, np.int64)
        self.write_around(points, np.arange(len(points)), None, (found, np.empty(len(points))))
        return found

    def write_around(self, points: Array, asked: Rows, names: Rows | None, out: tuple[Rows, Array]) -> None:
        """Write down where points lie in a shape, or on its outline.

        Args:
            points: Points, (n, 2).
            asked: Which of them are asked about.
            names: What each shape is called in the answer; its position when left out.
            out: Name of the first shape and distance 0 of each point asked about; left alone outside.
        """
        if not len(self._shape):
            return
        points = np.ascontiguousarray(points, np.float64)
        name = self._shape if names is None else names[self._shape]

        def search(rows: slice) -> None:
            written = (out[0][rows], out[1][rows])
            kernel.first_around(points, asked[rows], self._ends, self._box, self._cells, self._strips, name, written)

        in_threads(search, spans(len(asked)))
