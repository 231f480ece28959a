"""NRML, the XML of OpenQuake: fragility models and exposure models, read as plain values.

Files from outside are hostile: a document type declaration, with which entities could grow without bound, is refused.
"""

from __future__ import annotations

import math
import xml.parsers.expat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tulou.kernel.errors import BadInput
from tulou.sources import limits

MOST_DEPTH = 32
"""Deepest nesting; NRML needs about 8."""


@dataclass(frozen=True)
class FragilityCurve:
    """The functions of one class of buildings.

    Args:
        name: The class (taxonomy).
        measure: Measure of ground motion, e.g. ``PGA`` or ``SA(0.3)``.
        states: States of damage above none, in ascending order.
        levels: Motions of discrete functions; empty for continuous ones.
        chances: Chance of each state at each motion; empty for continuous ones.
        harmless: Motion up to which nothing is damaged; None where not told.
        medians: Median of each continuous function; empty for discrete ones.
        spreads: Standard deviation of the logarithm of each; empty for discrete ones.
    """

    name: str
    measure: str
    states: tuple[str, ...]
    levels: tuple[float, ...] = ()
    chances: tuple[tuple[float, ...], ...] = ()
    harmless: float | None = None
    medians: tuple[float, ...] = ()
    spreads: tuple[float, ...] = ()


@dataclass(frozen=True)
class ExposureModel:
    """What an exposure model says of its assets, which lie in tables beside it.

    Args:
        tables: Names of the tables.
        cost_type: How the structural cost is meant, e.g. ``aggregated`` or ``per_asset``; empty where not told.
    """

    tables: tuple[str, ...]
    cost_type: str


@dataclass
class _Node:
    name: str
    attributes: dict[str, str]
    children: list[_Node] = field(default_factory=list)
    text: str = ""

    def all(self, name: str) -> Iterator[_Node]:
        """Every node of a name, at any depth."""
        for child in self.children:
            if child.name == name:
                yield child
            yield from child.all(name)

    def only(self, name: str, where: str) -> _Node:
        found = next(self.all(name), None)
        if found is None:
            raise BadInput("a part is missing", where=where, found=self.name, allowed=(name,))
        return found


def read_fragility_model(path: Path) -> tuple[FragilityCurve, ...]:
    """The fragility functions of a model.

    Args:
        path: The NRML file.

    Raises:
        BadInput: When it is no such file, a class stands there twice, or a function is not whole.
    """
    model = _tree(path).only("fragilityModel", path.name)
    states = tuple(model.only("limitStates", path.name).text.split())
    if not states:
        raise BadInput("a part is missing", where=path.name, found="limitStates", allowed=("slight", "complete"))
    found = [_curve(one, states, path.name) for one in model.all("fragilityFunction")]
    names = [one.name for one in found]
    if len(set(names)) < len(names):
        raise BadInput("a class of buildings stands here twice", where=path.name, found=", ".join(sorted(names)))
    if not found:
        raise BadInput("the model has no fragility function", where=path.name)
    return tuple(found)


def read_exposure_model(path: Path) -> ExposureModel:
    """What an exposure model says of its assets.

    Args:
        path: The NRML file.

    Raises:
        BadInput: When it is no such file, holds its assets itself, or names a table outside its folder.
    """
    model = _tree(path).only("exposureModel", path.name)
    tables = tuple(model.only("assets", path.name).text.split())
    if not tables:
        raise BadInput(
            "the assets lie in tables beside the model", where=path.name, allowed=("<assets>a.csv</assets>",)
        )
    for name in tables:
        if Path(name).name != name or name == "..":
            raise BadInput("a table lies beside its model", where=path.name, found=name, allowed=(Path(name).name,))
    costs = {one.attributes.get("name", ""): one.attributes.get("type", "") for one in model.all("costType")}
    return ExposureModel(tables, costs.get("structural", ""))


def _curve(node: _Node, states: tuple[str, ...], where: str) -> FragilityCurve:
    name = node.attributes.get("id", "")
    place = f"{where}: {name}"
    levels = node.only("imls", place)
    measure = levels.attributes.get("imt", "").strip()
    if node.attributes.get("format") == "continuous":
        given = _by_state(node.all("params"), states, place)
        pairs = [_logarithmic(given[state], place) for state in states]
        return FragilityCurve(
            name, measure, states, medians=tuple(one for one, _ in pairs), spreads=tuple(one for _, one in pairs)
        )
    rows = _by_state(node.all("poes"), states, place)
    motions = _numbers(levels.text, place)
    harmless = levels.attributes.get("noDamageLimit")
    return FragilityCurve(
        name,
        measure,
        states,
        levels=motions,
        chances=tuple(_chances(rows[state].text, len(motions), place) for state in states),
        harmless=_numbers(harmless, place)[0] if harmless else None,
    )


def _by_state(nodes: Iterator[_Node], states: tuple[str, ...], where: str) -> dict[str, _Node]:
    given = [(one.attributes.get("ls", ""), one) for one in nodes]
    names = [name for name, _ in given]
    if sorted(names) != sorted(states):
        raise BadInput("each state of damage has one function", where=where, found=", ".join(names), allowed=states)
    return dict(given)


def _chances(text: str, count: int, where: str) -> tuple[float, ...]:
    found = _numbers(text, where)
    if len(found) != count:
        raise BadInput("each motion has one chance", where=where, found=len(found), allowed=(str(count),))
    if not all(0 <= one <= 1 for one in found):
        raise BadInput("a chance lies between 0 and 1", where=where, found=text.strip())
    return found


def _logarithmic(node: _Node, where: str) -> tuple[float, float]:
    """Median and standard deviation of the logarithm, from the mean and standard deviation of the values."""
    mean, deviation = (_numbers(node.attributes.get(name, ""), where)[0] for name in ("mean", "stddev"))
    square = (deviation / mean) * (deviation / mean) if mean > 0 else math.nan
    if not (deviation > 0 and math.isfinite(square)):
        raise BadInput("mean and stddev are above 0", where=where, found=f"{mean}, {deviation}")
    spread = math.sqrt(math.log1p(square))
    return mean / math.exp(spread**2 / 2), spread


def _numbers(text: str, where: str) -> tuple[float, ...]:
    try:
        found = tuple(float(word) for word in text.split())
    except ValueError:
        raise BadInput("this is not a number", where=where, found=text.strip()) from None
    if not found or not all(math.isfinite(one) for one in found):
        raise BadInput("this is not a number", where=where, found=text.strip())
    return found


def _tree(path: Path) -> _Node:
    limits.size_of(path, limits.MOST_BOOK_BYTES)
    reader = _Reader(path.name)
    parser = xml.parsers.expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.say
    parser.StartDoctypeDeclHandler = reader.refuse
    parser.buffer_text = True
    try:
        parser.Parse(path.read_bytes(), True)  # noqa: FBT003  (expat takes it by position)
    except xml.parsers.expat.ExpatError as error:
        raise BadInput("this is not XML", where=f"{path.name}:{error.lineno}", found=str(error)) from None
    except (LookupError, ValueError) as error:  # its encoding is none, or one that expat does not read
        raise BadInput("this is not XML", where=f"{path.name}:1", found=str(error)) from None
    return reader.top


class _Reader:
    def __init__(self, name: str) -> None:
        self.name = name
        self.top = _Node("", {})
        self._open = [self.top]

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) > MOST_DEPTH:
            raise BadInput("nested too deep", where=self.name, allowed=(f"at most {MOST_DEPTH} levels",))
        node = _Node(name.rsplit(":", 1)[-1], attributes)
        self._open[-1].children.append(node)
        self._open.append(node)

    def end(self, _name: str) -> None:
        self._open.pop()

    def say(self, text: str) -> None:
        self._open[-1].text += text

    def refuse(self, *_declared: object) -> None:
        raise BadInput("a document type declaration is not read here", where=self.name)
