"""From the lines of roads to a network: split where lines share a vertex, contract what lies between junctions.

Two lines meet only where both have a vertex (within ``TOLERANCE``): a bridge over a street is no crossing. Nodes
are numbered along a space-filling curve, so that neighbours lie near in memory. Costs are lengths in metres times the
factor of the way: with seconds a metre as factor the network carries seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tulou.kernel.arrays import Floats, Shapes
from tulou.kernel.curve import LAST_CELL, along_curve
from tulou.kernel.errors import BadUse
from tulou.kernel.network import Network
from tulou.kernel.polygons import parts_of
from tulou.measures.access.kernels.chains import contract

TOLERANCE = 0.01
"""Vertices nearer than this (m) are one: finer than any survey, coarser than rounding."""

"""Bits for each axis of the curve that orders nodes."""

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
Ints = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class _Segments:
    """Straight pieces between neighbouring vertices: end nodes, cost, source row, pace."""

    start: Rows
    end: Rows
    cost: Array
    way: Rows
    pace: Array


def walking_network(
    lines: Shapes,
    walkable: NDArray[np.bool_] | None = None,
    factor: Floats | None = None,
    *,
    largest_only: bool = False,
    across_ways: bool = True,
) -> Network:
    """The network that a set of lines makes.

    Args:
        lines: Lines or collections of lines, in metres; None, empty and other shapes are left out.
        walkable: Whether each line may be used; left out, all may.
        factor: Cost of a metre of each line, 1 when left out; a line whose factor is not a number above 0 is left out.
        largest_only: Whether to keep only the largest connected part.
        across_ways: Whether to contract where two lines join end to end (``way`` is then -1 for joined edges); else
            every edge is of one line.

    Raises:
        BadUse: When the columns differ in length.
    """
    lines = np.asarray(lines, object)
    for name, column in (("walkable", walkable), ("factor", factor)):
        if column is not None and len(column) != len(lines):
            raise BadUse("columns differ in length", where=name, found=len(column), allowed=(str(len(lines)),))
    pace = np.ones(len(lines)) if factor is None else np.asarray(factor, float)
    keep = np.isfinite(pace) & (pace > 0)
    if walkable is not None:
        keep &= np.asarray(walkable) == 1
    places, segments = _segments(lines, np.flatnonzero(keep), pace)
    if largest_only and len(segments.start):
        segments = _largest(len(places), segments)
    return _contracted(places, segments, across_ways=across_ways)


def _components(size: int, start: NDArray[np.integer], end: NDArray[np.integer]) -> Rows:
    if not size:
        return np.empty(0, np.int64)
    graph = coo_array((np.ones(len(start), np.int8), (start, end)), shape=(size, size))
    count, label = connected_components(graph, directed=False)
    rank = np.empty(count, np.int64)
    rank[np.argsort(-np.bincount(label, minlength=count), kind="stable")] = np.arange(count)
    return rank[label]


def _segments(lines: Shapes, rows: Rows, pace: Array) -> tuple[Array, _Segments]:
    """Merged vertices and the straight pieces between them."""
    parts, of_row = parts_of(lines[rows])
    is_line = np.isin(shapely.get_type_id(parts), (shapely.GeometryType.LINESTRING, shapely.GeometryType.LINEARRING))
    parts, of_row = parts[is_line], rows[of_row[is_line]]
    points, line = shapely.get_coordinates(parts, return_index=True)
    places, node = merged(points)
    follows = (line[1:] == line[:-1]) & (node[1:] != node[:-1]) & (node[1:] >= 0) & (node[:-1] >= 0)
    at = np.flatnonzero(follows)
    start, end, way = node[at], node[at + 1], of_row[line[at]]
    length = np.hypot(*(places[end] - places[start]).T) if len(at) else np.empty(0)
    return places, _Segments(start, end, length * pace[way], way, pace[way])


def merged(points: Array) -> tuple[Array, Rows]:
    """Vertices that coincide within ``TOLERANCE`` become one; -1 for vertices that are not finite.

    Returns:
        Positions of the merged vertices (of the first of each), and the merged vertex of each point.
    """
    node = np.full(len(points), -1, np.int64)
    finite = np.isfinite(points).all(axis=1)
    if not finite.any():
        return np.empty((0, 2)), node
    exact, where = _distinct(points[finite])
    pairs = _near_pairs(exact)
    graph = coo_array((np.ones(len(pairs), np.int8), pairs.T), shape=(len(exact), len(exact)))
    _, label = connected_components(graph, directed=False)
    _, chosen = np.unique(label, return_index=True)
    node[finite] = label[where]
    return exact[chosen], node


def _distinct(points: Array) -> tuple[Array, Rows]:
    """Bit-identical points, sorted by x then y."""
    order = np.lexsort((points[:, 1], points[:, 0]))
    ordered = points[order]
    new = np.ones(len(points), bool)
    new[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    where = np.empty(len(points), np.int64)
    where[order] = np.cumsum(new) - 1
    return ordered[new], where


def _near_pairs(points: Array) -> Rows:
    """Pairs of distinct points nearer than ``TOLERANCE``, by looking into the next cells of a grid of that size."""
    cell = np.floor((points - points.min(axis=0)) / TOLERANCE).astype(np.int64)
    rows = int(cell[:, 1].max()) + 3
    key = cell[:, 0] * rows + cell[:, 1]
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    found = []
    for step in (0, 1, rows - 1, rows, rows + 1):
        first = np.searchsorted(ordered, ordered + step, side="left")
        last = np.searchsorted(ordered, ordered + step, side="right")
        if step == 0:
            first = np.arange(1, len(ordered) + 1)
        many = np.maximum(last - first, 0)
        left = np.repeat(np.arange(len(ordered)), many)
        right = np.repeat(first - (np.cumsum(many) - many), many) + np.arange(many.sum())
        found.append(np.column_stack([order[left], order[right]]))
    pairs = np.concatenate(found)
    near = np.hypot(*(points[pairs[:, 0]] - points[pairs[:, 1]]).T) <= TOLERANCE
    return pairs[near]


def _largest(size: int, segments: _Segments) -> _Segments:
    # Vertices without a segment are parts of their own and never the largest.
    inside = _components(size, segments.start, segments.end)[segments.start] == 0
    return _Segments(*(column[inside] for column in vars(segments).values()))


def _contracted(places: Array, segments: _Segments, *, across_ways: bool) -> Network:
    """Contract chains and number nodes along the curve."""
    count = len(segments.start)
    tails = np.concatenate([segments.start, segments.end])
    order = np.argsort(tails, kind="stable")
    degree = np.bincount(tails, minlength=len(places))
    first = np.concatenate([[0], np.cumsum(degree)]).astype(np.int64)
    heads = np.concatenate([segments.end, segments.start])[order]
    piece = np.concatenate([np.arange(count)] * 2)[order]
    is_junction = degree != 2  # noqa: PLR2004  (a vertex between two pieces)
    inner = np.flatnonzero(~is_junction)
    one, other = piece[first[inner]], piece[first[inner] + 1]
    differs = segments.pace[one] != segments.pace[other]
    if not across_ways:
        differs |= segments.way[one] != segments.way[other]
    is_junction[inner[differs]] = True
    start, end, cost, way, path, path_first = contract(
        (first, heads.astype(np.int32), piece.astype(np.int64)), is_junction, segments.cost, segments.way
    )
    return _numbered(places, (start, end, cost, way), path, path_first)


def _numbered(places: Array, edges: tuple[Ints, Ints, Array, Rows], path: Ints, path_first: Rows) -> Network:
    start, end, cost, way = edges
    used = np.unique(np.concatenate([start, end]))
    used = used[np.argsort(morton(places[used]), kind="stable")]
    number = np.full(len(places), -1, np.int32)
    number[used] = np.arange(len(used), dtype=np.int32)
    order = np.argsort(number[start], kind="stable")
    length = np.diff(path_first)[order]
    offset = np.concatenate([[0], np.cumsum(length)]).astype(np.int64)
    pick = np.repeat(path_first[:-1][order] - offset[:-1], length) + np.arange(offset[-1])
    return Network.of_edges(
        places[used],
        number[start][order],
        number[end][order],
        cost[order],
        way=way[order],
        path=places[path[pick]],
        path_first=offset,
    )


def morton(points: Array) -> NDArray[np.uint64]:
    """Position of each point along a Z-shaped curve over their bounding square."""
    if not len(points):
        return np.empty(0, np.uint64)
    low = points.min(axis=0)
    extent = max(float((points.max(axis=0) - low).max()), TOLERANCE)
    grid = ((points - low) * (LAST_CELL / extent)).astype(np.uint64)
    return along_curve(grid[:, 0], grid[:, 1])
