"""Small tables of measurements: named columns of numbers, days and texts, in the units that their headings state."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import inf, nan
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput, Fault
from tulou.kernel.identity import digest_file
from tulou.sources import cells, encodings, limits

Array = NDArray[np.float64]
MOST_FAULTS = 20
"""Faults told at once; more say nothing new."""
_UNIT_AT_END = re.compile(r"^(.*?)\s*[(\[]([^()\[\]]+)[)\]]$")
_UNIT_WORDS = (("μ", "u"), ("µ", "u"), ("微克", "ug"), ("毫克", "mg"), ("毫伏", "mV"), ("立方米", "m3"), ("升", "L"))


@dataclass(frozen=True)
class Wanted:
    """A column that may stand in a table.

    Args:
        name: Its name, for the program.
        heads: What it may be called in a heading, in small letters.
        kind: ``number``, ``day`` or ``text``.
        unit: Unit of its numbers.
        least: Smallest number allowed.
        is_required: Whether there is no table without it.
    """

    name: str
    heads: tuple[str, ...]
    kind: Literal["number", "day", "text"] = "number"
    unit: str = "1"
    least: float = -inf
    is_required: bool = False


@dataclass(frozen=True, eq=False)
class Columns:
    """What a table held.

    Args:
        numbers: Columns of numbers; NaN where unknown.
        days: Columns of days; every row has one.
        texts: Columns of texts; empty where unknown.
        rows: How many rows there are.
        digest: SHA-256 of the file.
        ignored: Headings that nobody asked for.
    """

    numbers: Mapping[str, Array]
    days: Mapping[str, tuple[date, ...]]
    texts: Mapping[str, tuple[str, ...]]
    rows: int
    digest: str
    ignored: tuple[str, ...] = ()

    def single_days(self, name: str, where: str) -> tuple[date, ...]:
        """A column in which each day stands once.

        Args:
            name: The column.
            where: How messages call the file.

        Raises:
            BadInput: When a day stands there twice.
        """
        seen: set[date] = set()
        for day in self.days[name]:
            if day in seen:
                raise BadInput("a day stands here twice", where=where, found=day.isoformat())
            seen.add(day)
        return self.days[name]


@dataclass(frozen=True)
class _Found:
    """A wanted column, where it stands, and what its numbers are multiplied by."""

    wanted: Wanted
    place: int
    factor: float


def read_columns(path: Path, wanted: Sequence[Wanted], heads: Sequence[str] = ()) -> Columns:
    """Read a CSV table of measurements.

    A heading may state a unit in brackets, ``CO (ug/m3)``; numbers are converted from it. Blank cells are unknown.

    Args:
        path: The file.
        wanted: Columns that may stand in it.
        heads: Headings of a file that has none.

    Raises:
        BadInput: When it is no such table, a needed column is missing, a unit measures something else, or a cell is
            not what its column holds; with every fault, up to a limit.
    """
    limits.size_of(path, limits.MOST_TEXT_BYTES)
    text, _ = encodings.decode(path.read_bytes(), "", path.name)
    try:
        read = enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), 1)
        numbered = [(number, row) for number, row in read if any(map(str.strip, row))]
    except csv.Error as error:
        raise BadInput("this is no table of commas", where=path.name, found=str(error)) from None
    first = 0 if heads else 1
    rows = [row for _, row in numbered]
    named = list(heads) if heads else (rows[0] if rows else [])
    if len(rows) <= first:
        raise BadInput("the table has no rows", where=path.name)
    found = _found(named, wanted, path.name)
    _same_width(numbered[first:], len(named), path.name)
    told = _Told(path.name, [number for number, _ in numbered[first:]], [])
    numbers = {one.wanted.name: _numbers(rows[first:], one, told) for one in found["number"]}
    days = {one.wanted.name: _days(rows[first:], one, told) for one in found["day"]}
    if told.faults:
        raise BadInput.of(told.faults[:MOST_FAULTS])
    texts = {one.wanted.name: tuple(cells.plain(row[one.place]) for row in rows[first:]) for one in found["text"]}
    places = {one.place for some in found.values() for one in some}
    ignored = tuple(head for place, head in enumerate(named) if place not in places)
    return Columns(numbers, days, texts, len(rows) - first, digest_file(path), ignored)


@dataclass(frozen=True)
class _Told:
    """Where faults of cells are told, with the number of each row in the file."""

    name: str
    rows: Sequence[int]
    faults: list[Fault]

    def add(self, what: str, row: int, one: _Found, text: str, allowed: str) -> None:
        where = f"{self.name}: row {self.rows[row]}, {one.wanted.name}"
        self.faults.append(Fault(what, where, text, (allowed,)))


def _found(named: Sequence[str], wanted: Sequence[Wanted], where: str) -> dict[str, list[_Found]]:
    by_head = {head: one for one in wanted for head in (one.name, *one.heads)}
    found: dict[str, list[_Found]] = {"number": [], "day": [], "text": []}
    seen: set[str] = set()
    for place, head in enumerate(named):
        one, unit = _wanted_of(head, by_head)
        if one is None:
            continue
        if one.name in seen:
            raise BadInput("two columns are one attribute", where=where, found=head)
        seen.add(one.name)
        factor = cells.conversion(_plain_unit(unit), one.unit, f"{where}: {head}") if unit else 1.0
        found[one.kind].append(_Found(one, place, factor))
    lacking = [one.name for one in wanted if one.is_required and one.name not in seen]
    if lacking:
        allowed = [head for one in wanted if one.name in lacking for head in (one.name, *one.heads)]
        raise BadInput("a needed column is missing", where=where, found=", ".join(named), allowed=allowed)
    return found


def _wanted_of(head: str, by_head: Mapping[str, Wanted]) -> tuple[Wanted | None, str]:
    text = cells.plain(head)
    if text.lower() in by_head:
        return by_head[text.lower()], ""
    match = _UNIT_AT_END.match(text)
    return (by_head.get(match[1].lower()), match[2]) if match else (None, "")


def _plain_unit(unit: str) -> str:
    for word, plain in _UNIT_WORDS:
        unit = unit.replace(word, plain)
    return unit


def _same_width(rows: Sequence[tuple[int, Sequence[str]]], width: int, where: str) -> None:
    for number, row in rows:
        if len(row) != width:
            raise BadInput(
                "a row has another number of cells than the heading",
                where=f"{where}: row {number}",
                found=len(row),
                allowed=(str(width),),
            )


def _numbers(rows: Sequence[Sequence[str]], one: _Found, told: _Told) -> Array:
    found = np.full(len(rows), nan)
    for number, row in enumerate(rows):
        text = row[one.place]
        if cells.is_missing(text):
            continue
        value = cells.number(text, wanted=one.wanted.unit, factor=one.factor)
        if value is None:
            told.add("this is not a number", number, one, text, f"a number in {one.wanted.unit}")
        elif value < one.wanted.least:
            told.add("this number is too small", number, one, text, f"from {one.wanted.least:g} on")
        else:
            found[number] = value
    return found


def _days(rows: Sequence[Sequence[str]], one: _Found, told: _Told) -> tuple[date, ...]:
    found: list[date] = []
    for number, row in enumerate(rows):
        day = cells.day(row[one.place])
        if day is None:
            told.add("this is not a day", number, one, row[one.place], "a day like 2026-01-29")
        found.append(day or date.min)
    return tuple(found)
