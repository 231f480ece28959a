"""The connector of tables: CSV and Excel, with a mapping file or as filled import templates."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import ModuleType

from tulou.kernel.errors import BadInput
from tulou.kernel.facts import Extract
from tulou.kernel.provenance import Quality
from tulou.sources.build import Built, build
from tulou.sources.expected import Expected
from tulou.sources.extracts import extract_of
from tulou.sources.headings import mapping_by_headings
from tulou.sources.mapping import MappingFile, TableMapping
from tulou.sources.tables import csv_text
from tulou.sources.tables.grid import Grid, joined_heads, table_of

NAME = "tables"
BOOKS = (".xlsx", ".xlsm", ".xls")


def read_tables(
    path: Path,
    *,
    mapping: MappingFile | None = None,
    expected: Expected | None = None,
    datum: str = "",
    entity: str = "",
) -> Extract:
    """Read a CSV file or the sheets of a workbook.

    Args:
        path: The file.
        mapping: How its columns become attributes; without it, the file must be a filled import template.
        expected: The data dictionary; needed without a mapping, and else gives units, types and allowed values.
        datum: Datum stated by the caller, where the mapping states none.
        entity: Entity the rows are about, where there is no mapping and no name says it.

    Raises:
        BadInput: When the file is damaged, hostile, wrongly encoded, or does not fit the mapping.
    """
    quality = Quality()
    if mapping is None:
        tables = _template_tables(path, expected, entity)
    else:
        tables = [(table, _grid(path, table)) for table in mapping.tables]
    built: list[Built] = []
    for table, grid in tables:
        raw = table_of(grid, table, quality)
        described = expected[table.entity] if expected is not None else None
        built.append(build(raw, replace(table, datum=table.datum or datum), described, quality))
    return extract_of(path, built, quality, connector=NAME, mapping=mapping)


def _grid(path: Path, table: TableMapping) -> Grid:
    if path.suffix.lower() in BOOKS:
        found: Grid = _excel().read_grid(path, table)
        return found
    return csv_text.read_grid(path, table)


def _excel() -> ModuleType:
    """The reader of workbooks, whose library is an extra."""
    return import_module("tulou.sources.tables.excel")


def _template_tables(path: Path, expected: Expected | None, entity: str) -> list[tuple[TableMapping, Grid]]:
    """Each sheet of a workbook, or the one table of a CSV file, mapped by its headings."""
    if expected is None:
        raise BadInput("this table needs a mapping file", where=path.name)
    if path.suffix.lower() not in BOOKS:
        grid = _grid(path, TableMapping(""))
        return [(mapping_by_headings(_headings(grid), expected, (entity, path.stem), path.name), grid)]
    found = []
    for name in _excel().sheet_names(path):
        grid = _grid(path, TableMapping("", sheet=name))
        rule = mapping_by_headings(_headings(grid), expected, (entity, name, path.stem), grid.name)
        found.append((replace(rule, sheet=name), grid))
    return found


def _headings(grid: Grid) -> list[str]:
    return [name for name in joined_heads(grid.heads) if name.strip()]
