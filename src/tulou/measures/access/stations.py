"""Fire stations and the like: who is reached in time by vehicle, and how much land each station answers for.

The driving network carries seconds (see ``network.walking_network`` with seconds a metre as factor). A station's
district is the land nearer to it, in a straight line, than to any other station.
"""

from __future__ import annotations

from typing import Annotated

from tulou.kernel.arrays import Floats, Parts, Places, Shapes, Texts
from tulou.kernel.declaration import measure
from tulou.kernel.network import Network
from tulou.kernel.words import Words


@measure(title=Words("行车时间内可达的人口", "People reached in time by vehicle"))
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
    raise NotImplementedError


@measure(title=Words("行车时间内可达的用地面积", "Land reached in time by vehicle"))
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
    raise NotImplementedError


@measure(title=Words("消防站责任区面积", "Area of a station's district"))
def station_area(targets: Annotated[Places, "m"], land: Annotated[Shapes, "m"]) -> Annotated[Floats, "m2"]:
    """How much land is nearest to each station?

    ``A_s = area(land ∩ cell of s)``, cells of the Voronoi diagram of the stations; stations at one spot share equally.

    Args:
        targets: Stations, (n, 2), m; unknown ones give NaN.
        land: Land to be served, e.g. built-up land; overlaps are counted once.
    """
    raise NotImplementedError


@measure(title=Words("责任区用地的服务达标面积", "Land that stations can answer for"), source="建标152-2017")
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
    raise NotImplementedError


@measure(title=Words("责任区面积达标的消防站", "Stations whose district keeps the limit"), source="建标152-2017")
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
    raise NotImplementedError
