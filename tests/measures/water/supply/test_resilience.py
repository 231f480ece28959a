"""Indices of resilience beside those of wntr, and at their bounds."""

from pathlib import Path

import numpy as np
import pytest

from tulou.kernel.errors import BadUse
from tulou.measures.water.supply.resilience import modified_surplus_power, service_availability, surplus_power

wntr = pytest.importorskip("wntr")


def test_indices_of_wntr_on_a_network_with_a_pump_and_no_tank(tmp_path):
    folder = Path(wntr.__file__).parent / "tests" / "networks_for_testing"
    model = wntr.network.WaterNetworkModel(str(folder / "Todini_Fig2_solA_CMH.inp"))
    result = wntr.sim.EpanetSimulator(model).run_sim(file_prefix=str(tmp_path / "run"))
    head, pressure, demand, flow = (
        result.node["head"],
        result.node["pressure"],
        result.node["demand"],
        result.link["flowrate"],
    )
    junctions, reservoirs = model.junction_name_list, model.reservoir_name_list
    assert not model.pump_name_list
    elevation = (head - pressure)[junctions].to_numpy(float)[0]
    given = -(demand[reservoirs].to_numpy(float) * head[reservoirs].to_numpy(float)).sum(axis=1)
    arrays = (demand[junctions].to_numpy(float), head[junctions].to_numpy(float), elevation + 30)
    theirs = wntr.metrics.todini_index(head, pressure, demand, flow, model, 30).to_numpy()
    assert surplus_power(*arrays, given) == pytest.approx(theirs)
    theirs = wntr.metrics.modified_resilience_index(
        pressure[junctions],
        model.query_node_attribute("elevation")[junctions],
        30,
        demand[junctions],
        per_junction=False,
    )
    assert modified_surplus_power(*arrays) == pytest.approx(theirs.to_numpy(), rel=1e-5)


def test_just_enough_head_leaves_nothing_and_full_head_leaves_all():
    demand, wanted = np.array([[1.0, 2.0]]), np.array([30.0, 40.0])
    assert surplus_power(demand, wanted[None], wanted, np.array([200.0])).tolist() == [0]
    full = np.full((1, 2), 60.0)
    assert surplus_power(demand, full, wanted, np.array([180.0])) == pytest.approx([1.0])
    assert surplus_power(demand, wanted[None] - 1, wanted, np.array([200.0]))[0] < 0
    assert np.isnan(surplus_power(demand, full, wanted, np.array([100.0])))[0]
    with pytest.raises(BadUse, match="one network"):
        surplus_power(demand, full, wanted[:1], np.array([1.0]))


def test_where_nothing_is_asked_nothing_is_short():
    assert np.isnan(service_availability(np.array([0.0]), np.array([0.0])))[0]
    assert service_availability(np.array([1.0, 3.0]), np.array([2.0, 3.0])).tolist() == [0.5, 1]
