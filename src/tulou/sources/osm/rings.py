"""Areas of relations pieced together by compiled code, where that is certain to be right.

Edges are joined at their nodes; when every node joins exactly two edges and no two edges meet elsewhere, the rings
are the only possible ones and whether a ring is a hole follows from how many others contain it. All tests are exact,
in whole numbers. Whatever touches or crosses is left to GEOS (``areas``).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tulou.sources.osm.shapes import (
    COUNT,
    HEAD,
    POLYGON,
    POLYGONS,
    VERTEX,
    WIDEST,
    Pen,
    Ways,
    direction,
    doubles_back,
    new_pen,
    put_head,
    put_ring,
    side,
    touch,
)
from tulou.sources.osm.survey import Whole
from tulou.sources.osm.wire import Bytes, Int, compiled

ASSEMBLED, REPAIRED, LACKS_MEMBERS, LACKS_NODES, OPEN, HOPELESS, UNSURE = range(7)
"""What became of an area; ``UNSURE`` is for GEOS to decide."""
MOST_EDGES = 600
"""Areas with more edges are left to GEOS: all pairs of edges are tried here."""
SMALLEST_LOOP = 3
PAIR = 2
BYTES_AN_EDGE = VERTEX + (VERTEX + COUNT + HEAD + COUNT + SMALLEST_LOOP - 1) // SMALLEST_LOOP
"""Bytes that one edge can need at most: its vertex, and a third of what a ring needs besides."""
NODE_BITS = 32


class Loops(NamedTuple):
    """Rings of one area.

    Args:
        node: Nodes of all rings, each ring closed by its first node.
        first: Start of each ring, one more than there are rings.
        depth: How many other rings contain each.
        parent: For a hole, the ring it is in.
    """

    node: NDArray[np.int32]
    first: Whole
    depth: Whole
    parent: Whole


@compiled
def most_bytes(ways: Ways, members: Whole) -> Int:
    """Bytes that an area can need at most."""
    edges = 0
    for way in members:
        if way >= 0:
            edges += ways.first[way + 1] - ways.first[way]
    return HEAD + COUNT + BYTES_AN_EDGE * edges


@compiled
def assemble_all(ways: Ways, first: Whole, member: Whole, ends: Whole, out: Bytes, state: NDArray[np.int8]) -> None:
    """Write the areas of some relations one after the other.

    Args:
        ways: All ways.
        first: Start of each relation in ``member``.
        member: Rows of the member ways.
        ends: Where each area ends in ``out``; nothing is written for an area that is not assembled.
        out: Room for all, as large as ``most_bytes`` says.
        state: What became of each.
    """
    pen = new_pen()
    at = 0
    for row in range(len(state)):
        at, state[row] = _assemble(ways, member[first[row] : first[row + 1]], pen, out, at)
        ends[row] = at


@compiled
def _assemble(ways: Ways, members: Whole, pen: Pen, out: Bytes, at: Int) -> tuple[Int, Int]:
    count = _edge_count(ways, members)
    if count < 0:
        return at, -count
    edges = _edges(ways, members, count)
    if len(edges) == 0:
        return at, HOPELESS
    partner = np.full(2 * len(edges), -1, np.int64)
    joint = _join(edges, partner)
    if joint != ASSEMBLED:
        return at, joint
    if len(edges) > MOST_EDGES or not _clean(edges, ways.x, ways.y):
        return at, UNSURE
    loops = _loops(edges, partner)
    _nest(loops, ways.x, ways.y)
    return _write(loops, ways, pen, out, at), ASSEMBLED


@compiled
def _edge_count(ways: Ways, members: Whole) -> Int:
    """How many edges the members have; less than zero, minus what is wrong, when something is absent."""
    count = 0
    for way in members:
        if way < 0:
            return -LACKS_MEMBERS
        for at in range(ways.first[way], ways.first[way + 1]):
            if ways.node[at] < 0:
                return -LACKS_NODES
        count += max(ways.first[way + 1] - ways.first[way] - 1, 0)
    return count if len(members) else -LACKS_MEMBERS


@compiled
def _edges(ways: Ways, members: Whole, count: Int) -> NDArray[np.int32]:
    """The edges of all members, each once; those that two members share cancel out."""
    packed = np.empty(count, np.int64)
    used = 0
    for way in members:
        for at in range(ways.first[way], ways.first[way + 1] - 1):
            here, there = np.int64(ways.node[at]), np.int64(ways.node[at + 1])
            if here != there:
                packed[used] = (min(here, there) << NODE_BITS) | max(here, there)
                used += 1
    packed = np.sort(packed[:used])
    edges = np.empty((used, PAIR), np.int32)
    kept = 0
    at = 0
    while at < used:
        stop = at
        while stop < used and packed[stop] == packed[at]:
            stop += 1
        if (stop - at) % PAIR:
            edges[kept, 0], edges[kept, 1] = packed[at] >> NODE_BITS, packed[at] & (2**NODE_BITS - 1)
            kept += 1
        at = stop
    return edges[:kept]


@compiled
def _join(edges: NDArray[np.int32], partner: Whole) -> Int:
    """For each end of an edge (edge number times two, plus side) find the one end that meets it."""
    ends = edges.copy().reshape(-1)
    order = np.argsort(ends)
    state = ASSEMBLED
    at = 0
    while at < len(order):
        stop = at
        while stop < len(order) and ends[order[stop]] == ends[order[at]]:
            stop += 1
        if (stop - at) % PAIR:
            return OPEN
        if stop - at > PAIR:
            state = UNSURE
        partner[order[at]], partner[order[at + 1]] = order[at + 1], order[at]
        at = stop
    return state


@compiled
def _clean(edges: NDArray[np.int32], x: NDArray[np.int32], y: NDArray[np.int32]) -> bool:
    """Whether no two edges meet but at a node that both end in; swept from west to east."""
    west = np.minimum(x[edges[:, 0]], x[edges[:, 1]])
    order = np.argsort(west)
    start = np.int64(west[order[0]])
    for place in range(len(order)):
        a, b = edges[order[place], 0], edges[order[place], 1]
        east = np.int64(max(x[a], x[b]))
        if east - start > WIDEST or (x[a] == x[b] and y[a] == y[b]):
            return False
        for later in range(place + 1, len(order)):
            other = order[later]
            if west[other] > east:
                break
            if _meet(a, b, edges[other, 0], edges[other, 1], x, y):
                return False
    return True


@compiled
def _meet(a: Int, b: Int, c: Int, d: Int, x: NDArray[np.int32], y: NDArray[np.int32]) -> bool:
    """Whether two edges meet elsewhere than at a node of both."""
    if a == c:
        joint, left, right = a, b, d
    elif a == d:
        joint, left, right = a, b, c
    elif b == c:
        joint, left, right = b, a, d
    elif b == d:
        joint, left, right = b, a, c
    else:
        return touch(x, y, a, b, c, d)
    return side(x, y, left, joint, right) == 0 and doubles_back(x, y, left, joint, right)


@compiled
def _loops(edges: NDArray[np.int32], partner: Whole) -> Loops:
    """Follow the edges round."""
    most = len(edges) // SMALLEST_LOOP + 1
    node = np.empty(len(edges) + most, np.int32)
    first = np.zeros(most + 1, np.int64)
    used = np.zeros(len(edges), np.bool_)
    rings = to = 0
    for start in range(len(edges)):
        if used[start]:
            continue
        node[to] = edges[start, 0]
        to += 1
        edge, leaving = start, 2 * start + 1
        while not used[edge]:
            used[edge] = True
            node[to] = edges[edge, leaving & 1]
            to += 1
            entry = partner[leaving]
            edge, leaving = entry >> 1, entry ^ 1
        rings += 1
        first[rings] = to
    return Loops(node[:to], first[: rings + 1], np.zeros(rings, np.int64), np.full(rings, -1, np.int64))


@compiled
def _nest(loops: Loops, x: NDArray[np.int32], y: NDArray[np.int32]) -> None:
    """Count how many rings contain each, and find the innermost of them."""
    rings = len(loops.depth)
    inside = np.zeros((rings, rings), np.bool_)
    for ring in range(rings):
        for other in range(rings):
            if ring != other:
                body = loops.node[loops.first[other] : loops.first[other + 1]]
                inside[ring, other] = _contains(body, loops.node[loops.first[ring]], x, y)
                loops.depth[ring] += inside[ring, other]
    for ring in range(rings):
        for other in range(rings):
            if inside[ring, other] and loops.depth[other] == loops.depth[ring] - 1:
                loops.parent[ring] = other


@compiled
def _contains(ring: NDArray[np.int32], node: Int, x: NDArray[np.int32], y: NDArray[np.int32]) -> bool:
    """Whether a ring contains a node that is not on it (even-odd rule)."""
    odd = False
    for step in range(len(ring) - 1):
        here, there = ring[step], ring[step + 1]
        if (y[here] > y[node]) != (y[there] > y[node]):
            left = side(x, y, here, there, node) > 0
            if left == (y[there] > y[here]):
                odd = not odd
    return odd


@compiled
def _write(loops: Loops, ways: Ways, pen: Pen, out: Bytes, at: Int) -> Int:
    """Write the rings as a polygon or several; the position after them."""
    shells = 0
    for depth in loops.depth:
        shells += depth % PAIR == 0
    if shells > 1:
        at = put_head(out, at, POLYGONS, shells)
    for shell in range(len(loops.depth)):
        if loops.depth[shell] % PAIR:
            continue
        holes = 0
        for ring in range(len(loops.depth)):
            holes += loops.parent[ring] == shell
        at = put_head(out, at, POLYGON, 1 + holes)
        at = _write_ring(loops, shell, 1, ways, pen, out, at)
        for ring in range(len(loops.depth)):
            if loops.parent[ring] == shell:
                at = _write_ring(loops, ring, -1, ways, pen, out, at)
    return at


@compiled
def _write_ring(loops: Loops, ring: Int, turn: Int, ways: Ways, pen: Pen, out: Bytes, at: Int) -> Int:
    """Write a ring counter-clockwise (turn 1) or clockwise (turn -1)."""
    body = loops.node[loops.first[ring] : loops.first[ring + 1]]
    return put_ring(out, at, body, ways, pen, turn * direction(body, ways.x, ways.y))
