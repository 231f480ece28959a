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
def enter(node: int, at: float, bucket: int, head: Ints, entry: Ints, when: Reals, state: Longs) -> None:
    """Let a node wait in a bucket; an older entry of it in a later bucket is passed over when its turn comes.

    Args:
        node: The node.
        at: Its distance.
        bucket: The bucket.
        head: First entry of each bucket, -1 for none.
        entry: Node of each entry and the entry after it.
        when: Distance each entry was made with.
        state: Entries ever used, first free one (-1 for none).
    """
    place = state[1]
    if place >= 0:
        state[1] = entry[place, 1]
    else:
        place = state[0]
        state[0] += 1
    entry[place, 0], entry[place, 1], when[place] = node, head[bucket], at
    head[bucket] = place


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
    head, state = np.full(buckets, -1, np.int32), np.array([0, -1])
    entry, when = np.empty((size + len(seed), 2), np.int32), np.empty(size + len(seed))
    scale = 1.0 / width
    upcoming, waiting, level = 0, 0, 0
    while waiting > 0 or (upcoming < len(seed) and at[upcoming] <= limit):
        if waiting == 0:
            level = int(at[upcoming] * scale)
        while upcoming < len(seed) and int(at[upcoming] * scale) <= level:
            node = seed[upcoming]
            if at[upcoming] < dist[node] and at[upcoming] <= limit:
                dist[node], label[node] = at[upcoming], upcoming
                entry, when = roomier(entry, when, state[0] + 1)
                enter(node, at[upcoming], level % buckets, head, entry, when, state)
                waiting += 1
            upcoming += 1
        while head[level % buckets] >= 0:
            place = head[level % buckets]
            node, here = entry[place, 0], when[place]
            head[level % buckets], entry[place, 1], state[1] = entry[place, 1], state[1], place
            # An older entry of a node that came nearer since has nothing left to say.
            last = first[node + 1] if here == dist[node] else first[node]
            if state[0] + last - first[node] > len(when):
                entry, when = roomier(entry, when, state[0] + last - first[node])
            waiting -= 1
            for k in range(first[node], last):
                further = here + cost[k]
                if further < dist[neighbour[k]] and further <= limit:
                    dist[neighbour[k]], label[neighbour[k]] = further, label[node]
                    enter(neighbour[k], further, int(further * scale) % buckets, head, entry, when, state)
                    waiting += 1
        level += 1
    return dist, label


@njit(cache=True, nogil=True)
def roomier(entry: Ints, when: Reals, wanted: int) -> tuple[Ints, Reals]:
    """The entries with room for as many as wanted, twice as much as before where there is too little."""
    room = len(when)
    if wanted <= room:
        return entry, when
    more, longer = np.empty((2 * wanted, 2), np.int32), np.empty(2 * wanted)
    more[:room], longer[:room] = entry, when
    return more, longer


@njit(cache=True, nogil=True)
def join(
    places: Joined,
    asked: Longs,
    ends: Ends,
    nodes: tuple[Reals, Longs],
    targets: tuple[Longs, Longs, Reals, Reals, Longs],
    limit: float,
    out: Found,
) -> None:
    """Carry distances from the nodes to places on the edges; targets on the same edge are reached along it.

    Args:
        places: Places joined to the network.
        asked: Which of them are asked about.
        ends: Start and end of each edge.
        nodes: Distance and target of each node.
        targets: Offsets of each edge's targets, targets edge by edge; cost along and away of each target, its name.
        limit: Largest distance of interest.
        out: Name of the target of each place asked about (-1 for none within the limit), and distance.
    """
    edge, along, rest, away = places
    start, end = ends
    dist, label = nodes
    first, order, target_along, target_away, name = targets
    which, total = out
    for row in range(len(asked)):
        which[row], total[row] = -1, np.inf
        p = asked[row]
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
        if target >= 0 and near + away[p] <= limit:
            which[row], total[row] = name[target], near + away[p]
