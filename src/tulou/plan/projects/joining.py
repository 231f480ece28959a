"""Joining: a new road becomes part of the network only where it shares a vertex with the roads that stand.

Its ends are drawn to the nearest road within ``REACH``, and where it crosses roads on the level both get a vertex
there. Bridges and tunnels cross without meeting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry

from tulou.model.rows import Rows

REACH = 15.0
"""How far the end of a new road may miss a road it is meant to join, metres: about half the width of a street."""
SAME = 0.5
"""A vertex this near to a joint is the joint, metres."""


@dataclass(frozen=True, eq=False)
class Joined:
    """New roads joined to those that stand.

    Args:
        lines: The new roads, one each.
        changed: By row of the roads that stand, those that got a vertex.
        loose: New roads that meet no other.
    """

    lines: tuple[BaseGeometry, ...]
    changed: dict[int, BaseGeometry]
    loose: tuple[int, ...]


def joined(new: Sequence[BaseGeometry], roads: Rows, *, on_level: Sequence[bool] = ()) -> Joined:
    """Join new roads to the network, and to one another.

    Args:
        new: Lines in the city's metric system.
        roads: The roads that stand.
        on_level: Whether each new road meets those that it crosses; all do when left out.
    """
    stand = len(roads)
    shapes = np.concatenate([roads.shapes, np.array([*new, None], object)[:-1]])
    level = ~((roads.numbers("bridge") == 1.0) | (roads.numbers("tunnel") == 1.0))
    level = np.concatenate([level, np.array(on_level or [True] * len(new), bool)]) & ~shapely.is_missing(shapes)
    tree = shapely.STRtree(roads.shapes)
    changed: dict[int, BaseGeometry] = {}
    loose: list[int] = []
    for number in range(stand, len(shapes)):
        line = shapes[number]
        near = np.sort(tree.query(line, predicate="dwithin", distance=REACH))
        earlier = np.arange(stand, number)
        near = np.concatenate([near, earlier[shapely.distance(shapes[earlier], line) <= REACH]])
        crossed = level[near] & level[number]
        joints = _joints(line, shapes, near, near[crossed])
        for row, joint in joints:
            place = _at(shapes[row], joint)
            shapes[row] = _with_vertex(shapes[row], place)
            shapes[number] = _with_vertex(shapes[number], place)
            if row < stand:
                changed[row] = shapes[row]
        loose += [number - stand] * (not joints)
    return Joined(tuple(shapes[stand:]), changed, tuple(loose))


def _joints(
    line: BaseGeometry, shapes: NDArray[np.object_], near: NDArray[np.int64], crossed: NDArray[np.int64]
) -> list[tuple[int, BaseGeometry]]:
    """Where a line meets others: its two ends at the nearest road each, and its crossings on the level."""
    found: list[tuple[int, BaseGeometry]] = []
    if not len(near):
        return found
    parts = shapely.get_parts(line)
    for end in (shapely.get_point(parts[0], 0), shapely.get_point(parts[-1], -1)):
        distance = shapely.distance(shapes[near], end)
        if distance.min() <= REACH:
            found.append((int(near[np.argmin(distance)]), end))
    for row in crossed:
        crossing = shapely.intersection(line, shapes[row])
        found += [(int(row), point) for point in shapely.get_parts(crossing) if point.geom_type == "Point"]
    return found


def _at(road: BaseGeometry, point: BaseGeometry) -> tuple[float, float]:
    """The place on a road where a point joins it: a vertex of its own where one is as good as there."""
    vertices = shapely.get_coordinates(road)
    away = np.hypot(*(vertices - shapely.get_coordinates(point)[0]).T)
    if away.min() <= SAME:
        x, y = vertices[np.argmin(away)]
        return float(x), float(y)
    parts = shapely.get_parts(road)
    part = parts[int(np.argmin(shapely.distance(parts, point)))]
    x, y = part.interpolate(part.project(point)).coords[0]
    return float(x), float(y)


def _with_vertex(road: BaseGeometry, place: tuple[float, float]) -> BaseGeometry:
    """A road with a vertex at a place on it, or led to it where it ends beside it."""
    point = Point(place)
    parts = list(shapely.get_parts(road))
    nearest = int(np.argmin(shapely.distance(np.array(parts, object), point)))
    parts[nearest] = _line_with(parts[nearest], point)
    return parts[0] if len(parts) == 1 else shapely.MultiLineString(parts)


def _line_with(line: LineString, point: Point) -> LineString:
    vertices, place = shapely.get_coordinates(line), shapely.get_coordinates(point)[0]
    away = np.hypot(*(vertices - place).T)
    if away.min() <= SAME:
        vertices[np.argmin(away)] = place
        return shapely.LineString(vertices)
    along = line.project(point)
    passed = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(vertices, axis=0).T))])
    if along <= 0.0 or along >= passed[-1]:
        return shapely.LineString(np.concatenate([[place], vertices] if along <= 0.0 else [vertices, [place]]))
    at = int(np.searchsorted(passed, along))
    return shapely.LineString(np.insert(vertices, at, place, axis=0))
