"""Geography: which metric system a city is computed in, and how its facts get there and back.

Facts arrive as longitude and latitude (EPSG:4326). Inside China a city is computed in CGCS2000, 3-degree Gauss-Krüger
zones without zone number in the easting (EPSG:4534 to 4554, GB/T 13989 and CH/T 1014 practice); elsewhere in its UTM
zone. Axis order is always east, north.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput
from tulou.kernel.threads import in_threads, spans

if TYPE_CHECKING:
    from pyproj import CRS

Extent = tuple[float, float, float, float]
Coordinates = NDArray[np.float64]

GEOGRAPHIC = "EPSG:4326"
FULL_TURN = 360.0
HALF_TURN = 180.0

GAUSS_KRUGER_FIRST = 4534
"""EPSG code of CGCS2000 / 3-degree Gauss-Krüger, central meridian 75° E."""
GAUSS_KRUGER_FIRST_MERIDIAN = 75.0
GAUSS_KRUGER_LAST = 4554
GAUSS_KRUGER_WIDTH = 3.0

UTM_NORTH, UTM_SOUTH = 32600, 32700
UTM_WIDTH, UTM_ZONES = 6.0, 60
UTM_NORTH_LIMIT, UTM_SOUTH_LIMIT = 84.0, -80.0
POLAR_NORTH, POLAR_SOUTH = "EPSG:32661", "EPSG:32761"

COORDINATES_A_PIECE = 500_000
"""Coordinates projected at a time: enough to be worth the start of a thread and its transformer."""

# A coarse outline, drawn by hand to about half a degree: it only chooses between two families of metric systems. A city
# for which it chooses wrongly names its system in its profile.
_CHINA = shapely.Polygon(
    [
        (73.4, 39.4), (74.8, 40.6), (76.5, 40.5), (78.5, 41.5), (80.2, 42.1), (80.2, 43.2), (80.3, 44.3), (80.0, 45.1),
        (82.5, 45.4), (82.9, 47.3), (85.5, 47.2), (85.6, 48.4), (87.0, 49.2), (88.1, 49.2), (90.3, 47.9), (91.0, 46.6),
        (90.9, 45.3), (93.5, 45.1), (95.4, 44.4), (96.4, 42.8), (100.0, 42.7), (103.5, 42.0), (105.0, 41.7),
        (107.5, 42.5), (110.0, 42.8), (111.9, 43.8), (111.9, 45.1), (113.6, 44.9), (115.6, 45.5), (117.4, 46.5),
        (119.9, 46.8), (118.5, 47.9), (116.0, 47.8), (115.5, 48.1), (116.6, 49.9), (117.8, 49.6), (119.3, 50.3),
        (120.1, 51.8), (120.8, 53.3), (123.5, 53.65), (125.8, 53.1), (127.1, 51.4), (127.55, 50.28), (127.7, 49.8),
        (129.5, 49.5), (130.8, 48.9), (131.1, 47.8), (132.5, 47.8), (134.8, 48.4), (134.0, 47.2), (133.1, 45.1),
        (131.0, 44.9), (131.3, 43.5), (130.7, 42.4), (129.9, 42.9), (128.1, 41.95), (126.9, 41.7), (125.0, 40.5),
        (124.4, 40.0), (124.0, 39.4), (122.0, 38.0), (123.5, 37.0), (122.5, 35.0), (123.2, 31.0), (123.3, 28.0),
        (122.6, 25.5), (122.1, 24.0), (121.8, 21.6), (118.0, 19.0), (117.0, 15.0), (111.0, 15.0), (108.2, 17.9),
        (108.2, 21.4), (106.7, 21.9), (106.6, 22.8), (105.3, 23.2), (103.95, 22.45), (102.5, 22.5), (101.6, 22.3),
        (101.7, 21.1), (100.1, 21.4), (99.1, 22.0), (98.8, 23.2), (97.5, 23.8), (97.6, 24.8), (98.6, 26.0),
        (98.6, 27.5), (97.2, 28.0), (95.0, 28.9), (92.0, 27.6), (89.0, 27.8), (86.0, 27.9), (84.0, 28.8), (81.2, 30.0),
        (78.7, 31.2), (78.7, 33.5), (77.8, 35.4), (75.8, 36.6), (74.4, 37.2), (73.6, 38.5),
    ]
)  # fmt: skip


def choose_system(extent: Extent) -> str:
    """The metric system for a city that lies within an extent.

    Args:
        extent: West, south, east, north in degrees; east may exceed 180.
    """
    west, south, east, north = extent
    latitude = (south + north) / 2
    longitude = wrapped((west + east) / 2)
    if _CHINA.covers(shapely.Point(longitude, latitude)):
        zone = round((longitude - GAUSS_KRUGER_FIRST_MERIDIAN) / GAUSS_KRUGER_WIDTH)
        return f"EPSG:{min(GAUSS_KRUGER_FIRST + max(zone, 0), GAUSS_KRUGER_LAST)}"
    if latitude > UTM_NORTH_LIMIT:
        return POLAR_NORTH
    if latitude < UTM_SOUTH_LIMIT:
        return POLAR_SOUTH
    zone = min(int((longitude + HALF_TURN) // UTM_WIDTH) + 1, UTM_ZONES)
    return f"EPSG:{(UTM_NORTH if latitude >= 0 else UTM_SOUTH) + zone}"


def wrapped(longitude: float) -> float:
    """A longitude between -180 (included) and 180."""
    return (longitude + HALF_TURN) % FULL_TURN - HALF_TURN


def extent_of(shapes: NDArray[np.object_]) -> Extent | None:
    """West, south, east, north of geographic shapes; east exceeds 180 when they lie across the antimeridian."""
    bounds = shapely.bounds(shapes)
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    if not len(bounds):
        return None
    west, south, east, north = bounds[:, 0].min(), bounds[:, 1].min(), bounds[:, 2].max(), bounds[:, 3].max()
    if east - west > HALF_TURN:
        coordinates = shapely.get_coordinates(shapes)[:, 0]
        turned = np.where(coordinates < 0, coordinates + FULL_TURN, coordinates)
        if turned.max() - turned.min() < east - west:
            west, east = turned.min(), turned.max()
    return float(west), float(south), float(east), float(north)


def check_system(name: str, where: str = "profile.crs") -> CRS:
    """Read the name of a metric system.

    Raises:
        BadInput: When it is unknown, not projected or not in metres.
    """
    from pyproj import CRS  # slow to load; the command line must answer first
    from pyproj.exceptions import CRSError

    try:
        system = CRS.from_user_input(name)
    except CRSError:
        raise BadInput("not a coordinate system", where=where, found=name, allowed=("EPSG:4549",)) from None
    if not system.is_projected or any(axis.unit_conversion_factor != 1.0 for axis in system.axis_info):
        raise BadInput(
            "a city is computed in a projected system in metres",
            where=where,
            found=f"{name} ({system.name})",
            allowed=("EPSG:4549", "EPSG:32650"),
        )
    return system


def to_metric(shapes: NDArray[np.object_], system: str) -> NDArray[np.object_]:
    """Move geographic shapes to a metric system; None stays None."""
    return _moved(shapes, GEOGRAPHIC, system)


def to_geographic(shapes: NDArray[np.object_], system: str) -> NDArray[np.object_]:
    """Move shapes of a metric system to longitude and latitude; None stays None."""
    return _moved(shapes, system, GEOGRAPHIC)


def _moved(shapes: NDArray[np.object_], start: str, goal: str) -> NDArray[np.object_]:
    """Project shapes, in pieces over threads."""
    pieces = int(shapely.get_num_coordinates(shapes).sum()) // COORDINATES_A_PIECE + 1

    def move(piece: slice) -> NDArray[np.object_]:
        return _moved_piece(shapes[piece], start, goal)

    found = in_threads(move, spans(len(shapes), pieces))
    return np.concatenate(found) if found else np.asarray(shapes, object)


def _moved_piece(shapes: NDArray[np.object_], start: str, goal: str) -> NDArray[np.object_]:
    from pyproj import Transformer  # slow to load

    coordinates = shapely.get_coordinates(shapes, include_z=True)
    flat = np.isnan(coordinates[:, 2])
    # One transformer a piece: they must not be shared between threads.
    transformer = Transformer.from_crs(start, goal, always_xy=True)
    coordinates[:, 0], coordinates[:, 1] = transformer.transform(coordinates[:, 0], coordinates[:, 1])
    copied = np.array(shapes, object)
    if flat.all():
        return np.asarray(shapely.set_coordinates(copied, coordinates[:, :2]), object)
    return _with_heights(copied, coordinates)


def _with_heights(shapes: NDArray[np.object_], coordinates: Coordinates) -> NDArray[np.object_]:
    """Set coordinates of a mixture of flat shapes and shapes with heights."""
    solid = shapely.has_z(shapes)
    counts = shapely.get_num_coordinates(shapes)
    of_solid = np.repeat(solid, counts)
    shapes[solid] = shapely.set_coordinates(shapes[solid], coordinates[of_solid])
    shapes[~solid] = shapely.set_coordinates(shapes[~solid], coordinates[~of_solid, :2])
    return shapes
