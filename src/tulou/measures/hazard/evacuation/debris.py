"""Streets after buildings have fallen: how much of their width stays clear.

``N = W − Σ max(k H − S, 0)`` over the two sides, with the street's width ``W``, the height ``H`` of the worst building
on a side, its distance ``S`` from the kerb and the reach ``k`` of debris as a share of the height (the form of GB
50413-2007 for streets of refuge; the share is a parameter of the caller). With one side built up at the kerb,
``N = W − k H``.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

Array = NDArray[np.float64]
Shapes = NDArray[np.object_]
Rows = NDArray[np.int64]


def clear_width(width: Array, streets: Shapes, buildings: Shapes, height: Array, share: float) -> Array:
    """How wide does each street stay when the buildings beside it fall?

    Args:
        width: Width of each street, m.
        streets: Middle line of each street.
        buildings: Outlines of the buildings that fall.
        height: Height of each, m; unknown (NaN) reaches nowhere.
        share: Reach of debris as a share of the height.

    Returns:
        Clear width, m; 0 where nothing stays clear.
    """
    reach = share * np.nan_to_num(height)
    building, street = _near(streets, buildings, reach, width)
    lost = np.zeros((len(streets), 2))
    if len(building):
        apart = shapely.distance(streets[street], buildings[building])
        depth = np.maximum(reach[building] - np.maximum(apart - width[street] / 2, 0.0), 0.0)
        np.maximum.at(lost, (street, _side(streets[street], buildings[building])), depth)
    return np.maximum(width - lost.sum(axis=1), 0.0)


def _near(streets: Shapes, buildings: Shapes, reach: Array, width: Array) -> tuple[Rows, Rows]:
    """Pairs of building and street that its debris may reach."""
    if not len(streets) or not len(buildings):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    building, street = shapely.STRtree(streets).query(
        buildings, predicate="dwithin", distance=reach + float(width.max()) / 2
    )
    return building, street


def _side(streets: Shapes, buildings: Shapes) -> NDArray[np.int64]:
    """0 for a building left of its street as it is drawn, 1 for one on the right."""
    middle = shapely.centroid(buildings)
    at = shapely.line_locate_point(streets, middle)
    step = np.minimum(1.0, shapely.length(streets) / 2)
    behind = shapely.get_coordinates(shapely.line_interpolate_point(streets, np.maximum(at - step, 0.0)))
    ahead = shapely.get_coordinates(
        shapely.line_interpolate_point(streets, np.minimum(at + step, shapely.length(streets)))
    )
    way, off = ahead - behind, shapely.get_coordinates(middle) - behind
    return (way[:, 0] * off[:, 1] - way[:, 1] * off[:, 0] < 0).astype(np.int64)
