"""Effective area of a shelter: its ground less what a hazard or the land itself takes away.

``A_eff = u · (A − Σ excluded)`` with the share ``u`` of the ground that can be used. Ground that several reasons
exclude is counted once, with the first of them, so that gross area = what is left + what each reason takes, exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

Array = NDArray[np.float64]
Shapes = NDArray[np.object_]
Mask = NDArray[np.bool_]
Test = Callable[[Array], Mask]
"""Whether ground at each of some points, (n, 2), m, is excluded."""

SPACING = 10.0
"""Distance (m) between the points at which rasters are asked: a third of a 30 m cell."""
MOST_POINTS = 4_000
"""Points a site is sampled with at most; a larger site is sampled more widely."""


@dataclass(frozen=True, eq=False)
class Ground:
    """What is left of the ground of each site.

    Args:
        gross: Area of each site, m²; NaN where it has no outline.
        left: Area that nothing excludes, m².
        excluded: Area that each reason excludes, m², by reason.
        shapes: What outlines leave of each site.
    """

    gross: Array
    left: Array
    excluded: Mapping[str, Array]
    shapes: Shapes


def ground_left(sites: Shapes, zones: Mapping[str, Shapes], tests: Mapping[str, Test] | None = None) -> Ground:
    """How much of each site is left after all exclusions?

    Args:
        sites: Polygons of the sites, m; anything else has no area.
        zones: Polygons that exclude ground, by reason, in the order in which they count.
        tests: Rasters that exclude ground, by reason, asked at points ``SPACING`` apart after the zones.
    """
    shapes = np.asarray(sites, object).copy()
    areal = shapely.get_dimensions(shapes) > 1
    shapes[areal] = shapely.make_valid(shapes[areal])
    gross = np.where(areal, shapely.area(shapes), np.nan)
    left, excluded = gross.copy(), {}
    for reason, some in zones.items():
        shapes[areal] = _without(shapes[areal], np.asarray(some, object))
        now = np.where(areal, shapely.area(shapes), np.nan)
        excluded[reason], left = np.maximum(left - now, 0.0), now
    kept = np.where(areal, 1.0, np.nan)
    points, site = _sampled(shapes, areal)
    alive = np.ones(len(site), bool)
    for reason, test in (tests or {}).items():
        alive &= ~test(points)
        now = _share(site, alive, len(shapes), kept)
        excluded[reason], kept = np.maximum(kept - now, 0.0) * left, now
    return Ground(gross, left * kept, excluded, shapes)


def collapse_zones(buildings: Shapes, height: Array, share: float) -> Shapes:
    """Ground that buildings may fall on: their outline widened by a share of their height.

    Args:
        buildings: Outlines.
        height: Height of each, m; unknown (NaN) counts as none beyond the outline.
        share: Reach of debris as a share of the height.
    """
    reach = share * np.nan_to_num(height)
    return np.asarray(shapely.buffer(buildings, reach, quad_segs=2), object)


def steep(heights: Callable[[Array], Array], most: float, *, step: float = SPACING) -> Test:
    """A test for ground steeper than a slope, from heights a step apart.

    ``slope = √((∂z/∂x)² + (∂z/∂y)²)`` by central differences. Unknown heights are not steep: the caller says so.

    Args:
        heights: Height at each of some points, m.
        most: Largest slope allowed, m/m.
        step: Distance over which the slope is taken, m.
    """
    east, north = np.array([step, 0.0]), np.array([0.0, step])

    def test(points: Array) -> Mask:
        along = (heights(points + east) - heights(points - east)) / (2 * step)
        up = (heights(points + north) - heights(points - north)) / (2 * step)
        return np.asarray(np.hypot(along, up) > most)

    return test


def _without(sites: Shapes, zones: Shapes) -> Shapes:
    zones = zones[~(shapely.is_missing(zones) | shapely.is_empty(zones))]
    if not len(zones) or not len(sites):
        return sites
    site, zone = shapely.STRtree(zones).query(sites, predicate="intersects")
    found = sites.copy()
    for row in np.unique(site):
        found[row] = shapely.difference(sites[row], shapely.union_all(zones[zone[site == row]]))
    return found


def _sampled(shapes: Shapes, areal: Mask) -> tuple[Array, NDArray[np.int64]]:
    """Points on a lattice in each site, at least one in each."""
    points, site = [np.empty((0, 2))], [np.empty(0, np.int64)]
    for row in np.flatnonzero(areal & ~shapely.is_empty(shapes)):
        inside = _lattice(shapes[row])
        points.append(inside)
        site.append(np.full(len(inside), row))
    return np.concatenate(points), np.concatenate(site)


def _lattice(shape: shapely.Geometry) -> Array:
    west, south, east, north = shapely.bounds(shape)
    spacing = max(SPACING, float(np.sqrt((east - west) * (north - south) / MOST_POINTS)))
    x, y = np.meshgrid(
        np.arange(west + spacing / 2, max(east, west + spacing), spacing),
        np.arange(south + spacing / 2, max(north, south + spacing), spacing),
    )
    inside = shapely.contains_xy(shape, x.ravel(), y.ravel())
    if not inside.any():
        return np.asarray(shapely.get_coordinates(shapely.point_on_surface(shape)))
    return np.column_stack([x.ravel(), y.ravel()])[inside]


def _share(site: NDArray[np.int64], alive: Mask, sites: int, before: Array) -> Array:
    """Share of the points of each site that nothing excludes; as before where a site has no points."""
    whole = np.bincount(site, minlength=sites)
    some = np.bincount(site[alive], minlength=sites)
    return np.where(whole > 0, some / np.maximum(whole, 1), before)
