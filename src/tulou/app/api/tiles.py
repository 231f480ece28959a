"""Vector tiles of a city as OGC API Tiles (20-057), made from the store when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Depends, Path, Request, Response
from numpy.typing import NDArray

from tulou.app.api.addresses import base_of
from tulou.app.api.features import CRS84, SIDES, Asked, extent, rows_of
from tulou.app.api.problems import Missing
from tulou.app.api.shelf import Served, Shelf
from tulou.kernel.facts import ID
from tulou.model.rows import Rows
from tulou.model.state import State
from tulou.publish.tiles.layer import TileLayer, encoded_tile, layer_of
from tulou.publish.tiles.scheme import DEEPEST, Tile

MEDIA, JSON = "application/vnd.mapbox-vector-tile", "application/json"
MATRIX_SET = "WebMercatorQuad"
MATRIX_SET_URI = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
FRESH = "public, max-age=60"
STOREY = 3.0
"""Height of a storey taken for drawing where only storeys are known, m."""


@dataclass(frozen=True)
class Drawn:
    """What of an entity stands in tiles.

    Args:
        attributes: Its attributes.
        least_zoom: Zoom from which on it is drawn.
        zooms: Zoom from which on an object is drawn, by its class, where that matters.
        other: The same for classes not named; the least zoom where that is higher.
    """

    attributes: tuple[str, ...]
    least_zoom: int = 0
    zooms: Mapping[str, int] = field(default_factory=dict)
    other: int = 0


LAYERS: Mapping[str, Drawn] = {
    "district": Drawn(("name",)),
    "block": Drawn(("name",)),
    "community": Drawn(("name",), 9),
    "water": Drawn(("name",), 8),
    "green": Drawn(("name",), 10),
    "road": Drawn(("name", "class"), 9, {"expressway": 9, "arterial": 9, "secondary": 11, "branch": 12}, other=13),
    "building": Drawn(("name", "use"), 13),
    "facility": Drawn(("name", "category"), 13),
}
"""Layers of the map of a city, from the ground up. What would be specks, or a web of lines, comes later."""

FRAMED_BY = ("community", "block", "building", "district", "facility", "road")
"""Kinds whose extent stands for the city's, the first it has."""


async def address(
    matrix: Annotated[str, Path(alias="tileMatrix", pattern=r"^[0-9]{1,2}$")],
    row: Annotated[int, Path(alias="tileRow", ge=0, le=2**DEEPEST)],
    column: Annotated[int, Path(alias="tileCol", ge=0, le=2**DEEPEST)],
) -> Tile:
    """Read which tile is asked for.

    Raises:
        Missing: When the set has no such tile.
    """
    zoom = int(matrix)
    if zoom > DEEPEST or max(row, column) >= 2**zoom:
        raise Missing("there is no such tile", where="tile", found=f"{zoom}/{row}/{column}")
    return Tile(zoom, column, row)


Address = Annotated[Tile, Depends(address)]

ROUTER = APIRouter(prefix="/cities/{city}", tags=["tiles"])
"""Tiles of each city."""


@ROUTER.get("/tiles")
def sets(shelf: Served, request: Request, city: str, asked: Asked) -> dict[str, Any]:
    """Sets of tiles."""
    state = asked.state(shelf, city)
    at = f"{base_of(request, city)}/tiles"
    return {"tilesets": [_set(state, at, _drawn(state))], "links": [{"href": at, "rel": "self", "type": JSON}]}


@ROUTER.get(f"/tiles/{MATRIX_SET}")
def tile_set(shelf: Served, request: Request, city: str, asked: Asked) -> dict[str, Any]:
    """One set of tiles, with the address of each tile."""
    state = asked.state(shelf, city)
    return _set(state, f"{base_of(request, city)}/tiles", _drawn(state))


@ROUTER.get("/collections/{name}/tiles")
def sets_of(shelf: Served, request: Request, city: str, name: str, asked: Asked) -> dict[str, Any]:
    """Sets of tiles of one kind of objects."""
    state = asked.state(shelf, city)
    rows_of(state, name)
    at = f"{base_of(request, city)}/collections/{name}/tiles"
    return {"tilesets": [_set(state, at, [name])], "links": [{"href": at, "rel": "self", "type": JSON}]}


@ROUTER.get(f"/collections/{{name}}/tiles/{MATRIX_SET}")
def tile_set_of(shelf: Served, request: Request, city: str, name: str, asked: Asked) -> dict[str, Any]:
    """One set of tiles of one kind of objects, with the address of each tile."""
    state = asked.state(shelf, city)
    rows_of(state, name)
    return _set(state, f"{base_of(request, city)}/collections/{name}/tiles", [name])


def _drawn(state: State) -> list[str]:
    """Layers of the map that the city has objects of."""
    return [name for name in LAYERS if len(state.rows(name))]


def _set(state: State, at: str, names: Sequence[str]) -> dict[str, Any]:
    address = f"{at}/{MATRIX_SET}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"
    return {
        "title": state.profile.name,
        "dataType": "vector",
        "crs": "http://www.opengis.net/def/crs/EPSG/0/3857",
        "tileMatrixSetURI": MATRIX_SET_URI,
        **_frame(state),
        "layers": [
            {
                "id": name,
                "dataType": "vector",
                "minTileMatrix": str(LAYERS.get(name, Drawn(())).least_zoom),
                "count": len(state.rows(name)),
            }
            for name in names
        ],
        "links": [
            {"href": address, "rel": "item", "type": MEDIA, "templated": True},
            {"href": f"{at}/{MATRIX_SET}", "rel": "self", "type": JSON},
            {"href": MATRIX_SET_URI, "rel": "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme", "type": JSON},
        ],
    }


def _frame(state: State) -> dict[str, Any]:
    """The box around the city; nothing when none of its objects has a place."""
    for name in FRAMED_BY:
        box = extent(state.rows(name), state.profile.crs) if len(state.rows(name)) else []
        if len(box) == SIDES:
            return {"boundingBox": {"lowerLeft": box[:2], "upperRight": box[2:], "crs": CRS84}}
    return {}


@ROUTER.get(f"/tiles/{MATRIX_SET}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}", response_class=Response)
def tile(shelf: Served, city: str, at: Address, asked: Asked) -> Response:
    """One tile."""
    state = asked.state(shelf, city)
    return _tile([_layer(shelf, city, state, name) for name in _drawn(state)], at)


@ROUTER.get(
    f"/collections/{{name}}/tiles/{MATRIX_SET}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}",
    response_class=Response,
)
def tile_of(shelf: Served, city: str, name: str, at: Address, asked: Asked) -> Response:
    """One tile of one kind of objects."""
    state = asked.state(shelf, city)
    rows_of(state, name)
    return _tile([_layer(shelf, city, state, name)], at)


def _tile(layers: list[TileLayer], at: Tile) -> Response:
    return Response(encoded_tile(layers, at), media_type=MEDIA, headers={"Cache-Control": FRESH})


def _layer(shelf: Shelf, city: str, state: State, name: str) -> TileLayer:
    """A layer made ready; kept for as long as the city does not change."""
    moment = state.moment
    key = (city, "tiles", moment.valid, moment.record, moment.branch, name)
    return shelf.once(key, lambda: _made(state, name))


def _made(state: State, name: str) -> TileLayer:
    rows = state.rows(name)
    drawn = LAYERS.get(name, Drawn(("name",)))
    columns: dict[str, Any] = {ID: rows.ids}
    columns |= {one: rows.texts(one) for one in drawn.attributes if rows.has(one)}
    if name in HEIGHTS:
        columns["height"] = HEIGHTS[name](rows)
    zooms = _zooms(rows, drawn) if drawn.zooms and rows.has("class") else None
    return layer_of(name, rows.shapes, state.profile.crs, columns, least_zoom=drawn.least_zoom, zooms=zooms)


def _zooms(rows: Rows, drawn: Drawn) -> NDArray[np.int64]:
    """Zoom from which on each object is drawn; one whose class nobody knows is drawn as those not named."""
    return np.array([drawn.zooms.get(one, drawn.other) for one in rows.texts("class")], np.int64)


def layers_now(shelf: Shelf, city: str, kind: str = "") -> list[TileLayer]:
    """Layers of a city as it is now.

    Args:
        shelf: The cities.
        city: Which.
        kind: The only kind of objects wanted; those of the map when empty.

    Raises:
        Missing: When there is no such city, or it has no such kind.
    """
    state = shelf.state(city)
    if kind:
        rows_of(state, kind)
    return [_layer(shelf, city, state, name) for name in ([kind] if kind else _drawn(state))]


def make_ready(shelf: Shelf, city: str) -> None:
    """Make the layers of a city as it is now, so that the first reader does not wait for them."""
    layers_now(shelf, city)


def _heights(rows: Rows) -> NDArray[np.float64]:
    """Height to draw a building with, m: its own, else its storeys; unknown where neither is known."""
    height, storeys = rows.numbers("height"), rows.numbers("storeys")
    return np.where(height > 0, height, np.where(storeys > 0, storeys * STOREY, np.nan))


HEIGHTS: Mapping[str, Callable[[Rows], NDArray[np.float64]]] = {"building": _heights}
