"""Units and sites by where they lie: what lacks near by, what stands too close, who commutes between stations."""

from __future__ import annotations

from typing import Annotated

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.arrays import Floats, Parts, Places, Shapes
from tulou.kernel.declaration import measure
from tulou.kernel.words import Words
from tulou.measures.records.flags import each
from tulou.measures.records.truth import named

NO_FACILITY = "no_facility"
TOO_SMALL = "too_small"
TOO_FAR = "too_far"
TOO_CLOSE = "too_close"


def _pairs(shapes: Shapes, targets: Shapes, distance: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of ``shapes`` and ``targets`` that lie at most a distance apart."""
    tree = shapely.STRtree(targets)
    left, right = tree.query(shapes, predicate="dwithin", distance=distance)
    return left.astype(np.int64), right.astype(np.int64)


@measure(title=Words("周边缺少达标设施的单元", "Units without an adequate facility near by"), lowered_by=("targets",))
def lacks_near(
    units: Annotated[Shapes, "m"],
    targets: Annotated[Shapes, "m"],
    size: Annotated[Floats, "m2"] | None = None,
    *,
    radius: Annotated[float, "m"],
    least: Annotated[float, "m2"] = 0.0,
) -> Annotated[Parts, "1", "1"]:
    """Which communities or blocks have no facility of the required size within reach of their edge?

    ``part = 1`` where no target of size ≥ least lies within the radius of the unit's outline (inside is distance 0),
    else 0. Where the only ones near are of unknown size it cannot be told.

    Args:
        units: Outlines of the units; None is unknown.
        targets: The facilities, as points or polygons; None is left out.
        size: Floor or site area of each, m².
        radius: Reach, m; 0 asks for one inside or touching.
        least: Size from which a facility counts, m².
    """
    extent = np.full(len(targets), np.inf) if size is None else size
    left, right = _pairs(units, targets, radius)
    enough = np.zeros(len(units), bool)
    doubtful = np.zeros(len(units), bool)
    small = np.zeros(len(units), bool)
    enough[left[extent[right] >= least]] = True
    doubtful[left[np.isnan(extent[right])]] = True
    small[left[extent[right] < least]] = True
    lacks = np.where(enough, 0.0, np.where(doubtful, np.nan, 1.0))
    lacks = np.where(shapely.is_missing(units), np.nan, lacks)
    absent = NO_FACILITY if np.all(shapely.is_missing(targets)) else TOO_FAR
    cause = named(lacks == 1.0, absent)
    cause[(lacks == 1.0) & small] = TOO_SMALL
    return Parts(part=lacks, whole=np.ones(len(units)), cause=cause)


@measure(title=Words("安全距离不足的站点", "Sites that stand too close to others"), raised_by=("others",))
def distance_conflict(
    sites: Annotated[Shapes, "m"], others: Annotated[Shapes, "m"], *, distance: Annotated[float, "m"]
) -> Annotated[Parts, "1", "1"]:
    """Which sites lie nearer to something to be protected than they may?

    ``part = 1`` where the distance to the nearest of the others is less than the distance to be kept; at the distance
    itself it is kept.

    Args:
        sites: Outlines or points of the sites; None is unknown.
        others: What is to be protected; None is left out.
        distance: Distance to be kept, m.
    """
    left, right = _pairs(sites, others, distance)
    apart = shapely.distance(sites[left], others[right])
    close = np.zeros(len(sites))
    close[left[apart < distance]] = 1.0
    return each(np.where(shapely.is_missing(sites), np.nan, close), TOO_CLOSE)


@measure(title=Words("两端均在站点周边的通勤", "Commuters with both ends near a station"), raised_by=("targets",))
def ends_near(
    flows: Annotated[Shapes, "m"],
    people: Annotated[Floats, "person"],
    targets: Annotated[Places, "m"],
    *,
    radius: Annotated[float, "m"],
) -> Annotated[Parts, "person", "person"]:
    """How many commuters live and work within reach of a station, in a straight line?

    ``part = people`` where both ends of the line lie within the radius of a target, else 0; ``whole = people``.

    Args:
        flows: One line from home to work for each flow; None is unknown.
        people: Commuters of each flow.
        targets: Stations, (k, 2), m; unknown ones are left out.
        radius: Reach, m.
    """
    known = targets[~np.isnan(targets).any(axis=1)]
    stations = np.asarray(shapely.points(known) if len(known) else [], dtype=object)
    near = np.ones(len(flows), bool)
    for end in (0, -1):
        points = np.asarray(shapely.get_point(flows, end), dtype=object)
        left, _ = _pairs(points, stations, radius)
        reached = np.zeros(len(flows), bool)
        reached[left] = True
        near &= reached
    counted = np.where(shapely.is_missing(flows), np.nan, people)
    return Parts(part=np.where(near | np.isnan(counted), counted, 0.0), whole=counted)
