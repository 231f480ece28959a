"""Gates and pumps that empty the storages of a model, and the way their water takes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import pi
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput, NotEnoughData
from tulou.measures.water.dispatch.gates import Gate
from tulou.processes.drainage.engine import CUBIC_METRES_A_SECOND, FOOT
from tulou.processes.drainage.network import IMPERIAL
from tulou.processes.drainage.sections import Model, Row, number_at, word_at

Array = NDArray[np.float64]
FLOW_UNITS = ("CFS", "GPM", "MGD", "CMS", "LPS", "MLD")
SLICES = 64
"""Slices of depth in which the volume of a storage is summed."""
SHAPES: Mapping[str, Literal["round", "box"]] = {"CIRCULAR": "round", "RECT_CLOSED": "box"}
PUMP_CURVES: Mapping[str, Literal["volume", "depth", "head"]] = {
    "PUMP1": "volume",
    "PUMP2": "depth",
    "PUMP3": "head",
    "PUMP4": "depth",
}
STEPPED = ("PUMP1", "PUMP2")
"""Curves whose flow stays the same up to each place."""


@dataclass(frozen=True)
class Basin:
    """A storage.

    Args:
        name: Its name.
        invert: Level of its floor, m.
        depths: Depths, ascending from 0 to the greatest, m.
        volumes: What it holds at each, m³.
    """

    name: str
    invert: float
    depths: tuple[float, ...]
    volumes: tuple[float, ...]

    @property
    def capacity(self) -> float:
        """What it holds when full, m³."""
        return self.volumes[-1]

    def levels(self, volume: Array) -> Array:
        """Water level at some volumes, m."""
        return np.asarray(self.invert + np.interp(volume, self.volumes, self.depths))


@dataclass(frozen=True)
class Pump:
    """A pump with its curve.

    Args:
        by: What its flow depends on: ``volume``, ``depth`` or ``head``.
        is_stepped: Whether its flow stays the same up to each place of the curve.
        places: Places along, m³ or m.
        flows: Flow at each, m³/s.
    """

    by: Literal["volume", "depth", "head"]
    is_stepped: bool
    places: tuple[float, ...]
    flows: tuple[float, ...]

    def flow(self, *, volume: float, depth: float, head: float) -> float:
        """What it lifts when it runs at full speed, m³/s."""
        at = {"volume": volume, "depth": depth, "head": head}[self.by]
        if self.is_stepped:
            return self.flows[min(int(np.searchsorted(self.places, at)), len(self.flows) - 1)]
        return float(np.interp(at, self.places, self.flows))

    @property
    def usual(self) -> float:
        """Flow a plan counts on, m³/s: the middle of its curve."""
        return float(np.median(self.flows))


@dataclass(frozen=True)
class Actuator:
    """A gate or pump that empties a storage.

    Args:
        name: Its name.
        basin: Which storage it takes from.
        goal: Which storage its water reaches first; None when it leaves the model.
        below: Node behind it.
        path: Conduits its water runs through until then.
        gate: The gate; None for a pump.
        pump: The pump; None for a gate.
    """

    name: str
    basin: int
    goal: int | None
    below: str
    path: tuple[str, ...]
    gate: Gate | None
    pump: Pump | None


@dataclass(frozen=True)
class Scale:
    """What one unit of a model is.

    Args:
        length: m.
        flow: m³/s.
    """

    length: float
    flow: float


def scale_of(model: Model) -> Scale:
    """The units of a model."""
    unit = model.option("FLOW_UNITS", "CFS")
    if unit not in FLOW_UNITS:
        raise BadInput("there is no such unit of flow", where=model.name, found=unit, allowed=FLOW_UNITS)
    return Scale(FOOT if unit in IMPERIAL else 1.0, CUBIC_METRES_A_SECOND[FLOW_UNITS.index(unit)])


def basins_of(model: Model) -> tuple[Basin, ...]:
    """The storages of a model.

    Raises:
        BadInput: When one has a shape that is not read here, or no depth.
    """
    scale, curves = scale_of(model), _curves(model)
    return tuple(_basin(row, curves, scale.length, model.name) for row in model.rows("STORAGE"))


def actuators_of(model: Model, basins: Sequence[Basin]) -> tuple[tuple[Actuator, ...], tuple[str, ...]]:
    """Gates and pumps that empty storages.

    Returns:
        Those that can be dispatched, and the names of those that cannot: of a shape or curve that is not read here.

    Raises:
        NotEnoughData: When there is none.
    """
    scale, curves = scale_of(model), _curves(model)
    places = {one.name: at for at, one in enumerate(basins)}
    sections = {row.words[0]: row for row in model.rows("XSECTIONS")}
    found: list[Actuator] = []
    left: list[str] = []
    ways = _ways(model)
    for section in ("ORIFICES", "PUMPS"):
        for row in model.rows(section):
            name, source, below = (word_at(row, at, model.name) for at in range(3))
            if source not in places:
                continue
            gate = (
                _gate(model, row, sections.get(name), basins[places[source]], scale) if section == "ORIFICES" else None
            )
            pump = _pump(row, curves, scale, model.name) if section == "PUMPS" else None
            if gate is None and pump is None:
                left.append(name)
                continue
            goal, path = _way(below, ways, places)
            found.append(Actuator(name, places[source], goal, below, path, gate, pump))
    if not found:
        raise NotEnoughData(
            "no gate or pump empties a storage",
            where=model.name,
            found=", ".join(left),
            allowed=("[ORIFICES], [PUMPS]",),
        )
    return tuple(found), tuple(left)


def _curves(model: Model) -> dict[str, tuple[str, Array, Array]]:
    """Kind, places and values of each curve; its kind stands in its first line only."""
    kinds: dict[str, str] = {}
    numbers: dict[str, list[float]] = {}
    for row in model.rows("CURVES"):
        name, *rest = row.words
        if rest and rest[0][:1].isalpha():
            kinds[name] = rest.pop(0).upper()
        numbers.setdefault(name, []).extend(
            number_at(Row(row.number, tuple(rest)), at, model.name) for at in range(len(rest))
        )
    for name, found in numbers.items():
        if len(found) % 2:
            raise BadInput("a curve has a value for each place", where=model.name, found=name)
    return {name: (kinds.get(name, ""), np.array(found[::2]), np.array(found[1::2])) for name, found in numbers.items()}


def _basin(row: Row, curves: Mapping[str, tuple[str, Array, Array]], length: float, where: str) -> Basin:
    deepest = number_at(row, 2, where)
    depths = np.linspace(0.0, deepest, SLICES + 1)
    areas = _areas(row, depths, curves, where)
    if deepest <= 0 or areas.max() <= 0:
        raise BadInput("a storage holds something", where=f"{where}: line {row.number}", found=row.words[0])
    volumes = np.concatenate([[0.0], np.cumsum(np.diff(depths) * (areas[1:] + areas[:-1]) / 2)])
    invert = number_at(row, 1, where) * length
    return Basin(row.words[0], invert, tuple((depths * length).tolist()), tuple((volumes * length**3).tolist()))


def _areas(row: Row, depths: Array, curves: Mapping[str, tuple[str, Array, Array]], where: str) -> Array:
    """Area of the water at some depths, in units of the model."""
    shape = word_at(row, 4, where, "").upper()
    if shape == "FUNCTIONAL":
        factor, power, constant = (number_at(row, at, where, 0.0) for at in (5, 6, 7))
        return np.asarray(constant + factor * depths**power, np.float64)
    curve = word_at(row, 5, where, "")
    if shape == "TABULAR" and len(curves.get(curve, ("", ()))[1]):
        _, places, areas = curves[curve]
        return np.asarray(np.interp(depths, places, areas), np.float64)
    if shape == "CYLINDRICAL":
        long, wide = number_at(row, 5, where), number_at(row, 6, where)
        return np.full(len(depths), pi / 4 * long * wide)
    raise BadInput(
        "this shape of storage is not read here",
        where=f"{where}: line {row.number}",
        found=shape,
        allowed=("FUNCTIONAL", "TABULAR", "CYLINDRICAL"),
    )


def _gate(model: Model, row: Row, section: Row | None, basin: Basin, scale: Scale) -> Gate | None:
    where = model.name
    shape = SHAPES.get(word_at(section, 1, where).upper()) if section is not None else None
    if section is None or shape is None:
        return None
    offset = number_at(row, 4, where, 0.0) * scale.length
    is_level = model.option("LINK_OFFSETS", "DEPTH") == "ELEVATION" and word_at(row, 4, where, "*") != "*"
    return Gate(
        "bottom" if word_at(row, 3, where).upper() == "BOTTOM" else "side",
        shape,
        number_at(section, 2, where) * scale.length,
        number_at(section, 3, where, 0.0) * scale.length,
        number_at(row, 5, where),
        offset if is_level else basin.invert + offset,
    )


def _pump(row: Row, curves: Mapping[str, tuple[str, Array, Array]], scale: Scale, where: str) -> Pump | None:
    kind, places, flows = curves.get(word_at(row, 3, where, "*"), ("", np.empty(0), np.empty(0)))
    if kind not in PUMP_CURVES or not len(flows) or len(places) != len(flows):
        return None
    by = PUMP_CURVES[kind]
    factor = scale.length ** (3 if by == "volume" else 1)
    return Pump(by, kind in STEPPED, tuple((places * factor).tolist()), tuple((flows * scale.flow).tolist()))


def _ways(model: Model) -> dict[str, list[tuple[str, str]]]:
    """Links that leave each node, with the node they reach."""
    found: dict[str, list[tuple[str, str]]] = {}
    for section in ("CONDUITS", "PUMPS", "ORIFICES", "WEIRS", "OUTLETS"):
        for row in model.rows(section):
            start, end = (word_at(row, at, model.name) for at in (1, 2))
            found.setdefault(start, []).append((row.words[0], end))
    return found


def _way(
    start: str, ways: Mapping[str, Iterable[tuple[str, str]]], basins: Mapping[str, int]
) -> tuple[int | None, tuple[str, ...]]:
    """The storage that water reaches first from a node, and the links it takes; None where it leaves the model."""
    waiting: deque[tuple[str, tuple[str, ...]]] = deque([(start, ())])
    seen = {start}
    last: tuple[str, ...] = ()
    while waiting:
        node, path = waiting.popleft()
        if node in basins:
            return basins[node], path
        last = path
        for link, after in ways.get(node, ()):
            if after not in seen:
                seen.add(after)
                waiting.append((after, (*path, link)))
    return None, last
