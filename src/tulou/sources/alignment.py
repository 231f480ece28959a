"""Which datum a layer is on, found by laying it over another whose datum is known.

The layer is repaired under each hypothesis (it is WGS 84, GCJ-02, BD-09), and as a check displaced the other way; the
hypothesis under which the two layers lie closest is the answer, when it is clearly the closest. Nothing is changed:
the answer is advice with its figures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.errors import NotEnoughData
from tulou.kernel.polygons import ShapeArray
from tulou.sources import datum as datums
from tulou.sources.checks import EARTH_RADIUS

Hypothesis = Literal["wgs84", "gcj02", "bd09", "to_gcj02", "to_bd09"]
HYPOTHESES: Mapping[Hypothesis, Callable[..., tuple[NDArray[np.float64], NDArray[np.float64]]]] = {
    "wgs84": lambda lon, lat: (lon, lat),
    "gcj02": datums.from_gcj02,
    "bd09": datums.from_bd09,
    "to_gcj02": datums.to_gcj02,
    "to_bd09": datums.to_bd09,
}
"""What the layer may be, and what brings it to the reference. The last two say that it is right and the *reference* is
displaced, or that it was repaired once too often."""

MOST_PLACES = 20_000
"""Places taken along the lines of a layer."""
LEAST_PLACES = 10
STEP = 50.0
"""Metres between places along a line."""
CLEAR = 0.75
"""The best hypothesis must lie at most this share of the second best one's distance away to be named."""
FAR = 2_000.0
"""Places farther than this from anything of the reference, in metres, have no partner there and are not compared."""


@dataclass(frozen=True)
class Alignment:
    """How well a layer fits a reference under each hypothesis.

    Args:
        distances: Median distance between the layers in metres, by hypothesis.
        places: How many places were compared.
        best: The hypothesis that fits best, when it is clearly the best; None when the layers cannot tell.
    """

    distances: Mapping[Hypothesis, float]
    places: int
    best: Hypothesis | None

    def __str__(self) -> str:
        figures = ", ".join(
            f"{name} {value:.0f} m" for name, value in sorted(self.distances.items(), key=lambda x: x[1])
        )
        verdict = f"the layer fits as {self.best}" if self.best else "the layers cannot tell"
        return f"{verdict} (median distance over {self.places} places: {figures})"


def find_datum(layer: ShapeArray, reference: ShapeArray) -> Alignment:
    """Find the datum of a layer from a reference known to be WGS 84.

    Works where both show the same things: boundaries over boundaries, stations over stations, stations over the lines
    they lie on. Points are laid over what the reference has; lines and outlines are sampled every 50 m.

    Args:
        layer: Shapes in longitude and latitude of an unknown datum.
        reference: Shapes on WGS 84.

    Returns:
        The median distance under each hypothesis, and the one that fits.

    Raises:
        NotEnoughData: When fewer than ten places can be compared.
    """
    middle = float(np.nanmean(shapely.get_coordinates(reference)[:, 1]))
    tree = shapely.STRtree(_segments(_outlines(_metres(reference, middle))))
    samples = places_along(layer, middle)
    distances: dict[Hypothesis, float] = {}
    partners = _with_partner(tree, samples, middle)
    if partners.sum() < LEAST_PLACES:
        raise NotEnoughData(
            "too few places of the layer lie near the reference",
            found=int(partners.sum()),
            allowed=(f"at least {LEAST_PLACES}",),
        )
    chosen = samples[partners]
    for name, move in HYPOTHESES.items():
        moved = np.column_stack(move(chosen[:, 0], chosen[:, 1]))
        distances[name] = float(np.median(_nearest(tree, moved, middle)))
    ranked = sorted(distances, key=lambda name: distances[name])
    clear = distances[ranked[0]] <= CLEAR * distances[ranked[1]]
    return Alignment(distances, int(partners.sum()), ranked[0] if clear else None)


def places_along(shapes: ShapeArray, middle: float) -> NDArray[np.float64]:
    """Places that stand for shapes: points themselves, and places along lines and outlines.

    Args:
        shapes: Shapes in longitude and latitude.
        middle: Latitude in degrees by which metres are reckoned.
    """
    metres = _outlines(_metres(shapes, middle))
    dense = shapely.segmentize(metres, STEP)
    xy = shapely.get_coordinates(dense)
    xy = np.unique(xy[np.isfinite(xy).all(axis=1)], axis=0)
    if len(xy) > MOST_PLACES:
        xy = xy[np.linspace(0, len(xy) - 1, MOST_PLACES).astype(np.int64)]
    return xy / _scale(middle)


def _scale(middle: float) -> NDArray[np.float64]:
    """Metres to a degree east and north, near a latitude."""
    degree = np.radians(1.0) * EARTH_RADIUS
    return np.array([degree * np.cos(np.radians(middle)), degree])


def _metres(shapes: ShapeArray, middle: float) -> ShapeArray:
    present = shapes[~shapely.is_missing(shapes)]
    moved: ShapeArray = shapely.transform(present, lambda xy: xy * _scale(middle))
    return moved


def _outlines(shapes: ShapeArray) -> ShapeArray:
    """Polygons as their outlines; points and lines as they are."""
    return np.where(shapely.get_dimensions(shapes) > 1, shapely.boundary(shapes), shapes)


def _segments(shapes: ShapeArray) -> ShapeArray:
    """Lines taken apart into straight pieces, which a tree finds far faster than long lines; points as they are."""
    parts = shapely.get_parts(shapes)
    lines = shapely.get_dimensions(parts) == 1
    xy, line = shapely.get_coordinates(parts[lines], return_index=True)
    same = line[1:] == line[:-1]
    pieces = np.stack((xy[:-1][same], xy[1:][same]), axis=1)
    return np.concatenate((parts[~lines], np.asarray(shapely.linestrings(pieces), dtype=object).ravel()))


def _nearest(tree: shapely.STRtree, places: NDArray[np.float64], middle: float) -> NDArray[np.float64]:
    points = shapely.points(places * _scale(middle))
    _, distance = tree.query_nearest(points, return_distance=True, all_matches=False)
    return np.asarray(distance)


def _with_partner(tree: shapely.STRtree, samples: NDArray[np.float64], middle: float) -> NDArray[np.bool_]:
    """Places near the reference whichever hypothesis holds, so that all are judged by the same places."""
    near = np.zeros(len(samples), dtype=bool)
    for name in ("wgs84", "gcj02", "bd09"):
        move = HYPOTHESES[name]
        near |= _nearest(tree, np.column_stack(move(samples[:, 0], samples[:, 1])), middle) < FAR
    return near
