"""Geometry of rows in degrees on WGS 84, as the interface speaks of places; worked out once while rows live."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.model.rows import Rows
from tulou.sources import datum as datums

DECIMALS = 7
"""Of a degree: about a centimetre."""
_known: WeakKeyDictionary[Rows, NDArray[np.object_]] = WeakKeyDictionary()


def degrees(rows: Rows, crs: str) -> NDArray[np.object_]:
    """Geometries of rows in degrees, None where unknown.

    Args:
        rows: The rows.
        crs: The metric system they are in.
    """
    found = _known.get(rows)
    if found is None:
        found = _known[rows] = in_degrees(rows.shapes, crs)
    return found


def in_degrees(shapes: NDArray[np.object_], crs: str) -> NDArray[np.object_]:
    """Shapes in degrees, None where unknown.

    Args:
        shapes: Geometries.
        crs: The metric system they are in.
    """
    flat = shapely.force_2d(shapes)
    places = shapely.get_coordinates(flat)
    lon, lat = datums.to_wgs84(places[:, 0], places[:, 1], datums.named(crs))
    moved = np.round(np.column_stack([lon, lat]), DECIMALS)
    return np.asarray(shapely.set_coordinates(flat, moved), object)
