"""Objects of a city as OGC API Features (17-069r4, 19-079r2): collections, items, filters, both clocks.

``datetime`` is the valid time, the day in the world; ``asOf`` is the record time, what was known then.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal

import numpy as np
import shapely
from fastapi import APIRouter, Depends, Query, Request, Response
from numpy.typing import NDArray
from pydantic import WithJsonSchema

from tulou.app.api.addresses import base_of
from tulou.app.api.asking import OPEN
from tulou.app.api.filtering import read_filter
from tulou.app.api.places import degrees, in_degrees
from tulou.app.api.problems import Missing
from tulou.app.api.shelf import Served, Shelf
from tulou.app.api.speech import Speech
from tulou.kernel.clock import MAIN
from tulou.kernel.errors import BadUse
from tulou.kernel.facts import GEOMETRY, ID
from tulou.kernel.words import Language
from tulou.model.dictionary import Entity
from tulou.model.rows import Rows
from tulou.model.state import State

GEOJSON = "application/geo+json"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
MOST_ITEMS, USUAL_ITEMS = 10_000, 100
OPEN_END = ".."
SIDES = 4
BOX = {
    "type": "array",
    "items": {"type": "number"},
    "oneOf": [{"minItems": SIDES, "maxItems": SIDES}, {"minItems": SIDES + 2, "maxItems": SIDES + 2}],
}
"""A box as it is described: four numbers, or six with heights, parted by commas."""
SIDE_PARTS = 16
PUBLIC = "public"

Valid = Annotated[
    str,
    Query(alias="datetime", max_length=80, description="Valid time: the day in the world. Of an interval its end."),
]
Record = Annotated[
    str, Query(alias="asOf", max_length=80, description="Record time: commit number, tag or moment; all by default.")
]
Branch = Annotated[str, Query(max_length=80, description="Branch of the city: main by default.")]


@dataclass(frozen=True)
class Clocks:
    """Which state of a city is asked for.

    Args:
        valid: Day in the world; None for the newest known.
        record: What was known; None for all.
        branch: The branch.
    """

    valid: date | None
    record: str | None
    branch: str

    def state(self, shelf: Shelf, city: str) -> State:
        """The city there."""
        return shelf.state(city, valid=self.valid, record=self.record, branch=self.branch)


async def clocks(valid: Valid = "", record: Record = "", branch: Branch = MAIN) -> Clocks:
    """Read which state is asked for."""
    return Clocks(day_of(valid), record or None, branch)


Asked = Annotated[Clocks, Depends(clocks)]


@dataclass(frozen=True)
class Choice:
    """Which objects are wanted.

    Args:
        bbox: A box in degrees; empty for everywhere.
        condition: A filter in CQL2; empty for none.
        form: How the filter is written.
    """

    bbox: str
    condition: str
    form: str

    def keep(self, rows: Rows, crs: str) -> NDArray[np.bool_]:
        """Which rows are wanted."""
        keep = np.ones(len(rows), bool)
        if self.bbox:
            keep &= _inside(rows, crs, self.bbox)
        if self.condition:
            keep &= read_filter(self.condition, self.form).keep(rows, crs, readable(rows.entity))
        return keep


def choice(
    bbox: Annotated[str, WithJsonSchema(BOX), Query(max_length=200)] = "",
    condition: Annotated[str, Query(alias="filter", description="In CQL2.")] = "",
    form: Annotated[Literal["cql2-text", "cql2-json"], Query(alias="filter-lang")] = "cql2-text",
) -> Choice:
    """Read which objects are wanted."""
    return Choice(bbox, condition, form)


@dataclass(frozen=True)
class Page:
    """Which part of a long answer is wanted.

    Args:
        limit: How many at most.
        offset: How many are passed over.
    """

    limit: int
    offset: int


def page_of(
    limit: Annotated[int, Query(ge=1, json_schema_extra={"maximum": MOST_ITEMS})] = USUAL_ITEMS,
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
) -> Page:
    """Read which part is wanted; of more than the most, the most is given."""
    return Page(min(limit, MOST_ITEMS), offset)


Wanted = Annotated[Choice, Depends(choice)]
Paged = Annotated[Page, Depends(page_of)]


def day_of(text: str) -> date | None:
    """The day that a ``datetime`` asks about: itself, or the end of an interval; None for an open end.

    Raises:
        BadUse: When it is neither.
    """
    parts = [part.strip() for part in text.split("/")]
    days = [_day(part) for part in parts]
    if len(parts) > 2 or (len(days) == 2 and days[0] and days[1] and days[0] > days[1]):  # noqa: PLR2004  (an interval)
        raise _no_day(text)
    return days[-1]


def _day(text: str) -> date | None:
    if text in {"", OPEN_END}:
        return None
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        raise _no_day(text) from None


def _no_day(text: str) -> BadUse:
    allowed = ("2026-01-29", "2026-01-29T12:00:00Z", "2025-01-01/2026-01-29", "../2026-01-29")
    return BadUse("neither a day nor an interval", where="datetime", found=text, allowed=allowed)


def readable(entity: Entity) -> tuple[str, ...]:
    """Attributes of an entity that everybody may see."""
    return tuple(name for name, one in entity.attributes.items() if one.sensitivity == PUBLIC and name != ID)


def rows_of(state: State, name: str) -> Rows:
    """The rows of a collection.

    Raises:
        Missing: When the city has no such collection.
    """
    if name not in state.dictionary or not len(state.rows(name)):
        allowed = [one for one in state.dictionary if len(state.rows(one))]
        raise Missing("the city has no such collection", where="collection", found=name, allowed=allowed)
    return state.rows(name)


ROUTER = APIRouter(prefix="/cities/{city}", tags=["features"])
"""Collections and items of each city."""


@ROUTER.get("/collections")
def collections(shelf: Served, request: Request, city: str, asked: Asked, language: Speech) -> dict[str, Any]:
    """What kinds of objects the city has."""
    state = asked.state(shelf, city)
    held = [one for one in state.dictionary if len(state.rows(one))]
    listed = [_collection(state, name, base_of(request, city), language) for name in held]
    return {"collections": listed, "links": [_link(f"{base_of(request, city)}/collections", "self")]}


@ROUTER.get("/collections/{name}")
def collection(shelf: Served, request: Request, city: str, name: str, asked: Asked, language: Speech) -> dict[str, Any]:
    """One kind of objects."""
    state = asked.state(shelf, city)
    rows_of(state, name)
    return _collection(state, name, base_of(request, city), language)


@ROUTER.get("/collections/{name}/queryables")
def queryables(shelf: Served, request: Request, city: str, name: str, asked: Asked, language: Speech) -> Response:
    """Attributes a filter may ask about."""
    state = asked.state(shelf, city)
    entity = rows_of(state, name).entity
    properties = {one: _schema(entity, one, language) for one in readable(entity)}
    address = f"{base_of(request, city)}/collections/{name}/queryables"
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "type": "object",
        "title": entity.title.say(language),
        "properties": {ID: {"type": "string"}, GEOMETRY: {"format": "geometry-any"}, **properties},
        "additionalProperties": False,
    }
    return json_answer(document, "application/schema+json")


@ROUTER.get("/collections/{name}/items", response_class=Response, openapi_extra={OPEN: True})
def items(shelf: Served, request: Request, city: str, name: str, asked: Asked, wanted: Wanted, page: Paged) -> Response:
    """Objects of one kind."""
    state = asked.state(shelf, city)
    rows = rows_of(state, name)
    _refuse_others(request, rows.entity)
    keep = wanted.keep(rows, state.profile.crs)
    for key, text in _equal(request, rows.entity).items():
        keep &= _equals(rows, key, text)
    matched = np.flatnonzero(keep)
    shown = matched[page.offset : page.offset + page.limit]
    document = {
        "type": "FeatureCollection",
        "features": features(rows, shown, state.profile.crs),
        "numberMatched": len(matched),
        "numberReturned": len(shown),
        "links": _pages(request, len(matched), page),
    }
    return json_answer(document, GEOJSON)


@ROUTER.get("/collections/{name}/items/{feature}", response_class=Response)
def item(shelf: Served, request: Request, city: str, name: str, feature: str, asked: Asked) -> Response:
    """One object."""
    state = asked.state(shelf, city)
    rows = rows_of(state, name)
    place = np.flatnonzero(rows.ids == feature)
    if not len(place):
        raise Missing("there is no such object", where=name, found=feature)
    base = f"{base_of(request, city)}/collections/{name}"
    links = [_link(f"{base}/items/{feature}", "self", GEOJSON), _link(base, "collection")]
    return json_answer(features(rows, place, state.profile.crs)[0] | {"links": links}, GEOJSON)


def features(rows: Rows, which: NDArray[np.int64], crs: str) -> list[dict[str, Any]]:
    """Some rows as GeoJSON features on WGS 84; unknown values are null."""
    told = shapely.to_geojson(degrees(rows, crs)[which])
    columns = {name: _plain(rows, name, which) for name in readable(rows.entity) if rows.has(name)}
    return [
        {
            "type": "Feature",
            "id": str(rows.ids[row]),
            "geometry": None if told[place] is None else json.loads(told[place]),
            "properties": {name: values[place] for name, values in columns.items()},
        }
        for place, row in enumerate(which.tolist())
    ]


def _plain(rows: Rows, name: str, which: NDArray[np.int64]) -> list[Any]:
    column = rows.column(name)
    values = [] if column is None else column.take(which).to_pylist()
    return [_bare(one) for one in values]


def _bare(value: Any) -> Any:  # noqa: ANN401  (values of any type)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def _collection(state: State, name: str, base: str, language: Language) -> dict[str, Any]:
    rows = state.rows(name)
    box = extent(rows, state.profile.crs)
    around: dict[str, Any] = {"temporal": {"interval": [[None, None]]}}
    if all(map(math.isfinite, box)):
        around["spatial"] = {"bbox": [box], "crs": CRS84}
    at = f"{base}/collections/{name}"
    return {
        "id": name,
        "title": rows.entity.title.say(language),
        "itemType": "feature",
        "extent": around,
        "crs": [CRS84],
        "count": len(rows),
        "complete": sorted(rows.complete),
        "links": [
            _link(at, "self"),
            _link(f"{at}/items", "items", GEOJSON),
            _link(f"{at}/tiles", "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"),
            _link(f"{at}/queryables", "http://www.opengis.net/def/rel/ogc/1.0/queryables", "application/schema+json"),
        ],
    }


def extent(rows: Rows, crs: str) -> list[float]:
    """West, south, east, north in degrees of the metric box around some rows, whose sides bend on the globe."""
    west, south, east, north = shapely.total_bounds(rows.shapes).tolist()
    if not all(map(math.isfinite, (west, south, east, north))):
        return [math.nan]
    along = np.linspace(0, 1, SIDE_PARTS + 1)
    across, up = west + (east - west) * along, south + (north - south) * along
    sides = [(across, south), (across, north), (west, up), (east, up)]
    border = np.concatenate([np.column_stack(np.broadcast_arrays(x, y)) for x, y in sides])
    found: list[float] = shapely.total_bounds(in_degrees(np.asarray(shapely.points(border), object), crs)).tolist()
    return found


def _schema(entity: Entity, name: str, language: Language) -> dict[str, Any]:
    one = entity.attributes[name]
    kind = {"number": "number", "flag": "boolean", "series": "array"}.get(one.type, "string")
    found: dict[str, Any] = {"title": one.title.say(language), "type": kind}
    if one.type == "date":
        found["format"] = "date"
    if one.unit:
        found["x-ogc-unit"] = one.unit
    if one.values:
        found["enum"] = list(one.values)
    return found


KNOWN = ("datetime", "asOf", "branch", "limit", "offset", "bbox", "filter", "filter-lang", "lang")


def _equal(request: Request, entity: Entity) -> dict[str, str]:
    return {key: text for key, text in request.query_params.items() if key in readable(entity) and key not in KNOWN}


def _refuse_others(request: Request, entity: Entity) -> None:
    for key, text in request.query_params.items():
        if key not in KNOWN and key not in readable(entity):
            raise BadUse("there is no such parameter", where=key, found=text, allowed=(*KNOWN, *readable(entity)))


def _equals(rows: Rows, name: str, text: str) -> NDArray[np.bool_]:
    kind = rows.entity.attribute(name).type
    if kind == "flag":
        return np.asarray(rows.numbers(name) == float(text.lower() in {"true", "1"}))
    if kind == "number":
        try:
            return np.asarray(rows.numbers(name) == float(text))
        except ValueError:
            raise BadUse("not a number", where=name, found=text) from None
    return np.array([one is not None and str(one) == text for one in rows.texts(name)], bool)


def _inside(rows: Rows, crs: str, text: str) -> NDArray[np.bool_]:
    try:
        sides = [float(part) for part in text.split(",")]
    except ValueError:
        sides = []
    if len(sides) == SIDES + 2:
        sides = [*sides[:2], *sides[3:5]]
    if len(sides) != SIDES or not all(map(math.isfinite, sides)) or sides[1] > sides[3]:
        raise BadUse(
            "four sides in degrees are needed", where="bbox", found=text, allowed=("119.28,26.05,119.32,26.09",)
        )
    west, south, east, north = sides
    halves = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    kept = np.asarray(shapely.is_missing(rows.shapes))  # what has no place is in every box, by the standard
    for left, right in halves:
        kept |= np.asarray(shapely.intersects(degrees(rows, crs), shapely.box(left, south, right, north)))
    return kept


def _pages(request: Request, matched: int, page: Page) -> list[dict[str, str]]:
    links = [_link(str(request.url), "self", GEOJSON)]
    after, before = page.offset + page.limit, max(page.offset - page.limit, 0)
    if after < matched:
        links.append(_link(str(request.url.include_query_params(offset=after, limit=page.limit)), "next", GEOJSON))
    if page.offset:
        links.append(_link(str(request.url.include_query_params(offset=before, limit=page.limit)), "prev", GEOJSON))
    return links


def _link(href: str, rel: str, kind: str = "application/json") -> dict[str, str]:
    return {"href": href, "rel": rel, "type": kind}


def json_answer(document: object, media: str) -> Response:
    """A document as it is sent."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Response(text.encode(), media_type=media)
