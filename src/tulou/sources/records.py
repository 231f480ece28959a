"""Records within documents: lists of objects in JSON, or in the literal that a JavaScript module exports.

The mapping's ``layer`` names the list by the keys that lead to it, ``lines.stations``; lists on the way are walked
through. A record has its own plain values as columns, and those of the objects above it under their keys,
``lines.lineName``. JavaScript is never run: only a literal of objects, lists, texts, numbers and truths is read.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from tulou.kernel.errors import BadInput
from tulou.kernel.facts import Extract
from tulou.kernel.provenance import Quality
from tulou.sources import encodings, limits
from tulou.sources.build import Built, RawTable, build
from tulou.sources.cells import key_of
from tulou.sources.expected import Expected
from tulou.sources.extracts import extract_of
from tulou.sources.mapping import MappingFile

NAME = "records"
SCRIPTS = (".js", ".mjs")
_EXPORT = re.compile(
    r"^(?:\s|//[^\n]*\n|/\*(?:[^*]|\*(?!/))*\*/)*"
    r"(?:export\s+default|module\.exports\s*=|(?:export\s+)?(?:const|let|var)\s+\w+\s*=)\s*"
)
_ESCAPE = re.compile(r"\\(?:u\{([\da-fA-F]{1,6})\}|u([\da-fA-F]{4})|x([\da-fA-F]{2})|(\r\n|.))", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}
_TOKEN = re.compile(
    r"""(?P<blank>\s+|//[^\n]*|/\*.*?\*/)"""
    r"""|(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
    r"""|(?P<number>-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"""
    r"""|(?P<word>[A-Za-z_$][\w$]*)"""
    r"""|(?P<mark>[{}\[\],:])""",
    re.DOTALL,
)
_WORDS = ("true", "false", "null")
_CLOSING = "}]"


def read_records(
    path: Path, *, mapping: MappingFile | None = None, expected: Expected | None = None, datum: str = ""
) -> Extract:
    """Read lists of objects of a document.

    Args:
        path: JSON, or a JavaScript module that exports one literal.
        mapping: Which lists become what; needed.
        expected: The data dictionary.
        datum: Datum stated by the caller, where the mapping states none.

    Raises:
        BadInput: When the document is damaged, too deep or not a literal, has no such list, or does not fit.
    """
    if mapping is None:
        raise BadInput("this document needs a mapping file", where=path.name)
    document = _document(path)
    quality = Quality()
    built: list[Built] = []
    for table in mapping.tables:
        raw = _table(document, table.layer, path.name)
        described = expected[table.entity] if expected is not None else None
        built.append(build(raw, replace(table, datum=table.datum or datum), described, quality))
    return extract_of(path, built, quality, connector=NAME, mapping=mapping)


def _document(path: Path) -> Any:  # noqa: ANN401  (whatever the document holds)
    limits.size_of(path, limits.MOST_TEXT_BYTES)
    text, _ = encodings.decode(path.read_bytes(), "", path.name)
    if path.suffix.lower() in SCRIPTS:
        text = as_json(text, path.name)
    limits.check_depth(text.encode(), path.name)
    try:
        return json.loads(encodings.whole_escapes(text))
    except ValueError as error:
        raise BadInput("this is no JSON", where=path.name, found=str(error)) from None


def as_json(text: str, name: str) -> str:
    """The literal that a JavaScript module exports, as JSON; nothing of it is run.

    Args:
        text: The module.
        name: How messages call it.

    Raises:
        BadInput: When something stands there that is no literal.
    """
    body = _EXPORT.sub("", text, count=1).strip().removesuffix(";")
    found: list[str] = []
    at = 0
    while at < len(body):
        match = _TOKEN.match(body, at)
        if match is None:
            line = text[: text.find(body)].count("\n") + body.count("\n", 0, at) + 1
            raise BadInput("this is no plain literal", where=f"{name}: line {line}", found=body[at : at + 40])
        at = match.end()
        kind, token = str(match.lastgroup), match.group()
        if kind == "blank":
            continue
        if kind == "mark" and token in _CLOSING and found and found[-1] == ",":
            found.pop()
        found.append(_plain(kind, token, body, at, name))
    return "".join(found)


def _plain(kind: str, token: str, body: str, at: int, name: str) -> str:
    """One token, as it stands in JSON."""
    if kind == "text":
        return json.dumps(_ESCAPE.sub(_meant, token[1:-1]), ensure_ascii="\\" in token)
    if kind == "word" and token not in _WORDS:
        if not body[at:].lstrip().startswith(":"):
            raise BadInput("this is no plain literal", where=name, found=token)
        return json.dumps(token)
    if kind == "number" and not body[at:].lstrip().startswith(":"):
        return repr(float(token)) if any(letter in token for letter in ".eE") else token
    return json.dumps(token) if kind == "number" else token


def _meant(match: re.Match[str]) -> str:
    """What an escape of a text stands for."""
    code = match[1] or match[2] or match[3]
    if code is None:
        return _ESCAPED.get(match[4], match[4])
    return chr(int(code, 16)) if int(code, 16) <= sys.maxunicode else "\ufffd"


def _table(document: Any, layer: str, name: str) -> RawTable:  # noqa: ANN401  (whatever the document holds)
    records = list(_walked(document, [key for key in layer.split(".") if key], "", {}, name))
    if not records:
        raise BadInput("the list has no records", where=name, found=layer)
    heads = list(dict.fromkeys(head for record in records for head in record))
    columns = {
        head: pa.chunked_array([pa.array([record.get(head) for record in records], pa.string())]) for head in heads
    }
    return RawTable(f"{name}/{layer}" if layer else name, columns, np.arange(1, len(records) + 1))


def _walked(node: Any, keys: list[str], above: str, known: Mapping[str, str], name: str) -> Iterator[dict[str, str]]:  # noqa: ANN401
    """Records at the end of the keys, each with what stands in the objects above it."""
    if isinstance(node, list):
        for one in node:
            yield from _walked(one, keys, above, known, name)
        return
    if not isinstance(node, dict):
        raise BadInput("the keys lead to no list of objects", where=name, found=above or type(node).__name__)
    plain = {key: text for key, value in node.items() if (text := _text(value)) is not None}
    if not keys:
        yield {**known, **plain}
        return
    key = keys[0]
    if key not in node:
        raise BadInput("the document has no such key", where=name, found=key, allowed=tuple(map(str, node)))
    over = {f"{above}.{head}": text for head, text in plain.items()} if above else {}
    path = f"{above}.{key}" if above else key
    yield from _walked(node[key], keys[1:], path, {**known, **over}, name)


def _text(value: object) -> str | None:
    """A plain value as text; None for null, lists and objects."""
    if value is None or isinstance(value, (list, dict)):
        return None
    if isinstance(value, float):
        return key_of(value)
    return str(value).lower() if isinstance(value, bool) else str(value)
