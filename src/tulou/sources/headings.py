"""Headings: tables that follow an import template need no mapping file, since their headings say what they hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from tulou.kernel.errors import BadInput
from tulou.kernel.words import Words
from tulou.sources.cells import plain
from tulou.sources.expected import Expected, ExpectedEntity
from tulou.sources.mapping import Column, Day, TableMapping

PLACE_COLUMNS: Mapping[str, Words] = {
    "id": Words("编号", "Id"),
    "lon": Words("经度", "Longitude"),
    "lat": Words("纬度", "Latitude"),
    "wkt": Words("几何（WKT）", "Geometry (WKT)"),
    "valid_from": Words("有效起始日期", "Valid from"),
    "valid_to": Words("有效截止日期", "Valid to"),
}
"""Columns of every template besides the attributes of its entity."""

_UNIT_AT_END = re.compile(r"^(.*?)\s*[(\[]([^()\[\]]+)[)\]]$")
_EXTENSION = re.compile(r"\.[a-z]+$")


def heading(title: str, unit: str) -> str:
    """A heading with its unit, as templates write it."""
    return f"{title} ({unit})" if unit and unit != "1" else title


def mapping_by_headings(headings: Iterable[str], expected: Expected, names: Iterable[str], where: str) -> TableMapping:
    """The mapping that headings state by themselves.

    Args:
        headings: Headings of a table or layer.
        expected: The data dictionary.
        names: Names of the sheet, layer or file, one of which should name the entity.
        where: How messages call the table.

    Raises:
        BadInput: When no name is that of an entity, or a heading is neither an attribute nor its title.
    """
    entity = _entity_named(expected, names, where)
    known = _known(entity)
    faults: list[BadInput] = []
    found: dict[str, tuple[str, str]] = {}
    for text in headings:
        attribute, unit = _attribute_of(text, known)
        if attribute is None:
            faults.append(BadInput("unknown column", where=where, found=text, allowed=tuple(known)))
        elif attribute in found:
            faults.append(
                BadInput("two columns are one attribute", where=where, found=f"{found[attribute][0]}, {text}")
            )
        else:
            found[attribute] = (text, unit)
    if faults:
        raise BadInput.of(fault for error in faults for fault in error.faults)
    return _table(entity, found, where)


def _entity_named(expected: Expected, names: Iterable[str], where: str) -> ExpectedEntity:
    words: dict[str, str] = {}
    for name in expected:
        title = expected[name].title
        words |= {name: name, title.zh: name, title.en.lower(): name}
    tried = [_EXTENSION.sub("", name.strip().lower()) for name in names if name]
    for name in tried:
        if name in words:
            return expected[words[name]]
    raise BadInput(
        "neither a mapping nor the name of the file, sheet or layer says which entity the rows are",
        where=where,
        found=tried[0] if tried else None,
        allowed=tuple(expected),
    )


def _known(entity: ExpectedEntity) -> dict[str, str]:
    """Headings that are understood, and what they name."""
    known: dict[str, str] = {}
    titles = {name: attribute.title for name, attribute in entity.attributes.items()}
    for name, title in {**titles, **PLACE_COLUMNS}.items():
        known |= {name: name, plain(title.zh): name, plain(title.en): name}
    return known


def _attribute_of(text: str, known: Mapping[str, str]) -> tuple[str | None, str]:
    """The attribute a heading names, and the unit in brackets behind it."""
    cleaned = plain(text)
    lower = {word.lower(): name for word, name in known.items()}
    if cleaned.lower() in lower:
        return lower[cleaned.lower()], ""
    match = _UNIT_AT_END.match(cleaned)
    if match and match[1].lower() in lower:
        return lower[match[1].lower()], match[2]
    return None, ""


def _table(entity: ExpectedEntity, found: Mapping[str, tuple[str, str]], where: str) -> TableMapping:
    if "id" not in found:
        raise BadInput("there is no column 'id' that names the objects", where=where, allowed=("id", "编号"))
    columns = tuple(Column(name, text, unit=unit) for name, (text, unit) in found.items() if name not in PLACE_COLUMNS)
    coordinates: dict[str, str] = {}
    if "wkt" in found:
        coordinates = {"wkt": found["wkt"][0]}
    elif "lon" in found and "lat" in found:
        coordinates = {"lon": found["lon"][0], "lat": found["lat"][0]}
    elif "lon" in found or "lat" in found:
        missing = "lat" if "lon" in found else "lon"
        words = PLACE_COLUMNS[missing]
        raise BadInput("a place is given by longitude and latitude", where=where, allowed=(missing, words.zh, words.en))
    days = {key: Day(source=found[key][0]) for key in ("valid_from", "valid_to") if key in found}
    return TableMapping(
        entity.name,
        columns,
        (found["id"][0],),
        coordinates=coordinates,
        ignore=("*",),
        at="",
        valid_from=days.get("valid_from"),
        valid_to=days.get("valid_to"),
    )
