"""From a supply network to what each single failure takes away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput, Fault, NotEnoughData
from tulou.kernel.progress import Progress
from tulou.kernel.words import Words
from tulou.measures.lifelines.supply import Supply, deliverable, served
from tulou.processes.declaration import Run
from tulou.processes.outcome import BarPlot, Cell, Column, Figure, Outcome, Table
from tulou.sources.columns import Columns, Wanted, read_columns

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Kind = Literal["node", "link"]
KINDS: dict[Kind, Words] = {"node": Words("场站", "Station"), "link": Words("线路", "Line")}
MOST_FAULTS = 20
MOST_NAMES = 12
MOST_BARS = 15
ROUNDING = 1e-6
"""Share of the demand below which a shortage is rounding."""
NODES = (
    Wanted("id", ("编号", "name", "名称"), "text", is_required=True),
    Wanted("source", ("供给", "供给能力"), "number", least=0.0),
    Wanted("demand", ("需求",), "number", least=0.0),
    Wanted("people", ("人口",), "number", "person", least=0.0),
)
LINKS = (
    Wanted("start", ("起点", "from"), "text", is_required=True),
    Wanted("end", ("终点", "to"), "text", is_required=True),
    Wanted("id", ("编号", "name"), "text"),
    Wanted("capacity", ("能力",), "number", least=0.0),
    Wanted("direction", ("方向",), "text"),
)


@dataclass(frozen=True, eq=False)
class Network:
    """A supply network as it was given.

    Args:
        supply: Its arrays; a line that leads both ways stands twice.
        names: Names of the nodes.
        people: People of each node; NaN where unknown.
        lines: Names of the lines.
        line: Line of each link of the arrays.
        unlimited: Whether no capacity was given.
        sources: Digests of the files.
    """

    supply: Supply
    names: tuple[str, ...]
    people: Array
    lines: tuple[str, ...]
    line: NDArray[np.int64]
    unlimited: bool
    sources: dict[str, str]

    @property
    def users(self) -> Mask:
        """Nodes that ask for something."""
        return np.asarray(self.supply.demand > 0)


@dataclass(frozen=True, eq=False)
class Failure:
    """What one failure takes away.

    Args:
        kind: What fails.
        name: Its name.
        cut_off: Users that no source reaches, by position; the one that fails is none of them.
        people: People of these.
        short: Demand of all others that cannot be met.
    """

    kind: Kind
    name: str
    cut_off: tuple[int, ...]
    people: float
    short: float

    @property
    def hurts(self) -> bool:
        """Whether anybody is cut off or falls short."""
        return bool(self.cut_off) or self.short > 0


def single_failures(run: Run) -> Outcome:
    """Run the process, see ``supply_n1.PROCESS``."""
    network = read_network(run.values["nodes"], run.values["links"])
    before = served(network.supply)
    failures = all_failures(network, run.progress)
    return Outcome(
        answer=_answer(failures),
        figures=_figures(network, failures),
        tables=(_failures(network, failures), _users(network, failures)),
        plots=(_bars(failures),),
        assumptions=_assumptions(network),
        warnings=_warnings(network, before),
        sources=network.sources,
    )


def read_network(nodes: Path, links: Path) -> Network:
    """Read a supply network.

    Args:
        nodes: Table of stations and users.
        links: Table of lines.

    Raises:
        BadInput: When a node stands twice, a line ends nowhere, or a direction is none.
        NotEnoughData: When nothing gives or nobody asks.
    """
    stations, lines = read_columns(nodes, NODES), read_columns(links, LINKS)
    names = stations.texts["id"]
    if len(set(names)) < len(names) or not all(names):
        raise BadInput("each node has one row and a name", where=nodes.name, found=", ".join(names))
    position = {name: place for place, name in enumerate(names)}
    directions = lines.texts.get("direction", ("",) * lines.rows)
    _check_lines(lines, directions, names, links.name)
    numbers = {
        name: np.nan_to_num(stations.numbers.get(name, np.zeros(stations.rows))) for name in ("source", "demand")
    }
    if not numbers["source"].any() or not numbers["demand"].any():
        raise NotEnoughData("a supply needs a source and a demand", where=nodes.name)
    start = np.array([position[one] for one in lines.texts["start"]], np.int64)
    end = np.array([position[one] for one in lines.texts["end"]], np.int64)
    capacity = lines.numbers.get("capacity", np.full(lines.rows, np.nan))
    room = np.where(np.isnan(capacity), np.inf, capacity)
    back = np.flatnonzero([told != "one" for told in directions])
    told = lines.texts.get("id", ("",) * lines.rows)
    return Network(
        Supply(
            np.concatenate([start, end[back]]),
            np.concatenate([end, start[back]]),
            np.concatenate([room, room[back]]),
            numbers["source"],
            numbers["demand"],
        ),
        names,
        stations.numbers.get("people", np.full(stations.rows, np.nan)),
        tuple(name or f"{names[a]}–{names[b]}" for name, a, b in zip(told, start, end, strict=True)),
        np.concatenate([np.arange(lines.rows), back]),
        bool(np.isnan(capacity).any()),
        {nodes.name: stations.digest, links.name: lines.digest},
    )


def _check_lines(lines: Columns, directions: Sequence[str], names: tuple[str, ...], where: str) -> None:
    """Refuse lines that end nowhere or lead neither one way nor both, with every fault."""
    faults = [
        Fault("a line ends at a node", f"{where}: row {row}", end, names)
        for row, ends in enumerate(zip(lines.texts["start"], lines.texts["end"], strict=True), 2)
        for end in ends
        if end not in names
    ]
    faults += [
        Fault("a line leads one way or both", f"{where}: row {row}", told, ("one", "both"))
        for row, told in enumerate(directions, 2)
        if told not in {"", "one", "both"}
    ]
    if faults:
        raise BadInput.of(faults[:MOST_FAULTS])


def all_failures(network: Network, progress: Progress) -> list[Failure]:
    """What each single failure takes away, worst first.

    Args:
        network: The network.
        progress: Told how far it is.
    """
    supply, count, lines = network.supply, len(network.names), len(network.lines)
    usual = network.users & served(supply)
    # A user that has no source anyhow is not taken away by a failure.
    short = float(supply.demand.sum()) - deliverable(supply)
    found: list[Failure] = []
    for place in range(count + lines):
        progress("failures tried", place, count + lines)
        lost_node = np.arange(count) == place
        lost_link = network.line == place - count
        name = network.names[place] if place < count else network.lines[place - count]
        reached = served(supply, lost_node, lost_link)
        cut_off = np.flatnonzero(usual & ~reached & ~lost_node)
        asked = float(supply.demand[~lost_node].sum())
        missing = max(asked - deliverable(supply, lost_node, lost_link) - short, 0.0)
        missing -= float(supply.demand[cut_off].sum())
        people = float(np.nansum(network.people[cut_off]))
        rest = missing if missing > ROUNDING * float(supply.demand.sum()) else 0.0
        found.append(Failure("node" if place < count else "link", name, tuple(cut_off.tolist()), people, rest))
    return sorted(found, key=lambda one: (-one.people, -len(one.cut_off), -one.short, one.kind != "node", one.name))


def _answer(failures: list[Failure]) -> tuple[Words, ...]:
    hurting = [one for one in failures if one.hurts]
    said = [
        Words(
            f"逐一失效 {len(failures):,} 处，其中 {len(hurting):,} 处会使用户断供或供给不足。",
            f"Of {len(failures):,} single failures {len(hurting):,} cut users off or leave them short.",
        )
    ]
    if hurting:
        worst = hurting[0]
        kind = KINDS[worst.kind]
        said.append(
            Words(
                f"影响最大的是{kind.zh} {worst.name}：{len(worst.cut_off)} 个用户断供，{worst.people:,.0f} 人；"
                f"其余用户另缺 {worst.short:,.4g}。",
                f"The worst is of {kind.en.lower()} {worst.name}: {len(worst.cut_off)} users and {worst.people:,.0f} "
                f"people are cut off, the others fall short by {worst.short:,.4g}.",
            )
        )
    return tuple(said)


def _figures(network: Network, failures: list[Failure]) -> tuple[Figure, ...]:
    single = {user for one in failures for user in one.cut_off}
    people = float(np.nansum(network.people[list(single)]))
    hurting = sum(one.hurts for one in failures)
    exposed = Words("会被单一失效断供的用户", "Users one failure can cut off")
    most = Words("一次失效最多断供人口", "Most people of a failure")
    return (
        Figure("hurting", Words("有影响的单一失效", "Failures that hurt"), float(hurting), "1", digits=0),
        Figure("exposed", exposed, float(len(single)), "1", digits=0),
        Figure("people", Words("其人口", "Their people"), people, "person", digits=0),
        Figure("most", most, failures[0].people, "person", digits=0),
    )


def _failures(network: Network, failures: list[Failure]) -> Table:
    columns = (
        Column("kind", Words("类型", "Kind")),
        Column("name", Words("失效处", "What fails")),
        Column("users", Words("断供用户", "Users cut off"), "1", 0),
        Column("people", Words("断供人口", "People cut off"), "person", 0),
        Column("short", Words("其余缺额", "Shortage of others"), "1", 3),
        Column("who", Words("断供者", "Who")),
    )
    rows: list[list[Cell]] = []
    for one in failures:
        names = [network.names[user] for user in one.cut_off]
        more = f" +{len(names) - MOST_NAMES}" if len(names) > MOST_NAMES else ""
        who = ", ".join(names[:MOST_NAMES]) + more
        rows.append([KINDS[one.kind], one.name, float(len(names)), one.people, one.short, who])
    return Table("failures", Words("单一失效，影响人口多者在前", "Single failures, most people first"), columns, rows)


def _users(network: Network, failures: list[Failure]) -> Table:
    columns = (
        Column("user", Words("用户", "User")),
        Column("people", Words("人口", "People"), "person", 0),
        Column("failures", Words("能使其断供的失效", "Failures that cut it off"), "1", 0),
    )
    counts = np.zeros(len(network.names))
    for one in failures:
        counts[list(one.cut_off)] += 1
    order = sorted(np.flatnonzero(network.users).tolist(), key=lambda place: (-counts[place], place))
    rows: list[list[Cell]] = [
        [
            network.names[place],
            float(network.people[place]) if np.isfinite(network.people[place]) else None,
            float(counts[place]),
        ]
        for place in order
    ]
    return Table("users", Words("各用户", "Users"), columns, rows)


def _bars(failures: list[Failure]) -> BarPlot:
    bars = tuple((one.name, one.people) for one in failures[:MOST_BARS])
    title = Words("单一失效断供人口", "People cut off by single failures")
    return BarPlot("people", title, Words("人", "People"), bars)


def _assumptions(network: Network) -> tuple[Words, ...]:
    found = [
        Words(
            "失效的场站自身的用户不计入断供；平时就够不到水源的用户也不计入。",
            "Users at the station that fails do not count as cut off, nor do those that no source reaches anyhow.",
        )
    ]
    if network.unlimited:
        found.append(Words("没有给出能力的线路不限能力。", "Lines without a capacity carry whatever is asked of them."))
    return tuple(found)


def _warnings(network: Network, before: Mask) -> tuple[Words, ...]:
    found: list[Words] = []
    never = [network.names[place] for place in np.flatnonzero(network.users & ~before)]
    if never:
        names = ", ".join(never[:MOST_NAMES])
        found.append(
            Words(
                f"{len(never)} 个用户平时就连不到水源：{names}", f"{len(never)} users are joined to no source: {names}"
            )
        )
    unknown = int(np.isnan(network.people[network.users]).sum())
    if unknown:
        found.append(
            Words(
                f"{unknown} 个用户人口未知：断供人口是下限。",
                f"People of {unknown} users are unknown: people cut off are a lower bound.",
            )
        )
    return tuple(found)
