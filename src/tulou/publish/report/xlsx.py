"""The report as an Excel workbook: the lists of the appendices as sheets, numbers as numbers.

A spreadsheet cannot carry a font, so the cells name one that every office program replaces well. Text is always text:
a name that begins like a formula is never one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from tulou.publish.paper.book import Book
from tulou.publish.paper.content import Status, Value
from tulou.publish.report.content import ReportModel
from tulou.publish.report.tables import ADVICE_COLUMNS, PROJECT_COLUMNS, REGISTERS, advice_rows, status_text
from tulou.publish.words import say

WIDTHS = {"indicator": 34, "problem": 34, "objects": 34, "existing_problem": 40, "area": 34, "reason": 60, "basis": 36}
WIDTH = 15.0
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


def write_xlsx(model: ReportModel, path: Path) -> None:
    """Write the report as an Excel workbook.

    Raises:
        MissingExtra: When openpyxl is not installed.
    """
    language = model.language
    book = Book(model.title)
    notes = [say("title.synthetic", language)] if model.synthetic else []
    notes += [model.lead, *(say(name, language) for name in ("title.not_appraisal", "page.figures", "page.fonts"))]
    book.about(say("chapter.about", language), model.cover, notes)
    _sheet(book, "statistics", STATISTICS, _statistics(model), model)
    for name, status, empty in REGISTERS:
        _sheet(book, name, PROBLEMS, _problems(model, status), model, empty=empty)
    _sheet(book, "advice_list", ADVICE_COLUMNS, advice_rows(model), model, empty="advice.none")
    _sheet(book, "projects", PROJECT_COLUMNS, model.projects, model, empty="projects.missing")
    _sheet(book, "units", UNITS, _units(model), model)
    _sheet(book, "variants", VARIANTS, _variants(model), model)
    book.write(path)


def _sheet(
    book: Book,
    name: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Value]],
    model: ReportModel,
    *,
    empty: str = "",
) -> None:
    title = say("block.variants" if name == "variants" else f"chapter.{name}", model.language)
    head = [say(f"column.{column}", model.language) for column in columns]
    widths = [WIDTHS.get(column, WIDTH) for column in columns]
    book.sheet(title, head, widths, rows, say(empty, model.language) if empty else "")


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


def _problems(model: ReportModel, status: Status) -> Iterable[Sequence[Value]]:
    for place, row in enumerate(model.problems_of(status), 1):
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
