"""YAML documents that remember where each value stood, so that a fault can name its file and line.

Only plain data is read: no tags, no aliases that could grow without bound, no duplicate keys.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from tulou.kernel.errors import BadInput

MOST_BYTES = 8 * 1024 * 1024
MOST_DEPTH = 40
MOST_DIGITS = 40
"""Digits of a whole number; a longer one measures nothing."""

ALIAS = "*"
"""What an alias begins with; a text without it has none."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class At(dict[str, Any]):
    """A mapping of a document that knows its file and the line of each key."""

    file: str = ""
    line: int = 0

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, int] = {}

    def where(self, key: str | None = None) -> str:
        """``file:line`` of the mapping, or of one of its keys."""
        line = self.lines.get(key, self.line) if key is not None else self.line
        return f"{self.file}:{line}"


@dataclass(frozen=True)
class _Reader:
    file: str

    def build(self, node: yaml.Node, depth: int = 0) -> Any:  # noqa: ANN401  (a document holds any plain data)
        if depth > MOST_DEPTH:
            raise BadInput("nested too deep", where=self._at(node), allowed=(f"at most {MOST_DEPTH} levels",))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, depth + 1) for item in node.value]
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, depth: int) -> At:
        found = At()
        found.file, found.line = self.file, node.start_mark.line + 1
        for key_node, value_node in node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else ""
            if not key:
                raise BadInput("a key must be one word", where=self._at(key_node))
            if key in found:
                raise BadInput("this key stands here twice", where=self._at(key_node), found=key)
            found[key] = self.build(value_node, depth + 1)
            found.lines[key] = key_node.start_mark.line + 1
        return found

    def _scalar(self, node: yaml.Node) -> Hashable:
        tag, text = node.tag.rsplit(":", 1)[-1], node.value
        try:
            value = _SCALARS[tag](text)
        except KeyError:
            raise BadInput("this YAML tag is not read here", where=self._at(node), found=node.tag) from None
        except ValueError:
            raise BadInput(f"this is not a {tag}", where=self._at(node), found=text) from None
        return value

    def _at(self, node: yaml.Node) -> str:
        return f"{self.file}:{node.start_mark.line + 1}"


def _truth(text: str) -> bool:
    return text.lower() in {"true", "yes", "on"}


def _whole(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise ValueError(text)
    return int(text.replace("_", ""), 0)


_SCALARS: Mapping[str, Any] = {
    "str": str,
    "int": _whole,
    "float": lambda text: float(text.replace("_", "")),
    "bool": _truth,
    "null": lambda _text: None,
    "timestamp": date.fromisoformat,
}


def read_document(path: Path, name: str | None = None) -> At:
    """Read one YAML file whose top is a mapping.

    Args:
        path: The file.
        name: How messages call it; the path by default.

    Raises:
        BadInput: When the file is too large, not UTF-8, not YAML, or not a mapping.
    """
    shown = name or str(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror}", where=shown) from None
    if len(data) > MOST_BYTES:
        raise BadInput("too large", where=shown, found=f"{len(data)} bytes", allowed=(f"at most {MOST_BYTES}",))
    try:
        return parse_document(data.decode("utf-8"), shown)
    except UnicodeDecodeError as error:
        raise BadInput("not UTF-8 text", where=shown, found=f"byte {error.start}") from None


def parse_document(text: str, name: str) -> At:
    """Read a YAML text whose top is a mapping."""
    try:
        if ALIAS in text:
            _refuse_aliases(text, name)
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise BadInput(f"not YAML: {getattr(error, 'problem', error)}", where=f"{name}{line}") from None
    if node is None:
        empty = At()
        empty.file, empty.line = name, 1
        return empty
    found = _Reader(name).build(node)
    if not isinstance(found, At):
        raise BadInput("the top must be a mapping (key: value)", where=f"{name}:1", found=type(found).__name__)
    return found


def _refuse_aliases(text: str, name: str) -> None:
    """Look at every event of the text: composing would put what an alias stands for in its place, again and again."""
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent):
            line = f":{event.start_mark.line + 1}" if event.start_mark else ""
            raise BadInput("aliases are not read here", where=f"{name}{line}")


def documents(folder: Path) -> Iterator[tuple[Path, At]]:
    """All YAML files below a folder, in name order."""
    for path in sorted(folder.rglob("*.yaml")):
        yield path, read_document(path)
