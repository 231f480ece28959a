"""Reading ``safety/grading.yaml``: the methods that grade risks, each with its versions by date."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast

from tulou.indicators.rulebook.reading import Faults, choice, day, entries, keys, mapping, number, text
from tulou.kernel.dated import Dated, Version
from tulou.kernel.documents import At
from tulou.kernel.errors import BadInput, BadUse
from tulou.kernel.words import Words
from tulou.model.dictionary import words_of
from tulou.operations.safety.adapters.pages import GRADES, pages
from tulou.operations.safety.domain.grading import COLOURS, FORMULAS, Colour, Factor, Formula, Level, Method

FOLDER = "safety"
FILE = "grading.yaml"
VERSION_KEYS = ("from", "source", "evidence", "factors", "levels")


@dataclass(frozen=True)
class Methods:
    """The methods of some rulebooks.

    Args:
        versions: Each method through time, by id.
    """

    versions: Mapping[str, Dated[Method]]

    def on(self, name: str, when: date) -> Method:
        """A method as it holds on a day.

        Raises:
            BadUse: When there is none of that id, or it does not hold yet.
        """
        if name not in self.versions:
            raise BadUse(
                "there is no such method of grading", where="--method", found=name, allowed=tuple(self.versions)
            )
        return self.versions[name].on(when).value


def read_methods(names: Sequence[str | Path]) -> Methods:
    """Read the methods of some rulebooks.

    Raises:
        BadInput: With every fault, each with file and line.
    """
    faults = Faults()
    heads: dict[str, tuple[Words, Formula]] = {}
    found: dict[str, list[Version[Method]]] = {}
    for page in pages(names, FOLDER, FILE):
        with faults.kept(page.where()):
            keys(page, ("methods",))
        table = mapping(page, "methods", needed=False)
        for name in table:
            with faults.kept(table.where(name)):
                _method(name, mapping(table, name), heads, found, faults)
    faults.raise_any()
    return Methods({name: Dated.of(name, versions) for name, versions in found.items()})


def _method(
    name: str,
    entry: At,
    heads: dict[str, tuple[Words, Formula]],
    found: dict[str, list[Version[Method]]],
    faults: Faults,
) -> None:
    keys(entry, ("title", "formula", "versions"))
    if name not in heads:
        heads[name] = (words_of(entry, "title"), cast("Formula", choice(entry, "formula", FORMULAS)))
    title, formula = heads[name]
    for page in entries(entry, "versions"):
        with faults.kept(page.where()):
            keys(page, VERSION_KEYS)
            source, evidence = text(page, "source"), choice(page, "evidence", GRADES)
            method = Method(
                name,
                title,
                day(page, "from"),
                source,
                evidence,
                formula,
                _factors(page, formula),
                _levels(page, formula),
            )
            kept = [one for one in found.get(name, []) if one.since != method.since]
            found[name] = [*kept, Version(method.since, method, source, evidence)]


def _factors(page: At, formula: Formula) -> tuple[Factor, ...]:
    table = mapping(page, "factors", needed=formula == "product")
    if formula == "declared" and table:
        raise BadInput("a declared grade has no factors", where=page.where("factors"))
    return tuple(_factor(name, mapping(table, name)) for name in table)


def _factor(name: str, entry: At) -> Factor:
    keys(entry, ("title", "values"))
    values: dict[float, Words] = {}
    for one in entries(entry, "values"):
        keys(one, ("value", "says"))
        value = number(one, "value")
        if value in values or not (math.isfinite(value) and value > 0):
            raise BadInput("values of a factor are above zero, each once", where=one.where("value"), found=f"{value:g}")
        values[value] = words_of(one, "says")
    if not values:
        raise BadInput("a factor has a table of values", where=entry.where("values"))
    return Factor(name, words_of(entry, "title"), values)


def _levels(page: At, formula: Formula) -> tuple[Level, ...]:
    found = [_level(one, formula) for one in entries(page, "levels")]
    if not found:
        raise BadInput("a method has levels", where=page.where("levels"))
    bounds = [one.least for one in found]
    colours = [COLOURS.index(one.colour) for one in found]
    if formula == "product" and (bounds != sorted(set(bounds), reverse=True) or bounds[-1] > 0):
        raise BadInput(
            "levels stand with the gravest first, and the last begins at 0", where=page.where("levels"), found=bounds
        )
    if colours != sorted(colours):
        raise BadInput("a level has no graver colour than the one above it", where=page.where("levels"))
    return tuple(found)


def _level(entry: At, formula: Formula) -> Level:
    keys(entry, ("id", "colour", "title", "from", "above"))
    colour = cast("Colour", choice(entry, "colour", COLOURS))
    name, title = text(entry, "id"), words_of(entry, "title")
    if formula == "declared":
        return Level(name, colour, title, math.nan)
    if ("from" in entry) == ("above" in entry):
        raise BadInput(
            "a level says from where on it holds: from, or above", where=entry.where(), allowed=("from: 160",)
        )
    return Level(name, colour, title, number(entry, "from" if "from" in entry else "above"), is_above="above" in entry)
