"""Nearest of many groups at once: a node keeps a row of distances, one for each group, and hands on the whole row.

One vectorised loop carries all groups over an edge. Nodes are taken in blocks whose rows fit a cache, along two curves
that cross, there and back in turn, until no row grows shorter. What is left is ``d(v) = min(d(u) + c)`` over all
neighbours u, whatever the order was: the least of the same sums that Dijkstra's method compares, equal to the last bit.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from tulou.measures.access.kernels.kinds import Ends, Flags, Graph, Ints, Joined, Longs, Reals

BLOCK = 8192
"""Nodes taken together: with some twenty groups their rows fill a second-level cache once or twice."""

ROUND = 4
"""Ways through a block until the first comes again: along either curve, there and back."""


@njit(cache=True, nogil=True)
def spread_groups(graph: Graph, orders: tuple[Ints, Ints], seed: Ints, limits: Reals, dist: Reals) -> None:
    """Let distances spread until none grows shorter.

    Args:
        graph: Offsets of each node's neighbours, neighbours, costs.
        orders: The nodes along two curves, each keeping every block of ``BLOCK`` nodes together.
        seed: Nodes that have a distance to begin with.
        limits: Largest distance of interest of each group; longer ones are not carried on, but may stand.
        dist: In and out: distances, (nodes, groups), infinite where there is none.
    """
    size = len(dist)
    fresh, waiting = np.zeros(size, np.bool_), np.zeros((size + BLOCK - 1) // BLOCK, np.bool_)
    for node in seed:
        fresh[node] = waiting[node // BLOCK] = True
    turn = 0
    while np.any(waiting):
        for block in range(len(waiting)):
            while waiting[block]:
                waiting[block] = False
                pass_through(graph, orders, (block, turn), limits, dist, (fresh, waiting))
                turn = (turn + 1) % ROUND


@njit(cache=True, nogil=True)
def pass_through(
    graph: Graph,
    orders: tuple[Ints, Ints],
    at: tuple[int, int],
    limits: Reals,
    dist: Reals,
    marks: tuple[Flags, Flags],
) -> None:
    """Go once through the nodes of a block; those with something to hand on do so.

    Args:
        graph: As in ``spread_groups``.
        orders: As in ``spread_groups``.
        at: The block, and which way is taken: there and back along the first curve, then along the other.
        limits: As in ``spread_groups``.
        dist: As in ``spread_groups``.
        marks: As in ``hand_on``.
    """
    block, turn = at
    order = orders[0] if turn < ROUND // 2 else orders[1]
    low, high = block * BLOCK, min((block + 1) * BLOCK, len(order))
    fresh = marks[0]
    for step in range(low, high):
        node = order[step] if turn % 2 == 0 else order[low + high - 1 - step]
        if fresh[node]:
            fresh[node] = False
            hand_on(graph, node, limits, dist, marks)


@njit(cache=True, nogil=True, fastmath={"nnan"}, error_model="numpy")
def hand_on(graph: Graph, node: int, limits: Reals, dist: Reals, marks: tuple[Flags, Flags]) -> None:
    """Offer the distances of one node to its neighbours.

    Args:
        graph: As in ``spread_groups``.
        node: The node.
        limits: As in ``spread_groups``.
        dist: As in ``spread_groups``.
        marks: Whether each node has something to hand on, and each block such a node; set where something was taken.
    """
    first, neighbour, cost = graph
    fresh, waiting = marks
    here = dist[node]
    for k in range(first[node], first[node + 1]):
        other, step = neighbour[k], cost[k]
        there, taken = dist[other], 0
        # No branch, and a whole number as the flag: this loop becomes vector code.
        for group in range(len(here)):
            before, further = there[group], here[group] + step
            taken |= (further < before) & (further <= limits[group])
            there[group] = min(further, before)
        if taken:
            fresh[other] = waiting[other // BLOCK] = True


@njit(cache=True, nogil=True)
def join_groups(
    places: Joined,
    ends: Ends,
    dist: Reals,
    targets: tuple[Longs, Longs, Reals, Reals, Longs],
    within: tuple[Reals, int],
    out: Flags,
) -> None:
    """Which groups each place on an edge reaches, over the ends of its edge or along it.

    Args:
        places: Places joined to the network.
        ends: Start and end of each edge.
        dist: Distances of the nodes to some of the groups, (nodes, some).
        targets: Offsets of each edge's targets, targets edge by edge; cost along, away and group of each.
        within: Largest distance of each group, and the first of the groups that ``dist`` tells of.
        out: Set where a group is reached, (places, groups).
    """
    edge, along, rest, away = places
    start, end = ends
    first, order, target_along, target_away, group = targets
    limits, low = within
    for p in range(len(edge)):
        e = edge[p]
        if e < 0:
            continue
        near, other = dist[start[e]], dist[end[e]]
        for g in range(dist.shape[1]):
            out[p, low + g] = min(near[g] + along[p], other[g] + rest[p]) + away[p] <= limits[low + g]
        for k in range(first[e], first[e + 1]):
            t = order[k]
            g = group[t]
            if low <= g < low + dist.shape[1]:
                out[p, g] |= abs(along[p] - target_along[t]) + target_away[t] + away[p] <= limits[g]
