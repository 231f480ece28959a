"""Requests of another city's list as records: each with its own due date, the body that had it, its place."""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from tulou.kernel.errors import BadInput
from tulou.operations.city_management.domain.classes import RequestMapping
from tulou.operations.city_management.domain.records import Record, Stage
from tulou.sources import encodings, limits

STEPS = ("handle", "close")
"""Such lists know one step: the request is closed, and was to be by a day."""


@dataclass(frozen=True)
class Requests:
    """A list as records.

    Args:
        records: One for each request that stands for a class, in the order of the list.
        left_out: Requests left out, by what they are: a type without a class, a moment that cannot be read.
        placeless: Records whose place is not known.
        until: The last moment the list knows of.
    """

    records: tuple[Record, ...]
    left_out: Mapping[str, int]
    placeless: int
    until: datetime


def read_requests(path: Path, how: RequestMapping) -> Requests:
    """Read a list of requests (CSV).

    Args:
        path: The file.
        how: What its columns are.

    Raises:
        BadInput: When it cannot be read, or lacks a column.
    """
    limits.size_of(path, limits.MOST_TEXT_BYTES)
    text, _ = encodings.decode(path.read_bytes(), "", path.name)
    rows, columns = _rows(text, path.name)
    missing = [column for column in how.columns.values() if column not in columns]
    if missing:
        raise BadInput("the table has no such column", where=path.name, found=missing[0], allowed=sorted(columns))
    left_out: Counter[str] = Counter()
    drafts: list[tuple[Mapping[str, str], datetime]] = []
    for row in rows:
        opened = _moment(row, "opened", how)
        if row[how.columns["type"]] not in how.classes:
            left_out["no_class"] += 1
        elif opened is None:
            left_out["no_moment"] += 1
        else:
            drafts.append((row, opened))
    if not drafts:
        raise BadInput("no request of this list stands for a class", where=path.name, allowed=tuple(how.classes))
    ends = [_moment(row, key, how) for row, _ in drafts for key in ("opened", "closed") if key in how.columns]
    until = max(moment for moment in ends if moment is not None) + timedelta(seconds=1)
    found = [_record(row, opened, how, until) for row, opened in drafts]
    return Requests(tuple(found), dict(left_out), sum(one.point is None for one in found), until)


def _rows(text: str, name: str) -> tuple[list[dict[str, str]], list[str]]:
    rows = csv.DictReader(io.StringIO(text, newline=""))
    try:
        return list(rows), list(rows.fieldnames or ())
    except csv.Error as error:
        raise BadInput("this table cannot be read", where=name, found=str(error)) from None


def _record(row: Mapping[str, str], opened: datetime, how: RequestMapping, until: datetime) -> Record:
    due, closed = _moment(row, "due", how), _moment(row, "closed", how)
    is_refused = _text(row, "status", how) in how.refused
    is_late = due is not None and (closed or until) > due
    stages = {"file": Stage(None, opened)} if not is_refused else {}
    stages |= dict.fromkeys(STEPS, Stage(due, closed, is_late)) if not is_refused else {}
    refused = (closed or opened) if is_refused else None
    return Record(
        _text(row, "id", how), how.classes[row[how.columns["type"]]], _text(row, "body", how), opened, stages,
        refused=refused, place=_text(row, "place", how), point=_point(row, how),
    )  # fmt: skip


def _text(row: Mapping[str, str], key: str, how: RequestMapping) -> str:
    return (row.get(how.columns.get(key, "")) or "").strip()


def _moment(row: Mapping[str, str], key: str, how: RequestMapping) -> datetime | None:
    """A moment in UTC; None when the cell is empty or says none."""
    try:
        found = datetime.strptime(_text(row, key, how), how.moment).replace(
            tzinfo=timezone(timedelta(hours=how.offset))
        )  # fmt: skip
    except ValueError:
        return None
    return found.astimezone(UTC)


def _point(row: Mapping[str, str], how: RequestMapping) -> tuple[float, float] | None:
    try:
        found = float(_text(row, "longitude", how)), float(_text(row, "latitude", how))
    except ValueError:
        return None
    return found if all(map(math.isfinite, found)) and found not in how.nowhere else None
