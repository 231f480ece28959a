"""JSON Schema of a page of remedies, for editors that complete and check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tulou.indicators.rulebook.content import Rulebook
from tulou.indicators.rulebook.schema import DAY, DIALECT, NUMBER, TEXT, TEXTS, WORDS
from tulou.plan.remedies import read
from tulou.plan.remedies.content import SHAPES, TOGETHERS, Catalogue

Schema = dict[str, Any]


def remedies_schema(rulebook: Rulebook, catalogue: Catalogue) -> Schema:
    """The schema of ``remedies/*.yaml``.

    Args:
        rulebook: Rulebook whose names an editor offers.
        catalogue: Remedies and consents that may be named.
    """
    known: dict[str, Schema] = {
        "title": WORDS,
        "about": WORDS,
        "fixes": {"oneOf": [_some(rulebook.indicators), _each(TEXTS, rulebook.indicators)]},
        "also": _some(rulebook.indicators),
        "acts_on": _one(rulebook.selections),
        "together": _one(TOGETHERS),
        "sites": _sites(rulebook),
        "change": {"type": "object"},
        "change_site": {"type": "object"},
        "add": _add(rulebook),
        "cost": _cost(),
        "consent": _some(catalogue.consents),
        "side_effects": WORDS,
        "duration": _mapping({"months": NUMBER, "source": TEXT, "evidence": _one(read.GRADES)}, read.DURATION_KEYS),
        "after": _some(catalogue.remedies),
        "excludes": _some(catalogue.remedies),
    }
    remedy = _mapping({key: known[key] for key in read.KEYS}, ("title", "about", "fixes", "cost"))
    return {
        "$schema": DIALECT,
        "title": f"{rulebook.id}: {read.FOLDER}",
        "type": "object",
        "additionalProperties": {"oneOf": [remedy, _extension(known)]},
    }


def _extension(known: Mapping[str, Schema]) -> Schema:
    told = {"extends": TEXT, "fixes": known["fixes"], "also": known["also"]}
    return _mapping({key: told[key] for key in read.EXTENSION_KEYS}, ("extends",))


def _one(words: Iterable[str]) -> Schema:
    return {"enum": sorted(words)}


def _some(words: Iterable[str]) -> Schema:
    one = _one(words)
    return {"oneOf": [{"type": "array", "items": one}, one]}


def _each(schema: Schema, names: Iterable[str]) -> Schema:
    return {"type": "object", "propertyNames": _one(names), "additionalProperties": schema}


def _mapping(properties: Mapping[str, Schema], required: Iterable[str] = ()) -> Schema:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }


def _sites(rulebook: Rulebook) -> Schema:
    reach = _one(rulebook.parameters)
    return _mapping({"among": _some(rulebook.selections), "reach": reach, "serves": TEXT}, ("among",))


def _add(rulebook: Rulebook) -> Schema:
    area = _one(rulebook.parameters)
    known = {"entity": _one(rulebook.dictionary), "shape": _one(SHAPES), "area": area, "set": {"type": "object"}}
    return _mapping(known, ("entity",))


def _cost() -> Schema:
    known = {
        "amount": {"type": "number", "minimum": 0},
        "dated": DAY,
        "source": TEXT,
        "evidence": _one(read.GRADES),
        "note": WORDS,
    }
    price = _mapping({key: known[key] for key in read.PRICE_KEYS}, ("amount", "dated", "source", "evidence"))
    return _mapping(
        {"of": TEXT, "unit": TEXT, "per": WORDS, "price": {"oneOf": [price, {"type": "null"}]}}, ("unit", "per")
    )
