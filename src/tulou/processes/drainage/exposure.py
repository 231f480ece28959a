"""Where flooded nodes lie in the city, and whom they reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput, BadUse
from tulou.kernel.polygons import holders
from tulou.model.state import State
from tulou.sources.datum import crs_of, from_wgs84, named, to_wgs84

Array = NDArray[np.float64]
MARGIN = 1.0
"""Degrees by which places may lie outside the area a coordinate system is made for."""
FARTHEST = 20_000.0
"""Metres by which a model may lie outside the buildings of its city."""
UNITS = ("community", "block", "district", "city")
"""Kinds of units in which nodes are told, the smallest that the city has."""


@dataclass(frozen=True)
class UnitReached:
    """A unit with flooded nodes.

    Args:
        name: Its name, or its id where it has none.
        nodes: Flooded nodes in it.
        volume: Water that came out of them, m³.
    """

    name: str
    nodes: int
    volume: float


@dataclass(frozen=True)
class Reached:
    """Who is near flooded nodes.

    Args:
        buildings: Buildings near one; None where the city has none on record.
        people: Residents near one; NaN where nobody knows.
        low: Lower bound of them.
        high: Upper bound.
        units: Units in which nodes lie, the most water first.
        outside: Flooded nodes in no unit.
    """

    buildings: int | None
    people: float
    low: float
    high: float
    units: tuple[UnitReached, ...]
    outside: int


def geographic(places: Mapping[str, tuple[float, float]], datum: str, where: str) -> dict[str, tuple[float, float]]:
    """Longitude and latitude on WGS 84 of nodes.

    Args:
        places: Coordinates as the model gives them.
        datum: What they are.
        where: How messages call the model.

    Raises:
        BadInput: When the datum is not known, or does not reach a place.
    """
    known = named(datum, "datum")
    if not places:
        raise BadUse("the model has no coordinates to be placed by", where=where)
    x, y = np.array(list(places.values()), np.float64).T
    lon, lat = to_wgs84(x, y, known)
    west, south, east, north = _reach(known.crs)
    fits = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    if not fits.all():
        at = int(np.argmin(fits))
        raise BadInput(
            "this datum does not fit the coordinates",
            where=where,
            found=f"{x[at]:g}, {y[at]:g}",
            allowed=("EPSG:4547",),
        )
    return dict(zip(places, zip(lon.tolist(), lat.tolist(), strict=True), strict=True))


def _reach(crs: str) -> tuple[float, float, float, float]:
    """Where a coordinate system is used, with a margin: west, south, east, north in degrees."""
    area = crs_of(crs).area_of_use
    if area is None or area.west > area.east:
        return -180.0, -90.0, 180.0, 90.0
    return area.west - MARGIN, area.south - MARGIN, area.east + MARGIN, area.north + MARGIN


def check_near(state: State, places: Mapping[str, tuple[float, float]], where: str) -> None:
    """Refuse a model that lies nowhere near the city it is run on.

    Args:
        state: The city.
        places: Longitude and latitude of the nodes on WGS 84.
        where: How messages call the model.

    Raises:
        BadInput: When every node is further from every building than ``FARTHEST``.
    """
    buildings = state.rows("building").places
    known = buildings[np.isfinite(buildings).all(axis=1)]
    if not len(known):
        return
    lon, lat = np.array(list(places.values()), np.float64).T
    x, y = from_wgs84(lon, lat, state.profile.crs)
    (west, south), (east, north) = known.min(axis=0) - FARTHEST, known.max(axis=0) + FARTHEST
    if not ((x >= west) & (x <= east) & (y >= south) & (y <= north)).any():
        found = f"{lon[0]:.4f}, {lat[0]:.4f}"
        raise BadInput("the model does not lie in this city", where=where, found=found, allowed=("another datum",))


def reached(state: State, lonlat: Sequence[tuple[float, float]], volume: Array, *, near: float) -> Reached:
    """Who is near flooded nodes?

    Args:
        state: The city.
        lonlat: Places of the flooded nodes on WGS 84.
        volume: Water that came out of each, m³.
        near: How near counts, m.
    """
    lon, lat = np.array(lonlat, np.float64).reshape(-1, 2).T
    places = np.column_stack(from_wgs84(lon, lat, state.profile.crs))
    points = np.asarray(shapely.points(places), object)
    people = _people(state, points, near)
    units, outside = _units(state, places, volume)
    return Reached(_buildings(state, points, near), *people, units, outside)


def reproduced(state: State, lonlat: Sequence[tuple[float, float]], *, near: float) -> tuple[int, int] | None:
    """How many of the waterlogging points on record does a model reproduce?

    Args:
        state: The city.
        lonlat: Places on WGS 84 of the nodes at which the model puts water on the ground.
        near: How near counts, m.

    Returns:
        Points reproduced and points on record; None where the city has none with a place.
    """
    rows = state.rows("ponding_point")
    known = int((~shapely.is_missing(rows.shapes)).sum())
    if not known:
        return None
    lon, lat = np.array(lonlat, np.float64).reshape(-1, 2).T
    points = np.asarray(shapely.points(np.column_stack(from_wgs84(lon, lat, state.profile.crs))), object)
    return len(_near(rows.shapes, points, near)), known


def _near(shapes: NDArray[np.object_], points: NDArray[np.object_], near: float) -> NDArray[np.int64]:
    """Which shapes lie near a point, each once."""
    known = np.flatnonzero(~shapely.is_missing(shapes))
    if not len(points) or not len(known):
        return np.empty(0, np.int64)
    pairs = shapely.STRtree(shapes[known]).query(points, predicate="dwithin", distance=near)
    return np.asarray(known[np.unique(pairs[1])], np.int64)


def _buildings(state: State, points: NDArray[np.object_], near: float) -> int | None:
    rows = state.rows("building")
    return len(_near(rows.shapes, points, near)) if len(rows) else None


def _people(state: State, points: NDArray[np.object_], near: float) -> tuple[float, float, float]:
    rows = state.rows("population")
    if not len(rows):
        return float("nan"), float("nan"), float("nan")
    found = _near(rows.shapes, points, near)
    middle = rows.numbers("residents")[found]
    bounds = (rows.numbers(f"residents_{end}")[found] for end in ("low", "high"))
    low, high = (float(np.where(np.isnan(end), middle, end).sum()) for end in bounds)
    return float(middle.sum()), low, high


def _units(state: State, places: Array, volume: Array) -> tuple[tuple[UnitReached, ...], int]:
    for kind in UNITS:
        rows = state.rows(kind)
        known = np.flatnonzero(~shapely.is_missing(rows.shapes))
        if len(known):
            break
    else:
        return (), len(places)
    held = holders(rows.shapes[known], places)
    names = rows.texts("name")
    found = [
        UnitReached(
            str(names[known[at]] or rows.ids[known[at]]), int((held == at).sum()), float(volume[held == at].sum())
        )
        for at in np.unique(held[held >= 0])
    ]
    return tuple(sorted(found, key=lambda unit: (-unit.volume, unit.name))), int((held < 0).sum())
