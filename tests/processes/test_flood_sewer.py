"""Water exchanged between the surface and drains of SWMM."""

import numpy as np
import pytest

from processes.made_city import EAST, NORTH
from processes.test_flood import bowl, figures, rain, ran, written  # noqa: F401  (the fixture)
from tulou.kernel.errors import BadInput, BadUse, NotEnoughData
from tulou.measures.water.flood.inlets import inlet_flow

GIVEN = {"sewer_datum": "EPSG:4549", "inlet": 2, "opening": 0.2, "edge": "closed"}
INFLOW = """
[INFLOWS]
LOW FLOW "" FLOW 1.0 1.0 {flow}
"""


def model(folder, *, diameter=0.6, flow=None, away=0.0):
    """A node under the middle of the basin, rim at 4.1 m, and a pipe to an outfall."""
    text = f"""[OPTIONS]
FLOW_UNITS CMS
FLOW_ROUTING DYNWAVE
START_DATE 01/01/2026
START_TIME 00:00
END_DATE 01/01/2026
END_TIME 01:00
ROUTING_STEP 5
[JUNCTIONS]
LOW 2.0 2.1 0 0 0
[OUTFALLS]
OUT 1.0 FREE
[CONDUITS]
PIPE LOW OUT 100 0.013 0 0
[XSECTIONS]
PIPE CIRCULAR {diameter} 0 0 0
[COORDINATES]
LOW {EAST + 150 + away} {NORTH + 100}
OUT {EAST + 280} {NORTH + 100}
"""
    path = folder / "drains.inp"
    path.write_text(text + (INFLOW.format(flow=flow) if flow else ""), "utf-8")
    return path


def test_inlets_are_weirs_while_shallow_and_orifices_when_deep():
    size = {"length": 2.0, "opening": 0.2, "weir": 1.66, "orifice": 0.67}
    flow = inlet_flow(np.array([-0.1, 0.0, 0.05, 1.0]), **size)
    assert flow[:2].tolist() == [0, 0]
    assert flow[2] == pytest.approx(1.66 * 2 * 0.05**1.5)
    assert flow[3] == pytest.approx(0.67 * 0.2 * (2 * 9.81) ** 0.5)
    deeper = inlet_flow(np.linspace(0, 2, 100), **size)
    assert (np.diff(deeper) > 0).all()


def test_drains_empty_the_basin(tmp_path, rain):  # noqa: F811
    ground = written(tmp_path, bowl())
    without = ran("surface_flood", ground, rain=rain, edge="closed", after=60)
    outcome = ran("surface_flood", ground, rain=rain, sewer=model(tmp_path), after=60, **GIVEN)
    found = figures(outcome)
    assert found["taken"] > 500
    assert found["returned"] < 0.05 * found["taken"]
    assert found["ponding_area"] < figures(without)["ponding_area"]
    balance = outcome.balances[0]
    assert balance.closes
    assert balance.stayed == pytest.approx(balance.came - found["taken"], abs=found["returned"] + 1e-6)
    assert "drains.inp" in outcome.sources


def test_a_smaller_pipe_takes_less(tmp_path, rain):  # noqa: F811
    ground = written(tmp_path, bowl())
    kept = []
    for diameter in (0.6, 0.2):
        found = figures(ran("surface_flood", ground, rain=rain, sewer=model(tmp_path, diameter=diameter), **GIVEN))
        kept.append(found["taken"] - found["returned"])
    assert 0 < kept[1] < 0.2 * kept[0]


def test_what_drains_cannot_hold_comes_out_on_the_street(tmp_path, rain):  # noqa: F811
    rain.write_text("time,mm\n2026-06-01T00:00,0\n2026-06-01T00:10,0\n", "utf-8")
    ground = written(tmp_path, bowl())
    outcome = ran("surface_flood", ground, rain=rain, sewer=model(tmp_path, diameter=0.2, flow=0.5), **GIVEN)
    found = figures(outcome)
    net = found["returned"] - found["taken"]
    # Half a cubic metre a second for 50 minutes, less what a pipe of 20 cm carries away.
    assert 0.7 * 0.5 * 3000 < net < 0.5 * 3000
    assert outcome.balances[0].closes
    assert outcome.balances[0].stayed == pytest.approx(net, rel=1e-9)


def test_models_that_do_not_fit_are_refused(tmp_path, rain):  # noqa: F811
    ground, drains = written(tmp_path, bowl()), model(tmp_path)
    for lacking in ("sewer_datum", "inlet", "opening"):
        given = {name: value for name, value in GIVEN.items() if name != lacking}
        with pytest.raises(BadUse, match="needs its datum"):
            ran("surface_flood", ground, rain=rain, sewer=drains, **given)
    with pytest.raises(NotEnoughData, match="no node of the drains"):
        ran("surface_flood", ground, rain=rain, sewer=model(tmp_path, away=5000), **GIVEN)
    with pytest.raises(BadInput, match="datum"):
        ran("surface_flood", ground, rain=rain, sewer=model(tmp_path), **{**GIVEN, "sewer_datum": "EPSG:4326"})
    broken = model(tmp_path)
    broken.write_text(broken.read_text().replace("PIPE LOW OUT", "PIPE LOW NOWHERE"), "utf-8")
    with pytest.raises(BadInput, match="NOWHERE"):
        ran("surface_flood", ground, rain=rain, sewer=broken, **GIVEN)
