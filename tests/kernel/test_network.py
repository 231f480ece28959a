"""Neighbour lists of a network against the plain list of its edges."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tulou.kernel.network import Network

NODES = 6
EDGES = st.lists(
    st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1), st.floats(0, 9, allow_nan=False)), max_size=12
)


def network(edges, **more):
    start, end, length = ([edge[part] for edge in edges] for part in range(3))
    places = np.column_stack([np.arange(NODES), np.zeros(NODES)])
    return Network.of_edges(places, np.array(start, np.int32), np.array(end, np.int32), np.array(length, float), **more)


@given(EDGES)
def test_each_edge_is_seen_from_both_ends(edges):
    made = network(edges)
    spans = [(node, at) for node in range(NODES) for at in range(made.first[node], made.first[node + 1])]
    seen = [(node, int(made.neighbour[at]), float(made.cost[at]), int(made.edge[at])) for node, at in spans]
    there = [(start, end, length, number) for number, (start, end, length) in enumerate(edges)]
    back = [(end, start, length, number) for number, (start, end, length) in enumerate(edges)]
    assert sorted(seen) == sorted(there + back)


def test_without_edges_every_node_stands_alone():
    made = network([])
    assert made.size == NODES
    assert made.first.tolist() == [0] * (NODES + 1)
    assert len(made.neighbour) == len(made.edge) == 0


def test_ways_are_unknown_unless_told():
    edges = [(0, 1, 5.0), (1, 2, 4.0)]
    assert network(edges).way.tolist() == [-1, -1]
    assert network(edges, way=np.array([7, 9])).way.tolist() == [7, 9]
    assert network(edges).path is None


def test_arrays_are_laid_out_for_compiled_code():
    made = network([(0, 1, 5.0), (1, 2, 4.0)])
    kinds = {"start": np.int32, "end": np.int32, "first": np.int64, "neighbour": np.int32, "edge": np.int32}
    assert {name: getattr(made, name).dtype.type for name in kinds} == kinds
    assert made.places.flags.c_contiguous
