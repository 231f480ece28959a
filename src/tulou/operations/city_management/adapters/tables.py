"""Tables of city management in rulebooks: classes, limits of cities, when cases recur, lists from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from tulou.indicators.rulebook.reading import Faults, at, choice, entries, keys, looked_up, mapping, number, text, texts
from tulou.kernel.documents import At
from tulou.kernel.errors import BadInput
from tulou.kernel.words import Words
from tulou.model.dictionary import words_of
from tulou.operations.cases.domain.limits import LIMIT_UNITS, Limit, LimitUnit
from tulou.operations.city_management.adapters.reading import FOLDER, GRADES, VALUE_KEYS, pages
from tulou.operations.city_management.domain.classes import (
    OBJECT_KINDS,
    Classes,
    LimitRow,
    LimitStep,
    LimitTable,
    ManagedClass,
    ObjectKind,
    RequestMapping,
)
from tulou.operations.city_management.domain.codes import CLASS
from tulou.operations.city_management.domain.recurrence import RecurrenceRule

COLUMNS = (
    "id", "type", "opened", "due", "closed", "body", "place", "longitude", "latitude", "status",
)  # fmt: skip
RECURRENCE = {"window": "day", "distance": "m", "least": "1", "public_least": "1"}


def read_classes(names: Sequence[str]) -> Classes:
    """Classes of parts and events; what a later rulebook says of an id counts.

    Raises:
        BadInput: With every fault, each with file and line.
    """
    faults, groups, classes = Faults(), dict[tuple[str, str], Words](), dict[str, ManagedClass]()
    for page in pages(names, "classes.yaml"):
        with faults.kept(page.where()):
            keys(page, ("groups", "classes"))
            of_kinds = mapping(page, "groups", needed=False)
            for kind in of_kinds:
                table = mapping(of_kinds, kind)
                groups |= {(kind, code): words_of(table, code) for code in table}
            _classes(mapping(page, "classes"), groups, classes, faults)
    faults.raise_any()
    return Classes(groups, classes)


def _classes(
    table: At, groups: dict[tuple[str, str], Words], classes: dict[str, ManagedClass], faults: Faults
) -> None:  # fmt: skip
    taken = {(one.kind, one.code): one.id for one in classes.values()}
    for name in table:
        with faults.kept(table.where(name)):
            entry = mapping(table, name)
            keys(entry, ("kind", "code", "title", "evidence"))
            kind, code = cast("ObjectKind", choice(entry, "kind", OBJECT_KINDS)), text(entry, "code")
            if len(code) != CLASS or not code.isdigit() or (kind, code[:2]) not in groups:
                allowed = [f"{group}01" for one, group in groups if one == kind]
                raise BadInput(
                    "a class has four digits, of a group that is there",
                    where=entry.where("code"),
                    found=code,
                    allowed=allowed,
                )
            if taken.setdefault((kind, code), name) != name:
                raise BadInput("two classes have one code", where=entry.where("code"), found=code)
            classes[name] = ManagedClass(name, kind, code, words_of(entry, "title"), choice(entry, "evidence", GRADES))


def read_limits(names: Sequence[str]) -> dict[str, LimitTable]:
    """The staged limits of cities, by id.

    Raises:
        BadInput: With every fault, each with file and line.
    """
    faults, found = Faults(), dict[str, LimitTable]()
    classes = read_classes(names)
    for page in pages(names, "limits/*.yaml"):
        with faults.kept(page.where()):
            keys(page, ("id", "title", "source", "evidence", "limits", "centre"))
            rows = tuple(_limit_row(entry, classes) for entry in entries(page, "limits"))
            centre = tuple(_step(entry) for entry in entries(page, "centre"))
            grade = choice(page, "evidence", GRADES)
            name = text(page, "id")
            found[name] = LimitTable(name, words_of(page, "title"), text(page, "source"), grade, rows, centre)
    faults.raise_any()
    return found


def _limit_row(entry: At, classes: Classes) -> LimitRow:
    keys(entry, ("class", "condition", "steps"))
    name = looked_up(classes.classes, text(entry, "class"), "class of parts or events", entry.where("class"))
    steps = tuple(_step(one) for one in entries(entry, "steps"))
    if not steps:
        raise BadInput("a limit has a step", where=entry.where())
    return LimitRow(name, words_of(entry, "condition"), steps)


def _step(entry: At) -> LimitStep:
    keys(entry, ("id", "title", "amount", "unit"))
    unit = cast("LimitUnit", choice(entry, "unit", LIMIT_UNITS))
    with at(entry.where()):
        return LimitStep(text(entry, "id"), words_of(entry, "title"), Limit(number(entry, "amount"), unit))


def read_recurrence(names: Sequence[str]) -> RecurrenceRule:
    """When cases recur; a later rulebook sets single values anew.

    Raises:
        BadInput: With every fault, each with file and line.
    """
    faults, values = Faults(), dict[str, float]()
    for page in pages(names, "recurrence.yaml"):
        with faults.kept(page.where()):
            keys(page, RECURRENCE)
        for name in [one for one in page if one in RECURRENCE]:
            with faults.kept(page.where(name)):
                entry = mapping(page, name)
                keys(entry, VALUE_KEYS)
                words_of(entry, "title")
                choice(entry, "unit", (RECURRENCE[name],))
                choice(entry, "evidence", GRADES)
                text(entry, "source")
                values[name] = number(entry, "value")
                if not values[name] > 0:
                    raise BadInput("a size is above zero", where=entry.where("value"), found=values[name])
    faults.raise_any()
    missing = [name for name in RECURRENCE if name not in values]
    if missing:
        raise BadInput("recurrence lacks a value", where=f"{FOLDER}/recurrence.yaml", allowed=missing)
    return RecurrenceRule(
        values["window"], values["distance"], int(values["least"]), int(values["public_least"])
    )  # fmt: skip


def read_request_mappings(names: Sequence[str]) -> dict[str, RequestMapping]:
    """How lists of requests from elsewhere are read, by id.

    Raises:
        BadInput: With every fault, each with file and line.
    """
    faults, found = Faults(), dict[str, RequestMapping]()
    classes = read_classes(names)
    for page in pages(names, "requests/*.yaml"):
        with faults.kept(page.where()):
            made = request_mapping(page, classes)
            found[made.id] = made
    faults.raise_any()
    return found


def request_mapping(page: At, classes: Classes) -> RequestMapping:
    """How one list is read, from its page.

    Raises:
        BadInput: When the page is wrong; names file and line.
    """
    keys(
        page,
        ("id", "title", "source", "evidence", "offset", "moment", "columns", "refused", "nowhere", "classes"),
    )
    choice(page, "evidence", GRADES)
    columns = mapping(page, "columns")
    keys(columns, COLUMNS)
    for key in ("id", "type", "opened"):
        text(columns, key)
    table = mapping(page, "classes")
    of_types = {}
    for name in table:
        of_types[name] = looked_up(classes.classes, text(table, name), "class of parts or events", table.where(name))
    return RequestMapping(
        text(page, "id"), words_of(page, "title"), text(page, "source"), number(page, "offset"), text(page, "moment"),
        {key: text(columns, key) for key in columns}, texts(page, "refused"), _points(page, "nowhere"), of_types,
    )  # fmt: skip


def _points(page: At, key: str) -> tuple[tuple[float, float], ...]:
    found = page.get(key) or []
    is_list = isinstance(found, list) and all(isinstance(one, list) for one in found)
    numbers = [value for one in found for value in one] if is_list else [None]
    if not all(isinstance(value, (int, float)) for value in numbers) or any(len(one) != len("xy") for one in found):
        raise BadInput("a place has longitude and latitude", where=page.where(key), found=found)
    return tuple((float(east), float(north)) for east, north in found)
