"""Sewage and other water beside flows whose parts are known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tulou.kernel.errors import BadUse, NotEnoughData
from tulou.measures.environment.sewage import people_served, triangle, undiluted_share

volumes = st.floats(0, 1e6)


def test_people_by_the_load_that_arrives():
    found = people_served(np.array([45.0, 90.0, np.nan, 0.0]), np.array([100.0, 100.0, 100.0, 50.0]), 45.0)
    assert found[[0, 1, 3]] == pytest.approx([100, 200, 0])
    assert np.isnan(found[2])
    for flow, load in (([-1.0], 45.0), ([1.0], 0.0), ([1.0], float("nan"))):
        with pytest.raises(BadUse, match="from 0 on"):
            people_served(np.array(flow), np.array([1.0]), load)


@given(st.floats(1, 500), st.floats(0, 5))
def test_dilution_gives_back_what_was_added(sewage_a_person, added):
    pure = 45 * 1000 / sewage_a_person
    assert undiluted_share(pure / (1 + added), sewage_a_person, 45) == pytest.approx(1 / (1 + added))


def test_thicker_than_sewage_is_wholly_sewage():
    assert undiluted_share(1e6, 200, 45) == 1


def test_steady_infiltration_in_dry_weather_is_found_whole():
    found = triangle(np.full(10, 130.0), np.zeros(10, bool), 100.0)
    assert (found.whole, found.sewage, found.infiltration, found.inflow) == (1300, 1000, 300, 0)


def test_a_year_of_known_parts():
    sewage, ground = 100.0, 40.0
    wet = np.zeros(20, bool)
    wet[::5] = True
    flow = np.where(wet, sewage + ground + 200.0, sewage + ground)
    found = triangle(flow, wet, sewage)
    # Four wet days: infiltration falls along the line at 7/8, 5/8, 3/8 and 1/8 of its dry amount.
    assert found.infiltration == pytest.approx(16 * ground + ground * (7 + 5 + 3 + 1) / 8)
    assert found.inflow == pytest.approx(4 * 240 - 2 * ground)


@given(
    st.lists(st.tuples(st.one_of(st.just(np.nan), volumes), st.booleans()), min_size=1, max_size=40),
    volumes,
    st.randoms(use_true_random=False),
)
def test_parts_are_never_negative_and_sum_to_the_whole_in_any_order(days, sewage, random):
    flow, wet = np.array([one[0] for one in days]), np.array([one[1] for one in days])
    known = np.isfinite(flow)
    if not (known & ~wet).any():
        with pytest.raises(NotEnoughData, match="dry day"):
            triangle(flow, wet, sewage)
        return
    found = triangle(flow, wet, sewage)
    assert min(found.sewage, found.infiltration, found.inflow) >= 0
    parts = found.sewage + found.infiltration + found.inflow
    assert parts == pytest.approx(np.nansum(flow), rel=1e-9, abs=1e-6)
    random.shuffle(days)
    other = triangle(np.array([one[0] for one in days]), np.array([one[1] for one in days]), sewage)
    assert other.infiltration == pytest.approx(found.infiltration, abs=1e-6)


@pytest.mark.parametrize("wrong", [-1.0, float("nan")])
def test_sewage_that_is_none_is_refused(wrong):
    with pytest.raises(BadUse, match="from 0 on"):
        triangle(np.array([1.0]), np.array([False]), wrong)
