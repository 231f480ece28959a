"""Shortest paths from many sources at once: a label-correcting search over a ring of buckets.

Distances are kept in buckets of equal width instead of a heap: a node taken from a bucket may still improve within the
bucket and is then taken again. The result is that of Dijkstra's method to the last bit, since both end with the least
of the same sums.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from tulou.measures.access.kernels.kinds import Ends, Found, Graph, Ints, Joined, Longs, Reals

FREE = -2
"""A node that waits in no bucket."""


@njit(cache=True, nogil=True)
def take_out(node: int, bucket: int, head: Ints, link: Ints) -> None:
    """Take a node out of the bucket it waits in."""
    after, before = link[node, 0], link[node, 1]
    if before >= 0:
        link[before, 0] = after
    else:
        head[bucket] = after
    if after >= 0:
        link[after, 1] = before
    link[node, 1] = FREE


@njit(cache=True, nogil=True)
def put_in(node: int, bucket: int, head: Ints, link: Ints) -> None:
    """Put a node at the head of a bucket."""
    after = head[bucket]
    link[node, 0], link[node, 1] = after, -1
    if after >= 0:
        link[after, 1] = node
    head[bucket] = node


@njit(cache=True, nogil=True)
def improve(node: int, further: float, scale: float, dist: Reals, head: Ints, link: Ints) -> int:
    """Note a shorter distance and let the node wait in its bucket; gives by how much the number waiting grows."""
    more = 1
    if link[node, 1] != FREE:
        take_out(node, int(dist[node] * scale) % len(head), head, link)
        more = 0
    dist[node] = further
    put_in(node, int(further * scale) % len(head), head, link)
    return more


@njit(cache=True, nogil=True)
def spread(graph: Graph, seed: Ints, at: Reals, limit: float, width: float, buckets: int) -> tuple[Reals, Longs]:
    """Distance from each node to its nearest seed, and which seed that is.

    Args:
        graph: Offsets of each node's neighbours, neighbours, costs.
        seed: Node of each seed, ordered by ``at``.
        at: Cost already spent at each seed, ascending.
        limit: Largest distance of interest.
        width: Width of a bucket.
        buckets: How many there are; ``width * (buckets - 1)`` exceeds every cost.

    Returns:
        Distance (infinite where none within the limit), seed (-1 for none).
    """
    first, neighbour, cost = graph
    size = len(first) - 1
    dist, label = np.full(size, np.inf), np.full(size, -1, np.int64)
    head, link = np.full(buckets, -1, np.int32), np.full((size, 2), FREE, np.int32)
    scale = 1.0 / width
    upcoming, waiting, level = 0, 0, 0
    while True:
        if waiting == 0:
            if upcoming == len(seed) or at[upcoming] > limit:
                break
            level = int(at[upcoming] * scale)
        while upcoming < len(seed) and int(at[upcoming] * scale) <= level:
            node = seed[upcoming]
            if at[upcoming] < dist[node] and at[upcoming] <= limit:
                label[node] = upcoming
                waiting += improve(node, at[upcoming], scale, dist, head, link)
            upcoming += 1
        while head[level % buckets] >= 0:
            node = head[level % buckets]
            take_out(node, level % buckets, head, link)
            waiting -= 1
            here = dist[node]
            for k in range(first[node], first[node + 1]):
                there, further = neighbour[k], here + cost[k]
                if further < dist[there] and further <= limit:
                    label[there] = label[node]
                    waiting += improve(there, further, scale, dist, head, link)
        level += 1
    return dist, label


@njit(cache=True, nogil=True)
def join(
    places: Joined, ends: Ends, nodes: tuple[Reals, Longs], targets: tuple[Longs, Longs, Reals, Reals], out: Found
) -> None:
    """Carry distances from the nodes to places on the edges; targets on the same edge are reached along it.

    Args:
        places: Places joined to the network.
        ends: Start and end of each edge.
        nodes: Distance and target of each node.
        targets: Offsets of each edge's targets, targets edge by edge; cost along and away of each target.
        out: Target of each place (-1 for none), and distance.
    """
    edge, along, rest, away = places
    start, end = ends
    dist, label = nodes
    first, order, target_along, target_away = targets
    which, total = out
    for p in range(len(edge)):
        e = edge[p]
        if e < 0:
            continue
        near, target = dist[start[e]] + along[p], label[start[e]]
        other = dist[end[e]] + rest[p]
        if other < near:
            near, target = other, label[end[e]]
        for k in range(first[e], first[e + 1]):
            t = order[k]
            direct = abs(along[p] - target_along[t]) + target_away[t]
            if direct < near:
                near, target = direct, t
        total[p] = near + away[p]
        which[p] = target
