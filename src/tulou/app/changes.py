"""What changed between two checks, kept beside the city: asked once, read as often as anybody likes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tulou import __version__
from tulou.app.comparing import compare
from tulou.app.ends import End, Named, ends_of, name_of
from tulou.app.why import Wanted, subject_of
from tulou.app.wiring import look_at, open_city
from tulou.kernel.atomic import write_text
from tulou.kernel.errors import TulouError
from tulou.kernel.identity import digest_text
from tulou.kernel.progress import Progress
from tulou.model.store.city import City
from tulou.publish.why.machine import VERSION, changes_document

FOLDER, FILE = "comparisons", "changes.json"
DIGITS = 16
"""Characters of a digest that name what was kept."""
MOST_BYTES = 256 * 1024 * 1024
PLACES: Mapping[str, str] = {"--indicator": "indicators", "--unit": "unit", "--level": "level"}
"""What the command line calls a place, and what a request calls it."""


@dataclass(frozen=True)
class Between:
    """Two ends of a city, and which figures are looked at.

    Args:
        before: The one end: a check, a tag, a branch, ``DAY@RECORD`` or ``now``.
        after: The other end.
        wanted: Which figures.
    """

    before: str
    after: str
    wanted: Wanted = field(default_factory=Wanted)


@dataclass(frozen=True)
class Kept:
    """What was kept of a comparison.

    Args:
        id: What it is called; the same for the same question of the same ends.
        document: All of it, see ``changes_document``; words in every language.
    """

    id: str
    document: Mapping[str, Any]


def make_changes(path: Path, between: Between, *, progress: Progress | None = None) -> str:
    """Compare two ends and keep what came of it; what was kept already is left as it is.

    Args:
        path: Folder of the city.
        between: The ends and the figures.
        progress: Told how far it is.

    Returns:
        What it is called.

    Raises:
        BadUse: When an end, an indicator or a unit does not exist.
        BadInput: When a check is damaged, or its rulebook no longer loads.
    """
    wanted = between.wanted
    before, after = ends_of(open_city(path), (between.before, between.after))
    name = _id([_key(before), _key(after)], wanted)
    if _file(path, name).is_file():
        return name
    found = compare(path, between.before, between.after, indicators=wanted.indicators, progress=progress)
    document = changes_document(subject_of(found, wanted, progress=progress))
    asked = {"indicators": list(wanted.indicators), "level": wanted.level, "unit": wanted.unit}
    _file(path, name).parent.mkdir(parents=True, exist_ok=True)
    told = {"id": name, "asked": asked, **document}
    write_text(_file(path, name), json.dumps(told, ensure_ascii=False, allow_nan=False))
    return name


def made_already(path: Path, between: Between) -> str:
    """What the answer to a question is called that was kept already; empty when it must be worked out.

    Args:
        path: Folder of the city.
        between: The ends and the figures.

    Raises:
        BadUse: When an end does not exist.
    """
    city = look_at(path)
    ends = [_looked_up(city, name, place) for place, name in (("from", between.before), ("to", between.after))]
    if not all(one.check for one in ends):  # The rulebooks of today have a say, and may have changed.
        return ""
    name = _id([_named(one) for one in ends], between.wanted)
    return name if _file(path, name).is_file() else ""


def kept_changes(path: Path) -> list[str]:
    """What all comparisons that were kept are called.

    Args:
        path: Folder of the city.
    """
    return sorted(one.parent.name for one in (path / FOLDER).glob(f"*/{FILE}"))


def read_changes(path: Path, name: str) -> Kept | None:
    """What was kept of a comparison; None when it cannot be read.

    Args:
        path: Folder of the city.
        name: What it is called, one of ``kept_changes``.
    """
    file = _file(path, name)
    try:
        if file.stat().st_size > MOST_BYTES:
            return None
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return Kept(name, found) if isinstance(found, dict) and found.get("format") == VERSION else None


def as_asked(error: TulouError, path: Path, places: Mapping[str, str] = PLACES) -> TulouError:
    """An error with its places named as a request names them, and no path of the machine in it.

    Args:
        error: The error.
        path: Folder of the city.
        places: What a request calls each place.
    """
    named = {str(path): "", **places}
    faults = [replace(one, where=named.get(one.where, one.where)) for one in error.faults]
    return type(error).of(faults)


def _file(path: Path, name: str) -> Path:
    return path / FOLDER / name / FILE


def _looked_up(city: City, name: str, place: str) -> Named:
    try:
        return name_of(city, name)
    except TulouError as error:
        raise as_asked(error, city.path, {str(city.path): place}) from None


def _key(end: End) -> list[object]:
    if end.check:
        return [end.check, end.day.isoformat()]
    return ["", end.day.isoformat(), end.record, end.state.branch, end.rulebook.digest]


def _named(one: Named) -> list[object]:
    return [one.check, one.day.isoformat()]


def _id(ends: Iterable[list[object]], wanted: Wanted) -> str:
    one, other = ends
    told = [__version__, VERSION, one, other, list(wanted.indicators), wanted.level, wanted.unit]
    return f"{one[1]}-{other[1]}-{digest_text(json.dumps(told, ensure_ascii=False))[:DIGITS]}"
