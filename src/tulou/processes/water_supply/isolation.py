"""From a network and its valves to what a burst or a stuck valve takes away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput, Fault, NotEnoughData
from tulou.kernel.identity import digest_file
from tulou.kernel.words import Words
from tulou.measures.water.supply.segments import Segments, dry_segments, isolation_segments
from tulou.processes.declaration import Run
from tulou.processes.outcome import Balance, BarPlot, Cell, Column, Figure, Outcome, Table
from tulou.processes.water_supply.hydraulics import Network, network_of, read_model
from tulou.sources.columns import Wanted, read_columns

Array = NDArray[np.float64]
Indices = NDArray[np.int64]
LITRES_A_DAY = 1000 * 86_400
"""L/day of 1 m³/s."""
MOST_FAULTS = 20
MOST_BARS = 15
VALVES = (
    Wanted("link", ("管段", "pipe"), "text", is_required=True),
    Wanted("node", ("节点",), "text", is_required=True),
)
USERS = (
    Wanted("node", ("节点", "junction"), "text", is_required=True),
    Wanted("people", ("人口",), "number", "person", least=0.0, is_required=True),
    Wanted("customers", ("户数", "用户数"), "number", "1", least=0.0),
)


@dataclass(frozen=True, eq=False)
class Isolation:
    """What a burst takes away, segment by segment.

    Args:
        network: The network.
        valves: Link and node of each valve.
        segments: The segments.
        unknown: Junctions whose people are unknown.
        inside: People and customers in each segment, shape (2, segments); what is unknown counts as nothing.
        lost: Those without water when each segment is shut, shape (2, segments).
        stuck: People more who lose their water when a valve does not shut, at the worse of its two sides.
        has_customers: Whether customers are known.
        never: Junctions that have no water anyhow.
    """

    network: Network
    valves: Indices
    segments: Segments
    unknown: int
    inside: Array
    lost: Array
    stuck: Array
    has_customers: bool
    never: int

    @property
    def people_lost(self) -> Array:
        """People without water when each segment is shut."""
        return self.lost[0]

    @property
    def pipes(self) -> Indices:
        """Positions of links that are pipes, those whose burst takes most people's water first."""
        pipes = np.flatnonzero(self.network.length > 0)
        return pipes[np.argsort(-self.people_lost[self.segments.link[pipes]], kind="stable")]

    @property
    def worst(self) -> float:
        """People without water at the burst that takes most people's."""
        return float(self.people_lost[self.segments.link[self.pipes[0]]])

    @cached_property
    def length(self) -> Array:
        """Length of pipe of each segment, m."""
        return _sums(self.segments.link, self.network.length, self.segments.count)


def isolation(run: Run) -> Outcome:
    """Run the process, see ``isolation_segments.PROCESS``."""
    values = run.values
    path: Path = values["network"]
    network = network_of(read_model(path))
    if not (network.length > 0).any():
        raise NotEnoughData("a network without pipes has no bursts", where=path.name)
    sources = {path.name: digest_file(path)}
    valves = _valves(values["valves"], network, sources)
    people, customers = _users(values, network, sources)
    told = _told(network, valves, people, customers)
    return Outcome(
        answer=_answer(told),
        figures=_figures(told),
        tables=(_segment_table(told), _pipe_table(told), _valve_table(told)),
        plots=(_bars(told),),
        balances=(_balance(told),),
        assumptions=_assumptions(values),
        warnings=_warnings(told),
        sources=sources,
    )


def _told(network: Network, valves: Indices, people: Array, customers: Array | None) -> Isolation:
    segments = isolation_segments(network.start, network.end, len(network.nodes), valves)
    label, count = segments.node[: network.junctions], segments.count
    amounts = np.nan_to_num(np.stack([people, np.zeros(len(people)) if customers is None else customers]))
    inside = np.stack([_sums(label, one, count) for one in amounts])
    fed = np.unique(segments.node[network.sources])
    lost = np.stack([_lost(segments, fed, inside, [one]) for one in range(count)], axis=1)
    sides = segments.valve
    both = np.array([_lost(segments, fed, inside, pair)[0] for pair in sides.tolist()])
    stuck = both - lost[0][sides].min(axis=1) if len(sides) else np.empty(0)
    never = int(dry_segments(segments, fed, np.empty(0, np.int64))[label].sum())
    unknown = int(np.isnan(people).sum())
    return Isolation(network, valves, segments, unknown, inside, lost, stuck, customers is not None, never)


def _sums(label: Indices, amount: Array, count: int) -> Array:
    """Sum of an amount by label."""
    return np.asarray(np.bincount(label, weights=amount, minlength=count), np.float64)


def _lost(segments: Segments, fed: Indices, inside: Array, shut: list[int]) -> Array:
    """People and customers without water when some segments are shut."""
    return inside[:, dry_segments(segments, fed, np.array(shut, np.int64))].sum(axis=1)


def _valves(path: Path | None, network: Network, sources: dict[str, str]) -> Indices:
    if path is None:
        pipes = np.flatnonzero(network.length > 0)
        ends = np.concatenate([network.start[pipes], network.end[pipes]])
        return np.column_stack([np.concatenate([pipes, pipes]), ends])
    table = read_columns(path, VALVES)
    sources[path.name] = table.digest
    links = {name: place for place, name in enumerate(network.links)}
    nodes = {name: place for place, name in enumerate(network.nodes)}
    faults: list[Fault] = []
    found: list[tuple[int, int]] = []
    for row, (link, node) in enumerate(zip(table.texts["link"], table.texts["node"], strict=True), 2):
        where = f"{path.name}: row {row}"
        if link not in links or node not in nodes:
            names = tuple(links) if link not in links else tuple(nodes)
            faults.append(Fault("the network has no such part", where, link if link not in links else node, names))
        elif nodes[node] not in (network.start[links[link]], network.end[links[link]]):
            faults.append(Fault("a valve stands at an end of its link", where, f"{link}, {node}"))
        elif (links[link], nodes[node]) in found:
            faults.append(Fault("a valve stands here twice", where, f"{link}, {node}"))
        else:
            found.append((links[link], nodes[node]))
    if faults:
        raise BadInput.of(faults[:MOST_FAULTS])
    return np.array(found, np.int64).reshape(-1, 2)


def _users(values: Mapping[str, Any], network: Network, sources: dict[str, str]) -> tuple[Array, Array | None]:
    """People and customers of each junction."""
    path: Path | None = values["users"]
    if path is None:
        if values["demand_a_person"] is None:
            raise NotEnoughData(
                "people are told by a table of users or by the water of a person", where="users", allowed=("users=…",)
            )
        return np.maximum(network.asked, 0.0) * LITRES_A_DAY / values["demand_a_person"], None
    table = read_columns(path, USERS)
    sources[path.name] = table.digest
    nodes = {name: place for place, name in enumerate(network.nodes[: network.junctions])}
    wrong = [
        Fault("the network has no such part", f"{path.name}: row {row}", name, tuple(nodes))
        for row, name in enumerate(table.texts["node"], 2)
        if name not in nodes
    ]
    if wrong:
        raise BadInput.of(wrong[:MOST_FAULTS])
    places = np.array([nodes[name] for name in table.texts["node"]], np.int64)
    people = _sums(places, table.numbers["people"], network.junctions)
    if "customers" not in table.numbers:
        return people, None
    return people, _sums(places, table.numbers["customers"], network.junctions)


def _answer(told: Isolation) -> tuple[Words, ...]:
    pipe, segments = told.pipes[0], told.segments
    shut = int((segments.valve == segments.link[pipe]).any(axis=1).sum())
    name, whole = told.network.links[pipe], float(told.inside[0].sum())
    share = 100 * told.worst / whole if whole else 0.0
    said = [
        Words(
            f"{len(told.valves):,} 个阀门把管网分为 {segments.count:,} 段。最要紧的是管段 {name}："
            f"爆管须关 {shut} 个阀，{told.worst:,.0f} 人停水（{share:.1f}%）。",
            f"{len(told.valves):,} valves part the network into {segments.count:,} segments. The burst that matters "
            f"most is of {name}: {shut} valves are shut and {told.worst:,.0f} people lose their water ({share:.1f} %).",
        )
    ]
    if len(told.valves):
        worst = int(told.stuck.argmax())
        link, node = told.valves[worst]
        said.append(
            Words(
                f"最要紧的阀门在管段 {told.network.links[link]} 靠近节点 {told.network.nodes[node]} 处："
                f"关不上时最多再停 {told.stuck[worst]:,.0f} 人。",
                f"The valve that matters most stands on {told.network.links[link]} at {told.network.nodes[node]}: "
                f"stuck, it takes the water of up to {told.stuck[worst]:,.0f} people more.",
            )
        )
    return tuple(said)


def _figures(told: Isolation) -> tuple[Figure, ...]:
    by_length = told.length / told.length.sum() if told.length.sum() else told.length
    mean = Words("每次爆管平均停水人口（按管长）", "People of a burst, mean by length of pipe")
    return (
        Figure("segments", Words("分段", "Segments"), float(told.segments.count), "1", digits=0),
        Figure("worst", Words("最多停水人口", "Most people of a burst"), told.worst, "person", digits=0),
        Figure("mean", mean, float((told.people_lost * by_length).sum()), "person", digits=1),
        Figure("longest", Words("最长的一段", "Longest segment"), float(told.length.max()), "m", digits=0),
    )


def _segment_table(told: Isolation) -> Table:
    columns = [
        Column("segment", Words("段", "Segment")),
        Column("pipes", Words("管段数", "Pipes"), "1", 0),
        Column("length", Words("管长", "Length"), "m", 0),
        Column("valves", Words("须关的阀", "Valves to shut"), "1", 0),
        Column("inside", Words("段内人口", "People inside"), "person", 0),
        Column("lost", Words("停水人口", "People without water"), "person", 0),
    ]
    count = told.segments.count
    touched = np.array([(told.segments.valve == one).any(axis=1).sum() for one in range(count)], np.float64)
    pipes = np.bincount(told.segments.link, minlength=count).astype(np.float64)
    numbers = [pipes, told.length, touched, told.inside[0], told.people_lost]
    if told.has_customers:
        columns.append(Column("customers", Words("停水户数", "Customers without water"), "1", 0))
        numbers.append(told.lost[1])
    order = np.lexsort((np.arange(count), -told.people_lost))
    rows: list[list[Cell]] = [[f"S{one + 1}", *(float(number[one]) for number in numbers)] for one in order.tolist()]
    return Table("segments", Words("各段，停水人口多者在前", "Segments, most people first"), tuple(columns), rows)


def _pipe_table(told: Isolation) -> Table:
    columns = (
        Column("pipe", Words("管段", "Pipe")),
        Column("segment", Words("段", "Segment")),
        Column("lost", Words("爆管停水人口", "People without water"), "person", 0),
    )
    rows: list[list[Cell]] = []
    for pipe in told.pipes.tolist():
        segment = told.segments.link[pipe]
        rows.append([told.network.links[pipe], f"S{segment + 1}", float(told.people_lost[segment])])
    return Table("pipes", Words("各管段", "Pipes"), columns, rows)


def _valve_table(told: Isolation) -> Table:
    columns = (
        Column("link", Words("管段", "Pipe")),
        Column("node", Words("靠近节点", "At")),
        Column("sides", Words("分隔的段", "Between")),
        Column("more", Words("关不上时再停水人口", "People more when stuck"), "person", 0),
    )
    order = np.lexsort((np.arange(len(told.valves)), -told.stuck)) if len(told.valves) else np.empty(0, np.int64)
    rows: list[list[Cell]] = []
    for one in order.tolist():
        link, node = told.valves[one]
        sides = " | ".join(f"S{side + 1}" for side in told.segments.valve[one].tolist())
        rows.append([told.network.links[link], told.network.nodes[node], sides, float(told.stuck[one])])
    return Table("valves", Words("各阀门", "Valves"), columns, rows)


def _bars(told: Isolation) -> BarPlot:
    order = np.lexsort((np.arange(told.segments.count), -told.people_lost))[:MOST_BARS]
    bars = tuple((f"S{one + 1}", float(told.people_lost[one])) for one in order.tolist())
    title = Words("各段关阀停水人口", "People without water by segment shut")
    return BarPlot("lost", title, Words("人", "People"), bars)


def _balance(told: Isolation) -> Balance:
    """Every person of a junction is in one segment."""
    whole = float(told.inside[0].sum())
    return Balance(Words("各段人口", "People of segments"), whole, float(told.inside[0].sum()), 0.0, "person")


def _assumptions(values: Mapping[str, Any]) -> tuple[Words, ...]:
    found: list[Words] = []
    if values["valves"] is None:
        found.append(
            Words(
                "没有阀门表：假定每根管两端都有阀，这是最好的情形，停水人口是下限。",
                "No table of valves: every pipe has one at both ends, the best case; people are a lower bound.",
            )
        )
    if values["users"] is None:
        found.append(
            Words(
                f"人口由模型需水量按每人每日 {values['demand_a_person']:g} 升折算，含非居民用水。",
                f"People are told from the demand of the model at {values['demand_a_person']:g} L a day each, users "
                "who are no households included.",
            )
        )
    return tuple(found)


def _warnings(told: Isolation) -> tuple[Words, ...]:
    found: list[Words] = []
    if told.unknown:
        found.append(
            Words(
                f"{told.unknown} 个节点人口未知：停水人口是下限。",
                f"People of {told.unknown} junctions are unknown: people without water are a lower bound.",
            )
        )
    if told.never:
        found.append(
            Words(
                f"{told.never} 个节点本就不与水源相连，各情形下都计入停水。",
                f"{told.never} junctions are joined to no source and count as dry in every case.",
            )
        )
    return tuple(found)
