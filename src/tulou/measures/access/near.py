"""Which shapes lie within reach of others: first by points, exactly only for the few that points cannot decide."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.arrays import Shapes
from tulou.measures.access.finders import is_there
from tulou.measures.access.pieces import Outlines


def near_shapes(shapes: Shapes, targets: Shapes, reach: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether the exact distance of each shape to some target is at most that target's reach.

    Args:
        shapes: Shapes asked about; None and empty ones are not near.
        targets: Shapes of any kind.
        reach: Reach of each, m; those not from 0 on are left out.
    """
    near = np.zeros(len(shapes), bool)
    rows = np.flatnonzero(is_there(shapes))
    serves = (reach >= 0) & is_there(targets)
    for radius in np.unique(reach[serves]):
        left = rows[~near[rows]]
        near[left] = _near(shapes[left], targets[serves & (reach == radius)], float(radius))
    return near


def _near(shapes: Shapes, targets: Shapes, radius: float) -> NDArray[np.bool_]:
    """One vertex within the radius decides for a shape; one too far even for the shape's far corner decides against."""
    corner = _first_points(shapes)
    box = shapely.bounds(shapes)
    far = np.maximum(corner - box[:, :2], box[:, 2:] - corner)
    extent = np.hypot(far[:, 0], far[:, 1])
    outlines = Outlines.of(targets)
    away = outlines.pieces.nearest(corner, radius + float(extent.max(initial=0.0))).away
    near = away <= radius
    # Deep inside a large target every outline is far: the few left are asked whether they lie inside one.
    far_off = np.flatnonzero(~near)
    near[far_off[outlines.inside(corner[far_off])[0]]] = True
    unsure = np.flatnonzero(~near & (away <= radius + extent))
    if len(unsure):
        tree = shapely.STRtree(targets)
        near[unsure[tree.query(shapes[unsure], predicate="dwithin", distance=radius)[0]]] = True
    return near


def _first_points(shapes: Shapes) -> NDArray[np.float64]:
    points, row = shapely.get_coordinates(shapes, return_index=True)
    _, first = np.unique(row, return_index=True)
    return points[first]
