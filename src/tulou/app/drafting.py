"""From a spreadsheet of a province or city to a rulebook of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from tulou.app.screen import language
from tulou.app.wiring import rulebook
from tulou.indicators.rulebook.from_table import Document, write_rulebook
from tulou.kernel.clock import parse_day
from tulou.kernel.words import Words
from tulou.sources.tables.listing import read_rows

BECAME = {
    "mark set": Words("设达标值", "mark set  "),
    "reused": Words("沿用    ", "reused    "),
    "draft": Words("待配算法", "no measure"),
}


def rulebook_from_file(
    file: Path, folder: Path, *, name: str, document: str, since: str, sheet: str = ""
) -> Iterator[str]:
    """Write a rulebook that extends ``china`` from an indicator table, and tell what became of each row.

    Args:
        file: CSV or Excel table with one indicator a row.
        folder: Folder of the new rulebook; must not exist.
        name: Id of the rulebook.
        document: The document the table comes from, as it is to be cited.
        since: Day it came into force.
        sheet: Sheet of a workbook.

    Raises:
        BadInput: When the table cannot be read or has no column of titles.
        BadUse: When the folder exists.
    """
    spoken = language()
    cited = Document(name, Words(document, document), document, parse_day(since, "--since"), datetime.now(UTC).date())
    rows = write_rulebook(read_rows(file, sheet=sheet), rulebook(("china",)), cited, folder)
    for row in rows:
        remark = f"  ({row.remark.say(spoken)})" if row.remark else ""
        yield f"{row.number:>4}  {BECAME[row.became].say(spoken)}  {row.title} {row.indicator}{remark}"
    yield str(folder)
