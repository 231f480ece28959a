"""Taking facts in: from a file to a commit, and what a city gains from its own facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tulou.kernel.errors import NotEnoughData
from tulou.kernel.facts import Extract
from tulou.kernel.progress import Progress
from tulou.kernel.words import Language, Words
from tulou.model.dictionary import Dictionary
from tulou.model.store.city import City
from tulou.model.store.importing import Importing
from tulou.model.store.manifest import Commit
from tulou.sources.catalogue import recognise
from tulou.sources.mapping import read_mapping

SHOWN_EXAMPLES = 3
TREATED: Mapping[str, Words] = {
    "repaired": Words("修复", "repaired"),
    "refused": Words("拒绝", "refused "),
    "noted": Words("注意", "noted   "),
}


@dataclass(frozen=True)
class Intake:
    """How one file is taken in.

    Args:
        valid_from: First day on which its rows hold, where they do not say themselves.
        who: Who answers for it.
        message: What it is about; the file's name by default.
        branch: Where to add it.
        mapping: Mapping file for a table or layer.
        entity: Entity the rows are about, where nothing else says it.
        datum: Datum of its coordinates, where the file does not say.
        service_day: For timetables: the day whose services count.
        keep_known: Whether a blank leaves what was known before.
    """

    valid_from: date
    who: str = ""
    message: str = ""
    branch: str = "main"
    mapping: Path | None = None
    entity: str = ""
    datum: str = ""
    service_day: date | None = None
    keep_known: bool = False


def take_in(city: City, file: Path, how: Intake, *, progress: Progress | None = None) -> Commit:
    """Read a file and add what it says as one commit.

    Args:
        city: The city.
        file: A file, or the folder of a timetable feed.
        how: How it is taken in.
        progress: Told where the work stands.

    Raises:
        BadInput: When the file cannot be used; the city is as it was.
        Conflict: When someone else made a commit meanwhile; the city is as they left it.
    """
    extract = read(city.dictionary, file, how)
    return city.commit(
        extract,
        who=how.who,
        message=how.message or file.name,
        valid_from=how.valid_from,
        branch=how.branch,
        how=Importing(keep_known=how.keep_known),
        progress=progress,
    )


def read(dictionary: Dictionary, file: Path, how: Intake) -> Extract:
    """Read a file by the connector that recognises it.

    Raises:
        BadInput: When nothing reads it, or it cannot be used.
    """
    connector = recognise(file)
    options: dict[str, Any] = {"datum": how.datum, "day": how.service_day}
    if how.mapping is not None:
        options["mapping"] = read_mapping(how.mapping, dictionary)
    if "expected" in connector.takes:
        options["expected"] = dictionary
    return connector.read(file, **options)


def last_day(city: City) -> date:
    """The newest day from which any commit holds: the day a check is of when none is named.

    Raises:
        NotEnoughData: When nothing was imported yet.
    """
    days = [commit.valid.start for commit in city.log() if commit.valid is not None]
    if not days:
        raise NotEnoughData("nothing was imported into this city yet", where=str(city.path))
    return max(days)


def quality_text(commit: Commit, language: Language) -> str:
    """The quality report of an import, for a person."""
    quality = commit.quality
    parts = ", ".join(f"{part.entity} {part.rows:,}" for part in commit.parts)
    head = Words(
        f"提交 {commit.number}：{commit.message}  [{parts}]  读入 {quality.read:,}，采用 {quality.kept:,}，"
        f"修复 {quality.repaired:,}，拒绝 {quality.refused:,}",
        f"Commit {commit.number}: {commit.message}  [{parts}]  read {quality.read:,}, kept {quality.kept:,}, "
        f"repaired {quality.repaired:,}, refused {quality.refused:,}",
    )
    lines = [head.say(language)]
    for remark in quality.remarks:
        treated = TREATED[remark.treated].say(language)
        shown = f" ({', '.join(remark.examples[:SHOWN_EXAMPLES])})" if remark.examples else ""
        lines.append(f"  {treated} {remark.rows:>7,}  {remark.text}{shown}")
    return "\n".join(lines)
