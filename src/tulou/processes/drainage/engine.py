"""Runs of SWMM, each in a process and thread of its own, several at a time; results in metres, seconds and m³."""

from __future__ import annotations

import importlib.util
import itertools
import marshal
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput, Fault, MissingExtra, NotEnoughData
from tulou.kernel.progress import Progress, steps
from tulou.processes.drainage.sections import Model, sheltered

Array = NDArray[np.float64]
Follow: TypeAlias = tuple[str, str, str]
"""``node`` or ``link``, its name, and the result that is followed, e.g. ``("link", "P1", "FLOW")``."""
FOOT = 0.3048
INCH = 25.4
"""mm."""
CUBIC_METRES_A_SECOND = (FOOT**3, 6.30901964e-5, 4.38126364e-2, 1.0, 1e-3, 1e3 / 86_400)
"""Of one CFS, GPM, MGD (all of the United States), CMS, LPS and MLD, in the order of SWMM's codes."""
SECONDS_A_MINUTE, SECONDS_AN_HOUR = 60.0, 3600.0
INFLOWS = ("dwInflow", "wwInflow", "gwInflow", "iiInflow", "exInflow")
OUTFLOWS = ("outflow", "flooding", "evapLoss", "seepLoss", "reacted")
RUNOFF_OUT = ("evap", "infil", "runoff", "drains", "snowRemoved")
"""SWMM's names of what enters and leaves the network and the subcatchments."""
LINKS = ("CONDUITS", "PUMPS", "ORIFICES", "WEIRS", "OUTLETS")
THREADS = {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}
CHILD = Path(__file__).with_name("child.py")
_COMPLAINT = re.compile(r"^\s*(ERROR|WARNING) (\d+): (.*)$")


@dataclass(frozen=True)
class Order:
    """One run that is wanted.

    Args:
        model: The model.
        follow: Results that are followed from step to step.
        control: What sets gates and pumps while it runs, see ``steering.Orders``; None for nobody but the model.
        ponds: Nodes on whose top water may stand.
        deeper_than: Depth on the ground whose duration is counted there, m.
    """

    model: Model
    follow: tuple[Follow, ...] = ()
    control: Mapping[str, Any] | None = None
    ponds: tuple[str, ...] = ()
    deeper_than: float = 0.0


@dataclass(frozen=True, eq=False)
class Nodes:
    """Statistics of nodes over a run.

    Args:
        ids: Their names.
        depth: Greatest depth above the invert, m.
        flooded: Time in which water left through the top, s.
        volume: Water that left so, m³.
        rate: Greatest rate of that, m³/s.
        standing: Time in which water stood deeper on the ground than asked for, s; NaN where it cannot stand.
        ponded: Greatest depth on the ground, m; NaN where it cannot stand.
    """

    ids: tuple[str, ...]
    depth: Array
    flooded: Array
    volume: Array
    rate: Array
    standing: Array
    ponded: Array


@dataclass(frozen=True, eq=False)
class Links:
    """Statistics of links over a run.

    Args:
        ids: Their names.
        flow: Greatest flow, m³/s.
        velocity: Greatest velocity, m/s.
        surcharged: Time in which the upper end was full, s.
        limited: Time in which it carried more than by its own slope when just full, s.
    """

    ids: tuple[str, ...]
    flow: Array
    velocity: Array
    surcharged: Array
    limited: Array


@dataclass(frozen=True, eq=False)
class Simulated:
    """What a run of SWMM gave.

    Args:
        nodes: Statistics of nodes.
        links: Statistics of links.
        routing: Volumes of the network, m³, by SWMM's names.
        runoff: Depths on the subcatchments, mm, by SWMM's names; None for a model without subcatchments.
        pumps: Energy, kWh, and water lifted, m³, of each pump.
        times: Hours since the beginning at which results were followed, shape (steps,).
        series: What was followed, m³/s, m³ or m, shape (steps, followed).
        warnings: SWMM's warnings.
        steering: What whoever controlled gates and pumps noted down; empty without control.
    """

    nodes: Nodes
    links: Links
    routing: Mapping[str, float]
    runoff: Mapping[str, float] | None
    pumps: Mapping[str, tuple[float, float]]
    times: Array = field(default_factory=lambda: np.empty(0))
    series: Array = field(default_factory=lambda: np.empty((0, 0)))
    warnings: tuple[str, ...] = ()
    steering: Mapping[str, Any] = field(default_factory=dict)

    @property
    def energy(self) -> float:
        """Energy of all pumps, kWh."""
        return sum(energy for energy, _ in self.pumps.values())

    @property
    def into_network(self) -> float:
        """All that flowed into the network, what stood in it at the beginning left out, m³."""
        return sum(self.routing[name] for name in INFLOWS)

    @property
    def out_of_network(self) -> float:
        """All that left the network, m³."""
        return sum(self.routing[name] for name in OUTFLOWS)

    @property
    def routing_error(self) -> float:
        """What is missing in the network, as a share of what came; 0 when nothing came."""
        came = self.into_network + self.routing["initStorage"]
        return (came - self.out_of_network - self.routing["finalStorage"]) / came if came > 0 else 0.0

    @property
    def runoff_error(self) -> float:
        """What is missing on the subcatchments, as a share of what came; 0 when nothing came."""
        if self.runoff is None:
            return 0.0
        came = sum(self.runoff[name] for name in ("rainfall", "runon", "initStorage", "initSnowCover"))
        went = sum(self.runoff[name] for name in (*RUNOFF_OUT, "finalStorage", "finalSnowCover"))
        return (came - went) / came if came > 0 else 0.0


def simulate(order: Order, *, patience: float) -> Simulated:
    """Run a model.

    Args:
        order: What is wanted.
        patience: Longest time it may take, s.

    Raises:
        MissingExtra: When SWMM is not installed.
        BadInput: When SWMM refuses the model, in its own words and with the line of the file.
        NotEnoughData: When it takes longer.
    """
    if importlib.util.find_spec("swmm") is None:
        raise MissingExtra("swmm-toolkit", "water")
    model, _ = sheltered(order.model)
    _check_routing(model)
    if order.ponds:
        model = model.edited(more={"REPORT": ["NODES ALL"]})
    with tempfile.TemporaryDirectory(prefix="tulou-swmm-") as name:
        folder = Path(name)
        (folder / "model.inp").write_text(model.with_options({"THREADS": "1"}).text, "utf-8")
        asked = {
            "follow": order.follow,
            "control": order.control,
            "ponds": order.ponds,
            "deeper_than": order.deeper_than / (FOOT if _is_imperial(model) else 1.0),
            "pumps": [row.words[0] for row in model.rows("PUMPS")],
        }
        (folder / "order").write_bytes(marshal.dumps(_plain(asked)))
        _run(folder, model.name, patience)
        told = _complaints(folder)
        found = marshal.loads((folder / "result").read_bytes())  # noqa: S302  (written by our own child)
        return _read(found, order, told["WARNING"])


def simulate_all(orders: Sequence[Order], *, patience: float, progress: Progress | None = None) -> list[Simulated]:
    """Run several models, as many at a time as there are processors, each in one thread.

    Args:
        orders: What is wanted.
        patience: Longest time each may take, s.
        progress: Told how many are done.
    """
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        waiting = [pool.submit(simulate, order, patience=patience) for order in orders]
        return [one.result() for one in steps(waiting, "swmm", progress)]


def _plain(value: Any) -> Any:  # noqa: ANN401  (orders of any kind)
    """The same in kinds that need no import to be read: numpy numbers as floats."""
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return float(value) if isinstance(value, np.floating) else value


def _is_imperial(model: Model) -> bool:
    return model.option("FLOW_UNITS", "CFS") in {"CFS", "GPM", "MGD"}


def _check_routing(model: Model) -> None:
    """Refuse a model without a network: SWMM keeps no statistics of one."""
    if model.option("IGNORE_ROUTING", "NO") == "YES":
        raise BadInput("the model routes no water", where=model.name, found="IGNORE_ROUTING YES", allowed=("NO",))
    if not any(model.rows(section) for section in LINKS):
        raise BadInput("the model routes no water", where=model.name, allowed=tuple(f"[{one}]" for one in LINKS))


def _run(folder: Path, name: str, patience: float) -> None:
    command = [sys.executable, "-P", str(CHILD), str(folder)]  # run as a file: importing its package costs time
    try:
        done = subprocess.run(  # noqa: S603  (our own module, on files of ours)
            command, capture_output=True, text=True, check=False, timeout=patience, env={**os.environ, **THREADS}
        )
    except subprocess.TimeoutExpired:
        raise NotEnoughData(
            "the model ran longer than it may", where=name, found=f"{patience:g} s", allowed=("patience=60 min",)
        ) from None
    if done.returncode == 0:
        return
    errors = _complaints(folder)["ERROR"]
    last = done.stderr.strip().splitlines()[-1:] or [f"exit {done.returncode}"]
    raise BadInput.of(
        Fault("SWMM refuses this model", name, found.replace(str(folder), "")) for found in errors or last
    )


def _complaints(folder: Path) -> dict[str, list[str]]:
    """Errors and warnings of SWMM's report, each with the line after it, where that is the line of the file."""
    found: dict[str, list[str]] = {"ERROR": [], "WARNING": []}
    path = folder / "model.rpt"
    lines = path.read_text("utf-8", errors="replace").splitlines() if path.exists() else []
    for line, after in itertools.pairwise([*lines, ""]):
        match = _COMPLAINT.match(line)
        if match:
            more = f" {after.strip()}" if match[3].rstrip().endswith(":") else ""
            found[match[1]].append(f"{match[1]} {match[2]}: {match[3].strip()}{more}")
    return found


def _read(found: Mapping[str, Any], order: Order, warnings: Sequence[str]) -> Simulated:
    system, flow_unit = found["units"]
    length = FOOT if system == 0 else 1.0
    flow = CUBIC_METRES_A_SECOND[flow_unit]
    depth = INCH if system == 0 else 1.0
    runoff = _scaled(found["runoff"], depth)
    series = np.array(found["series"], np.float64).reshape(len(found["series"]), 1 + len(order.follow))
    factors = {"DEPTH": length, "HEAD": length, "VOLUME": length**3}
    scale = np.array([factors.get(what, flow) for _, _, what in order.follow])
    return Simulated(
        _nodes(found, order.ponds, length, flow),
        _links(found, length, flow),
        _scaled(found["routing"], length**3),
        runoff if runoff["rainfall"] or runoff["runoff"] else None,
        {name: (energy, volume * length**3) for name, (energy, volume) in found["pumps"].items()},
        series[:, 0],
        series[:, 1:] * scale if len(scale) else series[:, 1:],
        tuple(warnings),
        found["steering"],
    )


def _scaled(totals: Mapping[str, float], factor: float) -> dict[str, float]:
    """Totals in other units; SWMM's own error in percent is left out, since it follows from them."""
    return {name: value * factor for name, value in totals.items() if name != "pctError"}


def _nodes(found: Mapping[str, Any], ponds: Sequence[str], length: float, flow: float) -> Nodes:
    ids = tuple(found["nodes"])
    depth, hours, volume, rate, full = np.array(list(found["nodes"].values()), np.float64).reshape(len(ids), -1).T
    stands = np.isin(ids, ponds)
    standing = np.array([found["standing"].get(name, 0.0) for name in ids]) * SECONDS_AN_HOUR
    return Nodes(
        ids,
        depth * length,
        hours * SECONDS_AN_HOUR,
        volume * length**3,
        rate * flow,
        np.where(stands, standing, np.nan),
        np.where(stands, np.maximum(depth - full, 0.0) * length, np.nan),
    )


def _links(found: Mapping[str, Any], length: float, flow: float) -> Links:
    ids = tuple(found["links"])
    greatest, velocity, full, carried, steep = np.array(list(found["links"].values())).reshape(len(ids), -1).T
    limited = np.maximum(carried, steep) * SECONDS_AN_HOUR
    return Links(ids, np.abs(greatest) * flow, velocity * length, full * SECONDS_AN_HOUR, limited)
