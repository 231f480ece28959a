"""Prices that the one who plans brings along: a table (CSV, Excel) or YAML, put into a catalogue.

A table has the columns ``remedy``, ``price`` and, when wanted, ``unit``, ``dated`` (a day) and ``source``; in Chinese
``措施``, ``单价``, ``单位``, ``价格日期``, ``来源``. YAML is a mapping of remedies to the same keys.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from tulou.indicators.rulebook.reading import Faults, at, keys
from tulou.kernel import units
from tulou.kernel.documents import At, read_document
from tulou.kernel.errors import BadInput
from tulou.kernel.identity import digest_file
from tulou.plan.remedies.content import GIVEN, Catalogue, Price, Remedy
from tulou.sources import cells
from tulou.sources.mapping import TableMapping
from tulou.sources.tables import csv_text
from tulou.sources.tables.grid import Grid, joined_heads

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "remedy": ("remedy", "id", "措施", "措施编号"),
    "price": ("price", "amount", "单价", "价格"),
    "unit": ("unit", "单位", "计价单位"),
    "dated": ("dated", "date", "on", "价格日期", "日期"),
    "source": ("source", "来源"),
}
"""Headings of a table of prices."""
NEEDED = ("remedy", "price")
BOOKS = (".xlsx", ".xlsm", ".xls")
PAGES = (".yaml", ".yml")


@dataclass(frozen=True)
class Prices:
    """A catalogue with prices brought along.

    Args:
        catalogue: The catalogue, priced.
        file: Name of the file the prices came from; empty for none.
        digest: SHA-256 of the file.
        priced: Remedies it priced.
    """

    catalogue: Catalogue
    file: str = ""
    digest: str = ""
    priced: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Line:
    where: str
    cells: Mapping[str, Any]


def read_prices(path: Path, catalogue: Catalogue) -> Prices:
    """Put the prices of a file into a catalogue.

    Args:
        path: CSV, Excel or YAML.
        catalogue: The catalogue.

    Raises:
        BadInput: With every fault: a remedy that is not in the catalogue, no number, a unit that does not fit.
    """
    if not path.is_file():
        beside = sorted(other.name for other in path.parent.glob("[!.]*")) if path.parent.is_dir() else []
        raise BadInput("there is no such file", where="--prices", found=path.name, allowed=beside)
    faults, found = Faults(), dict[str, Price]()
    for line in _lines(path):
        with faults.kept(line.where):
            remedy = _remedy(line, catalogue)
            if remedy.id in found:
                raise BadInput("this remedy is priced twice", where=line.where, found=remedy.id)
            found[remedy.id] = _price(line, remedy, path.name)
    faults.raise_any()
    if not found:
        raise BadInput("no row can be kept", where=path.name)
    priced = {
        name: replace(remedy, cost=replace(remedy.cost, price=found.get(name, remedy.cost.price)))
        for name, remedy in catalogue.remedies.items()
    }
    return Prices(replace(catalogue, remedies=priced), path.name, digest_file(path), tuple(sorted(found)))


def _lines(path: Path) -> Iterator[_Line]:
    if path.suffix.lower() in PAGES:
        page = read_document(path, path.name)
        for name, entry in page.items():
            where = page.where(name)
            if isinstance(entry, At):
                keys(entry, ("price", "unit", "dated", "source"))
                yield _Line(where, {"remedy": name, **entry})
            else:
                yield _Line(where, {"remedy": name, "price": entry})
        return
    grid = _grid(path)
    if grid.ragged:
        row = grid.first + grid.ragged[0] - 1
        raise BadInput("a row has more or fewer cells than the header", where=f"{path.name}:{row}")
    heads = [head.strip().lower() for head in joined_heads(grid.heads)]
    places = {name: next((heads.index(word) for word in words if word in heads), -1) for name, words in COLUMNS.items()}
    for name in NEEDED:
        if places[name] < 0:
            raise BadInput("the table has no such column", where=path.name, found=name, allowed=[h for h in heads if h])
    columns = {name: grid.columns[place].to_pylist() for name, place in places.items() if place >= 0}
    for row in range(len(columns["remedy"])):
        told = {name: values[row] for name, values in columns.items()}
        if any(str(value or "").strip() for value in told.values()):
            yield _Line(f"{path.name}:{grid.first + row}", told)


def _grid(path: Path) -> Grid:
    if path.suffix.lower() in BOOKS:
        found: Grid = import_module("tulou.sources.tables.excel").read_grid(path, TableMapping(""))
        return found
    return csv_text.read_grid(path, TableMapping(""))


def _remedy(line: _Line, catalogue: Catalogue) -> Remedy:
    asked = str(line.cells.get("remedy") or "").strip()
    for remedy in catalogue.remedies.values():
        if asked in {remedy.id, remedy.title.zh, remedy.title.en}:
            return remedy
    raise BadInput("there is no such remedy", where=line.where, found=asked, allowed=sorted(catalogue.remedies))


def _price(line: _Line, remedy: Remedy, file: str) -> Price:
    amount = _number(line)
    unit = str(line.cells.get("unit") or "").strip()
    wanted = remedy.cost.unit
    if unit:
        with at(line.where):
            amount *= units.factor(unit, wanted)
    source = str(line.cells.get("source") or "").strip()
    return Price(amount, wanted, _day(line), source or file, GIVEN)


def _number(line: _Line) -> float:
    asked = line.cells.get("price")
    if isinstance(asked, str):
        asked = cells.number(asked)
    if isinstance(asked, bool) or not isinstance(asked, (int, float)) or not math.isfinite(asked) or asked < 0:
        raise BadInput(
            "a price is a number from 0 on", where=line.where, found=line.cells.get("price"), allowed=("350000",)
        )
    return float(asked)


def _day(line: _Line) -> date | None:
    asked = line.cells.get("dated")
    if asked is None or isinstance(asked, date):
        return asked
    found = cells.day(str(asked)) if str(asked).strip() else None
    if found is None and str(asked).strip():
        raise BadInput("this is not a day", where=line.where, found=asked, allowed=("a day like 2026-01-29",))
    return found
