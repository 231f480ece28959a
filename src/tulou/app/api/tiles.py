"""Vector tiles of a city as OGC API Tiles (20-057), made from the store when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Path, Request, Response
from numpy.typing import NDArray

from tulou.app.api.addresses import base_of
from tulou.app.api.features import Asked, rows_of
from tulou.app.api.problems import Missing
from tulou.app.api.shelf import Served, Shelf
from tulou.kernel.facts import ID
from tulou.model.rows import Rows
from tulou.model.state import State
from tulou.publish.tiles.layer import TileLayer, encoded_tile, layer_of
from tulou.publish.tiles.scheme import DEEPEST, Tile

MEDIA = "application/vnd.mapbox-vector-tile"
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

ROUTER = APIRouter(prefix="/cities/{city}", tags=["tiles"])
"""Tiles of each city."""


@ROUTER.get("/tiles")
def sets(shelf: Served, request: Request, city: str, asked: Asked) -> dict[str, Any]:
    """Sets of tiles."""
    state = asked.state(shelf, city)
    address = f"{base_of(request, city)}/tiles/{MATRIX_SET}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"
    links = [
        {"href": address, "rel": "item", "type": MEDIA, "templated": True},
        {"href": MATRIX_SET_URI, "rel": "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"},
    ]
    layers = [
        {"id": name, "dataType": "vector", "minTileMatrix": str(LAYERS[name].least_zoom)}
        for name in LAYERS
        if len(state.rows(name))
    ]
    return {
        "tilesets": [
            {
                "title": state.profile.name,
                "dataType": "vector",
                "crs": "http://www.opengis.net/def/crs/EPSG/0/3857",
                "tileMatrixSetURI": MATRIX_SET_URI,
                "layers": layers,
                "links": links,
            }
        ]
    }


@ROUTER.get(f"/tiles/{MATRIX_SET}/{{zoom}}/{{row}}/{{column}}", response_class=Response)
def tile(
    shelf: Served,
    city: str,
    zoom: Annotated[int, Path(ge=0, le=DEEPEST)],
    row: Annotated[int, Path(ge=0, le=2**DEEPEST)],
    column: Annotated[int, Path(ge=0, le=2**DEEPEST)],
    asked: Asked,
) -> Response:
    """One tile."""
    state = asked.state(shelf, city)
    layers = [_layer(shelf, city, state, name) for name in LAYERS if len(state.rows(name))]
    return _tile(layers, zoom, row, column)


@ROUTER.get(
    f"/collections/{{name}}/tiles/{MATRIX_SET}/{{zoom}}/{{row}}/{{column}}",
    response_class=Response,
)
def tile_of(
    shelf: Served,
    city: str,
    name: str,
    zoom: Annotated[int, Path(ge=0, le=DEEPEST)],
    row: Annotated[int, Path(ge=0, le=2**DEEPEST)],
    column: Annotated[int, Path(ge=0, le=2**DEEPEST)],
    asked: Asked,
) -> Response:
    """One tile of one kind of objects."""
    state = asked.state(shelf, city)
    rows_of(state, name)
    return _tile([_layer(shelf, city, state, name)], zoom, row, column)


def _tile(layers: list[TileLayer], zoom: int, row: int, column: int) -> Response:
    if max(row, column) >= 2**zoom:
        raise Missing("there is no such tile", where="tile", found=f"{zoom}/{row}/{column}")
    content = encoded_tile(layers, Tile(zoom, column, row))
    return Response(content, media_type=MEDIA, headers={"Cache-Control": FRESH})


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


def make_ready(shelf: Shelf, city: str) -> None:
    """Make the layers of a city as it is now, so that the first reader does not wait for them."""
    state = shelf.state(city)
    for name in LAYERS:
        if len(state.rows(name)):
            _layer(shelf, city, state, name)


def _heights(rows: Rows) -> NDArray[np.float64]:
    """Height to draw a building with, m: its own, else its storeys; unknown where neither is known."""
    height, storeys = rows.numbers("height"), rows.numbers("storeys")
    return np.where(height > 0, height, np.where(storeys > 0, storeys * STOREY, np.nan))


HEIGHTS: Mapping[str, Callable[[Rows], NDArray[np.float64]]] = {"building": _heights}
