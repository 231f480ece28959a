"""Amending YAML text: one value is changed and everything else stays as somebody wrote it, comments included."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import yaml

from tulou.kernel.documents import At, parse_document
from tulou.kernel.errors import BadInput

How = Literal["set", "add", "remove"]
HOWS: tuple[How, ...] = ("set", "add", "remove")
Place = tuple[str | int, ...]
"""Keys and positions from the top of the document down."""
WIDE = 1_000_000
"""Columns of a written value: it is never folded."""


@dataclass(frozen=True)
class Amendment:
    """One change of a text.

    Args:
        at: Where.
        value: What is to stand there; ignored by ``remove``.
        how: ``set`` a value, ``add`` one to a list, or ``remove`` one of a mapping.
    """

    at: Place
    value: Any = None
    how: How = "set"


def amended(text: str, amendments: Sequence[Amendment], name: str) -> str:
    """A text with some of its values changed, in their order.

    Args:
        text: A YAML text whose top is a mapping.
        amendments: The changes.
        name: How messages call the text.

    Raises:
        BadInput: When the text is none, or a place is not there.
    """
    for one in amendments:
        parse_document(text, name)
        text = _Text(text, name).with_one(one)
        parse_document(text, name)
    return text


def written(value: object) -> str:
    """A value in one line of YAML, as it may stand in a list in braces.

    Raises:
        BadInput: For what is no plain finite value.
    """
    _refuse_odd(value)
    listed = yaml.safe_dump(
        [value], default_flow_style=True, allow_unicode=True, width=WIDE, sort_keys=False
    )  # a list of one, so that the value is written as it must be between brackets
    return listed.strip()[1:-1]


def _refuse_odd(value: object) -> None:
    if isinstance(value, dict):
        for key, one in value.items():
            _refuse_odd(str(key))
            _refuse_odd(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            _refuse_odd(one)
    elif isinstance(value, float) and not math.isfinite(value):
        raise BadInput("this must be a number", found=str(value))
    elif not (value is None or isinstance(value, (str, bool, int, float, date))):
        raise BadInput("this is no plain value", found=type(value).__name__)


class _Text:
    """A text at work: where each of its values begins and ends."""

    def __init__(self, text: str, name: str) -> None:
        self.text, self.name = text, name
        try:
            self.top: Any = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.YAMLError as error:
            raise BadInput("not YAML", where=name, found=getattr(error, "problem", None)) from None

    def with_one(self, one: Amendment) -> str:
        if not one.at:
            raise self.nowhere(one)
        if self.top is None:
            if one.how != "set":
                raise self.nowhere(one)
            return self.text.rstrip() + "\n" * bool(self.text.strip()) + f"{_deep(one.at, one.value)}\n"
        node, rest = self.found(one.at)
        if one.how == "remove":
            return self.without(one) if not rest else self.text
        if one.how == "add" and not rest:
            if not isinstance(node, yaml.SequenceNode):
                raise self.nowhere(one)
            return self.longer(node, one.value)
        value = [one.value] if one.how == "add" else one.value
        if not rest:
            return self.replaced(node, value)
        if not isinstance(node, yaml.MappingNode) or any(isinstance(part, int) for part in rest):
            raise self.nowhere(one)
        return self.wider(node, rest, value)

    def found(self, at: Place) -> tuple[yaml.Node, Place]:
        """The deepest node on the way to a place, and what of the way is left."""
        node: yaml.Node = self.top
        for depth, part in enumerate(at):
            below = _below(node, part)
            if below is None:
                return node, at[depth:]
            node = below
        return node, ()

    def replaced(self, node: yaml.Node, value: object) -> str:
        start, end = self.span(node)
        gap = " " if start == end and start and not self.text[start - 1].isspace() else ""
        return f"{self.text[:start]}{gap}{written(value)}{self.text[end:]}"

    def longer(self, node: yaml.SequenceNode, value: object) -> str:
        _, end = self.span(node)
        if node.flow_style:
            return f"{self.text[: end - 1]}{', ' * bool(node.value)}{written(value)}{self.text[end - 1 :]}"
        return self.line_after(end, f"{' ' * node.start_mark.column}- {written(value)}")

    def wider(self, node: yaml.MappingNode, rest: Place, value: object) -> str:
        _, end = self.span(node)
        if node.flow_style:
            entry = written({rest[0]: _nested(rest[1:], value)})[1:-1]
            return f"{self.text[: end - 1]}{', ' * bool(node.value)}{entry}{self.text[end - 1 :]}"
        return self.line_after(end, " " * node.start_mark.column + _deep(rest, value))

    def without(self, one: Amendment) -> str:
        node, _ = self.found(one.at[:-1])
        if not isinstance(node, yaml.MappingNode):
            raise self.nowhere(one)
        place = next(row for row, (key, _) in enumerate(node.value) if key.value == str(one.at[-1]))
        if len(node.value) == 1:
            return self.replaced(node, {}) if node is not self.top else ""
        key, value = node.value[place]
        start, (_, end) = key.start_mark.index, self.span(value)
        if node.flow_style:
            is_last = place == len(node.value) - 1
            start = self.span(node.value[place - 1][1])[1] if is_last else start
            end = end if is_last else node.value[place + 1][0].start_mark.index
            return self.text[:start] + self.text[end:]
        begin = self.text.rfind("\n", 0, start) + 1
        if self.text[begin:start].strip():
            return self.replaced(value, None)
        after = self.text.find("\n", end)
        return self.text[:begin] + (self.text[after + 1 :] if after >= 0 else "")

    def span(self, node: yaml.Node) -> tuple[int, int]:
        """Where a node begins and ends, without the blank lines and comments behind it."""
        start, end = node.start_mark.index, node.end_mark.index
        if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            last = node.value[-1]
            return start, max(self.span(last[1] if isinstance(last, tuple) else last)[1], start)
        return start, start + len(self.text[start:end].rstrip())

    def line_after(self, place: int, line: str) -> str:
        after = self.text.find("\n", place)
        if after < 0:
            return f"{self.text}\n{line}\n"
        return f"{self.text[: after + 1]}{line}\n{self.text[after + 1 :]}"

    def nowhere(self, one: Amendment) -> BadInput:
        place = ".".join(map(str, one.at))
        return BadInput("this place is not in the text", where=self.name, found=place)


def _below(node: yaml.Node, part: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(part)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and 0 <= part < len(node.value):
        found: yaml.Node = node.value[part]
        return found
    return None


def _nested(at: Place, value: object) -> object:
    for part in reversed(at):
        value = {str(part): value}
    return value


def _deep(at: Place, value: object) -> str:
    """``key: value`` for a place below a mapping; what lies deeper stands in braces."""
    return f"{written(str(at[0]))}: {written(_nested(at[1:], value))}"


def plain(found: object) -> Any:  # noqa: ANN401  (a document holds any plain data)
    """A document without its places, as JSON holds it: days as texts."""
    if isinstance(found, (At, dict)):
        return {key: plain(one) for key, one in found.items()}
    if isinstance(found, list):
        return [plain(one) for one in found]
    return found.isoformat() if isinstance(found, date) else found
