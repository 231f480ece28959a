"""Beginning a rulebook: from a spreadsheet of a province or city, or from an example to be replaced."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from tulou.app.screen import language
from tulou.app.wiring import rulebook
from tulou.indicators.rulebook.from_table import Document, write_rulebook
from tulou.kernel.atomic import write_text
from tulou.kernel.clock import parse_day
from tulou.kernel.errors import BadInput, BadUse
from tulou.kernel.words import Words
from tulou.sources.tables.listing import read_rows

_ID = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
READABLE = 0o755
"""Permissions of a folder that everyone may read."""
_EXAMPLE = Path(__file__).parent / "new_rulebook"

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
    _check_id(name)
    cited = Document(name, Words(document, document), document, _day(since), datetime.now(UTC).date())
    rows = write_rulebook(read_rows(file, sheet=sheet), rulebook(("china",)), cited, folder)
    for row in rows:
        remark = f"  ({row.remark.say(spoken)})" if row.remark else ""
        yield f"{row.number:>4}  {BECAME[row.became].say(spoken)}  {row.title} {row.indicator}{remark}"
    yield str(folder)


def new_rulebook(folder: Path, *, name: str, title: str = "") -> list[Path]:
    """Write a rulebook that extends ``china`` with one indicator and one parameter, to be replaced by one's own.

    Args:
        folder: Folder of the new rulebook; must not exist.
        name: Id of the rulebook: lower-case letters, digits and ``_``.
        title: Its title; the id by default.

    Returns:
        The files written.

    Raises:
        BadUse: When the folder exists, or the name is none.
    """
    _check_id(name)
    if folder.exists():
        raise BadUse("something stands here already", where=str(folder), allowed=("a new folder",))
    pages = {
        "rulebook.yaml": "rulebook.yaml",
        f"parameters/{name}.yaml": "parameters.yaml",
        f"indicators/local/{name}_homes_with_lift.yaml": "indicator.yaml",
    }
    filled = {
        "{name}": name,
        "{title}": json.dumps(title or name, ensure_ascii=False),
        "{today}": datetime.now(UTC).date().isoformat(),
    }
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        for page, example in pages.items():
            text = (_EXAMPLE / example).read_text("utf-8")
            for blank, word in filled.items():
                text = text.replace(blank, word)
            write_text(draft / page, text)
        draft.chmod(READABLE)
        draft.rename(folder)
    finally:
        rmtree(draft, ignore_errors=True)
    return [folder / page for page in pages]


def _check_id(name: str) -> None:
    if not _ID.match(name):
        raise BadUse(
            "not an id for a rulebook",
            where="--name",
            found=name,
            allowed=("lower-case letters, digits and '_', a letter first; at most 40",),
        )


def _day(text: str) -> date:
    try:
        return parse_day(text, "--since")
    except BadInput as error:
        raise BadUse.of(error.faults) from None
