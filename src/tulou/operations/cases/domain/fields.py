"""Fields: what a case states beside its title, as its flow or class declares it: a channel, a category, a place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from math import isfinite
from typing import Any, Literal, get_args

from tulou.kernel.errors import BadUse, Fault
from tulou.kernel.words import Words
from tulou.operations.texts import MOST_LETTERS

FieldKind = Literal["text", "number", "whole", "yes_no", "choice", "day", "moment", "point", "list"]
FIELD_KINDS: tuple[FieldKind, ...] = get_args(FieldKind)
"""What a field holds: a text, a number, a whole number, yes or no, one of some words, a day, a moment with its zone,
a place as longitude and latitude in degrees, a list of texts."""

MOST_ENTRIES = 1000
EAST, NORTH = 180.0, 90.0
COORDINATES = 2

NOT_DECLARED = "this flow or class declares no such field here"
NOT_OF_ITS_KIND = "this is not a value of this field"
LACKS_FIELD = "this field must be stated here"


@dataclass(frozen=True)
class Field:
    """One field of a case.

    Args:
        id: Its id.
        title: Its name.
        kind: One of ``FIELD_KINDS``.
        values: The words of a choice, with their names.
        is_needed: Whether it must be stated where it is asked for.
    """

    id: str
    title: Words
    kind: FieldKind
    values: Mapping[str, Words] = field(default_factory=dict)
    is_needed: bool = False

    def holds(self, value: object) -> bool:
        """Whether a value is of this field."""
        return value in tuple(self.values) if self.kind == "choice" else _HOLDS[self.kind](value)

    @property
    def allowed(self) -> tuple[str, ...]:
        """What it takes, in words."""
        return tuple(self.values) if self.kind == "choice" else (EXAMPLES[self.kind],)


EXAMPLES: Mapping[str, str] = {
    "text": "a text",
    "number": "a number",
    "whole": "a whole number",
    "yes_no": "true or false",
    "day": "a day like 2026-11-27",
    "moment": "a moment with its zone, like 2026-11-27T09:30+08:00",
    "point": "longitude,latitude in degrees, like 117.65,24.51",
    "list": "texts with commas between",
}


def stated(fields: Mapping[str, Field], given: Mapping[str, Any], needed: Iterable[str], where: str) -> dict[str, Any]:
    """What is given of some fields, as it is kept.

    Args:
        fields: Fields that may be given, by id.
        given: Values by id; ``None`` stands for nothing.
        needed: Fields that must be given.
        where: How messages call the place.

    Raises:
        BadUse: With everything that is wrong: a field that is not declared, a value that is not of it, one missing.
    """
    kept = {name: plain(value) for name, value in given.items() if value is not None}
    faults = [Fault(NOT_DECLARED, where, name, tuple(fields) or ("none",)) for name in kept if name not in fields]
    faults += [
        Fault(NOT_OF_ITS_KIND, f"{where}: {name}", value, fields[name].allowed)
        for name, value in kept.items()
        if name in fields and not fields[name].holds(value)
    ]
    faults += [Fault(LACKS_FIELD, where, None, (f"--field {name}=…",)) for name in needed if name not in kept]
    if faults:
        raise BadUse.of(faults)
    return kept


def plain(value: object) -> Any:  # noqa: ANN401  (whatever a field holds)
    """A value as JSON keeps it: moments and days as texts, pairs as lists."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return [plain(one) for one in value] if isinstance(value, (tuple, list)) else value


def value_of(field_: Field, written: str) -> Any:  # noqa: ANN401  (whatever the field holds)
    """A value from its text, as the command line gives it.

    Raises:
        BadUse: When the text is no value of the field.
    """
    try:
        found = _READ.get(field_.kind, str.strip)(written)
    except ValueError:
        found = None
    if not field_.holds(found):
        raise BadUse(NOT_OF_ITS_KIND, where=f"--field {field_.id}", found=written, allowed=field_.allowed)
    return found


def _is_text(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= MOST_LETTERS and "\0" not in value


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value)


def _is_day(value: object) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_moment(value: object) -> bool:
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _is_point(value: object) -> bool:
    if not isinstance(value, list) or len(value) != COORDINATES or not all(_is_number(one) for one in value):
        return False
    return abs(value[0]) <= EAST and abs(value[1]) <= NORTH


def _is_list(value: object) -> bool:
    return isinstance(value, list) and 0 < len(value) <= MOST_ENTRIES and all(_is_text(one) for one in value)


_HOLDS: Mapping[str, Callable[[object], bool]] = {
    "text": _is_text,
    "number": _is_number,
    "whole": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "yes_no": lambda value: isinstance(value, bool),
    "day": _is_day,
    "moment": _is_moment,
    "point": _is_point,
    "list": _is_list,
}
_READ: Mapping[str, Callable[[str], Any]] = {
    "number": float,
    "whole": int,
    "yes_no": lambda text: {"true": True, "yes": True, "false": False, "no": False}.get(text.strip().lower()),
    "point": lambda text: [float(part) for part in text.split(",")],
    "list": lambda text: [part.strip() for part in text.split(",")],
}
