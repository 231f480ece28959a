"""A layer of a city made ready for tiles: shapes on the Mercator plane, values counted, an index over both."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse
from tulou.publish.tiles.paths import Paths, paths_of
from tulou.publish.tiles.scheme import DEEPEST, Tile, to_mercator
from tulou.publish.tiles.wire import put_features, room

Array = NDArray[np.float64]
Counts = NDArray[np.int64]
EXTENT = 4096
"""Units of a tile's own grid along a side."""
MARGIN = 64 / EXTENT
"""Share of a tile that is drawn beyond its edge, so that outlines do not show there."""
SPECK = 8 / EXTENT
"""Share of a tile below which, both ways, an area is no more than a pixel and left out."""
VERSION = 2
LAYER_HEAD, NAME_HEAD, KEY_HEAD, VALUE_HEAD, EXTENT_HEAD, VERSION_HEAD = 0x1A, 0x0A, 0x1A, 0x22, 0x28, 0x78
"""Number and wire type of a layer in its tile, and of the fields of a layer."""
TEXT_HEAD, DOUBLE_HEAD, FLAG_HEAD = 0x0A, 0x19, 0x38
"""Of the kinds of values."""
NONE = -1
SEVEN_BITS, MORE = 0x7F, 0x80


@dataclass(frozen=True, eq=False)
class Values:
    """Values of the attributes of a layer, each one once.

    Args:
        codes: Which value each feature has of each attribute, shape (features, attributes); -1 where unknown.
        messages: The values as tiles write them, each a field of its layer.
    """

    codes: NDArray[np.int32]
    messages: Sequence[bytes]


@dataclass(frozen=True, eq=False)
class TileLayer:
    """A layer made ready.

    Args:
        name: Its name.
        keys: Names of its attributes.
        values: Their values.
        shapes: Its geometries on the Mercator plane.
        paths: The same as runs of coordinates.
        bounds: West, south, east, north of each, m; NaN for none.
        tree: Index over them.
        zooms: Zoom from which on each feature is drawn.
        least_zoom: Zoom from which on any is.
    """

    name: str
    keys: tuple[str, ...]
    values: Values
    shapes: NDArray[np.object_]
    paths: Paths
    bounds: Array
    tree: shapely.STRtree
    zooms: Counts
    least_zoom: int = 0

    def __len__(self) -> int:
        return len(self.shapes)

    def drawn(self, tile: Tile) -> tuple[Counts, Counts]:
        """Features that lie within a tile and its margin, and those that its edge cuts; in the order of the layer."""
        edges = tile.bounds(MARGIN)
        found = np.sort(self.tree.query(shapely.box(*edges)))
        found = found[self.zooms[found] <= tile.zoom]
        low, high = self.bounds[found, :2], self.bounds[found, 2:]
        large = ((high - low) >= SPECK * tile.side).any(axis=1) | (self.bounds[found, 2] == self.bounds[found, 0])
        within = (low >= edges[:2]).all(axis=1) & (high <= edges[2:]).all(axis=1)
        return found[large & within], found[large & ~within]

    def encoded(self, tile: Tile) -> bytes:
        """The layer in one tile; nothing when nothing of it lies there."""
        if tile.zoom < self.least_zoom:
            return b""
        whole, cut = self.drawn(tile)
        tags, used = _renumbered(self.values.codes[np.concatenate([whole, cut])], len(self.values.messages))
        parts = [_features(self.paths, whole, whole, tags[: len(whole)], tile)] if len(whole) else []
        if len(cut):
            clipped = paths_of(np.asarray(shapely.clip_by_rect(self.shapes[cut], *tile.bounds(MARGIN)), object))
            parts.append(_features(clipped, np.arange(len(cut)), cut, tags[len(whole) :], tile))
        if not any(map(len, parts)):
            return b""
        return self._message(parts, used)

    def _message(self, features: Sequence[bytes], used: Counts) -> bytes:
        named = [_field(KEY_HEAD, key.encode()) for key in self.keys]
        valued = [self.values.messages[code] for code in used.tolist()]
        head = bytes([VERSION_HEAD, VERSION]) + _field(NAME_HEAD, self.name.encode())
        body = b"".join([head, *features, *named, *valued, bytes([EXTENT_HEAD]), _varint(EXTENT)])
        return _field(LAYER_HEAD, body)


def layer_of(
    name: str,
    shapes: NDArray[np.object_],
    crs: str,
    columns: Mapping[str, Sequence[object]],
    *,
    least_zoom: int = 0,
    zooms: Counts | None = None,
) -> TileLayer:
    """Make a layer ready.

    Args:
        name: Its name.
        shapes: Geometries, None where unknown.
        crs: The system they are in.
        columns: Values of its attributes, aligned with the shapes: texts, numbers, flags; None or NaN where unknown.
        least_zoom: Zoom from which on it is drawn.
        zooms: Zoom from which on each feature is drawn, aligned with the shapes; all from ``least_zoom`` when left out.

    Raises:
        BadUse: When a column has another length, or the zoom is none.
    """
    each = np.full(len(shapes), least_zoom, np.int64) if zooms is None else np.asarray(zooms, np.int64)
    if len(each) != len(shapes):
        raise BadUse("a column has a value for each shape", where=f"{name}.zooms", found=len(each))
    if not 0 <= least_zoom <= DEEPEST:
        raise BadUse("there is no such zoom", where=name, found=least_zoom, allowed=(f"0 to {DEEPEST}",))
    for key, column in columns.items():
        if len(column) != len(shapes):
            raise BadUse("a column has a value for each shape", where=f"{name}.{key}", found=len(column))
    moved = to_mercator(shapes, crs)
    values = _values(list(columns.values()), len(shapes))
    return TileLayer(
        name,
        tuple(columns),
        values,
        moved,
        paths_of(moved),
        np.asarray(shapely.bounds(moved), np.float64).reshape(-1, 4),
        shapely.STRtree(moved),
        each,
        least_zoom,
    )


def encoded_tile(layers: Sequence[TileLayer], tile: Tile) -> bytes:
    """One tile of several layers."""
    return b"".join(layer.encoded(tile) for layer in layers)


def _features(paths: Paths, chosen: Counts, rows: Counts, tags: NDArray[np.int32], tile: Tile) -> bytes:
    coordinates, runs = paths.size(chosen)
    out = np.empty(room(coordinates, runs, len(chosen), tags.shape[1]), np.uint8)
    view = (tile.west, tile.north, EXTENT / tile.side)
    put = put_features(out, paths, chosen, rows + 1, tags, view)
    return out[:put].tobytes()


def _renumbered(codes: NDArray[np.int32], count: int) -> tuple[NDArray[np.int32], Counts]:
    """Codes counted anew among those that are used, and which these are."""
    is_used = np.zeros(count + 1, bool)
    is_used[codes.ravel()] = True  # -1 marks the last place, which is no value
    used = np.flatnonzero(is_used[:count])
    new = np.full(count + 1, NONE, np.int32)
    new[used] = np.arange(len(used), dtype=np.int32)
    return new[codes], used


def _values(columns: Sequence[Sequence[object]], rows: int) -> Values:
    known: dict[bytes, int] = {}
    codes = np.full((rows, len(columns)), NONE, np.int32)
    for key, column in enumerate(columns):
        for row, value in enumerate(column):
            message = _message_of(value)
            if message is not None:
                codes[row, key] = known.setdefault(message, len(known))
    return Values(codes, tuple(_field(VALUE_HEAD, message) for message in known))


def _message_of(value: object) -> bytes | None:
    """A value as tiles write it; None for an unknown one."""
    if value is None or (isinstance(value, (float, np.floating)) and not np.isfinite(value)):
        return None
    if isinstance(value, (bool, np.bool_)):
        return bytes([FLAG_HEAD, int(value)])
    if isinstance(value, (int, float, np.integer, np.floating)):
        return bytes([DOUBLE_HEAD]) + struct.pack("<d", float(value))
    return _field(TEXT_HEAD, str(value).encode())


def _field(head: int, content: bytes) -> bytes:
    return bytes([head]) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    """A number seven bits a byte, the lowest first; layers made ready have hundreds of thousands of them."""
    out = bytearray()
    while value > SEVEN_BITS:
        out.append(value & SEVEN_BITS | MORE)
        value >>= 7
    out.append(value)
    return bytes(out)
