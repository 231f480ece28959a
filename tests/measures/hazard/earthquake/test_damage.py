"""Intensity, fragility and damage beside what must hold of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tulou.kernel.errors import BadInput, BadUse
from tulou.measures.hazard.earthquake.casualties import death_rate
from tulou.measures.hazard.earthquake.damage import DamageMatrix, over_realisations, realisations_of
from tulou.measures.hazard.earthquake.fragility import DiscreteFragility, LognormalFragility, state_chances
from tulou.measures.hazard.earthquake.intensity import IntensityScale, central_acceleration, instrumental_intensity

SCALE = IntensityScale((3.17, 6.59), (3.0, 9.77))
URM = LognormalFragility(np.array([0.09, 0.13, 0.21, 0.38]), np.full(4, 0.4))
TWO = DiscreteFragility(np.array([0.1, 0.3]), np.array([[0.2, 0.8], [0.0, 0.4]]))


def test_lognormal_functions_beside_scipy():
    motion = np.array([0.05, 0.2, 1.0])
    for place, median in enumerate(URM.medians):
        expected = stats.lognorm(s=0.4, scale=median).cdf(motion)
        assert URM.exceedance(motion)[:, place] == pytest.approx(expected)
    assert URM.exceedance(np.array([0.0]))[0] == pytest.approx(0.0)
    assert np.isnan(URM.exceedance(np.array([np.nan]))).all()


@given(st.lists(st.floats(0.001, 5.0), min_size=1, max_size=8))
def test_shares_of_states_sum_to_one_and_damage_grows_with_the_motion(motions):
    ordered = np.sort(np.array(motions))
    shares = state_chances(URM.exceedance(ordered))
    assert shares.sum(axis=-1) == pytest.approx(1.0)
    assert shares.min() >= -1e-12
    assert (np.diff(shares @ np.arange(5.0)) >= -1e-12).all()


def test_crossing_curves_never_give_a_negative_share():
    crossing = LognormalFragility(np.array([0.2, 0.21]), np.array([0.2, 0.8]))
    assert state_chances(crossing.exceedance(np.linspace(0.01, 2.0, 200))).min() >= 0.0


def test_discrete_functions_at_their_ends():
    found = TWO.exceedance(np.array([0.05, 0.1, 0.2, 0.3, 9.0]))
    assert found[:, 0] == pytest.approx([0.0, 0.2, 0.5, 0.8, 0.8])
    below = DiscreteFragility(TWO.levels, TWO.chances, harmless=0.05)
    assert below.exceedance(np.array([0.049, 0.075, 0.1]))[:, 0] == pytest.approx([0.0, 0.1, 0.2])
    assert np.isnan(TWO.exceedance(np.array([np.nan]))).all()


@pytest.mark.parametrize(
    ("levels", "chances", "what"),
    [
        ([0.3, 0.1], [[0.1, 0.2]], "ascend"),
        ([0.1, 0.3], [[0.5, 0.2]], "fall"),
        ([0.1, 0.3], [[0.1, 1.2]], "between 0 and 1"),
        ([0.1, 0.3], [[0.1, 0.2], [0.1, 0.3]], "worse"),
        ([0.1, 0.3], [[0.1, 0.2, 0.3]], "one chance"),
    ],
)
def test_functions_that_are_none_are_refused(levels, chances, what):
    with pytest.raises(BadInput, match=what):
        DiscreteFragility(np.array(levels), np.array(chances))


def test_medians_that_are_none_are_refused():
    with pytest.raises(BadInput, match="stronger"):
        LognormalFragility(np.array([0.3, 0.2]), np.array([0.4, 0.4]))
    with pytest.raises(BadInput, match="above 0"):
        LognormalFragility(np.array([0.3]), np.array([0.0]))


def test_intensity_by_velocity_when_both_are_strong_else_by_the_mean():
    both = instrumental_intensity(np.array([2.785]), np.array([0.3]), SCALE)
    assert both == pytest.approx(3.0 * np.log10(0.3) + 9.77)
    weak = instrumental_intensity(np.array([0.1]), np.array([0.01]), SCALE)
    assert weak == pytest.approx((3.17 * -1 + 6.59 + 3.0 * -2 + 9.77) / 2)
    one = instrumental_intensity(np.array([0.1, np.nan, np.nan]), np.array([np.nan, 0.01, np.nan]), SCALE)
    assert one[:2] == pytest.approx([3.42, 3.77])
    assert np.isnan(one[2])
    assert instrumental_intensity(np.array([0.0]), np.array([0.0]), SCALE) == 1.0
    with pytest.raises(BadUse, match="from 0 on"):
        instrumental_intensity(np.array([-1.0]), np.array([1.0]), SCALE)


def test_central_acceleration_is_turned_back():
    steps = np.arange(5.0, 10.0)
    assert 3.17 * np.log10(central_acceleration(steps, SCALE)) + 6.59 == pytest.approx(steps)


def test_realisations_stand_for_the_distribution():
    motions = realisations_of(2.0, 0.5, 4001)
    assert np.median(motions) == pytest.approx(2.0)
    assert np.log(motions).std() == pytest.approx(0.5, rel=2e-3)
    assert realisations_of(2.0, 0.0, 50).tolist() == [2.0]
    assert over_realisations(np.array([[3.0]])).deviation == 0.0


MATRIX = DamageMatrix(np.array([6.0, 7.0]), np.array([[0.9, 0.1, 0, 0, 0], [0.5, 0.3, 0.1, 0.1, 0]]))


def test_a_matrix_answers_at_its_steps_only():
    found = MATRIX.shares_at(np.array([6.4, 6.5, 7.49, 8.0, np.nan]))
    assert found[0] == pytest.approx(MATRIX.shares[0])
    assert found[1] == pytest.approx(MATRIX.shares[1])
    assert found[2] == pytest.approx(MATRIX.shares[1])
    assert np.isnan(found[3:]).all()


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ([[0.9, 0.2, 0, 0, 0], [0.5, 0.5, 0, 0, 0]], "sum to 1"),
        ([[0.5, 0.5, 0, 0, 0], [0.9, 0.1, 0, 0, 0]], "less damage"),
        ([[1.1, -0.1, 0, 0, 0], [0.5, 0.5, 0, 0, 0]], "between 0 and 1"),
        ([[1.0, 0, 0, 0, 0]], "one row"),
    ],
)
def test_a_matrix_that_is_none_is_refused(rows, what):
    with pytest.raises(BadInput, match=what):
        DamageMatrix(np.array([6.0, 7.0]), np.array(rows))


def test_deaths_grow_with_collapse():
    rates = death_rate(np.linspace(0, 1, 20), factor=12.479, exponent=0.1, offset=13.3)
    assert (np.diff(rates) >= 0).all()
    assert rates[-1] < 1
    with pytest.raises(BadUse, match="between 0 and 1"):
        death_rate(np.array([1.2]), factor=1, exponent=1, offset=1)
