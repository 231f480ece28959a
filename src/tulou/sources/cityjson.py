"""CityJSON 1.0 to 2.0: buildings with footprint, height, storeys and year of construction."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from tulou.kernel.errors import BadInput
from tulou.kernel.facts import Extract
from tulou.kernel.polygons import polygon_part
from tulou.kernel.provenance import Quality
from tulou.sources import datum as datums
from tulou.sources import encodings, limits
from tulou.sources.build import RawTable, build
from tulou.sources.cells import key_of
from tulou.sources.datum import Datum
from tulou.sources.expected import Expected
from tulou.sources.extracts import extract_of
from tulou.sources.mapping import Column, MappingFile, TableMapping

NAME = "cityjson"
VERSIONS = ("1.0", "1.1", "2.0")
LEVEL = 0.5
"""Faces that rise less than this above a building's lowest point (metres) are its ground, where no face says so."""
GROUND = "GroundSurface"
CHILDREN = "children"
_DEPTHS = {"MultiSurface": 1, "CompositeSurface": 1, "Solid": 2, "MultiSolid": 3, "CompositeSolid": 3}
"""How many lists lie around one surface, by type of geometry."""
_CODE = re.compile(r"EPSG(?:/\d+/|::?|/)(\d{3,6})$", re.IGNORECASE)
_STANDARD = {
    "height": ("measuredHeight", "measured_height"),
    "storeys": ("storeysAboveGround",),
    "underground_storeys": ("storeysBelowGround",),
    "year_built": ("yearOfConstruction",),
}
"""Attributes of our dictionary, and what the CityGML data model calls them."""
CORNERS = 3
"""Fewest corners of a face, and numbers of a point in space."""
MILLIMETRES = 3
"""Decimals of a height in metres."""

Vertices = NDArray[np.float64]
Json = Mapping[str, Any]


@dataclass(frozen=True)
class _Face:
    rings: list[Vertices]
    meaning: str

    @property
    def top(self) -> float:
        return float(self.rings[0][:, 2].max())


def read_cityjson(
    path: Path, *, mapping: MappingFile | None = None, expected: Expected | None = None, datum: str = ""
) -> Extract:
    """Read the buildings of a CityJSON file; their parts count as one building.

    Args:
        path: The file.
        mapping: Which of its attributes become which of ours, besides the standard ones; also its datum.
        expected: The data dictionary.
        datum: Coordinate system, where neither file nor mapping states one.

    Raises:
        BadInput: Damaged, nested too deep, indices out of bounds, no buildings, or no coordinate system.
    """
    page = _page(path)
    vertices = _vertices(page, path.name)
    rule = mapping.tables[0] if mapping else TableMapping("building")
    quality = Quality()
    raw = _table(page, vertices, path.name)
    stated = _stated(page, path.name)
    raw.datum = stated or (datums.named(datum, path.name) if datum else None)
    if raw.datum is None and not rule.datum:
        raise BadInput(
            "the file states no coordinate system (metadata.referenceSystem); state it in the mapping or the call",
            where=path.name,
            allowed=("datum: EPSG:4547", "datum: EPSG:7415"),
        )
    mapped = {column.attribute for column in rule.columns}
    own = [Column(name, name, type="number") for name in _STANDARD if name in raw.columns and name not in mapped]
    ignored = {name for names in _STANDARD.values() for name in names}
    ignore = ("*",) if mapping is None else (*rule.ignore, *ignored)
    rule = replace(rule, columns=(*rule.columns, *own), ignore=ignore)
    built = build(raw, rule, expected[rule.entity] if expected is not None else None, quality)
    return extract_of(path, [built], quality, connector=NAME, mapping=mapping)


def _page(path: Path) -> Json:
    limits.size_of(path, limits.MOST_TEXT_BYTES)
    data = path.read_bytes()
    limits.check_depth(data, path.name)
    try:
        page = json.loads(encodings.whole_escapes(data.decode("utf-8-sig")))
    except (ValueError, RecursionError) as error:
        raise BadInput(f"not whole JSON: {error}", where=path.name) from None
    if not isinstance(page, dict) or page.get("type") != "CityJSON":
        found = page.get("type") if isinstance(page, dict) else type(page).__name__
        raise BadInput("this JSON is not CityJSON", where=path.name, found=found, allowed=('"type": "CityJSON"',))
    if str(page.get("version")) not in VERSIONS:
        raise BadInput("this version is not read", where=path.name, found=page.get("version"), allowed=VERSIONS)
    return page


def _vertices(page: Json, name: str) -> Vertices:
    try:
        found = np.array(page.get("vertices") or np.zeros((0, CORNERS)), dtype=np.float64)
        transform = page.get("transform") or {"scale": [1, 1, 1], "translate": [0, 0, 0]}
        scale, move = (np.array(transform[key], dtype=np.float64) for key in ("scale", "translate"))
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise BadInput(f"vertices or transform are not numbers: {error}", where=name) from None
    for shape in (found.shape[1:], scale.shape, move.shape):
        if shape != (CORNERS,):
            raise BadInput("a vertex has three numbers", where=name, found=shape)
    with np.errstate(all="ignore"):
        placed = found * scale + move
    endless = placed[~np.isfinite(placed)]
    if endless.size:
        raise BadInput(f"vertices or transform are not numbers: {endless[0]}", where=name)
    return placed


def _object(node: Json, key: str, where: str) -> Json:
    """The object under a key; an empty one when there is none."""
    found = node.get(key)
    if found is not None and not isinstance(found, dict):
        raise BadInput(f"'{key}' is not as CityJSON has it", where=where, found=found, allowed=("an object",))
    return found or {}


def _objects(node: Json, key: str, where: str) -> list[Json]:
    """The list of objects under a key; an empty one when there is none."""
    found = node.get(key)
    is_list = isinstance(found, list) and all(isinstance(one, dict) for one in found)
    if found is not None and not is_list:
        raise BadInput(f"'{key}' is not as CityJSON has it", where=where, found=found, allowed=("a list of objects",))
    return found or []


def _stated(page: Json, name: str) -> Datum | None:
    metadata = _object(page, "metadata", name)
    text = str(metadata.get("referenceSystem") or _object(metadata, "crs", name).get("epsg") or "")
    if not text:
        return None
    match = _CODE.search(text if not text.isdigit() else f"EPSG:{text}")
    if not match:
        raise BadInput("the coordinate system is not an EPSG code", where=name, found=text, allowed=("…/EPSG/0/7415",))
    datums.crs_of(f"EPSG:{match[1]}", name)
    return Datum(f"EPSG:{match[1]}")


def _table(page: Json, vertices: Vertices, name: str) -> RawTable:
    objects = page.get("CityObjects")
    if not isinstance(objects, dict):
        raise BadInput("the file has no CityObjects", where=name)
    buildings = {
        key: item for key, item in objects.items() if isinstance(item, dict) and item.get("type") == "Building"
    }
    if not buildings:
        raise BadInput("the file holds no building", where=name, found=f"{len(objects)} objects")
    shapes = np.full(len(buildings), None, dtype=object)
    heights: list[float | None] = []
    for row, (key, item) in enumerate(buildings.items()):
        faces = list(_faces(key, item, objects, vertices, name))
        shapes[row] = footprint(faces) if faces else None
        heights.append(_rise(faces))
    columns = _columns([_object(item, "attributes", f"{name}: {key}") for key, item in buildings.items()], heights)
    columns["id"] = pa.chunked_array([pa.array(list(buildings), pa.string())])
    return RawTable(name, columns, np.arange(1, len(buildings) + 1), shapes)


def _columns(attributes: Sequence[Json], heights: list[float | None]) -> dict[str, pa.ChunkedArray]:
    names = dict.fromkeys(key for each in attributes for key in each)
    if len(names) > limits.MOST_COLUMNS:
        raise BadInput("too many attributes", found=len(names), allowed=(f"at most {limits.MOST_COLUMNS}",))
    columns = {name: [key_of(each.get(name)) for each in attributes] for name in names if name != "id"}
    for ours, theirs in _STANDARD.items():
        values = columns.get(ours) or [None] * len(attributes)
        for key in theirs:
            values = _filled(values, columns.get(key, values))
        if ours == "height":
            values = [old or key_of(new) for old, new in zip(values, heights, strict=True)]
        if any(value is not None for value in values):
            columns[ours] = values
    return {name: pa.chunked_array([pa.array(values, pa.string())]) for name, values in columns.items()}


def _filled(first: list[str | None], second: list[str | None]) -> list[str | None]:
    """The first list, and the second where the first knows nothing."""
    return [new if old is None else old for old, new in zip(first, second, strict=True)]


def _faces(key: str, item: Json, objects: Json, vertices: Vertices, name: str) -> Iterator[_Face]:
    """Faces of the best geometry of a building and of its parts (which have no parts of their own)."""
    where = f"{name}: {key}"
    children = item.get(CHILDREN) or []
    if not isinstance(children, list):
        raise BadInput(
            f"'{CHILDREN}' is not as CityJSON has it", where=where, found=children, allowed=("a list of ids",)
        )
    parts = [objects.get(child) for child in children if isinstance(child, str)]
    for each in (item, *(part for part in parts if isinstance(part, dict) and part.get("type") == "BuildingPart")):
        geometries = [one for one in _objects(each, "geometry", where) if str(one.get("type")) in _DEPTHS]
        if geometries:
            yield from _faces_of(max(geometries, key=lambda one: _rank(one, where)), vertices, where)


def _rank(geometry: Json, where: str) -> tuple[bool, float]:
    """Geometry that marks its ground first, then the finer one."""
    surfaces = _objects(_object(geometry, "semantics", where), "surfaces", where)
    lod = str(geometry.get("lod", "0"))
    return (
        any(surface.get("type") == GROUND for surface in surfaces),
        float(lod) if lod.replace(".", "", 1).isdecimal() else 0.0,
    )


def _faces_of(geometry: Json, vertices: Vertices, where: str) -> Iterator[_Face]:
    semantics = _object(geometry, "semantics", where)
    kinds = _objects(semantics, "surfaces", where)
    depth = _DEPTHS[geometry["type"]]
    faces = _flat(geometry.get("boundaries") or [], depth, where)
    marks = _flat(semantics.get("values") or [], depth, where)
    for face, mark in zip(faces, marks if len(marks) == len(faces) else [None] * len(faces), strict=True):
        if not isinstance(face, list):
            raise BadInput("the boundaries are not nested as their type says", where=where, found=face)
        rings = [_ring(ring, vertices, where) for ring in face]
        if rings and len(rings[0]) >= CORNERS:
            known = isinstance(mark, int) and 0 <= mark < len(kinds)
            yield _Face(rings, str(kinds[mark].get("type")) if known else "")


def _flat(nested: object, depth: int, where: str) -> list[Any]:
    found: list[Any] = [nested]
    for _ in range(depth):
        if not all(isinstance(one, list) for one in found if one is not None):
            raise BadInput("the boundaries are not nested as their type says", where=where)
        found = [item for one in found if one is not None for item in one]
    return found


def _ring(indices: object, vertices: Vertices, where: str) -> Vertices:
    try:
        found: NDArray[np.int64] = np.array(indices, dtype=np.int64)
    except (ValueError, TypeError, OverflowError):
        raise BadInput("a ring is a list of vertex numbers", where=where, found=indices) from None
    if found.ndim != 1 or (found.size and (found.min() < 0 or found.max() >= len(vertices))):
        raise BadInput(
            "a vertex number is out of bounds", where=where, found=indices, allowed=(f"0 to {len(vertices) - 1}",)
        )
    return vertices[found]


def footprint(faces: Sequence[_Face]) -> BaseGeometry | None:
    """Ground of a building: what its ground faces cover from above, else its lowest level faces, else all of them."""
    lowest = min(float(face.rings[0][:, 2].min()) for face in faces)
    for chosen in (
        [face for face in faces if face.meaning == GROUND],
        [face for face in faces if face.top <= lowest + LEVEL],
        list(faces),
    ):
        flat = [shape for face in chosen if (shape := _projected(face)) is not None]
        if flat:
            return polygon_part(shapely.union_all(flat))
    return None


def _projected(face: _Face) -> BaseGeometry | None:
    """A face seen from above; None for a wall."""
    rings = [ring[:, :2] for ring in face.rings if len(ring) >= CORNERS]
    with np.errstate(all="ignore"):  # numbers beyond any ground overflow, and the shape is left out
        shape = shapely.polygons(rings[0], holes=rings[1:] or None)
        return polygon_part(shapely.make_valid(np.array([shape]))[0])


def _rise(faces: Sequence[_Face]) -> float | None:
    if not faces:
        return None
    low = min(float(face.rings[0][:, 2].min()) for face in faces)
    return round(max(face.top for face in faces) - low, MILLIMETRES)
