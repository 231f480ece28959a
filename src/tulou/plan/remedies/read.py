"""Reading a catalogue of remedies: ``remedies/*.yaml`` and ``consents.yaml`` of rulebooks, all faults told at once.

A page of remedies holds any number of them by name; a later rulebook's remedy stands in place of an earlier one, or
adds indicators to it where it ``extends`` it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from tulou.indicators.rulebook.content import Rulebook
from tulou.indicators.rulebook.reading import (
    Faults,
    at,
    choice,
    day,
    keys,
    looked_up,
    mapping,
    number,
    text,
    texts,
    words,
)
from tulou.indicators.rulebook.vocabulary import Vocabulary
from tulou.kernel import units
from tulou.kernel.dated import EVIDENCE
from tulou.kernel.documents import At, read_document
from tulou.kernel.errors import BadInput
from tulou.model.dictionary import words_of
from tulou.plan.projects.values import attribute_of, value_of
from tulou.plan.remedies.content import (
    COUNTED,
    NEW_AREA,
    OBJECTS,
    RAISED,
    SHAPES,
    TOGETHERS,
    Addition,
    Assignment,
    Catalogue,
    Consent,
    Cost,
    Duration,
    Ground,
    Price,
    Remedy,
    ShapeOf,
    Together,
)

FOLDER, CONSENTS = "remedies", "consents.yaml"
KEYS = (
    "title", "about", "fixes", "also", "acts_on", "together", "sites", "change", "change_site", "add", "cost",
    "consent", "side_effects", "duration", "after", "excludes",
)  # fmt: skip
SITE_KEYS = ("among", "reach", "serves")
ADD_KEYS = ("entity", "shape", "area", "set")
VALUE_KEYS = ("parameter", "raise_to", "times")
COST_KEYS = ("of", "unit", "per", "price")
PRICE_KEYS = ("amount", "dated", "source", "evidence", "note")
EXTENSION_KEYS = ("extends", "fixes", "also")
DURATION_KEYS = ("months", "source", "evidence")
CONSENT_KEYS = ("title", "about", "basis", "evidence")
MONEY = "yuan"
CIRCLE = "remedies wait for one another in a circle"
POPULATION = "population"
GRADES = tuple(grade for grade in EVIDENCE if grade != "none")


@dataclass
class _Draft:
    """A catalogue while it is read."""

    rulebook: Rulebook
    vocabulary: Vocabulary
    faults: Faults = field(default_factory=Faults)
    remedies: dict[str, Remedy] = field(default_factory=dict)
    consents: dict[str, Consent] = field(default_factory=dict)
    entries: dict[str, At] = field(default_factory=dict)


def read_remedies(rulebook: Rulebook, folders: Iterable[Path] = ()) -> Catalogue:
    """Read the remedies of a rulebook.

    Args:
        rulebook: The rulebook, with the folders it was read from; its names are what a remedy may speak of.
        folders: Other folders to read, after those of the rulebook, e.g. a city's own.

    Raises:
        BadInput: With every fault, each with file and line: unknown names, units that do not fit, missing titles,
            remedies that wait for one another in a circle.
    """
    units_known = {name: quantity.unit for name, quantity in rulebook.quantities.items()}
    vocabulary = Vocabulary(
        rulebook.dictionary, rulebook.measures, dict(rulebook.selections), units_known, dict(rulebook.parameters)
    )
    draft = _Draft(rulebook, vocabulary)
    chosen = [*rulebook.folders, *folders]
    for folder in chosen:
        if (folder / CONSENTS).is_file():
            with draft.faults.kept():
                _read_consents(draft, read_document(folder / CONSENTS, f"{folder.name}/{CONSENTS}"))
    for folder in chosen:
        for page in _pages(draft, folder):
            _read_page(draft, page, folder.name)
    _check_names(draft)
    _refuse_circles(draft)
    draft.faults.raise_any()
    return Catalogue(dict(sorted(draft.remedies.items())), draft.consents)


def _pages(draft: _Draft, folder: Path) -> Iterator[At]:
    for path in sorted((folder / FOLDER).rglob("*.yaml")):
        with draft.faults.kept():
            yield read_document(path, f"{folder.name}/{path.relative_to(folder).as_posix()}")


def _read_consents(draft: _Draft, page: At) -> None:
    for name in page:
        with draft.faults.kept(page.where(name)):
            entry = mapping(page, name)
            keys(entry, CONSENT_KEYS)
            evidence = choice(entry, "evidence", GRADES)
            title, about = words_of(entry, "title"), words_of(entry, "about")
            draft.consents[name] = Consent(name, title, about, text(entry, "basis"), evidence)


def _read_page(draft: _Draft, page: At, rulebook: str) -> None:
    for name in page:
        with draft.faults.kept(page.where(name)):
            before = draft.remedies.get(name)
            if before is not None and before.rulebook == rulebook:
                raise BadInput("two remedies have one id", where=page.where(name), found=name, allowed=(before.where,))
            entry = mapping(page, name)
            if "extends" in entry:
                draft.remedies[name] = _extended(draft, entry, before)
                continue
            draft.entries[name] = entry
            draft.remedies[name] = _remedy(draft, entry, name, page.where(name), rulebook)


def _extended(draft: _Draft, entry: At, before: Remedy | None) -> Remedy:
    """An earlier remedy with more indicators that it answers or moves."""
    keys(entry, EXTENSION_KEYS)
    known = () if before is None else (before.rulebook,)
    if before is None or text(entry, "extends") not in known:
        raise BadInput(
            "there is no remedy of this name to extend", where=entry.where("extends"), found=entry["extends"],
            allowed=known,
        )  # fmt: skip
    fixes = _fixes(draft, entry) if "fixes" in entry else {}
    also = _named(entry, "also", draft.rulebook.indicators, "indicator")
    return replace(before, fixes={**before.fixes, **fixes}, also=tuple(dict.fromkeys((*before.also, *also))))


def _remedy(draft: _Draft, entry: At, name: str, where: str, rulebook: str) -> Remedy:
    keys(entry, KEYS)
    on = text(entry, "acts_on", needed=False)
    entity = draft.vocabulary.selection(on, entry.where("acts_on")).entity if on else ""
    ground = _ground(draft, mapping(entry, "sites")) if "sites" in entry else None
    change = _assignments(draft, entry, "change", entity)
    add = _addition(draft, mapping(entry, "add")) if "add" in entry else None
    change_site = _change_site(draft, entry, ground)
    if "change" in entry and not on:
        raise BadInput("what is changed must be named", where=entry.where("change"), allowed=("acts_on: a selection",))
    if (add or change_site) and ground is None:
        raise BadInput("what is built needs sites", where=entry.where(), allowed=("sites: {among: [...]}",))
    if not {"change", "change_site", "add"} & set(entry):
        raise BadInput("a remedy does something", where=where, allowed=("change", "change_site", "add"))
    return Remedy(
        id=name,
        title=words_of(entry, "title"),
        about=words_of(entry, "about"),
        fixes=_fixes(draft, entry),
        also=_named(entry, "also", draft.rulebook.indicators, "indicator"),
        on=on,
        together=cast("Together", choice(entry, "together", TOGETHERS, "community")),
        ground=ground,
        change=change,
        change_site=change_site,
        add=add,
        cost=_cost(draft, mapping(entry, "cost"), entity, change, add),
        consents=_named(entry, "consent", draft.consents, "consent"),
        side_effects=words(entry, "side_effects", needed=False),
        duration=_duration(mapping(entry, "duration")) if "duration" in entry else None,
        after=texts(entry, "after"),
        excludes=texts(entry, "excludes"),
        where=where,
        rulebook=rulebook,
    )


def _named(entry: At, key: str, table: Iterable[str], what: str) -> tuple[str, ...]:
    return tuple(looked_up(table, name, what, entry.where(key)) for name in texts(entry, key))


def _fixes(draft: _Draft, entry: At) -> dict[str, tuple[str, ...]]:
    """Indicators with the causes that are answered: written as a list, or as a mapping to causes."""
    if not isinstance(entry.get("fixes"), At):
        found: dict[str, tuple[str, ...]] = dict.fromkeys(
            _named(entry, "fixes", draft.rulebook.indicators, "indicator"), ()
        )
    else:
        listed = mapping(entry, "fixes")
        found = {
            looked_up(draft.rulebook.indicators, name, "indicator", listed.where(name)): texts(listed, name)
            for name in listed
        }
    if not found:
        raise BadInput("a remedy names the indicators whose findings it answers", where=entry.where("fixes"),
                       allowed=("fixes: [an indicator]",))  # fmt: skip
    return found


def _ground(draft: _Draft, entry: At) -> Ground:
    keys(entry, SITE_KEYS)
    among = texts(entry, "among")
    if not among:
        raise BadInput("'among' is missing", where=entry.where(), allowed=("among: [a selection]",))
    for name in among:
        draft.vocabulary.selection(name, entry.where("among"))
    reach = text(entry, "reach", needed=False)
    if reach:
        with at(entry.where("reach")):
            units.factor(draft.vocabulary.parameter(reach, entry.where("reach")).unit, "m")
    serves = text(entry, "serves", needed=False) or "residents"
    if POPULATION in draft.rulebook.dictionary:
        _must_be_number(draft, POPULATION, serves, entry.where("serves"))
    return Ground(among, reach, serves)


def _must_be_number(draft: _Draft, entity: str, name: str, where: str) -> str:
    column = draft.vocabulary.column(entity, name, where)
    if column.kind != "number":
        raise BadInput(f"a number is needed, this is a {column.kind}", where=where, found=name)
    return column.unit


def _change_site(draft: _Draft, entry: At, ground: Ground | None) -> tuple[Assignment, ...]:
    """What becomes of the site, of whatever entity it is."""
    if "change_site" not in entry:
        return ()
    if ground is None:
        raise BadInput("there is no site to change", where=entry.where("change_site"), allowed=("sites: {...}",))
    entities = {draft.rulebook.selections[name].entity for name in ground.among}
    if len(entities) > 1:
        raise BadInput(
            "sites of several entities cannot be changed alike", where=entry.where("change_site"),
            found=", ".join(sorted(entities)), allowed=("one entity",),
        )  # fmt: skip
    return _assignments(draft, entry, "change_site", entities.pop())


def _assignments(draft: _Draft, entry: At, key: str, entity: str) -> tuple[Assignment, ...]:
    if key not in entry or not entity:
        return ()
    listed, found = mapping(entry, key), list[Assignment]()
    for word in listed:
        with draft.faults.kept(listed.where(word)):
            found.append(_assignment(draft, listed, word, entity))
    return tuple(found)


def _assignment(draft: _Draft, listed: At, word: str, entity: str) -> Assignment:
    where, asked = listed.where(word), listed[word]
    attribute = attribute_of(draft.rulebook.dictionary[entity], word, where)
    if not isinstance(asked, At):
        return Assignment(attribute.name, value_of(attribute, asked, where))
    keys(asked, VALUE_KEYS)
    if attribute.type != "number":
        raise BadInput(f"a number is needed, this is a {attribute.type}", where=where, found=word)
    name = text(asked, "parameter", needed="raise_to" not in asked) or text(asked, "times", needed=False)
    other = text(asked, "raise_to", needed=False)
    unit = _must_be_number(draft, entity, other, asked.where("raise_to")) if other else ""
    if name:
        parameter = draft.vocabulary.parameter(name, where)
        if any(version.value.shape != "number" for version in parameter.values.versions):
            raise BadInput("this parameter must be one number", where=where, found=name)
        unit = f"({unit})*({parameter.unit})" if other else parameter.unit
    with at(where):
        units.factor(unit, attribute.unit)
    return Assignment(attribute.name, None, name, other)


def _addition(draft: _Draft, entry: At) -> Addition:
    keys(entry, ADD_KEYS)
    entity = looked_up(draft.rulebook.dictionary, text(entry, "entity"), "entity", entry.where("entity"))
    shape = cast("ShapeOf", choice(entry, "shape", SHAPES, "point"))
    area = text(entry, "area", needed=shape == "square")
    if area:
        with at(entry.where("area")):
            units.factor(draft.vocabulary.parameter(area, entry.where("area")).unit, "m2")
    return Addition(entity, _assignments(draft, entry, "set", entity), shape, area)


def _cost(draft: _Draft, entry: At, entity: str, change: tuple[Assignment, ...], add: Addition | None) -> Cost:
    keys(entry, COST_KEYS)
    of = text(entry, "of", needed=False) or OBJECTS
    counted = _counted(draft, entry, of, entity, change, add)
    unit = text(entry, "unit")
    with at(entry.where("unit")):
        units.factor(f"({unit})*({counted})", MONEY)
    cost = Cost(of, unit, words_of(entry, "per"))
    if entry.get("price") is None:
        return cost
    return Cost(of, unit, cost.per, _price(mapping(entry, "price"), unit))


def _counted(
    draft: _Draft, entry: At, of: str, entity: str, change: tuple[Assignment, ...], add: Addition | None
) -> str:
    """Unit of what is counted."""
    where = entry.where("of")
    if of == OBJECTS:
        return "1"
    if of == NEW_AREA and add is not None and add.shape != "point":
        return "m2"
    raised = [one.attribute for one in change if one.is_raise]
    if of == RAISED and len(raised) == 1:
        return draft.rulebook.dictionary[entity].attributes[raised[0]].unit or "1"
    if of in COUNTED or not entity:
        possible = [OBJECTS, *[RAISED] * (len(raised) == 1), *[NEW_AREA] * bool(add and add.shape != "point")]
        raise BadInput("this cannot be counted here", where=where, found=of, allowed=possible)
    return _must_be_number(draft, entity, of, where) or "1"


def _price(entry: At, unit: str) -> Price:
    keys(entry, PRICE_KEYS)
    amount = number(entry, "amount")
    if amount < 0:
        raise BadInput("a price is a number from 0 on", where=entry.where("amount"), found=amount)
    return Price(
        amount, unit, day(entry, "dated"), text(entry, "source"), choice(entry, "evidence", GRADES),
        words(entry, "note", needed=False),
    )  # fmt: skip


def _duration(entry: At) -> Duration:
    keys(entry, DURATION_KEYS)
    months = number(entry, "months")
    if months <= 0:
        raise BadInput("a duration is above zero", where=entry.where("months"), found=months)
    return Duration(months, text(entry, "source"), choice(entry, "evidence", GRADES))


def _check_names(draft: _Draft) -> None:
    """Remedies may name one another in any order, so that names are looked up when all are read."""
    for remedy in draft.remedies.values():
        entry = draft.entries[remedy.id]
        for key in ("after", "excludes"):
            with draft.faults.kept(entry.where(key)):
                _named(entry, key, set(draft.entries) - {remedy.id}, "remedy")


def _refuse_circles(draft: _Draft) -> None:
    """Refuse remedies that wait for one another."""
    clear: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            told = " → ".join((*path[path.index(name) :], name))
            draft.faults.add(CIRCLE, draft.entries[name].where("after"), told)
        elif name not in clear and name in draft.remedies:
            for other in draft.remedies[name].after:
                visit(other, (*path, name))
        clear.add(name)

    for name in sorted(draft.remedies):
        visit(name, ())
