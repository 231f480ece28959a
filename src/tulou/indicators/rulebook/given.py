"""Hand-worked checks as they are written: rows given and what is expected of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from tulou.indicators.rulebook.content import HandCheck
from tulou.indicators.rulebook.reading import day, entries, keys, mapping, number, text, texts
from tulou.kernel.documents import At
from tulou.kernel.errors import BadInput
from tulou.kernel.facts import GEOMETRY, ID

if TYPE_CHECKING:
    from tulou.model.dictionary import Dictionary, Entity

KEYS = ("name", "day", "given", "complete", "city", "expect", "within", "variant", "about")
EXPECTED = (
    "value",
    "status",
    "reason",
    "unit",
    "known",
    "low",
    "high",
    "cause",
    "numerator",
    "denominator",
    "rows",
    "estimate",
)
STATUSES = ("pass", "fail", "reference", "not assessed")
WITHIN = 1e-9
"""Relative tolerance of a check that names none."""

_PYTHON: Mapping[str, type | tuple[type, ...]] = {
    "text": str,
    "number": (int, float),
    "flag": bool,
    "date": date,
    "series": list,
}


def read_check(entry: At, dictionary: Dictionary, variants: tuple[str, ...]) -> HandCheck:
    """Read one check.

    Raises:
        BadInput: For unknown keys, entities, attributes, values of the wrong type, or nothing expected.
    """
    keys(entry, KEYS)
    given = mapping(entry, "given", needed=False)
    for entity in given:
        if entity not in dictionary:
            raise BadInput(
                "there is no such entity", where=given.where(entity), found=entity, allowed=sorted(dictionary)
            )
    rows = {entity: tuple(_row(row, dictionary[entity]) for row in entries(given, entity)) for entity in given}
    complete = texts(entry, "complete")
    for entity in complete:
        if entity != "all" and entity not in dictionary:
            raise BadInput(
                "there is no such entity", where=entry.where("complete"), found=entity, allowed=("all", *dictionary)
            )
    expect = mapping(entry, "expect")
    keys(expect, EXPECTED)
    if not {"value", "status"} & set(expect):
        raise BadInput("a check expects a value or a status", where=expect.where(), allowed=EXPECTED)
    if "status" in expect and expect["status"] not in STATUSES:
        raise BadInput("not a status", where=expect.where("status"), found=expect["status"], allowed=STATUSES)
    variant = text(entry, "variant", needed=False)
    if variant not in variants:
        raise BadInput("there is no such variant", where=entry.where("variant"), found=variant, allowed=variants[1:])
    city = _row(mapping(entry, "city", needed=False), dictionary["city"])
    within = number(entry, "within", WITHIN)
    return HandCheck(
        text(entry, "name"), day(entry, "day"), rows, complete, city, expect, within, variant, entry.where()
    )


def _row(row: At, entity: Entity) -> At:
    for name, value in row.items():
        if name in {ID, GEOMETRY}:
            continue
        if name not in entity.attributes:
            raise BadInput(
                f"'{entity.name}' has no such attribute",
                where=row.where(name),
                found=name,
                allowed=sorted((ID, GEOMETRY, *entity.attributes)),
            )
        attribute = entity.attributes[name]
        wrong = isinstance(value, bool) != (attribute.type == "flag") or not isinstance(value, _PYTHON[attribute.type])
        if value is not None and wrong:
            raise BadInput(f"'{name}' is a {attribute.type}", where=row.where(name), found=value)
        if value is not None and attribute.values and str(value) not in attribute.values:
            allowed = sorted(attribute.values)
            raise BadInput(
                f"'{entity.name}.{name}' has no such value", where=row.where(name), found=value, allowed=allowed
            )
    return row
