"""Which land and which buildings are covered: areas within the service radius of targets.

What is counted: the exact area of land inside the union of the targets' buffers. A buffer draws a quarter circle with
``areas.QUARTER_SEGMENTS`` chords, so it is slightly smaller than the true disc (at 16: 0.16 % of the disc's area). Any
target may be a point (bus stop), a line (greenway: both sides) or a polygon (park).
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
import shapely

from tulou.kernel.arrays import Brackets, Floats, Parts, Shapes
from tulou.kernel.declaration import measure
from tulou.kernel.network import Network
from tulou.kernel.words import Words
from tulou.measures.access.areas import area_of, covered_area
from tulou.measures.access.brackets import reaches
from tulou.measures.access.finders import WalkingToShapes
from tulou.measures.access.near import near_shapes
from tulou.measures.access.samples import sample_of


@measure(
    title=Words("服务半径覆盖的用地面积", "Land within the service radius"), raised_by=("targets",), bounded_by="radius"
)
def land_within(
    land: Annotated[Shapes, "m"],
    targets: Annotated[Shapes, "m"],
    size: Annotated[Floats, "m2"] | None = None,
    *,
    radius: Annotated[Brackets, "m2", "m"],
) -> Annotated[Parts, "m2", "m2"]:
    """How much of each piece of land lies within the service radius of a target?

    ``part = area(land ∩ ⋃ buffer(target, radius(size)))``, ``whole = area(land)``. Overlaps between pieces of land are
    not removed.

    Args:
        land: Polygons of land; other shapes have area 0, None is unknown.
        targets: Points, lines or polygons; None and empty ones are left out.
        size: Area of each target, m²; needed when ``radius`` has several steps or starts above 0. A target of unknown
            size counts in ``high`` only.
        radius: Reach by size: ``((2000, 300), (5000, 500))``; one number is ``((0, 500),)``.
    """
    reach = reaches(len(targets), size, radius)
    land = np.asarray(land, object)
    whole = area_of(land)
    part = np.where(np.isnan(whole), np.nan, covered_area(land, targets, reach))
    unsure = np.isnan(reach)
    if not unsure.any():
        return Parts(part, whole)
    furthest = float(np.max([value for _, value in radius]))
    high = covered_area(land, targets, np.where(unsure, furthest, reach))
    return Parts(part, whole, low=part.copy(), high=np.where(np.isnan(whole), np.nan, high))


@measure(
    title=Words("步行服务范围覆盖的用地面积", "Land within walking reach"), raised_by=("targets",), bounded_by="radius"
)
def land_within_walking(
    land: Annotated[Shapes, "m"],
    targets: Annotated[Shapes, "m"],
    walking: Network,
    size: Annotated[Floats, "m2"] | None = None,
    *,
    radius: Annotated[Brackets, "m2", "m"],
) -> Annotated[Parts, "m2", "m2"]:
    """How much of each piece of land is within walking reach of a target?

    Sampled: points every ``samples.SPACING`` over the land (at least one in each piece) stand for equal shares of its
    area; a point counts when its walking distance (straight to the network, along it, straight to the target) is
    within the radius. ``low`` and ``high`` count the points that are so, by more than half a sample cell's diagonal,
    or but for it.

    Args:
        land: Polygons of land; None is unknown.
        targets: Points, lines or polygons; entrances are the points of the network nearest to their vertices.
        walking: The network walked along.
        size: Area of each target, m²; needed when ``radius`` has several steps or starts above 0.
        radius: Reach by size.
    """
    reach = reaches(len(targets), size, radius)
    sample = sample_of(land)
    return sample.parts(WalkingToShapes(sample.points, targets, walking), reach, sample.slack)


@measure(title=Words("服务半径内的建筑", "Buildings within the service radius"), raised_by=("targets",))
def built_within(
    buildings: Annotated[Shapes, "m"],
    targets: Annotated[Shapes, "m"],
    size: Annotated[Floats, "m2"] | None = None,
    *,
    radius: Annotated[Brackets, "m2", "m"],
) -> Annotated[Parts, "building", "building"]:
    """Which buildings lie, with any part of them, within the service radius of a target?

    ``part = 1`` where the exact distance between building and target is at most the radius, else 0; ``whole = 1``.

    Args:
        buildings: Footprints; None is unknown.
        targets: Points, lines or polygons.
        size: Area of each target, m²; needed when ``radius`` has several steps or starts above 0.
        radius: Reach by size.
    """
    buildings = np.asarray(buildings, object)
    reach = reaches(len(targets), size, radius)
    is_near = near_shapes(buildings, np.asarray(targets, object), reach)
    missing = shapely.is_missing(buildings)
    unsure = np.isnan(reach)
    part = np.where(missing, np.nan, is_near.astype(float))
    if unsure.any():
        furthest = float(np.max([value for _, value in radius]))
        could = near_shapes(buildings, np.asarray(targets, object), np.where(unsure, furthest, np.nan))
        part[could & ~is_near] = np.nan
    return Parts(part, np.where(missing, np.nan, 1.0))
