"""The work of the process that localises a leak."""

from __future__ import annotations

from pathlib import Path

from tulou.kernel.identity import digest_file
from tulou.processes.declaration import Run
from tulou.processes.outcome import Outcome
from tulou.processes.water_supply.hydraulics import network_of, read_model
from tulou.processes.water_supply.leak import find_leak, read_pressures, sensitivities
from tulou.processes.water_supply.localise_told import outcome_of


def localise(run: Run) -> Outcome:
    """Run the process, see ``leak_localisation.PROCESS``."""
    values = run.values
    path: Path = values["network"]
    model = read_model(path)
    network = network_of(model)
    told = read_pressures(values, network)
    leak = None
    if told.alarm is not None:
        sensitivity = sensitivities(model, network, told.sensors, run.progress)
        leak = find_leak(told, network, sensitivity, values["window"])
    sources = {path.name: digest_file(path), values["pressures"].name: told.series.digest}
    return outcome_of(told, network, leak, values, sources)
