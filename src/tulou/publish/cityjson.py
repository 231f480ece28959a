"""Buildings as CityJSON 2.0: solids of LoD 1 from footprint and known height, footprints where nobody knows the height.

Standard: CityJSON 2.0.1 (OGC 20-072r5), https://www.cityjson.org/specs/2.0.1/. The ground stands at 0: what is written
are heights above it, not above the sea. A height is never invented, also not from storeys.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse

Document = dict[str, Any]
Ring = list[tuple[float, float]]
VERSION = "2.0"
SCALE = 0.001
"""Metres of a step of the coordinates: millimetres."""
SOLID_LOD, FLAT_LOD = "1", "0"
GROUND, ROOF, WALL = range(3)
SURFACES: Sequence[Mapping[str, str]] = (
    {"type": "GroundSurface"}, {"type": "RoofSurface"}, {"type": "WallSurface"},
)  # fmt: skip
LEAST_CORNERS = 3
CRS = "https://www.opengis.net/def/crs/EPSG/0/"


@dataclass(frozen=True, eq=False)
class Buildings:
    """Buildings to be written.

    Args:
        ids: Their ids.
        footprints: Polygons in the metric system of the city; None where unknown.
        heights: Height of each above its ground, m; NaN where unknown.
        attributes: What is told of each, without what is unknown.
    """

    ids: Sequence[str]
    footprints: NDArray[np.object_]
    heights: NDArray[np.float64]
    attributes: Sequence[Mapping[str, Any]]


def cityjson(buildings: Buildings, crs: str, title: str, day: str) -> Document:
    """Buildings as one CityJSON document.

    Args:
        buildings: The buildings.
        crs: Metric system of the footprints, as ``EPSG:code``.
        title: Title of the document.
        day: Day in the world it speaks of.

    Raises:
        BadUse: When ids, footprints, heights and attributes are not as many.
    """
    counts = {len(one) for one in (buildings.ids, buildings.footprints, buildings.heights, buildings.attributes)}
    if len(counts) > 1:
        raise BadUse("each building has an id, a footprint, a height and attributes", where="cityjson", found=counts)
    corner = _corner(buildings.footprints)
    points = _Points(corner)
    objects: Document = {}
    for place, name in enumerate(buildings.ids):
        height = float(buildings.heights[place])
        objects |= _objects(name, buildings.footprints[place], height, dict(buildings.attributes[place]), points)
    metadata: Document = {"title": title, "referenceDate": day}
    if points.known:
        metadata["geographicalExtent"] = points.extent()
    if crs.upper().startswith("EPSG:"):
        metadata["referenceSystem"] = CRS + crs.split(":")[1]
    return {
        "type": "CityJSON",
        "version": VERSION,
        "transform": {"scale": [SCALE] * 3, "translate": [*corner, 0.0]},
        "metadata": metadata,
        "CityObjects": objects,
        "vertices": [list(one) for one in points.known],
    }


@dataclass(eq=False)
class _Points:
    """Corners, each once, in steps from one place.

    Args:
        origin: West and south edge, m.
    """

    origin: tuple[float, float]
    known: dict[tuple[int, int, int], int] = field(default_factory=dict)

    def ring(self, ring: Ring, height: float) -> list[int]:
        """A ring at a height, without points that fall on their neighbour."""
        found = [self.at(x, y, height) for x, y in ring]
        return [one for place, one in enumerate(found) if one != found[place - 1]]

    def at(self, x: float, y: float, z: float) -> int:
        steps = (round((x - self.origin[0]) / SCALE), round((y - self.origin[1]) / SCALE), round(z / SCALE))
        return self.known.setdefault(steps, len(self.known))

    def extent(self) -> list[float]:
        """Least and largest coordinates, m."""
        steps = np.array(list(self.known), np.float64) * SCALE + (*self.origin, 0.0)
        return [round(float(one), 3) for one in (*steps.min(axis=0), *steps.max(axis=0))]


def _corner(footprints: NDArray[np.object_]) -> tuple[float, float]:
    bounds = shapely.total_bounds(footprints) if len(footprints) else np.full(4, np.nan)
    return (float(math.floor(bounds[0])), float(math.floor(bounds[1]))) if np.isfinite(bounds).all() else (0.0, 0.0)


def _objects(name: str, shape: Any, height: float, told: Document, points: _Points) -> Document:  # noqa: ANN401
    """A building; where it stands in several pieces and its height is known, each is a part of it."""
    polygons = [one for one in shapely.get_parts(shape) if isinstance(one, shapely.Polygon)] if shape else []
    rings = [_rings(one) for one in polygons if not one.is_empty]
    is_solid = math.isfinite(height) and height > SCALE and all(one.is_valid for one in polygons)
    building: Document = {"type": "Building", "attributes": told}
    if not is_solid:
        flat = [surface for one in rings if (surface := _surface(one, 0.0, points))]
        if flat:
            building["geometry"] = [{"type": "MultiSurface", "lod": FLAT_LOD, "boundaries": flat}]
        return {name: building}
    solids = [solid for one in rings if (solid := _solid(one, height, points)) is not None]
    if len(solids) == 1:
        return {name: building | {"geometry": solids}}
    parts = {
        f"{name}#{number}": {"type": "BuildingPart", "parents": [name], "geometry": [solid]}
        for number, solid in enumerate(solids, start=1)
    }
    return {name: building | ({"children": list(parts)} if parts else {})} | parts


def _rings(polygon: shapely.Polygon) -> list[Ring]:
    """The outer ring against the clock and the inner ones with it, as seen from above; the first point not repeated."""
    turned = shapely.orient_polygons(polygon)
    return [[(x, y) for x, y, *_ in one.coords[:-1]] for one in (turned.exterior, *turned.interiors)]


def _surface(rings: list[Ring], height: float, points: _Points) -> list[list[int]]:
    """A face that looks up; nothing of one that has no room."""
    found = [points.ring(one, height) for one in rings]
    if not found or len(found[0]) < LEAST_CORNERS:
        return []
    return [one for one in found if len(one) >= LEAST_CORNERS]


def _solid(rings: list[Ring], height: float, points: _Points) -> Document | None:
    """A closed body whose faces all look outwards."""
    roof, floor = (_surface(rings, z, points) for z in (height, 0.0))
    if not roof:
        return None
    walls = [
        [[low[at - 1], low[at], high[at], high[at - 1]]]
        for low, high in zip(floor, roof, strict=True)
        for at in range(len(low))
    ]
    faces = [[ring[::-1] for ring in floor], roof, *walls]
    values = [GROUND, ROOF, *[WALL] * len(walls)]
    semantics = {"surfaces": [dict(one) for one in SURFACES], "values": [values]}
    return {"type": "Solid", "lod": SOLID_LOD, "boundaries": [faces], "semantics": semantics}
