"""Lines and simple polygons as well-known binary, written by compiled code straight from the node table.

A vertex is the same node wherever it is used, so two roads that share a node share its coordinates bit by bit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput
from tulou.kernel.threads import in_threads
from tulou.sources.osm.survey import Whole
from tulou.sources.osm.wire import Bytes, Int, compiled

POINT, LINE, POLYGON, LINES, POLYGONS = 1, 2, 3, 5, 6
HEAD, COUNT, VERTEX = 5, 4, 16
"""Bytes of a geometry's head (byte order, kind), of a count, of a vertex."""
KIND, NUMBER, BITS, LOW_BYTE = 4, 8, 8, 0xFF
"""Bytes of a kind and of a coordinate; bits of a byte, and all of them."""
STEPS_A_DEGREE = 1e7
SMALLEST_RING = 4
PIECE = 1 << 13
"""Geometries written by one task."""
FINE, UNSURE, INCOMPLETE, POINTLESS = 0, 1, 2, 3
"""A ring is certainly simple; has to be looked at by GEOS; lacks nodes. A line has no length."""
MOST_PAIRS = 96
"""Rings with more edges than this are left to GEOS, which sweeps instead of trying all pairs."""
WIDEST = 1_000_000_000
"""Rings wider than 100 degrees are left to GEOS: beyond, the exact test would overflow."""


MOST_BYTES = 2**31 - 1
"""Most bytes of one Arrow array of binaries."""


class Ways(NamedTuple):
    """Ways and where their nodes stand.

    Args:
        first: Start of each way in ``node``.
        node: Position of each node in ``x`` and ``y``; negative where it is absent.
        x: Longitudes in 1e-7 degrees.
        y: Latitudes in 1e-7 degrees.
    """

    first: Whole
    node: NDArray[np.int32]
    x: NDArray[np.int32]
    y: NDArray[np.int32]


class Pen(NamedTuple):
    """One cell of memory seen in two ways, to turn a number into its bits.

    Args:
        number: The cell as a number.
        bits: The cell as bits.
    """

    number: NDArray[np.float64]
    bits: Whole


Measure = Callable[[Ways, Whole, Whole, NDArray[np.int8]], None]
Write = Callable[[Ways, Whole, Whole, Bytes], None]


def lines(ways: Ways, rows: Whole) -> tuple[pa.ChunkedArray, NDArray[np.int8]]:
    """Lines of some ways; null where no two nodes follow one another.

    Returns:
        The lines, and for each ``FINE``, ``INCOMPLETE`` (cut where nodes are absent), ``UNSURE`` (null, since nodes
        are absent) or ``POINTLESS`` (null, since all nodes stand in one place).
    """
    return _written(ways, rows, _line_sizes, _write_lines)


def polygons(ways: Ways, rows: Whole) -> tuple[pa.ChunkedArray, NDArray[np.int8]]:
    """Polygons of some closed ways; null where nodes are absent. Outer rings run counter-clockwise.

    Returns:
        The polygons, and for each ``FINE``, ``UNSURE`` or ``INCOMPLETE``.
    """
    return _written(ways, rows, _polygon_sizes, _write_polygons)


def points(x: NDArray[np.int32], y: NDArray[np.int32]) -> pa.Array:
    """Points as well-known binary."""
    body = np.empty(len(x), np.dtype([("order", "u1"), ("kind", "<u4"), ("x", "<f8"), ("y", "<f8")]))
    body["order"], body["kind"] = 1, POINT
    body["x"], body["y"] = x / STEPS_A_DEGREE, y / STEPS_A_DEGREE
    return binary(np.arange(len(x) + 1, dtype=np.int64) * (HEAD + VERTEX), body.view(np.uint8))


def binary(first: Whole, text: Bytes) -> pa.Array:
    """An Arrow array out of offsets and bytes; what is empty becomes null."""
    if first[-1] > MOST_BYTES:
        raise BadInput("geometries of absurd size", found=f"{first[-1]} bytes", allowed=(f"at most {MOST_BYTES}",))
    known = np.packbits(np.diff(first) > 0, bitorder="little")
    buffers = [pa.py_buffer(known), pa.py_buffer(first.astype(np.int32)), pa.py_buffer(text)]
    return pa.BinaryArray.from_buffers(pa.binary(), len(first) - 1, buffers)


def _written(ways: Ways, rows: Whole, measure: Measure, write: Write) -> tuple[pa.ChunkedArray, NDArray[np.int8]]:
    """Measure, then write, piece by piece in threads."""
    state = np.zeros(len(rows), np.int8)

    def one(start: int) -> pa.Array:
        part = rows[start : start + PIECE]
        first = np.zeros(len(part) + 1, np.int64)
        measure(ways, part, first, state[start : start + PIECE])
        np.cumsum(first, out=first)
        out = np.empty(int(first[-1]), np.uint8)
        write(ways, part, first, out)
        return binary(first, out)

    pieces = in_threads(one, range(0, len(rows), PIECE))
    return pa.chunked_array(pieces, pa.binary()), state


@compiled
def _put(out: Bytes, at: Int, value: Int, size: Int) -> Int:
    """Write a little-endian whole number; the position after it."""
    for step in range(size):
        out[at + step] = np.uint8((value >> (BITS * step)) & LOW_BYTE)
    return at + size


@compiled
def put_head(out: Bytes, at: Int, kind: Int, count: Int) -> Int:
    """Write byte order, kind of geometry and count of its parts."""
    out[at] = 1
    return _put(out, _put(out, at + 1, kind, KIND), count, COUNT)


@compiled
def put_count(out: Bytes, at: Int, count: Int) -> Int:
    """Write the count of a ring's vertices."""
    return _put(out, at, count, COUNT)


@compiled
def put_vertex(out: Bytes, at: Int, node: Int, ways: Ways, pen: Pen) -> Int:
    """Write the place of a node; the position after it."""
    pen.number[0] = ways.x[node] / STEPS_A_DEGREE
    at = _put(out, at, pen.bits[0], NUMBER)
    pen.number[0] = ways.y[node] / STEPS_A_DEGREE
    return _put(out, at, pen.bits[0], NUMBER)


@compiled
def new_pen() -> Pen:
    """A pen."""
    number = np.empty(1, np.float64)
    return Pen(number, number.view(np.int64))


@compiled
def _has_length(ways: Ways, at: Int, stop: Int) -> bool:
    """Whether nodes along a way stand in more than one place."""
    first = ways.node[at]
    for vertex in range(at + 1, stop):
        if ways.x[ways.node[vertex]] != ways.x[first] or ways.y[ways.node[vertex]] != ways.y[first]:
            return True
    return False


@compiled
def _run(ways: Ways, at: Int, end: Int) -> tuple[Int, Int]:
    """The next stretch of nodes that are there and make a line: its start and stop; start = end when there is none."""
    while at < end:
        if ways.node[at] < 0:
            at += 1
            continue
        stop = at
        while stop < end and ways.node[stop] >= 0:
            stop += 1
        if _has_length(ways, at, stop):
            return at, stop
        at = stop
    return end, end


@compiled
def _line_sizes(ways: Ways, rows: Whole, sizes: Whole, state: NDArray[np.int8]) -> None:
    for row in range(len(rows)):
        first, end = ways.first[rows[row]], ways.first[rows[row] + 1]
        runs = vertices = 0
        at, stop = _run(ways, first, end)
        while at < end:
            runs += 1
            vertices += stop - at
            at, stop = _run(ways, stop, end)
        extra = HEAD + COUNT if runs > 1 else 0
        sizes[row + 1] = extra + runs * (HEAD + COUNT) + vertices * VERTEX
        state[row] = FINE if vertices == end - first else INCOMPLETE
        if runs == 0:
            whole = end > first and np.min(ways.node[first:end]) >= 0
            state[row] = POINTLESS if whole else UNSURE


@compiled
def _write_lines(ways: Ways, rows: Whole, first: Whole, out: Bytes) -> None:
    pen = new_pen()
    for row in range(len(rows)):
        to, end = first[row], ways.first[rows[row] + 1]
        at, stop = _run(ways, ways.first[rows[row]], end)
        runs = 0
        check, last = at, stop
        while check < end:
            runs += 1
            check, last = _run(ways, last, end)
        if runs > 1:
            to = put_head(out, to, LINES, runs)
        while at < end:
            to = put_head(out, to, LINE, stop - at)
            for vertex in range(at, stop):
                to = put_vertex(out, to, ways.node[vertex], ways, pen)
            at, stop = _run(ways, stop, end)


@compiled
def _polygon_sizes(ways: Ways, rows: Whole, sizes: Whole, state: NDArray[np.int8]) -> None:
    for row in range(len(rows)):
        first, end = ways.first[rows[row]], ways.first[rows[row] + 1]
        state[row] = INCOMPLETE
        if end - first < SMALLEST_RING or np.min(ways.node[first:end]) < 0:
            continue
        sizes[row + 1] = HEAD + COUNT + COUNT + VERTEX * (end - first)
        state[row] = FINE if is_simple(ways.node[first:end], ways.x, ways.y) else UNSURE


@compiled
def _write_polygons(ways: Ways, rows: Whole, first: Whole, out: Bytes) -> None:
    pen = new_pen()
    for row in range(len(rows)):
        if first[row + 1] == first[row]:
            continue
        ring = ways.node[ways.first[rows[row]] : ways.first[rows[row] + 1]]
        to = put_head(out, first[row], POLYGON, 1)
        put_ring(out, to, ring, ways, pen, direction(ring, ways.x, ways.y))


@compiled
def put_ring(out: Bytes, at: Int, ring: NDArray[np.int32], ways: Ways, pen: Pen, step: Int) -> Int:
    """Write a ring, forwards (step 1) or backwards (step -1); the position after it."""
    count = len(ring)
    at = put_count(out, at, count)
    start = 0 if step > 0 else count - 1
    for vertex in range(count):
        at = put_vertex(out, at, ring[start + step * vertex], ways, pen)
    return at


@compiled
def direction(ring: NDArray[np.int32], x: NDArray[np.int32], y: NDArray[np.int32]) -> Int:
    """1 when a closed ring runs counter-clockwise, else -1 (shoelace formula, about its first vertex)."""
    twice = 0.0
    left, low = float(x[ring[0]]), float(y[ring[0]])
    for step in range(len(ring) - 1):
        here, there = ring[step], ring[step + 1]
        twice += (x[here] - left) * (y[there] - low) - (x[there] - left) * (y[here] - low)
    return 1 if twice >= 0 else -1


@compiled
def side(x: NDArray[np.int32], y: NDArray[np.int32], start: Int, end: Int, node: Int) -> Int:
    """Exactly on which side of the line from start to end a node lies: 1 left, -1 right, 0 on it."""
    cross = (np.int64(x[end]) - x[start]) * (np.int64(y[node]) - y[start]) - (np.int64(y[end]) - y[start]) * (
        np.int64(x[node]) - x[start]
    )
    return 1 if cross > 0 else -1 if cross < 0 else 0


@compiled
def _apart(a: Int, b: Int, c: Int, d: Int) -> bool:
    """Whether the spans a-b and c-d have no value in common."""
    return max(a, b) < min(c, d) or max(c, d) < min(a, b)


@compiled
def touch(x: NDArray[np.int32], y: NDArray[np.int32], a: Int, b: Int, c: Int, d: Int) -> bool:
    """Whether the edges a-b and c-d have a point in common."""
    if _apart(x[a], x[b], x[c], x[d]) or _apart(y[a], y[b], y[c], y[d]):
        return False
    return side(x, y, a, b, c) * side(x, y, a, b, d) <= 0 and side(x, y, c, d, a) * side(x, y, c, d, b) <= 0


@compiled
def is_simple(ring: NDArray[np.int32], x: NDArray[np.int32], y: NDArray[np.int32]) -> bool:
    """Whether a closed ring certainly neither crosses, touches nor doubles back on itself; exact in whole numbers.

    False also where the question is left to GEOS: long rings, very wide ones, repeated vertices.
    """
    edges = len(ring) - 1
    if edges > MOST_PAIRS or edges < SMALLEST_RING - 1:
        return False
    for edge in range(edges):
        here, there = ring[edge], ring[edge + 1]
        after = ring[(edge + 1) % edges + 1]
        if abs(np.int64(x[here]) - x[ring[0]]) > WIDEST // 2 or (x[here] == x[there] and y[here] == y[there]):
            return False
        if side(x, y, here, there, after) == 0 and doubles_back(x, y, here, there, after):
            return False
        last = edges - 1 if edge == 0 else edges
        if last > edge + 2 and _touches_any(here, there, ring[edge + 2 : last + 1], x, y):
            return False
    return True


@compiled
def _touches_any(a: Int, b: Int, line: NDArray[np.int32], x: NDArray[np.int32], y: NDArray[np.int32]) -> bool:
    """Whether the edge a-b has a point in common with any edge of a line."""
    west, east = min(x[a], x[b]), max(x[a], x[b])
    south, north = min(y[a], y[b]), max(y[a], y[b])
    left, low = x[line[0]], y[line[0]]
    for step in range(1, len(line)):
        right, high = x[line[step]], y[line[step]]
        if (
            max(left, right) >= west
            and min(left, right) <= east
            and max(low, high) >= south
            and min(low, high) <= north
            and touch(x, y, a, b, line[step - 1], line[step])
        ):
            return True
        left, low = right, high
    return False


@compiled
def doubles_back(x: NDArray[np.int32], y: NDArray[np.int32], here: Int, there: Int, after: Int) -> bool:
    """Whether of three nodes on one line the third lies back towards the first."""
    along = (np.int64(x[there]) - x[here]) * (np.int64(x[after]) - x[there]) + (np.int64(y[there]) - y[here]) * (
        np.int64(y[after]) - y[there]
    )
    return bool(along <= 0)
