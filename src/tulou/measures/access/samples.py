"""Land sampled by points on a fixed lattice, for distances that have no closed shape."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.arrays import Parts, Shapes
from tulou.kernel.recent import Recent, same_shapes
from tulou.kernel.threads import in_threads, spans
from tulou.measures.access.areas import area_of
from tulou.measures.access.finders import Finder
from tulou.measures.access.inside import rings_of
from tulou.measures.access.kernels import lattice as kernel

SPACING = 25.0
"""Distance between sample points, m: a point stands for 625 m², a few houses."""

BOUNDS = 3
"""Figures for each piece of land: surely, probably and possibly within reach."""

ROOM = 1
"""How many samples are kept for the next measure: a city asks all about one kind of land before the next."""

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
        hopeful = np.where(np.isnan(reach), furthest, np.nan)
        inside = np.zeros(len(self.points), np.uint8)
        self._grade(finder, reach, (-slack, 0.0, slack), inside)
        self._grade(finder, hopeful, (-np.inf, -np.inf, slack), inside)
        sums = np.zeros((BOUNDS, len(self.whole)))
        kernel.sum_grades(self.row, self.area, inside, sums)
        missing = np.isnan(self.whole)
        sums[:, missing] = np.nan
        return Parts(sums[1], self.whole.copy(), low=sums[0], high=sums[2])

    def _grade(
        self, finder: Finder, reach: Array, wider: tuple[float, float, float], inside: NDArray[np.uint8]
    ) -> None:
        """Raise the grade of each point to the number of widenings of the reach it is within, the widest first."""
        every = np.arange(len(self.points))
        for radius in np.unique(reach[(reach >= 0) & finder.is_target]):
            rows = np.flatnonzero((reach == radius) & finder.is_target)
            limits = radius + np.array(wider)
            distance = finder.find(every, rows, float(limits.max()))[0]
            in_threads(partial(_raise, distance, limits, inside), spans(len(distance)))


def _raise(distance: Array, limits: Array, inside: NDArray[np.uint8], span: slice) -> None:
    kernel.grade(distance[span], limits, inside[span])


_recent: Recent[tuple[Shapes, Sample]] = Recent(ROOM)


def sample_of(land: Shapes) -> Sample:
    """Middles of the cells of a lattice with sides of ``SPACING``; a piece without any has one point inside."""
    land = np.asarray(land, object)
    # The shapes are kept beside their sample, so that no other can take the place of one of them.
    return _recent.get(same_shapes(land), lambda: (land.copy(), _sampled(land)))[1]


def _sampled(land: Shapes) -> Sample:
    whole = area_of(land)
    rows = np.flatnonzero(whole > 0)
    points, of_row = _lattice(land[rows])
    count = np.bincount(of_row, minlength=len(rows))
    bare = np.flatnonzero(count == 0)
    points = np.concatenate([points, shapely.get_coordinates(shapely.point_on_surface(land[rows[bare]]))])
    of_row = np.concatenate([of_row, bare])
    area = whole[rows][of_row] / np.maximum(count, 1)[of_row]
    return Sample(points, rows[of_row], area, whole)


def _lattice(shapes: Shapes) -> tuple[Array, Rows]:
    """Lattice points inside each shape, and the shape each is in."""
    rings = rings_of(shapes)

    def part(span: slice) -> tuple[Array, Rows]:
        first = rings.first[span.start : span.stop + 1]
        count = np.zeros(len(first) - 1, np.int64)
        kernel.sample(rings.ends, first, SPACING, count, np.empty((0, 2)))
        points = np.empty((int(count.sum()), 2))
        kernel.sample(rings.ends, first, SPACING, count, points)
        return points, np.repeat(rings.shape[span], count)

    found = in_threads(part, spans(len(rings.shape)))
    if not found:
        return np.empty((0, 2)), np.empty(0, np.int64)
    return np.concatenate([points for points, _ in found]), np.concatenate([rows for _, rows in found])
