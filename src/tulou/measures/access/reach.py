"""Who is within reach: distance to the nearest target, and the weight of the places that have one near enough.

What is counted: a place is one point (a building, a population cell); it is within reach when its distance to a target
is at most the target's reach. Reach may grow with the size of the target (a large park serves further). Where it
misleads: a straight distance crosses rivers, railways and walls, so ``reached_walking`` stands beside it and names the
places that only a detour keeps away (``barrier``).

Distance along the network = straight way from the place to the nearest point of the network, then along the ways, then
straight from the network to the target. The straight line between place and target, if shorter than that, is not used.
Targets given as shapes have unknown entrances: every point of the network nearest to a vertex of the outline counts as
an entrance, and a place inside is at distance 0.

Causes of a place not reached, the first that holds: ``no_facility`` there is no target at all; ``closed`` one is near
enough but closed; ``barrier`` one is near enough in a straight line but not along the ways; ``too_small`` one below the
least size that counts stands within the reach of the smallest that does; ``too_far`` none of these. Unknown (NaN)
position or weight gives NaN, never 0; so does a place that only a target of unknown size might reach.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import numpy as np

from tulou.kernel.arrays import Brackets, Flags, Floats, Parts, Places, Shapes
from tulou.kernel.declaration import measure
from tulou.kernel.network import Network
from tulou.kernel.words import Words
from tulou.measures.access.brackets import reaches
from tulou.measures.access.finders import Finder, StraightToPoints, StraightToShapes, WalkingToPoints, WalkingToShapes
from tulou.measures.access.verdict import reached


@measure(title=Words("到最近目标的直线距离", "Straight distance to the nearest target"), lowered_by=("targets",))
def nearest_straight(places: Annotated[Places, "m"], targets: Annotated[Places, "m"]) -> Annotated[Floats, "m"]:
    """How far is the nearest target, in a straight line?

    Args:
        places: Points asked about, (n, 2), m.
        targets: Points that can be near, (k, 2), m; rows with NaN are left out.

    Returns:
        Distance, m; infinite when there is no target, NaN where the place is unknown.
    """
    return _nearest(StraightToPoints(places, targets))


@measure(
    title=Words("到最近目标外形的直线距离", "Straight distance to the nearest target shape"), lowered_by=("targets",)
)
def nearest_straight_shapes(places: Annotated[Places, "m"], targets: Annotated[Shapes, "m"]) -> Annotated[Floats, "m"]:
    """How far is the nearest target's outline, in a straight line? Inside a polygon the distance is 0.

    Args:
        places: Points asked about, (n, 2), m.
        targets: Points, lines or polygons; None and empty ones are left out.

    Returns:
        Distance, m; infinite when there is no target, NaN where the place is unknown.
    """
    return _nearest(StraightToShapes(places, targets))


@measure(title=Words("到最近目标的步行距离", "Walking distance to the nearest target"), lowered_by=("targets",))
def nearest_walking(
    places: Annotated[Places, "m"], targets: Annotated[Places, "m"], walking: Network
) -> Annotated[Floats, "m"]:
    """How far is the nearest target along the walking network?

    Args:
        places: Points asked about, (n, 2), m.
        targets: Points that can be near, (k, 2), m; rows with NaN are left out.
        walking: The network walked along.

    Returns:
        Distance, m; infinite when no target can be reached (no target, or in another part of the network), NaN where
        the place is unknown.
    """
    return _nearest(WalkingToPoints(places, targets, walking))


@measure(
    title=Words("到最近目标外形的步行距离", "Walking distance to the nearest target shape"), lowered_by=("targets",)
)
def nearest_walking_shapes(
    places: Annotated[Places, "m"], targets: Annotated[Shapes, "m"], walking: Network
) -> Annotated[Floats, "m"]:
    """How far is the nearest target's outline along the walking network?

    Args:
        places: Points asked about, (n, 2), m.
        targets: Points, lines or polygons; entrances are the points of the network nearest to their vertices.
        walking: The network walked along.

    Returns:
        Distance, m, 0 inside a polygon; infinite when no target can be reached, NaN where the place is unknown.
    """
    return _nearest(WalkingToShapes(places, targets, walking))


@measure(title=Words("直线服务半径内的人口", "People within straight reach of a target"), raised_by=("targets",))
def reached_straight(
    places: Annotated[Places, "m"],
    weight: Annotated[Floats, "person"],
    targets: Annotated[Places, "m"],
    size: Annotated[Floats, "m2"] | None = None,
    closed: Flags | None = None,
    *,
    radius: Annotated[Brackets, "m2", "m"],
) -> Annotated[Parts, "person", "person"]:
    """How many people live within the service radius of a target, in a straight line?

    ``part = weight`` where some target t has distance ≤ radius(size of t), else 0; ``whole = weight``.

    Args:
        places: Where people live, (n, 2), m.
        weight: People at each place.
        targets: Facilities, (k, 2), m.
        size: Area of each facility, m²; needed when ``radius`` has several steps or starts above 0.
        closed: 1 where a facility is closed (it then serves nobody), NaN where unknown (taken as open).
        radius: Reach by size: ``((2000, 300), (5000, 500))``; one number is ``((0, 500),)``.
    """
    return reached(StraightToPoints(places, targets), None, weight, closed, reaches(len(targets), size, radius))


@measure(
    title=Words("设施外形直线服务半径内的人口", "People within straight reach of a target's outline"),
    raised_by=("targets",),
)
def reached_straight_shapes(
    places: Annotated[Places, "m"],
    weight: Annotated[Floats, "person"],
    targets: Annotated[Shapes, "m"],
    size: Annotated[Floats, "m2"] | None = None,
    closed: Flags | None = None,
    *,
    radius: Annotated[Brackets, "m2", "m"],
) -> Annotated[Parts, "person", "person"]:
    """How many people live within the service radius of a target's outline, in a straight line?

    As ``reached_straight``; distance is to the outline, 0 inside.

    Args:
        places: Where people live, (n, 2), m.
        weight: People at each place.
        targets: Points, lines or polygons, e.g. parks.
        size: Area of each target, m²; needed when ``radius`` has several steps or starts above 0.
        closed: 1 where a target is closed, NaN where unknown (taken as open).
        radius: Reach by size.
    """
    return reached(StraightToShapes(places, targets), None, weight, closed, reaches(len(targets), size, radius))


@measure(title=Words("步行服务半径内的人口", "People within walking reach of a target"), raised_by=("targets",))
def reached_walking(
    places: Annotated[Places, "m"],
    weight: Annotated[Floats, "person"],
    targets: Annotated[Places, "m"],
    walking: Network,
    size: Annotated[Floats, "m2"] | None = None,
    closed: Flags | None = None,
    *,
    radius: Annotated[Brackets, "m2", "m"],
) -> Annotated[Parts, "person", "person"]:
    """How many people reach a target along the walking network?

    ``part = weight`` where some target t has walking distance ≤ radius(size of t), else 0; ``whole = weight``.

    Args:
        places: Where people live, (n, 2), m.
        weight: People at each place.
        targets: Facilities, (k, 2), m.
        walking: The network walked along.
        size: Area of each facility, m²; needed when ``radius`` has several steps or starts above 0.
        closed: 1 where a facility is closed, NaN where unknown (taken as open).
        radius: Reach by size.
    """
    straight = StraightToPoints(places, targets)
    reach = reaches(len(targets), size, radius)
    return reached(WalkingToPoints(places, targets, walking), straight, weight, closed, reach)


@measure(
    title=Words("设施外形步行服务半径内的人口", "People within walking reach of a target's outline"),
    raised_by=("targets",),
)
def reached_walking_shapes(
    places: Annotated[Places, "m"],
    weight: Annotated[Floats, "person"],
    targets: Annotated[Shapes, "m"],
    walking: Network,
    size: Annotated[Floats, "m2"] | None = None,
    closed: Flags | None = None,
    *,
    radius: Annotated[Brackets, "m2", "m"],
) -> Annotated[Parts, "person", "person"]:
    """How many people reach a target's outline along the walking network?

    Args:
        places: Where people live, (n, 2), m.
        weight: People at each place.
        targets: Points, lines or polygons; entrances are the points of the network nearest to their vertices.
        walking: The network walked along.
        size: Area of each target, m²; needed when ``radius`` has several steps or starts above 0.
        closed: 1 where a target is closed, NaN where unknown (taken as open).
        radius: Reach by size.
    """
    straight = StraightToShapes(places, targets)
    reach = reaches(len(targets), size, radius)
    return reached(WalkingToShapes(places, targets, walking), straight, weight, closed, reach)


@measure(
    title=Words("直线服务半径内没有目标的对象", "Objects without a target within straight reach"),
    lowered_by=("targets",),
)
def unreached_straight(
    places: Annotated[Places, "m"],
    targets: Annotated[Shapes, "m"],
    size: Annotated[Floats, "m2"] | None = None,
    closed: Flags | None = None,
    *,
    radius: Annotated[Brackets, "m2", "m"],
) -> Annotated[Parts, "1", "1"]:
    """Which objects (communities, schools …) have no target within reach, in a straight line?

    ``part = 1`` where none is within reach, else 0; ``whole = 1``: counts and shares of those left out.

    Args:
        places: The objects, (n, 2), m.
        targets: Points, lines or polygons.
        size: Area of each target, m²; needed when ``radius`` has several steps or starts above 0.
        closed: 1 where a target is closed, NaN where unknown (taken as open).
        radius: Reach by size.
    """
    reach = reaches(len(targets), size, radius)
    return _left_out(reached(StraightToShapes(places, targets), None, np.ones(len(places)), closed, reach))


@measure(
    title=Words("步行服务半径内没有目标的对象", "Objects without a target within walking reach"),
    lowered_by=("targets",),
)
def unreached_walking(
    places: Annotated[Places, "m"],
    targets: Annotated[Shapes, "m"],
    walking: Network,
    size: Annotated[Floats, "m2"] | None = None,
    closed: Flags | None = None,
    *,
    radius: Annotated[Brackets, "m2", "m"],
) -> Annotated[Parts, "1", "1"]:
    """Which objects (communities, schools …) have no target within walking reach?

    ``part = 1`` where none is within reach, else 0; ``whole = 1``: counts and shares of those left out.

    Args:
        places: The objects, (n, 2), m.
        targets: Points, lines or polygons.
        walking: The network walked along.
        size: Area of each target, m²; needed when ``radius`` has several steps or starts above 0.
        closed: 1 where a target is closed, NaN where unknown (taken as open).
        radius: Reach by size.
    """
    straight, reach = StraightToShapes(places, targets), reaches(len(targets), size, radius)
    return _left_out(reached(WalkingToShapes(places, targets, walking), straight, np.ones(len(places)), closed, reach))


def _nearest(finder: Finder) -> Floats:
    every, all_targets = np.arange(len(finder.is_known)), np.flatnonzero(finder.is_target)
    distance, _ = finder.find(every, all_targets)
    return np.where(finder.is_known, distance, np.nan)


def _left_out(found: Parts) -> Parts:
    return replace(found, part=1.0 - found.part)
