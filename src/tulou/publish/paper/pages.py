"""What of a paper stands on pages: tables in words, no longer than a reader follows."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TypeAlias

from tulou.kernel.words import Language
from tulou.publish.paper.content import Art, Column, Grid, Heading, Pairs, Paper, Sheet, Text, Turn, Value, Verdict
from tulou.publish.words import say

SHEET_LEVEL = 2
"""Level of the heading that a table brings along."""

Set: TypeAlias = Heading | Text | Verdict | Pairs | Grid | Art
"""What takes room on a page."""

Shown: TypeAlias = Set | Turn


def on_pages(paper: Paper) -> Iterator[Shown]:
    """All parts as they stand on pages, and the credits at the end."""
    for part in paper.parts:
        if isinstance(part, Sheet):
            yield from _of_sheet(part, paper.language)
        else:
            yield part
    if paper.credits:
        yield Text(" · ".join(paper.credits), "note")


def grid_of(sheet: Sheet, language: Language) -> Grid:
    """The rows of a table that stand on a page, in words."""
    rows = tuple(
        tuple(words_of(value, column, language) for value, column in zip(row, sheet.columns, strict=True))
        for row in sheet.rows[: sheet.most]
    )
    numbers = tuple(place for place, column in enumerate(sheet.columns) if column.kind == "number")
    return Grid(
        tuple(column.title for column in sheet.columns), rows, tuple(column.width for column in sheet.columns), numbers
    )


def words_of(value: Value, column: Column, language: Language) -> str:
    """One value as a page shows it; what is unknown stays blank."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, bool):
        return say(f"paper.{'yes' if value else 'no'}", language)
    if isinstance(value, int):
        return f"{value:,}" if column.kind == "number" else str(value)
    if isinstance(value, float):
        return f"{value:,.{column.digits}f}".replace("-", "−")
    return value


def cut_off(sheet: Sheet, language: Language) -> str:
    """What is said below a table that shows not all its rows; empty when it does."""
    if len(sheet.rows) <= sheet.most:
        return ""
    return say("paper.capped", language, shown=f"{sheet.most:,}", total=f"{len(sheet.rows):,}")


def _of_sheet(sheet: Sheet, language: Language) -> Iterator[Shown]:
    yield Heading(sheet.name, SHEET_LEVEL)
    if not sheet.rows:
        yield Text(sheet.empty, "missing")
        return
    yield grid_of(sheet, language)
    if cut_off(sheet, language):
        yield Text(cut_off(sheet, language), "note")
