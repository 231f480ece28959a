"""Which land and which buildings are covered: areas within the service radius of targets.

What is counted: the exact area of land inside the union of the targets' buffers. A buffer draws a quarter circle with
``QUARTER_SEGMENTS`` chords, so a buffer is slightly smaller than the true disc (at 16: 0.16 % of the disc's area). Any
target may be a point (bus stop), a line (greenway: both sides) or a polygon (park).
"""

from __future__ import annotations

from typing import Annotated

from tulou.kernel.arrays import Brackets, Floats, Parts, Shapes
from tulou.kernel.declaration import measure
from tulou.kernel.network import Network
from tulou.kernel.words import Words


@measure(title=Words("服务半径覆盖的用地面积", "Land within the service radius"))
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
    raise NotImplementedError


@measure(title=Words("步行服务范围覆盖的用地面积", "Land within walking reach"))
def land_within_walking(
    land: Annotated[Shapes, "m"],
    targets: Annotated[Shapes, "m"],
    walking: Network,
    size: Annotated[Floats, "m2"] | None = None,
    *,
    radius: Annotated[Brackets, "m2", "m"],
) -> Annotated[Parts, "m2", "m2"]:
    """How much of each piece of land is within walking reach of a target?

    Sampled: points every ``SAMPLE_SPACING`` over the land (at least one in each piece) stand for equal shares of its
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
    raise NotImplementedError


@measure(title=Words("服务半径内的建筑", "Buildings within the service radius"))
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
    raise NotImplementedError
