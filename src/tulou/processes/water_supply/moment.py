"""One moment of a network, kept open in EPANET: what changes when water is taken somewhere, asked many times."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput, MissingExtra
from tulou.processes.water_supply.hydraulics import TRIALS, Hydraulics, Network

try:
    import wntr
    from wntr.epanet.exceptions import EpanetException
    from wntr.epanet.toolkit import ENepanet
    from wntr.epanet.util import EN
    from wntr.network import LinkStatus, WaterNetworkModel
except ModuleNotFoundError as error:
    raise MissingExtra(error.name or "wntr", "water") from None

Array = NDArray[np.float64]
STEADY = "tulou_steady"
"""Pattern of a demand that does not change."""
FINE = 1e-6
"""Share of all flow that may still change: what a small leak changes is told by differences."""
FRESH = 10
"""Flag of EPANET: flows begin anew, so that no answer depends on what was asked before."""


def at_moment(model: WaterNetworkModel, network: Network, found: Hydraulics, step: int) -> WaterNetworkModel:
    """The model as it stood at one moment of a run: demands and levels of then, valves and pumps as they were.

    Args:
        model: The model.
        network: Its parts.
        found: A run of it.
        step: Which moment, by position.

    Returns:
        A model without time, in which every junction takes what it asked for then, whatever its pressure.
    """
    frozen = deepcopy(model)
    for name in list(frozen.control_name_list):
        frozen.remove_control(name)
    frozen.options.time.duration = 0
    frozen.options.hydraulic.demand_model = "DDA"
    frozen.options.hydraulic.demand_multiplier = 1.0
    frozen.options.hydraulic.accuracy = min(frozen.options.hydraulic.accuracy, FINE)
    frozen.options.hydraulic.trials = max(frozen.options.hydraulic.trials, TRIALS)
    frozen.add_pattern(STEADY, [1.0])
    for place, name in enumerate(network.nodes):
        node = frozen.get_node(name)
        if place < network.junctions:
            node.demand_timeseries_list.clear()
            node.add_demand(float(found.asked[step, place]), STEADY)
        elif place < network.junctions + network.reservoirs:
            node.head_timeseries.base_value, node.head_timeseries.pattern_name = float(found.head[step, place]), None
        else:
            node.init_level = float(np.clip(found.pressure[step, place], node.min_level, node.max_level))
    for place, name in enumerate(network.links):
        _set_link(frozen.get_link(name), found.status[step, place], found.setting[step, place])
    return frozen


def _set_link(link: wntr.network.Link, status: float, setting: float) -> None:
    """Put a link into the state it had: a pump with its speed, a pipe open or shut; valves mind themselves."""
    if link.link_type == "Pump":
        link.initial_status = LinkStatus.Open if status > 0 else LinkStatus.Closed
        link.speed_timeseries.base_value, link.speed_timeseries.pattern_name = float(setting), None
    elif link.link_type == "Pipe" and not link.check_valve:
        link.initial_status = LinkStatus.Open if status > 0 else LinkStatus.Closed


@contextmanager
def engine(model: WaterNetworkModel, where: str) -> Iterator[Moment]:
    """A model of one moment, kept open: what changes when water is taken somewhere can be asked many times.

    Args:
        model: A model of one moment, as ``at_moment`` gives.
        where: How messages call the file.

    Raises:
        BadInput: When EPANET does not open it.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.inp"
        wntr.network.io.write_inpfile(model, str(path), units="CMH")
        toolkit = ENepanet()
        try:
            toolkit.ENopen(str(path), str(path.with_suffix(".rpt")), str(path.with_suffix(".bin")))
            toolkit.ENopenH()
        except EpanetException as error:
            raise BadInput("this model does not run", where=where, found=str(error)) from None
        try:
            yield Moment(toolkit, tuple(model.junction_name_list))
        finally:
            toolkit.ENcloseH()
            toolkit.ENclose()


class Moment:
    """One moment of a network under other demands; see ``engine``.

    Args:
        toolkit: EPANET with the model open.
        junctions: Names of the junctions.
    """

    def __init__(self, toolkit: ENepanet, junctions: Sequence[str]) -> None:
        self._toolkit = toolkit
        self._index = [toolkit.ENgetnodeindex(name) for name in junctions]

    def pressures(self, junction: int | None = None, taken: float = 0.0) -> Array | None:
        """Pressures of all junctions, m, when more water is taken at one; None when there is no solution.

        Args:
            junction: Where, by position; nowhere by default.
            taken: How much more, m³/h.
        """
        toolkit = self._toolkit
        before = 0.0
        if junction is not None:
            before = toolkit.ENgetnodevalue(self._index[junction], EN.BASEDEMAND)
            toolkit.ENsetnodevalue(self._index[junction], EN.BASEDEMAND, before + taken)
        try:
            toolkit.errcode = 0
            toolkit.ENinitH(FRESH)
            toolkit.ENrunH()
            return np.array([toolkit.ENgetnodevalue(index, EN.PRESSURE) for index in self._index])
        except EpanetException:
            return None
        finally:
            if junction is not None:
                toolkit.ENsetnodevalue(self._index[junction], EN.BASEDEMAND, before)
