"""Localisation on made sensitivities: the best place is the true one, and belief is Bayes' rule."""

import numpy as np
import pytest

from tulou.measures.water.supply.localisation import likelihood, updated_belief


def test_the_place_whose_fall_it_is_explains_it_best():
    chance = np.random.default_rng(9)
    sensitivity = np.abs(chance.normal(0, 0.1, (40, 6)))
    mixing = chance.normal(size=(6, 6))
    spread = mixing @ mixing.T * 1e-4
    likely, size = likelihood(12 * sensitivity[17], sensitivity, spread)
    assert likely.argmax() == 17
    assert size[17] == pytest.approx(12)
    # The gain is that of the log-likelihood itself.
    inverse = np.linalg.inv(spread)
    drop = 12 * sensitivity[17] + chance.multivariate_normal(np.zeros(6), spread)
    likely, size = likelihood(drop, sensitivity, spread)
    for place in range(40):
        rest = drop - size[place] * sensitivity[place]
        assert likely[place] == pytest.approx(0.5 * (drop @ inverse @ drop - rest @ inverse @ rest), rel=1e-5)


def test_a_rise_is_no_leak_and_an_unknown_sensor_counts_for_nothing():
    sensitivity = np.array([[1.0, 0.0, 0.2], [0.0, 1.0, 0.2]])
    spread = np.eye(3) * 0.01
    assert likelihood(np.array([-1.0, -1, -1]), sensitivity, spread)[0].tolist() == [0, 0]
    with_gap = likelihood(np.array([0.5, np.nan, 0.1]), sensitivity, spread)[0]
    without = likelihood(np.array([0.5, 0.1]), sensitivity[:, [0, 2]], spread[np.ix_([0, 2], [0, 2])])[0]
    assert with_gap == pytest.approx(without)


def test_belief_is_bayes():
    found = updated_belief(np.array([0.5, 0.25, 0.25]), np.log(np.array([1.0, 4.0, 2.0])))
    assert found == pytest.approx([0.25, 0.5, 0.25])
    assert updated_belief(found, np.array([1e4, 0.0, 0.0])).tolist() == [1, 0, 0]  # no overflow
