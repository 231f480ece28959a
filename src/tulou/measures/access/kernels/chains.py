"""Contraction: chains of segments between junctions become single edges."""

from __future__ import annotations

import numpy as np
from numba import njit

from tulou.measures.access.kernels.kinds import Flags, Ints, Longs, Reals

Chains = tuple[Ints, Ints, Reals, Longs, Ints, Longs]


@njit(cache=True, nogil=True)
def contract(graph: tuple[Longs, Ints, Longs], is_junction: Flags, cost: Reals, way: Longs) -> Chains:
    """Walk every chain of segments once.

    Args:
        graph: Offsets of each node's neighbours, neighbours, segments to them.
        is_junction: Whether a chain ends at the node, (n,); set for one node of each bare ring.
        cost: Cost of each segment, (s,).
        way: Source row of each segment, (s,).

    Returns:
        Start, end, cost and way (-1 when several) of each edge; nodes along all edges; their offsets.
    """
    first, _, segment = graph
    segments = len(cost)
    used = np.zeros(segments, np.bool_)
    start, end = np.empty(segments, np.int32), np.empty(segments, np.int32)
    total, row = np.empty(segments, np.float64), np.empty(segments, np.int64)
    offset = np.zeros(segments + 1, np.int64)
    path, walked = np.empty(2 * segments, np.int32), np.empty(segments, np.int64)
    edges = filled = 0
    for ring in range(2):
        for origin in range(len(first) - 1):
            if ring == 1 and not is_junction[origin]:
                for k in range(first[origin], first[origin + 1]):
                    is_junction[origin] |= not used[segment[k]]
            if not is_junction[origin]:
                continue
            for k in range(first[origin], first[origin + 1]):
                if used[segment[k]]:
                    continue
                begun = filled
                path[filled] = origin
                filled = follow(graph, is_junction, used, k, path, filled + 1, walked)
                start[edges], end[edges] = origin, path[filled - 1]
                row[edges], total[edges] = way[segment[k]], 0.0
                for step in range(filled - begun - 1):
                    total[edges] += cost[walked[step]]
                    if way[walked[step]] != row[edges]:
                        row[edges] = -1
                edges += 1
                offset[edges] = filled
    return start[:edges], end[:edges], total[:edges], row[:edges], path[:filled], offset[: edges + 1]


@njit(cache=True, nogil=True)
def follow(
    graph: tuple[Longs, Ints, Longs],
    is_junction: Flags,
    used: Flags,
    entry: int,
    path: Ints,
    filled: int,
    walked: Longs,
) -> int:
    """Walk one chain to its end; gives the length of the path so far.

    Args:
        graph: As in ``contract``.
        is_junction: As in ``contract``.
        used: Segments walked before; more are marked.
        entry: Neighbour entry of the junction by which the chain begins.
        path: Nodes, written on from ``filled``.
        filled: Length of the path before.
        walked: Segments of this chain, written from the beginning.
    """
    first, neighbour, segment = graph
    count = 0
    while True:
        used[segment[entry]] = True
        walked[count] = segment[entry]
        count += 1
        node = neighbour[entry]
        path[filled] = node
        filled += 1
        if is_junction[node]:
            return filled
        entry = first[node] if not used[segment[first[node]]] else first[node] + 1
