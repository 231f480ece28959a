"""EPANET models, read and run by wntr: plain arrays come out, and what is broken says why.

Pressures decide what is delivered (Wagner, Shamir & Marks 1988): below the pressure wanted a tap gives less.
"""

from __future__ import annotations

import logging
import re
import tempfile
import warnings
from collections import Counter
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tulou.kernel.errors import BadInput, MissingExtra
from tulou.sources import limits

try:
    import wntr
    from wntr.epanet.exceptions import EpanetException
    from wntr.network import LinkStatus, WaterNetworkModel
except ModuleNotFoundError as error:
    raise MissingExtra(error.name or "wntr", "water") from None

Array = NDArray[np.float64]
Indices = NDArray[np.int64]
logging.getLogger("wntr").setLevel(logging.CRITICAL)
UNREADABLE = (
    EpanetException,
    ValueError,
    KeyError,
    IndexError,
    AttributeError,
    TypeError,
    RuntimeError,
    AssertionError,
)
"""What wntr raises at a file that is no model."""
_TOLD = re.compile(r"^\s*((?:WARNING|Error|Input Error|ERROR).*?)\s*$", re.MULTILINE)
"""Lines of a report of EPANET that say what went wrong."""
SECONDS_AN_HOUR = 3600
ACCURACY = 1e-4
"""Share of all flow that may still change in the last trial: at the 0.01 some models ask for, taps of low pressure keep
nearly all of their demand."""
TRIALS = 200
"""Trials a moment may take at least to get there."""
HALTED = "EXECUTION HALTED"
"""What EPANET writes when it stops, though it leaves the times before, or trials that failed."""
MOST_PRESSURE = 1e4
"""Metres of water beyond which a result is no pressure but a broken model."""


@dataclass(frozen=True, eq=False)
class Network:
    """What a model is made of.

    Args:
        nodes: Names of all nodes: junctions, then reservoirs, then tanks.
        junctions: How many of them are junctions.
        reservoirs: How many are reservoirs.
        links: Names of all links.
        start: First node of each link, by position.
        end: Second node of each link.
        is_shut: Whether each link is shut at the beginning.
        length: Length of each link, m; 0 for pumps and valves.
        places: Position of each node, m or whatever the model draws in, shape (nodes, 2).
        elevation: Elevation of each junction, m.
        asked: Mean demand of each junction by its patterns, m³/s.
    """

    nodes: tuple[str, ...]
    junctions: int
    reservoirs: int
    links: tuple[str, ...]
    start: Indices
    end: Indices
    is_shut: NDArray[np.bool_]
    length: Array
    places: Array
    elevation: Array
    asked: Array

    @property
    def sources(self) -> Indices:
        """Positions of reservoirs and tanks."""
        return np.arange(self.junctions, len(self.nodes))

    @property
    def cut_off(self) -> Indices:
        """Positions of junctions that no open link joins to a source."""
        count, is_open = len(self.nodes), ~self.is_shut
        ends = (self.start[is_open], self.end[is_open])
        joined = coo_array((np.ones(int(is_open.sum())), ends), shape=(count, count)).tocsr()
        label = connected_components(joined, directed=False)[1]
        return np.flatnonzero(~np.isin(label[: self.junctions], label[self.sources]))


@dataclass(frozen=True, eq=False)
class Hydraulics:
    """A run of a model.

    Args:
        hours: When each state holds, hours from the start.
        demand: Water that each node takes, m³/s, shape (times, nodes); negative for a source that gives.
        head: Head of each node, m.
        pressure: Pressure of each node, m.
        given: Power of reservoirs, tanks and pumps as flow times head, m⁴/s, shape (times,).
        asked: Water that each junction asks for, m³/s, shape (times, junctions).
        status: State of each link, 0 when it was shut, shape (times, links).
        setting: Speed of each pump, setting of each valve.
        said: What EPANET warned of.
    """

    hours: Array
    demand: Array
    head: Array
    pressure: Array
    given: Array
    asked: Array
    status: Array
    setting: Array
    said: tuple[str, ...]


def read_model(path: Path) -> WaterNetworkModel:
    """Read a model of EPANET.

    Args:
        path: Its .inp file.

    Raises:
        BadInput: When it cannot be read, two nodes have one name, or it has no junction or no source.
    """
    limits.size_of(path, limits.MOST_TEXT_BYTES)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = WaterNetworkModel(str(path))
    except UnicodeDecodeError:
        raise BadInput("not UTF-8 text", where=path.name) from None
    except UNREADABLE as error:
        said = " ".join(str(error.__cause__ or error).split())
        raise BadInput("wntr cannot read this model of EPANET", where=path.name, found=said) from None
    names = Counter([*model.junction_name_list, *model.reservoir_name_list, *model.tank_name_list])
    twice = [name for name, count in names.items() if count > 1]
    if twice:
        raise BadInput("two nodes of this model have one name", where=path.name, found=", ".join(twice))
    if not model.junction_name_list or len(names) == len(model.junction_name_list):
        found = f"{len(model.junction_name_list)} + {len(names) - len(model.junction_name_list)}"
        raise BadInput("a network has junctions and a source", where=path.name, found=found)
    return model


def network_of(model: WaterNetworkModel) -> Network:
    """The parts of a model, as arrays."""
    nodes = (*model.junction_name_list, *model.reservoir_name_list, *model.tank_name_list)
    position = {name: place for place, name in enumerate(nodes)}
    links = [(name, model.get_link(name)) for name in model.link_name_list]
    junctions = [model.get_node(name) for name in model.junction_name_list]
    return Network(
        nodes,
        len(junctions),
        len(model.reservoir_name_list),
        tuple(name for name, _ in links),
        np.array([position[link.start_node_name] for _, link in links], np.int64),
        np.array([position[link.end_node_name] for _, link in links], np.int64),
        np.array([link.initial_status == LinkStatus.Closed for _, link in links], np.bool_),
        np.array([getattr(link, "length", 0.0) or 0.0 for _, link in links]),
        np.array([model.get_node(name).coordinates or (np.nan, np.nan) for name in nodes], np.float64).reshape(-1, 2),
        np.array([one.elevation for one in junctions], np.float64),
        _asked(model, _cycle(model)).mean(axis=0),
    )


def run_model(model: WaterNetworkModel, wanted: float, where: str) -> Hydraulics:
    """Run a model; a tap gives all that is asked of it from the pressure wanted on, and nothing at none.

    Args:
        model: The model; it is left as it is.
        wanted: Pressure from which on all demand is met, m.
        where: How messages call the file.

    Raises:
        BadInput: When it does not converge or gives no pressures, with the reason.
    """
    model = deepcopy(model)
    model.options.hydraulic.demand_model = "PDD"
    model.options.hydraulic.minimum_pressure = 0.0
    model.options.hydraulic.required_pressure = wanted
    model.options.hydraulic.accuracy = min(model.options.hydraulic.accuracy, ACCURACY)
    model.options.hydraulic.trials = max(model.options.hydraulic.trials, TRIALS)
    model.options.time.report_start = 0
    model.options.time.statistic = "NONE"
    found, said = _simulated(model, where)
    network = network_of(model)
    order = list(network.nodes)
    head, pressure = (found.node[name][order].to_numpy(np.float64) for name in ("head", "pressure"))
    demand = found.node["demand"][order].to_numpy(np.float64)
    if not np.isfinite(pressure).all() or np.abs(pressure).max() > MOST_PRESSURE:
        raise BadInput("this model gives no sound pressures", where=where, found="; ".join(said) or None)
    hours = np.asarray(found.node["demand"].index, np.float64)
    return Hydraulics(
        hours / SECONDS_AN_HOUR,
        demand,
        head,
        pressure,
        _given(model, network, found, demand, head),
        _asked(model, hours),
        found.link["status"][list(network.links)].to_numpy(np.float64),
        found.link["setting"][list(network.links)].to_numpy(np.float64),
        said,
    )


def _asked(model: WaterNetworkModel, seconds: Array) -> Array:
    """Water that each junction asks for at some times, m³/s, shape (times, junctions)."""
    series: dict[str, Array] = {}
    found = np.zeros((len(seconds), len(model.junction_name_list)))
    for place, name in enumerate(model.junction_name_list):
        for demand in model.get_node(name).demand_timeseries_list:
            pattern = demand.pattern  # none where the default pattern of EPANET does not exist
            key = "" if pattern is None else str(pattern.name)
            if key not in series:
                series[key] = np.array([1.0 if pattern is None else pattern.at(second) for second in seconds])
            found[:, place] += demand.base_value * series[key]
    return found * float(model.options.hydraulic.demand_multiplier)


def _cycle(model: WaterNetworkModel) -> Array:
    """Times over which all patterns of a model have run through at least once, s."""
    steps = max([1, *(len(pattern.multipliers) for _, pattern in model.patterns())])
    return np.arange(steps, dtype=np.float64) * float(model.options.time.pattern_timestep)


def _simulated(model: WaterNetworkModel, where: str) -> tuple[wntr.sim.SimulationResults, tuple[str, ...]]:
    """What EPANET found, and what it warned of."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        prefix = Path(folder) / "run"
        try:
            found = wntr.sim.EpanetSimulator(model).run_sim(file_prefix=str(prefix))
        except UNREADABLE as error:
            told = _told(prefix.with_suffix(".rpt"))
            what = "; ".join(told) or " ".join(str(error).split())
            raise BadInput("this model does not run to its end", where=where, found=what) from None
        said = _told(prefix.with_suffix(".rpt"))
        if any(HALTED in line for line in said):
            raise BadInput("this model does not run to its end", where=where, found="; ".join(said))
        return found, said


def _told(path: Path) -> tuple[str, ...]:
    """Lines of a report that say what went wrong, each once."""
    text = path.read_text("utf-8", errors="replace") if path.exists() else ""
    return tuple(dict.fromkeys(" ".join(line.split()) for line in _TOLD.findall(text)))


def _given(
    model: WaterNetworkModel, network: Network, found: wntr.sim.SimulationResults, demand: Array, head: Array
) -> Array:
    """Power of reservoirs, tanks and pumps, m⁴/s, at each time; less what tanks take in."""
    sources = slice(network.junctions, None)
    given = -(demand[:, sources] * head[:, sources]).sum(axis=1)
    position = {name: place for place, name in enumerate(network.links)}
    for name in model.pump_name_list:
        lifted = np.abs(head[:, network.end[position[name]]] - head[:, network.start[position[name]]])
        given = given + found.link["flowrate"][name].to_numpy(np.float64) * lifted
    return np.asarray(given)
