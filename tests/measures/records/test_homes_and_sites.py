"""Homes that need work, and sites by where they lie."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tulou.measures.records import homes, sites

NAN = np.nan


def col(*values: float) -> np.ndarray:
    return np.array(values, np.float64)


def shapes(*texts: str | None) -> np.ndarray:
    return np.array([None if text is None else shapely.from_wkt(text) for text in texts], object)


def test_a_lift_that_can_be_added_is_a_need_and_one_that_stands_is_none() -> None:
    found = homes.age_friendly_gap(col(0, 1, 0, NAN), col(1, 1, 0, 1), col(1, 1, 1, 0), col(0, 0, 0, 0))
    np.testing.assert_array_equal(found.part, [1, 0, 0, 1])


def test_the_year_2000_itself_is_not_before_2000() -> None:
    found = homes.retrofit_need(col(1999, 2000, NAN, 1985), col(1, 1, 1, 1), col(0, 0, 0, 1), before=2000.0)
    np.testing.assert_array_equal(found.part, [1, 0, NAN, 0])


def test_smoke_alarms_are_asked_of_high_rises_only() -> None:
    have = col(1, 1, 1, 1)
    found = homes.digital_equipment_gap(have, have, col(0, 0, NAN, NAN), col(27, 27.1, 20, 40), high_rise=27.0)
    np.testing.assert_array_equal(found.part, [0, 1, 0, NAN])
    called = homes.digital_equipment_gap(have, have, have, col(9, 9, 9, 9), col(0, 1, NAN, 0), high_rise=27.0)
    np.testing.assert_array_equal(called.part, [0, 1, NAN, 0])


def test_high_rises_by_use() -> None:
    use = np.array(["residential", "residential", "office", "office", None, None, "mixed"], object)
    found = homes.high_rise_monitored(
        col(27, 28, 25, 24, 26, 40, NAN), use, col(0, 1, 0, 1, 1, 0, 1), high_home=27.0, high_other=24.0
    )
    np.testing.assert_array_equal(found.whole, [0, 1, 1, 0, NAN, 1, NAN])
    np.testing.assert_array_equal(found.part, [0, 1, 0, 0, NAN, 0, NAN])


def test_no_facility_too_far_too_small_and_unknown_size() -> None:
    units = shapes(*[f"POLYGON(({x} 0,{x + 100} 0,{x + 100} 100,{x} 100,{x} 0))" for x in (0, 1000, 2000, 3000)], None)
    targets = shapes("POINT(50 400)", "POINT(1050 50)", "POINT(2050 50)", None)
    found = sites.lacks_near(units, targets, col(400, 200, NAN, 900), radius=300.0, least=350.0)
    np.testing.assert_array_equal(found.part, [0, 1, NAN, 1, NAN])
    assert found.cause is not None
    assert found.cause.tolist() == [None, "too_small", None, "too_far", None]
    none = sites.lacks_near(units[:1], shapes(), radius=300.0)
    assert none.part.tolist() == [1.0]
    assert none.cause is not None
    assert none.cause.tolist() == ["no_facility"]


def test_a_distance_just_kept_is_kept() -> None:
    stations = shapes("POINT(0 0)", "POINT(1000 0)", None)
    homes_near = shapes("POLYGON((35 -5,50 -5,50 5,35 5,35 -5))", "POLYGON((1034.9 0,1040 0,1040 5,1034.9 0))", None)
    np.testing.assert_array_equal(sites.distance_conflict(stations, homes_near, distance=35.0).part, [0, 1, NAN])


@given(st.lists(st.tuples(st.floats(-500, 500), st.floats(-500, 500)), min_size=1, max_size=12), st.floats(1, 400))
def test_conflicts_agree_with_plain_arithmetic(points: list[tuple[float, float]], distance: float) -> None:
    places = np.array(points)
    found = sites.distance_conflict(np.asarray(shapely.points(places)), shapes("POINT(0 0)"), distance=distance).part
    np.testing.assert_array_equal(found, (np.hypot(*places.T) < distance).astype(float))


def test_both_ends_of_a_commute_must_be_near_a_station() -> None:
    flows = shapes("LINESTRING(0 0,5000 0)", "LINESTRING(0 0,9000 0)", "LINESTRING(800 0,4200 0)", None)
    stations = np.array([[0.0, 0.0], [5000.0, 0.0], [NAN, NAN]])
    found = sites.ends_near(flows, col(10, 20, 30, 40), stations, radius=800.0)
    np.testing.assert_array_equal(found.part, [10, 0, 30, NAN])
    np.testing.assert_array_equal(found.whole, [10, 20, 30, NAN])
    assert sites.ends_near(flows, col(10, 20, 30, 40), stations[:0], radius=800.0).part[0] == 0
