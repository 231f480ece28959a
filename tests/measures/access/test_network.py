import itertools

import numpy as np
import pytest
import shapely
from hypothesis import given
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from measures.access.worlds import cities, components, grid_lines
from tulou.kernel.errors import BadUse
from tulou.measures.access.network import merged, morton, walking_network


def lines(*texts):
    return np.array([shapely.from_wkt(text) for text in texts], object)


def test_a_chequered_town_has_its_crossings_as_nodes_and_its_streets_as_edges():
    network = walking_network(grid_lines(11, 11, 100.0))
    # The four corners lie between two pieces each and are contracted.
    assert network.size == 121 - 4
    assert len(network.start) == 220 - 4
    assert network.length.sum() == pytest.approx(22_000)


def test_lines_meet_only_where_both_have_a_vertex():
    bridge = lines("LINESTRING(0 0, 100 0)", "LINESTRING(50 -50, 50 50)")
    crossing = lines("LINESTRING(0 0, 50 0, 100 0)", "LINESTRING(50 -50, 50 0, 50 50)")
    assert (walking_network(bridge).size, walking_network(crossing).size) == (4, 5)


def test_vertices_within_a_centimetre_are_one_also_across_cells():
    apart = lines("LINESTRING(0 0, 100 0)", "LINESTRING(100.009 0, 200 0)", "LINESTRING(200.02 0, 300 0)")
    network = walking_network(apart)
    assert network.size == 4
    assert components(network).max() == 1
    node = merged(np.array([[0.00999999, 0.0], [0.01000001, 0.0], [5.0, 0.0], [np.nan, 0.0]]))[1]
    assert node[0] == node[1] != node[2]
    assert node[3] == -1


def test_a_ring_without_any_crossing_becomes_one_loop():
    network = walking_network(lines("LINESTRING(0 0, 10 0, 10 10, 0 10, 0 0)"))
    assert (network.size, len(network.start)) == (1, 1)
    assert network.start[0] == network.end[0]
    assert network.length[0] == pytest.approx(40)


def test_what_cannot_be_walked_is_left_out():
    found = walking_network(
        lines("LINESTRING(0 0, 10 0)", "LINESTRING(10 0, 20 0)", "LINESTRING(20 0, 30 0)"),
        np.array([True, False, True]),
        np.array([1.0, 1.0, np.nan]),
    )
    assert found.length.sum() == 10


@pytest.mark.parametrize(
    "nothing",
    [[], [None], ["LINESTRING EMPTY"], ["POINT(0 0)"], ["LINESTRING(5 5, 5 5)"], ["LINESTRING(0 0, inf 0)"]],
)
def test_nothing_makes_an_empty_network(nothing):
    shapes = np.array([text if text is None else shapely.from_wkt(text) for text in nothing], object)
    network = walking_network(shapes, largest_only=True)
    assert (network.size, len(network.start), len(components(network))) == (0, 0, 0)


def test_columns_of_another_length_are_refused():
    with pytest.raises(BadUse, match="columns differ in length"):
        walking_network(lines("LINESTRING(0 0, 1 0)"), np.array([True, False]))


def test_the_factor_makes_seconds_and_pieces_of_another_pace_are_not_joined():
    network = walking_network(lines("LINESTRING(0 0, 10 0)", "LINESTRING(10 0, 30 0)"), factor=np.array([0.5, 2.0]))
    assert sorted(network.length) == [5.0, 40.0]


def test_ways_are_kept_or_joined_as_asked():
    two = lines("LINESTRING(0 0, 10 0)", "LINESTRING(10 0, 30 0)")
    assert list(walking_network(two).way) == [-1]
    assert sorted(walking_network(two, across_ways=False).way) == [0, 1]


def test_the_largest_part_can_be_kept_alone():
    parts = lines("LINESTRING(0 0, 10 0)", "LINESTRING(100 0, 110 0, 120 5)", "LINESTRING(110 0, 110 9)")
    network = walking_network(parts, largest_only=True)
    assert network.places[:, 0].min() == 100
    assert list(np.bincount(components(walking_network(parts)))) == [4, 2]


def test_a_curve_through_the_plane_visits_quarters_in_turn():
    corner = np.array([[0.0, 0], [100, 0], [0, 100], [100, 100]])
    assert list(np.argsort(morton(corner))) == [0, 1, 2, 3]
    assert len(morton(np.empty((0, 2)))) == 0


@given(cities())
def test_contraction_keeps_every_distance_between_junctions(city):
    shapes, *_ = city
    network = walking_network(shapes)
    points = np.unique(shapely.get_coordinates(shapes), axis=0)
    number = {tuple(point): k for k, point in enumerate(points)}
    plain = np.full((len(points), len(points)), np.inf)
    for shape in shapes:
        spots = [number[tuple(point)] for point in shapely.get_coordinates(shape)]
        for a, b in itertools.pairwise(spots):
            plain[a, b] = plain[b, a] = np.hypot(*(points[a] - points[b])) if a != b else np.inf
    near = np.isfinite(plain)
    every = dijkstra(coo_array((plain[near], np.nonzero(near)), shape=plain.shape), directed=False)
    pick = [number[tuple(place)] for place in network.places]
    best = np.full((network.size, network.size), np.inf)
    np.minimum.at(best, (network.start, network.end), network.length)
    near = np.isfinite(best)
    found = dijkstra(coo_array((best[near], np.nonzero(near)), shape=best.shape), directed=False)
    np.testing.assert_allclose(found, every[np.ix_(pick, pick)], rtol=1e-12)


@given(cities())
def test_edges_are_drawn_from_end_to_end_at_their_length(city):
    network = walking_network(city[0])
    for edge in range(len(network.start)):
        path = network.path[network.path_first[edge] : network.path_first[edge + 1]]
        np.testing.assert_array_equal(path[0], network.places[network.start[edge]])
        np.testing.assert_array_equal(path[-1], network.places[network.end[edge]])
        assert np.hypot(*np.diff(path, axis=0).T).sum() == pytest.approx(network.length[edge])
