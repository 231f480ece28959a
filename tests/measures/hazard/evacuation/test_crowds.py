"""Speed and flow of crowds at their ends."""

import numpy as np
import pytest

from tulou.measures.hazard.evacuation.crowds import crowd_speed, densest_flow, passing_time, specific_flow


def test_people_alone_walk_freely_and_a_jam_stands():
    assert crowd_speed(np.array([0.0, 0.3, 0.54])) == pytest.approx([1.199] * 3, abs=0.001)
    assert crowd_speed(3.8) == 0.0
    assert specific_flow(0.0) == 0.0


def test_no_density_passes_more_than_the_densest_flow():
    density = np.linspace(0.54, 4, 500)
    at, most = densest_flow()
    assert specific_flow(density).max() <= most
    assert density[specific_flow(density).argmax()] == pytest.approx(at, abs=0.01)


def test_nobody_passes_no_width_and_nobody_needs_no_time():
    assert passing_time(5, 0.0) == np.inf
    assert passing_time(0, 0.0) == 0.0
    assert passing_time(100, 2.0) == pytest.approx(passing_time(50, 1.0))
