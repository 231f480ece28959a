"""Mexico's states: Gini, Theil and its parts as published."""

import csv
import importlib.util
from pathlib import Path

import numpy as np
import pytest

from tulou.measures.statistics.inequality import gini, theil, theil_between, theil_within
from tulou.measures.statistics.intervals import wilson_interval

WITHIN = 5e-7


@pytest.fixture(scope="module")
def states():
    found = importlib.util.find_spec("libpysal")
    if found is None or found.origin is None:
        pytest.skip("libpysal is not installed; it carries the data of Mexico's states")
    with (Path(found.origin).parent / "examples/mexico/mexico.csv").open() as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("column", "whole", "all_of_it", "between", "within"),
    [
        ("pcgdp1940", 0.353724, 0.208943, 0.064984, 0.143960),
        ("pcgdp2000", 0.258113, 0.106608, 0.053735, 0.052873),
    ],
)
def test_states_of_mexico(states, column, whole, all_of_it, between, within):
    values = np.array([float(state[column]) for state in states])
    region = np.array([state["hanson03"] for state in states], object)
    assert len(values) == 32
    assert gini(values) == pytest.approx(whole, abs=WITHIN)
    assert theil(values) == pytest.approx(all_of_it, abs=WITHIN)
    assert theil_between(values, region) == pytest.approx(between, abs=WITHIN)
    assert theil_within(values, region) == pytest.approx(within, abs=WITHIN)


def test_ten_of_ten():
    low, high = wilson_interval(np.array([10.0]), np.array([10.0]))
    assert low[0] == pytest.approx(0.722, abs=5e-4)
    assert high[0] == pytest.approx(1.000, abs=5e-4)


def test_one_hundred_and_seventy_of_two_hundred():
    low, high = wilson_interval(np.array([170.0]), np.array([200.0]))
    assert low[0] == pytest.approx(0.794, abs=5e-4)
    assert high[0] == pytest.approx(0.893, abs=5e-4)
