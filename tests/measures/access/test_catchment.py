import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from access import Access, weights
from measures.access.worlds import cities, grid_lines, walked
from tulou.kernel.errors import BadUse
from tulou.measures.access import catchment
from tulou.measures.access.network import walking_network

METHODS = ("2sfca", "e2sfca", "3sfca")
DECAY = ((0.0, 1.0), (150.0, 0.68), (300.0, 0.22))
TOWN = walking_network(grid_lines(11, 11, 100.0))


def plain(cost, people, capacity, radius, method):
    """The three equations of the module, written with whole matrices."""
    weight = np.select([cost >= 300, cost >= 150], [0.22, 0.68], 1.0) if method != "2sfca" else np.ones(cost.shape)
    weight = np.where(cost <= radius, weight, 0.0)
    if method == "3sfca":
        total = weight.sum(axis=1, keepdims=True)
        weight = weight * np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
    demand = people @ weight
    ratio = np.divide(capacity, demand, out=np.zeros(len(capacity)), where=demand > 0)
    return weight @ ratio


@pytest.mark.parametrize("method", METHODS)
@given(cities(), st.floats(1, 900))
def test_catchments_are_those_of_the_plain_equations(method, city, radius):
    lines, places, targets, random = city
    network = walking_network(lines)
    people, capacity = random.integers(0, 99, len(places)) * 1.0, random.integers(0, 50, len(targets)) * 1.0
    straight = np.hypot(*(places[:, None] - targets[None]).transpose(2, 0, 1))
    for cost, given_network in ((straight, None), (walked(network, places, targets), network)):
        if min(np.abs(cost - edge).min(initial=1.0) for edge in (radius, 150, 300)) < 1e-6:
            continue
        expected = plain(cost, people, capacity, radius, method)
        found = catchment.floating_catchment(
            places, people, targets, capacity, given_network, radius=radius, method=method, decay=DECAY
        )
        np.testing.assert_allclose(found.part, expected * people, rtol=1e-9, atol=1e-12)
        near = np.isfinite(cost)
        place, target = np.nonzero(near)
        table = catchment.catchment_from_table(
            (place, target, cost[near]), people, capacity, radius=radius, method=method, decay=DECAY
        )
        np.testing.assert_allclose(table, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.filterwarnings("ignore:The inplace keyword:DeprecationWarning")
@pytest.mark.parametrize("method", METHODS)
def test_tables_give_what_pysal_access_gives(method):
    random = np.random.default_rng(7)
    people, capacity = random.integers(1, 2000, 60) * 1.0, random.integers(1, 90, 25) * 1.0
    cost = random.uniform(0, 45, (60, 25))
    place, target = np.nonzero(cost < 40)
    pairs = (place, target, cost[place, target])
    frame = pd.DataFrame({"origin": place, "dest": target, "cost": pairs[2]})
    model = Access(
        demand_df=pd.DataFrame({"id": range(60), "people": people}),
        demand_index="id",
        demand_value="people",
        supply_df=pd.DataFrame({"id": range(25), "beds": capacity}),
        supply_index="id",
        supply_value="beds",
        cost_df=frame,
        cost_origin="origin",
        cost_dest="dest",
        cost_name="cost",
    )
    steps = weights.step_fn({10: 1, 20: 0.68, 30: 0.22})
    theirs = {
        "2sfca": lambda: model.two_stage_fca(name="x", max_cost=30),
        "e2sfca": lambda: model.enhanced_two_stage_fca(name="x", weight_fn=steps, max_cost=30),
        "3sfca": lambda: model.three_stage_fca(name="x", weight_fn=steps, max_cost=30),
    }[method]()
    decay = ((0, 1), (10, 0.68), (20, 0.22))
    ours = catchment.catchment_from_table(pairs, people, capacity, radius=30, method=method, decay=decay)
    np.testing.assert_allclose(ours, theirs["x_beds"].reindex(range(60)).fillna(0), rtol=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_all_capacity_that_somebody_reaches_is_handed_out(method):
    random = np.random.default_rng(3)
    places, targets = random.uniform(0, 1000, (500, 2)), random.uniform(0, 1000, (9, 2))
    people, capacity = random.uniform(1, 9, 500), random.uniform(1, 90, 9)
    for network in (None, TOWN):
        found = catchment.floating_catchment(
            places, people, targets, capacity, network, radius=400.0, method=method, decay=DECAY
        )
        assert found.part.sum() == pytest.approx(capacity.sum(), rel=1e-12)
        assert found.whole.sum() == pytest.approx(people.sum())


@pytest.mark.parametrize("threads", ["1", "3", "7"])
def test_the_number_of_threads_changes_no_bit(threads, monkeypatch):
    random = np.random.default_rng(5)
    places, targets = random.uniform(0, 1000, (800, 2)), random.uniform(0, 1000, (50, 2))
    asked = (places, random.uniform(1, 9, 800), targets, random.uniform(1, 90, 50))
    usual = catchment.floating_catchment(*asked, TOWN, radius=700.0, method="3sfca", decay=DECAY)
    monkeypatch.setenv("NUMBA_NUM_THREADS", threads)
    again = catchment.floating_catchment(*asked, TOWN, radius=700.0, method="3sfca", decay=DECAY)
    np.testing.assert_array_equal(usual.part, again.part)


def test_unknown_people_take_no_part_and_unknown_capacity_makes_its_places_unknown():
    places = np.array([[0.0, 0], [10, 0], [np.nan, 0], [5000, 0]])
    targets = np.array([[0.0, 10], [5000, 10]])
    found = catchment.floating_catchment(
        places, np.array([2.0, np.nan, 5, 1]), targets, np.array([6.0, np.nan]), radius=100.0, method="2sfca"
    )
    np.testing.assert_array_equal(found.part, [6, np.nan, np.nan, np.nan])
    np.testing.assert_array_equal(found.whole, [2, np.nan, 5, 1])


@pytest.mark.parametrize("network", [None, TOWN, walking_network(np.empty(0, object))])
def test_nothing_gives_nothing(network):
    empty, none = np.empty((0, 2)), np.empty(0)
    asked = {"radius": 0.0, "method": "3sfca", "decay": DECAY}
    assert len(catchment.floating_catchment(empty, none, np.zeros((1, 2)), np.ones(1), network, **asked).part) == 0
    assert list(catchment.floating_catchment(np.zeros((1, 2)), np.ones(1), empty, none, network, **asked).part) == [0]
    unknown = np.full((1, 2), np.nan)
    assert list(
        catchment.floating_catchment(np.zeros((1, 2)), np.ones(1), unknown, np.ones(1), network, **asked).part
    ) == [0]


@pytest.mark.parametrize("decay", [(), ((10, 1), (0, 1)), ((0, -1),), ((0, np.nan),)])
def test_a_decay_that_means_nothing_is_refused(decay):
    with pytest.raises(BadUse):
        catchment.floating_catchment(
            np.zeros((1, 2)), np.ones(1), np.zeros((1, 2)), np.ones(1), radius=1.0, method="e2sfca", decay=decay
        )


def test_shortage_is_counted_in_each_area_or_at_the_nearest_school():
    schools, capacity = np.array([[0.0, 0], [600, 0], [np.nan, 0], [9000, 0]]), np.array([10.0, 50, 5, np.nan])
    homes = np.array([[100.0, 0], [300, 0], [500, 0], [5000, 0], [100, 0]])
    children = np.array([8.0, 7, 40, 99, np.nan])
    every = catchment.catchment_shortage(schools, capacity, homes, children, radius=500.0)
    np.testing.assert_array_equal(every.whole, [55, 55, np.nan, 0])
    np.testing.assert_array_equal(every.part, [45, 5, np.nan, np.nan])
    nearest = catchment.catchment_shortage(schools, capacity, homes, children, radius=500.0, assign="nearest")
    assert nearest.whole[:2].sum() == 55
    assert nearest.part[0] in {0, 5}  # the home midway belongs to one of the two
    walking = catchment.catchment_shortage(schools, capacity, homes, children, TOWN, radius=500.0)
    np.testing.assert_array_equal(walking.whole, [55, 55, np.nan, 0])
    once = catchment.catchment_shortage(schools, capacity, homes, children, TOWN, radius=500.0, assign="nearest")
    assert once.whole[:2].sum() == 55


@pytest.mark.parametrize("assign", ["every", "nearest"])
def test_an_area_in_which_nobody_is_counted_is_unknown_and_never_without_shortage(assign):
    schools = np.array([[0.0, 0], [2000, 0], [4000, 0]])
    homes = np.array([[10.0, 0], [20, 0], [2010, 0]])
    found = catchment.catchment_shortage(
        schools, np.array([10.0, 10, 10]), homes, np.array([25.0, np.nan, np.nan]), radius=500.0, assign=assign
    )
    np.testing.assert_array_equal(found.part, [15, np.nan, 0])


def test_shortage_by_district():
    districts = np.array(
        [shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10), None, shapely.box(90, 0, 99, 9)], object
    )
    found = catchment.district_shortage(
        districts,
        np.array([[1.0, 1], [2, 2], [15, 1]]),
        np.array([10.0, 10, np.nan]),
        np.array([[5.0, 5], [10, 5], [15, 5], [50, 5]]),
        np.array([25.0, 6, np.nan, 9]),
    )
    # The home on the shared border belongs to the first district.
    np.testing.assert_array_equal(found.whole, [31, 0, np.nan, 0])
    np.testing.assert_array_equal(found.part, [11, np.nan, np.nan, 0])
