"""Excel: sheets with merged headers, checked before they are opened for the tricks that make a small file huge."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from tulou.kernel.errors import BadInput, MissingExtra
from tulou.sources import archive, limits
from tulou.sources.cells import key_of
from tulou.sources.mapping import TableMapping
from tulou.sources.tables.grid import Grid
from tulou.sources.tables.notes import AIDS

try:
    import python_calamine as calamine
except ImportError:
    raise MissingExtra("python-calamine", "tables") from None

OLD_MAGIC = b"\xd0\xcf\x11\xe0"
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,4})(\d{1,9})"')
_ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*?\br="(\d{1,12})"')
_LETTERS = 26
"""Digits of column names: A to Z."""
_OVERLAP = 256


def sheet_names(path: Path) -> list[str]:
    """Names of the sheets of a workbook, explanations left out.

    Raises:
        BadInput: When it is no whole workbook, or hostile.
    """
    book = _opened(path)
    return [name for name in book.sheet_names if name not in AIDS]


def read_grid(path: Path, rule: TableMapping) -> Grid:
    """Read one sheet as a grid of texts.

    Args:
        path: The workbook.
        rule: Its mapping, for the sheet, the rows above the header and the header rows.

    Raises:
        BadInput: Damaged, hostile, empty, or without the sheet.
    """
    book = _opened(path)
    names = [name for name in book.sheet_names if name not in AIDS]
    if rule.sheet and rule.sheet not in names:
        raise BadInput("the workbook has no such sheet", where=path.name, found=rule.sheet, allowed=names)
    if not names:
        raise BadInput("the workbook has no sheet", where=path.name)
    name = rule.sheet or names[0]
    try:
        sheet = book.get_sheet_by_name(name)
        rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)
        merged = sheet.merged_cell_ranges or []
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise BadInput(f"the sheet cannot be read: {error}", where=f"{path.name}/{name}") from None
    return grid_of_rows(rows, merged, rule, f"{path.name}/{name}")


def grid_of_rows(
    rows: list[list[Any]], merged: Sequence[tuple[tuple[int, int], tuple[int, int]]], rule: TableMapping, name: str
) -> Grid:
    """Split rows into header and body; merged header cells are repeated over what they span."""
    if not rows or not rows[0]:
        raise BadInput("the sheet is empty", where=name)
    if len(rows[0]) > limits.MOST_COLUMNS:
        raise BadInput("too many columns", where=name, found=len(rows[0]), allowed=(f"at most {limits.MOST_COLUMNS}",))
    last = rule.skip + rule.header
    texts = [[cell_text(cell) for cell in row] for row in rows]
    for corner, opposite in merged:
        _repeat(texts, corner, opposite, last)
    heads = texts[rule.skip : last]
    if len(heads) < rule.header or len(texts) <= last:
        raise BadInput("the sheet has no rows below its header", where=name, found=f"{len(texts)} rows")
    body = list(zip(*texts[last:], strict=True))
    columns = [pa.chunked_array([pa.array(column, pa.string())]) for column in body]
    return Grid(name, tuple(map(tuple, heads)) or (rule.names,), columns, last + 1)


def _repeat(texts: list[list[str]], corner: tuple[int, int], opposite: tuple[int, int], last: int) -> None:
    """Repeat a merged cell over what it spans: all of it above row ``last``, and below when it is one column wide."""
    (top, left), (bottom, right) = corner, opposite
    bottom, is_narrow = min(bottom, len(texts) - 1), left == right
    right = min(right, len(texts[0]) - 1)
    if left > right:
        return
    for row in range(top, (bottom if is_narrow else min(bottom, last - 1)) + 1):
        texts[row][left : right + 1] = [texts[top][left]] * (right + 1 - left)


def cell_text(cell: object) -> str:
    """One cell as text: whole numbers without a point, days as ISO dates."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return key_of(cell) or ""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time | timedelta):
        return str(cell)
    return "" if cell is None else str(cell)


def _opened(path: Path) -> calamine.CalamineWorkbook:
    limits.size_of(path, limits.MOST_BOOK_BYTES)
    check_book(path)
    try:
        return calamine.load_workbook(path)
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise BadInput(f"not a whole workbook: {error}", where=path.name) from None


def check_book(path: Path) -> None:
    """Refuse a workbook that defines entities, unpacks to too much, or spans an absurd rectangle.

    Raises:
        BadInput: With the member that is at fault.
    """
    with path.open("rb") as stream:
        if stream.read(len(OLD_MAGIC)) == OLD_MAGIC:
            return
    with archive.opened(path) as book:
        for member in book.infolist():
            if member.filename.endswith((".xml", ".rels")):
                _check_xml(book, member, path.name)


def _check_xml(book: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> None:
    is_sheet = "worksheets/sheet" in member.filename.lower()
    far_row, far_column = 0, 0
    tail = b""
    where = f"{name}/{member.filename}"
    for piece in archive.pieces(book, member.filename, name, limits.MOST_SHEET_BYTES):
        text = tail + piece
        if _ENTITY.search(text):
            raise BadInput("the workbook defines XML entities, which no spreadsheet does", where=where)
        if is_sheet:
            far_row = max(far_row, max(map(int, _ROW.findall(text)), default=0))
            cells = set(_CELL.findall(text))
            far_row = max(far_row, max((int(row) for _, row in cells), default=0))
            far_column = max(far_column, max((_column_number(letters) for letters, _ in cells), default=0))
        tail = text[-_OVERLAP:]
    if far_row * far_column > limits.MOST_SHEET_CELLS:
        raise BadInput(
            "the sheet spans an absurd rectangle",
            where=where,
            found=f"{far_row} rows, {far_column} columns",
            allowed=(f"at most {limits.MOST_SHEET_CELLS} cells",),
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * _LETTERS + letter - ord("A") + 1
    return number
