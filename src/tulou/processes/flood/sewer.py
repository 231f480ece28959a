"""Drains beneath a flood: a model of SWMM stepped beside the surface, water exchanged at its nodes.

Inlets take water from the cell over a node; what SWMM cannot hold in a node comes back onto the cell. Each volume
leaves one side when it enters the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from tulou.kernel.errors import BadUse, MissingExtra, NotEnoughData
from tulou.measures.water.flood.inertial import Flood
from tulou.measures.water.flood.inlets import inlet_flow
from tulou.processes.drainage.engine import CUBIC_METRES_A_SECOND, FOOT, Order, simulate
from tulou.processes.drainage.exposure import geographic
from tulou.processes.drainage.network import IMPERIAL, network_of
from tulou.processes.drainage.sections import Model, read_model, sheltered
from tulou.processes.drainage.storms import model_start
from tulou.processes.flood.rules import inlet
from tulou.processes.flood.setting import Setting
from tulou.sources.datum import from_wgs84

try:
    from swmm.toolkit import solver
    from swmm.toolkit.shared_enum import NodeProperty, NodeResult, ObjectType
except ImportError:
    raise MissingExtra("swmm-toolkit", "water") from None

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
FLOW_UNITS = ("CFS", "GPM", "MGD", "CMS", "LPS", "MLD")
SECONDS_A_DAY = 86_400.0
SPARE = timedelta(hours=1)
"""Time that SWMM is given beyond the flood, so that it never ends first."""
TRIAL = timedelta(minutes=1)
PATIENCE = 60.0
"""Longest time of the trial that finds the faults of a model, s."""


@dataclass(frozen=True, eq=False)
class Placed:
    """Nodes of a network on the ground.

    Args:
        model: The model, ready to run beside the surface.
        names: Nodes on the ground.
        rows: Row of the cell of each.
        columns: Its column.
        away: How many nodes lie off the ground, or nowhere.
        digest: SHA-256 of the model.
    """

    model: Model
    names: tuple[str, ...]
    rows: Ints
    columns: Ints
    away: int
    digest: str


def placed(setting: Setting, values: Mapping[str, Any], end: float) -> Placed:
    """A model of drains, its nodes laid on the ground, its own rain taken off.

    Args:
        setting: What the flood is computed on.
        values: Values of the process.
        end: How long it is computed, s.

    Raises:
        BadUse: When the datum of the model or the size of inlets is not given.
        BadInput: When SWMM refuses the model, in its own words.
        NotEnoughData: When no node lies on the ground.
    """
    for name in ("sewer_datum", "inlet", "opening"):
        if values[name] is None:
            raise BadUse("a model of the drains needs its datum and the size of its inlets", where=name)
    read = read_model(values["sewer"])
    model, _ = sheltered(read)
    network = network_of(model)
    lonlat = geographic(network.places, values["sewer_datum"], model.name)
    names = [name for name, kind in network.kinds.items() if kind != "outfall" and name in lonlat]
    lon, lat = np.array([lonlat[name] for name in names], np.float64).reshape(-1, 2).T
    cells = setting.terrain.grid.cells_of(np.column_stack(from_wgs84(lon, lat, setting.terrain.system)))
    known = np.append(np.isfinite(setting.terrain.level).ravel(), False)[cells]
    if not known.any():
        raise NotEnoughData("no node of the drains lies on this ground", where=model.name, found=len(names))
    nearest = ndimage.distance_transform_edt(
        ~np.isfinite(setting.level), return_distances=False, return_indices=True
    ).reshape(2, -1)[:, cells[known]]
    kept = tuple(name for name, here in zip(names, known, strict=True) if here)
    simulate(Order(_timed(model, TRIAL)), patience=PATIENCE)
    ready = _timed(model, timedelta(seconds=end) + SPARE)
    return Placed(ready, kept, nearest[0], nearest[1], len(network.kinds) - len(kept), read.digest)


def _timed(model: Model, length: timedelta) -> Model:
    """A model that runs so long, without rain of its own and without ponds, in one thread."""
    last = model_start(model) + length
    options = {"END_DATE": f"{last:%m/%d/%Y}", "END_TIME": f"{last:%H:%M:%S}", "IGNORE_RAINFALL": "YES"}
    return model.with_options(options | {"ALLOW_PONDING": "NO", "THREADS": "1"})


@dataclass(frozen=True)
class Told:
    """What the drains did.

    Args:
        nodes: Nodes on the ground.
        away: Nodes off it.
        taken: Water they took from the surface, m³.
        returned: Water that came back, m³.
        waiting: Water taken that SWMM has not been given yet, m³.
        digest: SHA-256 of the model.
    """

    nodes: int
    away: int
    taken: float
    returned: float
    waiting: float
    digest: str


class Sewer:
    """Drains that run beside a flood.

    Args:
        nodes: The nodes on the ground.
        flood: The flood.
        length: Length of inlets at each node, m.
        opening: Open area of them, m².
    """

    def __init__(self, nodes: Placed, flood: Flood, *, length: float, opening: float) -> None:
        self._nodes, self._flood, self._length, self._opening = nodes, flood, length, opening
        units = nodes.model.option("FLOW_UNITS", "CFS")
        self._flow = CUBIC_METRES_A_SECOND[FLOW_UNITS.index(units)]
        self._metre = FOOT if units in IMPERIAL else 1.0
        self._at = [solver.project_get_index(ObjectType.NODE, name) for name in nodes.names]
        self._full = np.array([solver.node_get_parameter(at, NodeProperty.FULL_DEPTH) for at in self._at])
        self._flooded = np.zeros(len(self._at))
        self._waiting = np.zeros(len(self._at))
        self._time = 0.0
        self._taken = self._returned = 0.0

    @property
    def told(self) -> Told:
        """What the drains did so far."""
        nodes = self._nodes
        waiting = float(self._waiting.sum())
        return Told(len(nodes.names), nodes.away, self._taken, self._returned, waiting, nodes.digest)

    def exchange(self, length: float) -> None:
        """Take water into the drains, run them for a time, and give back what they cannot hold.

        Args:
            length: The time, s.
        """
        flood, nodes = self._flood, self._nodes
        over = np.array([solver.node_get_result(at, NodeResult.DEPTH) for at in self._at]) - self._full
        standing = flood.depth[nodes.rows, nodes.columns].astype(np.float64)
        driving = standing - np.maximum(over, 0.0) * self._metre
        size = {"length": self._length, "opening": self._opening}
        flow = inlet_flow(driving, **size, weir=inlet("weir"), orifice=inlet("orifice"))
        taken = -flood.put(nodes.rows, nodes.columns, -flow * length)
        self._waiting += taken
        self._run(length)
        flooded = self._flooded_volumes()
        given = flood.put(nodes.rows, nodes.columns, flooded - self._flooded)
        self._flooded = flooded
        flood.account.take("drains", float(taken.sum()))
        flood.account.add("drains", float(given.sum()))
        self._taken += float(taken.sum())
        self._returned += float(given.sum())

    def _run(self, length: float) -> None:
        """Let SWMM run until the surface's next time; what waits flows in evenly."""
        until = self._flood.time + length
        while self._time < until:
            rates = self._waiting / max(until - self._time, 1.0)
            for at, rate in zip(self._at, rates, strict=True):
                solver.node_set_total_inflow(at, rate / self._flow)
            before, self._time = self._time, solver.swmm_step() * SECONDS_A_DAY
            self._waiting -= rates * (self._time - before)

    def _flooded_volumes(self) -> Array:
        """Volume that came out of each node since the beginning, m³."""
        return np.array([solver.node_get_stats(at).volFlooded for at in self._at]) * self._metre**3


@contextmanager
def running(nodes: Placed, flood: Flood, values: Mapping[str, Any]) -> Iterator[Sewer]:
    """Drains that run beside a flood, until it ends."""
    with TemporaryDirectory(prefix="tulou-sewer-") as name:
        folder = Path(name)
        (folder / "model.inp").write_text(nodes.model.text, "utf-8")
        solver.swmm_open(*(str(folder / f"model.{suffix}") for suffix in ("inp", "rpt", "out")))
        try:
            solver.swmm_start(False)  # noqa: FBT003  (whether results are saved)
            yield Sewer(nodes, flood, length=values["inlet"], opening=values["opening"])
            solver.swmm_end()
        finally:
            solver.swmm_close()
