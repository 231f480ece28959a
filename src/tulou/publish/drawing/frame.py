"""From metres to the coordinates of a map, and shapes to path texts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

WIDTH = 560.0
"""Width of all maps, in units of the drawing."""

LEAST_HEIGHT, MOST_HEIGHT = 260.0, 600.0
MARGIN = 0.03
"""Share of the extent left free on each side."""

AREA = 2
"""Dimension of polygons."""

FEWEST_CORNERS = 3
"""Corners below which a ring is not drawn."""

FINEST = 10.0
"""Parts of a unit that coordinates are rounded to."""


@dataclass(frozen=True)
class Frame:
    """The piece of the city a map shows.

    Args:
        west: Least east coordinate shown, metres.
        north: Greatest north coordinate shown, metres.
        scale: Units of the drawing for one metre.
        height: Height of the map, in units of the drawing.
    """

    west: float
    north: float
    scale: float
    height: float

    @classmethod
    def around(cls, bounds: tuple[float, float, float, float]) -> Frame:
        """A frame that shows west, south, east, north and a little more, centred."""
        west, south, east, north = bounds
        wide, high = max(east - west, 1.0), max(north - south, 1.0)
        wide, high = wide * (1 + 2 * MARGIN), high * (1 + 2 * MARGIN)
        height = float(np.clip(WIDTH * high / wide, LEAST_HEIGHT, MOST_HEIGHT))
        scale = min(WIDTH / wide, height / high)
        middle_east, middle_north = (west + east) / 2, (south + north) / 2
        return cls(middle_east - WIDTH / scale / 2, middle_north + height / scale / 2, scale, round(height))

    def box(self) -> shapely.Polygon:
        """The extent shown, in metres."""
        return shapely.box(self.west, self.north - self.height / self.scale, self.west + WIDTH / self.scale, self.north)

    def place(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Coordinates of the drawing for points in metres, shape (n, 2)."""
        found = np.empty_like(points, dtype=np.float64)
        found[:, 0] = (points[:, 0] - self.west) * self.scale
        found[:, 1] = (self.north - points[:, 1]) * self.scale
        return found

    def path(self, shapes: NDArray[np.object_], *, tolerance: float = 0.5, least: float = 0.0) -> str:
        """One path text for many polygons or lines.

        Args:
            shapes: In metres; missing and empty ones are left out.
            tolerance: How far a simplified line may lie from the true one, in units of the drawing.
            least: Rings and lines whose extent is smaller than this are left out, in units of the drawing.
        """
        lines, is_ring = _lines(shapes)
        if not len(lines):
            return ""
        simple = shapely.simplify(lines, tolerance / self.scale, preserve_topology=False)
        bounds = shapely.bounds(lines)
        size = np.hypot(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1]) * self.scale
        keep = (size >= least) & ~shapely.is_empty(simple)
        points, owner = shapely.get_coordinates(simple[keep], return_index=True)
        spots = np.rint(self.place(points) * FINEST).astype(np.int64)
        return _text(spots, owner, is_ring[keep])


def _lines(shapes: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    parts = shapely.get_parts(np.asarray(shapes, object)[~shapely.is_missing(shapes)])
    areal = shapely.get_dimensions(parts) == AREA
    rings = shapely.get_rings(parts[areal])
    lines = parts[shapely.get_dimensions(parts) == 1]
    is_ring = np.concatenate([np.ones(len(rings), bool), np.zeros(len(lines), bool)])
    return np.concatenate([rings, lines]), is_ring


def _text(spots: NDArray[np.int64], owner: NDArray[np.int64], is_ring: NDArray[np.bool_]) -> str:
    """Relative path commands; points that fall together are written once."""
    if not len(spots):
        return ""
    first = np.concatenate([[True], owner[1:] != owner[:-1]])
    step = np.diff(spots, axis=0, prepend=spots[:1])
    keep = first | (step != 0).any(axis=1)
    spots, owner, first = spots[keep], owner[keep], first[keep]
    step = np.diff(spots, axis=0, prepend=spots[:1])
    step[first] = spots[first]
    number = step.ravel().tolist()
    texts = [f"{value / FINEST:g}" for value in number]
    pieces: list[str] = []
    starts = np.flatnonzero(first).tolist()
    for start, end in zip(starts, [*starts[1:], len(spots)], strict=True):
        ring = bool(is_ring[owner[start]])
        if end - start < (FEWEST_CORNERS if ring else 2):
            continue
        moves = " ".join(texts[2 * start + 2 : 2 * end])
        pieces.append(f"M{texts[2 * start]} {texts[2 * start + 1]}l{moves}{'z' if ring else ''}")
    return "".join(pieces).replace(" -", "-")
