"""Bounded searches: everything within a radius of one source after the other, in arrays that are used again."""

from __future__ import annotations

import numpy as np
from numba import njit

from tulou.measures.access.kernels.kinds import (
    Cells,
    Counts,
    EdgedGraph,
    Ends,
    Found,
    Graph,
    Ints,
    Longs,
    OnEdges,
    Reals,
    Source,
    Work,
)
from tulou.measures.access.kernels.spread import FREE, put_in, take_out


@njit(cache=True, nogil=True)
def push(node: int, further: float, scale: float, work: Work, count: int) -> int:
    """Note a shorter distance and let the node wait in its bucket; gives the number of nodes touched."""
    dist, head, link, touched = work
    if link[node, 1] != FREE:
        take_out(node, int(dist[node] * scale), head, link)
    elif dist[node] == np.inf:
        touched[count] = node
        count += 1
    dist[node] = further
    put_in(node, int(further * scale), head, link)
    return count


@njit(cache=True, nogil=True)
def ball(graph: Graph, seeds: tuple[int, float, int, float], radius: float, scale: float, work: Work) -> int:
    """Distances of all nodes within a radius of one source.

    Args:
        graph: Offsets, neighbours, costs.
        seeds: Node, cost, node, cost: the two ends of the source's edge.
        radius: Largest distance.
        scale: Buckets a unit of distance.
        work: Distances (all infinite), heads of buckets (all -1), links (all free), nodes touched.

    Returns:
        How many nodes were touched; they stand first in the list of nodes touched.
    """
    first, neighbour, cost = graph
    dist, head, link, _ = work
    count = 0
    for node, at in ((seeds[0], seeds[1]), (seeds[2], seeds[3])):
        if at <= radius and at < dist[node]:
            count = push(node, at, scale, work, count)
    if count == 0:
        return 0
    for level in range(int(radius * scale) + 1):
        while head[level] >= 0:
            node = head[level]
            take_out(node, level, head, link)
            here = dist[node]
            for k in range(first[node], first[node + 1]):
                further = here + cost[k]
                if further < dist[neighbour[k]] and further <= radius:
                    count = push(neighbour[k], further, scale, work, count)
    return count


@njit(cache=True, nogil=True)
def workspace(size: int, radius: float, scale: float) -> Work:
    """Arrays for ``ball``."""
    return (
        np.full(size, np.inf),
        np.full(int(radius * scale) + 2, -1, np.int32),
        np.full((size, 2), FREE, np.int32),
        np.empty(size, np.int32),
    )


@njit(cache=True, nogil=True)
def clear(dist: Reals, touched: Ints, count: int) -> None:
    """Make the distances infinite again."""
    for t in range(count):
        dist[touched[t]] = np.inf


@njit(cache=True, nogil=True)
def count_nodes(
    graph: Graph, sources: tuple[Ints, Longs, Longs, Longs], radii: Reals, scale: float, counts: Counts
) -> None:
    """Count, at every node, the targets of each group within each radius, by searching from the targets' nodes.

    Args:
        graph: Offsets, neighbours, costs.
        sources: Distinct nodes with targets, offsets of each node's groups, groups, targets of each group there.
        radii: Radii, ascending.
        scale: Buckets a unit of distance.
        counts: Out: added to, (n, groups, radii); of ring k only, radii up to it are summed afterwards.
    """
    source, first, group, many = sources
    furthest = radii[-1]
    work = workspace(len(graph[0]) - 1, furthest, scale)
    dist, _, _, touched = work
    for s in range(len(source)):
        reached = ball(graph, (source[s], 0.0, source[s], 0.0), furthest, scale, work)
        for t in range(reached):
            node = touched[t]
            ring = 0
            while dist[node] > radii[ring]:
                ring += 1
            for k in range(first[s], first[s + 1]):
                counts[node, group[k], ring] += many[k]
            dist[node] = np.inf


@njit(cache=True, nogil=True)
def merge_counts(part: Counts, total: Counts) -> None:
    """Add up the counts of several searches, each ring with those inside it.

    Args:
        part: Counts by ring, (searches, n, groups, radii).
        total: Out: counts within each radius, (n, groups, radii).
    """
    for node in range(total.shape[0]):
        for group in range(total.shape[1]):
            inside = np.uint32(0)
            for ring in range(total.shape[2]):
                for search in range(part.shape[0]):
                    inside += part[search, node, group, ring]
                total[node, group, ring] = inside


@njit(cache=True, nogil=True)
def sum_nodes(graph: Graph, low: int, values: Reals, radius: float, scale: float, out: tuple[Reals, Longs]) -> None:
    """Sum the values of all nodes within a radius of each node; unknown values are left out.

    Args:
        graph: Offsets, neighbours, costs.
        low: First node to do; as many as there are rows to write.
        values: Values of the nodes, (n, v).
        radius: Radius.
        scale: Buckets a unit of distance.
        out: Sums and numbers of known values, (rows, v) each.
    """
    sums, counts = out
    work = workspace(len(graph[0]) - 1, radius, scale)
    dist, _, _, touched = work
    for row in range(len(sums)):
        reached = ball(graph, (low + row, 0.0, low + row, 0.0), radius, scale, work)
        for t in range(reached):
            node = touched[t]
            dist[node] = np.inf
            for v in range(values.shape[1]):
                value = values[node, v]
                if value == value:  # noqa: PLR0124  (false for NaN only)
                    sums[row, v] += value
                    counts[row, v] += 1


@njit(cache=True, nogil=True)
def visit(
    graph: EdgedGraph,
    edges: Ends,
    places: OnEdges,
    source: Source,
    within: tuple[float, float],
    work: Work,
    out: Found,
) -> int:
    """All places within a radius of one target, both joined to edges.

    Args:
        graph: Offsets, neighbours, costs, edges.
        edges: Start and end of each edge.
        places: Offsets of each edge's places, places edge by edge, their cost along, rest, away.
        source: The target's edge, along, rest, away.
        within: Largest distance, and buckets a unit of distance.
        work: As for ``ball``.
        out: Places found and their distances.

    Returns:
        How many places were found.
    """
    found, cost = out
    first, neighbour, step, edge_of = graph
    start, end = edges
    offset, order, along, rest, away = places
    home, source_along, source_rest, source_away = source
    radius, scale = within
    if home < 0:
        return 0
    dist, _, _, touched = work
    seeds = (start[home], source_away + source_along, end[home], source_away + source_rest)
    reached = ball((first, neighbour, step), seeds, radius, scale, work)
    count = 0
    for k in range(offset[home], offset[home + 1]):
        p = order[k]
        through = min(dist[start[home]] + along[p], dist[end[home]] + rest[p])
        total = min(through, source_away + abs(along[p] - source_along)) + away[p]
        if total <= radius:
            found[count], cost[count] = p, total
            count += 1
    for t in range(reached):
        node = touched[t]
        for k in range(first[node], first[node + 1]):
            e = edge_of[k]
            # An edge is looked at from its start, or from its end where only that was reached; a loop only once.
            if e == home or (start[e] != node and dist[start[e]] < np.inf):
                continue
            if start[e] == end[e] and seen_before(edge_of, first[node], k):
                continue
            for j in range(offset[e], offset[e + 1]):
                p = order[j]
                total = min(dist[start[e]] + along[p], dist[end[e]] + rest[p]) + away[p]
                if total <= radius:
                    found[count], cost[count] = p, total
                    count += 1
    clear(dist, touched, reached)
    return count


@njit(cache=True, nogil=True)
def seen_before(edge_of: Ints, low: int, k: int) -> bool:
    """Whether the edge of entry k stands in an earlier entry of the same node."""
    return bool(np.any(edge_of[low:k] == edge_of[k]))


@njit(cache=True, nogil=True)
def straight(points: Reals, cells: Cells, source: Reals, radius: float, out: Found) -> int:
    """All places within a straight radius of one target.

    Args:
        points: Places, (n, 2).
        cells: The places in a grid.
        source: The target, (2,).
        radius: Largest distance.
        out: Places found and their distances.

    Returns:
        How many places were found.
    """
    low, size, shape, offset, order = cells
    found, cost = out
    count = 0
    left, right = (source[0] - radius - low[0]) / size, (source[0] + radius - low[0]) / size
    bottom, top = (source[1] - radius - low[1]) / size, (source[1] + radius - low[1]) / size
    if not (right >= 0 and top >= 0 and left < shape[0] and bottom < shape[1]):
        return 0
    for i in range(int(max(left, 0.0)), int(min(right, shape[0] - 1.0)) + 1):
        for j in range(int(max(bottom, 0.0)), int(min(top, shape[1] - 1.0)) + 1):
            for k in range(offset[i * shape[1] + j], offset[i * shape[1] + j + 1]):
                p = order[k]
                distance = np.hypot(points[p, 0] - source[0], points[p, 1] - source[1])
                if distance <= radius:
                    found[count], cost[count] = p, distance
                    count += 1
    return count
