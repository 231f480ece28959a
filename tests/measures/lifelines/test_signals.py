"""Signals on made series whose parts are known."""

import numpy as np
import pytest

from tulou.kernel.errors import BadUse, NotEnoughData
from tulou.measures.lifelines.signals import (
    dry_rise,
    fill_ratio,
    frequency_drop,
    overloads,
    temperature_residual,
    transients,
)


def bridge(damage=0.0):
    chance = np.random.default_rng(2)
    hours = np.arange(24 * 60)
    temperature = 15 + 10 * np.sin(hours * 2 * np.pi / 24) + chance.normal(0, 1, len(hours))
    before = np.roll(temperature, 1)
    value = 3.2 - 0.004 * temperature - 0.006 * before + chance.normal(0, 0.002, len(hours))
    value[24 * 50 :] -= damage
    return value, temperature, before, hours < 24 * 40


def test_temperature_is_taken_out_and_damage_stays():
    value, temperature, before, training = bridge()
    found = temperature_residual(value, temperature, before, training)
    assert found.coefficients == pytest.approx((3.2, -0.004, -0.006), abs=1e-3)
    assert found.spread == pytest.approx(0.002, rel=0.05)
    assert np.mean(np.abs(found.score) > 3) < 0.01
    hurt = temperature_residual(*bridge(damage=0.02)[:3], training)
    assert np.mean(hurt.score[24 * 50 :] < -3) > 0.99
    # Without the temperature the same damage drowns in the heat of the day.
    assert value[training].std() > 0.02
    assert frequency_drop(hurt, 3.2)[24 * 50 :].mean() == pytest.approx(0.02 / 3.2, rel=0.05)


def test_an_unknown_temperature_leaves_the_time_unknown():
    value, temperature, before, training = bridge()
    temperature[100] = np.nan
    assert np.isnan(temperature_residual(value, temperature, before, training).residual[100])
    with pytest.raises(NotEnoughData):
        temperature_residual(value, temperature, before, np.arange(len(value)) < 3)
    with pytest.raises(NotEnoughData):  # one temperature all the time tells no effect
        temperature_residual(value, np.full(len(value), 5.0), before, training)
    with pytest.raises(BadUse):
        frequency_drop(temperature_residual(value, before, before[::-1], training), 0)


def test_overloads():
    assert overloads(np.array([29.0, 30, 30.1, np.nan]), 30).tolist() == [False, False, True, False]


def test_a_sewer_fills_up_to_the_crown_and_the_street():
    invert, crown, ground = np.zeros(6), np.full(6, 0.5), np.full(6, 2.5)
    level = np.array([-0.1, 0.4, 0.5, 1.5, 2.5, np.nan])
    assert fill_ratio(level, invert, crown, ground)[:5] == pytest.approx([0, 0.8, 1, 1.5, 2])
    assert np.isnan(fill_ratio(level, invert, crown, ground)[5])
    with pytest.raises(BadUse, match="follow"):
        fill_ratio(level, crown, invert, ground)


def test_a_rise_counts_only_in_dry_weather():
    level = np.array([0.1, 0.2, 0.4, 0.5, 0.6])
    rain = np.array([1.0, 0, 0, 0, np.nan])
    found = dry_rise(level, rain, 2)
    assert np.isnan(found[[0, 1, 2, 4]]).all()
    assert found[3] == pytest.approx(0.3)
    assert np.isnan(dry_rise(level[:2], rain[:2], 2)).all()
    with pytest.raises(BadUse):
        dry_rise(level, rain, 0)


def test_a_sudden_change_of_pressure():
    pressure = np.concatenate([np.full(20, 40.0), np.linspace(40, 34, 4), np.full(20, 34.0)])
    found = transients(pressure, 10, 1.0)
    assert np.flatnonzero(found)[0] == 23  # more than 5 m within 10 steps
    assert not found[:20].any()
    assert not found[34:].any()  # calm again
    slow = np.linspace(40, 34, 200)
    assert not transients(slow, 10, 1.0).any()
    with pytest.raises(BadUse):
        transients(pressure, 0, 1.0)
