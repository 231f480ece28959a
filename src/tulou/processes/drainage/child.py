"""One run of SWMM in a process of its own: ``python child.py FOLDER``.

SWMM keeps its state in variables of the whole process and cannot run twice in one; a fault of it ends this process
and no other. The folder holds ``model.inp`` and ``order``; ``result`` is written beside them. So that a run costs what
SWMM costs, nothing is imported but SWMM and what Python has loaded anyway, unless gates and pumps are to be steered.
"""

from __future__ import annotations

import gc
import marshal  # json takes longer to import than a small model to run
import sys
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter

from swmm.toolkit import output, solver

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol, TypeAlias

    Read: TypeAlias = Callable[[], float]

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


KINDS = {"node": 2, "link": 3}
NODE_RESULTS = {"TOTAL_INFLOW": 0, "VOLUME": 3, "FLOOD": 4, "DEPTH": 5, "HEAD": 6}
LINK_RESULTS = {"FLOW": 0, "DEPTH": 1, "VOLUME": 2, "SETTING": 5}
UNITS = (0, 1)
FULL_DEPTH = 1
"""Codes of ``swmm.toolkit.shared_enum``, whose own import takes as long; a test holds them against it."""
NODE_STATISTICS = attrgetter("maxDepth", "timeFlooded", "volFlooded", "maxOverflow")
LINK_STATISTICS = attrgetter("maxFlow", "maxVeloc", "timeFullUpstream", "timeFullFlow", "timeCapacityLimited")
PUMP_STATISTICS = attrgetter("energy", "volume")
HOURS_A_DAY = 24.0
SECONDS_AN_HOUR = 3600.0


def index_of(kind: str, name: str) -> int:
    """Index of a node or link by its name."""
    return int(solver.project_get_index(KINDS[kind], name))


def reader(kind: str, name: str, what: str) -> Read:
    """What reads one result of a node or link while the model runs.

    Args:
        kind: ``node`` or ``link``.
        name: Its name.
        what: Name of the result, as in ``NODE_RESULTS`` and ``LINK_RESULTS``.
    """
    at = index_of(kind, name)
    if kind == "node":
        of_node = NODE_RESULTS[what]
        return lambda: float(solver.node_get_result(at, of_node))
    of_link = LINK_RESULTS[what]
    return lambda: float(solver.link_get_result(at, of_link))


def main(folder: str) -> None:
    """Run the model of a folder as ordered."""
    with open(f"{folder}/order", "rb") as stream:  # noqa: PTH123  (pathlib is not loaded)
        order = marshal.load(stream)  # noqa: S302  (written by the engine, in a folder of its own)
    solver.swmm_open(*(f"{folder}/model.{suffix}" for suffix in ("inp", "rpt", "out")))
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
    found = _statistics(order["pumps"])
    found["routing"] |= {"initStorage": stored, "finalStorage": _stored()}
    found["steering"] = steering.notes() if steering else {}
    solver.swmm_end()
    solver.swmm_close()  # without a report, whose tables of series nobody reads
    found["series"] = series
    found["standing"] = _standing(f"{folder}/model.out", found["nodes"], order["ponds"], order["deeper_than"])
    with open(f"{folder}/result", "wb") as stream:  # noqa: PTH123
        marshal.dump(found, stream)


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


def _statistics(pumps: Sequence[str]) -> dict[str, Any]:
    """Statistics of nodes, links, pumps and the whole, in units of the model.

    Which links are pumps is not asked of SWMM: its answer imports the codes.
    """
    node, link = KINDS["node"], KINDS["link"]
    nodes, links = range(solver.project_get_count(node)), range(solver.project_get_count(link))
    return {
        "units": [solver.simulation_get_unit(one) for one in UNITS],
        "nodes": {
            solver.project_get_id(node, at): [
                *NODE_STATISTICS(solver.node_get_stats(at)),
                float(solver.node_get_parameter(at, FULL_DEPTH)),
            ]
            for at in nodes
        },
        "links": {solver.project_get_id(link, at): LINK_STATISTICS(solver.link_get_stats(at)) for at in links},
        "pumps": {name: PUMP_STATISTICS(solver.pump_get_stats(index_of("link", name))) for name in pumps},
        "routing": _all_of(solver.system_get_routing_totals()),
        "runoff": _all_of(solver.system_get_runoff_totals()),
    }


def _stored() -> float:
    """Water in the network now; the totals of the toolkit hold it in cubic feet, and the final one only in a report."""
    nodes, links = (range(solver.project_get_count(kind)) for kind in KINDS.values())
    in_nodes = sum(solver.node_get_result(at, NODE_RESULTS["VOLUME"]) for at in nodes)
    return float(in_nodes + sum(solver.link_get_result(at, LINK_RESULTS["VOLUME"]) for at in links))


def _all_of(totals: object) -> dict[str, float]:
    names = [name for name in dir(totals) if not name.startswith("_") and name not in {"this", "thisown"}]
    return {name: float(getattr(totals, name)) for name in names}


def _standing(
    path: str, nodes: Mapping[str, Sequence[float]], ponds: Sequence[str], deeper_than: float
) -> dict[str, float]:
    """Hours in which water stood deeper on the ground than so much, node by node, counted in steps of the report."""
    level = {name: nodes[name][-1] + deeper_than for name in ponds if nodes[name][0] > nodes[name][-1] + deeper_than}
    if not level:
        return {}
    from swmm.toolkit.shared_enum import ElementType, NodeAttribute, Time  # results take no plain codes

    handle = output.init()
    output.open(handle, path)
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
    gc.disable()  # nothing here goes round in circles, and the process ends with the run
    main(sys.argv[1])
