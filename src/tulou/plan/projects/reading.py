"""Reading projects: GeoJSON features and CityJSON buildings, one or several files together."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from tulou.kernel.errors import BadInput, TulouError
from tulou.kernel.facts import GEOMETRY, ID
from tulou.kernel.identity import digest_file
from tulou.kernel.words import Words
from tulou.model.dictionary import Dictionary
from tulou.model.geography import to_metric
from tulou.model.state import State
from tulou.plan.projects.features import Feature, edits_of
from tulou.plan.projects.ground import refuse_overlaps, remarks_on
from tulou.plan.projects.place import Place
from tulou.plan.projects.project import Edit, Project
from tulou.sources import datum as datums
from tulou.sources import limits
from tulou.sources.cityjson import read_cityjson
from tulou.sources.datum import Datum
from tulou.sources.mapping import Column, MappingFile, TableMapping

MOST_FEATURES = 10_000
"""Most features of a project; what is larger is a delivery of data, and is imported."""
MOST_BYTES = 64 * 1024**2
"""Largest project file: far beyond what so many features need."""
KINDS = ("FeatureCollection", "Feature", "CityJSON")
USES = ("function", "usage", "class")
"""Attributes by which CityGML tells what a building is used for, the first there is."""
MOST_LATITUDE, MOST_LONGITUDE = 90.0, 180.0


def read_project(
    paths: Path | Sequence[Path], dictionary: Dictionary, state: State, *, datum: str = "", name: str = ""
) -> Project:
    """Read a project from one file or several.

    Args:
        paths: GeoJSON (``FeatureCollection`` or one ``Feature``) or CityJSON files; together they are one project.
        dictionary: The data dictionary its words are held against.
        state: The city it is meant for, in which objects are looked up.
        datum: What its coordinates are, where a file does not say; WGS 84 for GeoJSON.
        name: What to call it; the names of the files by default.

    Raises:
        BadInput: With every fault of every feature: unknown words, ids that are not there, broken geometry, a place
            outside the city, a building on one that stands.
    """
    files = [paths] if isinstance(paths, Path) else list(paths)
    place = Place(state, dictionary)
    edits: list[Edit] = []
    remarks: list[Words] = []
    faults: list[TulouError] = []
    for file in files:
        for feature in _features(file, place, datum):
            try:
                made, told = edits_of(feature, place)
            except TulouError as error:
                faults.append(error)
                continue
            edits += made
            remarks += told
    if faults:
        raise BadInput.of(fault for error in faults for fault in error.faults)
    _refuse_contradictions(edits)
    refuse_overlaps(edits, state)
    remarks += remarks_on(edits, state)
    called = name or ", ".join(file.name.split(".")[0] for file in files)
    return Project(called, tuple(edits), {file.name: digest_file(file) for file in files}, tuple(remarks))


def _refuse_contradictions(edits: Sequence[Edit]) -> None:
    """Two edits of one project may not say different things of one object."""
    seen: dict[tuple[str, str], Edit] = {}
    faults: list[TulouError] = []
    for edit in edits:
        before = seen.setdefault((edit.entity, edit.id), edit)
        if before is not edit:
            what = "two features of the project speak of one object"
            faults.append(BadInput(what, where=edit.where, found=edit.id, allowed=(f"once, as in {before.where}",)))
    if faults:
        raise BadInput.of(fault for error in faults for fault in error.faults)


def _features(file: Path, place: Place, datum: str) -> list[Feature]:
    page = _page(file)
    kind = page.get("type")
    if kind == "CityJSON":
        return _of_cityjson(file, page, place, datum)
    if kind not in KINDS:
        raise BadInput("this JSON is no project", where=file.name, found=kind, allowed=KINDS)
    listed = page.get("features") if kind == "FeatureCollection" else [page]
    if not isinstance(listed, list) or not listed:
        raise BadInput("the project has no features", where=file.name, allowed=('"features": […]',))
    if len(listed) > MOST_FEATURES:
        raise BadInput(
            "too many features for a project; import them on a branch", where=file.name, found=len(listed),
            allowed=(f"at most {MOST_FEATURES}",),
        )  # fmt: skip
    system = _datum(page, datum, file.name)
    return [_feature(one, number, file, place, system) for number, one in enumerate(listed, start=1)]


def _page(file: Path) -> Mapping[str, Any]:
    limits.size_of(file, MOST_BYTES)
    data = file.read_bytes().removeprefix(b"\xef\xbb\xbf")
    limits.check_depth(data, file.name)
    try:
        page = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"not whole JSON: {error}", where=file.name) from None
    if not isinstance(page, dict):
        raise BadInput("this JSON is no project", where=file.name, found=type(page).__name__, allowed=KINDS)
    return page


def _datum(page: Mapping[str, Any], stated: str, where: str) -> Datum:
    """What the coordinates are: what the caller says, else the ``crs`` member of older GeoJSON, else WGS 84."""
    if stated:
        return datums.named(stated, where)
    member = page.get("crs")
    if not isinstance(member, dict):
        return Datum()
    text = str((member.get("properties") or {}).get("name", ""))
    if text.upper().endswith(("CRS84", "EPSG::4326", "EPSG:4326")):
        return Datum()
    code = text.rsplit(":", 1)[-1]
    return datums.named(f"EPSG:{code}" if code.isdecimal() else text, where)


def _feature(found: object, number: int, file: Path, place: Place, datum: Datum) -> Feature:
    where = f"{file.name}, feature {number}"
    if not isinstance(found, dict) or found.get("type") != "Feature":
        raise BadInput("this is not a feature", where=where, found=found, allowed=('"type": "Feature"',))
    properties = found.get("properties") or {}
    if not isinstance(properties, dict):
        raise BadInput("properties are names and values", where=where, found=properties)
    if isinstance(found.get("id"), str) and "id" not in properties:  # Numbers there only count the features.
        properties = {**properties, "id": found["id"]}
    geometry = found.get("geometry")
    shape = None if geometry is None else _shape(geometry, where, place, datum)
    return Feature(where, _key(file, number), properties, shape)


def _key(file: Path, number: int) -> str:
    return f"project:{file.name.split('.')[0]}-{number}"


def _shape(geometry: object, where: str, place: Place, datum: Datum) -> BaseGeometry:
    try:
        shape = shapely.from_geojson(json.dumps(geometry))
    except (shapely.errors.GEOSException, TypeError, ValueError) as error:
        told = str(error).split(":", maxsplit=1)[-1].strip()
        raise BadInput("this is not a geometry", where=where, found=told, allowed=("a GeoJSON geometry",)) from None
    shape = shapely.force_2d(shape)
    _check_coordinates(shape, where, datum)
    moved = shapely.transform(shape, lambda xy: np.column_stack(datums.to_wgs84(xy[:, 0], xy[:, 1], datum)))
    metric: BaseGeometry = to_metric(np.array([moved], object), place.state.profile.crs)[0]
    if not np.isfinite(shapely.get_coordinates(metric)).all():
        raise BadInput("these coordinates are not on the Earth", where=where, allowed=(datum.describe(),))
    return metric


def _check_coordinates(shape: BaseGeometry, where: str, datum: Datum) -> None:
    """Refuse metres, or latitude before longitude, where degrees are expected."""
    coordinates = shapely.get_coordinates(shape)
    if not np.isfinite(coordinates).all():
        raise BadInput("a coordinate is not a finite number", where=where)
    if not datums.is_geographic(datum.crs) or not len(coordinates):
        return
    if (np.abs(coordinates) > (MOST_LONGITUDE, MOST_LATITUDE)).any():
        x, y = coordinates[0]
        raise BadInput(
            "these coordinates are not longitude and latitude", where=where, found=f"{x:.6g}, {y:.6g}",
            allowed=("longitude first, then latitude", "--datum EPSG:xxxx"),
        )  # fmt: skip


def _of_cityjson(file: Path, page: Mapping[str, Any], place: Place, datum: str) -> list[Feature]:
    """Buildings of a CityJSON file, each as a feature that adds it."""
    rule = TableMapping("building", columns=tuple(_columns(page)), ignore=("*",))
    extract = read_cityjson(file, mapping=MappingFile((rule,)), expected=place.dictionary, datum=datum)
    rows = extract.facts[0].rows
    shapes = shapely.from_wkb(rows[GEOMETRY].to_numpy(zero_copy_only=False))
    shapes = to_metric(np.asarray(shapes, object), place.state.profile.crs)
    found = []
    for number, (row, shape) in enumerate(zip(rows.drop_columns([GEOMETRY]).to_pylist(), shapes, strict=True), start=1):
        properties = {name: value for name, value in row.items() if value is not None and name != ID}
        found.append(
            Feature(f"{file.name}, {row[ID]}", _key(file, number), {"entity": "building", **properties}, shape)
        )
    return found


def _columns(page: Mapping[str, Any]) -> list[Column]:
    """The use of buildings and their residents, where the file tells them."""
    objects = page.get("CityObjects")
    items = objects.values() if isinstance(objects, dict) else ()
    told = {key for item in items if isinstance(item, dict) for key in (item.get("attributes") or {})}
    uses = [name for name in ("use", *USES) if name in told]
    found = [Column("use", uses[0], type="text")] if uses else []
    return found + [
        Column(name, name, type="number") for name in ("residents", "dwellings", "floor_area") if name in told
    ]
