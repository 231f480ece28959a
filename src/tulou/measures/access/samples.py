"""Land sampled by points on a fixed lattice, for distances that have no closed shape."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.arrays import Parts, Shapes
from tulou.measures.access.areas import area_of
from tulou.measures.access.finders import Finder

SPACING = 25.0
"""Distance between sample points, m: a point stands for 625 m², a few houses."""

CENTRE = 0.5
"""Where in its cell a sample point lies."""

Array = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Sample:
    """Points that stand for land.

    Args:
        points: The points, (s, 2), m.
        row: Piece of land each is in.
        area: Area each stands for, m².
        whole: Area of each piece of land, m²; NaN where there is none on record.
    """

    points: Array
    row: Rows
    area: Array
    whole: Array

    @property
    def slack(self) -> float:
        """How far (m) land may lie from the point that stands for it: half the diagonal of a cell."""
        return SPACING * float(np.sqrt(0.5))

    def parts(self, finder: Finder, reach: Array, slack: float) -> Parts:
        """Land within reach, with bounds.

        Args:
            finder: From the points to the targets.
            reach: Reach of each target; NaN (unknown size) counts in ``high`` only, with the furthest of the others.
            slack: By how much distances within a sample cell may differ.
        """
        furthest = float(np.max(reach, initial=0.0, where=reach >= 0))
        hopeful = np.where(np.isnan(reach), furthest, reach)
        distance = [
            self._within(finder, far, widened) for far, widened in ((reach, -slack), (reach, 0.0), (hopeful, slack))
        ]
        low, part, high = (self._sum(inside) for inside in distance)
        missing = np.isnan(self.whole)
        for values in (low, part, high):
            values[missing] = np.nan
        return Parts(part, self.whole.copy(), low=low, high=high)

    def _sum(self, inside: NDArray[np.bool_]) -> Array:
        return np.bincount(self.row, self.area * inside, len(self.whole)).astype(np.float64)

    def _within(self, finder: Finder, reach: Array, wider: float) -> NDArray[np.bool_]:
        inside = np.zeros(len(self.points), bool)
        for radius in np.unique(reach[(reach >= 0) & finder.is_target]):
            if radius + wider < 0:
                continue
            left = np.flatnonzero(~inside)
            rows = np.flatnonzero((reach == radius) & finder.is_target)
            inside[left] = finder.find(left, rows, float(radius + wider))[1] >= 0
        return inside


def sample_of(land: Shapes) -> Sample:
    """Middles of the cells of a lattice with sides of ``SPACING``; a piece without any has one point inside."""
    land = np.asarray(land, object)
    whole = area_of(land)
    rows = np.flatnonzero(whole > 0)
    found_points, found_rows = [np.empty((0, 2))], [np.empty(0, np.int64)]
    for row in rows:
        points = _lattice(land[row])
        found_points.append(points)
        found_rows.append(np.full(len(points), row))
    points, row_of = np.concatenate(found_points), np.concatenate(found_rows)
    count = np.bincount(row_of, minlength=len(land))
    area = whole[row_of] / count[row_of] if len(row_of) else np.empty(0)
    return Sample(points, row_of, area, whole)


def _lattice(shape: shapely.Geometry) -> Array:
    west, south, east, north = shapely.bounds(shape)
    x = (np.arange(np.floor(west / SPACING), np.ceil(east / SPACING)) + CENTRE) * SPACING
    y = (np.arange(np.floor(south / SPACING), np.ceil(north / SPACING)) + CENTRE) * SPACING
    points = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1).reshape(-1, 2)
    shapely.prepare(shape)
    points = points[shapely.contains_xy(shape, points[:, 0], points[:, 1])]
    return points if len(points) else shapely.get_coordinates(shapely.point_on_surface(shape))
