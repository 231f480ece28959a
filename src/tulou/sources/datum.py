"""The datum of a layer, and the repair of the two shifted ones used on Chinese maps.

GCJ-02 is WGS 84 displaced by a smooth, unpublished-but-known field of some hundred metres within a box around China;
BD-09 displaces GCJ-02 once more. Both displacements have a closed form forward; backward they are undone by
iteration to far below a nanodegree, not by the usual one-step approximation that errs by up to two metres.

Source of the constants: the published re-implementations of the transformation (Krasovsky 1940 ellipsoid); checked here
against places known on both datums (`tests/sources/test_datum.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal, TypeAlias, get_args

import numpy as np
import pyproj
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput

Numbers: TypeAlias = NDArray[np.float64]
Shifted: TypeAlias = Literal["gcj02", "bd09"]
_Step: TypeAlias = Callable[[Numbers, Numbers], tuple[Numbers, Numbers]]
DatumName: TypeAlias = Literal["wgs84", "cgcs2000", "gcj02", "bd09"]

TITLES = {"wgs84": "WGS 84", "cgcs2000": "CGCS2000", "gcj02": "GCJ-02", "bd09": "BD-09"}
WGS84 = "EPSG:4326"
CGCS2000 = "EPSG:4490"

KRASOVSKY_AXIS = 6_378_245.0
"""Semi-major axis of the Krasovsky 1940 ellipsoid, metres."""
KRASOVSKY_E2 = 0.006_693_421_622_965_943_23
"""Square of its eccentricity."""
GCJ_ORIGIN = (105.0, 35.0)
"""Longitude and latitude from which the field of GCJ-02 is reckoned."""
GCJ_BOX = (72.004, 0.8293, 137.8347, 55.8271)
"""West, south, east, north of the box within which GCJ-02 displaces; outside it is WGS 84."""
CHINA_BOX = (73.0, 3.0, 136.0, 54.0)
"""West, south, east, north of a box around China, where an unstated datum may be a shifted one."""
BD_OFFSET = (0.0065, 0.006)
"""Constant part of the step from GCJ-02 to BD-09, degrees."""
BD_RADIAL, BD_ANGULAR = 0.00002, 0.000003
"""Amplitudes of its wavy part: of the radius (degrees) and of the angle (radians)."""
BD_FREQUENCY = np.pi * 3000.0 / 180.0
ENOUGH = 1e-12
"""Iteration ends when no coordinate moves by more than this many degrees (a ten-thousandth of a millimetre)."""
MOST_ROUNDS = 60
MOST = 0.5
"""Share of all places from which on they are *most*."""
POLYNOMIAL_EAST = (300.0, 1.0, 2.0, 0.1, 0.1, 0.1)
POLYNOMIAL_NORTH = (-100.0, 2.0, 3.0, 0.2, 0.1, 0.2)
"""Metres: constant, per degree east, per degree north, per degree squared (of its own axis), per product, per root
of degrees east."""
WAVES_SHARED = ((20.0, 6.0), (20.0, 2.0))
"""Amplitude and frequency (half turns a degree east) of the waves in both series."""
WAVES_EAST = ((20.0, 1.0), (40.0, 1 / 3), (150.0, 1 / 12), (300.0, 1 / 30))
WAVES_NORTH = ((20.0, 1.0), (40.0, 1 / 3), (160.0, 1 / 12), (320.0, 1 / 30))
"""The same for each series alone, along its own axis."""
WAVE_SCALE = 2.0 / 3.0

_EPSG = re.compile(r"(?i)^epsg:{1,2}(\d{3,6})$")
_WORDS: dict[str, DatumName] = {
    "wgs84": "wgs84",
    "wgs 84": "wgs84",
    "gcj02": "gcj02",
    "gcj-02": "gcj02",
    "火星坐标": "gcj02",
    "bd09": "bd09",
    "bd-09": "bd09",
    "百度坐标": "bd09",
    "cgcs2000": "cgcs2000",
    "2000国家大地坐标系": "cgcs2000",
}


@dataclass(frozen=True)
class Datum:
    """What the coordinates of a layer are.

    Args:
        crs: Coordinate system of the numbers, e.g. ``EPSG:32650``; for the shifted datums the system that they
            pretend to be.
        shift: ``gcj02`` or ``bd09`` when the places are displaced; None when they are not.
        is_stated: Whether the file or the mapping says so; otherwise it was assumed.
    """

    crs: str = WGS84
    shift: Shifted | None = None
    is_stated: bool = True

    def describe(self) -> str:
        """What was found and what was done, for the provenance of the facts."""
        name = TITLES[self.shift] if self.shift else self.crs if _EPSG.match(self.crs) else crs_of(self.crs).name
        done = ", repaired to WGS 84" if self.shift else "" if self.crs == WGS84 else ", transformed to WGS 84"
        return f"{name} ({'stated' if self.is_stated else 'assumed'}){done}"


def named(text: str, where: str = "") -> Datum:
    """Read the datum a mapping states: ``wgs84``, ``cgcs2000``, ``gcj02``, ``bd09`` or ``EPSG:xxxx``.

    Raises:
        BadInput: For anything else, with the nearest guess.
    """
    word = text.strip()
    match = _EPSG.match(word)
    if match:
        code = f"EPSG:{match[1]}"
        crs_of(code, where)
        return Datum(code)
    name = _WORDS.get(word.lower())
    if name is None:
        allowed = (*get_args(DatumName), "EPSG:4547")
        raise BadInput("this datum is not known", where=where, found=text, allowed=allowed)
    if name in get_args(Shifted):
        return Datum(WGS84, "gcj02" if name == "gcj02" else "bd09")
    return Datum(CGCS2000 if name == "cgcs2000" else WGS84)


@cache
def crs_of(text: str, where: str = "") -> pyproj.CRS:
    """The coordinate system a code or WKT text names.

    Raises:
        BadInput: When it names none, or one that is not tied to the Earth.
    """
    try:
        crs = pyproj.CRS.from_user_input(text)
    except pyproj.exceptions.CRSError:
        raise BadInput(
            "this coordinate system is not known", where=where, found=text, allowed=("EPSG:4326", "EPSG:4490")
        ) from None
    if crs.is_engineering or not (crs.is_geographic or crs.is_projected or crs.is_compound or crs.is_bound):
        raise BadInput(
            "this coordinate system is local and not tied to the Earth",
            where=where,
            found=crs.name,
            allowed=("state the true one in the mapping, e.g. datum: EPSG:4547",),
        )
    return crs


def is_geographic(text: str) -> bool:
    """Whether a coordinate system counts in degrees."""
    return bool(crs_of(text).is_geographic)


def to_wgs84(x: Numbers, y: Numbers, datum: Datum) -> tuple[Numbers, Numbers]:
    """Longitude and latitude on WGS 84 of places given on any datum.

    Args:
        x: Eastings or longitudes, one a place.
        y: Northings or latitudes, one a place.
        datum: What they are.

    Returns:
        Longitudes and latitudes in degrees; infinite where a place lies outside the system's reach.
    """
    lon, lat = x, y
    if datum.crs not in {WGS84, CGCS2000}:
        lon, lat = _transformer(datum.crs).transform(x, y)
    if datum.shift == "gcj02":
        return from_gcj02(lon, lat)
    if datum.shift == "bd09":
        return from_bd09(lon, lat)
    return np.asarray(lon, np.float64), np.asarray(lat, np.float64)


@cache
def _transformer(crs: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(crs_of(crs), WGS84, always_xy=True)


def from_wgs84(lon: Numbers, lat: Numbers, crs: str) -> tuple[Numbers, Numbers]:
    """WGS 84 places in another coordinate system.

    Args:
        lon: Longitudes on WGS 84, degrees.
        lat: Latitudes on WGS 84, degrees.
        crs: The system, e.g. ``EPSG:32650``.
    """
    x, y = pyproj.Transformer.from_crs(WGS84, crs_of(crs), always_xy=True).transform(lon, lat)
    return np.asarray(x, np.float64), np.asarray(y, np.float64)


def to_gcj02(lon: Numbers, lat: Numbers) -> tuple[Numbers, Numbers]:
    """Displace WGS 84 places to GCJ-02; places outside the box of GCJ-02 stay.

    Args:
        lon: Longitudes on WGS 84, degrees.
        lat: Latitudes on WGS 84, degrees.
    """
    lon, lat = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    east, north = _gcj_field(lon, lat)
    return lon + east, lat + north


def from_gcj02(lon: Numbers, lat: Numbers) -> tuple[Numbers, Numbers]:
    """Move GCJ-02 places back to WGS 84, to within 1e-11 degrees.

    Args:
        lon: Longitudes on GCJ-02, degrees.
        lat: Latitudes on GCJ-02, degrees.
    """
    return _undone(to_gcj02, lon, lat)


def to_bd09(lon: Numbers, lat: Numbers) -> tuple[Numbers, Numbers]:
    """Displace WGS 84 places to BD-09.

    Args:
        lon: Longitudes on WGS 84, degrees.
        lat: Latitudes on WGS 84, degrees.
    """
    return _gcj_to_bd(*to_gcj02(lon, lat))


def from_bd09(lon: Numbers, lat: Numbers) -> tuple[Numbers, Numbers]:
    """Move BD-09 places back to WGS 84, to within 1e-11 degrees.

    Args:
        lon: Longitudes on BD-09, degrees.
        lat: Latitudes on BD-09, degrees.
    """
    return from_gcj02(*_undone(_gcj_to_bd, lon, lat))


def in_china(lon: Numbers, lat: Numbers) -> bool:
    """Whether most of the places lie in the box around China, so that their datum may be a shifted one."""
    west, south, east, north = CHINA_BOX
    inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    return bool(inside.size and inside.mean() > MOST)


def _undone(step: _Step, lon: Numbers, lat: Numbers) -> tuple[Numbers, Numbers]:
    """Solve ``step(p) = goal`` by moving the guess by what it still misses."""
    goal_lon, goal_lat = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    east, north = goal_lon.copy(), goal_lat.copy()
    for _ in range(MOST_ROUNDS):
        reached_lon, reached_lat = step(east, north)
        miss_lon, miss_lat = goal_lon - reached_lon, goal_lat - reached_lat
        east, north = east + miss_lon, north + miss_lat
        worst = np.nanmax(np.maximum(np.abs(miss_lon), np.abs(miss_lat)), initial=0.0)
        if not worst > ENOUGH:
            break
    return east, north


def _gcj_field(lon: Numbers, lat: Numbers) -> tuple[Numbers, Numbers]:
    """Displacement of GCJ-02 in degrees east and north, zero outside its box."""
    west, south, east, north = GCJ_BOX
    inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    x, y = lon - GCJ_ORIGIN[0], lat - GCJ_ORIGIN[1]
    slope = np.radians(lat)
    curve = 1.0 - KRASOVSKY_E2 * np.sin(slope) ** 2
    meridian = KRASOVSKY_AXIS * (1.0 - KRASOVSKY_E2) / (curve * np.sqrt(curve))
    parallel = KRASOVSKY_AXIS / np.sqrt(curve) * np.cos(slope)
    metres_east, metres_north = _gcj_metres(x, y)
    return (
        np.where(inside, np.degrees(metres_east / parallel), 0.0),
        np.where(inside, np.degrees(metres_north / meridian), 0.0),
    )


def _gcj_metres(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """The two published series of GCJ-02: metres east and north, from degrees east and north of its origin."""
    shared = _waves(WAVES_SHARED, x)
    east = _polynomial(POLYNOMIAL_EAST, x, y, x) + shared + _waves(WAVES_EAST, x)
    north = _polynomial(POLYNOMIAL_NORTH, x, y, y) + shared + _waves(WAVES_NORTH, y)
    return east, north


def _polynomial(terms: tuple[float, ...], x: Numbers, y: Numbers, own: Numbers) -> Numbers:
    constant, per_x, per_y, per_square, per_product, per_root = terms
    straight = constant + per_x * x + per_y * y
    return straight + per_square * own * own + per_product * x * y + per_root * np.sqrt(np.abs(x))


def _waves(waves: tuple[tuple[float, float], ...], degrees: Numbers) -> Numbers:
    total = np.zeros_like(degrees)
    for amplitude, frequency in waves:
        total = total + amplitude * np.sin(np.pi * frequency * degrees)
    return WAVE_SCALE * total


def _gcj_to_bd(lon: Numbers, lat: Numbers) -> tuple[Numbers, Numbers]:
    radius = np.hypot(lon, lat) + BD_RADIAL * np.sin(lat * BD_FREQUENCY)
    angle = np.arctan2(lat, lon) + BD_ANGULAR * np.cos(lon * BD_FREQUENCY)
    return radius * np.cos(angle) + BD_OFFSET[0], radius * np.sin(angle) + BD_OFFSET[1]
