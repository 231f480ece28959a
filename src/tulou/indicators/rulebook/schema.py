"""JSON Schemas for editors: what may stand in each file of a rulebook, made from the declarations themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from tulou.indicators.rulebook import entries, given, parameters, selections
from tulou.indicators.rulebook.content import AGGREGATES, HOWS, LEVELS, Better, RollUpHow, Rulebook
from tulou.kernel.arrays import Kind
from tulou.kernel.dated import EVIDENCE
from tulou.kernel.declaration import Argument, Measure

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
DAY: Schema = {"type": "string", "format": "date"}
WORDS: Schema = {
    "type": "object",
    "required": ["zh", "en"],
    "properties": {"zh": TEXT, "en": TEXT},
    "additionalProperties": False,
}
TEXTS: Schema = {"oneOf": [{"type": "array", "items": {"type": ["string", "number"]}}, {"type": ["string", "number"]}]}
RANGE: Schema = {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2}


def json_schema(rulebook: Rulebook, section: str) -> Schema:
    """The schema of one kind of file.

    Args:
        rulebook: Rulebook whose names an editor offers.
        section: ``indicators``, ``parameters``, ``selections`` or ``quantities``.

    Raises:
        KeyError: For another section.
    """
    made = {"indicators": _indicator, "parameters": _parameters, "selections": _selections, "quantities": _quantities}
    return {"$schema": DIALECT, "title": f"{rulebook.id}: {section}", **made[section](rulebook)}


def _words(words: Iterable[str]) -> Schema:
    return {"enum": sorted(words)}


def _mapping(properties: Mapping[str, Schema], required: Iterable[str] = ()) -> Schema:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }


def _each(schema: Schema) -> Schema:
    return {"type": "object", "additionalProperties": schema}


def _indicator(rulebook: Rulebook) -> Schema:
    formula = _formula(rulebook)
    dated = {"since": DAY, **formula}
    variant = {"title": WORDS, **formula}
    own: dict[str, Schema] = {
        "id": TEXT,
        "code": TEXT,
        "lists": TEXTS,
        "title": WORDS,
        "question": WORDS,
        "dimension": _words(rulebook.dimensions),
        "level": {"enum": list(LEVELS)},
        "unit": TEXT,
        "better": {"enum": list(get_args(Better))},
        "clauses": TEXTS,
        "basis": TEXTS,
        "evidence": {"enum": list(EVIDENCE)},
        "variants": _each(_mapping(variant, ["title"])),
        "versions": {"type": "array", "items": _mapping(dated, ["since"])},
        "verified": {"type": ["string", "null"]},
        "note": WORDS,
        "severity": _words(rulebook.parameters),
        "checks": {"type": "array", "minItems": entries.FEWEST_CHECKS, "items": _check(rulebook)},
        "replaces": TEXT,
    }
    needed = ["id", "title", "question", "dimension", "level", "unit", "better", "evidence", "checks"]
    return {**_mapping({**own, **formula}, needed), "allOf": [_bound(item) for item in rulebook.measures.values()]}


def _formula(rulebook: Rulebook) -> dict[str, Schema]:
    """Keys of a formula, in the order of ``entries.FORMULA_KEYS``."""
    summaries = [name for name, item in rulebook.measures.items() if entries.sums_up(item)]
    judge = _mapping({"pass": {"enum": list(HOWS)}, "mark": _words(rulebook.parameters)}, ["pass", "mark"])
    binding = _binding(rulebook)
    return {
        "of": _words(rulebook.selections),
        **binding,
        "aggregate": {"enum": [*AGGREGATES, *summaries]},
        "per": _mapping({"of": _words(rulebook.selections), **binding}, ["of"]),
        "known": {"type": "number", "minimum": 0, "maximum": 100},
        "judge": {"oneOf": [judge, {"type": "null"}]},
    }


def _binding(rulebook: Rulebook) -> dict[str, Schema]:
    reference = {"type": "string", "pattern": r"^[^.]+\.[^.]+$"}
    objects = [name for name, item in rulebook.measures.items() if item.gives != "summary"]
    return {"measure": _words(objects), "inputs": _each(reference), "rules": _each({"type": "string"})}


def _bound(measure: Measure) -> Schema:
    """With this measure, these inputs and rules: what an editor completes once the measure is named."""
    data = [argument for argument in measure.data if not argument.optional]
    inputs = {argument.name: {"type": "string", "description": _told(argument)} for argument in measure.data}
    rules = {argument.name: {"type": "string", "description": _told(argument)} for argument in measure.rules}
    return {
        "if": {"properties": {"measure": {"const": measure.name}}, "required": ["measure"]},
        "then": {
            "properties": {
                "inputs": _mapping(inputs, [argument.name for argument in data]),
                "rules": {"type": "object", "properties": rules},
            }
        },
    }


def _told(argument: Argument) -> str:
    if argument.kind is Kind.CHOICE:
        return " | ".join(argument.choices) or "text"
    return " ".join([argument.kind.value, *argument.units])


def _check(rulebook: Rulebook) -> Schema:
    rows = {
        name: {
            "type": "array",
            "items": {"type": "object", "properties": {"id": TEXT, "geometry": TEXT, **_columns(rulebook, name)}},
        }
        for name in rulebook.dictionary
    }
    expect: dict[str, Schema] = {key: {} for key in given.EXPECTED}
    expect["status"] = {"enum": list(given.STATUSES)}
    known: dict[str, Schema] = {
        "name": TEXT,
        "day": DAY,
        "given": _mapping(rows),
        "complete": TEXTS,
        "city": {"type": "object", "properties": {"geometry": TEXT, **_columns(rulebook, "city")}},
        "expect": _mapping(expect),
        "within": NUMBER,
        "variant": TEXT,
        "about": TEXT,
    }
    return _mapping({key: known[key] for key in given.KEYS}, ["name", "day", "expect"])


def _columns(rulebook: Rulebook, entity: str) -> dict[str, Schema]:
    kinds: Mapping[str, Schema] = {
        "number": NUMBER,
        "flag": {"type": "boolean"},
        "date": DAY,
        "series": {"type": "array"},
    }
    found: dict[str, Schema] = {}
    for name, attribute in rulebook.dictionary[entity].attributes.items():
        schema = kinds.get(attribute.type, TEXT)
        schema = _words(attribute.values) if attribute.values else schema
        found[name] = {
            "anyOf": [{**schema, "description": f"{attribute.title} {attribute.unit}".strip()}, {"type": "null"}]
        }
    return found


def _parameters(_rulebook: Rulebook) -> Schema:
    classes = _mapping({"attribute": TEXT, "values": _each({"oneOf": [NUMBER, RANGE]})}, ["attribute", "values"])
    shapes: dict[str, Schema] = {
        "value": NUMBER,
        "range": RANGE,
        "brackets": {"type": "array", "items": RANGE, "minItems": 1},
        "by_class": classes,
    }
    told: dict[str, Schema] = {
        "since": DAY,
        "clause": TEXT,
        "evidence": {"enum": list(EVIDENCE)},
        "refs": TEXTS,
        "note": WORDS,
    }
    value = _mapping({**shapes, **told}, ["since", "evidence"])
    value["oneOf"] = [{"required": [shape]} for shape in parameters.SHAPES]
    known: dict[str, Schema] = {
        "title": WORDS,
        "unit": TEXT,
        "by": TEXT,
        "checked_on": DAY,
        "values": {"type": "array", "minItems": 1, "items": value},
        "until": DAY,
        "about": TEXT,
    }
    return _each(_each(_mapping({key: known[key] for key in parameters.KEYS}, ["checked_on", "values"])))


def _selections(rulebook: Rulebook) -> Schema:
    compared = {test: _words(rulebook.parameters) for test in selections.COMPARISONS}
    tests = _mapping({**compared, "not": {}, "known": {"type": "boolean"}})
    condition: Schema = {"oneOf": [TEXTS, {"type": "boolean"}, tests]}
    known: dict[str, Schema] = {
        "title": WORDS,
        "entity": _words(rulebook.dictionary),
        "where": _each(condition),
        "unknown": {"enum": ["left_out", "counted"]},
        "about": TEXT,
    }
    return _each(_mapping({key: known[key] for key in selections.SELECTION_KEYS}, ["title", "entity"]))


def _quantities(rulebook: Rulebook) -> Schema:
    origin = {"column": TEXT, **_binding(rulebook), "estimate": {"type": "boolean"}}
    rolled = {"of": _words(rulebook.selections), "value": TEXT, "how": {"enum": list(get_args(RollUpHow))}}
    known: dict[str, Schema] = {
        "title": WORDS,
        "entity": _words(rulebook.dictionary),
        "unit": TEXT,
        "first_of": {"type": "array", "items": _mapping({key: origin[key] for key in selections.ORIGIN_KEYS})},
        "roll_up": _mapping(rolled, ["of", "how"]),
        "about": TEXT,
    }
    return _each(_mapping({key: known[key] for key in selections.QUANTITY_KEYS}, ["title", "entity", "unit"]))
