"""Tables of offices by the columns they need, under an English or a Chinese heading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tulou.kernel.errors import BadInput
from tulou.sources.tables.listing import read_rows

FIRST_ROW = 2
"""Number of the first row below the headings, as a spreadsheet shows it."""


@dataclass(frozen=True)
class Columns:
    """What a table holds.

    Args:
        names: Other headings of each column by its own name.
        needed: Columns that must be there.
    """

    names: Mapping[str, tuple[str, ...]]
    needed: tuple[str, ...]

    def found_in(self, headings: Mapping[str, object], where: str) -> dict[str, str]:
        """Heading of each column that is there.

        Raises:
            BadInput: When one that is needed is not.
        """
        told = {heading.strip().lower(): heading for heading in headings}
        found = {name: told[one] for name, others in self.names.items() for one in (name, *others)[::-1] if one in told}
        lacking = [name for name in self.needed if name not in found]
        if lacking:
            raise BadInput("this table lacks a column", where=where, found=", ".join(headings), allowed=lacking)
        return found


def rows_of(path: Path, columns: Columns) -> Iterator[tuple[str, dict[str, str]]]:
    """Rows of a CSV file or workbook, each with its place and a text for each column; empty where nothing stands.

    Args:
        path: The file.
        columns: What it holds.

    Raises:
        BadInput: When the file is damaged or hostile, or lacks a column.
    """
    rows = read_rows(path)
    if not rows:
        return
    at = columns.found_in(rows[0], path.name)
    for number, row in enumerate(rows, FIRST_ROW):
        texts = {name: row[at[name]] if name in at else None for name in columns.names}
        yield f"{path.name}:{number}", {name: (text or "").strip() for name, text in texts.items()}
