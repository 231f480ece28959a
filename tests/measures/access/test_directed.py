"""Driving along one-way streets, against a plain Dijkstra over directed arcs."""

import heapq

import numpy as np
import pytest
import shapely

from tulou.measures.access.directed import directions, driving_times, one_way
from tulou.measures.access.network import walking_network


def network_of(lines, oneway):
    lines = np.array([shapely.LineString(line) for line in lines], object)
    made = walking_network(lines, across_ways=False)
    signs = directions(made, lines, np.array(oneway, bool))
    return one_way(made, signs), signs


SQUARE = [[(0, 0), (100, 0)], [(100, 0), (100, 100)], [(100, 100), (0, 100)], [(0, 100), (0, 0)]]


def test_round_a_one_way_block_the_way_back_is_three_times_as_long():
    network, signs = network_of(SQUARE, [True] * 4)
    times = driving_times(network, signs, np.array([[20.0, 0]]), np.array([[70.0, 0], [10.0, 0], [0, 50]]), pace=1.0)
    assert times[:, 0] == pytest.approx([50, 390, 330])
    network, signs = network_of(SQUARE, [False] * 4)
    times = driving_times(network, signs, np.array([[20.0, 0]]), np.array([[70.0, 0], [10.0, 0], [0, 50]]), pace=1.0)
    assert times[:, 0] == pytest.approx([50, 10, 70])


def test_a_line_drawn_the_other_way_turns_the_traffic():
    turned = [line[::-1] for line in SQUARE]
    network, signs = network_of(turned, [True] * 4)
    times = driving_times(network, signs, np.array([[20.0, 0]]), np.array([[70.0, 0], [10.0, 0]]), pace=1.0)
    assert times[:, 0] == pytest.approx([350, 10])


def test_a_dead_end_one_way_is_never_left_against_the_traffic_and_off_the_road_is_paced():
    network, signs = network_of([[(0, 0), (100, 0)], [(100, 0), (200, 0)]], [True, False])
    times = driving_times(
        network, signs, np.array([[150.0, 10]]), np.array([[50.0, 0], [180, 0], [np.nan, 0]]), pace=2.0
    )
    assert times[:, 0] == pytest.approx([np.inf, 20 + 30, np.inf])


def test_the_limit_cuts():
    network, signs = network_of([[(0, 0), (1000, 0)]], [False])
    places = np.array([[100.0, 0], [300.0, 0]])
    times = driving_times(network, signs, np.array([[0.0, 0]]), places, pace=1.0, limit=200)
    assert times[:, 0] == pytest.approx([100, np.inf])


def plain(network, source):
    """Dijkstra over the arcs that may be driven."""
    dist = {source: 0.0}
    heap = [(0.0, source)]
    while heap:
        at, node = heapq.heappop(heap)
        if at > dist[node]:
            continue
        for arc in range(network.first[node], network.first[node + 1]):
            there, head = at + network.cost[arc], int(network.neighbour[arc])
            if there < dist.get(head, np.inf):
                dist[head] = there
                heapq.heappush(heap, (there, head))
    return dist


@pytest.mark.parametrize("seed", range(5))
def test_times_between_junctions_are_those_of_a_plain_search(seed):
    draw = np.random.default_rng(seed)
    lines = [[(x * 100, y * 100), (x * 100 + 100, y * 100)] for x in range(5) for y in range(6)]
    lines += [[(x * 100, y * 100), (x * 100, y * 100 + 100)] for x in range(6) for y in range(5)]
    lines = [line[::-1] if draw.random() < 0.5 else line for line in lines]
    network, signs = network_of(lines, draw.random(len(lines)) < 0.6)
    source = int(draw.integers(network.size))
    dist = plain(network, source)
    times = driving_times(network, signs, network.places[[source]], network.places, pace=1.0)[:, 0]
    assert times == pytest.approx([dist.get(node, np.inf) for node in range(network.size)])
