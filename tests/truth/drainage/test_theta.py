"""The scenario theta of pystorms: how far the outflow passes 0.5 m³/s, by gates that stay open."""

import numpy as np
import pytest

from shared_data import shared
from tulou.processes.drainage.actuators import actuators_of, basins_of, scale_of
from tulou.processes.drainage.engine import Order, simulate
from tulou.processes.drainage.sections import read_model
from tulou.processes.drainage.steering import Orders

WATCHED = (("link", "8", "FLOW"), ("node", "P1", "FLOOD"), ("node", "P2", "FLOOD"))


def performance(run):
    """The published measure: ten times the flow above 0.5 in each step, and a million for a basin that floods."""
    flow, first, second = run.series.T
    return float((10 * np.maximum(flow - 0.5, 0)).sum() + 1e6 * ((first > 0).sum() + (second > 0).sum()))


def test_open_gates_pass_the_limit():
    run = simulate(Order(read_model(shared("swmm/theta.inp")), WATCHED), patience=60)
    assert performance(run) == pytest.approx(1630.3422, abs=5e-5)
    assert run.series[:, 0].max() == pytest.approx(0.6852, abs=5e-5)


@pytest.mark.parametrize(("allowed", "least", "most"), [(0.475, 0.0, 0.0), (0.0, 1e10, np.inf)])
def test_equal_filling_keeps_it_and_shut_gates_flood(allowed, least, most):
    model = read_model(shared("swmm/theta.inp"))
    basins = basins_of(model)
    actuators, _ = actuators_of(model, basins)
    orders = Orders("equal", 1 / 60, basins, actuators, (("link", "8"),), allowed, (1.0, 1.0), scale_of(model))
    run = simulate(Order(model, WATCHED, orders.as_data()), patience=60)
    assert least <= performance(run) <= most
    if allowed:
        assert run.series[:, 0].max() == pytest.approx(0.4823, abs=0.01)
