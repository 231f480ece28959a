"""Pressures of L-Town with a leak: made, not measured, as the SCADA readings of BattLeDIM are not at hand.

The model that is run differs from the one the leak is sought with: every pipe is rougher or smoother, every junction
takes more or less, groups of junctions scatter from step to step, and sensors read with an error. The leak flows are
BattLeDIM's.
"""

import datetime as dt
import warnings

import numpy as np
import wntr

from shared_data import shared

SENSORS = [f"n{number}" for number in (
    1, 4, 31, 54, 105, 114, 163, 188, 215, 229, 288, 296, 332, 342, 410, 415, 429, 458, 469, 495, 506, 516, 519,
    549, 613, 636, 644, 679, 722, 726, 740, 752, 769,
)]  # fmt: skip
"""The 33 pressure sensors of BattLeDIM."""
STEP = 900
PER_DAY = 86_400 // STEP
GROUPS = 40
ROUGHNESS, DEMAND, COMMON, GROUP, SENSOR = 0.05, 0.10, 0.03, 0.10, 0.02
"""Scatter: of roughness, of mean demand, of all demand and of that of a group from step to step, of a reading in m."""
START = np.datetime64("2019-01-07T00:00:00")  # a Monday


def leak_flow(pipe):
    """Real leak flow of a pipe, m³/h every quarter of an hour of 2019, and where it begins."""
    import openpyxl

    book = openpyxl.load_workbook(shared(f"epanet_leaks_battledim/Leak_{pipe}.xlsx"), read_only=True)
    rows = [
        row for row in book["Demand (m3_h)"].iter_rows(min_row=2, values_only=True) if isinstance(row[0], dt.datetime)
    ]
    flow = np.array([float(row[1]) for row in rows]).reshape(-1, 3).mean(axis=1)
    return flow, int(np.argmax(flow > 0))


def readings(pipe, flow, seed):
    """Pressures of the sensors while a pipe leaks, m, shape (times, sensors), and the junctions at its ends."""
    chance = np.random.default_rng(seed)
    model = wntr.network.WaterNetworkModel(str(shared("epanet/L-TOWN.inp")))
    count = len(flow)
    time = model.options.time
    time.duration = (count - 1) * STEP
    time.hydraulic_timestep = time.report_timestep = time.pattern_timestep = STEP
    for name in model.pipe_name_list:
        model.get_link(name).roughness *= 1 + ROUGHNESS * chance.normal()
    _scatter(model, count, chance)
    ends = (model.get_link(pipe).start_node_name, model.get_link(pipe).end_node_name)
    wntr.morph.split_pipe(model, pipe, f"{pipe}_B", "LEAK", return_copy=False)
    model.add_pattern("leak", list(flow / 3600))
    model.get_node("LEAK").add_demand(1.0, "leak")
    return _run(model)[SENSORS].to_numpy(float) + SENSOR * chance.normal(size=(count, len(SENSORS))), ends


def _scatter(model, count, chance):
    """Give each group of junctions patterns of its own."""
    whole = {}
    for name, pattern in list(model.patterns()):
        mean = np.asarray(pattern.multipliers, float)
        mean = mean[: len(mean) // 3 * 3].reshape(-1, 3).mean(axis=1) if len(mean) > 1 else mean
        whole[name] = np.resize(mean, count) * (1 + COMMON * chance.normal(size=count))
    for group in range(GROUPS):
        own = 1 + GROUP * chance.normal(size=count)
        for name, series in whole.items():
            model.add_pattern(f"{name}_{group}", list(np.maximum(series * own, 0)))
    for place, (_, junction) in enumerate(model.junctions()):
        more = max(0.2, 1 + DEMAND * chance.normal())
        for demand in junction.demand_timeseries_list:
            demand.base_value *= more
            demand.pattern_name = f"{demand.pattern_name}_{place % GROUPS}"


def _run(model):
    import tempfile

    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return wntr.sim.EpanetSimulator(model).run_sim(file_prefix=f"{folder}/run").node["pressure"]


def written(path, pressures):
    """Write readings as a person would have them."""
    times = START + np.arange(len(pressures)) * np.timedelta64(STEP, "s")
    lines = [",".join([str(time), *(f"{one:.3f}" for one in row)]) for time, row in zip(times, pressures, strict=True)]
    path.write_text("\n".join(["time," + ",".join(SENSORS), *lines]) + "\n", "utf-8")
    return path
