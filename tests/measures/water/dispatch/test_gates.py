"""Flow through gates: the equations by hand, openings found back, and SWMM's own gate."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_data import shared
from tulou.measures.water.dispatch.gates import Gate, gate_flow, gate_setting
from tulou.processes.drainage.engine import Order, simulate
from tulou.processes.drainage.sections import read_model

BOX = Gate("side", "box", 1.0, 2.0, 0.65, 10.0)
HOLE = Gate("bottom", "round", 0.5, 0.0, 0.6, 3.0)
PIT = Gate("bottom", "box", 0.8, 0.4, 0.6, 3.0)


def test_a_covered_opening_follows_the_root_of_the_head():
    # Half open: 0.5 m high, 2 m wide; centre at 10.25, water at 12.25, so a head of 2 m.
    assert gate_flow(BOX, 0.5, 12.25, 9.0) == pytest.approx(0.65 * 1.0 * (2 * 9.80665 * 2) ** 0.5)
    # With the level behind above the centre the difference counts.
    assert gate_flow(BOX, 0.5, 12.25, 11.25) == pytest.approx(0.65 * 1.0 * (2 * 9.80665 * 1) ** 0.5)


def test_an_uncovered_opening_is_a_weir():
    covered = gate_flow(BOX, 1.0, 11.0, 9.0)
    assert gate_flow(BOX, 1.0, 10.25, 9.0) == pytest.approx(covered * 0.25**1.5)


def test_a_round_hole_in_a_floor():
    # Deep: the whole area under the head. Shallow: weir along the edge, below (0.6 / 0.414) * D / 4.
    assert gate_flow(HOLE, 1.0, 5.0, 0.0) == pytest.approx(0.6 * 3.14159265 * 0.0625 * (2 * 9.80665 * 2) ** 0.5)
    critical = 0.6 / 0.414 * 0.125
    full = gate_flow(HOLE, 1.0, 3.0 + critical, 0.0)
    assert gate_flow(HOLE, 1.0, 3.0 + critical / 4, 0.0) == pytest.approx(full / 8)


def test_nothing_flows_back_or_through_a_shut_gate():
    assert gate_flow(BOX, 0.0, 12, 9) == 0
    assert gate_flow(BOX, 1.0, 10.0, 9) == 0
    assert gate_flow(BOX, 1.0, 11.0, 11.5) == 0
    assert gate_setting(BOX, 1.0, 11.0, 11.5) == 0.0
    assert gate_setting(BOX, 99.0, 11.0, 9.0) == 1.0
    assert gate_setting(BOX, 0.0, 12.0, 9.0) == 0.0


@given(st.sampled_from([BOX, PIT]), st.floats(0.02, 1.0), st.floats(0.05, 4.0))
def test_the_opening_is_found_back(gate, setting, head):
    flow = gate_flow(gate, setting, gate.crest + head, 0.0)
    found = gate_setting(gate, flow, gate.crest + head, 0.0)
    assert gate_flow(gate, found, gate.crest + head, 0.0) == pytest.approx(flow, rel=1e-6)


def test_the_gate_of_swmm_passes_the_same():
    model = read_model(shared("swmm/theta.inp"))
    follow = (("node", "P1", "HEAD"), ("node", "P1J", "HEAD"), ("link", "1", "FLOW"))
    run = simulate(Order(model, follow), patience=60)
    gate = Gate("bottom", "box", 1.0, 1.0, 1.0, 100.0)
    for above, below, flow in run.series[2000:6000:200]:
        assert gate_flow(gate, 1.0, above, below) == pytest.approx(flow, rel=0.02, abs=2e-3)
