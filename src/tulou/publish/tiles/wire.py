"""Features written as a tile has them: Mapbox Vector Tile 2.1 in the wire format of protocol buffers.

https://github.com/mapbox/vector-tile-spec/tree/master/2.1, sections 4.2 to 4.4. Coordinates are whole numbers of an
extent, each told as the way from the one before, in zigzag.
"""

from __future__ import annotations

import numba as nb
import numpy as np
from numpy.typing import NDArray

from tulou.publish.tiles.paths import INNER, LINE, OUTER, POINT, Paths

Bytes = NDArray[np.uint8]
Counts = NDArray[np.int64]
View = tuple[float, float, float]
"""West and north of a tile, m, and units of its grid a metre."""
MOVE_TO, LINE_TO, CLOSE_PATH = 1, 2, 7
SEVEN_BITS, MORE = 0x7F, 0x80
BYTES_A_COORDINATE = 6
"""Two numbers of three bytes at most: ways within a tile and its margin stay below 2²⁰."""
BYTES_A_RUN = 12
"""Commands and counts of a run."""
BYTES_A_FEATURE = 40
"""Heads, lengths, id and type of a feature."""
BYTES_A_TAG = 10
"""Key and value of a tag."""
ID_HEAD, TAGS_HEAD, TYPE_HEAD, GEOMETRY_HEAD, FEATURE_HEAD = 0x08, 0x12, 0x18, 0x22, 0x12
"""Number and wire type of the fields of a feature, and of a feature in its layer."""
LEAST_LINE, LEAST_RING = 2, 3
"""Points that a line and a ring have at least."""


@nb.njit(cache=True, nogil=True)
def put_varint(out: Bytes, at: int, value: int) -> int:
    """Write a whole number, seven bits a byte; where the next byte goes."""
    while value > SEVEN_BITS:
        out[at] = (value & SEVEN_BITS) | MORE
        value >>= 7
        at += 1
    out[at] = value
    return at + 1


@nb.njit(cache=True, nogil=True)
def varint_size(value: int) -> int:
    """Bytes that a whole number takes."""
    size = 1
    while value > SEVEN_BITS:
        value >>= 7
        size += 1
    return size


@nb.njit(cache=True, nogil=True)
def zigzag(value: int) -> int:
    """A signed number as one without a sign: 0, −1, 1, −2 become 0, 1, 2, 3."""
    return (value << 1) ^ (value >> 63)


@nb.njit(cache=True, nogil=True)
def _snapped(run: NDArray[np.float64], view: View, points: Counts) -> int:
    """A run on the grid of a tile, without points that repeat the one before; how many are left."""
    count = 0
    for row in range(len(run)):
        x = round((run[row, 0] - view[0]) * view[2])
        y = round((view[1] - run[row, 1]) * view[2])
        if count == 0 or x != points[count - 1, 0] or y != points[count - 1, 1]:
            points[count, 0] = x
            points[count, 1] = y
            count += 1
    return count


@nb.njit(cache=True, nogil=True)
def _twice_area(points: Counts, count: int) -> int:
    """Twice the area of a ring by the surveyor's formula; above 0 for an outer one."""
    area = 0
    for row in range(count):
        after = (row + 1) % count
        area += points[row, 0] * points[after, 1] - points[after, 0] * points[row, 1]
    return area


@nb.njit(cache=True, nogil=True)
def _usable(role: int, points: Counts, count: int) -> int:
    """How many points of a snapped run are written; 0 when nothing of it is left."""
    if role == POINT:
        return count
    if role == LINE:
        return count if count >= LEAST_LINE else 0
    if count > 1 and points[0, 0] == points[count - 1, 0] and points[0, 1] == points[count - 1, 1]:
        count -= 1
    if count < LEAST_RING:
        return 0
    area = _twice_area(points, count)
    return count if (area > 0 and role == OUTER) or (area < 0 and role == INNER) else 0


@nb.njit(cache=True, nogil=True)
def _put_run(out: Bytes, at: int, points: Counts, count: int, role: int, pen: Counts) -> int:
    """Write one run: move to its first point, draw to the others, close a ring."""
    at = put_varint(out, at, MOVE_TO | (1 << 3))
    for row in range(count):
        if row == 1:
            at = put_varint(out, at, LINE_TO | ((count - 1) << 3))
        at = put_varint(out, at, zigzag(points[row, 0] - pen[0]))
        at = put_varint(out, at, zigzag(points[row, 1] - pen[1]))
        pen[0] = points[row, 0]
        pen[1] = points[row, 1]
    return put_varint(out, at, CLOSE_PATH | (1 << 3)) if role >= OUTER else at


@nb.njit(cache=True, nogil=True)
def _put_points(out: Bytes, at: int, runs: Counts, count: int) -> int:
    """Write the points of a feature: one command for all of them."""
    at = put_varint(out, at, MOVE_TO | (count << 3))
    x = y = 0
    for row in range(count):
        at = put_varint(out, at, zigzag(runs[row, 0] - x))
        at = put_varint(out, at, zigzag(runs[row, 1] - y))
        x, y = runs[row, 0], runs[row, 1]
    return at


@nb.njit(cache=True, nogil=True)
def _put_geometry(out: Bytes, paths: Paths, feature: int, view: View, points: Counts) -> int:
    """Write the geometry of one feature from the beginning of a buffer; how long it is, 0 when nothing is left."""
    at = 0
    pen = np.zeros(2, np.int64)
    has_outer = True
    first, last = paths.features[feature], paths.features[feature + 1]
    if first < last and paths.roles[first] == POINT:
        places = paths.coordinates[paths.starts[first] : paths.starts[last]]
        return _put_points(out, 0, points, _snapped(places, view, points))
    for run in range(first, last):
        role = paths.roles[run]
        if role == INNER and not has_outer:
            continue
        drawn = paths.coordinates[paths.starts[run] : paths.starts[run + 1]]
        count = _usable(role, points, _snapped(drawn, view, points))
        if role == OUTER:
            has_outer = count > 0
        if count:
            at = _put_run(out, at, points, count, role, pen)
    return at


@nb.njit(cache=True, nogil=True)
def _tags_size(tags: NDArray[np.int32]) -> int:
    size = 0
    for key in range(len(tags)):
        if tags[key] >= 0:
            size += varint_size(key) + varint_size(tags[key])
    return size


@nb.njit(cache=True, nogil=True)
def _put_feature(out: Bytes, at: int, row: int, tags: NDArray[np.int32], kind: int, geometry: Bytes) -> int:
    """Write one feature of a layer."""
    tagged = _tags_size(tags)
    length = 1 + varint_size(row) + 2 + 1 + varint_size(len(geometry)) + len(geometry)
    if tagged:
        length += 1 + varint_size(tagged) + tagged
    out[at] = FEATURE_HEAD
    at = put_varint(out, at + 1, length)
    out[at] = ID_HEAD
    at = put_varint(out, at + 1, row)
    if tagged:
        out[at] = TAGS_HEAD
        at = put_varint(out, at + 1, tagged)
        for key in range(len(tags)):
            if tags[key] >= 0:
                at = put_varint(out, at, key)
                at = put_varint(out, at, tags[key])
    out[at] = TYPE_HEAD
    out[at + 1] = kind
    out[at + 2] = GEOMETRY_HEAD
    at = put_varint(out, at + 3, len(geometry))
    out[at : at + len(geometry)] = geometry
    return at + len(geometry)


@nb.njit(cache=True, nogil=True)
def put_features(out: Bytes, paths: Paths, chosen: Counts, rows: Counts, tags: NDArray[np.int32], view: View) -> int:
    """Write features of a layer.

    Args:
        out: Where to, large enough: see ``room``.
        paths: The features of the layer.
        chosen: Which of them are written.
        rows: Id of each.
        tags: Place of the value of each key among the values of the layer, shape (chosen, keys); −1 for none.
        view: West and north of the tile, m, and units of its grid a metre.

    Returns:
        How many bytes were written; features of which nothing is left on the grid are not.
    """
    at = 0
    longest, runs = 0, 0
    for feature in chosen:
        first, last = paths.features[feature], paths.features[feature + 1]
        longest = max(longest, paths.starts[last] - paths.starts[first])
        runs = max(runs, last - first)
    points = np.empty((longest + 1, 2), np.int64)
    geometry = np.empty(longest * BYTES_A_COORDINATE + runs * BYTES_A_RUN + 1, np.uint8)
    for place in range(len(chosen)):
        length = _put_geometry(geometry, paths, chosen[place], view, points)
        if length:
            kind = min(int(paths.roles[paths.features[chosen[place]]]), OUTER) + 1
            at = _put_feature(out, at, rows[place], tags[place], kind, geometry[:length])
    return at


def room(coordinates: int, runs: int, features: int, keys: int) -> int:
    """Bytes that features take at most."""
    geometry = coordinates * BYTES_A_COORDINATE + runs * BYTES_A_RUN
    return geometry + features * (BYTES_A_FEATURE + keys * BYTES_A_TAG) + 1
