"""The air quality index beside interpolation by another route, its order, and what is unknown."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tulou.kernel.errors import BadUse
from tulou.measures.environment.air import daily_index, is_good, sub_index

INDICES = np.array([0, 50, 100, 150, 200, 300, 400, 500], float)
NEW = np.array([0, 35, 60, 115, 150, 250, 350, 500], float)
OZONE = np.array([0, 100, 160, 215, 265, 800], float)

concentrations = st.floats(0, 2000, allow_nan=False)


@given(concentrations, st.sampled_from([NEW, OZONE]))
def test_interpolation_by_numpy_gives_the_same(value, points):
    other = np.ceil(round(float(np.interp(value, points, INDICES[: len(points)])), 9))
    assert sub_index(np.array([value]), points, INDICES)[0] == other


@given(st.lists(concentrations, min_size=2, max_size=20))
def test_more_of_it_is_never_better(values):
    rising = np.sort(np.array(values))
    assert np.all(np.diff(sub_index(rising, NEW, INDICES)) >= 0)


@given(st.integers(0, 7))
def test_break_points_have_their_index_exactly(place):
    assert sub_index(NEW[[place]], NEW, INDICES)[0] == INDICES[place]


def test_above_the_last_break_point_the_index_stays():
    assert sub_index(np.array([500.1, 9000.0]), NEW, INDICES).tolist() == [500, 500]
    assert sub_index(np.array([800.1, 9000.0]), OZONE, INDICES).tolist() == [300, 300]


def test_unknown_stays_unknown():
    found = sub_index(np.array([np.nan, 0.0, 35.0]), NEW, INDICES)
    assert np.isnan(found[0])
    assert found[1:].tolist() == [0, 50]
    assert sub_index(np.empty(0), NEW, INDICES).size == 0


@pytest.mark.parametrize("wrong", [-0.1, np.inf, -np.inf])
def test_concentrations_that_are_none_are_refused(wrong):
    with pytest.raises(BadUse, match="from 0 on"):
        sub_index(np.array([10.0, wrong]), NEW, INDICES)


@pytest.mark.parametrize("points", [[0.0], [5.0, 10.0], [0.0, 20.0, 20.0], [0.0, 20.0, 10.0], list(range(9))])
def test_break_points_that_do_not_rise_are_refused(points):
    with pytest.raises(BadUse, match="break-points"):
        sub_index(np.array([10.0]), np.array(points, float), INDICES)


def test_the_index_is_the_largest_and_names_every_pollutant_that_makes_it():
    subs = np.array([[60.0, 60.0, 20.0], [50.0, 50.0, 10.0], [30.0, np.nan, 20.0], [np.nan] * 3])
    found = daily_index(subs, first_step=50)
    assert found.index[:3].tolist() == [60, 50, 30]
    assert np.isnan(found.index[3])
    assert found.is_complete.tolist() == [True, True, False, False]
    assert found.primary.tolist() == [[True, True, False], [False] * 3, [False] * 3, [False] * 3]


def test_a_missing_pollutant_is_no_pass_but_may_not_hide_a_bad_day():
    subs = np.array([[100.0, 90.0], [101.0, 90.0], [100.0, np.nan], [101.0, np.nan], [np.nan, np.nan]])
    good = is_good(daily_index(subs, first_step=50), 100)
    assert good[[0, 1, 3]].tolist() == [1, 0, 0]
    assert np.isnan(good[[2, 4]]).all()


@given(st.lists(st.lists(st.one_of(st.just(np.nan), st.floats(0, 500)), min_size=3, max_size=3), min_size=1))
def test_learning_more_never_turns_a_bad_day_good(rows):
    subs = np.array(rows)
    before = is_good(daily_index(subs, first_step=50), 100)
    after = is_good(daily_index(np.where(np.isnan(subs), 0.0, subs), first_step=50), 100)
    known = np.isfinite(before)
    assert np.array_equal(before[known], after[known])
