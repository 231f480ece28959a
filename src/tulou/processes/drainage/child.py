"""One run of SWMM in a process of its own: ``python -m tulou.processes.drainage.child FOLDER``.

SWMM keeps its state in variables of the whole process and cannot run twice in one; a fault of it ends this process
and no other. The folder holds ``model.inp`` and ``order.json``; ``result.json`` is written beside them. Nothing but
SWMM is imported unless gates and pumps are to be controlled, so that a run costs what SWMM costs.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from swmm.toolkit import output, solver
from swmm.toolkit.shared_enum import (
    ElementType,
    LinkResult,
    LinkType,
    NodeAttribute,
    NodeProperty,
    NodeResult,
    ObjectType,
    Time,
    UnitProperty,
)

Read: TypeAlias = Callable[[], float]
NODE_STATISTICS = ("maxDepth", "timeFlooded", "volFlooded", "maxOverflow", "maxInflow")
LINK_STATISTICS = ("maxFlow", "maxVeloc", "timeFullUpstream", "timeFullFlow", "timeCapacityLimited")
PUMP_STATISTICS = ("energy", "volume", "startUps")
HOURS_A_DAY = 24.0
SECONDS_AN_HOUR = 3600.0


class Steering(Protocol):
    """Whoever sets gates and pumps while a model runs."""

    every: float
    """Hours between two settings."""

    def settings(self, hours: float) -> Mapping[int, float]:
        """Setting of links by their index, so many hours since the beginning."""
        ...

    def notes(self) -> Mapping[str, Any]:
        """What is told afterwards."""
        ...


def index_of(kind: str, name: str) -> int:
    """Index of a node or link by its name."""
    return int(solver.project_get_index(ObjectType.NODE if kind == "node" else ObjectType.LINK, name))


def reader(kind: str, name: str, what: str) -> Read:
    """What reads one result of a node or link while the model runs.

    Args:
        kind: ``node`` or ``link``.
        name: Its name.
        what: Name of the result, as in ``NodeResult`` and ``LinkResult``.
    """
    at = index_of(kind, name)
    if kind == "node":
        node_result = NodeResult[what]
        return lambda: float(solver.node_get_result(at, node_result))
    link_result = LinkResult[what]
    return lambda: float(solver.link_get_result(at, link_result))


def main(folder: Path) -> None:
    """Run the model of a folder as ordered."""
    order = json.loads((folder / "order.json").read_text("utf-8"))
    solver.swmm_open(*(str(folder / f"model.{suffix}") for suffix in ("inp", "rpt", "out")))
    solver.swmm_start(True)  # noqa: FBT003  (whether results are saved)
    stored = _stored()
    followed = [reader(*one) for one in order["follow"]]
    steering = _steering(order["control"])
    if followed or steering:
        series = _controlled(followed, steering)
    else:
        series = []
        while solver.swmm_step():
            pass
    found = _statistics()
    found["routing"] |= {"initStorage": stored, "finalStorage": _stored()}
    found["steering"] = steering.notes() if steering else {}
    solver.swmm_end()
    solver.swmm_close()  # without a report, whose tables of series nobody reads
    found["series"] = series
    found["standing"] = _standing(folder / "model.out", found["nodes"], order["ponds"], order["deeper_than"])
    (folder / "result.json").write_text(json.dumps(found), "utf-8")


def _steering(control: Mapping[str, Any] | None) -> Steering | None:
    if control is None:
        return None
    from tulou.processes.drainage.steering import steering_of  # loads the science

    return steering_of(control)


def _controlled(followed: Sequence[Read], steering: Steering | None) -> list[list[float]]:
    """Step by step: settings when they are due, then hours since the beginning and what is followed."""
    series: list[list[float]] = []
    hours, due = 0.0, 0.0
    while True:
        if steering is not None and hours >= due:
            for at, setting in steering.settings(hours).items():
                solver.link_set_target_setting(at, setting)
            due += steering.every
        elapsed = solver.swmm_step()
        if not elapsed:
            return series
        hours = elapsed * HOURS_A_DAY
        series.append([hours, *(read() for read in followed)])


def _statistics() -> dict[str, Any]:
    """Statistics of nodes, links, pumps and the whole, in units of the model."""
    nodes = range(solver.project_get_count(ObjectType.NODE))
    links = range(solver.project_get_count(ObjectType.LINK))
    return {
        "units": [solver.simulation_get_unit(one) for one in (UnitProperty.SYSTEM_UNIT, UnitProperty.FLOW_UNIT)],
        "nodes": {
            solver.project_get_id(ObjectType.NODE, at): [
                *_taken(solver.node_get_stats(at), NODE_STATISTICS),
                float(solver.node_get_parameter(at, NodeProperty.FULL_DEPTH)),
            ]
            for at in nodes
        },
        "links": {
            solver.project_get_id(ObjectType.LINK, at): _taken(solver.link_get_stats(at), LINK_STATISTICS)
            for at in links
        },
        "pumps": {
            solver.project_get_id(ObjectType.LINK, at): _taken(solver.pump_get_stats(at), PUMP_STATISTICS)
            for at in links
            if solver.link_get_type(at) == LinkType.PUMP
        },
        "routing": _all_of(solver.system_get_routing_totals()),
        "runoff": _all_of(solver.system_get_runoff_totals()),
    }


def _stored() -> float:
    """Water in the network now; the totals of the toolkit hold it in cubic feet, and the final one only in a report."""
    nodes, links = (range(solver.project_get_count(kind)) for kind in (ObjectType.NODE, ObjectType.LINK))
    in_nodes = sum(solver.node_get_result(at, NodeResult.VOLUME) for at in nodes)
    return float(in_nodes + sum(solver.link_get_result(at, LinkResult.VOLUME) for at in links))


def _taken(statistics: object, names: Sequence[str]) -> list[float]:
    return [float(getattr(statistics, name)) for name in names]


def _all_of(totals: object) -> dict[str, float]:
    names = [name for name in dir(totals) if not name.startswith("_") and name not in {"this", "thisown"}]
    return {name: float(getattr(totals, name)) for name in names}


def _standing(
    path: Path, nodes: Mapping[str, Sequence[float]], ponds: Sequence[str], deeper_than: float
) -> dict[str, float]:
    """Hours in which water stood deeper on the ground than so much, node by node, counted in steps of the report."""
    level = {name: nodes[name][-1] + deeper_than for name in ponds if nodes[name][0] > nodes[name][-1] + deeper_than}
    if not level:
        return {}
    handle = output.init()
    output.open(handle, str(path))
    step, steps = (output.get_times(handle, one) for one in (Time.REPORT_STEP, Time.NUM_PERIODS))
    hours: dict[str, float] = {}
    for at in range(output.get_proj_size(handle)[1]):
        name = output.get_elem_name(handle, ElementType.NODE, at)
        if name in level:
            depths = output.get_node_series(handle, at, NodeAttribute.INVERT_DEPTH, 0, steps - 1)
            hours[name] = sum(depth > level[name] for depth in depths) * step / SECONDS_AN_HOUR
    output.close(handle)
    return hours


if __name__ == "__main__":
    main(Path(sys.argv[1]))
