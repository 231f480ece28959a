import itertools

import numpy as np
import pytest
import shapely
from hypothesis import given

from measures.access.worlds import cities
from tulou.kernel.network import Network
from tulou.measures.access.network import walking_network
from tulou.measures.access.pieces import Outlines, Pieces
from tulou.measures.access.snap import snap


def drawn(network):
    first = network.path_first
    return np.array([shapely.LineString(network.path[a:b]) for a, b in itertools.pairwise(first)], object)


@given(cities(most=40))
def test_places_join_the_nearest_point_of_the_nearest_edge(city):
    lines, places, *_ = city
    network = walking_network(lines)
    joined = snap(network, places)
    if not network.size:
        assert (joined.edge == -1).all()
        assert np.isinf(joined.away).all()
        return
    shapes, points = drawn(network), shapely.points(places)
    nearest = shapely.distance(points[:, None], shapes[None, :]).min(axis=1)
    np.testing.assert_allclose(joined.away, nearest, atol=1e-9)
    np.testing.assert_allclose(joined.along + joined.rest, network.length[joined.edge], rtol=1e-12)
    spot = shapely.line_interpolate_point(shapes[joined.edge], joined.along)
    np.testing.assert_allclose(shapely.distance(points, spot), joined.away, atol=1e-6)


def test_a_network_without_drawn_paths_has_straight_edges():
    network = Network.of_edges(np.array([[0.0, 0], [100, 0]]), np.array([0]), np.array([1]), np.array([70.0]))
    joined = snap(network, np.array([[25.0, 3.0], [np.nan, 0.0], [-4.0, 3.0]]), pace=2.0)
    assert list(joined.edge) == [0, -1, 0]
    assert joined.along == pytest.approx([17.5, 0, 0])
    assert joined.rest == pytest.approx([52.5, 0, 70])
    assert joined.away == pytest.approx([6, np.inf, 10])


@given(cities(most=40))
def test_the_grid_of_pieces_misses_nothing(city):
    _, places, targets, random = city
    ends = np.concatenate([random.uniform(0, 1000, (30, 4)), np.tile(targets, 2), [[0, 0, 1e5, 3]]])
    found = Pieces(ends).nearest(places)
    shapes = shapely.linestrings(ends.reshape(-1, 2, 2))
    np.testing.assert_allclose(found.away, shapely.distance(shapely.points(places)[:, None], shapes).min(1), atol=1e-9)
    near = Pieces(ends).nearest(places, 50.0)
    np.testing.assert_array_equal(near.piece >= 0, found.away <= 50.0)


def test_the_limit_itself_is_within():
    assert Pieces(np.array([[0.0, 0, 10, 0]])).nearest(np.array([[5.0, 7.0]]), 7.0).piece[0] == 0


def test_outlines_of_all_kinds_of_shapes():
    shapes = np.array(
        [
            shapely.Point(0, 0),
            None,
            shapely.from_wkt(
                "MULTIPOLYGON(((100 0,200 0,200 100,100 100,100 0),(120 20,180 20,180 80,120 80,120 20)))"
            ),
            shapely.from_wkt("GEOMETRYCOLLECTION(LINESTRING(0 300,100 300),POINT(500 500))"),
            shapely.Polygon(),
        ],
        object,
    )
    points = np.array([[3.0, 4], [110, 50], [150, 50], [50, 290], [500, 501], [np.nan, 1]])
    away, which = Outlines.of(shapes).nearest(points)
    assert away == pytest.approx([5, 0, 30, 10, 1, np.inf])
    assert list(which) == [0, 2, 2, 3, 3, -1]
