"""Manning's equation in round pipes, and the storm that a pipe holds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tulou.kernel.errors import BadUse
from tulou.measures.water.drains import FULLEST, full_flow, held_period, length_that_holds, normal_depth


def test_a_full_pipe_of_one_metre():
    assert float(full_flow(1.0, 0.01, 0.013)) == pytest.approx(2.39758, abs=1e-5)
    assert full_flow([1.0, 2.0], 0.01, 0.013)[1] / full_flow(1.0, 0.01, 0.013) == pytest.approx(2 ** (8 / 3))


def test_half_the_full_flow_stands_half_deep():
    assert normal_depth(float(full_flow(0.6, 0.004, 0.014)) / 2, 0.6, 0.004, 0.014) == pytest.approx(0.3, abs=1e-9)


@given(st.floats(0.2, 3.0), st.floats(1e-4, 0.05), st.floats(0.01, 0.99))
def test_the_depth_carries_the_flow(diameter, slope, share):
    flow = share * float(full_flow(diameter, slope, 0.013))
    depth = normal_depth(flow, diameter, slope, 0.013)
    assert 0 < depth <= FULLEST * diameter
    # The area under the water by many thin slices, and Manning with its wetted edge, as a second way.
    heights = (np.arange(20_000) + 0.5) / 20_000 * depth
    area = (2 * np.sqrt(heights * (diameter - heights))).sum() * depth / 20_000
    edge = diameter * np.arccos(1 - 2 * depth / diameter)
    assert area ** (5 / 3) / edge ** (2 / 3) * slope**0.5 / 0.013 == pytest.approx(flow, rel=1e-4)


def test_no_free_surface_carries_more_than_the_fullest():
    with pytest.raises(BadUse, match="free surface"):
        normal_depth(2.6, 1.0, 0.01, 0.013)
    with pytest.raises(BadUse, match="free surface"):
        normal_depth(0.0, 1.0, 0.01, 0.013)


def test_a_pipe_holds_what_it_held_without_a_gap():
    holds = np.array([[True, True, False], [False, True, True], [True, False, True], [True, True, True]])
    assert held_period([1, 3, 10], holds).tolist() == [3, 0, 1, 10]
    with pytest.raises(BadUse, match="ascend"):
        held_period([3, 1, 10], holds)


def test_length_counts_where_the_storm_is_held():
    held, required = np.array([5.0, 2.0, np.nan, 0.0]), np.array([np.nan, 3.0, 2.0, np.nan])
    parts = length_that_holds(held, required, np.array([10.0, 20.0, 30.0, 40.0]), least=3.0)
    assert parts.part.tolist()[:2] == [10, 0]
    assert np.isnan(parts.part[2])
    assert parts.part[3] == 0
    assert parts.cause.tolist() == [None, "undersized", None, "undersized"]
    assert parts.whole.tolist() == [10, 20, 30, 40]
