"""SWMM as we run it against what is known without it: normal depths, equilibrium runoff, and every model we have."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from shared_data import shared
from truth.drainage.models import long_pipe, plot
from tulou.kernel.errors import BadInput
from tulou.measures.water.drains import full_flow, normal_depth
from tulou.processes.drainage.engine import Order, simulate
from tulou.processes.drainage.sections import read_model


@pytest.mark.parametrize(
    ("flow", "swmm", "analytic"), [(0.5, 0.3099, 0.3099), (1.0, 0.4504, 0.4503), (2.0, 0.698, 0.698)]
)
def test_normal_depths(flow, swmm, analytic):
    assert float(full_flow(1.0, 0.01, 0.013)) == pytest.approx(2.3976, abs=5e-5)
    assert normal_depth(flow, 1.0, 0.01, 0.013) == pytest.approx(analytic, abs=5e-5)
    run = simulate(Order(long_pipe(flow), (("link", "C5", "DEPTH"), ("link", "C5", "FLOW"))), patience=60)
    depth, carried = run.series[-1]
    assert depth == pytest.approx(swmm, abs=1e-4)
    assert carried == pytest.approx(flow, rel=1e-4)
    assert abs(run.routing_error) < 3e-3


def test_runoff_comes_to_equilibrium():
    run = simulate(Order(plot(), (("node", "OUT", "TOTAL_INFLOW"),)), patience=60)
    rain = 0.06 / 3600

    def rate(depth):
        return 100 / (1e4 * 0.015) * 0.01**0.5 * np.maximum(depth, 0) ** (5 / 3)

    minutes = np.array([5, 10, 15, 20, 30, 60])
    solved = solve_ivp(lambda _, d: rain - rate(d), (0, 3600), [0.0], t_eval=minutes * 60, rtol=1e-10, atol=1e-14)
    ours = rate(solved.y[0]) * 1e4
    assert ours == pytest.approx([0.07020, 0.13112, 0.15534, 0.16322, 0.16636, 0.16667], abs=1e-5)
    found = np.interp(minutes / 60, run.times, run.series[:, 0])
    assert found == pytest.approx([0.07034, 0.13126, 0.15542, 0.16326, 0.16638, 0.16669], abs=5e-4)
    assert found[-1] == pytest.approx(1e4 * rain, rel=2e-4)


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "Example1b",
        "alpha",
        "gamma",
        "model_full_features_network_xy",
        "model_green_ampt",
        "model_lids",
        "model_pollutants_2",
        "model_state_plane",
        "theta",
        "zeta",
    ],
)
def test_models_run_and_keep_their_water(name):
    run = simulate(Order(read_model(shared(f"swmm/{name}.inp"))), patience=600)
    assert abs(run.routing_error) < 0.02
    assert abs(run.runoff_error) < 0.02


def test_models_that_fail_say_why_with_the_line_of_the_file():
    for name, code, what in (
        ("delta", "ERROR 235", "infiltration"),
        ("invalid_model", "ERROR 209", "undefined object"),
    ):
        path = shared(f"swmm/{name}.inp")
        with pytest.raises(BadInput, match="SWMM refuses") as caught:
            simulate(Order(read_model(path)), patience=60)
        assert code in caught.value.faults[0].found
        assert what in caught.value.faults[0].found
    place = int(str(caught.value.faults[0].found).split(" at line ")[1].split()[0])
    assert path.read_text().splitlines()[place - 1].split()[0] == "InvalidS5"
