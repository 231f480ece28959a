"""The 23 leaks of BattLeDIM in L-Town, one at a time: which are found, how soon, how near.

    python benchmarks/leak_localisation.py [--days 7]

Pressures are made with errors of the model and of the sensors (tests/truth/water_supply/l_town.py), since the SCADA
readings are not at hand; three leaks have their real flow, the others that of their published diameter at 50 m. Every
leak begins after 14 normal days, also those that were there from the start. No peer: the winners of BattLeDIM had the
readings themselves.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from truth.water_supply import l_town  # noqa: E402
from tulou.kernel.progress import silent  # noqa: E402
from tulou.measures.water.supply.leakage import orifice_flow  # noqa: E402
from tulou.processes.catalogue import processes  # noqa: E402
from tulou.processes.water_supply.hydraulics import network_of, read_model  # noqa: E402
from tulou.processes.water_supply.leak import distances, find_leak, read_pressures, sensitivities  # noqa: E402

NORMAL = 14
DIAMETERS = {
    "p257": 11.843, "p427": 9.0731, "p810": 10.028, "p654": 8.7735, "p523": 20.246, "p827": 20.25, "p280": 9.5008,
    "p653": 16.035, "p710": 9.2936, "p514": 14.979, "p331": 14.053, "p193": 12.39, "p277": 12.089, "p142": 19.857,
    "p680": 9.7197, "p586": 17.184, "p721": 14.08, "p800": 18.847, "p123": 11.906, "p455": 12.722, "p762": 15.19,
    "p426": 15.008, "p879": 13.195,
}  # fmt: skip
"""Diameters of the leaks, mm: dataset_configuration_evaluation.yalm of KIOS-Research/BattLeDIM (EUPL 1.2)."""
REAL = ("p280", "p427", "p523")


def flow_of(pipe, days):
    """Leak flow after 14 normal days, and the step at which it begins: at half past twelve, in the busy hours."""
    start = NORMAL * l_town.PER_DAY + 50
    flow = np.zeros((NORMAL + days) * l_town.PER_DAY)
    if pipe in REAL:
        series, began = l_town.leak_flow(pipe)
        flow[start:] = series[began : began + len(flow) - start]
    else:
        flow[start:] = orifice_flow(DIAMETERS[pipe] / 1000, 50, 0.75)
    return flow, start


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--days", type=int, default=7)
    days = parser.parse_args().days
    path = l_town.shared("epanet/L-TOWN.inp")
    model = read_model(path)
    network = network_of(model)
    sensors = np.array([network.nodes.index(name) for name in l_town.SENSORS])
    began = time.perf_counter()
    fall = sensitivities(model, network, sensors, silent)
    print(f"sensitivities of {network.junctions} junctions: {time.perf_counter() - began:.1f} s")
    normal = np.datetime_as_string(l_town.START + np.timedelta64(NORMAL, "D"), unit="D")
    found = []
    for number, pipe in enumerate(DIAMETERS):
        flow, start = flow_of(pipe, days)
        pressures, ends = l_town.readings(pipe, flow, number)
        with tempfile.TemporaryDirectory() as folder:
            file = l_town.written(Path(folder) / "pressures.csv", pressures)
            values = processes()["leak_localisation"].values(
                {"network": path, "pressures": file, "normal_until": normal}
            )
            told = read_pressures(values, network)
        leak = find_leak(told, network, fall, values["window"])
        away = np.minimum(*(distances(network, network.nodes.index(end)) for end in ends))
        hours = None if told.alarm is None else (told.alarm - start) * 24 / l_town.PER_DAY
        near = [] if leak is None else [float(away[place]) for place in leak.best]
        found.append((pipe, hours, near))
        said = (
            "not found"
            if hours is None
            else f"sure after {hours:6.2f} h; m away after 6 h, 1 day, end: "
            + ", ".join(f"{near[place]:.0f}" for place in sorted({0, min(3, len(near) - 1), len(near) - 1}) if near)
        )
        print(f"{pipe} {flow.max():5.1f} m3/h {'real' if pipe in REAL else 'made'} {said}", flush=True)
    false = sum(hours is not None and hours < 0 for _, hours, _ in found)
    day = sum(
        hours is not None and 0 <= hours <= 24 and near and near[min(3, len(near) - 1)] <= 300
        for _, hours, near in found
    )
    last = sum(hours is not None and hours >= 0 and near and near[-1] <= 300 for _, hours, near in found)
    print(f"of {len(found)}: within 300 m a day after {day}, in the end {last}; false alarms {false}")


if __name__ == "__main__":
    main()
