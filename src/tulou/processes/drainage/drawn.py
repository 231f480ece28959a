"""Drains as they are drawn: nodes, pipes and subcatchments read from tables, and everything that is wrong with them."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import hypot, inf, isfinite, isnan, nan

from tulou.kernel.errors import Fault
from tulou.processes.drainage.rules import rule
from tulou.sources.columns import Columns

KINDS: Mapping[str, str] = {
    "": "junction",
    "junction": "junction",
    "检查井": "junction",
    "雨水口": "junction",
    "outfall": "outfall",
    "排放口": "outfall",
    "storage": "storage",
    "调蓄池": "storage",
}
"""What the category of a node may be."""
FALL = 1e-9
"""Metres by which an end may lie higher before a pipe counts as adverse."""


@dataclass(frozen=True)
class Node:
    """A node.

    Args:
        id: Its name.
        x: East coordinate, m.
        y: North coordinate, m.
        invert: Level of its floor, m.
        ground: Level of the ground, m.
        kind: ``junction``, ``outfall`` or ``storage``.
        stage: Water level an outfall stands in, m; NaN for a free one.
        area: Area of a storage, m²; NaN for others.
    """

    id: str
    x: float
    y: float
    invert: float
    ground: float
    kind: str
    stage: float
    area: float


@dataclass(frozen=True)
class Pipe:
    """A pipe.

    Args:
        id: Its name.
        start: Upper node.
        end: Lower node.
        height: Inner height, m; the diameter of a round one.
        width: Inner width, m; NaN for a round one.
        length: m.
        roughness: Manning's n, s/m^(1/3).
        up: Level of its upper end, m.
        down: Level of its lower end, m.
    """

    id: str
    start: str
    end: str
    height: float
    width: float
    length: float
    roughness: float
    up: float
    down: float

    @property
    def slope(self) -> float:
        """Fall over length."""
        return (self.up - self.down) / self.length


@dataclass(frozen=True)
class Subcatchment:
    """A subcatchment.

    Args:
        id: Its name.
        node: Node it drains to.
        area: ha.
        impervious: Share of it, percent.
        slope: percent.
        width: Width of the flow over it, m.
    """

    id: str
    node: str
    area: float
    impervious: float
    slope: float
    width: float


@dataclass(frozen=True)
class Drains:
    """All of it.

    Args:
        nodes: Nodes.
        pipes: Pipes.
        subcatchments: Subcatchments.
        assumed: How many roughnesses, lengths and widths were not given, by name.
    """

    nodes: tuple[Node, ...]
    pipes: tuple[Pipe, ...]
    subcatchments: tuple[Subcatchment, ...]
    assumed: Mapping[str, int]


def drains_of(nodes: Columns, pipes: Columns, subcatchments: Columns) -> Drains:
    """Drains from tables; what is unknown stays NaN, for ``faults_of`` to tell."""
    found = tuple(_nodes(nodes))
    by_name = {node.id: node for node in found}
    drawn = tuple(_pipes(pipes, by_name))
    areas = tuple(_subcatchments(subcatchments))
    assumed = {
        "roughness": _blank(pipes, "roughness"),
        "length": _blank(pipes, "length"),
        "width": _blank(subcatchments, "width"),
    }
    return Drains(found, drawn, areas, assumed)


def _blank(table: Columns, name: str) -> int:
    column = table.numbers.get(name)
    return table.rows if column is None else sum(not isfinite(one) for one in column.tolist())


def _numbers(table: Columns, *names: str) -> Iterator[tuple[float, ...]]:
    unknown = [nan] * table.rows
    columns = [table.numbers[name].tolist() if name in table.numbers else unknown for name in names]
    return zip(*columns, strict=True)


def _nodes(table: Columns) -> Iterator[Node]:
    kinds = table.texts.get("category", ("",) * table.rows)
    numbers = _numbers(table, "x", "y", "invert", "ground", "stage", "area")
    for name, kind, (x, y, invert, ground, stage, area) in zip(table.texts["node"], kinds, numbers, strict=True):
        yield Node(name, x, y, invert, ground, KINDS.get(kind.lower(), kind), stage, area)


def _pipes(table: Columns, nodes: Mapping[str, Node]) -> Iterator[Pipe]:
    ends = zip(table.texts["pipe"], table.texts["from"], table.texts["to"], strict=True)
    numbers = _numbers(table, "diameter", "width", "height", "length", "roughness", "up", "down")
    for (name, start, end), (diameter, width, height, length, roughness, up, down) in zip(ends, numbers, strict=True):
        upper, lower = nodes.get(start), nodes.get(end)
        is_round = isfinite(diameter) or not isfinite(height)
        drawn = hypot(upper.x - lower.x, upper.y - lower.y) if upper and lower else nan
        yield Pipe(
            name,
            start,
            end,
            (diameter if is_round else height) / 1000,
            nan if is_round else width / 1000,
            length if isfinite(length) else drawn,
            roughness if isfinite(roughness) else rule("pipe_roughness"),
            up if isfinite(up) or upper is None else upper.invert,
            down if isfinite(down) or lower is None else lower.invert,
        )


def _subcatchments(table: Columns) -> Iterator[Subcatchment]:
    names = zip(table.texts["subcatchment"], table.texts["node"], strict=True)
    numbers = _numbers(table, "area", "impervious", "slope", "width")
    for (name, node), (area, impervious, slope, width) in zip(names, numbers, strict=True):
        # A square, where nobody says how wide the flow is.
        square = (area * 1e4) ** 0.5 if area > 0 else nan
        yield Subcatchment(name, node, area, impervious, slope, width if isfinite(width) else square)


def faults_of(drains: Drains, *, keep_adverse: bool) -> list[Fault]:
    """Everything that is wrong with drains, in the order nodes, pipes, network, subcatchments.

    Args:
        drains: The drains.
        keep_adverse: Whether pipes that rise are meant.
    """
    nodes = {node.id: node for node in drains.nodes}
    return [
        *_names(drains),
        *(fault for node in drains.nodes for fault in _node_faults(node)),
        *(fault for pipe in drains.pipes for fault in _pipe_faults(pipe, nodes, keep_adverse=keep_adverse)),
        *(fault for pipe in drains.pipes for fault in _lying_faults(pipe, nodes)),
        *_outfall_faults(drains),
        *_way_faults(drains),
        *(fault for one in drains.subcatchments for fault in _subcatchment_faults(one, nodes)),
    ]


def _names(drains: Drains) -> Iterator[Fault]:
    for what, ids in (
        ("node", [node.id for node in drains.nodes]),
        ("pipe", [pipe.id for pipe in drains.pipes]),
        ("subcatchment", [one.id for one in drains.subcatchments]),
    ):
        for name, times in Counter(ids).items():
            if times > 1:
                yield Fault("this name stands twice", what, name)
            if not name or any(sign.isspace() or sign in ';"[' for sign in name):
                yield Fault("SWMM takes names without blanks and signs", what, name)


def _node_faults(node: Node) -> Iterator[Fault]:
    where = f"node {node.id}"
    if not (isfinite(node.x) and isfinite(node.y)):
        yield Fault("this node has no place", where)
    if node.kind not in KINDS.values():
        yield Fault("there is no such kind of node", where, node.kind, ("junction", "outfall", "storage"))
    if not isfinite(node.invert):
        yield Fault("the level of the floor is not known", where)
    elif node.kind != "outfall" and not node.ground > node.invert:
        yield Fault("the ground lies above the floor", where, f"{node.ground:g}", (f"above {node.invert:g} m",))
    if node.kind == "storage" and not node.area > 0:
        yield Fault("a storage has an area", where, f"{node.area:g}")


def _pipe_faults(pipe: Pipe, nodes: Mapping[str, Node], *, keep_adverse: bool) -> Iterator[Fault]:
    where = f"pipe {pipe.id}"
    for end in (pipe.start, pipe.end):
        if end not in nodes:
            yield Fault("this pipe ends at no node", where, end, tuple(nodes))
    if pipe.start == pipe.end:
        yield Fault("this pipe ends where it begins", where, pipe.start)
    narrowest = rule("narrowest")
    size = pipe.height if isnan(pipe.width) else min(pipe.height, pipe.width)
    if not size >= narrowest:
        allowed = (f"at least {1000 * narrowest:g} mm",)
        yield Fault("this pipe is too narrow to be one", where, f"{1000 * size:g} mm", allowed)
    if not pipe.length > 0:
        yield Fault("the length of this pipe is not known or 0", where, f"{pipe.length:g}")
    if not pipe.roughness > 0:
        yield Fault("a roughness is above 0", where, f"{pipe.roughness:g}")
    if pipe.down > pipe.up + FALL and not keep_adverse:
        yield Fault("this pipe rises", where, f"{pipe.up:g} m to {pipe.down:g} m", ("keep_adverse=true",))


def _lying_faults(pipe: Pipe, nodes: Mapping[str, Node]) -> Iterator[Fault]:
    """How a pipe lies between the floors of its nodes and the ground."""
    where = f"pipe {pipe.id}"
    for end, level in ((pipe.start, pipe.up), (pipe.end, pipe.down)):
        node = nodes.get(end)
        if node is None:
            continue
        if level < node.invert - FALL:
            yield Fault("this pipe lies below the floor of its node", where, f"{level:g} m", (f"{node.invert:g} m",))
        if node.kind != "outfall" and level + pipe.height > node.ground:
            crown = f"{level + pipe.height:g} m"
            yield Fault("the top of this pipe lies above the ground", where, crown, (f"below {node.ground:g} m",))


def _outfall_faults(drains: Drains) -> Iterator[Fault]:
    outfalls = [node.id for node in drains.nodes if node.kind == "outfall"]
    if not outfalls:
        yield Fault("there is no outfall", "nodes", None, ("a node of category outfall",))
    count = Counter(end for pipe in drains.pipes for end in (pipe.start, pipe.end))
    for name in outfalls:
        if count[name] > 1:
            yield Fault("an outfall has one pipe", f"node {name}", count[name])


def _way_faults(drains: Drains) -> Iterator[Fault]:
    """Nodes from which no water finds its way out."""
    into: dict[str, list[str]] = {}
    for pipe in drains.pipes:
        into.setdefault(pipe.end, []).append(pipe.start)
    outfalls = [node.id for node in drains.nodes if node.kind == "outfall"]
    reached, waiting = set(outfalls), deque(outfalls)
    while waiting:
        fresh = [start for start in into.get(waiting.popleft(), ()) if start not in reached]
        reached.update(fresh)
        waiting.extend(fresh)
    ends = {end for pipe in drains.pipes for end in (pipe.start, pipe.end)}
    for node in drains.nodes:
        if node.id not in ends:
            yield Fault("this node has no pipe", f"node {node.id}")
        elif outfalls and node.id not in reached:
            yield Fault("no way leads from this node to an outfall", f"node {node.id}")


def _subcatchment_faults(one: Subcatchment, nodes: Mapping[str, Node]) -> Iterator[Fault]:
    where = f"subcatchment {one.id}"
    if one.node not in nodes:
        yield Fault("this subcatchment drains to no node", where, one.node, tuple(nodes))
    for what, value, most in (("area", one.area, inf), ("slope", one.slope, inf), ("width", one.width, inf)):
        if not 0 < value < most:
            yield Fault("this is above 0", f"{where}, {what}", f"{value:g}")
    if not 0 <= one.impervious <= 100:  # noqa: PLR2004  (all of it)
        yield Fault("a share lies between 0 and 100 percent", f"{where}, impervious", f"{one.impervious:g}")
