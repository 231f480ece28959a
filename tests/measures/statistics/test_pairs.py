"""Sensors that part, on made series of known behaviour."""

import numpy as np
import pytest

from tulou.kernel.errors import NotEnoughData
from tulou.measures.statistics.pairs import covariance, pair_drift, weekly_residual

PER_WEEK = 7 * 24


def made(weeks=5, sensors=6, drop=None, since=None, seed=4):
    """Pressures with a weekly pattern, a common scatter, and a fall of some sensors from a time on."""
    chance = np.random.default_rng(seed)
    count = weeks * PER_WEEK
    slot, week = np.arange(count) % PER_WEEK, np.arange(count) // PER_WEEK
    pattern = np.tile(chance.normal(0, 2, (PER_WEEK, 1)), (weeks, sensors))
    values = 40 + pattern + chance.normal(0, 0.3, (count, 1)) * np.linspace(0.5, 1, sensors)
    values = values + chance.normal(0, 0.05, (count, sensors))
    if drop is not None:
        values[since:] -= drop
    return values, slot, week


def test_residuals_leave_out_the_pattern_and_each_week_itself():
    values, slot, week = made()
    training = week < 3
    found = weekly_residual(values, slot, week, training)
    at = 5 * 24 + 3  # in the first week: compared with weeks 1 and 2
    others = values[[at + PER_WEEK, at + 2 * PER_WEEK]].mean(axis=0)
    assert found[at] == pytest.approx(values[at] - others)
    later = at + 3 * PER_WEEK  # after training: with all three
    assert found[later] == pytest.approx(values[later] - values[[at, at + PER_WEEK, at + 2 * PER_WEEK]].mean(axis=0))
    assert np.abs(found).max() < 3 < np.ptp(values)
    with pytest.raises(NotEnoughData, match="two weeks"):
        weekly_residual(values, slot, week, week < 1)


def test_a_gap_stays_unknown_and_does_not_spoil_the_others():
    values, slot, week = made()
    values[10, 2] = np.nan
    found = weekly_residual(values, slot, week, week < 3)
    assert np.isnan(found[10, 2])
    assert np.isfinite(np.delete(found.ravel(), 10 * 6 + 2)).all()


def test_a_small_fall_is_found_soon_and_dated_and_calm_stays_calm():
    since = 4 * PER_WEEK + 30
    values, slot, week = made(drop=np.array([0, 0, 0.2, 0, 0, 0]), since=since)
    training = week < 3
    found = pair_drift(weekly_residual(values, slot, week, training), training, 0.5, 365 * 24, 1.5)
    alarm = int(np.argmax(found.largest > 1))
    assert found.largest[: since - 1].max() <= 1
    assert since <= alarm <= since + 12
    assert 2 in found.pair[alarm]
    assert abs(int(found.began[alarm]) - since) <= 4
    assert found.charts == 30
    values, slot, week = made()
    calm = pair_drift(weekly_residual(values, slot, week, training), training, 0.5, 365 * 24, 1.5)
    assert calm.largest.max() <= 1


def test_what_all_sensors_share_raises_no_alarm():
    values, slot, week = made(drop=0.3 * np.linspace(0.5, 1, 6), since=4 * PER_WEEK)
    training = week < 3
    found = pair_drift(weekly_residual(values, slot, week, training), training, 0.5, 365 * 24, 1.5)
    alone = made(drop=np.array([0.3, 0, 0, 0, 0, 0]), since=4 * PER_WEEK)[0]
    parted = pair_drift(weekly_residual(alone, slot, week, training), training, 0.5, 365 * 24, 1.5)
    assert found.largest[-1] < 0.2 * parted.largest[-1]


def test_a_restless_pair_must_pass_what_it_reached_before():
    values, slot, week = made()
    training = week < 3
    restless = values.copy()
    restless[np.isin(np.arange(len(values)) % (3 * 24), range(12)), 0] += (
        0.5 * np.where(week % 2, 1, -1)[np.isin(np.arange(len(values)) % (3 * 24), range(12))]
    )
    one, more = (
        pair_drift(weekly_residual(restless, slot, week, training), training, 0.5, 365 * 24, margin)
        for margin in (1, 3)
    )
    assert one.largest[training].max() == pytest.approx(1)  # the pair itself set its limit
    assert more.largest[training].max() <= 1
    assert (more.largest <= one.largest + 1e-12).all()
    assert more.largest.max() < one.largest.max()


def test_sensors_that_never_move_are_left_out():
    values, slot, week = made(sensors=3)
    values[:, 1:] = 40.0
    with pytest.raises(NotEnoughData, match="two sensors"):
        pair_drift(weekly_residual(values, slot, week, week < 3), week < 3, 0.5, 1000, 1.5)


def test_covariance_needs_two_whole_rows():
    values = np.array([[1.0, 2], [np.nan, 3], [3, 6]])
    assert covariance(values) == pytest.approx(np.cov(values[[0, 2]].T))
    assert covariance(values[:2]).tolist() == [[0, 0], [0, 0]]
