"""Runs of SWMM in processes of their own."""

import importlib.util

import numpy as np
import pytest
from swmm.toolkit import shared_enum

from processes.drainage.models import POLDER, STREET, street
from shared_data import shared
from tulou.kernel.errors import BadInput, MissingExtra, NotEnoughData
from tulou.processes.drainage import child
from tulou.processes.drainage.engine import FOOT, Order, simulate, simulate_all
from tulou.processes.drainage.sections import read_model


def test_two_runs_are_the_same_and_several_at_once_too(tmp_path):
    order = Order(read_model(street(tmp_path)), (("link", "CO", "FLOW"),))
    first, second, third = simulate_all([order, order, order], patience=60)
    alone = simulate(order, patience=60)
    for one in (second, third, alone):
        assert np.array_equal(first.series, one.series)
        assert first.routing == one.routing


def test_feet_become_metres(tmp_path):
    metric = simulate(Order(read_model(street(tmp_path)), (("link", "CO", "FLOW"),)), patience=60)
    feet = {"AB": 100, "BC": 100, "CO": 200}
    text = STREET.replace("CMS", "CFS")
    for name, length in feet.items():
        text = text.replace(f" {length} 0.013", f" {length / FOOT} 0.013") if name == "CO" else text
    text = text.replace(" 100 0.013", f" {100 / FOOT} 0.013")
    for name, depth in (("A 3.0 2", (3.0, 2)), ("B 2.5 2", (2.5, 2)), ("C 2.0 2", (2.0, 2))):
        text = text.replace(f"{name} 0 0 0", f"{name[0]} {depth[0] / FOOT} {depth[1] / FOOT} 0 0 0")
    text = text.replace("OUT 1.0 FREE", f"OUT {1 / FOOT} FREE").replace("CIRCULAR 0.6", f"CIRCULAR {0.6 / FOOT}")
    text = text.replace("CIRCULAR 0.5", f"CIRCULAR {0.5 / FOOT}")
    acres, inch = 1 / 0.40468564224, 25.4
    text = text.replace("RAIN 0:00 20", f"RAIN 0:00 {20 / inch}")
    for one in ("S1 G1 A", "S2 G1 B"):
        text = text.replace(f"{one} 1 80 100", f"{one} {acres} 80 {100 / FOOT}")
    for one in ("S1", "S2"):
        text = text.replace(f"{one} 0.015 0.2 1 5", f"{one} 0.015 0.2 {1 / inch} {5 / inch}")
        text = text.replace(f"{one} 50 5", f"{one} {50 / inch} {5 / inch}")
    imperial = simulate(Order(read_model(street(tmp_path, text)), (("link", "CO", "FLOW"),)), patience=60)
    assert imperial.series[:, 0].max() == pytest.approx(metric.series[:, 0].max(), rel=2e-3)
    assert imperial.nodes.depth == pytest.approx(metric.nodes.depth, rel=2e-2)
    assert imperial.into_network == pytest.approx(metric.into_network, rel=2e-3)
    assert imperial.runoff["rainfall"] == pytest.approx(20, rel=1e-6)


def test_water_that_stands_in_the_drains_at_the_beginning_is_counted(tmp_path):
    drowned = STREET.replace("OUT 1.0 FREE", "OUT 1.0 FIXED 2.6")
    run = simulate(Order(read_model(street(tmp_path, drowned))), patience=60)
    # SWMM fills a pipe by the mean of its ends: 200 m of 0.5 m, half of it.
    assert run.routing["initStorage"] == pytest.approx(200 * np.pi * 0.25**2 / 2, rel=0.01)
    assert abs(run.routing_error) < 0.01


def test_what_a_model_lacks_is_said_before_it_runs(tmp_path):
    with pytest.raises(BadInput, match="routes no water"):
        simulate(
            Order(read_model(street(tmp_path, STREET.replace("[JUNC", "[OPTIONS]\nIGNORE_ROUTING YES\n[JUNC")))),
            patience=9,
        )
    with pytest.raises(BadInput, match="routes no water"):
        simulate(Order(read_model(street(tmp_path, STREET.partition("[CONDUITS]")[0]))), patience=9)


def test_a_run_that_takes_too_long_is_stopped():
    with pytest.raises(NotEnoughData, match="longer than it may"):
        simulate(Order(read_model(shared("swmm/gamma.inp"))), patience=0.05)


def test_without_swmm_the_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(MissingExtra, match=r"tulou\[water\]"):
        simulate(Order(read_model(street(tmp_path))), patience=9)


def test_pumps_are_told_with_their_energy(tmp_path):
    run = simulate(Order(read_model(street(tmp_path, POLDER))), patience=60)
    energy, lifted = run.pumps["LIFT"]
    assert set(run.pumps) == {"LIFT"}
    # At most 0.4 m³/s for twelve hours, over 1 to 5 m.
    assert 0.5 * 0.4 * 12 * 3600 < lifted <= 0.4 * 12 * 3600
    assert 0.9 * lifted * 9.81 / 3600 < energy == run.energy < 5 * lifted * 9.81 / 3600


def test_codes_are_those_of_the_toolkit():
    assert {kind: shared_enum.ObjectType[kind.upper()].value for kind in child.KINDS} == child.KINDS
    assert {name: shared_enum.NodeResult[name].value for name in child.NODE_RESULTS} == child.NODE_RESULTS
    assert {name: shared_enum.LinkResult[name].value for name in child.LINK_RESULTS} == child.LINK_RESULTS
    units = shared_enum.UnitProperty
    assert (units.SYSTEM_UNIT.value, units.FLOW_UNIT.value) == child.UNITS
    assert shared_enum.NodeProperty.FULL_DEPTH.value == child.FULL_DEPTH
