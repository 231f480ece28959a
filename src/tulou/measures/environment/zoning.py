"""Zones with rules: how much of a project lies in each zone, and what several rules say together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from tulou.kernel.errors import BadUse

Array = NDArray[np.float64]
Shapes = NDArray[np.object_]


class Verdict(IntEnum):
    """What a rule says of a project, the worse the larger; what cannot be told stands before a prohibition only."""

    PASS = 0
    CONDITIONAL = 1
    UNKNOWN = 2
    PROHIBITED = 3


@dataclass(frozen=True)
class Overlap:
    """A part of a project that lies in a zone.

    Args:
        zone: Row of the zone.
        area: m².
        width: Diameter of the largest circle in it, m.
        is_sliver: Whether it is narrower than two maps can be laid upon each other.
    """

    zone: int
    area: float
    width: float
    is_sliver: bool


def overlaps(project: BaseGeometry, zones: Shapes, tolerance: float) -> tuple[Overlap, ...]:
    """Which zones does a project lie in, and where only by the width of a line?

    Args:
        project: Its polygon, m.
        zones: Polygons.
        tolerance: How far two maps may be apart, m: what is nowhere wider is a sliver.

    Raises:
        BadUse: When the project has no area, or the tolerance is below 0.
    """
    if not project.area > 0 or not tolerance >= 0:
        raise BadUse("a project has an area, a tolerance is from 0 on", where="project", found=project.area)
    found: list[Overlap] = []
    for row in sorted(shapely.STRtree(zones).query(project, "intersects").tolist()):
        part = project.intersection(zones[row])
        if part.area > 0:
            width = width_of(part)
            found.append(Overlap(row, part.area, width, width <= tolerance))
    return tuple(found)


def width_of(part: BaseGeometry) -> float:
    """Diameter of the largest circle in a shape, m."""
    polygons = [one for one in shapely.get_parts(part) if one.area > 0]
    return max((2 * shapely.maximum_inscribed_circle(one).length for one in polygons), default=0.0)


def uncovered(project: BaseGeometry, zones: Shapes) -> BaseGeometry:
    """The part of a project that no zone holds."""
    near = zones[shapely.STRtree(zones).query(project, "intersects")]
    rest: BaseGeometry = project.difference(shapely.union_all(near)) if len(near) else project
    return rest


def together(verdicts: Iterable[Verdict]) -> Verdict:
    """What several rules say together: the worst of them; without any rule nothing stands against it."""
    return max(verdicts, default=Verdict.PASS)


def of_amount(amount: float | None, most: float, otherwise: Verdict) -> Verdict:
    """What a limit says: nothing where it is kept, ``otherwise`` where it is not, unknown where nobody knows."""
    if amount is None or np.isnan(amount):
        return Verdict.UNKNOWN
    return Verdict.PASS if amount <= most else otherwise
