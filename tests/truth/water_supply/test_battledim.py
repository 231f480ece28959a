"""Leaks of BattLeDIM in L-Town, with pressures made from their real flows (the readings are not at hand)."""

import numpy as np
import pytest

pytest.importorskip("wntr")

from truth.water_supply import l_town
from tulou.kernel.progress import silent
from tulou.processes.catalogue import processes
from tulou.processes.water_supply.hydraulics import network_of, read_model
from tulou.processes.water_supply.leak import distances, find_leak, read_pressures, sensitivities

NORMAL, AFTER = 14, 7
PIPES = ("p523", "p427", "p280")


@pytest.fixture(scope="module")
def town():
    path = l_town.shared("epanet/L-TOWN.inp")
    model = read_model(path)
    network = network_of(model)
    sensors = np.array([network.nodes.index(name) for name in l_town.SENSORS])
    return path, network, sensitivities(model, network, sensors, silent)


# Leaks of 5 m³/h of an inflow of about 180 take days, one of 28 m³/h a quarter of an hour.
@pytest.mark.slow
@pytest.mark.parametrize(("pipe", "hours"), [("p523", 1), ("p427", 96), ("p280", 96)])
def test_real_leak_flows_are_found_and_placed_within_300_m(town, tmp_path, pipe, hours):
    path, network, fall = town
    series, began = l_town.leak_flow(pipe)
    start = NORMAL * l_town.PER_DAY + 50
    flow = np.zeros((NORMAL + AFTER) * l_town.PER_DAY)
    flow[start:] = series[began : began + len(flow) - start]
    pressures, ends = l_town.readings(pipe, flow, seed=PIPES.index(pipe))
    values = processes()["leak_localisation"].values(
        {
            "network": path,
            "pressures": l_town.written(tmp_path / "pressures.csv", pressures),
            "normal_until": "2019-01-21",
        }
    )
    told = read_pressures(values, network)
    assert told.alarm is not None
    assert start <= told.alarm <= start + hours * l_town.PER_DAY / 24
    leak = find_leak(told, network, fall, values["window"])
    away = np.minimum(*(distances(network, network.nodes.index(end)) for end in ends))
    assert away[leak.best[-1]] <= 300


@pytest.mark.slow
def test_without_a_leak_nothing_is_found(town, tmp_path):
    path, network, _ = town
    pressures, _ = l_town.readings("p523", np.zeros((NORMAL + AFTER) * l_town.PER_DAY), seed=3)
    values = processes()["leak_localisation"].values(
        {
            "network": path,
            "pressures": l_town.written(tmp_path / "pressures.csv", pressures),
            "normal_until": "2019-01-21",
        }
    )
    assert read_pressures(values, network).alarm is None
