"""Intensity: how much is built on a site, and whether it keeps what the plan allows.

Buildings count on the ground they stand on: one that crosses the edge of a site counts there with its share.
"""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.arrays import Floats, Parts, Shapes
from tulou.kernel.declaration import measure
from tulou.kernel.words import Words
from tulou.measures.form.overlap import overlaps

OVER = "too_high"
TOO_DENSE = "too_dense"


@measure(
    title=Words("建筑密度", "Ground covered by buildings"),
    source="GB 50180-2018 term 2.0 (building density)",
    raised_by=("buildings",),
)
def covered_ground(sites: Annotated[Shapes, "m"], buildings: Annotated[Shapes, "m"]) -> Annotated[Parts, "m2", "m2"]:
    """How much of each site do buildings stand on?

    ``part = sum of footprint area on the site``, ``whole = area of the site``. Footprints that overlap
    count each.

    Args:
        sites: Polygons, m.
        buildings: Footprints, m.
    """
    site, _, area = overlaps(sites, buildings)
    return Parts(part=_where_known(sites, np.bincount(site, area, len(sites))), whole=shapely.area(sites))


@measure(
    title=Words("容积率", "Floor space on sites"),
    source="GB 50180-2018 term 2.0 (floor area ratio)",
    raised_by=("buildings",),
)
def floor_space(
    sites: Annotated[Shapes, "m"], buildings: Annotated[Shapes, "m"], floor_area: Annotated[Floats, "m2"]
) -> Annotated[Parts, "m2", "m2"]:
    """How much floor is there on each site? ``part / whole`` is the floor area ratio.

    Args:
        sites: Polygons, m.
        buildings: Footprints, m.
        floor_area: Floor area of each building; a site with a building of unknown floor area is unknown.
    """
    return Parts(part=_floor_on(sites, buildings, floor_area), whole=shapely.area(sites))


@measure(title=Words("容积率符合控制的用地", "Sites within the floor area ratio allowed"), lowered_by=("buildings",))
def intensity_within_control(
    sites: Annotated[Shapes, "m"],
    allowed: Annotated[Floats, "1"],
    buildings: Annotated[Shapes, "m"],
    floor_area: Annotated[Floats, "m2"],
) -> Annotated[Parts, "parcel", "parcel"]:
    """Which sites keep the floor area ratio the plan allows?

    ``part`` is 1 where floor area over site area is at most what is allowed, else 0 with cause ``too_dense``.

    Args:
        sites: Polygons, m.
        allowed: Floor area ratio allowed on each site.
        buildings: Footprints, m.
        floor_area: Floor area of each building; a site with a building of unknown floor area is unknown.
    """
    floor = _floor_on(sites, buildings, floor_area)
    return _within(floor, allowed * shapely.area(sites), TOO_DENSE)


@measure(title=Words("高度符合控制的建筑", "Buildings within the height allowed"))
def height_within_control(
    height: Annotated[Floats, "m"], allowed: Annotated[Floats, "m"]
) -> Annotated[Parts, "building", "building"]:
    """Which buildings are no higher than allowed?

    ``part`` is 1 where the height is at most what is allowed, else 0 with cause ``too_high``.

    Args:
        height: Height of each building.
        allowed: Height allowed for each.
    """
    return _within(height, allowed, OVER)


@measure(title=Words("超过限高的建筑", "Buildings above a height"))
def height_exceeded(
    height: Annotated[Floats, "m"], *, limit: Annotated[float, "m"]
) -> Annotated[Parts, "building", "building"]:
    """Which buildings are higher than the limit? ``part`` is 1 for those, with cause ``too_high``.

    Args:
        height: Height of each building.
        limit: Height that may be reached but not passed.
    """
    over = np.where(np.isnan(height), np.nan, (height > limit).astype(np.float64))
    return Parts(part=over, whole=np.ones(len(height)), cause=_cause(over == 1, OVER))


@measure(title=Words("高密度用地面积", "Land above a density of people"))
def dense_land(
    people: Annotated[Floats, "person"], area: Annotated[Floats, "m2"], *, density: Annotated[float, "person/m2"]
) -> Annotated[Parts, "m2", "m2"]:
    """How much land has more people to its area than the density? Whole cells count: the cell size matters.

    Args:
        people: People of each cell or parcel.
        area: Its area.
        density: Density that may be reached but not passed.
    """
    known = np.isfinite(people) & (area > 0)
    over = np.where(known, np.where(people > density * area, area, 0.0), np.nan)
    return Parts(part=over, whole=area)


def _floor_on(
    sites: NDArray[np.object_], buildings: NDArray[np.object_], floor_area: NDArray[np.float64]
) -> NDArray[np.float64]:
    site, building, area = overlaps(sites, buildings)
    share = area / shapely.area(buildings)[building]
    return _where_known(sites, np.bincount(site, share * floor_area[building], len(sites)))


def _where_known(sites: NDArray[np.object_], values: NDArray[Any]) -> NDArray[np.float64]:
    return np.where(shapely.is_missing(sites), np.nan, values)


def _within(found: NDArray[np.float64], allowed: NDArray[np.float64], cause: str) -> Parts:
    known = np.isfinite(found) & np.isfinite(allowed)
    kept = np.where(known, (found <= allowed).astype(np.float64), np.nan)
    return Parts(part=kept, whole=np.ones(len(found)), cause=_cause(kept == 0, cause))


def _cause(fails: NDArray[np.bool_], word: str) -> NDArray[np.object_]:
    cause = np.full(len(fails), None, np.object_)
    cause[fails] = word
    return cause
