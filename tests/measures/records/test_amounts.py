"""Amounts of registers, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tulou.measures.records import amounts, estimates, streets

NAN = np.nan


def col(*values: float) -> np.ndarray:
    return np.array(values, np.float64)


def test_a_surplus_here_does_not_fill_a_gap_there() -> None:
    found = amounts.shortage(col(100, 50, NAN, 10), col(80, 90, 5, NAN))
    np.testing.assert_array_equal(found.part, [20, 0, NAN, NAN])
    assert found.cause is not None
    assert found.cause.tolist() == ["shortage", None, None, None]


@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 1e6)), min_size=1, max_size=30))
def test_shortage_is_never_negative_and_never_more_than_the_need(rows: list[tuple[float, float]]) -> None:
    need, supply = np.array(rows).T
    part = amounts.shortage(need, supply).part
    assert np.all((part >= 0) & (part <= need))
    np.testing.assert_allclose(part + np.minimum(need, supply), need, rtol=1e-12, atol=1e-9)


def test_need_of_cars() -> None:
    np.testing.assert_allclose(amounts.parking_shortage(col(100), col(90), need=1.1).part, [20])
    np.testing.assert_array_equal(amounts.charger_shortage(col(30, 30), col(12, 30), need=1.0).part, [18, 0])
    np.testing.assert_array_equal(amounts.place_shortage(col(300, 10), col(270, NAN)).part, [30, NAN])


def test_a_reading_may_lie_below_zero_but_its_weight_may_not() -> None:
    found = amounts.readings(col(-1.5, 2, np.inf, NAN), col(10, -1, 5, 5))
    np.testing.assert_array_equal(found.part, [-1.5, 2, NAN, NAN])
    np.testing.assert_array_equal(found.whole, [10, NAN, 5, 5])


def test_what_cannot_be_an_amount_is_unknown() -> None:
    np.testing.assert_array_equal(amounts.amount(col(-1, 0, np.inf, 3)), [NAN, 0, NAN, 3])


def test_a_row_that_knows_half_takes_no_part_in_either_sum() -> None:
    found = amounts.share_of_amounts(col(7, NAN, 3), col(10, 5, NAN))
    np.testing.assert_array_equal(found.part, [7, NAN, NAN])
    np.testing.assert_array_equal(found.whole, [10, NAN, NAN])


def test_share_by_length() -> None:
    found = amounts.flagged_share(col(1, 0, NAN), col(200, 300, 500))
    np.testing.assert_array_equal(found.part, [200, 0, NAN])
    np.testing.assert_array_equal(found.whole, [200, 300, 500])


def test_waste_turned_to_use() -> None:
    # 10 + 60·0.5 + 20·0.8 + 10·0 = 56 of 10 + 90 = 100
    found = amounts.waste_recovery(col(10), col(60), col(20), col(10), col(90), col(0.5), col(0.8), col(0))
    assert found.part[0] / found.whole[0] == pytest.approx(0.56)
    unknown = amounts.waste_recovery(col(10), col(60), col(20), col(10), col(90), col(NAN), col(0.8), col(0))
    assert np.isnan(unknown.part[0])


def test_network_speed_is_distance_over_time_and_not_the_mean_of_speeds() -> None:
    # 1 km at 10 km/h takes 0.1 h, 1 km at 40 km/h 0.025 h: 2 km in 0.125 h are 16 km/h, the mean of speeds is 25
    found = amounts.travel(col(1, 1, 1), col(10, 40, 0))
    known = ~np.isnan(found.part)
    assert known.tolist() == [True, True, False]
    assert found.part[known].sum() / found.whole[known].sum() == pytest.approx(16)


def test_divided_roads_count_once_and_the_unknown_widens_the_interval() -> None:
    found = streets.centreline_length(col(100, 100, 100), col(1, 0, NAN))
    assert found.low is not None
    assert found.high is not None
    np.testing.assert_array_equal(found.part, [50, 100, 100])
    np.testing.assert_array_equal(found.low, [50, 100, 50])
    np.testing.assert_array_equal(found.high, [50, 100, 100])
    np.testing.assert_array_equal(streets.centreline_length(col(80)).part, [80])


def test_lighting_rates_at_their_least_pass() -> None:
    least = {"least_installed": 100.0, "least_intact": 98.0, "least_lit": 95.0}
    found = streets.lighting_defect(col(100, 100, NAN, 99), col(98, 98, 99, NAN), col(95, 94.9, 96, NAN), **least)
    np.testing.assert_array_equal(found.part, [0, 1, NAN, 1])


def test_estimates() -> None:
    np.testing.assert_array_equal(estimates.drawn_extent(col(0, 5, NAN)), [NAN, 5, NAN])
    np.testing.assert_array_equal(estimates.floor_area_from_storeys(col(100, 100, 0), col(6, NAN, 2)), [600, NAN, NAN])
    np.testing.assert_array_equal(estimates.height_from_storeys(col(6), storey_height=3.0), [18])
    np.testing.assert_array_equal(estimates.storeys_from_height(col(18, 1, 7.5), storey_height=3.0), [6, 1, 3])
    grades = np.array(["class_1", "class_2", "small", "special", None], object)
    limits = {"class_1": 7.0, "class_2": 4.0, "small": 2.0, "special": 7.5}
    np.testing.assert_array_equal(estimates.district_limit(grades, **limits), [7, 4, 2, 7.5, NAN])
    np.testing.assert_array_equal(estimates.district_limit(grades, **limits, unstated=4.0)[-1:], [4])


def test_a_share_of_the_people() -> None:
    np.testing.assert_allclose(estimates.portion(col(200, NAN), share=7.5), [15, NAN])


def test_speed_by_class_leaves_footways_unknown() -> None:
    classes = np.array(["expressway", "arterial", "secondary", "branch", "internal", "footway", None], object)
    speeds = {"expressway": 60.0, "arterial": 40.0, "secondary": 30.0, "branch": 20.0, "internal": 10.0}
    np.testing.assert_array_equal(streets.class_speed(classes, **speeds), [60, 40, 30, 20, 10, NAN, NAN])
