"""Searches along a network, between places and targets joined to its edges.

Distance from place p to target t on different edges: straight way to the edge, along it to one of its ends, the
shortest path, and the same at the other side; on the same edge also straight along it. All searches start at the
targets, which are far fewer than the places; the network is the same both ways, so the distance is too.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.network import Network
from tulou.kernel.threads import in_threads, spans, thread_count
from tulou.measures.access.kernels import balls, shares, spread
from tulou.measures.access.kernels.groups import BLOCK, join_groups, spread_groups
from tulou.measures.access.kernels.kinds import Shares, Weigh
from tulou.measures.access.network import morton
from tulou.measures.access.pieced import Rule, by_pieces
from tulou.measures.access.snap import Snapped, Snapper

EDGES_A_BUCKET = 2.0
"""Median edges in the width of a bucket: narrower ones are mostly empty, much wider ones make nodes wait twice."""

LEAST_GROUPS = 8
"""Fewer groups are not worth a thread of their own: what is done once for a row outweighs the row."""

MIRROR = np.array([1.0, -1.0])
"""Turns the plane over, so that the curve that numbers nodes runs across itself."""

MOST_BUCKETS = 1 << 16
"""No ring of buckets is longer, however unequal the edges."""

Array = NDArray[np.float64]
Rows = NDArray[np.int64]

_prepared: WeakKeyDictionary[Network, Routes] = WeakKeyDictionary()


def routes_on(network: Network) -> Routes:
    """The searches of a network, prepared once and kept as long as the network lives."""
    found = _prepared.get(network)
    if found is None:
        found = _prepared[network] = Routes(network)
    return found


class Routes:
    """A network prepared for searches; keeps the arrays, not the network.

    Args:
        network: The network.
    """

    def __init__(self, network: Network) -> None:
        self.size = network.size
        self._places = network.places
        self._across: NDArray[np.int32] | None = None
        self._graph = (network.first, network.neighbour, network.cost)
        self._edge_of = network.edge
        self._ends = (network.start, network.end)
        self.snapper = Snapper(network)
        some = network.cost[network.cost > 0]
        self._longest = float(network.cost.max()) if len(network.cost) else 0.0
        typical = float(np.median(some)) * EDGES_A_BUCKET if len(some) else 1.0
        self._width = max(typical, self._longest / (MOST_BUCKETS - 2))

    def nearest_nodes(self, seed: NDArray[np.integer], at: Array, limit: float = np.inf) -> tuple[Array, Rows]:
        """Distance of each node to the nearest seed node, and which seed (-1 for none).

        Args:
            seed: Nodes to start from.
            at: Cost already spent at each.
            limit: Largest distance of interest.
        """
        order = np.argsort(at, kind="stable")
        buckets = int(self._longest / self._width) + 2
        dist, label = spread.spread(
            self._graph, seed[order].astype(np.int32), at[order], float(limit), self._width, buckets
        )
        has = label >= 0
        label[has] = order[label[has]]
        return dist, label

    def nearest_groups(self, node: Rows, group: Rows, groups: int, limit: float = np.inf) -> Array:
        """Distance of each node to the nearest target of each group, (nodes, groups); targets stand at nodes.

        Args:
            node: Node of each target.
            group: Group of each target, from 0.
            groups: Number of groups.
            limit: Largest distance of interest; infinite where none is within it.
        """
        limits = np.full(groups, float(limit))

        def work(part: slice) -> Array:
            dist = self._spread(node, np.zeros(len(node)), group, limits, part)
            if limit < np.inf:
                dist[dist > limit] = np.inf
            return dist

        found = in_threads(work, _parts(groups))
        return found[0] if len(found) == 1 else np.concatenate([np.empty((self.size, 0)), *found], axis=1)

    def reached_groups(self, places: Snapped, targets: Snapped, group: Rows, limits: Array) -> NDArray[np.bool_]:
        """Whether each place reaches a target of each group within the group's limit, (places, groups).

        Args:
            places: Places joined to the network.
            targets: Targets joined to it.
            group: Group of each target, from 0.
            limits: Largest distance of each group.
        """
        rows = np.flatnonzero(targets.edge >= 0)
        some, group = targets.rows(rows), group[rows]
        start, end = self._ends
        node = np.concatenate([start[some.edge], end[some.edge]]).astype(np.int64)
        at = np.concatenate([some.away + some.along, some.away + some.rest])
        first, order = _by_edge(some.edge, len(start))
        there = (first, order, some.along, some.away, group)
        here = (places.edge, places.along, places.rest, places.away)
        out = np.zeros((places.size, len(limits)), np.bool_)

        def work(part: slice) -> None:
            dist = self._spread(node, at, np.concatenate([group, group]), limits, part)
            join_groups(here, self._ends, dist, there, (limits, part.start), out)

        in_threads(work, _parts(len(limits)))
        return out

    def _spread(self, node: Rows, at: Array, group: Rows, limits: Array, part: slice) -> Array:
        """Distances of the nodes to a part of the groups; those beyond the limits are not sure.

        Every distance is the least of the same sums however groups are parted, so parts may follow the threads.
        """
        some = np.flatnonzero((group >= part.start) & (group < part.stop))
        some = some[at[some] <= limits[group[some]]]
        dist = np.full((self.size, part.stop - part.start), np.inf)
        np.minimum.at(dist, (node[some], group[some] - part.start), at[some])
        seed = np.unique(node[some]).astype(np.int32)
        spread_groups(self._graph, self._orders(), seed, limits[part], dist)
        return dist

    def _orders(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The nodes as numbered, and along a curve that runs across, block by block; kept."""
        if self._across is None:
            block = np.arange(self.size) // BLOCK
            self._across = np.lexsort((morton(self._places * MIRROR), block)).astype(np.int32)
        return np.arange(self.size, dtype=np.int32), self._across

    def nearest(
        self, places: Snapped, asked: Rows, targets: Snapped, names: Rows, limit: float = np.inf
    ) -> tuple[Array, Rows]:
        """Distance to the nearest target of each place asked about, and its name (-1 for none within the limit).

        Args:
            places: Places joined to the network.
            asked: Which of them are asked about.
            targets: Targets joined to it.
            names: What each target is called in the answer.
            limit: Largest distance of interest.
        """
        rows = np.flatnonzero(targets.edge >= 0)
        some, names = targets.rows(rows), names[rows]
        start, end = self._ends
        seed = np.concatenate([start[some.edge], end[some.edge]])
        dist, label = self.nearest_nodes(seed, np.concatenate([some.away + some.along, some.away + some.rest]), limit)
        label = np.where(label >= 0, label % max(len(rows), 1), -1)
        first, order = _by_edge(some.edge, len(start))
        out, which = np.empty(len(asked)), np.empty(len(asked), np.int64)
        here = (places.edge, places.along, places.rest, places.away)
        there = (first, order, some.along, some.away, names)

        def work(span: slice) -> None:
            spread.join(here, asked[span], self._ends, (dist, label), there, float(limit), (which[span], out[span]))

        in_threads(work, spans(len(asked)))
        return out, which

    def shared(
        self, places: Snapped, targets: Snapped, people: Array, capacity: Array, rule: Rule
    ) -> tuple[Array, Array]:
        """Access of each place and demand on each target, by floating catchments.

        Args:
            places: Places joined to the network.
            targets: Targets joined to it.
            people: People at each place, 0 where unknown.
            capacity: Capacity of each target.
            rule: Radius and weights.
        """
        first, order = _by_edge(places.edge, len(self._ends[0]))
        here = (first, order, places.along, places.rest, places.away)
        there = (targets.edge, targets.along, targets.rest, targets.away)
        graph = (*self._graph, self._edge_of)

        def search(span: slice, weigh: Weigh, out: Shares) -> None:
            shares.along_ways(
                *((graph, self._ends), here, there, (span.start, span.stop)),
                *((float(rule.radius), self._scale(rule.radius)), (people, capacity), weigh, out),
            )

        return by_pieces(search, targets.size, places.size, rule)

    def count_nodes(self, node: Rows, group: Rows, radii: Array, *, groups: int | None = None) -> NDArray[np.uint32]:
        """Count, at every node, the targets of each group within each radius.

        Args:
            node: Node of each target.
            group: Group of each target, from 0.
            radii: Radii, ascending.
            groups: Number of groups.

        Returns:
            Counts, shape (nodes, groups, radii).
        """
        groups = groups if groups is not None else int(group.max(initial=-1)) + 1
        pair, many = np.unique(node * max(groups, 1) + group, return_counts=True)
        source, first = np.unique(pair // max(groups, 1), return_index=True)
        first, kind = np.append(first, len(pair)), pair % max(groups, 1)
        narrow = np.uint16 if len(node) <= np.iinfo(np.uint16).max else np.uint32
        radii = np.asarray(radii, np.float64)

        # Whole numbers add up alike in any order, so the number of pieces may follow that of the threads.
        pieces = spans(len(source), thread_count())
        parts = np.zeros((len(pieces), self.size, groups, len(radii)), narrow)

        def work(number: int) -> None:
            span = pieces[number]
            some = (source[span].astype(np.int32), first[span.start : span.stop + 1], kind, many)
            balls.count_nodes(self._graph, some, radii, self._scale(radii[-1]), parts[number])

        in_threads(work, range(len(pieces)))
        total = np.empty((self.size, groups, len(radii)), np.uint32)
        in_threads(lambda span: balls.merge_counts(parts[:, span], total[span]), spans(self.size))
        return total

    def sum_nodes(self, values: Array, radius: float) -> tuple[Array, Rows]:
        """Sums of the values of all nodes within a radius of each node, and how many known values were summed.

        Args:
            values: Values of the nodes, (n, v); NaN where unknown.
            radius: Radius.
        """
        values = np.ascontiguousarray(values, np.float64)
        sums, counts = np.zeros(values.shape), np.zeros(values.shape, np.int64)

        def work(span: slice) -> None:
            out = (sums[span], counts[span])
            balls.sum_nodes(self._graph, span.start, values, float(radius), self._scale(radius), out)

        in_threads(work, spans(self.size))
        return sums, counts

    def _scale(self, radius: float) -> float:
        """Buckets a unit of distance, within a radius."""
        return min(1.0 / self._width, MOST_BUCKETS / max(radius, 1.0))


def _parts(groups: int) -> list[slice]:
    """Groups parted among the threads."""
    return spans(groups, max(min(thread_count(), groups // LEAST_GROUPS), 1))


def _by_edge(edge: NDArray[np.int32], edges: int) -> tuple[Rows, Rows]:
    """Rows edge by edge: offsets of the edges, and the rows."""
    order = np.argsort(edge, kind="stable")
    order = order[np.searchsorted(edge[order], 0) :]
    first = np.zeros(edges + 1, np.int64)
    np.cumsum(np.bincount(edge[order], minlength=edges), out=first[1:])
    return first, order.astype(np.int64)
