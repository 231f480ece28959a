"""Joint dispatch on theta and on models with nothing to dispatch."""

import json

import numpy as np
import pytest

from app.line import fine, refused
from processes.drainage.models import POLDER, street
from shared_data import shared
from tulou.kernel.errors import BadInput, BadUse, NotEnoughData
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run
from tulou.processes.drainage.actuators import Pump, actuators_of, basins_of
from tulou.processes.drainage.engine import Order, simulate
from tulou.processes.drainage.sections import read_model

GATES = """[CONTROLS]
RULE One
IF NODE P1 DEPTH > 0.5
THEN ORIFICE 1 SETTING = 1
ELSE ORIFICE 1 SETTING = 0.2
RULE Two
IF NODE P1 DEPTH > 0.4
THEN ORIFICE 1 SETTING = 0.1
"""


def day_of_theta(folder, more=""):
    """Theta until the storages have emptied."""
    text = shared("swmm/theta.inp").read_text()
    return street(folder, text.replace("02/28/2018", "02/25/2018").replace("06:00:00", "20:00:00") + more, "theta.inp")


def ran(path, **given):
    process = processes()["joint_dispatch"]
    return process.run(Run(process.values({"model": path, **given})))


def ways(outcome):
    table = next(one for one in outcome.tables if one.name == "ways")
    names = [column.name for column in table.columns]
    return {row[0].en: dict(zip(names, row, strict=True)) for row in table.rows}


def figures(outcome):
    return {one.name: one.value for one in outcome.figures}


@pytest.fixture(scope="module")
def theta(tmp_path_factory):
    return ran(day_of_theta(tmp_path_factory.mktemp("theta")), allowed=0.5, outlet="8", plan_step=15, every=1)


def test_theta_keeps_the_limit_by_either_way(theta):
    found = ways(theta)
    assert found["no control"]["peak"] == pytest.approx(0.6852, abs=5e-5)
    assert found["no control"]["excess"] > 1000
    for name in ("equal filling", "plans that look ahead"):
        assert found[name]["excess"] == 0
        assert found[name]["flood"] == 0
        assert found[name]["peak"] < 0.5
    assert figures(theta)["gain"] == pytest.approx(100)
    assert all(one["excess"] <= found["no control"]["excess"] for one in found.values())


def test_the_plan_runs_in_swmm_alone(theta, tmp_path):
    path = tmp_path / "plan.inp"
    path.write_bytes(theta.files["joint_dispatch.inp"])
    run = simulate(Order(read_model(path), (("link", "8", "FLOW"),)), patience=60)
    assert run.series.max() == pytest.approx(figures(theta)["peak"], abs=1e-9)
    plan = next(one for one in theta.tables if one.name == "plan")
    assert plan.rows[0][0] == 0
    assert np.diff([row[0] for row in plan.rows]) == pytest.approx(0.25, abs=0.02)
    assert all(0 <= cell <= 1 for row in plan.rows for cell in row[1:])


def test_two_plans_are_the_same(theta, tmp_path):
    again = ran(day_of_theta(tmp_path), allowed=0.5, outlet="8", plan_step=15, every=1)
    assert again.files == theta.files
    assert ways(again) == ways(theta)


def test_rules_are_run_and_their_conflicts_told(tmp_path):
    outcome = ran(day_of_theta(tmp_path, GATES), allowed=0.5, outlet="8", every=5)
    assert set(ways(outcome)) == {"no control", "rules of the model", "equal filling", "plans that look ahead"}
    table = next(one for one in outcome.tables if one.name == "conflicts")
    assert [row[:3] for row in table.rows] == [["1", "One", "Two"]]
    assert any("equal priority" in line.en for line in outcome.answer)


def test_lost_measurements_leave_the_gates_as_without_control(tmp_path):
    outcome = ran(day_of_theta(tmp_path), allowed=0.5, outlet="8", every=5, lost_from=0)
    found = ways(outcome)
    lost, none = found["plans, measurements lost"], found["no control"]
    assert lost["peak"] == pytest.approx(none["peak"], rel=1e-6)
    assert lost["excess"] == pytest.approx(none["excess"], rel=1e-6)
    assert "measurements lost" not in outcome.answer[0].en


def test_without_a_limit_only_floods_are_avoided(tmp_path):
    outcome = ran(day_of_theta(tmp_path), every=5)
    assert "no control" in outcome.answer[0].en
    assert outcome.files == {}
    assert figures(outcome)["excess"] == 0


def test_without_time_for_plans_equal_filling_stands_in(tmp_path):
    outcome = ran(day_of_theta(tmp_path), allowed=0.5, outlet="8", every=5, budget=0)
    assert any("took equal filling" in one.en for one in outcome.warnings)
    found = ways(outcome)
    assert found["plans that look ahead"]["peak"] == pytest.approx(found["equal filling"]["peak"], rel=0.05)


@pytest.mark.slow
def test_eleven_basins_flood_less_by_plans():
    storm = {"a1": 12.0, "c": 0.8, "b": 10.0, "n": 0.7, "peak": 0.4}
    outcome = ran(shared("swmm/gamma.inp"), **storm, period=5, allowed=4, after=1440)
    found = ways(outcome)
    assert found["plans that look ahead"]["flood"] < 0.8 * found["no control"]["flood"]
    assert found["equal filling"]["flood"] < found["no control"]["flood"]


def test_behind_a_sea_wall_the_gate_is_shut_by_the_tide_and_the_pump_rests_when_it_may(tmp_path):
    path = street(tmp_path, POLDER, "polder.inp")
    outcome = ran(path, every=5)
    found = ways(outcome)
    assert found["plans that look ahead"]["energy"] < 0.5 * found["no control"]["energy"]
    assert found["plans that look ahead"]["flood"] == 0
    # The plan, run by SWMM alone: never a flow from the sea into the storage through an opened gate.
    (tmp_path / "plan.inp").write_bytes(outcome.files["joint_dispatch.inp"])
    follow = (("link", "GATE", "FLOW"), ("link", "LIFT", "SETTING"), ("node", "T", "VOLUME"))
    run = simulate(Order(read_model(tmp_path / "plan.inp"), follow), patience=60)
    hours = np.diff(run.times, prepend=0) * 3600
    assert -(np.minimum(run.series[:, 0], 0) * hours).sum() < 0.02 * (np.maximum(run.series[:, 0], 0) * hours).sum()
    free = simulate(Order(read_model(path), follow), patience=60)
    assert free.series[:, 0].min() < -0.2
    assert set(np.round(run.series[:, 1], 6)) <= {0.0, 1.0}


def test_models_without_storages_and_links_that_are_none_are_refused(tmp_path):
    with pytest.raises(NotEnoughData, match="empties a storage"):
        ran(street(tmp_path))
    with pytest.raises(BadUse, match="no such link"):
        ran(shared("swmm/theta.inp"), outlet="88")
    text = shared("swmm/theta.inp").read_text()
    with pytest.raises(BadInput, match="shape of storage"):
        ran(street(tmp_path, text.replace("FUNCTIONAL 1000      0         0", "CONICAL 1000      0         0")))
    with pytest.raises(BadInput, match="unit of flow"):
        ran(street(tmp_path, text.replace("CMS", "CUPS")))


def test_storages_and_pumps_are_read_in_metres():
    model = read_model(shared("swmm/gamma.inp"))
    basins = basins_of(model)
    run = simulate(Order(model, tuple(("node", one.name, "VOLUME") for one in basins)), patience=120)
    deepest = dict(zip(run.nodes.ids, run.nodes.depth, strict=True))
    for place, basin in enumerate(basins):
        volume = float(np.interp(deepest[basin.name], basin.depths, basin.volumes))
        assert volume == pytest.approx(run.series[:, place].max(), rel=0.01)
    actuators, left = actuators_of(model, basins)
    assert len(actuators) == 11
    assert left == ()


def test_curves_of_pumps():
    stepped = Pump("depth", is_stepped=True, places=(1.0, 2.0), flows=(0.5, 0.9))
    assert [stepped.flow(volume=0, depth=at, head=0) for at in (0.5, 1.5, 9.0)] == [0.5, 0.9, 0.9]
    falling = Pump("head", is_stepped=False, places=(0.0, 10.0), flows=(2.0, 0.0))
    assert falling.flow(volume=0, depth=0, head=5.0) == pytest.approx(1.0)


def test_run_from_the_command_line_in_both_languages(tmp_path):
    path = day_of_theta(tmp_path)
    words = ("run", "joint_dispatch", f"model={path}", "allowed=0.5", "outlet=8", "every=5", "margin=10")
    assert "Advised" in fine(*words, "--to", tmp_path, "--format", "html")
    assert (tmp_path / "joint_dispatch.inp").exists()
    said = json.loads((tmp_path / "joint_dispatch.json").read_text())
    assert "建议采用" in said["answer"]["zh"][0]
    street(tmp_path)
    assert "没有" in refused(2, "run", "joint_dispatch", f"model={tmp_path / 'street.inp'}", language="zh")
