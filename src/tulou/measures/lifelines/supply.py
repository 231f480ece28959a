"""Spread supply: who is cut off, and how much falls short, when one part fails."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from tulou.kernel.errors import BadInput

Array = NDArray[np.float64]
Indices = NDArray[np.int64]
Mask = NDArray[np.bool_]
STEPS = 1_000_000_000
"""Whole steps in which flows are counted: the largest is as many."""


@dataclass(frozen=True, eq=False)
class Supply:
    """A network that supplies from several sources.

    Args:
        start: Node each link leads from, shape (links,).
        end: Node it leads to; a link that leads both ways stands twice.
        capacity: What it can carry; infinite when not limited.
        source: What each node can give, shape (nodes,); 0 for none.
        demand: What each node asks for.
    """

    start: Indices
    end: Indices
    capacity: Array
    source: Array
    demand: Array

    def __post_init__(self) -> None:
        for numbers in (self.capacity, self.source, self.demand):
            if np.isnan(numbers).any() or (numbers < 0).any():
                raise BadInput("capacities, sources and demands are known and from 0 on", where="supply")


def served(supply: Supply, lost_nodes: Mask | None = None, lost_links: Mask | None = None) -> Mask:
    """Which nodes does a source still reach?

    Args:
        supply: The network.
        lost_nodes: Nodes that failed.
        lost_links: Links that failed.

    Returns:
        True where reached, shape (nodes,); a node that failed is not.
    """
    count = len(supply.source)
    up = np.ones(count, np.bool_) if lost_nodes is None else ~lost_nodes
    keep = up[supply.start] & up[supply.end] & (supply.capacity > 0)
    keep = keep if lost_links is None else keep & ~lost_links
    feeding = np.flatnonzero((supply.source > 0) & up)
    tail = np.concatenate([supply.start[keep], np.full(len(feeding), count, np.int64)])
    head = np.concatenate([supply.end[keep], feeding])
    joined = coo_array((np.ones(len(tail)), (tail, head)), shape=(count + 1, count + 1)).tocsr()
    found = np.zeros(count + 1, np.bool_)
    found[breadth_first_order(joined, count, directed=True, return_predecessors=False)] = True
    return found[:count]


def deliverable(supply: Supply, lost_nodes: Mask | None = None, lost_links: Mask | None = None) -> float:
    """How much of the demand can be delivered, whatever way it takes (maximum flow)?

    Args:
        supply: The network.
        lost_nodes: Nodes that failed.
        lost_links: Links that failed.

    Returns:
        In the unit of the demand, to a thousand-millionth of the whole demand.

    Source: Ford & Fulkerson (1956); Dinic (1970).
    """
    count, whole = len(supply.source), float(supply.demand.sum())
    if whole == 0:
        return 0.0
    up = np.ones(count, np.bool_) if lost_nodes is None else ~lost_nodes
    keep = up[supply.start] & up[supply.end]
    keep = keep if lost_links is None else keep & ~lost_links
    nodes = np.arange(count)
    tail = np.concatenate([supply.start[keep], np.full(count, count), nodes])
    head = np.concatenate([supply.end[keep], nodes, np.full(count, count + 1)])
    room = np.concatenate([supply.capacity[keep], np.where(up, supply.source, 0.0), np.where(up, supply.demand, 0.0)])
    steps = np.rint(np.minimum(room / whole, 1.0) * STEPS).astype(np.int64)
    joined = coo_array((steps, (tail, head)), shape=(count + 2, count + 2)).tocsr()
    joined.data = np.minimum(joined.data, STEPS)
    return float(maximum_flow(joined.astype(np.int32), count, count + 1).flow_value) / STEPS * whole
