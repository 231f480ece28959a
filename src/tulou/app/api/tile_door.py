"""A short way to the tiles of a city as it is now, past everything that such a request has no need of.

A tile takes less than a millisecond to write once its layers are ready; finding its handler, another thread and packing
take longer than that. What asks for more than the tile (a day, a record, a branch), or for none that is there, goes
the long way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from anyio import to_thread
from starlette.types import ASGIApp, Receive, Scope, Send

from tulou.app.api import tiles
from tulou.app.api.shelf import Shelf, stamp_of
from tulou.kernel.errors import TulouError
from tulou.publish.tiles.layer import TileLayer, encoded_tile
from tulou.publish.tiles.scheme import DEEPEST, Tile

ADDRESS = re.compile(
    rf"/cities/([^/]+)(?:/collections/([^/]+))?/tiles/{tiles.MATRIX_SET}/([0-9]{{1,2}})/([0-9]{{1,8}})/([0-9]{{1,8}})"
)
QUICK = 12
"""Zoom from which on a tile holds so little that it is written at once; a wider one gets a thread."""
HEADERS = [(b"content-type", tiles.MEDIA.encode()), (b"cache-control", tiles.FRESH.encode())]

Stamp = tuple[int, ...]


@dataclass(frozen=True)
class Wanted:
    """A tile that is asked for.

    Args:
        city: Of which city.
        kind: Of which kind of objects; of all when empty.
        tile: Which.
    """

    city: str
    kind: str
    tile: Tile


@dataclass(eq=False)
class TileDoor:
    """An application, and the short way past it.

    Args:
        app: The application.
        shelf: The cities.
    """

    app: ASGIApp
    shelf: Shelf
    _ready: dict[tuple[str, str], tuple[Stamp, list[TileLayer]]] = field(default_factory=dict)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a tile, or pass the request on."""
        wanted = _wanted(scope)
        layers = None if wanted is None else await self._layers(wanted)
        if wanted is None or layers is None:
            await self.app(scope, receive, send)
            return
        if wanted.tile.zoom >= QUICK:
            body = encoded_tile(layers, wanted.tile)
        else:
            body = await to_thread.run_sync(encoded_tile, layers, wanted.tile)
        length = (b"content-length", str(len(body)).encode())
        await send({"type": "http.response.start", "status": 200, "headers": [*HEADERS, length]})
        await send({"type": "http.response.body", "body": body})

    async def _layers(self, wanted: Wanted) -> list[TileLayer] | None:
        """Layers of a tile, made ready where something was added since; None where the long way has to tell why not."""
        if wanted.city not in self.shelf.folders:
            return None
        stamp = stamp_of(self.shelf.folders[wanted.city])
        key = (wanted.city, wanted.kind)
        if key in self._ready and self._ready[key][0] == stamp:
            return self._ready[key][1]
        try:
            made = await to_thread.run_sync(tiles.layers_now, self.shelf, wanted.city, wanted.kind)
        except (TulouError, OSError):
            return None
        self._ready[key] = (stamp, made)
        return made


def _wanted(scope: Scope) -> Wanted | None:
    """The tile that a request asks for; None when it asks for something else, or for more."""
    if scope["type"] != "http" or scope["method"] != "GET" or scope["query_string"]:
        return None
    found = ADDRESS.fullmatch(scope["path"])
    if found is None:
        return None
    city, kind, *numbers = found.groups()
    zoom, row, column = map(int, numbers)
    if zoom > DEEPEST or max(row, column) >= 2**zoom:
        return None
    return Wanted(city, kind or "", Tile(zoom, column, row))
