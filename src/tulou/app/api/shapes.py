"""Shapes of answers: the schema that a real answer fits, and the answer cut short enough to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

MOST_KEYS = 60
"""An object of more keys is a table by name: its values have one shape."""
SHOWN_ITEMS, SHOWN_KEYS, SHOWN_LETTERS = 2, 24, 240
"""How much of a list, of a table by name, and of a text an example shows."""
Schema = dict[str, Any]
TYPES: Sequence[tuple[type, str]] = ((bool, "boolean"), (int, "number"), (float, "number"), (str, "string"))


def schema_of(value: object) -> Schema:
    """The schema of an answer: kinds of its values by name; whatever is a value may be null.

    Args:
        value: An answer as JSON has it.
    """
    if isinstance(value, Mapping):
        if len(value) > MOST_KEYS:
            return {"type": "object", "additionalProperties": _common([schema_of(one) for one in value.values()])}
        return {"type": ["object", "null"], "properties": {key: schema_of(one) for key, one in value.items()}}
    if isinstance(value, list):
        items = _common([schema_of(one) for one in value])
        return {"type": ["array", "null"], "items": items} if items else {"type": ["array", "null"]}
    told = next((name for kind, name in TYPES if isinstance(value, kind)), None)
    return {"type": [told, "null"]} if told else {}


def _common(schemas: Sequence[Schema]) -> Schema:
    """One schema that all fit."""
    found: Schema = {}
    for one in schemas:
        found = _joined(found, one) if found else dict(one)
    return found


def _joined(left: Schema, right: Schema) -> Schema:
    if not left or not right:
        return left or right
    types = sorted({*_types(left), *_types(right)})
    found: Schema = {"type": types}
    properties = {**left.get("properties", {})}
    for key, one in right.get("properties", {}).items():
        properties[key] = _joined(properties[key], one) if key in properties else one
    if properties:
        found["properties"] = properties
    for key in ("items", "additionalProperties"):
        if joined := _joined(left.get(key, {}), right.get(key, {})):
            found[key] = joined
    return found


def _types(schema: Schema) -> list[str]:
    told = schema.get("type", [])
    return [told] if isinstance(told, str) else list(told)


def shortened(value: Any) -> Any:  # noqa: ANN401  (JSON)
    """An answer cut short: the first of each list, long texts with a mark where they go on."""
    if isinstance(value, Mapping):
        kept = list(value.items())[: SHOWN_KEYS if len(value) > MOST_KEYS else None]
        return {key: shortened(one) for key, one in kept}
    if isinstance(value, list):
        return [shortened(one) for one in value[:SHOWN_ITEMS]]
    if isinstance(value, str) and len(value) > SHOWN_LETTERS:
        return value[:SHOWN_LETTERS] + "…"
    return value
