"""Shapes from outside: finite, on the Earth, valid, of the kind asked for, in WGS 84."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput
from tulou.kernel.polygons import ShapeArray, crossed, mended
from tulou.kernel.provenance import Quality
from tulou.sources import datum as datums
from tulou.sources.datum import CHINA_BOX, Datum

Mask: TypeAlias = NDArray[np.bool_]

MOST_LATITUDE = 90.0
MOST_LONGITUDE = 360.0
"""Longitudes up to here are kept, so that a layer may run on over the antimeridian."""
MOST = 0.5
"""A trouble that more than this share of all places has concerns the layer, not the places."""

_DIMENSION = {"point": 0, "line": 1, "polygon": 2}


@dataclass
class Rows:
    """Shapes with the rows they belong to, while they are cleaned.

    Args:
        shapes: One shape a row; None where there is none.
        keep: Whether the row is still wanted.
        labels: Row numbers or ids, for examples.
        where: How messages call the source.
        quality: The report.
    """

    shapes: ShapeArray
    keep: Mask
    labels: Sequence[object]
    where: str
    quality: Quality

    def remark(self, mask: Mask, kind: str, treated: str, text: str) -> None:
        """Report the rows of a mask, and leave them out when they are refused."""
        mask = mask & self.keep
        self.quality.note(kind, treated, int(mask.sum()), text, examples(self.labels, mask))
        if treated == "refused":
            self.keep &= ~mask


def examples(labels: Sequence[object], mask: Mask) -> tuple[str, ...]:
    """A few labels of the rows that a mask marks."""
    return tuple(str(labels[int(i)]) for i in np.flatnonzero(mask)[:5])


def from_wkb(column: Sequence[bytes | None]) -> tuple[ShapeArray, Mask]:
    """Shapes of WKB values, and which of them could not be read."""
    given = np.array([value is not None for value in column], dtype=bool)
    shapes = shapely.from_wkb(np.array(column, dtype=object), on_invalid="ignore")
    return shapes, given & shapely.is_missing(shapes)


def cleaned(rows: Rows, datum: Datum, wanted: str) -> None:
    """Clean shapes in place: WGS 84 longitudes and latitudes, valid, of the kind an entity has.

    Args:
        rows: Shapes as found, in the coordinates of ``datum``.
        datum: What their coordinates are.
        wanted: ``point``, ``line``, ``polygon`` or ``any``.

    Raises:
        BadInput: When longitude and latitude are swapped throughout, or the coordinates cannot be what the datum says.
    """
    rows.shapes = shapely.force_2d(rows.shapes)
    bad = ~_finite(rows.shapes)
    rows.remark(bad, "not_finite", "refused", "a coordinate is not a finite number")
    rows.shapes[bad] = None
    _refuse_swapped(rows, datum)
    moved = shapely.transform(rows.shapes, lambda xy: np.column_stack(datums.to_wgs84(xy[:, 0], xy[:, 1], datum)))
    rows.shapes = moved
    outside = ~_on_earth(moved)
    _refuse_wrong_system(rows, outside, datum)
    rows.remark(outside, "off_the_earth", "refused", f"the place is not on the Earth by {datum.describe()}")
    rows.shapes[outside] = None
    _repair(rows)
    _fit_kind(rows, wanted)


def _finite(shapes: ShapeArray) -> Mask:
    fine = np.ones(len(shapes), dtype=bool)
    coordinates, index = shapely.get_coordinates(shapes, return_index=True)
    fine[index[~np.isfinite(coordinates).all(axis=1)]] = False
    return fine


def _on_earth(shapes: ShapeArray) -> Mask:
    fine = np.ones(len(shapes), dtype=bool)
    coordinates, index = shapely.get_coordinates(shapes, return_index=True)
    with np.errstate(invalid="ignore"):
        good = (np.abs(coordinates[:, 1]) <= MOST_LATITUDE) & (np.abs(coordinates[:, 0]) <= MOST_LONGITUDE)
    fine[index[~good]] = False
    return fine


def _refuse_swapped(rows: Rows, datum: Datum) -> None:
    """Longitude and latitude the wrong way round: sure where the second number exceeds 90."""
    if not datums.is_geographic(datum.crs):
        return
    x, y = shapely.get_coordinates(rows.shapes).T
    if not x.size:
        return
    swapped = (np.abs(y) > MOST_LATITUDE) & (np.abs(y) <= MOST_LONGITUDE) & (np.abs(x) <= MOST_LATITUDE)
    if swapped.mean() > MOST:
        raise BadInput(
            "longitude and latitude are swapped: the second number of most places is above 90",
            where=rows.where,
            found=f"{x[0]:.6f}, {y[0]:.6f}",
            allowed=("longitude first, then latitude",),
        )
    west, south, east, north = CHINA_BOX
    mirrored = (y >= west) & (y <= east) & (x >= south) & (x <= north)
    if mirrored.mean() > MOST:
        rows.quality.note(
            "perhaps_swapped", "noted", len(rows.keep), "with the two numbers swapped most places would lie in China"
        )


def _refuse_wrong_system(rows: Rows, outside: Mask, datum: Datum) -> None:
    given = ~shapely.is_missing(rows.shapes) & rows.keep
    if given.any() and (outside & given).sum() > MOST * given.sum():
        first = shapely.get_coordinates(rows.shapes[outside & given][:1])[:1]
        raise BadInput(
            f"most coordinates cannot be what the datum says ({datum.describe()})",
            where=rows.where,
            found=", ".join(f"{value:.2f}" for value in first.ravel()),
            allowed=("state the true coordinate system in the mapping, e.g. datum: EPSG:4547",),
        )


def _repair(rows: Rows) -> None:
    """Make invalid polygons valid and keep what is polygon of them; other invalid shapes are left out."""
    invalid = ~shapely.is_valid(rows.shapes) & ~shapely.is_missing(rows.shapes)
    polygonal = crossed(rows.shapes)
    rows.shapes = mended(rows.shapes)
    lost = polygonal & shapely.is_missing(rows.shapes)
    rows.remark(lost, "no_area", "refused", "an invalid polygon encloses nothing")
    rows.remark(
        polygonal & ~lost, "invalid_polygon", "repaired", "a polygon crossed or touched itself and was repaired"
    )
    rest = invalid & ~polygonal
    rows.remark(rest, "invalid_shape", "refused", "the line has no length, or the shape is broken")
    empty = shapely.is_empty(rows.shapes) & ~shapely.is_missing(rows.shapes)
    rows.remark(empty, "empty_shape", "refused", "the shape is empty")
    rows.shapes[rest | empty] = None


def _fit_kind(rows: Rows, wanted: str) -> None:
    """Places where areas or lines were expected are kept and reported; areas where points were become points."""
    if wanted not in _DIMENSION:
        return
    dimensions = shapely.get_dimensions(rows.shapes)
    present = ~shapely.is_missing(rows.shapes)
    if wanted == "point":
        more = present & (dimensions > 0)
        rows.shapes[more] = shapely.point_on_surface(rows.shapes[more])
        rows.remark(more, "made_point", "repaired", "an area or line stands for a place and became a point of it")
        return
    other = present & (dimensions != _DIMENSION[wanted])
    rows.remark(other, "other_geometry", "noted", f"the shape is not a {wanted}; what needs one cannot use the row")


def extent_of(shapes: ShapeArray) -> tuple[float, float, float, float] | None:
    """West, south, east, north of shapes; None when there are none."""
    bounds = shapely.total_bounds(shapes) if len(shapes) else np.array([np.nan])
    if not np.isfinite(bounds).all():
        return None
    west, south, east, north = map(float, bounds)
    return west, south, east, north
