"""View corridors: the surface that must stay free between a viewpoint and a landmark, and how far buildings pierce it.

After the London View Management Framework: a wedge from the assessment point to the threshold height of the landmark,
wider areas at its sides, and a background behind the landmark at its threshold height. Levels follow the round Earth.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from tulou.kernel.errors import BadUse
from tulou.measures.form.viewshed import EARTH_RADIUS, REFRACTION

Array = NDArray[np.float64]
Shapes = NDArray[np.object_]
_PAIR = 2


class Part(StrEnum):
    """Where a building stands: what is seen in front of the landmark, beside it, or behind it."""

    CORRIDOR = "corridor"
    SIDE = "side"
    BACKGROUND = "background"


@dataclass(frozen=True)
class Corridor:
    """A protected view.

    Args:
        view: East and north of the viewpoint, m.
        landmark: East and north of the landmark, m.
        view_level: Level of the eye, m.
        threshold: Level from which on the landmark stays visible, m.
        width: Width of the corridor at the landmark, m.
        view_width: Width at the viewpoint, m.
        side: Width of the areas at each side, at the landmark, m; they begin with no width at the viewpoint.
        background: How far the background reaches behind the landmark, m.
        refraction: Share of the Earth's curve that the bending of light takes back; 1 for a flat Earth.

    Raises:
        BadUse: When the two places are one, a width is below 0 or there is none, or a level is not known.
    """

    view: tuple[float, float]
    landmark: tuple[float, float]
    view_level: float
    threshold: float
    width: float
    view_width: float = 0.0
    side: float = 0.0
    background: float = 0.0
    refraction: float = REFRACTION

    def __post_init__(self) -> None:
        if not self.length > 0:
            raise BadUse("viewpoint and landmark are two places", where="corridor", found=self.view)
        if not (self.width > 0 and min(self.view_width, self.side, self.background) >= 0):
            raise BadUse("a corridor has a width, and no width is below 0", where="corridor", found=self.width)
        if not np.isfinite([self.view_level, self.threshold]).all():
            raise BadUse("the levels of a corridor are known", where="corridor", found=self.threshold)

    @property
    def length(self) -> float:
        """Distance from the viewpoint to the landmark, m."""
        return float(np.hypot(*np.subtract(self.landmark, self.view)))

    @property
    def _bend(self) -> float:
        """Half of the curvature left after refraction, 1/m."""
        return (1.0 - self.refraction) / (2.0 * EARTH_RADIUS)

    def level(self, distance: Array) -> Array:
        """Level of the protected surface.

        ``z(x) = z_A + (z_L − z_A) x / L − (1 − k) x (L − x) / 2R`` up to the landmark, ``z_L`` behind it.

        Args:
            distance: Distance from the viewpoint along the axis, m.
        """
        x = np.clip(distance, 0.0, self.length)
        straight = self.view_level + (self.threshold - self.view_level) * x / self.length
        return np.asarray(straight - self._bend * x * (self.length - x), np.float64)

    def lowest(self, first: Array, last: Array) -> Array:
        """Lowest level of the surface between two distances: it sags, so that the lowest may lie between them."""
        if self._bend > 0:
            slope = (self.threshold - self.view_level) / self.length
            sag = self.length / 2 - slope / (2 * self._bend)
        else:
            sag = 0.0 if self.threshold >= self.view_level else self.length
        return self.level(np.clip(sag, first, last))

    def along(self, places: Array) -> Array:
        """Distance of places from the viewpoint along the axis, m, shape (n,)."""
        axis = np.subtract(self.landmark, self.view) / self.length
        return np.asarray((places - np.asarray(self.view)) @ axis, np.float64)

    def parts(self) -> dict[Part, BaseGeometry]:
        """The areas of the corridor on the ground; only those that have an extent."""
        end = self.length + self.background
        found: dict[Part, BaseGeometry] = {Part.CORRIDOR: self._wedge(0.0, self.length, sides=False)}
        if self.side > 0:
            found[Part.SIDE] = self._wedge(0.0, self.length, sides=True).difference(found[Part.CORRIDOR])
        if self.background > 0:
            found[Part.BACKGROUND] = self._wedge(self.length, end, sides=True)
        return found

    def _wedge(self, first: float, last: float, *, sides: bool) -> shapely.Polygon:
        axis = np.subtract(self.landmark, self.view) / self.length
        across = np.array((-axis[1], axis[0]))
        corners = []
        for x, hands in ((first, (1, -1)), (last, (-1, 1))):
            share = x / self.length
            half = (self.view_width + (self.width - self.view_width) * share) / 2 + (self.side * share if sides else 0)
            corners += [np.asarray(self.view) + x * axis + hand * half * across for hand in hands]
        return shapely.Polygon(corners)


@dataclass(frozen=True, eq=False)
class Pierced:
    """Buildings that stand in the areas of a corridor, each as often as it stands in one of them.

    Args:
        building: Row of the building.
        part: The area.
        level: Lowest level of the protected surface over the part that stands there, m.
        allowed: Height that stays allowed above the ground, m, not below 0; NaN where the ground is unknown.
        excess: How far the top rises above the surface, m, negative where it stays below; NaN where unknown.
        verdict: 1 it pierces the surface, 0 it does not, NaN where it cannot be told.
    """

    building: NDArray[np.int64]
    part: NDArray[np.object_]
    level: Array
    allowed: Array
    excess: Array
    verdict: Array


def pierced(corridor: Corridor, shapes: Shapes, ground: Array, heights: Array) -> Pierced:
    """Which buildings pierce a corridor, by how much, and how high may each be?

    The top of a building, ``ground + height``, is held against the lowest level of the surface over the part of its
    footprint that stands in the area. Ground above the surface pierces it whatever the height.

    Args:
        corridor: The corridor.
        shapes: Footprints, m.
        ground: Level of the ground at each, m; NaN where unknown.
        heights: Height of each above its ground, m; NaN where unknown.

    Raises:
        BadUse: When the arrays are not of one length.
    """
    if not len(shapes) == len(ground) == len(heights):
        raise BadUse("footprints, ground and heights are of one length", where="buildings", found=len(heights))
    tree = shapely.STRtree(shapes)
    rows: list[int] = []
    parts: list[Part] = []
    levels: list[float] = []
    for name, area in corridor.parts().items():
        for row in sorted(tree.query(area, "intersects").tolist()):
            inside = shapely.intersection(shapes[row], area)
            if not inside.area > 0:
                continue
            x = corridor.along(shapely.get_coordinates(inside))
            rows.append(row)
            parts.append(name)
            levels.append(float(corridor.lowest(x.min(), x.max())))
    at, level = np.array(rows, np.int64), np.array(levels, np.float64)
    allowed = level - ground[at]
    excess = heights[at] - allowed
    verdict = np.where(np.isfinite(excess), excess > 0, np.where(allowed < 0, 1.0, np.nan))
    return Pierced(at, np.array(parts, object), level, np.maximum(allowed, 0.0), excess, verdict)


def level_field(corridor: Corridor, east: Array, north: Array) -> Array:
    """Level of the protected surface at places; NaN outside of the corridor itself.

    Args:
        corridor: The corridor.
        east: East of the places, m.
        north: North of the places, of the same shape.
    """
    inside = shapely.contains_xy(corridor.parts()[Part.CORRIDOR], east, north)
    x = corridor.along(np.stack([east, north], axis=-1).reshape(-1, _PAIR)).reshape(east.shape)
    return np.where(inside, corridor.level(x), np.nan)
