"""Values: from what somebody wrote in a project file to an attribute of the data dictionary."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date

from tulou.kernel.errors import BadInput
from tulou.model.dictionary import Attribute, Entity
from tulou.plan.projects.project import Value
from tulou.sources import cells

SHORT: Mapping[str, str] = {
    "floors": "storeys",
    "levels": "storeys",
    "stories": "storeys",
    "function": "use",
    "people": "residents",
    "flats": "dwellings",
    "building:levels": "storeys",
}
"""Words that planners write for attributes; one counts only where the entity has the attribute."""


def attribute_of(entity: Entity, word: str, where: str) -> Attribute:
    """The attribute that a word names: its name, a short form, or its title in either language.

    Raises:
        BadInput: When it names none; offers the nearest.
    """
    asked = word.strip()
    for name in (asked, asked.lower(), SHORT.get(asked.lower(), "")):
        if name in entity.attributes:
            return entity.attributes[name]
    for attribute in entity.attributes.values():
        if asked.casefold() in {attribute.title.zh.casefold(), attribute.title.en.casefold()}:
            return attribute
    short = [each for each, name in SHORT.items() if name in entity.attributes]
    allowed = sorted({*entity.attributes, *short})
    raise BadInput(f"'{entity.name}' has no such attribute", where=where, found=word, allowed=allowed)


BOUNDS: Mapping[str, tuple[float, float]] = {
    "storeys": (1.0, 200.0),
    "underground_storeys": (0.0, 30.0),
    "height": (1.0, 1000.0),
    "floor_area": (1.0, 5e6),
    "lanes": (1.0, 20.0),
    "width": (0.3, 200.0),
    "speed_limit": (1.0, 200.0),
}
"""Least and most that a planner can mean, in the unit of the dictionary: somewhat beyond the largest ever built (Burj
Khalifa has 163 storeys and 828 m). What lies outside is a slip of the pen."""
NOT_BELOW_ZERO = ("person", "dwelling", "household", "place", "bed", "m2", "m", "km/hour", "job", "vehicle")
"""Units in which nothing is below zero."""


def value_of(attribute: Attribute, found: object, where: str) -> Value:
    """A value as the dictionary wants it.

    Raises:
        BadInput: When it cannot be one, or lies beyond anything that is built.
    """
    if found is None:
        return None
    value = _READ[attribute.type](attribute, found)
    if value is None:
        raise BadInput(f"'{attribute.name}' cannot be this", where=where, found=found, allowed=_allowed(attribute))
    if attribute.type == "number" and isinstance(value, float):
        _check_size(attribute, value, where)
    return value


def _check_size(attribute: Attribute, value: float, where: str) -> None:
    least = 0.0 if attribute.unit in NOT_BELOW_ZERO else -math.inf
    low, high = BOUNDS.get(attribute.name, (least, math.inf))
    if low <= value <= high:
        return
    span = f"{low:g} to {high:g}" if math.isfinite(high) else f"{low:g} or more"
    unit = "" if attribute.unit in {"", "1"} else f" {attribute.unit}"
    raise BadInput(
        "this number is beyond anything that is built", where=where, found=f"{value:g}", allowed=(span + unit,)
    )


def _allowed(attribute: Attribute) -> tuple[str, ...]:
    if attribute.values:
        return tuple(attribute.values)
    unit = attribute.unit if attribute.unit not in {"", "1"} else ""
    return {
        "number": (f"a number in {unit}" if unit else "a number",),
        "flag": ("true", "false"),
        "date": ("a day like 2026-01-29",),
        "series": ("a list of numbers",),
        "text": ("a text",),
    }[attribute.type]


def _number(attribute: Attribute, found: object) -> float | None:
    if isinstance(found, bool):
        return None
    if isinstance(found, str):
        return cells.number(found, wanted=attribute.unit)
    return float(found) if isinstance(found, (int, float)) and math.isfinite(found) else None


def _flag(_: Attribute, found: object) -> bool | None:
    if isinstance(found, bool):
        return found
    return cells.truth(str(found)) if isinstance(found, (str, int)) else None


def _day(_: Attribute, found: object) -> date | None:
    return cells.day(found) if isinstance(found, str) else None


def _text(attribute: Attribute, found: object) -> str | None:
    if not isinstance(found, (str, int, float)) or isinstance(found, bool):
        return None
    word = str(found).strip()
    if not attribute.values:
        return word or None
    if word in attribute.values:
        return word
    asked = word.casefold()
    for name, title in attribute.values.items():
        if asked in {name, title.zh.casefold(), title.en.casefold()}:
            return name
    return None


def _series(_: Attribute, found: object) -> list[float] | None:
    if not isinstance(found, list) or any(isinstance(one, bool) or not isinstance(one, (int, float)) for one in found):
        return None
    numbers = [float(one) for one in found]
    return numbers if all(map(math.isfinite, numbers)) else None


_READ: Mapping[str, Callable[[Attribute, object], Value]] = {
    "number": _number,
    "flag": _flag,
    "date": _day,
    "text": _text,
    "series": _series,
}
