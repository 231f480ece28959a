"""The process that localises a leak, on a made grid of streets whose leak is known."""

import warnings

import numpy as np
import pytest

from app.line import fine, refused
from tulou.kernel.errors import BadInput, BadUse, NotEnoughData
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run

wntr = pytest.importorskip("wntr")
SIDE, STREET, HOURS = 6, 200, 4 * 7 * 24
SENSORS = ("J0_5", "J2_2", "J5_0", "J5_5", "J3_4", "J1_1")
SINCE = 3 * 7 * 24 + 40


def grid(folder):
    model = wntr.network.WaterNetworkModel()
    model.add_pattern("day", [0.4, 0.3, 0.3, 0.4, 0.6, 1, 1.5, 1.8, 1.6, 1.3, 1.1, 1.1] * 2)
    for row in range(SIDE):
        for column in range(SIDE):
            model.add_junction(f"J{row}_{column}", 0.4e-3, "day", 5, coordinates=(column * STREET, row * STREET))
    model.add_reservoir("R", 50, coordinates=(-STREET, 0))
    model.add_pipe("main", "R", "J0_0", STREET, 0.3, 110)
    for row in range(SIDE):
        for column in range(SIDE):
            for other in ((row + 1, column), (row, column + 1)):
                if max(other) < SIDE:
                    name = f"P{row}{column}_{other[0]}{other[1]}"
                    model.add_pipe(name, f"J{row}_{column}", f"J{other[0]}_{other[1]}", STREET, 0.1, 110)
    path = folder / "grid.inp"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wntr.network.write_inpfile(model, str(path), units="LPS")
    return path


def measured(folder, network, leak=2e-3, at="J4_1", hours=HOURS):
    """Pressures of four weeks with an hourly scatter of each junction, and a leak from some hour on."""
    chance = np.random.default_rng(11)
    model = wntr.network.WaterNetworkModel(str(network))
    model.options.time.duration = (hours - 1) * 3600
    pattern = np.resize(model.get_pattern("day").multipliers, hours)
    for name in model.junction_name_list:
        model.add_pattern(f"own_{name}", list(pattern * (1 + 0.1 * chance.normal(size=hours))))
        model.get_node(name).demand_timeseries_list[0].pattern_name = f"own_{name}"
    model.add_pattern("leak", list(np.where(np.arange(hours) >= SINCE, leak, 0.0)))
    model.get_node(at).add_demand(1.0, "leak")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = wntr.sim.EpanetSimulator(model).run_sim(file_prefix=str(folder / "run"))
    pressure = found.node["pressure"][list(SENSORS)].to_numpy(float)
    pressure = pressure + chance.normal(0, 0.02, pressure.shape)
    times = np.datetime64("2026-01-05T00:00") + np.arange(hours) * np.timedelta64(1, "h")
    lines = [",".join([str(time), *(f"{one:.3f}" for one in row)]) for time, row in zip(times, pressure, strict=True)]
    path = folder / "pressures.csv"
    path.write_text("\n".join(["time," + ",".join(SENSORS), *lines]) + "\n", "utf-8")
    return path


def ran(network, pressures, **given):
    process = processes()["leak_localisation"]
    values = {"network": network, "pressures": pressures, "normal_until": "2026-01-26", **given}
    return process.run(Run(process.values(values)))


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("grid")
    network = grid(folder)
    return network, measured(folder, network)


def test_the_leak_is_found_dated_and_placed(world):
    outcome = ran(*world)
    found = {one.name: one.value for one in outcome.figures}
    began = np.datetime64("2026-01-05T00:00") + np.timedelta64(SINCE, "h")
    said = outcome.answer[0].en
    alarm = np.datetime64("T".join(said.rstrip(".").split()[-2:]))
    assert began <= alarm <= began + np.timedelta64(6, "h")
    places = outcome.tables[0].rows
    row, column = (int(one) for one in places[0][0][1:].split("_"))
    assert (abs(row - 4) + abs(column - 1)) * STREET <= 300
    assert sum(one[1] for one in places) == pytest.approx(100, abs=0.5)
    assert places[0][2] == 0
    assert found["share"] > 50
    assert found["junctions"] == sum(
        abs(row - other) + abs(column - beside) <= 1 for other in range(SIDE) for beside in range(SIDE)
    )
    assert {plot.name for plot in outcome.plots} == {"drift", "map"}


def test_no_leak_is_none(world, tmp_path):
    outcome = ran(world[0], measured(tmp_path, world[0], leak=0.0))
    assert "no new leak" in outcome.answer[0].en
    assert not outcome.tables
    assert outcome.figures[0].value <= 1


def test_too_little_since_the_alarm_is_not_placed(world, tmp_path):
    path = measured(tmp_path, world[0], hours=SINCE + 4)
    outcome = ran(world[0], path, window=24)
    assert "was sure" in outcome.answer[0].en
    assert any("too little" in one.en for one in outcome.warnings)


def test_what_cannot_be_used(world, tmp_path):
    network, pressures = world
    text = pressures.read_text("utf-8")
    path = tmp_path / "other.csv"
    path.write_text(text.replace("J0_5", "J9_9", 1), "utf-8")
    with pytest.raises(BadInput, match="no such junction"):
        ran(network, path)
    path.write_text("\n".join(",".join(line.split(",")[:3]) for line in text.splitlines()) + "\n", "utf-8")
    with pytest.raises(NotEnoughData, match="three sensors"):
        ran(network, path)
    with pytest.raises(NotEnoughData, match="two weeks"):
        ran(network, pressures, normal_until="2026-01-10")
    with pytest.raises(BadUse, match="after the normal time"):
        ran(network, pressures, normal_until="2027-01-01")
    lines = text.splitlines()
    lines[3] = lines[3].replace("T02:00", "T02:11")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(BadInput, match="part a week"):
        ran(network, path)


def test_from_the_command_line(world):
    network, pressures = world
    words = ("run", "leak_localisation", f"network={network}", f"pressures={pressures}")
    said = fine(*words, "normal_until=2026-01-26", language="zh")
    assert "不再同步" in said
    assert said == fine(*words, "normal_until=2026-01-26", language="zh")
    assert "两周" in refused(2, *words, "normal_until=2026-01-10", language="zh")
