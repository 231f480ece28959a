"""A paper as a workbook: what it is and all its text on the first sheet, then a sheet for each table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tulou.publish.paper.book import Book
from tulou.publish.paper.content import Grid, Heading, Pairs, Paper, Sheet, Text, Verdict
from tulou.publish.words import say

CHARACTERS = 1.6
"""Characters of a cell for each unit of width that a column has on pages."""


def write_xlsx(paper: Paper, path: Path) -> None:
    """Write a paper as an Excel workbook.

    Raises:
        MissingExtra: When openpyxl is not installed.
    """
    book = Book(paper.title)
    book.about(say("chapter.about", paper.language), paper.cover, _notes(paper))
    heading = paper.title
    for part in paper.parts:
        match part:
            case Heading():
                heading = part.text
            case Sheet():
                columns = part.columns
                widths = [column.width * CHARACTERS for column in columns]
                book.sheet(part.name, [column.title for column in columns], widths, part.rows, part.empty)
            case Grid():
                book.sheet(heading, part.head, [width * CHARACTERS for width in part.widths], part.rows)
            case _:
                pass
    book.write(path)


def _notes(paper: Paper) -> Iterator[str]:
    if paper.synthetic:
        yield say("title.synthetic", paper.language)
    for part in paper.parts:
        match part:
            case Text():
                yield part.text
            case Verdict():
                yield " ".join(filter(None, (part.value, part.words, part.aside)))
            case Pairs():
                yield from (f"{one}: {other}" for one, other in part.rows)
            case _:
                pass
    yield from (say(name, paper.language) for name in ("title.not_appraisal", "page.figures", "page.fonts"))
    yield from paper.credits
