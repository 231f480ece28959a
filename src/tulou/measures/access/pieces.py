"""Straight pieces of lines and outlines, ready to be asked for the nearest one to many points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.arrays import Shapes
from tulou.kernel.polygons import parts_of
from tulou.kernel.threads import in_threads, spans
from tulou.measures.access.inside import Areas
from tulou.measures.access.kernels import segments as kernel

CELLS_A_PIECE = 1
"""Cells of the grid for each piece: few enough for memory, many enough for short searches."""

Array = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Nearest:
    """What lies nearest to each point.

    Args:
        piece: Nearest piece, -1 for none.
        away: Distance to it, infinite for none.
        share: Where along the piece the nearest point lies, 0 to 1.
    """

    piece: Rows
    away: Array
    share: Array


class Pieces:
    """Straight pieces in a grid of cells.

    Args:
        ends: x and y of both ends of each piece, (s, 4), finite.
    """

    def __init__(self, ends: Array) -> None:
        self.ends = np.ascontiguousarray(ends, np.float64).reshape(-1, 4)
        if not len(self.ends):
            return
        corners = self.ends.reshape(-1, 2)
        low = corners.min(axis=0)
        extent = np.maximum(corners.max(axis=0) - low, 1.0)
        length = np.abs(self.ends[:, 2:] - self.ends[:, :2]).max(axis=1)
        # A side of the mean length keeps the number of entries near the number of pieces.
        area = float(np.sqrt(extent.prod() / (len(self.ends) * CELLS_A_PIECE)))
        size = max(area, float(length.mean()), float(extent.max()) / len(self.ends))
        shape = (extent / size).astype(np.int64) + 1
        first = np.zeros(int(shape.prod()) + 1, np.int64)
        kernel.fill(self.ends, (low, size, shape, first, np.empty(0, np.int32)))
        first = np.cumsum(first)
        entry = np.empty(int(first[-1]), np.int32)
        kernel.fill(self.ends, (low, size, shape, first[:-1].copy(), entry))
        self._cells = (low, size, shape, first, entry)

    def nearest(self, points: Array, limit: float = np.inf) -> Nearest:
        """The nearest piece to each point, none beyond the limit (m) or where the point is unknown."""
        found = Nearest(
            np.full(len(points), -1, np.int64), np.full(len(points), np.inf), np.zeros(len(points), np.float64)
        )
        if not len(self.ends):
            return found
        points = np.ascontiguousarray(points, np.float64)
        limit = float(np.nextafter(limit, np.inf))

        def search(rows: slice) -> None:
            out = (found.piece[rows], found.away[rows], found.share[rows])
            kernel.nearest_piece(points[rows], self.ends, self._cells, limit, out)

        in_threads(search, spans(len(points)))
        return found


@dataclass(frozen=True, eq=False)
class Outlines:
    """Outlines of shapes as pieces.

    Args:
        pieces: The pieces; a point is a piece of length 0.
        shape: The shape each piece is of.
        shapes: The shapes.
    """

    pieces: Pieces
    shape: Rows
    shapes: Shapes

    @classmethod
    def of(cls, shapes: Shapes) -> Outlines:
        """The outlines of points, lines, polygons and collections of them; None and empty ones have none."""
        shapes = np.asarray(shapes, object)
        parts, row = parts_of(shapes)
        is_polygon = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
        rings, of_polygon = shapely.get_rings(parts[is_polygon], return_index=True)
        lines = np.concatenate([parts[~is_polygon], rings])
        row_of = np.concatenate([row[~is_polygon], row[is_polygon][of_polygon]])
        points, line = shapely.get_coordinates(lines, return_index=True)
        count = np.bincount(line, minlength=len(lines))
        alone = count[line] == 1
        follows = np.flatnonzero(line[1:] == line[:-1])
        ends = np.concatenate(
            [np.column_stack([points[follows], points[follows + 1]]), np.column_stack([points[alone], points[alone]])]
        )
        shape = row_of[np.concatenate([line[follows], line[alone]])].astype(np.int64)
        finite = np.isfinite(ends).all(axis=1)
        return cls(Pieces(ends[finite]), shape[finite], shapes)

    def nearest(self, points: Array, limit: float = np.inf) -> tuple[Array, Rows]:
        """Distance of each point to the nearest shape, 0 inside, and which shape (-1 for none within the limit, m)."""
        found = self.pieces.nearest(points, limit)
        away = found.away
        which = np.where(found.piece >= 0, self.shape[found.piece] if len(self.shape) else -1, -1)
        inside, container = self.inside(points)
        away[inside] = 0.0
        which[inside] = container
        return away, which

    def inside(self, points: Array) -> tuple[Rows, Rows]:
        """Points inside a shape and which one, the first where there are several."""
        around = Areas(self.shapes).around(points)
        inside = np.flatnonzero(around >= 0)
        return inside, around[inside]
