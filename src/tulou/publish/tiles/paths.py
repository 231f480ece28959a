"""Shapes as runs of coordinates, for the encoder: points, lines, rings."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

POINT, LINE, OUTER, INNER = 0, 1, 2, 3
"""What a run of coordinates is."""
POINT_TYPES = (0, 4)
LINE_TYPES = (1, 2, 5)
POLYGON_TYPES = (3, 6)
"""Types of shapely."""


class Paths(NamedTuple):
    """Coordinates of many features, as compiled code takes them.

    Args:
        coordinates: All coordinates, shape (n, 2), m of the Mercator plane.
        starts: Where each run starts in them, with one more at the end.
        roles: What each run is.
        features: Which runs are those of a feature: from ``features[i]`` to before ``features[i + 1]``.
    """

    coordinates: NDArray[np.float64]
    starts: NDArray[np.int64]
    roles: NDArray[np.int8]
    features: NDArray[np.int64]

    def size(self, chosen: NDArray[np.int64]) -> tuple[int, int]:
        """How many coordinates and runs some features have."""
        first, last = self.features[chosen], self.features[chosen + 1]
        return int((self.starts[last] - self.starts[first]).sum()), int((last - first).sum())


def paths_of(shapes: NDArray[np.object_]) -> Paths:
    """Shapes as runs of coordinates.

    Args:
        shapes: Geometries; None and empty ones have no runs, of mixed ones the parts of the highest dimension count.
            Outer rings are turned as tiles want them.
    """
    parts, owners = _of_one_dimension(*shapely.get_parts(shapes, return_index=True))
    kinds = shapely.get_type_id(parts)
    pieces, belongs, roles = [], [], []
    for role, types in ((POINT, POINT_TYPES), (LINE, LINE_TYPES)):
        rows = np.flatnonzero(_among(kinds, types))
        pieces.append(parts[rows])
        belongs.append(owners[rows])
        roles.append(np.full(len(rows), role, np.int8))
    rows = np.flatnonzero(_among(kinds, POLYGON_TYPES))
    rings, polygon = shapely.get_rings(shapely.orient_polygons(parts[rows], exterior_cw=True), return_index=True)
    is_first = np.diff(polygon, prepend=-1) != 0
    pieces.append(rings)
    belongs.append(owners[rows][polygon])
    roles.append(np.where(is_first, OUTER, INNER).astype(np.int8))
    owner = np.concatenate(belongs)
    order = np.argsort(owner, kind="stable")
    runs = np.concatenate(pieces)[order]
    starts = np.concatenate([[0], np.cumsum(shapely.get_num_coordinates(runs))]).astype(np.int64)
    counts = np.bincount(owner, minlength=len(shapes))
    features = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return Paths(shapely.get_coordinates(runs), starts, np.concatenate(roles)[order], features)


def _among(kinds: NDArray[np.int32], types: tuple[int, ...]) -> NDArray[np.bool_]:
    """Which are of some types; for few shapes quicker than numpy's own, which sorts."""
    found = np.zeros(len(kinds), bool)
    for one in types:
        found |= kinds == one
    return found


def _of_one_dimension(
    parts: NDArray[np.object_], owners: NDArray[np.int64]
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Parts of the highest dimension that their feature has; a cut polygon may leave lines and points behind."""
    dimensions = shapely.get_dimensions(parts)
    highest = np.zeros(int(owners.max()) + 1 if len(owners) else 0, np.int64)
    np.maximum.at(highest, owners, dimensions)
    keep = (dimensions == highest[owners]) & ~shapely.is_empty(parts)
    return parts[keep], owners[keep]
