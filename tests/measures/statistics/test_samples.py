"""Questionnaires and intervals, worked by hand."""

import numpy as np
import pytest

from tulou.measures.statistics.intervals import NORMAL_95, wilson_interval
from tulou.measures.statistics.questionnaire import answer_score


def test_wilson_of_nothing_is_unknown_and_of_all_stays_below_one():
    low, high = wilson_interval(np.array([0.0, 0.0, 5.0]), np.array([0.0, 4.0, 5.0]))
    assert np.isnan(low[0])
    assert np.isnan(high[0])
    assert low[1] == pytest.approx(0, abs=1e-12)
    assert 0 < high[1] < 1
    assert 0 < low[2] < 1
    assert high[2] == pytest.approx(1)


def test_wilson_of_half_by_hand():
    # p = 1/2, n = z²: (1/2 + 1/2 ± z sqrt(1/(4 z²) + 1/(4 z²))) / 2 = (1 ± sqrt(1/2)) / 2
    trials = np.array([NORMAL_95**2])
    low, high = wilson_interval(trials / 2, trials)
    assert low[0] == pytest.approx((1 - np.sqrt(0.5)) / 2)
    assert high[0] == pytest.approx((1 + np.sqrt(0.5)) / 2)


def test_answers_off_the_scale_are_unknown():
    parts = answer_score(np.array([1.0, 3.0, 5.0, 9.0, np.nan]), np.ones(5), lowest=1.0, highest=5.0)
    np.testing.assert_allclose(parts.part, [0, 0.5, 1, np.nan, np.nan])
