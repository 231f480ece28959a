"""Spreadsheets: a table of units (the cities of a province, say) scored by a recipe that names its columns.

The recipe is a file of its own, written like a composite of a rulebook, with the heading that names the units and the
parameters (targets, goalposts) it needs. Nothing of the table is known beforehand, so every component says whether more
or less of it is better.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import numpy as np
import pyarrow as pa

from tulou.diagnosis.composite.averages import leaves
from tulou.diagnosis.composite.read import read_composite
from tulou.diagnosis.composite.recipe import Component, Composite
from tulou.indicators.evaluate.results import SCHEMA
from tulou.indicators.evaluate.verdict import NOT_ASSESSED
from tulou.indicators.rulebook.content import Indicator, Parameter
from tulou.indicators.rulebook.parameters import read_parameters
from tulou.indicators.rulebook.reading import Faults, day, entries, mapping, text
from tulou.indicators.rulebook.vocabulary import Vocabulary
from tulou.kernel.declaration import Measure
from tulou.kernel.documents import At
from tulou.kernel.errors import BadInput
from tulou.kernel.registry import Registry
from tulou.kernel.words import Words
from tulou.model.dictionary import Dictionary
from tulou.sources.cells import is_missing
from tulou.sources.cells import number as number_of

Rows = Sequence[Mapping[str, str | None]]

KEYS = ("name", "unit", "unit_name", "peers", "day", "parameters")
"""What a recipe for a table says beside a composite: its own name, the headings of the units, of their names and of
what makes them peers, the day whose parameters hold, and the parameters."""
OF_COMPONENTS = ("per",)
"""Heading of what a column is divided by."""
PLAIN = "1"
FIRST_ROW = 2
"""Rows of a spreadsheet are counted with the headings as row 1."""


@dataclass(frozen=True)
class Columns:
    """The columns of a table as what a recipe names: indicators without a unit.

    Args:
        indicators: One a column.
        parameters: Those of the recipe.
    """

    indicators: Mapping[str, Indicator]
    parameters: Mapping[str, Parameter]


@dataclass(frozen=True, eq=False)
class Scoreable:
    """A table made ready to be scored.

    Args:
        composite: What is made.
        rules: Its columns and parameters.
        results: The figures, shaped like the results of a check.
        above: What makes units peers, by unit.
    """

    composite: Composite
    rules: Columns
    results: pa.Table
    above: Mapping[str, str]


def spreadsheet(rows: Rows, page: At, file: str) -> Scoreable:
    """Read a table by a recipe.

    Args:
        rows: Rows of the table by heading; cells as texts.
        page: The recipe.
        file: Name of the table, for messages.

    Raises:
        BadInput: With every fault of the recipe, each with file and line; else with the cells that are no numbers.
    """
    if not rows:
        raise BadInput("the table has no rows", where=file)
    headings = tuple(rows[0])
    faults = Faults()
    name = text(page, "name")
    rules = Columns(
        {heading: _indicator(heading, text(page, "level")) for heading in headings}, _parameters(page, name, faults)
    )
    unit, named, peers = (_heading(page, key, headings, faults) for key in ("unit", "unit_name", "peers"))
    per = dict(_divisors(page, headings, faults))
    composite = read_composite(name, page, rules, faults, more_keys=KEYS, more_of_components=OF_COMPONENTS)
    faults.raise_any()
    components = [part for part in leaves(composite.top) if isinstance(part, Component)]
    if len({one.indicator for one in components}) < len(components):
        raise BadInput("a column may stand in a recipe once", where=page.where("of"))
    ids = _ids(rows, unit, file)
    figures = {one.indicator: _figures(rows, one.indicator, per.get(one.indicator, ""), file) for one in components}
    above = {one: str(row[peers] or "") for one, row in zip(ids, rows, strict=True)} if peers else {}
    names = [str(row[named] or one) if named else one for one, row in zip(ids, rows, strict=True)]
    return Scoreable(composite, rules, _results(ids, names, figures, composite.level, file), MappingProxyType(above))


def day_of(page: At) -> date | None:
    """The day whose parameters hold, as the recipe says; None when it says none."""
    return day(page, "day") if "day" in page else None


def _indicator(heading: str, level: str) -> Indicator:
    title = Words(heading, heading)
    return Indicator(
        id=heading, code="", lists=(), title=title, question=title, dimension="", level=level, unit=PLAIN,
        better="neither", variants=(), clauses=(), basis=(), evidence="memory", verified=None, note=None, severity="",
        checks=(), where="", rulebook="",
    )  # fmt: skip


def _parameters(page: At, name: str, faults: Faults) -> Mapping[str, Parameter]:
    held = Vocabulary(Dictionary({}), Registry[Measure]("measure"))
    read_parameters(mapping(page, "parameters", needed=False), held, name, faults)
    return held.parameters


def _heading(page: At, key: str, headings: Sequence[str], faults: Faults) -> str:
    """A heading that the recipe names; empty when it may be absent."""
    with faults.kept(page.where(key)):
        found = text(page, key, needed=key == "unit")
        return _known(headings, found, page.where(key)) if found else ""
    return ""


def _known(headings: Sequence[str], name: str, where: str) -> str:
    if name not in headings:
        raise BadInput("the table has no such column", where=where, found=name, allowed=headings)
    return name


def _divisors(entry: At, headings: Sequence[str], faults: Faults) -> Iterator[tuple[str, str]]:
    """What each column is divided by, all the way down."""
    for one in entries(entry, "of"):
        if "per" in one:
            with faults.kept():
                yield text(one, "indicator"), _known(headings, text(one, "per"), one.where("per"))
        yield from _divisors(one, headings, faults)


def _ids(rows: Rows, unit: str, file: str) -> list[str]:
    found = [(row[unit] or "").strip() for row in rows]
    for place, one in enumerate(found):
        where = f"{file}:{place + FIRST_ROW}"
        if not one:
            raise BadInput("this row does not say which unit it is about", where=where, allowed=(unit,))
        if one in found[:place]:
            raise BadInput("two rows are about the same unit", where=where, found=one)
    return found


def _figures(rows: Rows, column: str, divisor: str, file: str) -> list[float | None]:
    above = [_number(row[column], f"{file}:{place}", column) for place, row in enumerate(rows, FIRST_ROW)]
    if not divisor:
        return above
    below = [_number(row[divisor], f"{file}:{place}", divisor) for place, row in enumerate(rows, FIRST_ROW)]
    return [None if one is None or not by else one / by for one, by in zip(above, below, strict=True)]


def _number(cell: str | None, where: str, column: str) -> float | None:
    """A cell as a number; None for what says *unknown*. A divisor of 0 has no quotient, which is unknown too."""
    if cell is None or is_missing(cell):
        return None
    found = number_of(cell)
    if found is None or not np.isfinite(found):
        raise BadInput("this cell is not a number", where=f"{where} {column}", found=cell, allowed=("12.5", "NA"))
    return found


def _results(
    ids: list[str], names: list[str], figures: Mapping[str, list[float | None]], level: str, file: str
) -> pa.Table:
    blank = dict.fromkeys(SCHEMA.names)
    made = [
        blank
        | {
            "check": file, "unit": unit, "unit_name": name, "level": level, "indicator": column, "variant": "",
            "value": values[place], "status": NOT_ASSESSED if values[place] is None else "reference", "reason": "",
            "rows": 1, "estimate": False, "complete": True,
        }
        for column, values in figures.items()
        for place, (unit, name) in enumerate(zip(ids, names, strict=True))
    ]  # fmt: skip
    return pa.Table.from_pylist(made, SCHEMA)
