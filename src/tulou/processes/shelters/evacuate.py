"""From a scenario to the ways people walk to their shelters, and when all are there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.network import Network
from tulou.kernel.words import Words
from tulou.measures.access.finders import entrances_of
from tulou.measures.access.routes import routes_on
from tulou.measures.access.snap import Snapped
from tulou.measures.hazard.evacuation.clearance import Cleared, Streets, evacuation_plan
from tulou.measures.hazard.evacuation.crowds import crowd_speed, specific_flow
from tulou.processes.declaration import Run
from tulou.processes.outcome import Balance, Cell, Column, Figure, Line, LinePlot, Outcome, Table
from tulou.processes.shelters import told
from tulou.processes.shelters.check import Checked, asked_of, checked, sites_of
from tulou.processes.shelters.people import people_of
from tulou.processes.shelters.rules import EMERGENCY
from tulou.processes.shelters.streets import Open, open_streets

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
MINUTE = 60.0
SHARES = (50, 90, 100)
MOST_ROWS = 100
CURVE = 120


@dataclass(frozen=True, eq=False)
class Evacuated:
    """An evacuation.

    Args:
        checked: Who goes where.
        streets: What stays open.
        plan: When each group arrives.
        group: Demand, site and people of each group.
        passed: People along each open street, both ways, where it is fullest.
    """

    checked: Checked
    streets: Open
    plan: Cleared
    group: tuple[Rows, Rows, Array]
    passed: Array

    @property
    def is_there(self) -> NDArray[np.bool_]:
        """Groups that arrive."""
        return np.isfinite(self.plan.last)

    def time(self, share: float) -> float:
        """Minutes until a share (percent) of those who arrive are there; NaN when nobody does."""
        last, people = self.plan.last[self.is_there], self.group[2][self.is_there]
        if not len(last):
            return float("nan")
        order = np.argsort(last, kind="stable")
        summed = np.cumsum(people[order])
        return float(last[order][np.searchsorted(summed, summed[-1] * share / 100 * (1 - 1e-9))]) / MINUTE


def evacuate(run: Run) -> Outcome:
    """Run the process, see ``evacuation.PROCESS``."""
    values, state = run.values, run.city
    asked = asked_of(values)
    streets = open_streets(state, asked, values["clear"])
    sites = sites_of(state, asked, values["sites"], values["least_area"])
    one = checked(people_of(state, values["when"], values["level"]), values["when"], sites, streets.network, values)
    done = _planned(one, streets, values)
    return Outcome(
        answer=_answer(done),
        figures=_figures(done),
        tables=(_sites_table(done), _streets_table(done, state.rows("road").texts("name"))),
        plots=(_curve(done),),
        balances=(_balance(done),),
        assumptions=(*told.assumptions(asked, values, sites), *_assumptions(done, values)),
        warnings=(*told.warnings_of(one.people, sites, asked), *told.nothing_falls(state, asked)),
    )


def _planned(one: Checked, streets: Open, values: Mapping[str, Any]) -> Evacuated:
    """Walk every group to its site."""
    found = one.layers[EMERGENCY].found
    speed, flow = float(crowd_speed(values["density"])), float(specific_flow(values["density"]))
    network, places = streets.network, one.people.places
    entrances, site = entrances_of(one.sites.shapes)
    joined = routes_on(network).snapper.snap(np.concatenate([places, entrances]))
    edge, tail, head, length = _split(network, joined)
    both = (np.concatenate([tail, head]), np.concatenate([head, tail]))
    # People stand off the streets at nodes of their own; a shelter is one node behind all its entrances.
    stop = network.size + np.arange(joined.size)
    door = stop[len(places) :]
    home, goal = network.size + joined.size, network.size + joined.size + len(places)
    free = np.full(joined.size, np.inf)
    net = Streets(
        goal + len(one.sites),
        np.concatenate([both[0], home + np.arange(len(places)), door]),
        np.concatenate([both[1], stop[: len(places)], goal + site]),
        np.concatenate([length, length, joined.away]) / speed,
        np.concatenate([streets.width[edge] * flow, streets.width[edge] * flow, free]),
    )
    plan = evacuation_plan(net, home + found.demand, goal + found.site, found.load, step=values["step"])
    passed = np.zeros(len(network.start))
    np.maximum.at(passed, edge, plan.passed[: len(edge)] + plan.passed[len(edge) : 2 * len(edge)])
    return Evacuated(one, streets, plan, (found.demand, found.site, found.load), passed)


def _split(network: Network, joined: Snapped) -> tuple[Rows, Rows, Rows, Array]:
    """Streets cut where places join them: the street of each piece, its two nodes, and its length, m.

    Nodes from the size of the network on are the places.
    """
    every, known = np.arange(len(network.start)), np.flatnonzero(joined.edge >= 0)
    edge = np.concatenate([every, joined.edge[known], every]).astype(np.int64)
    node = np.concatenate([network.start, network.size + known, network.end]).astype(np.int64)
    at = np.concatenate([np.zeros(len(every)), joined.along[known], network.length])
    rank = np.repeat([0, 1, 2], [len(every), len(known), len(every)])
    order = np.lexsort((at, rank, edge))
    edge, node, at = edge[order], node[order], at[order]
    piece = np.flatnonzero(edge[1:] == edge[:-1])
    return edge[piece], node[piece], node[piece + 1], np.maximum(at[piece + 1] - at[piece], 0.0)


def _answer(done: Evacuated) -> tuple[Words, ...]:
    one, streets = done.checked, done.streets
    people = float(done.group[2][done.is_there].sum())
    left = one.people.total - people
    closed = 100 * (streets.debris + streets.water) / max(streets.whole, 1.0)
    return (
        Words(
            f"{one.people.total:,.0f} 人中 {people:,.0f} 人能走到有余地的避难场所："
            f"一半在 {done.time(50):.0f} 分钟内到达，全部在 {done.time(100):.0f} 分钟内；{left:,.0f} 人到不了。",
            f"Of {one.people.total:,.0f} people {people:,.0f} can walk to a shelter with room: half within "
            f"{done.time(50):.0f} minutes, all within {done.time(100):.0f}; {left:,.0f} cannot.",
        ),
        Words(
            f"{closed:.1f}% 的道路长度中断：倒塌 {streets.debris / 1000:.1f} 公里，"
            f"积水 {streets.water / 1000:.1f} 公里。",
            f"Streets closed: {closed:.1f} % of their length, by debris {streets.debris / 1000:.1f} km, by water "
            f"{streets.water / 1000:.1f} km.",
        ),
    )


def _figures(done: Evacuated) -> tuple[Figure, ...]:
    people = done.group[2][done.is_there]
    free = done.plan.free[done.is_there]
    walk = float(people @ free / people.sum()) / MINUTE if people.sum() else float("nan")
    return (
        *(
            Figure(f"time_{share}", Words(f"{share}% 到达时间", f"Until {share} % are there"), done.time(share),
                   "minute", digits=0)
            for share in SHARES
        ),
        Figure("walk", Words("不排队时平均步行", "Mean walk without queues"), walk, "minute", digits=1),
        Figure("arrived", Words("到达人数", "People who arrive"), float(people.sum()), "person", digits=0),
        Figure("left", Words("到不了的人数", "People who cannot"), done.checked.people.total - float(people.sum()),
               "person", digits=0),
        Figure("closed", Words("中断道路", "Streets closed"), (done.streets.debris + done.streets.water) / 1000, "km"),
    )  # fmt: skip


def _sites_table(done: Evacuated) -> Table:
    """When each shelter has taken its people, the last first."""
    _, site, people = done.group
    sites, there = done.checked.sites, done.is_there
    rows: list[tuple[float, list[Cell]]] = []
    for at in np.unique(site[there]):
        mine = there & (site == at)
        last = float(done.plan.last[mine].max()) / MINUTE
        free = float(done.plan.free[mine].max()) / MINUTE
        rows.append((last, [str(sites.names[at]), float(people[mine].sum()), free, last]))
    heads = (
        Column("site", Words("场所", "Site")),
        Column("people", Words("人数", "People"), "person", 0),
        Column("free", Words("最远步行", "Longest walk"), "minute", 1),
        Column("last", Words("最后到达", "Last arrival"), "minute", 1),
    )
    ordered = [row for _, row in sorted(rows, key=lambda one: (-one[0], str(one[1][0])))]
    return Table("sites", Words("各场所疏散完成时间", "When each shelter has its people"), heads, ordered[:MOST_ROWS])


def _streets_table(done: Evacuated, names: NDArray[np.object_]) -> Table:
    """The streets that most people pass for their width."""
    network, width = done.streets.network, done.streets.width
    load = done.passed / np.maximum(width, 1e-9)
    order = np.lexsort((np.arange(len(load)), -load))[:MOST_ROWS]
    rows: list[list[Cell]] = [
        [names[network.way[at]] or None, *(float(column[at]) for column in (width, network.length, done.passed, load))]
        for at in order
        if done.passed[at] > 0
    ]
    heads = (
        Column("street", Words("道路", "Street")),
        Column("width", Words("净宽", "Clear width"), "m", 1),
        Column("length", Words("长度", "Length"), "m", 0),
        Column("people", Words("通过人数", "People"), "person", 0),
        Column("load", Words("每米宽人数", "People a metre"), "person/m", 0),
    )
    return Table("streets", Words("最拥挤的道路", "The most crowded streets"), heads, rows)


def _curve(done: Evacuated) -> LinePlot:
    """People who are there over time; those of a group come evenly between its first and last."""
    there = done.is_there
    first, last, people = done.plan.first[there], done.plan.last[there], done.group[2][there]
    minutes = np.linspace(0.0, float(last.max(initial=MINUTE)) / MINUTE, CURVE)
    share = np.array([people @ np.clip((at * MINUTE - first) / (last - first), 0.0, 1.0) for at in minutes])
    total = max(done.checked.people.total, 1.0)
    title = Words("到达比例", "Share that is there")
    upward = Words("全部人口的百分比", "percent of all people")
    return LinePlot("arrivals", title, Words("分钟", "minutes"), upward, (Line(title, minutes, 100 * share / total),))


def _balance(done: Evacuated) -> Balance:
    found, people = done.checked.layers[EMERGENCY].found, done.checked.people
    there = done.is_there
    arrived, lost = float(done.group[2][there].sum()), float(done.group[2][~there].sum())
    return Balance(
        Words("疏散人口", "People"), people.total, arrived + lost + found.deficit + people.unplaced, 0.0, "person"
    )


def _assumptions(done: Evacuated, values: Mapping[str, Any]) -> tuple[Words, ...]:
    speed, flow = float(crowd_speed(values["density"])), float(specific_flow(values["density"]))
    return (
        Words(
            f"人群密度 {values['density']:g} 人/平方米时，步速 {speed:.2f} 米/秒，"
            f"每米宽每秒通过 {flow:.2f} 人（SFPE）；"
            f"所有人同时出发，步长 {values['step']:g} 秒，时间可能偏大一个步长。",
            f"At {values['density']:g} people a m² they walk {speed:.2f} m/s and {flow:.2f} pass a metre in a second "
            f"(SFPE); all leave at once; times may be a step of {values['step']:g} s too long.",
        ),
        Words(
            f"{100 * done.streets.assumed:.0f}% 的道路长度没有登记宽度，按车道数或等级取值（设计）；"
            f"倒塌后净宽小于 {values['clear']:g} 米的道路中断。",
            f"Of {100 * done.streets.assumed:.0f} % of the length the width is on no record and taken from lanes or "
            f"class (a choice); a street that debris leaves less than {values['clear']:g} m wide is closed.",
        ),
    )
