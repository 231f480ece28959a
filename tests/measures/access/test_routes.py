"""Searches from nodes to nodes, beside a plain Dijkstra with a heap on arcs written down one by one."""

import heapq

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from measures.access.worlds import cities, walked
from tulou.kernel.network import Network
from tulou.measures.access.finders import StraightToPoints, WalkingToPoints
from tulou.measures.access.kernels.groups import BLOCK, spread_groups
from tulou.measures.access.network import walking_network
from tulou.measures.access.reach import nearest_walking
from tulou.measures.access.routes import Routes

ROUNDED = (0.0, 0.1, 0.2, 0.3, 1.7, 25.0)


def plain(size, arcs, starts):
    """Distance from the nearest start along arcs (from, to, cost)."""
    leaving = [[] for _ in range(size)]
    for tail, head, cost in arcs:
        leaving[tail].append((head, cost))
    dist = np.full(size, np.inf)
    waiting = sorted((0.0, start) for start in set(starts))
    while waiting:
        here, node = heapq.heappop(waiting)
        if here < dist[node]:
            dist[node] = here
            for head, cost in leaving[node]:
                heapq.heappush(waiting, (here + cost, head))
    return dist


@st.composite
def graphs(draw):
    """Any graph: parallel edges, loops, edges of no length, several parts, nodes alone; targets at some nodes."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    size, edges = draw(st.integers(1, 30)), draw(st.integers(0, 60))
    start, end = random.integers(0, size, (2, edges))
    cost = random.choice(ROUNDED, edges) if draw(st.booleans()) else random.uniform(0, 9, edges)
    groups, targets = draw(st.integers(1, 20)), draw(st.integers(0, 12))
    return size, start, end, cost, random.integers(0, size, targets), random.integers(0, groups, targets), groups


def network_of(size, start, end, cost):
    side = int(np.ceil(np.sqrt(size)))
    places = np.column_stack([np.arange(size) // side, np.arange(size) % side]).astype(float)
    return Network.of_edges(places, start, end, cost)


def both_ways(start, end, cost):
    return [*zip(start, end, cost, strict=True), *zip(end, start, cost, strict=True)]


@given(graphs(), st.sampled_from(["1", "2", "5"]))
def test_nearest_of_groups_is_that_of_dijkstra_to_the_last_bit_whatever_the_threads(graph, threads):
    size, start, end, cost, node, group, groups = graph
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NUMBA_NUM_THREADS", threads)
        found = Routes(network_of(size, start, end, cost)).nearest_groups(node, group, groups)
    assert found.shape == (size, groups)
    for one in range(groups):
        expected = plain(size, both_ways(start, end, cost), node[group == one])
        np.testing.assert_array_equal(found[:, one], expected)


@given(graphs(), st.sampled_from([0.0, 0.3, 2.0, 11.0]))
def test_beyond_the_limit_nothing_is_near_and_within_it_nothing_changes(graph, limit):
    size, start, end, cost, node, group, groups = graph
    routes = Routes(network_of(size, start, end, cost))
    whole, near = routes.nearest_groups(node, group, groups), routes.nearest_groups(node, group, groups, limit)
    np.testing.assert_array_equal(near, np.where(whole <= limit, whole, np.inf))


@given(graphs())
def test_the_kernel_follows_arcs_one_way_and_begins_from_any_distances(graph):
    size, start, end, cost, node, group, groups = graph
    order = np.argsort(start, kind="stable")
    first = np.concatenate([[0], np.cumsum(np.bincount(start, minlength=size))]).astype(np.int64)
    arcs = (first, end[order].astype(np.int32), cost[order])
    dist = np.full((size, groups), np.inf)
    np.minimum.at(dist, (node, group), group * 1.5)
    given_at = dist.copy()
    line = np.arange(size, dtype=np.int32)
    spread_groups(arcs, (line, line[::-1].copy()), np.unique(node).astype(np.int32), np.full(groups, np.inf), dist)
    for one in range(groups):
        begun = np.flatnonzero(np.isfinite(given_at[:, one]))
        # One more node stands before all starts, at their costs.
        ways = [*zip(start, end, cost, strict=True), *((size, spot, given_at[spot, one]) for spot in begun)]
        np.testing.assert_array_equal(dist[:, one], plain(size + 1, ways, [size])[:size])


@given(graphs(), st.lists(st.sampled_from([0.0, 0.3, 2.0, 11.0]), min_size=1, max_size=3, unique=True))
def test_counts_at_nodes_are_those_of_dijkstra(graph, radii):
    size, start, end, cost, node, group, groups = graph
    radii = np.sort(radii)
    found = Routes(network_of(size, start, end, cost)).count_nodes(node, group, radii, groups=groups)
    expected = np.zeros((size, groups, len(radii)))
    for target, one in zip(node, group, strict=True):
        expected[:, one] += plain(size, both_ways(start, end, cost), [target])[:, None] <= radii
    np.testing.assert_array_equal(found, expected)


def test_a_town_of_several_blocks_is_settled_across_their_edges():
    side = 170
    assert side**2 > 3 * BLOCK
    random = np.random.default_rng(7)
    number = np.arange(side**2).reshape(side, side)
    start = np.concatenate([number[1:].ravel(), number[:, 1:].ravel()])
    end = np.concatenate([number[:-1].ravel(), number[:, :-1].ravel()])
    keep = random.random(len(start)) > 1 / 3
    cost = random.uniform(1, 60, keep.sum())
    network = network_of(side**2, start[keep], end[keep], cost)
    node, group = random.integers(0, side**2, 40), np.arange(40) % 11
    found = Routes(network).nearest_groups(node, group, 11)
    one_way = coo_array((cost, (start[keep], end[keep])), shape=(side**2,) * 2).tocsr()
    for one in range(11):
        expected = dijkstra(one_way, directed=False, indices=node[group == one], min_only=True)
        np.testing.assert_array_equal(found[:, one], expected)
    assert np.isinf(found).any()
    assert np.isfinite(found).mean() > 0.5


def test_a_group_without_targets_is_near_nowhere():
    routes = Routes(network_of(2, np.array([0]), np.array([1]), np.array([3.0])))
    nothing = np.empty(0, np.int64)
    assert np.isinf(routes.nearest_groups(nothing, nothing, 2)).all()
    assert routes.nearest_groups(nothing, nothing, 0).shape == (2, 0)


@given(cities(), st.integers(1, 19), st.sampled_from([0.0, 55.0, 400.0, 1500.0]))
def test_groups_reached_at_once_are_those_reached_one_by_one(city, groups, limit):
    lines, places, targets, random = city
    places[-1] = np.nan
    network = walking_network(lines)
    group = random.integers(0, groups, len(targets))
    limits = limit * random.choice([0.5, 1.0], groups)
    rows = [np.flatnonzero(group == one) for one in range(groups)]
    found = WalkingToPoints(places, targets, network).reaches(rows, list(limits))
    straight = StraightToPoints(places, targets).reaches(rows, list(limits))
    far = walked(network, places, targets)
    for one in range(groups):
        expected = nearest_walking(places, targets[group == one], network) <= limits[one]
        np.testing.assert_array_equal(found[:, one], expected)
        plainly = np.min(far[:, group == one], axis=1, initial=np.inf)
        sure = np.abs(plainly - limits[one]) > 1e-9
        np.testing.assert_array_equal(found[sure, one], plainly[sure] <= limits[one])
        beeline = np.hypot(*(places[:, None] - targets[None, group == one]).transpose(2, 0, 1))
        np.testing.assert_array_equal(straight[:, one], (beeline <= limits[one]).any(axis=1))
