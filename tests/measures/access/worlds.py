"""Small cities with networks, and slow plain answers to compare with."""

import numpy as np
import shapely
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, dijkstra

from tulou.measures.access.network import walking_network
from tulou.measures.access.snap import snap


def grid_lines(columns, rows, side):
    """Streets of a chequered town: one line for each street, vertices at the crossings."""
    x, y = np.arange(columns) * side, np.arange(rows) * side
    across = [shapely.LineString([(a, b) for a in x]) for b in y]
    up = [shapely.LineString([(a, b) for b in y]) for a in x]
    return np.array(across + up, object)


@st.composite
def cities(draw, most=12):
    """Crooked lines between random vertices (disconnected parts and zero-length pieces included), and places."""
    seed = draw(st.integers(0, 2**32 - 1))
    random = np.random.default_rng(seed)
    vertices = random.integers(0, 40, (draw(st.integers(2, 25)), 2)) * 25.0
    lines = [
        shapely.LineString(vertices[random.integers(0, len(vertices), random.integers(2, 6))])
        for _ in range(draw(st.integers(1, 15)))
    ]
    places = random.uniform(-100, 1100, (draw(st.integers(1, most)), 2))
    targets = random.uniform(-100, 1100, (draw(st.integers(0, most)), 2))
    # Some stand at one spot, some right on a vertex.
    places[: len(places) // 4] = vertices[0]
    targets[: len(targets) // 4] = places[-1]
    return np.array(lines, object), places, targets, random


def walked(network, places, targets, pace=1.0):
    """All distances along the network, (places, targets): every place is made a node of its own and searched from."""
    points = np.concatenate([places, targets])
    joined = snap(network, points, pace=pace)
    spot = network.size + np.arange(len(points))
    end = spot + len(points)
    tail, head, cost = [], [], []
    for edge in range(len(network.start)):
        on = np.flatnonzero(joined.edge == edge)
        on = on[np.argsort(joined.along[on], kind="stable")]
        chain = [network.start[edge], *spot[on], network.end[edge]]
        along = [0.0, *joined.along[on], network.length[edge]]
        tail += chain[:-1]
        head += chain[1:]
        cost += list(np.diff(along))
    known = joined.edge >= 0
    tail += list(spot[known])
    head += list(end[known])
    cost += list(joined.away[known])
    distance = np.full((network.size + 2 * len(points),) * 2, np.inf)
    np.minimum.at(distance, (tail, head), np.maximum(cost, 1e-300))
    distance = np.minimum(distance, distance.T)
    near = np.isfinite(distance)
    graph = coo_array((distance[near], np.nonzero(near)), shape=distance.shape).tocsr()
    found = dijkstra(graph, directed=False, indices=end[: len(places)])
    return found[:, end[len(places) :]]


def network_of(lines):
    """The walking network of some lines."""
    return walking_network(lines)


def components(network):
    """The connected part each node belongs to, numbered by falling size (0 is the largest)."""
    if not network.size:
        return np.empty(0, np.int64)
    ends = (network.start, network.end)
    graph = coo_array((np.ones(len(network.start), np.int8), ends), shape=(network.size, network.size))
    count, label = connected_components(graph, directed=False)
    rank = np.empty(count, np.int64)
    rank[np.argsort(-np.bincount(label, minlength=count), kind="stable")] = np.arange(count)
    return rank[label]
