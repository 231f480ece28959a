"""The process of a water network on made models, and on files that are none."""

import sys

import numpy as np
import pytest

from app.line import fine, refused
from tulou.kernel.errors import BadInput, BadUse, MissingExtra
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run

pytest.importorskip("wntr")
TREE = """[JUNCTIONS]
 A 10 {demand}
 B 10 {demand}
 C {height} {demand}
 D 10 0
[RESERVOIRS]
 R 60
[PIPES]
 RA R A 1000 300 100 0 Open
 AB A B 1000 200 100 0 Open
 BC B C 1000 200 100 0 Open
 CD C D 100 200 100 0 {last}
[OPTIONS]
 Units LPS
 Headloss H-W
[COORDINATES]
 A 0 0
 B 1000 0
 C 2000 0
 D 2100 0
 R -1000 0
[END]
"""


def made(folder, demand=10.0, height=10.0, last="Open"):
    path = folder / "tree.inp"
    path.write_text(TREE.format(demand=demand, height=height, last=last), "utf-8")
    return path


def ran(path, **given):
    process = processes()["water_network"]
    return process.run(Run(process.values({"network": path, "pressure": 20, **given})))


def figures(outcome):
    return {one.name: one.value for one in outcome.figures}


def hazen_williams(flow, length, diameter, roughness=100):
    return 10.667 * length * flow**1.852 / (roughness**1.852 * diameter**4.871)


def test_pressures_and_indices_of_a_line_of_pipes_by_hand(tmp_path):
    outcome = ran(made(tmp_path), demand_a_person=200)
    found = figures(outcome)
    a = 60 - hazen_williams(0.03, 1000, 0.3)
    b = a - hazen_williams(0.02, 1000, 0.2)
    c = b - hazen_williams(0.01, 1000, 0.2)
    rows = {row[0]: row for row in outcome.tables[0].rows}
    assert [rows[name][1] for name in "ABC"] == pytest.approx([a - 10, b - 10, c - 10], abs=0.01)
    assert "D" not in rows  # it takes no water
    left = 0.01 * sum(head - 30 for head in (a, b, c))
    assert found["todini"] == pytest.approx(left / (0.03 * 60 - 0.01 * 3 * 30), abs=1e-4)
    assert found["modified"] == pytest.approx(left / (0.01 * 3 * 30), abs=1e-4)
    assert found["available"] == pytest.approx(100, abs=1e-3)
    assert found["low"] == found["cut_off"] == found["people_low"] == 0
    assert rows["A"][4] == pytest.approx(10 * 86400 / 200)
    assert abs(outcome.balances[0].residual) < 1e-5


def test_a_tap_too_high_gets_less_than_it_asks_for(tmp_path):
    outcome = ran(made(tmp_path, height=45), demand_a_person=200)
    row = next(row for row in outcome.tables[0].rows if row[0] == "C")
    assert row[1] < 20
    assert row[3] == pytest.approx(100 * np.sqrt(row[1] / 20), rel=1e-3)
    assert figures(outcome)["low"] == 1
    assert figures(outcome)["people_low"] == pytest.approx(4320)
    assert "about 4,320 people" in outcome.answer[-1].en


def test_a_fire_is_tried_at_each_junction(tmp_path):
    outcome = ran(made(tmp_path), fire_flow="30 L/s")
    row = {row[0]: row for row in outcome.tables[0].rows}
    a = 60 - hazen_williams(0.06, 1000, 0.3)
    b = a - hazen_williams(0.05, 1000, 0.2)
    c = b - hazen_williams(0.04, 1000, 0.2)
    assert row["C"][4] == pytest.approx(c - 10, abs=0.02)
    assert figures(outcome)["fire_low"] == sum(row[name][4] < 10 for name in "ABC")
    assert "fire_low" not in figures(ran(made(tmp_path)))


def test_what_no_open_pipe_joins_is_told(tmp_path):
    outcome = ran(made(tmp_path, last="Closed"))
    assert figures(outcome)["cut_off"] == 1
    assert any("joined to no source: D" in one.en for one in outcome.warnings)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ((" R 60", ""), "wntr cannot read"),
        (("RA R A 1000", "RA R Z 1000"), "wntr cannot read"),
        (("[PIPES]", "[TANKS]\n R 60 3 0 5 10 0\n[PIPES]"), "one name"),
        (("1000 300", "1000 wide"), "wntr cannot read"),
    ],
)
def test_models_that_are_broken_are_refused_with_the_reason(tmp_path, change, what):
    path = made(tmp_path)
    path.write_text(path.read_text("utf-8").replace(*change), "utf-8")
    with pytest.raises(BadInput) as caught:
        ran(path)
    assert what in str(caught.value)
    assert "tree.inp" in str(caught.value)


def test_a_model_that_does_not_converge_says_when(tmp_path, monkeypatch):
    monkeypatch.setattr("tulou.processes.water_supply.hydraulics.TRIALS", 1)
    path = made(tmp_path, height=45)
    path.write_text(path.read_text("utf-8").replace("[OPTIONS]", "[OPTIONS]\n Trials 1\n Unbalanced Stop"), "utf-8")
    with pytest.raises(BadInput) as caught:
        ran(path)
    assert "does not run to its end" in str(caught.value)
    assert "System unbalanced at 0:00:00" in str(caught.value)


def test_files_that_are_no_models(tmp_path):
    path = tmp_path / "none.inp"
    for text in ("", "hello\n", "[JUNCTIONS]\n A 10 1\n"):
        path.write_text(text, "utf-8")
        with pytest.raises(BadInput):
            ran(path)
    path.write_bytes(bytes(range(256)) * 4)
    with pytest.raises(BadInput):
        ran(path)
    with pytest.raises(BadUse, match="stands here"):
        ran(tmp_path / "missing.inp")


def test_run_twice_and_in_both_languages(tmp_path):
    path = made(tmp_path)
    one, other = (fine("run", "water_network", f"network={path}", "pressure=20", language="zh") for _ in range(2))
    assert one == other
    assert "用水节点 3 个" in one
    path.write_text(path.read_text("utf-8").replace(" A 10", " B 10", 1), "utf-8")
    assert "wntr" in refused(3, "run", "water_network", f"network={path}", "pressure=20", language="zh")


def test_without_wntr_the_extra_is_named(tmp_path, monkeypatch):
    path = made(tmp_path)
    monkeypatch.setitem(sys.modules, "wntr", None)
    for name in [one for one in sys.modules if one.startswith("tulou.processes.water_supply.")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(MissingExtra, match=r"tulou\[water\]"):
        ran(path)


def test_demand_is_that_of_wntr_at_each_time_and_its_mean_is_over_whole_patterns(tmp_path):
    import wntr

    from tulou.processes.water_supply.hydraulics import network_of, read_model, run_model

    path = made(tmp_path)
    text = path.read_text("utf-8")
    text = text.replace(" B 10 10.0", " B 10 10.0 week").replace(
        "[OPTIONS]",
        "[PATTERNS]\n week " + " ".join(str(1 + place % 7) for place in range(14)) + "\n[TIMES]\n Duration 20:00\n"
        " Pattern Timestep 1:00\n Hydraulic Timestep 1:00\n[OPTIONS]\n Demand Multiplier 0.5",
    )
    path.write_text(text, "utf-8")
    model = read_model(path)
    found = run_model(model, 20, "tree.inp")
    assert found.asked == pytest.approx(wntr.metrics.expected_demand(model).to_numpy())
    assert network_of(model).asked == pytest.approx([0.005, 0.005 * 4, 0.005, 0])
