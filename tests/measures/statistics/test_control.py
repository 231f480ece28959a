"""Control charts on made series."""

import numpy as np
import pytest

from tulou.kernel.errors import BadUse
from tulou.measures.statistics.control import alarm_limit, cumulative_sum, first_above, standard_scores


def test_the_sum_of_a_published_way_by_hand():
    scores = np.array([0.0, 1.5, -3.0, 2.5, np.nan, 0.5])
    assert cumulative_sum(scores, 0.5).tolist() == [0, 1, 0, 2, 2, 2]
    with pytest.raises(BadUse, match="slack"):
        cumulative_sum(scores, -1)


def test_a_shift_of_one_deviation_is_found_in_about_ten_steps_and_noise_is_not():
    chance = np.random.default_rng(7)
    noise = chance.normal(size=(200, 300))
    shifted = noise + np.where(np.arange(200) >= 100, 1.0, 0.0)[:, None]
    after = [first_above(one[100:], 5) for one in cumulative_sum(shifted, 0.5).T]
    assert np.mean([one for one in after if one is not None]) == pytest.approx(9, abs=2)  # 10.4 from a standing start
    false = [first_above(one[:100], 5) is not None for one in cumulative_sum(noise, 0.5).T]
    assert np.mean(false) < 0.25  # once in 465 steps by the tables


def test_scores_are_of_the_training():
    values = np.array([[1.0, 5], [3, 5], [9, 7], [np.nan, 5]])
    found = standard_scores(values, np.array([True, True, False, False]))
    assert found[:, 0].tolist()[:3] == pytest.approx([-1 / 2**0.5, 1 / 2**0.5, 7 / 2**0.5])
    assert np.isnan(found[3, 0])
    assert np.isnan(found[:, 1]).all()  # it never changed in training: nothing is known of its spread


def test_first_above():
    assert first_above(np.array([1.0, 2, 3]), 1.5) == 1
    assert first_above(np.array([1.0, np.nan]), 1.5) is None


@pytest.mark.parametrize(("steps", "limit"), [(168 * 2, 4.0), (465 * 2, 5.0)])
def test_limits_of_the_published_run_lengths(steps, limit):
    # Two-sided charts with k = 0.5 run 168 steps at h = 4 and 465 at h = 5 (Montgomery); one side runs twice as long.
    assert alarm_limit(steps, 0.5) == pytest.approx(limit, abs=0.05)


def test_a_limit_keeps_its_promise_on_noise():
    chance = np.random.default_rng(1)
    limit = alarm_limit(200, 0.5)
    sums = cumulative_sum(chance.normal(size=(3000, 400)), 0.5)
    first = [first_above(one, limit) for one in sums.T]
    assert np.mean([3000 if one is None else one + 1 for one in first]) == pytest.approx(200, rel=0.12)
    with pytest.raises(BadUse, match="slack above 0"):
        alarm_limit(1, 0.5)
