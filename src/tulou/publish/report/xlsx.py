"""The report as an Excel workbook: the lists of the appendices as sheets, numbers as numbers.

A spreadsheet cannot carry a font, so the cells name one that every office program replaces well. Text is always text:
a name that begins like a formula is never one.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

from tulou.kernel.atomic import write_bytes
from tulou.kernel.errors import MissingExtra
from tulou.publish.archive import repacked
from tulou.publish.drawing.palette import COLOURS
from tulou.publish.drawing.svg import clean
from tulou.publish.report.content import ReportModel
from tulou.publish.report.tables import ADVICE_COLUMNS, PROJECT_COLUMNS, advice_rows, status_text
from tulou.publish.words import say

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

WIDTHS = {"indicator": 34, "problem": 34, "objects": 34, "existing_problem": 40, "area": 34, "reason": 60, "basis": 36}
WIDTH = 15.0
ABOUT_WIDTHS = (26, 96)
"""Widths of the two columns of the first sheet."""
STATISTICS = (
    "number", "dimension", "level", "code", "id", "indicator", "result", "measured_in", "mark", "status", "known",
    "low", "high", "estimate", "basis", "evidence", "reason",
)  # fmt: skip
PROBLEMS = (
    "dimension",
    "number",
    "indicator",
    "level",
    "result",
    "problem",
    "place",
    "objects",
    "people",
    "cause",
    "owner",
)
UNITS = (
    "indicator",
    "id",
    "level",
    "unit",
    "unit_id",
    "result",
    "measured_in",
    "status",
    "known",
    "numerator",
    "denominator",
    "reason",
)
VARIANTS = ("indicator", "variant", "result", "measured_in", "mark", "status", "reason")
_TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")

Part: TypeAlias = Any
"""A piece of a workbook; openpyxl has no types."""

Value: TypeAlias = str | float | int | bool | None


def write_xlsx(model: ReportModel, path: Path) -> None:
    """Write the report as an Excel workbook.

    Raises:
        MissingExtra: When openpyxl is not installed.
    """
    book = Workbook(write_only=True)
    book.properties.creator = book.properties.lastModifiedBy = "Tulou"
    book.properties.title = clean(model.title)
    book.properties.created = DATE
    _about(book, model)
    _sheet(book, "statistics", STATISTICS, _statistics(model), model)
    _sheet(book, "problems", PROBLEMS, _problems(model), model, empty="problems.none")
    _sheet(book, "advice_list", ADVICE_COLUMNS, advice_rows(model), model, empty="advice.none")
    _sheet(book, "projects", PROJECT_COLUMNS, [], model, empty="projects.missing")
    _sheet(book, "units", UNITS, _units(model), model)
    _sheet(book, "variants", VARIANTS, _variants(model), model)
    stream = io.BytesIO()
    book.save(stream)
    fixed = DATE.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    data = repacked(
        stream.getvalue(), changed={"docProps/core.xml": lambda old: _TIMES.sub(rb"\g<1>" + fixed + rb"\g<2>", old)}
    )
    write_bytes(path, data)


def _about(book: Part, model: ReportModel) -> None:
    language = model.language
    sheet = book.create_sheet(_name("about", model))
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = ABOUT_WIDTHS
    title = _cell(sheet, model.title, size=16, bold=True)
    title.alignment = Alignment(vertical="center")
    sheet.append([title])
    notes = [say("title.synthetic", language)] if model.synthetic else []
    notes += [
        model.lead,
        say("title.not_appraisal", language),
        say("page.figures", language),
        say("page.fonts", language),
    ]
    for name, text in model.cover:
        sheet.append([_cell(sheet, name, bold=True), _cell(sheet, text)])
    for note in notes:
        sheet.append([_cell(sheet, ""), _cell(sheet, note)])


def _sheet(
    book: Part,
    name: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Value]],
    model: ReportModel,
    *,
    empty: str = "",
) -> None:
    sheet = book.create_sheet(_name(name, model))
    for place, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(place)].width = WIDTHS.get(column, WIDTH)
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.append([_cell(sheet, say(f"column.{column}", model.language), is_head=True) for column in columns])
    count = 0
    for count, row in enumerate(rows, 1):
        if count > MOST_ROWS:
            break
        sheet.append([_cell(sheet, value) if count <= MOST_STYLED else _bare(sheet, value) for value in row])
    if count:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{min(count, MOST_ROWS) + 1}"
    elif empty:
        sheet.append([_cell(sheet, say(empty, model.language))])


def _name(name: str, model: ReportModel) -> str:
    key = "block.variants" if name == "variants" else f"chapter.{name}"
    return say(key, model.language)[:31].replace("/", " ").replace(":", " ")


def _cell(
    sheet: Part,
    value: Value,
    *,
    size: int = 10,
    bold: bool = False,
    is_head: bool = False,
) -> Part:
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


def _bare(sheet: Part, value: Value) -> Part:
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


def _statistics(model: ReportModel) -> Iterable[Sequence[Value]]:
    titles = {row.key: row.title for row in model.dimensions}
    for place, block in enumerate(model.blocks, 1):
        yield (
            place,
            titles.get(block.dimension, block.dimension),
            say(f"level.{block.level}", model.language),
            block.code,
            block.id,
            block.title,
            block.value,
            block.unit,
            block.mark,
            status_text(block, model),
            block.known,
            block.low,
            block.high,
            say("block.estimate", model.language) if block.estimated else "",
            block.basis,
            block.evidence,
            block.reason,
        )


def _problems(model: ReportModel) -> Iterable[Sequence[Value]]:
    for place, row in enumerate(model.problems, 1):
        yield (
            row.dimension,
            place,
            row.title,
            row.level,
            row.result,
            row.detail,
            row.place,
            row.objects,
            row.people,
            row.cause,
            row.owner,
        )


def _units(model: ReportModel) -> Iterable[Sequence[Value]]:
    for block in model.blocks:
        for row in block.units:
            status = say(f"status.{row.status}", model.language)
            yield (
                block.title,
                block.id,
                row.level,
                row.name,
                row.id,
                row.value,
                block.unit,
                status,
                row.known,
                row.numerator,
                row.denominator,
                row.reason,
            )


def _variants(model: ReportModel) -> Iterable[Sequence[Value]]:
    for block in model.blocks:
        for one in block.variants:
            status = say(f"status.{one.status}", model.language)
            yield (block.title, one.title, one.value, block.unit, one.mark, status, one.reason)
