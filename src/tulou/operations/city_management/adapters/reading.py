"""Pages of a rulebook about city management: ``city_management/*.yaml``, a later rulebook over those it extends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from tulou.indicators.rulebook.folders import chain
from tulou.indicators.rulebook.reading import (
    Faults,
    choice,
    day,
    entries,
    keys,
    looked_up,
    mapping,
    number,
    text,
    texts,
)
from tulou.kernel.documents import At, read_document
from tulou.kernel.errors import BadInput
from tulou.kernel.words import Words
from tulou.model.dictionary import words_of
from tulou.operations.city_management.domain.cells import GridRule
from tulou.operations.city_management.domain.counting import COUNTS, RateRule
from tulou.operations.city_management.domain.formulas import (
    NATURES,
    TERM_KINDS,
    WAYS,
    Formula,
    Nature,
    Points,
    Share,
    Term,
    Way,
)
from tulou.operations.city_management.domain.records import Reading, StageRule

FOLDER = "city_management"
GRADES = ("sourced", "derived", "memory")
VALUE_KEYS = ("title", "unit", "value", "source", "evidence")
GRID_UNITS = {"size": "m2", "least": "m2", "most": "m2", "width": "m", "tolerance": "m2", "across": "m2"}


def pages(names: Sequence[str], pattern: str) -> Iterator[At]:
    """Pages of some rulebooks, those of a rulebook after those it extends.

    Args:
        names: The rulebooks.
        pattern: Which pages of the folder ``city_management``.
    """
    for folder, _ in chain(list[str | Path](names)):
        for path in sorted((folder / FOLDER).glob(pattern)):
            yield read_document(path, f"{folder.name}/{path.relative_to(folder)}")


def read_grid_rule(names: Sequence[str]) -> GridRule:
    """How large cells are, and from what size on a fault counts.

    Raises:
        BadInput: With every fault, each with file and line.
    """
    faults, values = Faults(), dict[str, float]()
    for page in pages(names, "grid.yaml"):
        with faults.kept(page.where()):
            keys(page, GRID_UNITS)
        for name in [one for one in page if one in GRID_UNITS]:
            with faults.kept(page.where(name)):
                values[name] = _value(mapping(page, name), GRID_UNITS[name])
    faults.raise_any()
    missing = [name for name in GRID_UNITS if name not in values]
    if missing:
        raise BadInput("the unit grid lacks a value", where=f"{FOLDER}/grid.yaml", allowed=missing)
    return GridRule(**values)


def _value(entry: At, unit: str) -> float:
    keys(entry, VALUE_KEYS)
    words_of(entry, "title")
    choice(entry, "unit", (unit,))
    choice(entry, "evidence", GRADES)
    text(entry, "source")
    found = number(entry, "value")
    if not found > 0:
        raise BadInput("a size is above zero", where=entry.where("value"), found=found)
    return found


@dataclass(frozen=True)
class Rules:
    """How cases are read and what is counted of them.

    Args:
        reading: How cases are read.
        rates: Rates in order.
    """

    reading: Reading
    rates: tuple[RateRule, ...]


def read_rules(names: Sequence[str]) -> Rules:
    """How cases are read and what is counted of them; the last rulebook that says so counts.

    Raises:
        BadInput: With every fault, each with file and line.
    """
    faults, found = Faults(), list[Rules]()
    for page in pages(names, "indicators.yaml"):
        with faults.kept(page.where()):
            keys(page, ("flow", "stages", "moves", "judged", "rates"))
            found.append(Rules(_reading(page, faults), _rates(page, faults)))
    faults.raise_any()
    if not found:
        raise BadInput("no rulebook says what is counted of cases", where=f"{FOLDER}/indicators.yaml")
    return found[-1]


def _reading(page: At, faults: Faults) -> Reading:
    stages, table = dict[str, StageRule](), mapping(page, "stages")
    for name in table:
        with faults.kept(table.where(name)):
            entry = mapping(table, name)
            keys(entry, ("title", "clock", "else", "asked", "done", "after"))
            for key in ("after", "else"):
                looked_up(["", *table], text(entry, key, needed=False), "stage", entry.where(key))
            stages[name] = StageRule(
                name, words_of(entry, "title"), text(entry, "clock"), texts(entry, "asked"), texts(entry, "done"),
                text(entry, "after", needed=False), text(entry, "else", needed=False),
            )  # fmt: skip
    moves = mapping(page, "moves")
    return Reading(
        text(page, "flow"), stages, {name: texts(moves, name) for name in moves}, text(page, "judged", needed=False)
    )


def _rates(page: At, faults: Faults) -> tuple[RateRule, ...]:
    found: list[RateRule] = []
    for entry in entries(page, "rates"):
        with faults.kept(entry.where()):
            keys(entry, ("id", "title", "numerator", "denominator", "better", "source", "evidence"))
            above, below = (
                looked_up(COUNTS, text(entry, key), "count", entry.where(key)) for key in ("numerator", "denominator")
            )
            grade = choice(entry, "evidence", GRADES)
            better = choice(entry, "better", WAYS)
            name = text(entry, "id")
            found.append(RateRule(name, words_of(entry, "title"), above, below, better, text(entry, "source"), grade))
    return tuple(found)


def read_formulas(names: Sequence[str]) -> dict[str, Formula]:
    """Composite scores that cities publish, by id.

    Raises:
        BadInput: With every fault, each with file and line.
    """
    faults, found = Faults(), dict[str, Formula]()
    for page in pages(names, "formulas/*.yaml"):
        with faults.kept(page.where()):
            keys(page, ("formulas",))
            for entry in entries(page, "formulas"):
                with faults.kept(entry.where()):
                    made = _formula(entry, faults)
                    found[made.id] = made
    faults.raise_any()
    return found


def _formula(entry: At, faults: Faults) -> Formula:
    keys(entry, ("id", "title", "source", "evidence", "checked_on", "counts", "terms"))
    day(entry, "checked_on")
    table = mapping(entry, "counts")
    counts, natures = dict[str, Words](), dict[str, Nature]()
    for name in table:
        with faults.kept(table.where(name)):
            one = mapping(table, name)
            keys(one, ("title", "nature"))
            counts[name] = words_of(one, "title")
            natures[name] = cast("Nature", choice(one, "nature", NATURES))
    terms: list[Term] = []
    for one in entries(entry, "terms"):
        with faults.kept(one.where()):
            term = _share(one) if choice(one, "kind", TERM_KINDS) == "share" else _points(one)
            for name in term.counts:
                looked_up(counts, name, "count", one.where())
            terms.append(term)
    grade = choice(entry, "evidence", GRADES)
    return Formula(
        text(entry, "id"), words_of(entry, "title"), tuple(terms), counts, natures, text(entry, "source"), grade
    )


def _share(entry: At) -> Share:
    keys(entry, ("id", "title", "kind", "points", "numerator", "denominator", "way"))
    way = cast("Way", choice(entry, "way", WAYS))
    above, below = text(entry, "numerator"), text(entry, "denominator")
    return Share(text(entry, "id"), words_of(entry, "title"), number(entry, "points"), above, below, way)


def _points(entry: At) -> Points:
    keys(entry, ("id", "title", "kind", "start", "parts", "over", "least", "most"))
    missing = [key for key in ("least", "most") if key not in entry]
    if missing:
        raise BadInput("a term says its bounds, or null for none", where=entry.where(), allowed=missing)
    parts = dict[str, float]()
    for one in entries(entry, "parts"):
        keys(one, ("each", "count"))
        parts[text(one, "count")] = number(one, "each")
    least, most = (None if entry[key] is None else number(entry, key) for key in ("least", "most"))
    return Points(
        text(entry, "id"), words_of(entry, "title"), number(entry, "start"), parts, texts(entry, "over"), least, most
    )
