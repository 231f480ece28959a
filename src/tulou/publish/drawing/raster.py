"""Footprints as a small image: exact area coverage of each pixel, whatever the number of buildings.

A map of a million buildings cannot hold a million outlines; an image of how much of each pixel is built up stays small
and looks the same. Each edge adds its signed area to the cells it passes (the accumulation method of font renderers);
a running sum along each line then gives the coverage.
"""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.publish.drawing.frame import AREA, WIDTH, Frame

DENSITY = 2.5
"""Pixels for one unit of the drawing."""

LEVELS = 16
"""Steps of opacity an image holds: four bits a pixel."""

BITS, PALETTE, SMALLEST = 4, 3, 9
"""PNG: bits a pixel, colours by palette, hardest compression."""

OPAQUE = 255
"""PNG: alpha of a pixel that hides what is below."""

_CHUNK = 200_000


def coverage(shapes: NDArray[np.object_], frame: Frame, density: float = DENSITY) -> NDArray[np.float64]:
    """Share of each pixel that is covered, shape (height, width), 0 to 1."""
    width, height = round(WIDTH * density), round(frame.height * density)
    total = np.zeros((height, width + 2))
    known = np.asarray(shapes, object)[~shapely.is_missing(shapes)]
    for start in range(0, len(known), _CHUNK):
        _add(total, known[start : start + _CHUNK], frame, density)
    return np.clip(np.abs(np.cumsum(total, axis=1)[:, :width]), 0.0, 1.0)


def image(cover: NDArray[np.float64], colour: str) -> str:
    """A PNG of one colour, more or less opaque, as a ``data:`` address."""
    height, width = cover.shape
    steps = np.rint(cover * (LEVELS - 1)).astype(np.uint8)
    if width % 2:
        steps = np.pad(steps, ((0, 0), (0, 1)))
    packed = (steps[:, 0::2] << BITS) | steps[:, 1::2]
    lines = np.concatenate([np.zeros((height, 1), np.uint8), packed], axis=1).tobytes()
    alpha = bytes(round(OPAQUE * step / (LEVELS - 1)) for step in range(LEVELS))
    data = b"\x89PNG\r\n\x1a\n" + b"".join(
        _piece(kind, body)
        for kind, body in (
            (b"IHDR", struct.pack(">IIBBBBB", width, height, BITS, PALETTE, 0, 0, 0)),
            (b"PLTE", bytes.fromhex(colour.removeprefix("#")) * LEVELS),
            (b"tRNS", alpha),
            (b"IDAT", zlib.compress(lines, SMALLEST)),
            (b"IEND", b""),
        )
    )
    return "data:image/png;base64," + base64.b64encode(data).decode("ascii")


def _piece(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _add(total: NDArray[np.float64], shapes: NDArray[np.object_], frame: Frame, density: float) -> None:
    parts = shapely.get_parts(shapes)
    areal = parts[shapely.get_dimensions(parts) == AREA]
    if not len(areal):
        return
    rings = shapely.get_rings(shapely.orient_polygons(areal))
    points, owner = shapely.get_coordinates(rings, return_index=True)
    spots = frame.place(points) * density
    joined = owner[1:] == owner[:-1]
    edges = np.column_stack([spots[:-1][joined], spots[1:][joined]])
    _spread(total, _cut(_cut(edges, 1), 0))


def _cut(edges: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    """Cut edges (x0, y0, x1, y1) at whole values of one axis."""
    start, end = edges[:, axis], edges[:, axis + 2]
    low, high = np.floor(np.minimum(start, end)), np.floor(np.maximum(start, end))
    count = (high - low).astype(np.int64) + 1
    if (count == 1).all():
        return edges
    owner = np.repeat(np.arange(len(edges)), count)
    order = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    line, span = edges[owner], (end - start)[owner]
    floor = low[owner] + order
    with np.errstate(divide="ignore", invalid="ignore"):
        one, two = (floor - start[owner]) / span, (floor + 1 - start[owner]) / span
    one, two = np.where(span < 0, two, one), np.where(span < 0, one, two)
    begin = np.where(span == 0, 0.0, np.clip(one, 0.0, 1.0))[:, None]
    finish = np.where(span == 0, 1.0, np.clip(two, 0.0, 1.0))[:, None]
    delta = line[:, 2:] - line[:, :2]
    return np.concatenate([line[:, :2] + delta * begin, line[:, :2] + delta * finish], axis=1)


def _spread(total: NDArray[np.float64], edges: NDArray[np.float64]) -> None:
    """Add edges that each lie in one cell."""
    height, width = total.shape
    middle = (edges[:, :2] + edges[:, 2:]) / 2
    row = np.floor(middle[:, 1]).astype(np.int64)
    inside = (row >= 0) & (row < height)
    middle, row, rise = middle[inside], row[inside], (edges[:, 3] - edges[:, 1])[inside]
    across = np.clip(middle[:, 0], 0.0, width - 2.0)
    column = np.floor(across).astype(np.int64)
    share = across - column
    place = row * width + column
    flat = total.reshape(-1)
    size = len(flat)
    flat += np.bincount(place, rise * (1 - share), size) + np.bincount(
        np.minimum(place + 1, size - 1), rise * share, size
    )
