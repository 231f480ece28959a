"""The quiet base of maps: a city's own water, green, buildings and roads."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.publish.drawing import raster, sizes
from tulou.publish.drawing.frame import WIDTH, Frame
from tulou.publish.drawing.palette import fill, stroke
from tulou.publish.drawing.svg import element

MOST_BASE = 700_000
"""Largest text of the vector base, in characters; minor roads go first when it would be larger."""

MOST_LINES = 60_000
"""Largest text of the roads of a small picture, in characters."""

MINOR_ROADS_BELOW = 25_000.0
"""Width of the extent, metres, up to which minor roads are worth drawing."""

CLIP_MARGIN = 500.0
"""Metres around the extent that large shapes keep."""

_ROADS = ((2, "mainroad", sizes.MAIN_ROAD), (1, "mainroad", sizes.MIDDLE_ROAD), (0, "road", sizes.MINOR_ROAD))


def _none() -> NDArray[np.object_]:
    return np.empty(0, object)


@dataclass(frozen=True, eq=False)
class Layers:
    """Shapes for maps, in the city's metric system.

    Args:
        water: Water, polygons and lines.
        green: Parks and greens.
        roads: Road lines.
        road_weights: 2 for main roads, 1 for secondary ones, 0 for the rest; one a road.
        buildings: Building footprints.
    """

    water: NDArray[np.object_] = field(default_factory=_none)
    green: NDArray[np.object_] = field(default_factory=_none)
    roads: NDArray[np.object_] = field(default_factory=_none)
    road_weights: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    buildings: NDArray[np.object_] = field(default_factory=_none)


def base_map(frame: Frame, layers: Layers) -> str:
    """The quiet base below all maps: land, green, water, buildings, roads."""
    ground = element("rect", width=WIDTH, height=frame.height, **fill("land"))
    box = frame.box()
    pieces = [
        element(
            "path",
            d=frame.path(_clipped(layers.green, box), tolerance=0.6, least=1.5),
            fill_rule="evenodd",
            **fill("green"),
        ),
        *_water(frame, _clipped(layers.water, box)),
    ]
    if len(layers.buildings):
        source = raster.image(raster.coverage(layers.buildings, frame), "#8d8579")
        pieces.append(element("image", href=source, width=WIDTH, height=frame.height, opacity="0.75", class_="built"))
    room = MOST_BASE - sum(map(len, pieces[:3]))
    drawn = _roads(frame, _clip_rows(layers.roads, box), layers.road_weights, room)
    return f'<g clip-path="url(#frame)">{ground}{"".join(pieces)}{drawn}</g>'


def base_lines(frame: Frame, layers: Layers, box: shapely.Polygon) -> tuple[str, str]:
    """Water and roads within a box, for small pictures that stand alone: what lies below a field, and what above."""
    inside = Layers(
        water=shapely.intersection(_clipped(layers.water, box), box),
        roads=shapely.intersection(_clip_rows(layers.roads, box), box),
    )
    drawn = _roads(frame, inside.roads, layers.road_weights, MOST_LINES)
    return "".join(_water(frame, inside.water)), drawn


def _water(frame: Frame, shapes: NDArray[np.object_]) -> list[str]:
    areas, lines = _of_dimension(shapes, 2), _of_dimension(shapes, 1)
    return [
        element("path", d=frame.path(areas, tolerance=0.5, least=1.5), fill_rule="evenodd", **fill("water")),
        element("path", d=frame.path(lines, tolerance=0.5, least=3.0), **stroke("water", 1.2)),
    ]


def _roads(frame: Frame, roads: NDArray[np.object_], weights: NDArray[np.int64], room: int) -> str:
    pieces: list[str] = []
    metres = WIDTH / frame.scale
    for weight, colour, width in _ROADS:
        chosen = roads[weights == weight]
        if not len(chosen) or (weight == 0 and metres > MINOR_ROADS_BELOW):
            continue
        text = frame.path(chosen, tolerance=0.5, least=2.0 if weight == 0 else 1.0)
        if len(text) > room:
            continue
        room -= len(text)
        pieces.append(element("path", d=text, stroke_linecap="round", stroke_linejoin="round", **stroke(colour, width)))
    return "".join(reversed(pieces))


def _clipped(shapes: NDArray[np.object_], box: shapely.Polygon) -> NDArray[np.object_]:
    found = _clip_rows(shapes, box)
    return found[~shapely.is_missing(found)]


def _clip_rows(shapes: NDArray[np.object_], box: shapely.Polygon) -> NDArray[np.object_]:
    """Shapes that meet the extent, cut to about it where they are far larger; the rest is None."""
    found = np.asarray(shapes, object).copy()
    if not len(found):
        return found
    found[~shapely.intersects(box, found)] = None
    bounds = shapely.bounds(found)
    west, south, east, north = box.bounds
    large = (bounds[:, 2] - bounds[:, 0] > 2 * (east - west)) | (bounds[:, 3] - bounds[:, 1] > 2 * (north - south))
    if large.any():
        margins = np.array([-1.0, -1.0, 1.0, 1.0]) * CLIP_MARGIN
        found[large] = shapely.clip_by_rect(found[large], *(np.array(box.bounds) + margins).tolist())
    return found


def _of_dimension(shapes: NDArray[np.object_], dimension: int) -> NDArray[np.object_]:
    parts = shapely.get_parts(shapes)
    return np.asarray(parts[shapely.get_dimensions(parts) == dimension], object)
