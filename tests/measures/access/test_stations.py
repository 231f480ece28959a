import numpy as np
import pytest
import shapely
from scipy.spatial import KDTree

from measures.access.worlds import grid_lines
from tulou.kernel.errors import BadUse
from tulou.measures.access import stations
from tulou.measures.access.network import walking_network

# Streets of 100 m that take 10 s each.
ROADS = walking_network(grid_lines(11, 11, 100.0), factor=np.full(22, 0.1))
LAND = np.array([shapely.box(0, 0, 1000, 1000)], object)


def test_people_reached_in_time_by_vehicle():
    places = np.array([[0.0, 0], [500, 500], [500, 520], [np.nan, 0]])
    station = np.array([[0.0, 0]])
    found = stations.reached_driving(places, np.arange(1.0, 5), station, ROADS, time=100.0, access_speed=5.0)
    # 1,000 m of street take 100 s; 20 m beyond the street take 4 s more.
    np.testing.assert_array_equal(found.part, [1, 2, 0, np.nan])
    assert found.cause[2] == "too_far"


def test_land_reached_in_time_by_vehicle():
    found = stations.land_within_driving(LAND, np.array([[500.0, 500]]), ROADS, time=1000.0, access_speed=5.0)
    assert (found.part[0], found.low[0], found.high[0]) == pytest.approx((1e6, 1e6, 1e6))
    some = stations.land_within_driving(LAND, np.array([[500.0, 500]]), ROADS, time=40.0, access_speed=5.0)
    assert 0 < some.low[0] < some.part[0] < some.high[0] < 2 * 400**2 * 1.2


def test_a_speed_of_nothing_is_refused():
    with pytest.raises(BadUse, match="speed"):
        stations.reached_driving(np.zeros((1, 2)), np.ones(1), np.zeros((1, 2)), ROADS, time=1.0, access_speed=0.0)


def test_districts_share_the_land_among_the_nearest():
    random = np.random.default_rng(2)
    spots = random.uniform(0, 1000, (7, 2))
    found = stations.station_area(spots, LAND)
    assert found.sum() == pytest.approx(1e6, rel=1e-9)
    sample = (np.stack(np.meshgrid(*[np.arange(400)] * 2), -1).reshape(-1, 2) + 0.5) * 2.5
    counted = np.bincount(KDTree(spots).query(sample)[1], minlength=7) / len(sample) * 1e6
    np.testing.assert_allclose(found, counted, atol=2000)


def test_one_station_two_at_one_spot_and_an_unknown_one():
    assert list(stations.station_area(np.array([[5000.0, 0]]), LAND)) == [1e6]
    spots = np.array([[250.0, 500], [750, 500], [250, 500], [np.nan, 0]])
    np.testing.assert_allclose(stations.station_area(spots, LAND), [250_000, 500_000, 250_000, np.nan])
    assert np.isnan(stations.station_area(spots[3:], LAND)).all()
    assert len(stations.station_area(spots[:0], LAND)) == 0
    assert list(stations.station_area(spots[:1], np.array([None], object))) == [0]


def test_stations_are_judged_by_the_limit_of_their_grade():
    spots = np.array([[250.0, 500], [750, 500], [np.nan, 0], [5e6, 0]])
    grade = np.array(["class_1", "small", "class_2", None], object)
    limits = {"class_1": 500_000.0, "class_2": 1.0, "small": 499_999.0, "special": 1.0}
    found = stations.stations_within_limit(spots, grade, LAND, **limits)
    np.testing.assert_array_equal(found.part, [1, 0, np.nan, np.nan])
    with pytest.raises(BadUse, match="columns differ"):
        stations.stations_within_limit(spots, grade[:1], LAND, **limits)


def test_land_served_is_limited_by_what_a_station_can_answer_for():
    spots = np.array([[250.0, 500], [750, 500]])
    land = np.array([shapely.box(0, 0, 500, 1000), shapely.box(400, 0, 900, 1000), None], object)
    found = stations.land_served_by_stations(land, spots, np.array([250_000.0, 1e9]))
    np.testing.assert_allclose(found.part, [250_000, 50_000 + 400_000, np.nan])
    unknown = stations.land_served_by_stations(land, spots, np.array([np.nan, 1e9]))
    np.testing.assert_array_equal(np.isnan(unknown.part), [True, True, True])
    none = stations.land_served_by_stations(land, spots[:0], np.empty(0))
    np.testing.assert_array_equal(none.part, [0, 0, np.nan])
