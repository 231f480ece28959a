"""Workbooks: sheets of plain values with a head, the same bytes each time.

Numbers are numbers, unrounded; what is unknown is an empty cell. Text is always text: a name that begins like a formula
is never one.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

from tulou.kernel.atomic import write_bytes
from tulou.kernel.errors import MissingExtra
from tulou.publish.archive import repacked
from tulou.publish.drawing.palette import COLOURS
from tulou.publish.drawing.svg import clean
from tulou.publish.paper.content import Row, Value

try:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties
except ModuleNotFoundError as error:
    raise MissingExtra(error.name or "openpyxl", "report") from None

DATE = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
FONT = "Microsoft YaHei"
"""Named in the cells; offices without it (LibreOffice, WPS on Linux) take their own Chinese font in its place."""

MOST_ROWS = 1_048_575
"""Rows of a sheet below its head."""

A4 = 9
"""The number that stands for A4 in a workbook."""

MOST_STYLED = 2_000
"""Rows of a sheet that carry a style cell by cell; beyond, plain values keep large cities quick."""

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""What a text must not begin with without being marked as text."""

MOST_TEXT = 32_767
"""Characters a cell may hold."""

ABOUT_WIDTHS = (26, 96)
"""Widths of the two columns of the first sheet."""

LONGEST_NAME = 31
"""Characters a name of a sheet may have."""

NOT_IN_NAMES = str.maketrans(dict.fromkeys("/:\\?*[]", " "))
"""Signs a name of a sheet must not hold."""

_TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")

Piece: TypeAlias = Any
"""A piece of a workbook; openpyxl has no types."""


@dataclass
class Book:
    """A workbook in the making.

    Args:
        title: Its title.
    """

    title: str
    _book: Piece = field(default_factory=lambda: Workbook(write_only=True))
    _names: list[str] = field(default_factory=list)

    def about(self, name: str, rows: Iterable[Row], notes: Iterable[str]) -> None:
        """Add the first sheet: what the workbook is.

        Args:
            name: Name of the sheet.
            rows: Names and what is said about them.
            notes: What a reader must know.
        """
        sheet = self._book.create_sheet(self._named(name))
        sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = ABOUT_WIDTHS
        title = _cell(sheet, self.title, size=16, bold=True)
        title.alignment = Alignment(vertical="center")
        sheet.append([title])
        for one, text in rows:
            sheet.append([_cell(sheet, one, bold=True), _cell(sheet, text)])
        for note in notes:
            sheet.append([_cell(sheet, ""), _cell(sheet, note)])

    def sheet(
        self, name: str, head: Sequence[str], widths: Sequence[float], rows: Iterable[Sequence[Value]], empty: str = ""
    ) -> None:
        """Add a sheet.

        Args:
            name: Its name.
            head: Heads of the columns.
            widths: Widths of the columns, in characters.
            rows: One value a column.
            empty: What is said when there are no rows.
        """
        sheet = self._book.create_sheet(self._named(name))
        for place, width in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(place)].width = width
        sheet.freeze_panes = "A2"
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.append([_cell(sheet, words, is_head=True) for words in head])
        count = 0
        for count, row in enumerate(rows, 1):
            if count > MOST_ROWS:
                break
            sheet.append([_cell(sheet, value) if count <= MOST_STYLED else _bare(sheet, value) for value in row])
        if count:
            sheet.auto_filter.ref = f"A1:{get_column_letter(len(head))}{min(count, MOST_ROWS) + 1}"
        elif empty:
            sheet.append([_cell(sheet, empty)])

    def write(self, path: Path) -> None:
        """Write it to a file, whole or not at all."""
        facts = self._book.properties
        facts.creator = facts.lastModifiedBy = "Tulou"
        facts.title, facts.created = clean(self.title), DATE
        stream = io.BytesIO()
        self._book.save(stream)
        fixed = DATE.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
        data = repacked(
            stream.getvalue(), changed={"docProps/core.xml": lambda old: _TIMES.sub(rb"\g<1>" + fixed + rb"\g<2>", old)}
        )
        write_bytes(path, data)

    def _named(self, name: str) -> str:
        """A name that a workbook allows and no other sheet has."""
        short = clean(name).translate(NOT_IN_NAMES)[:LONGEST_NAME].strip() or "-"
        found, number = short, 1
        while found.casefold() in self._names:
            number += 1
            tail = f" {number}"
            found = short[: LONGEST_NAME - len(tail)] + tail
        self._names.append(found.casefold())
        return found


def _cell(
    sheet: Piece,
    value: Value,
    *,
    size: int = 10,
    bold: bool = False,
    is_head: bool = False,
) -> Piece:
    if isinstance(value, float) and not math.isfinite(value):
        value = None
    text = clean(value)[:MOST_TEXT] if isinstance(value, str) else value
    cell = WriteOnlyCell(sheet, value=text)
    if isinstance(text, str):
        cell.data_type = "s"
        cell.quotePrefix = text.startswith(FORMULA_SIGNS)
    cell.font = _FONTS[size, bold or is_head]
    cell.alignment = _HEAD if is_head else _BODY
    if is_head:
        cell.border, cell.fill = _RULE, _SHADE
    return cell


def _bare(sheet: Piece, value: Value) -> Piece:
    """A value without a style; texts that could be taken for something else still become cells."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, str):
        text = clean(value)[:MOST_TEXT]
        return _cell(sheet, text) if text.startswith((*FORMULA_SIGNS, "#")) else text
    return value


_FONTS = {(size, bold): Font(name=FONT, size=size, bold=bold) for size in (10, 16) for bold in (False, True)}
_HEAD = Alignment(vertical="center", wrap_text=True)
_BODY = Alignment(vertical="top", wrap_text=True)
_RULE = Border(bottom=Side("medium", color="FF" + COLOURS["ink"][0].lstrip("#")))
_SHADE = PatternFill("solid", fgColor="FF" + COLOURS["land"][0].lstrip("#"))
