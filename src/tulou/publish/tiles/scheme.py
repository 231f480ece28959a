"""The scheme of tiles that maps on the web use: WebMercatorQuad, 2^z by 2^z squares over the Mercator world.

OGC 17-083r4, Two Dimensional Tile Matrix Set, annex D.1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse

MERCATOR = "EPSG:3857"
HALF_WORLD = 20_037_508.342_789_244
"""Half of the width of the Mercator world, m."""
DEEPEST = 22
"""Deepest zoom: a tile is 10 m wide there."""


@dataclass(frozen=True)
class Tile:
    """One square of the world.

    Args:
        zoom: Zoom, 0 for the whole world.
        x: Column from the west.
        y: Row from the north.

    Raises:
        BadUse: When there is no such tile.
    """

    zoom: int
    x: int
    y: int

    def __post_init__(self) -> None:
        if not 0 <= self.zoom <= DEEPEST:
            raise BadUse("there is no such zoom", where="zoom", found=self.zoom, allowed=(f"0 to {DEEPEST}",))
        most = 2**self.zoom - 1
        for where, at in (("x", self.x), ("y", self.y)):
            if not 0 <= at <= most:
                raise BadUse("there is no such tile", where=where, found=at, allowed=(f"0 to {most}",))

    @property
    def side(self) -> float:
        """Its side, m of the Mercator plane."""
        return 2 * HALF_WORLD / float(2**self.zoom)

    @property
    def west(self) -> float:
        """Its western edge, m of the Mercator plane."""
        return -HALF_WORLD + self.x * self.side

    @property
    def north(self) -> float:
        """Its northern edge, m of the Mercator plane."""
        return HALF_WORLD - self.y * self.side

    def bounds(self, margin: float = 0.0) -> tuple[float, float, float, float]:
        """West, south, east, north, m of the Mercator plane, with a margin as a share of its side."""
        more = margin * self.side
        west, north = self.west, self.north
        return west - more, north - self.side - more, west + self.side + more, north + more


def tile_at(lon: float, lat: float, zoom: int) -> Tile:
    """The tile that a place lies in.

    Args:
        lon: Longitude on WGS 84, degrees.
        lat: Latitude on WGS 84, degrees.
        zoom: Zoom.

    Raises:
        BadUse: When the place lies outside the Mercator world.
    """
    east, north = pyproj.Transformer.from_crs("EPSG:4326", MERCATOR, always_xy=True).transform(lon, lat)
    if not (abs(east) <= HALF_WORLD and abs(north) <= HALF_WORLD):
        raise BadUse("this place lies outside the map of the world", where="place", found=f"{lon},{lat}")
    count = 2**zoom
    column, row = ((east + HALF_WORLD) / (2 * HALF_WORLD), (HALF_WORLD - north) / (2 * HALF_WORLD))
    return Tile(zoom, min(int(column * count), count - 1), min(int(row * count), count - 1))


def to_mercator(shapes: NDArray[np.object_], crs: str) -> NDArray[np.object_]:
    """Shapes on the Mercator plane.

    Args:
        shapes: Geometries; None stays None.
        crs: The system they are in.
    """
    move = pyproj.Transformer.from_crs(crs, MERCATOR, always_xy=True)
    coordinates = shapely.get_coordinates(shapes)
    east, north = move.transform(coordinates[:, 0], coordinates[:, 1])
    flat = shapely.force_2d(shapes.copy())
    return np.asarray(shapely.set_coordinates(flat, np.column_stack([east, north])), object)
