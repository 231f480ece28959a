import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from measures.access.worlds import cities, grid_lines, walked
from tulou.kernel.errors import BadUse
from tulou.measures.access import counts, reach
from tulou.measures.access.network import walking_network

EMPTY = np.empty((0, 2))
TOWN = walking_network(grid_lines(11, 11, 100.0))


def shapes(*texts):
    return np.array([shapely.from_wkt(text) for text in texts], object)


@given(cities())
def test_nearest_is_that_of_dijkstra_on_the_graph_with_all_places_put_in(city):
    lines, places, targets, _ = city
    network = walking_network(lines)
    found = reach.nearest_walking(places, targets, network)
    slow = walked(network, places, targets).min(axis=1, initial=np.inf)
    np.testing.assert_allclose(found, slow, rtol=1e-9, atol=1e-9)


@given(cities(), st.floats(0, 900))
def test_counts_are_those_of_dijkstra(city, radius):
    lines, places, targets, _ = city
    network = walking_network(lines)
    slow = walked(network, places, targets)
    # A radius that a distance meets but for rounding decides nothing.
    if (np.abs(slow - radius) < 1e-6).any():
        return
    found = counts.count_within_walking(places, targets, network, radius=radius)
    np.testing.assert_array_equal(found, (slow <= radius).sum(axis=1))


@given(cities(), st.floats(0, 900))
def test_straight_counts_and_distances_are_plain(city, radius):
    _, places, targets, _ = city
    plain = np.hypot(*(places[:, None] - targets[None]).transpose(2, 0, 1))
    np.testing.assert_allclose(reach.nearest_straight(places, targets), plain.min(axis=1, initial=np.inf))
    if not (np.abs(plain - radius) < 1e-6).any():
        found = counts.count_within_straight(places, targets, radius=radius)
        np.testing.assert_array_equal(found, (plain <= radius).sum(axis=1))


def test_in_a_chequered_town_distance_is_that_of_the_streets():
    x, y = np.meshgrid(np.arange(11) * 100.0, np.arange(11) * 100.0)
    places = np.column_stack([x.ravel(), y.ravel()])
    target = np.array([[300.0, 400.0]])
    found = reach.nearest_walking(places, target, TOWN)
    np.testing.assert_allclose(found, np.abs(places - target).sum(axis=1))
    within = counts.count_within_walking(places, target, TOWN, radius=200.0)
    assert within.sum() == 13  # the diamond of two blocks


def test_places_on_one_edge_walk_straight_along_it():
    town = walking_network(shapes("LINESTRING(0 0, 1000 0)"))
    found = reach.nearest_walking(np.array([[400.0, 5.0]]), np.array([[450.0, -3.0]]), town)
    assert found == pytest.approx([5 + 50 + 3])


def test_another_part_of_the_network_cannot_be_reached_however_near():
    parts = walking_network(shapes("LINESTRING(0 0, 100 0)", "LINESTRING(0 10, 100 10)"))
    place, target = np.array([[50.0, 0.0]]), np.array([[50.0, 10.0]])
    assert np.isinf(reach.nearest_walking(place, target, parts)).all()
    found = reach.reached_walking(place, np.array([7.0]), target, parts, radius=((0, 500),))
    assert (found.part[0], found.whole[0], found.cause[0], found.nearest[0]) == (0, 7, "barrier", 0)


def test_unknown_is_not_zero():
    places, weight = np.array([[0.0, 0], [np.nan, 0], [0, 0], [900, 0]]), np.array([1.0, 1, np.nan, np.nan])
    found = reach.reached_straight(places, weight, np.array([[10.0, 0]]), radius=((0, 500),))
    np.testing.assert_array_equal(found.part, [1, np.nan, np.nan, np.nan])
    np.testing.assert_array_equal(found.whole, weight)
    assert np.isnan(reach.nearest_straight(places, EMPTY)[1])
    assert np.isnan(reach.nearest_walking(places, EMPTY, TOWN)[1])
    assert np.isnan(counts.count_within_walking(places, places, TOWN, radius=1.0)[1])
    assert np.isnan(counts.count_within_straight(places, places, radius=1.0)[1])


def test_each_cause_is_told():
    places = np.array([[0.0, 0.0]])
    one = np.ones(1)
    steps = ((2000.0, 300.0), (5000.0, 500.0))

    def cause(target, size, closed):
        found = reach.reached_straight(
            places, one, np.array([[target, 0.0]]), np.array([size]), np.array([closed]), radius=steps
        )
        return found.part[0], found.cause[0], found.nearest[0]

    assert cause(400.0, 6000.0, 0.0) == (1, None, 0)
    assert cause(400.0, 3000.0, 0.0) == (0, "too_far", 0)
    assert cause(250.0, 1000.0, 0.0) == (0, "too_small", 0)
    assert cause(250.0, 3000.0, 1.0) == (0, "closed", 0)
    assert cause(250.0, 3000.0, np.nan)[0] == 1
    nothing = reach.reached_straight(places, one, EMPTY, radius=((0, 300),))
    assert (nothing.part[0], nothing.cause[0], nothing.nearest[0]) == (0, "no_facility", -1)


def test_a_target_of_unknown_size_makes_unknown_what_only_it_might_reach():
    places = np.array([[0.0, 0.0], [700.0, 0.0], [5000.0, 0.0]])
    targets, size = np.array([[250.0, 0.0], [900.0, 0.0]]), np.array([np.nan, 3000.0])
    found = reach.reached_straight(places, np.ones(3), targets, size, radius=((2000, 300), (5000, 500)))
    np.testing.assert_array_equal(found.part, [np.nan, 1, 0])
    assert list(found.cause) == [None, None, "too_far"]


def test_the_bound_of_a_step_belongs_to_it_and_the_radius_is_within():
    place, size = np.array([[0.0, 0.0]]), np.array([5000.0])
    for distance, expected in ((500.0, 1), (np.nextafter(500.0, 1e9), 0)):
        found = reach.reached_straight(
            place, np.ones(1), np.array([[distance, 0.0]]), size, radius=((2000, 300), (5000, 500))
        )
        assert found.part[0] == expected


@pytest.mark.parametrize("radius", [(), ((5, 1), (2, 1)), ((0, -1),), ((0, np.nan),), ((2000, 300),)])
def test_a_reach_that_means_nothing_is_refused(radius):
    with pytest.raises(BadUse):
        reach.reached_straight(EMPTY, np.empty(0), EMPTY, radius=radius)


def test_parks_are_reached_at_their_outline_and_inside():
    park = shapes("POLYGON((200 200,400 200,400 400,200 400,200 200))")
    places = np.array([[300.0, 300], [300, 150], [0, 0]])
    assert reach.nearest_straight_shapes(places, park) == pytest.approx([0, 50, np.hypot(200, 200)])
    assert reach.nearest_walking_shapes(places, park, TOWN) == pytest.approx([0, 50, 400])
    found = reach.reached_walking_shapes(places, np.ones(3), park, TOWN, np.array([40_000.0]), radius=((0, 350),))
    assert list(found.part) == [1, 1, 0]
    assert list(found.cause) == [None, None, "barrier"]


def test_those_left_out_are_counted():
    places = np.array([[0.0, 0], [1000, 1000], [np.nan, 0]])
    target = shapes("POINT(0 100)")
    for found in (
        reach.unreached_straight(places, target, radius=((0, 100),)),
        reach.unreached_walking(places, target, TOWN, radius=((0, 100),)),
    ):
        np.testing.assert_array_equal(found.part, [0, 1, np.nan])
        np.testing.assert_array_equal(found.whole, [1, 1, 1])


@given(cities(), st.floats(0, 800))
def test_reached_is_nearest_compared_with_the_radius(city, radius):
    lines, places, targets, random = city
    network, weight = walking_network(lines), random.uniform(0, 9, len(places))
    distance = reach.nearest_walking(places, targets, network)
    found = reach.reached_walking(places, weight, targets, network, radius=((0, radius),))
    np.testing.assert_array_equal(found.part, np.where(distance <= radius, weight, 0))
    assert all((word is None) == inside for word, inside in zip(found.cause, distance <= radius, strict=True))


@pytest.mark.parametrize("network", [walking_network(np.empty(0, object)), TOWN])
def test_no_places_no_targets_no_network(network):
    nothing = np.empty(0)
    assert len(reach.nearest_walking(EMPTY, EMPTY, network)) == 0
    found = reach.reached_walking(np.zeros((1, 2)), np.ones(1), EMPTY, network, radius=((0, 0),))
    assert (found.part[0], found.cause[0]) == (0, "no_facility")
    assert len(reach.reached_walking(EMPTY, nothing, np.zeros((1, 2)), network, radius=((0, 9),)).part) == 0
    assert list(counts.count_within_walking(np.zeros((1, 2)), EMPTY, network, radius=0.0)) == [0]
    none = np.array([None, shapely.Polygon()], object)
    assert np.isinf(reach.nearest_walking_shapes(np.zeros((1, 2)), none, network)).all()
    assert np.isinf(reach.nearest_straight_shapes(np.zeros((1, 2)), none)).all()


def test_radius_zero_reaches_what_stands_at_the_same_spot_of_the_way():
    spot = np.array([[100.0, 100.0]])
    assert counts.count_within_walking(spot, np.repeat(spot, 3, axis=0), TOWN, radius=0.0)[0] == 3
