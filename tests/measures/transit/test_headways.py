"""Headways and waits by hand (methods_governance V22)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tulou.measures.transit.headways import departures_at, mean_headway, mean_wait

HOUR = 3600.0


def test_even_and_alternating_headways_by_hand():
    even = np.arange(0, 2 * HOUR + 1, 600.0)
    uneven = np.concatenate(([0.0], np.cumsum(np.tile([300.0, 900.0], 6))))
    times, stop = np.concatenate((even, uneven)), np.repeat([0, 1], [len(even), len(uneven)])
    window = {"begin": 0.0, "end": 3 * HOUR}
    stops = np.zeros(3)
    assert mean_wait(times, stop, stops, **window)[:2] == pytest.approx([5.0, 6.25])
    assert mean_headway(times, stop, stops, **window)[:2] == pytest.approx([10.0, 10.0])
    assert departures_at(times, stop, stops, **window).tolist() == [13, 13, 0]
    assert np.isnan(mean_wait(times, stop, stops, **window)[2])
    assert np.isnan(mean_headway(times, stop, stops, **window)[2])


def test_order_of_departures_does_not_matter_and_the_window_is_half_open():
    times = np.array([7200.0, 0.0, 3600.0])
    stop = np.zeros(3, dtype=np.int64)
    assert mean_headway(times, stop, np.zeros(1), begin=0.0, end=7200.0).tolist() == [60.0]
    assert departures_at(times, stop, np.zeros(1), begin=0.0, end=7200.0).tolist() == [2.0]


def test_two_departures_at_one_moment_are_one_for_who_waits():
    times = np.array([0.0, 600.0, 600.0, 1200.0])
    stop = np.zeros(4, dtype=np.int64)
    assert mean_wait(times, stop, np.zeros(1), begin=0.0, end=HOUR)[0] == pytest.approx(5.0)


@given(st.lists(st.integers(0, 86_399), min_size=2, max_size=60, unique=True))
def test_wait_is_never_below_half_the_headway(moments):
    times = np.array(moments, dtype=np.float64)
    stop = np.zeros(len(times), dtype=np.int64)
    wait = mean_wait(times, stop, np.zeros(1), begin=0.0, end=86_400.0)[0]
    assert wait >= mean_headway(times, stop, np.zeros(1), begin=0.0, end=86_400.0)[0] / 2 - 1e-9
