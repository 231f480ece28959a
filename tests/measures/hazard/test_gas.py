"""The box model against small steps of time, grades, and states of devices."""

import numpy as np
import pytest

from tulou.measures.hazard.gas import (
    IN_DATE,
    MISSING,
    OUT_OF_DATE,
    UNKNOWN,
    alarm_grades,
    concentration,
    device_states,
    set_bounds,
    time_until,
)  # fmt: skip

LEVELS = (0.2, 0.5, 1.0)


@pytest.mark.parametrize("changes", [0.0, 0.5, 4.0])
def test_the_closed_form_is_what_small_steps_give(changes):
    leak, volume, rate, now, step = 0.3 / 3600, 5.0, changes / 3600, 0.01, 1.0
    for _ in range(3600):
        now += step * (leak / volume - rate * now)
    assert concentration(3600.0, leak, volume, rate, 0.01) == pytest.approx(now, rel=1e-3)


def test_the_way_back_and_what_is_never_reached():
    for wanted in (0.001, 0.03, 0.09):
        time = time_until(wanted, 0.2, 2.0, 1.0)
        assert concentration(time, 0.2, 2.0, 1.0) == pytest.approx(wanted)
    assert time_until(0.1, 0.2, 2.0, 1.0) == np.inf
    assert time_until(0.1, 0.0, 2.0, 1.0) == np.inf
    assert time_until(0.1, 0.2, 2.0, 0.0) == 1.0
    assert time_until(0.0, 0.2, 2.0, 1.0) == 0.0
    assert concentration(1e9, 1.0, 1.0, 0.0) == 1.0


def test_grades_by_level_rise_and_neighbourhood():
    time = np.arange(6) * 60.0
    slow = np.array([0.05, 0.19, 0.20, 0.25, 0.50, 1.0])
    assert alarm_grades(time, slow, LEVELS, 9.9, 600).tolist() == [0, 0, 3, 3, 2, 1]
    assert alarm_grades(time, slow, LEVELS, 9.9, 600, is_crowded=True).tolist() == [0, 0, 3, 3, 1, 1]
    # Ten points in ten minutes are no more than ten; eleven are.
    assert alarm_grades(np.array([0, 600.0]), np.array([0.0, 0.1]), LEVELS, 0.1, 600).tolist() == [0, 0]
    assert alarm_grades(np.array([0, 600.0]), np.array([0.0, 0.11]), LEVELS, 0.1, 600).tolist() == [0, 2]
    assert alarm_grades(np.array([0, 700.0]), np.array([0.0, 0.11]), LEVELS, 0.1, 600).tolist() == [0, 0]
    assert alarm_grades(np.array([0, 60.0]), np.array([np.nan, 0.6]), LEVELS, 0.1, 600).tolist() == [0, 2]


def test_states_of_devices_and_bounds_of_sets():
    installed, life = np.array([2020.0, 2020.0, np.inf, np.nan, 2020.0, 2027.0]), np.array([5.0, 7, 5, 5, np.nan, 5])
    assert device_states(installed, life, 2026.0).tolist() == [
        OUT_OF_DATE, IN_DATE, MISSING, UNKNOWN, UNKNOWN, OUT_OF_DATE,
    ]  # fmt: skip
    surely, possibly = set_bounds(np.array([[1, 1, 1], [1, UNKNOWN, 1], [1, 0, UNKNOWN], [MISSING, 1, 1]]))
    assert surely.tolist() == [True, False, False, False]
    assert possibly.tolist() == [True, True, False, False]
