"""Presence: which units have something in them or near them, and how much open space lies in a city."""

from __future__ import annotations

from hashlib import blake2b
from typing import Annotated

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from tulou.kernel.arrays import Floats, Parts, Shapes
from tulou.kernel.declaration import measure
from tulou.kernel.recent import DIGEST, Recent
from tulou.kernel.threads import in_threads
from tulou.kernel.words import Words
from tulou.measures.form.overlap import overlaps

NONE_NEAR = "too_far"
AREAL = 2
"""Dimension of a polygon."""
SQUARE = 1000.0
"""Side of the squares that ground is dissolved in, m: small unions are quick, and go side by side."""


@measure(title=Words("周边有目标的单元", "Units with a target near by"), raised_by=("targets",))
def units_near(
    units: Annotated[Shapes, "m"], targets: Annotated[Shapes, "m"], *, radius: Annotated[float, "m"]
) -> Annotated[Parts, "1", "1"]:
    """Which units have a target within the radius of their outline (inside is distance 0)?

    Args:
        units: Outlines, m.
        targets: Points, lines or polygons, m.
        radius: Reach, m.
    """
    near, _ = shapely.STRtree(targets).query(units, predicate="dwithin", distance=radius)
    part = np.zeros(len(units))
    part[near] = 1.0
    part[shapely.is_missing(units)] = np.nan
    cause = np.full(len(units), None, np.object_)
    cause[part == 0] = NONE_NEAR
    return Parts(part=part, whole=np.ones(len(units)), cause=cause)


@measure(title=Words("开放空间与街道占地", "Open space and streets on built-up land"), source="UN SDG metadata 11.7.1")
def open_space_with_streets(
    units: Annotated[Shapes, "m"],
    spaces: Annotated[Shapes, "m"],
    streets: Annotated[Shapes, "m"],
    width: Annotated[Floats, "m"],
    built: Annotated[Shapes, "m"],
) -> Annotated[Parts, "m2", "m2"]:
    """How much of the built-up area of each unit is open public space or street?

    ``part`` = area of the unit under open spaces and under streets drawn at their width, overlaps counted once;
    ``whole`` = area of the unit under built-up land, open spaces and streets together. A unit with a street of unknown
    width is unknown.

    Args:
        units: Outlines, m.
        spaces: Open public spaces, m.
        streets: Street lines, m.
        width: Width of each street.
        built: Built-up land, m.
    """
    wide = np.isfinite(width) & ~shapely.is_missing(streets)
    ground = shapely.buffer(streets[wide], width[wide] / 2, cap_style="flat")
    public = _dissolved(np.concatenate([spaces, ground]))
    everything = _dissolved(np.concatenate([public, built]))
    part = _on(units, public)
    unsure, _ = shapely.STRtree(streets[~wide]).query(units, predicate="intersects")
    part[unsure] = np.nan
    return Parts(part=part, whole=_on(units, everything))


@measure(title=Words("两类用地合计中第一类的占比", "Share of the ground of two kinds of land"))
def ground_share(
    units: Annotated[Shapes, "m"], first: Annotated[Shapes, "m"], second: Annotated[Shapes, "m"]
) -> Annotated[Parts, "m2", "m2"]:
    """How much of the ground under either of two kinds of land lies under the first?

    ``part`` = area of the unit under the first kind, ``whole`` = area of the unit under either, overlaps counted once:
    the share is at most everything, whether the second kind was drawn around the first or over it. A unit is unknown
    where land of the first kind has a place and no outline.

    Args:
        units: Outlines, m.
        first: Land asked about, e.g. green, m.
        second: Land it lies in or beside, e.g. built-up land, m.
    """
    flat = ~shapely.is_missing(first) & (shapely.get_dimensions(first) < AREAL)
    one = _dissolved(first[~flat])
    everything = _dissolved(np.concatenate([one, np.asarray(second, object)]))
    part = _on(units, one)
    unsure, _ = shapely.STRtree(first[flat]).query(units, predicate="intersects")
    part[unsure] = np.nan
    return Parts(part=part, whole=_on(units, everything))


def _dissolved(shapes: Shapes) -> Shapes:
    """Ground under any of the shapes, counted once, in pieces that lie in one square each and never overlap."""
    shapes = np.asarray(shapes[~shapely.is_missing(shapes)], object)
    if not len(shapes):
        return shapes
    west, south, east, north = shapely.total_bounds(shapes)
    columns = np.arange(np.floor(west / SQUARE), np.ceil(east / SQUARE) + 1) * SQUARE
    rows = np.arange(np.floor(south / SQUARE), np.ceil(north / SQUARE) + 1) * SQUARE
    x, y = (grid.ravel() for grid in np.meshgrid(columns, rows))
    squares = np.asarray(shapely.box(x, y, x + SQUARE, y + SQUARE), object)
    square, shape = shapely.STRtree(shapes).query(squares, predicate="intersects")
    order = np.lexsort((shape, square))
    square, shape = square[order], shape[order]
    held = np.split(shape, np.flatnonzero(np.diff(square)) + 1)
    drawn = np.asarray(shapely.to_wkb(shapes), object)
    jobs = list(zip(squares[np.unique(square)], held, strict=True))

    def union(job: tuple[BaseGeometry, NDArray[np.int64]]) -> BaseGeometry:
        box, inside = job
        key = blake2b(b"".join([box.wkb, *drawn[inside]]), digest_size=DIGEST).digest()
        return _UNIONS.get(key, lambda: shapely.union_all(shapely.intersection(shapes[inside], box)))

    return np.asarray(shapely.get_parts(np.array(in_threads(union, jobs), object)), object)


_UNIONS: Recent[BaseGeometry] = Recent(room=4096)
"""Ground of squares that was dissolved lately: after a change the other squares need not be dissolved again."""


def _on(units: Shapes, pieces: Shapes) -> Floats:
    unit, _, area = overlaps(units, pieces)
    held = np.bincount(unit, area, len(units)).astype(np.float64)
    held[shapely.is_missing(units)] = np.nan
    return held
