"""Parameters: dated values of policy, each with its clause and how well it is evidenced."""

from __future__ import annotations

from datetime import date

from tulou.indicators.rulebook.content import Parameter, Setting
from tulou.indicators.rulebook.reading import Faults, at, choice, day, entries, keys, mapping, text, texts, words
from tulou.indicators.rulebook.vocabulary import Vocabulary
from tulou.kernel import units
from tulou.kernel.dated import EVIDENCE, Dated, Version
from tulou.kernel.documents import At
from tulou.kernel.errors import BadInput
from tulou.model.dictionary import words_of

KEYS = ("title", "unit", "by", "checked_on", "values", "until", "about")
VALUE_KEYS = ("since", "value", "range", "brackets", "by_class", "clause", "evidence", "refs", "note")
SHAPES = ("value", "range", "brackets", "by_class")


def read_parameters(page: At, vocabulary: Vocabulary, rulebook: str, faults: Faults) -> None:
    """Read one page of parameters into the vocabulary; a later rulebook's version stands in place of an earlier one."""
    for subject in page:
        with faults.kept(page.where(subject)):
            group = mapping(page, subject)
            for name in group:
                with faults.kept(group.where(name)):
                    _keep(group, f"{subject}.{name}", name, vocabulary, rulebook)


def _keep(group: At, full: str, name: str, vocabulary: Vocabulary, rulebook: str) -> None:
    before = vocabulary.parameters.get(full)
    where = group.where(name)
    if before is not None and before.rulebook == rulebook:
        raise BadInput("this parameter stands in two places", where=where, found=full, allowed=(before.where,))
    vocabulary.parameters[full] = _parameter(mapping(group, name), full, before, rulebook, where)


def _parameter(entry: At, name: str, before: Parameter | None, rulebook: str, where: str) -> Parameter:
    keys(entry, KEYS)
    title = before.title if before and "title" not in entry else words_of(entry, "title")
    unit, by = _units(entry, before)
    return Parameter(name, title, unit, by, day(entry, "checked_on"), _dated(entry, name, by), where, rulebook)


def _units(entry: At, before: Parameter | None) -> tuple[str, str]:
    """Unit of the value and of the sizes; those of the value that is replaced when none is written."""
    unit = text(entry, "unit", needed=before is None) or (before.unit if before else "")
    by = text(entry, "by", needed=False) or (before.by if before else "")
    for key, found in (("unit", unit), ("by", by)):
        with at(entry.where(key)):
            units.parse(found or "1")
    if before is not None and not units.same_kind(unit, before.unit):
        told = "another unit than the value it replaces"
        raise BadInput(told, where=entry.where("unit"), found=unit, allowed=(before.unit,))
    return unit, by


def _dated(entry: At, name: str, by: str) -> Dated[Setting]:
    values = entries(entry, "values")
    if not values:
        raise BadInput("a parameter needs values, each with the day it holds from", where=entry.where("values"))
    until = day(entry, "until") if "until" in entry else None
    with at(entry.where("values")):
        return Dated.of(name, [_version(value, by=by) for value in values], until)


def _version(entry: At, *, by: str) -> Version[Setting]:
    keys(entry, VALUE_KEYS)
    evidence = choice(entry, "evidence", EVIDENCE)
    note = words(entry, "note", needed=False)
    return Version(
        _since(entry),
        _setting(entry, by=by),
        text(entry, "clause", needed=evidence in {"sourced", "derived"}),
        evidence,
        note.en if note else "",
    )


def _since(entry: At) -> date:
    if "since" not in entry:
        raise BadInput("a value needs the day it holds from", where=entry.where(), allowed=("since: 2026-01-29",))
    return day(entry, "since")


def _setting(entry: At, *, by: str) -> Setting:
    shapes = [shape for shape in SHAPES if shape in entry]
    if len(shapes) != 1:
        raise BadInput("exactly one of these is needed", where=entry.where(), found=", ".join(shapes), allowed=SHAPES)
    shape, refs, note = shapes[0], texts(entry, "refs"), words(entry, "note", needed=False)
    where, found = entry.where(shapes[0]), entry[shapes[0]]
    if shape == "value":
        return Setting(number=_number(found, where), refs=refs, note=note)
    if shape == "range":
        return Setting(range=_range(found, where), refs=refs, note=note)
    if shape == "brackets":
        if not by:
            raise BadInput("brackets need the unit of their sizes", where=where, allowed=("by: m2",))
        return Setting(brackets=_brackets(found, where), refs=refs, note=note)
    classes = mapping(entry, "by_class")
    keys(classes, ("attribute", "values"))
    entity, _, attribute = text(classes, "attribute").partition(".")
    values = mapping(classes, "values")
    by_class = {
        key: _range(value, values.where(key)) if isinstance(value, list) else _number(value, values.where(key))
        for key, value in values.items()
    }
    return Setting(class_of=(entity, attribute), by_class=by_class, refs=refs, note=note)


def _number(found: object, where: str) -> float:
    if isinstance(found, bool) or not isinstance(found, (int, float)):
        raise BadInput("this must be a number", where=where, found=found)
    return float(found)


def _range(found: object, where: str) -> tuple[float, float]:
    if not isinstance(found, list) or len(found) != len(("low", "high")):
        raise BadInput("a range is written [low, high]", where=where, found=found)
    low, high = (_number(item, where) for item in found)
    if low > high:
        raise BadInput("the low end must come first", where=where, found=found)
    return low, high


def _brackets(found: object, where: str) -> tuple[tuple[float, float], ...]:
    pairs = found if isinstance(found, list) else []
    if not pairs or any(not isinstance(pair, list) or len(pair) != len(("size", "value")) for pair in pairs):
        raise BadInput("brackets are written [[size, value], …]", where=where, found=found)
    made = tuple((_number(size, where), _number(value, where)) for size, value in pairs)
    sizes = [size for size, _ in made]
    if sizes != sorted(set(sizes)):
        raise BadInput("sizes must ascend", where=where, found=found)
    return made


def check_classes(vocabulary: Vocabulary, faults: Faults) -> None:
    """Whether every class named by a parameter exists in the data dictionary."""
    for parameter in vocabulary.parameters.values():
        for version in parameter.values.versions:
            if version.value.class_of is None:
                continue
            entity, attribute = version.value.class_of
            with faults.kept(parameter.where):
                values = vocabulary.dictionary[entity].attribute(attribute).values or {}
                if vocabulary.dictionary[entity].level != "city":
                    faults.add("the class of a value is an attribute of the city", parameter.where, entity, ("city",))
                for name in version.value.by_class if values else ():
                    if name not in values:
                        faults.add(f"'{entity}.{attribute}' has no such value", parameter.where, name, sorted(values))
