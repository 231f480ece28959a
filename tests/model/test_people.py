"""Estimated population: by hand, with bounds that hold, and scaled to a known total."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as some

from tulou.kernel.clock import Moment
from tulou.model.dictionary import read_dictionary
from tulou.model.people import Assumptions, estimate_population
from tulou.model.rows import rows_of
from tulou.model.state import MemoryState, Profile

DICTIONARY = read_dictionary([Path(__file__).parents[2] / "rulebooks" / "china" / "columns"])
EAST, NORTH = 560_000.0, 2_940_000.0
ASSUMED = Assumptions(40.0, (25.0, 50.0), 3.0)


def city(**tables):
    rows = {name: rows_of(DICTIONARY[name], columns) for name, columns in tables.items()}
    return MemoryState(Profile("test", "EPSG:4549"), DICTIONARY, Moment(date(2026, 1, 1)), rows)


def buildings(count, **columns):
    shapes = [shapely.box(EAST + 50 * at, NORTH, EAST + 50 * at + 20, NORTH + 10) for at in range(count)]
    return {"id": [f"b{at}" for at in range(count)], "geometry": shapes} | columns


def people(state, assumed=ASSUMED):
    """Lower bound, estimate and upper bound by building."""
    rows = estimate_population(state, assumed).rows.to_pylist()
    return {
        row["id"].removeprefix("derived:people-"): (row["residents_low"], row["residents"], row["residents_high"])
        for row in rows
    }


def test_a_residential_building_by_hand():
    found = people(city(building=buildings(1, use=["residential"], storeys=[6.0])))
    assert found == {"b0": pytest.approx((1200 / 50, 1200 / 40, 1200 / 25))}  # 20 x 10 m, 6 storeys


def test_recorded_floor_area_goes_before_storeys():
    found = people(city(building=buildings(1, use=["residential"], storeys=[6.0], floor_area=[4000.0])))
    assert found["b0"] == pytest.approx((80.0, 100.0, 160.0))


def test_height_stands_for_storeys():
    found = people(city(building=buildings(1, use=["residential"], height=[17.6])))  # 5.9, so 6 storeys of 3 m
    assert found["b0"][1] == pytest.approx(30.0)


def test_half_of_a_mixed_building_is_housing_and_none_of_a_school():
    found = people(city(building=buildings(2, use=["mixed", "education"], storeys=[6.0, 6.0])))
    assert found == {"b0": pytest.approx((12.0, 15.0, 24.0))}


def test_unknown_storeys_lie_between_the_quartiles_of_the_city():
    state = city(building=buildings(6, use=["residential"] * 6, storeys=[1.0, 2.0, 3.0, 4.0, 5.0, np.nan]))
    assert people(state)["b5"] == pytest.approx((200 * 2 / 50, 200 * 3 / 40, 200 * 4 / 25))


def test_where_no_storeys_are_on_record_the_bounds_are_wide():
    assert people(city(building=buildings(1, use=["residential"])))["b0"] == pytest.approx((4.0, 15.0, 48.0))


def test_unknown_use_is_bounded_by_nothing_and_all():
    state = city(building=buildings(3, use=["residential", "office", None], storeys=[6.0] * 3))
    assert people(state)["b2"] == pytest.approx((0.0, 15.0, 48.0))  # half of the known ground is housing


def test_unknown_use_on_residential_land_is_taken_for_homes():
    land = {"id": ["p"], "use": ["residential"], "geometry": [shapely.box(EAST - 9, NORTH - 9, EAST + 40, NORTH + 40)]}
    state = city(building=buildings(2, use=[None, "office"], storeys=[6.0] * 2), parcel=land)
    assert people(state)["b0"] == pytest.approx((0.0, 30.0, 48.0))


def test_a_known_total_is_met_and_the_bounds_move_along():
    state = city(building=buildings(2, use=["residential"] * 2, storeys=[6.0, 2.0]))
    free, scaled = people(state), people(state, Assumptions(40.0, (25.0, 50.0), 3.0, people=1000.0))
    assert sum(middle for _, middle, _ in scaled.values()) == pytest.approx(1000.0)
    assert scaled["b0"][1] == pytest.approx(750.0)
    assert np.divide(scaled["b1"], free["b1"]) == pytest.approx([25.0] * 3)


@pytest.mark.parametrize("columns", [{"use": ["education"]}, {"use": ["industrial"], "storeys": [4.0]}])
def test_where_nobody_can_live_nothing_is_estimated(columns):
    assert estimate_population(city(building=buildings(1, **columns)), ASSUMED) is None


def test_no_building_no_people():
    assert estimate_population(city(), ASSUMED) is None


BUILDING = some.tuples(
    some.sampled_from(["residential", "mixed", "office", None]),
    some.one_of(some.none(), some.integers(1, 40).map(float)),
    some.one_of(some.none(), some.floats(3.0, 120.0)),
    some.one_of(some.none(), some.floats(30.0, 9000.0)),
)


@given(some.lists(BUILDING, min_size=1, max_size=12))
def test_bounds_hold_the_estimate_and_two_runs_agree(drawn):
    names = ("use", "storeys", "height", "floor_area")
    table = buildings(
        len(drawn), **dict(zip(names, (list(column) for column in zip(*drawn, strict=True)), strict=True))
    )
    state = city(building=table)
    once = estimate_population(state, ASSUMED)
    if once is None:
        return
    rows = once.rows
    low, middle, high = (rows[name].to_numpy() for name in ("residents_low", "residents", "residents_high"))
    assert (low <= middle).all()
    assert (middle <= high).all()
    assert all(rows["estimated"].to_pylist())
    assert estimate_population(state, ASSUMED).rows.equals(rows)
