"""Published numbers of pedestrian flow; source in SOURCE.md."""

import numpy as np
import pytest

from tulou.measures.hazard.evacuation.clearance import Streets, evacuation_plan
from tulou.measures.hazard.evacuation.crowds import crowd_speed, densest_flow, passing_time


def test_the_largest_specific_flow():
    density, flow = densest_flow()
    assert density == pytest.approx(1.88, abs=0.005)
    assert flow == pytest.approx(1.316, abs=0.0005)
    assert crowd_speed(density) == pytest.approx(0.70, abs=0.005)


def test_a_thousand_people_through_a_door_of_one_metre():
    assert passing_time(1000, 1.0) == pytest.approx(760, abs=0.5)
    door = Streets(2, np.array([0]), np.array([1]), np.array([0.0]), np.array([densest_flow()[1]]))
    plan = evacuation_plan(door, np.array([0]), np.array([1]), np.array([1000.0]), step=1.0)
    assert plan.last[0] >= 1000 / 1.3158
    assert plan.last[0] == pytest.approx(760, abs=1.0)
