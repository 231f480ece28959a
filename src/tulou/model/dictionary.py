"""The data dictionary: which entities a city has, their attributes, units, allowed values and sensitivity.

It is read from ``columns/*.yaml`` of a rulebook, one file an entity; schemas, import templates and documentation are
made from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, cast, get_args

from tulou.kernel import units
from tulou.kernel.documents import At, documents
from tulou.kernel.errors import BadInput, BadUse, TulouError
from tulou.kernel.words import Words

AttributeType = Literal["text", "number", "flag", "date", "series"]
GeometryType = Literal["point", "line", "polygon", "any", "none"]
Sensitivity = Literal["public", "internal", "restricted"]

_ATTRIBUTE_KEYS = ("title", "type", "unit", "values", "sensitivity", "about")
_ENTITY_KEYS = ("entity", "title", "geometry", "level", "attributes", "about", "is_list")


@dataclass(frozen=True)
class Attribute:
    """One column of an entity.

    Args:
        name: Its name.
        title: What it means.
        type: ``text``, ``number``, ``flag`` (true/false), ``date`` or ``series`` (a list of numbers).
        unit: Unit of a number; empty for the rest.
        values: Allowed values of a text, with their titles; empty when any text will do.
        sensitivity: Who may see it.
    """

    name: str
    title: Words
    type: AttributeType
    unit: str = ""
    values: Mapping[str, Words] | None = None
    sensitivity: Sensitivity = "public"


@dataclass(frozen=True)
class Entity:
    """One kind of object.

    Args:
        name: Its name.
        title: What it means.
        geometry: Kind of geometry its rows have.
        attributes: Its columns, the common ones included.
        level: For units of the hierarchy, the level they stand for.
        is_list: Whether its rows are a list, of which some may be missing; a row of statistics speaks for the whole.
    """

    name: str
    title: Words
    geometry: GeometryType
    attributes: Mapping[str, Attribute]
    level: str = ""
    is_list: bool = True

    def attribute(self, name: str) -> Attribute:
        """One of its columns.

        Raises:
            BadUse: When it has no such column; offers the nearest.
        """
        if name not in self.attributes:
            raise BadUse(f"'{self.name}' has no such attribute", found=name, allowed=sorted(self.attributes))
        return self.attributes[name]


class Dictionary(Mapping[str, Entity]):
    """All entities by name."""

    def __init__(self, entities: Mapping[str, Entity]) -> None:
        self._entities = dict(sorted(entities.items()))

    def __getitem__(self, name: str) -> Entity:
        if name not in self._entities:
            raise BadUse("there is no such entity in the data dictionary", found=name, allowed=self._entities)
        return self._entities[name]

    def __contains__(self, name: object) -> bool:
        return name in self._entities

    def __iter__(self) -> Iterator[str]:
        return iter(self._entities)

    def __len__(self) -> int:
        return len(self._entities)


def read_dictionary(folders: list[Path]) -> Dictionary:
    """Read the dictionary from the ``columns`` folders of one or more rulebooks.

    A later folder may add entities, or attributes to an entity; it may not change what an earlier one said.

    Raises:
        BadInput: With every fault found, each with file and line.
    """
    common: dict[str, Attribute] = {}
    entities: dict[str, Entity] = {}
    faults: list[TulouError] = []
    pages = [page for folder in folders for _, page in documents(folder)]
    for page in pages:
        if "common" in page:
            common.update(_attributes(page["common"], faults))
    for page in pages:
        if "common" not in page:
            _add(entities, page, common, faults)
    if faults:
        raise BadInput.of(fault for error in faults for fault in error.faults)
    return Dictionary(entities)


def _add(entities: dict[str, Entity], page: At, common: Mapping[str, Attribute], faults: list[TulouError]) -> None:
    try:
        entity = _entity(page, common, faults)
    except TulouError as error:
        faults.append(error)
        return
    before = entities.get(entity.name)
    if before is None:
        entities[entity.name] = entity
        return
    again = sorted(set(before.attributes) & set(entity.attributes) - set(common))
    if again:
        faults.append(BadInput("attributes are declared twice", where=page.where("attributes"), found=", ".join(again)))
    merged = {**before.attributes, **entity.attributes}
    entities[entity.name] = replace(before, attributes=merged)


def _entity(page: At, common: Mapping[str, Attribute], faults: list[TulouError]) -> Entity:
    _refuse_unknown_keys(page, _ENTITY_KEYS)
    name = _need(page, "entity")
    geometry = page.get("geometry", "none")
    if geometry not in get_args(GeometryType):
        raise BadInput(
            "not a kind of geometry", where=page.where("geometry"), found=geometry, allowed=get_args(GeometryType)
        )
    own = _attributes(page.get("attributes") or At(), faults)
    return Entity(
        name,
        words_of(page, "title"),
        cast("GeometryType", geometry),
        {**common, **own},
        page.get("level", ""),
        is_list=page.get("is_list", True) is not False,
    )


def _attributes(found: At, faults: list[TulouError]) -> dict[str, Attribute]:
    result: dict[str, Attribute] = {}
    for name, entry in found.items():
        try:
            result[name] = _attribute(name, entry, found)
        except TulouError as error:
            faults.append(error)
    return result


def _attribute(name: str, entry: object, parent: At) -> Attribute:
    if not isinstance(entry, At):
        raise BadInput("an attribute is a mapping with title and type", where=parent.where(name), found=entry)
    _refuse_unknown_keys(entry, _ATTRIBUTE_KEYS)
    kind = _need(entry, "type")
    if kind not in get_args(AttributeType):
        raise BadInput("not a type", where=entry.where("type"), found=kind, allowed=get_args(AttributeType))
    unit = str(entry.get("unit", ""))
    if kind in {"number", "series"}:
        if not unit:
            raise BadInput(
                f"number '{name}' needs a unit", where=entry.where(), allowed=("a unit; 1 for a pure number",)
            )
        try:
            units.parse(unit)
        except BadInput as error:
            raise BadInput(
                "not a unit", where=entry.where("unit"), found=unit, allowed=error.faults[0].allowed
            ) from None
    values = entry.get("values")
    titles = {key: words_of(values, key) for key in values} if isinstance(values, At) else None
    sensitivity = cast("Sensitivity", entry.get("sensitivity", "public"))
    if sensitivity not in get_args(Sensitivity):
        raise BadInput(
            "not a grade of sensitivity",
            where=entry.where("sensitivity"),
            found=sensitivity,
            allowed=get_args(Sensitivity),
        )
    return Attribute(name, words_of(entry, "title"), cast("AttributeType", kind), unit, titles, sensitivity)


def words_of(page: At, key: str) -> Words:
    """Read a text in both languages.

    Raises:
        BadInput: When it is absent, or one of the languages is.
    """
    found = page.get(key)
    if not isinstance(found, At) or not found.get("zh") or not found.get("en"):
        raise BadInput(f"'{key}' needs both languages", where=page.where(key), found=found, allowed=("{zh: …, en: …}",))
    return Words(str(found["zh"]), str(found["en"]))


def _need(page: At, key: str) -> str:
    if not page.get(key):
        raise BadInput(f"'{key}' is missing", where=page.where(), allowed=(f"{key}: …",))
    return str(page[key])


def _refuse_unknown_keys(page: At, allowed: tuple[str, ...]) -> None:
    for key in page:
        if key not in allowed:
            raise BadInput("unknown key", where=page.where(key), found=key, allowed=allowed)
