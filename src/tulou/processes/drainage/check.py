"""The check of drains: storms run through SWMM, and what each pipe and node did under them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse
from tulou.measures.water.drains import held_period
from tulou.model.state import State
from tulou.processes.declaration import Run
from tulou.processes.drainage.believed import believe
from tulou.processes.drainage.check_told import outcome_of
from tulou.processes.drainage.checked import BACKWATER, BOTTLENECK, FREE, Checked, Pipes
from tulou.processes.drainage.engine import SECONDS_A_MINUTE, Order, Simulated, simulate_all
from tulou.processes.drainage.exposure import check_near, geographic, reached, reproduced
from tulou.processes.drainage.network import Network, network_of, ponding
from tulou.processes.drainage.rules import rule
from tulou.processes.drainage.sections import Model, read_model, sheltered
from tulou.processes.drainage.storms import Storm, design_storms, formula_of, recorded_storm, under_storm
from tulou.processes.outcome import Outcome

Array = NDArray[np.float64]


def check(run: Run) -> Outcome:
    """Run the process, see ``drainage_check.PROCESS``."""
    values = run.values
    read = read_model(values["model"])
    model, left_out = sheltered(read)
    if values["routing"] == "dynamic":
        model = model.with_options({"FLOW_ROUTING": "DYNWAVE"})
    if values["ponding_area"] is not None:
        model = ponding(model, values["ponding_area"])
    network = network_of(model)
    if run.state is not None and values["datum"] is None:
        raise BadUse("the datum of the model must be stated", where="datum", allowed=("EPSG:4547", "cgcs2000", "gcj02"))
    lonlat = geographic(network.places, values["datum"], model.name) if values["datum"] else {}
    if run.state is not None:
        check_near(run.state, lonlat, model.name)
    storms, told, sources = _storms(values)
    orders = [
        _order(model if one is None else under_storm(model, one, after=values["after"]), network) for one in storms
    ]
    runs = tuple(simulate_all(orders, patience=values["patience"] * SECONDS_A_MINUTE, progress=run.progress))
    for storm, one in zip(storms, runs, strict=True):
        believe(one, storm.name if storm else model.name)
    pipes = _pipes(network, storms, runs, told)
    found = Checked(
        model, left_out, network, storms, runs, told, pipes, lonlat, None, sources | {read.name: read.digest}
    )
    return outcome_of(_in_city(found, run.state, values["near"]) if run.state is not None else found, values)


def _in_city(found: Checked, state: State, near: float) -> Checked:
    """The same with whom it reaches, and how far it reproduces what was observed."""
    nodes = found.main.nodes
    flooded, wet = ([at for at in some if nodes.ids[at] in found.lonlat] for some in (found.flooded, found.wet))
    places = [found.lonlat[nodes.ids[at]] for at in flooded]
    who = reached(state, places, nodes.volume[flooded], near=near)
    observed = reproduced(state, [found.lonlat[nodes.ids[at]] for at in wet], near=near)
    return replace(found, reached=who, observed=observed)


def _order(model: Model, network: Network) -> Order:
    return Order(model, ponds=tuple(sorted(network.ponds)), deeper_than=rule("ponding_depth"))


def _storms(values: Mapping[str, Any]) -> tuple[tuple[Storm | None, ...], int, dict[str, str]]:
    """The storms, which of them is told, and the files they came from."""
    formula = formula_of(values)
    if formula is not None and values["rain"] is not None:
        raise BadUse("rain is a record or a formula, not both", where="rain", allowed=("rain", "a1 c b n peak"))
    if values["rain"] is not None:
        storm, digest = recorded_storm(values)
        return (storm,), 0, {values["rain"].name: digest}
    if formula is None:
        return (None,), 0, {}
    periods = set(values["periods"])
    told = values["flood_period"] or max(periods)
    ordered = tuple(sorted(periods | {told}))
    return tuple(design_storms(values, formula, ordered)), ordered.index(told), {}


def _pipes(network: Network, storms: tuple[Storm | None, ...], runs: tuple[Simulated, ...], told: int) -> Pipes:
    main = runs[told]
    at_link = {name: place for place, name in enumerate(main.links.ids)}
    at_node = {name: place for place, name in enumerate(main.nodes.ids)}
    link = np.array([at_link[name] for name in network.conduits], np.int64)
    ends = np.array([[at_node[end] for end in pair] for pair in network.ends], np.int64).reshape(-1, 2)
    full = np.array([run.links.surcharged[link] > 0 for run in runs]).T.reshape(len(link), -1)
    wet = np.array([(run.nodes.volume[ends] > 0).any(axis=1) for run in runs]).T.reshape(len(link), -1)
    limited = main.links.limited[link] > 0
    capacity = np.where(full[:, told], np.where(limited, BOTTLENECK, BACKWATER), FREE)
    flow, surcharged = main.links.flow[link], main.links.surcharged[link]
    periods = [storm.period for storm in storms if storm is not None and storm.period is not None]
    if len(periods) < len(runs):
        unknown = np.full(len(link), np.nan)
        return Pipes(unknown, unknown, capacity, flow, surcharged, 0)
    returned = int((np.diff(full.astype(np.int8), axis=1) < 0).any(axis=1).sum())
    return Pipes(held_period(periods, ~full), held_period(periods, ~wet), capacity, flow, surcharged, returned)
