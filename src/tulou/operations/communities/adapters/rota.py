"""Reading what volunteers offer, what help is needed, and the rule of matching. Nothing of it is kept."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from tulou.indicators.rulebook.folders import chain
from tulou.indicators.rulebook.reading import Faults, choice, day, entries, keys, number
from tulou.kernel.documents import At, read_document
from tulou.kernel.errors import BadInput, BadUse
from tulou.model.dictionary import words_of
from tulou.operations.communities.adapters.columns import Columns, rows_of
from tulou.operations.communities.adapters.laws import FOLDER, GRADES
from tulou.operations.communities.adapters.motions import FALSE, TRUE
from tulou.operations.communities.domain.volunteers import Offer, Task, Terms

PAGE = "volunteers.yaml"
WHERE = {"lon": ("经度",), "lat": ("纬度",), "start": ("开始", "起"), "end": ("结束", "止")}
OFFERS = Columns(
    {"id": ("编号", "称呼"), "skills": ("技能",), "reach": ("最远公里",), "checked": ("已核查",), **WHERE},
    needed=("id", "start", "end", "lon", "lat", "reach"),
)
TASKS = Columns(
    {"id": ("编号",), "skill": ("技能",), "places": ("人数",), "guarded": ("涉未成年人或老人",), **WHERE},
    needed=("id", "start", "end", "lon", "lat"),
)
BETWEEN = (";", "；", "、", "/")
MOST_PLACES = 1000


def read_terms(names: Sequence[str | Path], on: date) -> Terms:
    """Read the rule of matching that holds on a day.

    Raises:
        BadInput: With every fault, each with file and line.
        BadUse: When none holds yet.
    """
    faults, found = Faults(), list[tuple[date, Terms]]()
    for folder, _ in chain(list(names)):
        path = folder / FOLDER / PAGE
        if path.is_file():
            with faults.kept():
                page = read_document(path, f"{folder.name}/{FOLDER}/{PAGE}")
                keys(page, ("matching",))
                found += [_terms(entry) for entry in entries(page, "matching")]
    faults.raise_any()
    held = [one for one in found if one[0] <= on]
    if not held:
        raise BadUse("no rule of matching holds on this day", where=PAGE, found=str(on))
    return max(held, key=lambda one: one[0])[1]


def _terms(entry: At) -> tuple[date, Terms]:
    keys(entry, ("version", "from", "unfilled", "again", "most", "source", "evidence"))
    words_of(entry, "source")
    choice(entry, "evidence", GRADES)
    values = {name: number(entry, name) for name in ("unfilled", "again", "most")}
    for name, value in values.items():
        if not 0.0 <= value < math.inf or (name == "most" and value < 1.0):
            raise BadInput("this number is too small, or not finite", where=entry.where(name), found=value)
    return day(entry, "from"), Terms(values["unfilled"], values["again"], int(values["most"]))


def read_offers(path: Path) -> tuple[Offer, ...]:
    """Read what volunteers offer.

    Raises:
        BadInput: With every fault, each with its row.
    """
    faults, found = Faults(), list[Offer]()
    for where, row in rows_of(path, OFFERS):
        with faults.kept(where):
            start, end = _span(row)
            reach = _number(row, "reach", 0.0, 1000.0)
            found.append(
                Offer(_id(row, [one.id for one in found]), _listed(row["skills"]), start, end, *_place(row), reach,
                      _is_true(row["checked"]))
            )  # fmt: skip
    faults.raise_any()
    return tuple(found)


def read_tasks(path: Path) -> tuple[Task, ...]:
    """Read what help is needed.

    Raises:
        BadInput: With every fault, each with its row.
    """
    faults, found = Faults(), list[Task]()
    for where, row in rows_of(path, TASKS):
        with faults.kept(where):
            start, end = _span(row)
            places = int(_number(row, "places", 1.0, MOST_PLACES)) if row["places"] else 1
            found.append(
                Task(_id(row, [one.id for one in found]), row["skill"], start, end, *_place(row), places,
                     _is_true(row["guarded"]))
            )  # fmt: skip
    faults.raise_any()
    return tuple(found)


def _id(row: Mapping[str, str], known: Sequence[str]) -> str:
    name = row["id"]
    if not name or name in known:
        raise BadInput("each row has an id of its own", found=name)
    return name


def _span(row: Mapping[str, str]) -> tuple[datetime, datetime]:
    try:
        start, end = (datetime.fromisoformat(row[name]).replace(tzinfo=None) for name in ("start", "end"))
    except ValueError:
        raise BadInput("this is not a moment", found=f"{row['start']} – {row['end']}",
                       allowed=("2026-11-28 09:00",)) from None  # fmt: skip
    if end <= start:
        raise BadInput("this ends before it begins", found=f"{row['start']} – {row['end']}")
    return start, end


def _place(row: Mapping[str, str]) -> tuple[float, float]:
    return _number(row, "lon", -180.0, 180.0), _number(row, "lat", -90.0, 90.0)


def _number(row: Mapping[str, str], name: str, least: float, most: float) -> float:
    try:
        found = float(row[name])
    except ValueError:
        found = math.nan
    if not least <= found <= most:
        raise BadInput("this number cannot be", found=f"{name}: {row[name]}", allowed=(f"{least:g} to {most:g}",))
    return found


def _listed(text: str) -> frozenset[str]:
    for sign in BETWEEN:
        text = text.replace(sign, BETWEEN[0])
    return frozenset(one.strip() for one in text.split(BETWEEN[0]) if one.strip())


def _is_true(written: str) -> bool:
    told = written.lower()
    if told not in TRUE | FALSE:
        raise BadInput("this is neither yes nor no", found=written, allowed=("yes", "no"))
    return told in TRUE
