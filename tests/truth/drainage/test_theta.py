"""The scenario theta of pystorms: how far the outflow passes 0.5 m³/s, by gates that stay open."""

import numpy as np
import pytest

from shared_data import shared
from tulou.processes.drainage.engine import Order, simulate
from tulou.processes.drainage.sections import read_model

WATCHED = (("link", "8", "FLOW"), ("node", "P1", "FLOOD"), ("node", "P2", "FLOOD"))


def performance(run):
    """The published measure: ten times the flow above 0.5 in each step, and a million for a basin that floods."""
    flow, first, second = run.series.T
    return float((10 * np.maximum(flow - 0.5, 0)).sum() + 1e6 * ((first > 0).sum() + (second > 0).sum()))


def test_open_gates_pass_the_limit():
    run = simulate(Order(read_model(shared("swmm/theta.inp")), WATCHED), patience=60)
    assert performance(run) == pytest.approx(1630.3422, abs=5e-5)
    assert run.series[:, 0].max() == pytest.approx(0.6852, abs=5e-5)
