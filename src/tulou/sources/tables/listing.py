"""A table as plain rows by heading: for tables that are not facts about a city, such as a list of indicators."""

from __future__ import annotations

from pathlib import Path

from tulou.kernel.errors import BadInput
from tulou.kernel.provenance import Quality
from tulou.sources.mapping import TableMapping
from tulou.sources.tables import csv_text
from tulou.sources.tables.grid import table_of

BOOKS = (".xlsx", ".xlsm", ".xls")
TEXTS = (".csv", ".tsv", ".txt")


def read_rows(path: Path, *, sheet: str = "", header: int = 1) -> list[dict[str, str | None]]:
    """Rows of a CSV file or of one sheet of a workbook, each by its headings; empty and total rows left out.

    Args:
        path: The file.
        sheet: Sheet of a workbook; the first by default.
        header: Number of header rows.

    Raises:
        BadInput: When the file is damaged, hostile, empty, or of another kind.
    """
    rule = TableMapping("", sheet=sheet, header=header)
    if path.suffix.lower() in BOOKS:
        from tulou.sources.tables import excel  # brings the extra 'tables'

        grid = excel.read_grid(path, rule)
    elif path.suffix.lower() in TEXTS:
        grid = csv_text.read_grid(path, rule)
    else:
        raise BadInput("not a table", where=path.name, found=path.suffix, allowed=(*BOOKS, *TEXTS))
    raw = table_of(grid, rule, Quality())
    columns = {name: column.to_pylist() for name, column in raw.columns.items()}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
