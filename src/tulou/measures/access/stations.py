"""Fire stations and the like: who is reached in time by vehicle, and how much land each station answers for.

The driving network carries seconds (see ``network.walking_network`` with seconds a metre as factor). A station's
district is the land nearer to it, in a straight line, than to any other station.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.arrays import Floats, Parts, Places, Shapes, Texts
from tulou.kernel.declaration import measure
from tulou.kernel.errors import BadUse
from tulou.kernel.network import Network
from tulou.kernel.words import Words
from tulou.measures.access.areas import apart, area_of, shared_area
from tulou.measures.access.brackets import same_length
from tulou.measures.access.finders import WalkingToPoints, points_of
from tulou.measures.access.samples import sample_of
from tulou.measures.access.verdict import reached

FRAME = 1.0
"""Margin (m) around stations and land within which districts are drawn."""

Array = NDArray[np.float64]


@measure(title=Words("行车时间内可达的人口", "People reached in time by vehicle"), raised_by=("targets",))
def reached_driving(
    places: Annotated[Places, "m"],
    weight: Annotated[Floats, "person"],
    targets: Annotated[Places, "m"],
    driving: Network,
    *,
    time: Annotated[float, "second"],
    access_speed: Annotated[float, "m/second"],
) -> Annotated[Parts, "person", "person"]:
    """How many people can a vehicle from a station reach in time?

    Args:
        places: Where people are, (n, 2), m.
        weight: People at each place.
        targets: Stations, (k, 2), m.
        driving: Network with edge costs in seconds, the same both ways.
        time: Driving time allowed, s.
        access_speed: Speed between the network and places or stations, m/s.
    """
    finder = WalkingToPoints(places, targets, driving, pace=pace_of(access_speed))
    return reached(finder, None, weight, None, np.full(len(targets), float(time)))


@measure(
    title=Words("行车时间内可达的用地面积", "Land reached in time by vehicle"),
    raised_by=("targets",),
    bounded_by="time",
)
def land_within_driving(
    land: Annotated[Shapes, "m"],
    targets: Annotated[Places, "m"],
    driving: Network,
    *,
    time: Annotated[float, "second"],
    access_speed: Annotated[float, "m/second"],
) -> Annotated[Parts, "m2", "m2"]:
    """How much of each piece of land can a vehicle from a station reach in time? Sampled as in ``land_within_walking``.

    Args:
        land: Polygons of land; None is unknown.
        targets: Stations, (k, 2), m.
        driving: Network with edge costs in seconds, the same both ways.
        time: Driving time allowed, s.
        access_speed: Speed between the network and land or stations, m/s.
    """
    sample, pace = sample_of(land), pace_of(access_speed)
    finder = WalkingToPoints(sample.points, targets, driving, pace=pace)
    return sample.parts(finder, np.full(len(targets), float(time)), sample.slack * pace)


@measure(title=Words("消防站责任区面积", "Area of a station's district"), mixed_by=("targets",))
def station_area(targets: Annotated[Places, "m"], land: Annotated[Shapes, "m"]) -> Annotated[Floats, "m2"]:
    """How much land is nearest to each station?

    ``A_s = area(land ∩ cell of s)``, cells of the Voronoi diagram of the stations; stations at one spot share equally.

    Args:
        targets: Stations, (n, 2), m; unknown ones give NaN.
        land: Land to be served, e.g. built-up land; overlaps are counted once.
    """
    points = points_of(targets)
    cells, area, cell = _districts(points, apart(land))
    many = np.bincount(cell[cell >= 0], minlength=len(cells))
    return np.where(cell >= 0, area[cell] / many[cell], np.nan) if len(cells) else np.full(len(points), np.nan)


@measure(
    title=Words("责任区用地的服务达标面积", "Land that stations can answer for"),
    source="建标152-2017",
    lowered_by=("land",),
)
def land_served_by_stations(
    land: Annotated[Shapes, "m"], targets: Annotated[Places, "m"], limit: Annotated[Floats, "m2"]
) -> Annotated[Parts, "m2", "m2"]:
    """How much of each piece of land belongs to a station that can answer for it, by area?

    A station whose district is larger than its limit serves the fraction limit / district of it.

    Args:
        land: Land to be served.
        targets: Stations, (k, 2), m.
        limit: Largest district each station can answer for, m²; NaN makes the land of its district NaN.
    """
    points, land = points_of(targets), np.asarray(land, object)
    limit = same_length(limit, len(points), "limit")
    whole = area_of(land)
    part = np.where(np.isnan(whole), np.nan, 0.0)
    cells, area, cell = _districts(points, apart(land))
    if not len(cells):
        return Parts(part, whole)
    able = np.bincount(cell[cell >= 0], weights=limit[cell >= 0], minlength=len(cells))
    share = np.divide(np.minimum(able, area), area, out=np.ones(len(cells)), where=area > 0)
    one, other, inside = shared_area(land, cells)
    # A cell without a known limit says nothing of the land in it; land that only touches it is not concerned.
    some = inside > 0
    np.add.at(part, one[some], inside[some] * share[other[some]])
    return Parts(part, whole)


@measure(
    title=Words("责任区面积达标的消防站", "Stations whose district keeps the limit"),
    source="建标152-2017",
    mixed_by=("targets",),
)
def stations_within_limit(
    targets: Annotated[Places, "m"],
    grade: Texts,
    land: Annotated[Shapes, "m"],
    *,
    class_1: Annotated[float, "m2"],
    class_2: Annotated[float, "m2"],
    small: Annotated[float, "m2"],
    special: Annotated[float, "m2"],
) -> Annotated[Parts, "station", "station"]:
    """Which stations have a district within the limit of their grade?

    ``part = 1`` where the station's district (``station_area``) is at most the limit of its grade; ``whole = 1``.

    Args:
        targets: Stations, (n, 2), m.
        grade: ``class_1``, ``class_2``, ``small`` or ``special``; unknown gives NaN.
        land: Land to be served.
        class_1: Limit of a class 1 station, m².
        class_2: Limit of a class 2 station, m².
        small: Limit of a small station, m².
        special: Limit of a special service station, m².
    """
    limits = {"class_1": class_1, "class_2": class_2, "small": small, "special": special}
    if len(grade) != len(targets):
        raise BadUse("columns differ in length", where="grade", found=len(grade), allowed=(str(len(targets)),))
    limit = np.array([limits.get(word, np.nan) for word in grade], np.float64)
    area = station_area(targets, land)
    known = ~(np.isnan(limit) | np.isnan(area))
    return Parts(np.where(known, area <= limit, np.nan), np.ones(len(limit)))


def pace_of(speed: float) -> float:
    """Seconds a metre.

    Raises:
        BadUse: When the speed is not above 0.
    """
    if not speed > 0:
        raise BadUse("a speed must be above 0", where="access_speed", found=speed, allowed=("a number above 0",))
    return 1.0 / speed


def _cells(points: Array, land: Shapes) -> NDArray[np.object_]:
    """Voronoi cells of the distinct known points, in the order of ``np.unique``, wide enough to hold the land."""
    spots = np.unique(points[np.isfinite(points[:, 0])], axis=0)
    frame = shapely.box(*_frame(spots, land))
    if len(spots) == 1:
        return np.array([frame], object)
    nodes = shapely.multipoints(spots)
    cells = shapely.get_parts(shapely.voronoi_polygons(nodes, extend_to=frame, ordered=True))
    return np.asarray(cells, object)


def _frame(spots: Array, land: Shapes) -> Array:
    box = np.vstack([spots, shapely.get_coordinates(land)])
    return np.concatenate([box.min(axis=0) - FRAME, box.max(axis=0) + FRAME])


def _districts(points: Array, land: Shapes) -> tuple[NDArray[np.object_], Array, NDArray[np.int64]]:
    """Cells, land in each cell, cell of each station (-1 for unknown). Pieces of land do not overlap."""
    known = np.isfinite(points[:, 0])
    cell = np.full(len(points), -1, np.int64)
    if not known.any():
        return np.empty(0, object), np.empty(0), cell
    _, cell[known] = np.unique(points[known], axis=0, return_inverse=True)
    cells = _cells(points, land)
    _, one, inside = shared_area(land, cells)
    return cells, np.bincount(one, inside, len(cells)).astype(np.float64), cell
