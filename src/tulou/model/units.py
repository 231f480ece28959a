"""Derived units: blocks and communities cut out of a city by its streets, where nobody recorded their boundaries.

Blocks are the faces between main streets (secondary and above), communities the faces between all public streets
(branch and above). Faces without a building are left out; faces below a least area join the neighbour they share most
boundary with. Where units on record hold most buildings nothing is derived; where they hold few, derived units fill the
rest. Every derived unit is marked, and its id follows from its shape, so that the same streets give the same units.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from tulou.kernel.facts import Facts
from tulou.kernel.identity import digest_bytes
from tulou.kernel.polygons import holders
from tulou.model.geography import to_geographic
from tulou.model.state import State

Shapes = NDArray[np.object_]

MAIN = ("expressway", "arterial", "secondary")
PUBLIC = (*MAIN, "branch")
MARGIN = 50.0
"""How far the derived city reaches beyond its outermost building or road, metres."""
GRID = 0.01
"""Streets are noded on a grid of this size, metres, so that ends that all but meet do meet."""
ID_LENGTH = 12
CITY = "derived:city"
ENOUGH = 0.5
"""Share of the buildings that units on record must hold for none to be derived."""


@dataclass(frozen=True)
class Level:
    """One level of derived units.

    Args:
        entity: What they are.
        streets: Classes of the streets that bound them.
        least: Area below which a face joins a neighbour, m2.
        letter: What their names begin with.
    """

    entity: str
    streets: tuple[str, ...]
    least: float
    letter: str


LEVELS = (Level("block", MAIN, 60_000.0, "B"), Level("community", PUBLIC, 8_000.0, "C"))
"""Least areas are a choice of ours: a derived block of 6 ha and a derived community of 0.8 ha hold a few streets."""


def derive_units(state: State) -> list[Facts]:
    """City, blocks and communities that the city lacks.

    Args:
        state: The city.

    Returns:
        Facts for each level without a row on record; none when all have one, or when there is nothing to derive from.
    """
    places = state.rows("building").places
    places = places[np.isfinite(places).all(axis=1)]
    made: list[Facts] = []
    city = _city_shape(state)
    if city is None:
        return made
    if not len(state.rows("city")):
        made.append(_facts("city", [CITY], [state.profile.name], None, np.array([city], object), state.profile.crs))
    above: tuple[Shapes, list[str]] = (np.array([city], object), [_city_id(state)])
    for level in LEVELS:
        recorded = _recorded(state, level)
        if len(places) and _held(recorded, places).mean() > ENOUGH:
            continue
        shapes = _faces(state, level, _outside(city, recorded), places)
        if not len(shapes):
            continue
        ids = [f"derived:{level.entity}-{digest_bytes(wkb)[:ID_LENGTH]}" for wkb in shapely.to_wkb(shapes)]
        named = [f"{level.letter}{number + 1}" for number in range(len(shapes))]
        made.append(_facts(level.entity, ids, named, _parents(shapes, *above), shapes, state.profile.crs))
        above = (shapes, ids)
    return made


def _recorded(state: State, level: Level) -> Shapes:
    shapes = np.asarray(state.rows(level.entity).shapes, object)
    return np.asarray(shapes[~shapely.is_missing(shapes)], object)


def _held(units: Shapes, places: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which places lie in some unit."""
    return holders(units, places) >= 0


def _outside(city: BaseGeometry, recorded: Shapes) -> BaseGeometry:
    """The part of the city that no recorded unit holds."""
    return city.difference(shapely.union_all(recorded)) if len(recorded) else city


def _city_id(state: State) -> str:
    recorded = state.rows("city")
    return str(recorded.ids[0]) if len(recorded) else CITY


def _city_shape(state: State) -> BaseGeometry | None:
    """The recorded city, else the hull of its buildings and roads."""
    recorded = state.rows("city").shapes
    known = recorded[~shapely.is_missing(recorded)]
    if len(known):
        recorded_city: BaseGeometry = shapely.union_all(known)
        return recorded_city
    shapes = np.concatenate([state.rows("building").shapes, state.rows("road").shapes])
    shapes = shapes[~shapely.is_missing(shapes)]
    if not len(shapes):
        return None
    spots = shapely.get_coordinates(shapes)
    hull = shapely.LineString(np.concatenate([spots, spots[:1]])).convex_hull
    return hull.buffer(MARGIN)


def _faces(state: State, level: Level, city: BaseGeometry, places: NDArray[np.float64]) -> Shapes:
    """Faces between the streets of a level that hold a building, in a fixed order from south-west to north-east."""
    roads = state.rows("road")
    shapes = np.asarray(roads.shapes, object)
    chosen = shapes[np.isin(roads.texts("class"), level.streets) & ~shapely.is_missing(shapes)]
    lines = [*shapely.force_2d(chosen), city.boundary]
    noded = shapely.union_all(lines, grid_size=GRID)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    faces = faces[shapely.covers(city.buffer(GRID), shapely.point_on_surface(faces))]
    faces = _merged(np.asarray(faces, object), level.least)
    if len(places) and len(faces):
        hit, _ = shapely.STRtree(np.asarray(shapely.points(places), object)).query(faces, predicate="intersects")
        faces = faces[np.unique(hit)]
    faces = np.asarray(shapely.normalize(faces), object)
    bounds = shapely.bounds(faces)
    return np.asarray(faces[np.lexsort((bounds[:, 0], bounds[:, 1]))], object)


def _merged(faces: Shapes, least: float) -> Shapes:
    """Join each face below a least area to the neighbour it shares most boundary with, the smallest first."""
    area = shapely.area(faces)
    if len(faces) <= 1 or (area >= least).all():
        return faces
    shared = _neighbours(faces)
    owner = np.arange(len(faces))
    for face in np.argsort(area, kind="stable").tolist():
        if area[face] >= least or owner[face] != face or not shared[face]:
            continue
        best = max(shared[face].items(), key=lambda item: (item[1], -item[0]))[0]
        _join(face, best, shared)
        owner[owner == face] = best
        area[best] += area[face]
    return np.array([_union(faces[owner == one]) for one in np.unique(owner)], object)


def _join(face: int, best: int, shared: list[dict[int, float]]) -> None:
    """Hand a face's neighbours to the one it joins."""
    for other, length in shared[face].items():
        del shared[other][face]
        if other != best:
            shared[best][other] = shared[best].get(other, 0.0) + length
            shared[other][best] = shared[other].get(best, 0.0) + length
    shared[face] = {}


def _neighbours(faces: Shapes) -> list[dict[int, float]]:
    """For each face, its neighbours and the length of boundary shared with each."""
    left, right = shapely.STRtree(faces).query(faces, predicate="touches")
    ahead = left < right
    left, right = left[ahead], right[ahead]
    length = shapely.length(shapely.intersection(faces[left], faces[right], grid_size=GRID))
    shared: list[dict[int, float]] = [{} for _ in faces]
    for one, other, metres in zip(left.tolist(), right.tolist(), length.tolist(), strict=True):
        if metres > 0:
            shared[one][other] = shared[other][one] = metres
    return shared


def _union(faces: Shapes) -> BaseGeometry:
    whole: BaseGeometry = faces[0] if len(faces) == 1 else shapely.union_all(faces, grid_size=GRID)
    return whole


def _parents(shapes: Shapes, above: Shapes, ids: list[str]) -> list[str | None]:
    """Id of the unit above that holds a point of each shape."""
    points = shapely.point_on_surface(shapes)
    inside, holder = shapely.STRtree(above).query(points, predicate="intersects")
    found: list[str | None] = [None] * len(shapes)
    for shape, unit in zip(inside.tolist(), holder.tolist(), strict=True):
        found[shape] = found[shape] or ids[unit]
    return found


def _facts(
    entity: str, ids: list[str], names: list[str], parents: list[str | None] | None, shapes: Shapes, crs: str
) -> Facts:
    columns = {
        "id": pa.array(ids, pa.string()),
        "name": pa.array(names, pa.string()),
        "estimated": pa.array([True] * len(ids)),
        "geometry": pa.array(shapely.to_wkb(to_geographic(shapes, crs))),
    }
    if parents is not None:
        columns |= {"unit": pa.array(parents, pa.string()), "derived": pa.array([True] * len(ids))}
    return Facts(entity, pa.table(columns), complete=("*",))
