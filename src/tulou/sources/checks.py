"""Checks of figures against shapes: a column in the wrong unit is told by what the shape itself measures."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from tulou.kernel.polygons import ShapeArray
from tulou.kernel.provenance import Quality

AREA_ATTRIBUTES = ("area", "site_area", "footprint_area")
"""Attributes that repeat what the shape itself measures, in m2."""
AREA_FACTORS = {"hectare": 1e4, "km2": 1e6, "mu_area": 10_000 / 15}
HEIGHT_LIMIT = 200.0
"""When the middle building of a layer is higher than this in metres, its heights are in another unit."""
HEIGHT_PER_STOREY = 20.0
"""When a storey of the middle building is higher than this in metres, its heights are in another unit."""
EARTH_RADIUS = 6_371_008.8
"""Mean radius of the Earth, metres (IUGG)."""
NEAR = 0.15
"""How far the logarithm (base 10) of a ratio may lie from that of a unit to be taken for it."""
LEAST_ROWS = 5


def check_units(columns: Mapping[str, pa.Array], shapes: ShapeArray, quality: Quality) -> None:
    """Add remarks where areas or heights can only be in another unit.

    Args:
        columns: Attributes, in the units of the dictionary.
        shapes: Shape of each row, longitude and latitude; None where there is none.
        quality: The report.
    """
    for name in AREA_ATTRIBUTES:
        if name in columns:
            _compare_area(name, columns[name], shapes, quality)
    if "height" in columns:
        _compare_height(columns, quality)


def ground_area(shapes: ShapeArray) -> NDArray[np.float64]:
    """Area of shapes in longitude and latitude, m2, on a sphere by Lambert's cylinder; 0 for points and lines."""
    parts = shapely.transform(shapes, lambda xy: np.column_stack((np.radians(xy[:, 0]), np.sin(np.radians(xy[:, 1])))))
    return np.asarray(shapely.area(parts)) * EARTH_RADIUS**2


def _compare_area(name: str, column: pa.Array, shapes: ShapeArray, quality: Quality) -> None:
    stated = column.to_numpy(zero_copy_only=False).astype(np.float64)
    measured = ground_area(shapes)
    both = (stated > 0) & (measured > 0)
    if both.sum() < LEAST_ROWS:
        return
    ratio = float(np.median(measured[both] / stated[both]))
    for unit, factor in AREA_FACTORS.items():
        for power, words in ((1, f"looks like {unit}, not m2"), (-1, f"seems converted from {unit} once too often")):
            if abs(np.log10(ratio) - power * np.log10(factor)) < NEAR:
                quality.note(
                    "area_unit",
                    "noted",
                    int(both.sum()),
                    f"'{name}' {words}: the shapes measure {ratio:.4g} times as much",
                )


def _compare_height(columns: Mapping[str, pa.Array], quality: Quality) -> None:
    heights = columns["height"].to_numpy(zero_copy_only=False).astype(np.float64)
    known = heights[heights > 0]
    if known.size < LEAST_ROWS:
        return
    middle = float(np.median(known))
    per_storey = 0.0
    if "storeys" in columns:
        storeys = columns["storeys"].to_numpy(zero_copy_only=False).astype(np.float64)
        both = (heights > 0) & (storeys > 0)
        per_storey = float(np.median(heights[both] / storeys[both])) if both.sum() >= LEAST_ROWS else 0.0
    if middle > HEIGHT_LIMIT or per_storey > HEIGHT_PER_STOREY:
        quality.note(
            "height_unit",
            "noted",
            int(known.size),
            f"'height' is {middle:.4g} m for the middle building: it is probably in centimetres or millimetres",
        )
