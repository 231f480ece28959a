import numpy as np
import pytest
from hypothesis import given

from measures.access.worlds import cities, grid_lines
from tulou.kernel.errors import BadUse
from tulou.measures.access import circles
from tulou.measures.access.network import walking_network
from tulou.measures.access.reach import nearest_straight, nearest_walking

TOWN = walking_network(grid_lines(11, 11, 100.0))
PLACES = np.array([[0.0, 0], [200, 200], [1000, 1000], [np.nan, 0]])
TARGETS = np.array([[0.0, 100], [0, 200], [300, 200]])
GROUP = np.array(["shop", "school", "shop"], object)
PEOPLE = np.array([10.0, 20, 30, 40])


def test_the_share_of_the_kinds_reached():
    found = circles.groups_reached(PLACES, PEOPLE, TARGETS, GROUP, required="shop, school", radius=300.0)
    np.testing.assert_array_equal(found.part, [10, 20, 0, np.nan])
    np.testing.assert_array_equal(found.whole, PEOPLE)
    assert found.low is None
    walking = circles.groups_reached(PLACES, PEOPLE, TARGETS, GROUP, TOWN, required="shop, school", radius=150.0)
    np.testing.assert_array_equal(walking.part, [5, 10, 0, np.nan])


def test_a_kind_may_have_its_own_reach():
    found = circles.all_groups_reached(PLACES, PEOPLE, TARGETS, GROUP, required="shop 100 m、school 250 m", radius=1.0)
    np.testing.assert_array_equal(found.part, [10, 20, 0, np.nan])
    assert list(found.cause) == [None, None, "too_far", None]


def test_a_kind_nobody_recorded_is_unknown_and_never_a_pass():
    share = circles.groups_reached(PLACES, PEOPLE, TARGETS, GROUP, required="shop, school, bank", radius=300.0)
    np.testing.assert_array_equal(share.part, [10, 20, 0, np.nan])
    np.testing.assert_allclose(share.low, [20 / 3, 40 / 3, 0, np.nan])
    np.testing.assert_allclose(share.high, [10, 20, 10, np.nan])
    every = circles.all_groups_reached(PLACES, PEOPLE, TARGETS, GROUP, required="shop, school, bank", radius=300.0)
    np.testing.assert_array_equal(every.part, [np.nan, np.nan, 0, np.nan])
    np.testing.assert_array_equal(every.low, [0, 0, 0, np.nan])
    np.testing.assert_array_equal(every.high, [10, 20, 0, np.nan])


def test_a_kind_claimed_complete_and_absent_is_missing():
    known = np.array(["bank", None], object)
    found = circles.all_groups_reached(
        PLACES, PEOPLE, TARGETS, GROUP, known=known, required="shop, school, bank", radius=300.0
    )
    np.testing.assert_array_equal(found.part, [0, 0, 0, np.nan])


def test_nothing_known_says_nothing():
    found = circles.groups_reached(PLACES, PEOPLE, TARGETS[:0], GROUP[:0], required="shop", radius=300.0)
    assert np.isnan(found.part).all()
    np.testing.assert_array_equal(found.high, [10, 20, 30, np.nan])


@pytest.mark.parametrize("text", ["", " , ", "shop, shop", "shop 5 km", "a b c"])
def test_a_list_that_cannot_be_read_is_refused(text):
    with pytest.raises(BadUse):
        circles.groups_reached(PLACES, PEOPLE, TARGETS, GROUP, required=text, radius=300.0)


def test_kinds_must_stand_beside_targets():
    with pytest.raises(BadUse, match="columns differ"):
        circles.groups_reached(PLACES, PEOPLE, TARGETS, GROUP[:1], required="shop", radius=300.0)


@given(cities())
def test_circles_are_made_of_nearest_distances(city):
    lines, places, targets, random = city
    network = walking_network(lines)
    group = np.array(["a", "b", "c"], object)[random.integers(0, 3, len(targets))]
    known, weight = np.array(["a", "b", "c"], object), np.ones(len(places))
    for given_network in (None, network):
        count = np.zeros(len(places))
        for kind in known:
            mine = targets[group == kind]
            near = nearest_straight(places, mine) if given_network is None else nearest_walking(places, mine, network)
            count += near <= 400
        asked = (places, weight, targets, group, given_network, known)
        share = circles.groups_reached(*asked, required="a,b,c", radius=400.0)
        np.testing.assert_allclose(share.part, count / 3)
        whole = circles.all_groups_reached(*asked, required="a,b,c", radius=400.0)
        np.testing.assert_array_equal(whole.part, count == 3)
