"""Isolation segments: what goes dry when a burst is shut off by the valves there are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from tulou.kernel.errors import BadUse

Indices = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Segments:
    """Parts of a network that valves cut from one another.

    Args:
        node: Segment of each node, from 0 on.
        link: Segment of each link.
        valve: Segments on the two sides of each valve, shape (valves, 2); the side of the link, then of the node.
    """

    node: Indices
    link: Indices
    valve: Indices

    @property
    def count(self) -> int:
        """Number of segments."""
        return int(max(self.node.max(initial=-1), self.link.max(initial=-1))) + 1


def isolation_segments(start: Indices, end: Indices, nodes: int, valves: Indices) -> Segments:
    """Which parts of a network can be shut off from the rest?

    Nodes and links are joined where a link ends at a node without a valve; what hangs together is one segment.

    Args:
        start: First node of each link, shape (links,).
        end: Second node of each link.
        nodes: Number of nodes.
        valves: Link and node of each valve, which stands on that link next to that node, shape (valves, 2).

    Raises:
        BadUse: When a valve stands at a node where its link does not end.

    Source: Walski (1993), Journal AWWA 85(10).
    """
    links = len(start)
    if len(valves) and not ((start[valves[:, 0]] == valves[:, 1]) | (end[valves[:, 0]] == valves[:, 1])).all():
        raise BadUse("a valve stands at an end of its link", where="valves", found=len(valves))
    link = np.concatenate([np.arange(links), np.arange(links)])
    node = np.concatenate([start, end])
    is_open = ~np.isin(link * nodes + node, valves[:, 0] * nodes + valves[:, 1])
    size = nodes + links
    joined = coo_array((np.ones(int(is_open.sum())), (node[is_open], nodes + link[is_open])), shape=(size, size))
    label = connected_components(joined.tocsr(), directed=False)[1].astype(np.int64)
    sides = np.column_stack([label[nodes + valves[:, 0]], label[valves[:, 1]]])
    return Segments(label[:nodes], label[nodes:], sides)


def dry_segments(segments: Segments, sources: Indices, shut: Indices) -> Mask:
    """Which segments have no water when some are shut off: themselves, and those that no source reaches any more?

    Args:
        segments: The segments.
        sources: Segments that hold a source.
        shut: Those that are shut off.

    Returns:
        True where dry, shape (segments,).
    """
    count = segments.count
    is_shut = np.zeros(count, np.bool_)
    is_shut[shut] = True
    sides = segments.valve[~is_shut[segments.valve].any(axis=1)]
    fed = sources[~is_shut[sources]]
    # One node more feeds all sources, so that one walk reaches all that has water.
    tail = np.concatenate([sides[:, 0], np.full(len(fed), count, np.int64)])
    head = np.concatenate([sides[:, 1], fed])
    joined = coo_array((np.ones(len(tail)), (tail, head)), shape=(count + 1, count + 1)).tocsr()
    reached = breadth_first_order(joined, count, directed=False, return_predecessors=False)
    is_dry = np.ones(count + 1, np.bool_)
    is_dry[reached] = False
    return is_dry[:count]
