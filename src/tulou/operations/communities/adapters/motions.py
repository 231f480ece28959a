"""Reading a motion: its page, the register of owners, the ballots and the objections, each a plain file.

The register holds names. It is read where it lies; nothing of it is kept or published but counts and its digest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

from tulou.indicators.rulebook.reading import Faults, at, day, keys, text, texts
from tulou.kernel.clock import parse_day
from tulou.kernel.documents import At, read_document
from tulou.kernel.errors import BadInput
from tulou.kernel.identity import digest_file
from tulou.kernel.words import Words
from tulou.model.dictionary import words_of
from tulou.operations.communities.adapters.columns import Columns, rows_of
from tulou.operations.communities.domain.voting import CHOICES, Ballot, Choice, ExclusiveUnit, Timing

T = TypeVar("T")
PAGE_KEYS = (
    "title", "community", "matter", "noticed", "begins", "ends", "announced", "register", "ballots", "objections",
    "buildings", "silence", "silence_basis",
)  # fmt: skip
REGISTER = Columns(
    {
        "unit": ("房号", "单元", "专有部分"),
        "area": ("面积", "建筑面积", "专有部分面积"),
        "owners": ("业主", "产权人"),
        "building": ("楼栋", "幢号"),
        "developer": ("建设单位", "未售"),
    },
    needed=("unit", "area"),
)
BALLOTS = Columns({"unit": ("房号", "单元", "专有部分"), "choice": ("意见", "表决意见"), "day": ("日期", "交回日期")},
                  needed=("unit", "choice"))  # fmt: skip
OBJECTIONS = Columns(
    {"day": ("日期",), "from": ("提出人", "来自"), "text": ("内容", "意见"), "answer": ("答复",)},
    needed=("day", "text"),
)
SAID: Mapping[str, Choice] = {
    **{one: one for one in CHOICES}, "同意": "for", "赞成": "for", "反对": "against", "不同意": "against",
    "弃权": "abstain", "未交回": "silent", "未表态": "silent",
}  # fmt: skip
TRUE, FALSE = frozenset({"yes", "true", "1", "是"}), frozenset({"", "no", "false", "0", "否"})
BETWEEN_OWNERS = (";", "；", "、", "/")
HOLDERS = BETWEEN_OWNERS[0]


@dataclass(frozen=True)
class Objection:
    """An objection that was put on record, and what was answered.

    Args:
        day: When.
        source: Who made it, as they agreed to be named; empty for nobody.
        text: What it says.
        answer: What was answered; empty where nothing was.
    """

    day: date
    source: str
    text: str
    answer: str


@dataclass(frozen=True)
class Motion:
    """A motion with all that was said about it.

    Args:
        title: What is to be decided.
        community: Name of the community.
        matter: Id of the matter.
        timing: Its days.
        silence: What silence means by the community's own rules; empty for what it usually means.
        silence_basis: Where those rules say so.
        buildings: Buildings whose owners alone decide; empty for all.
        units: The units it binds.
        ballots: What was said.
        objections: What was objected.
        digests: SHA-256 of each file by its name.
    """

    title: Words
    community: str
    matter: str
    timing: Timing
    silence: str
    silence_basis: str
    buildings: tuple[str, ...]
    units: tuple[ExclusiveUnit, ...]
    ballots: tuple[Ballot, ...]
    objections: tuple[Objection, ...]
    digests: Mapping[str, str]


def read_motion(path: Path) -> Motion:
    """Read a motion and the files it names, which lie beside it.

    Raises:
        BadInput: With every fault, each with file and line or row.
    """
    page, faults = read_document(path, path.name), Faults()
    with faults.kept():
        keys(page, PAGE_KEYS)
        _must_say_why(page)
    files = _files(page, path, faults)
    faults.raise_any()
    buildings = texts(page, "buildings")
    units = _kept(faults, lambda: _units(files["register"], buildings))
    ballots = _kept(faults, lambda: _ballots(files["ballots"], units))
    objections = _kept(faults, lambda: _objections(files["objections"])) if "objections" in files else []
    timing = _kept(faults, lambda: iter((_timing(page),)))
    faults.raise_any()
    return Motion(
        title=words_of(page, "title"),
        community=text(page, "community"),
        matter=text(page, "matter"),
        timing=timing[0],
        silence=text(page, "silence", needed=False),
        silence_basis=text(page, "silence_basis", needed=False),
        buildings=buildings,
        units=tuple(units),
        ballots=tuple(ballots),
        objections=tuple(objections),
        digests={one.name: digest_file(one) for one in (path, *files.values())},
    )


def _kept(faults: Faults, read: Callable[[], Iterator[T]]) -> list[T]:
    """All that is read; nothing, with its faults kept, when something is wrong."""
    with faults.kept():
        return list(read())
    return []


def _must_say_why(page: At) -> None:
    silence = text(page, "silence", needed=False)
    if silence and not text(page, "silence_basis", needed=False):
        raise BadInput(
            "silence means what the community's own rules say; name where they say it",
            where=page.where("silence"),
            found=silence,
            allowed=("silence_basis: …",),
        )


def _timing(page: At) -> Timing:
    with at(page.where("ends")):
        return Timing(
            _maybe_day(page, "noticed"), day(page, "begins"), day(page, "ends"), _maybe_day(page, "announced")
        )


def _files(page: At, path: Path, faults: Faults) -> dict[str, Path]:
    found = {}
    for name in ("register", "ballots", "objections"):
        if name != "objections" or page.get(name):
            with faults.kept():
                found[name] = _beside(page, path, name)
    return found


def _beside(page: At, path: Path, name: str) -> Path:
    written = text(page, name)
    if Path(written).name != written:
        raise BadInput("a motion names files that lie beside it", where=page.where(name), found=written,
                       allowed=(Path(written).name,))  # fmt: skip
    found = path.parent / written
    if not found.is_file():
        others = sorted(one.name for one in path.parent.iterdir() if one.is_file())
        raise BadInput("there is no such file", where=page.where(name), found=written, allowed=others)
    return found


def _units(path: Path, buildings: Sequence[str]) -> Iterator[ExclusiveUnit]:
    faults, seen, known = Faults(), set[str](), set[str]()
    for where, row in rows_of(path, REGISTER):
        with faults.kept(where):
            one = _unit(row)
            if one.id in seen:
                raise BadInput("this unit stands in the register twice", found=one.id)
            seen.add(one.id)
            known.add(one.building)
            if not buildings or one.building in buildings:
                yield one
    for name in buildings:
        if name not in known:
            faults.add("the register has no such building", path.name, name, sorted(known))
    faults.raise_any()


def _unit(row: Mapping[str, str]) -> ExclusiveUnit:
    try:
        area = Fraction(Decimal(row["area"].replace(",", "")))
    except (InvalidOperation, ValueError, OverflowError):
        area = Fraction(0)
    if not row["unit"]:
        raise BadInput("a row of the register names its unit")
    if area <= 0:
        raise BadInput(
            "the area of this unit is not known; take it from the property register, the survey or the contract",
            found=row["area"], allowed=("89.53",),
        )  # fmt: skip
    names = row["owners"]
    for sign in BETWEEN_OWNERS:
        names = names.replace(sign, HOLDERS)
    owners = tuple(sorted({name.strip() for name in names.split(HOLDERS) if name.strip()}))
    return ExclusiveUnit(row["unit"], area, owners, row["building"], _is_true(row["developer"]))


def _is_true(written: str) -> bool:
    told = written.lower()
    if told not in TRUE | FALSE:
        raise BadInput("this is neither yes nor no", found=written, allowed=("yes", "no"))
    return told in TRUE


def _ballots(path: Path, units: Sequence[ExclusiveUnit]) -> Iterator[Ballot]:
    faults, bound, seen = Faults(), {one.id for one in units}, set[str]()
    for where, row in rows_of(path, BALLOTS):
        unit = row["unit"]
        if unit in seen:
            faults.add("there are two ballots for this unit; strike out the one that does not hold", where, unit)
        elif bound and unit not in bound:
            faults.add("the register has no such unit, or this motion does not bind it", where, unit, sorted(bound))
        elif row["choice"].lower() not in SAID:
            faults.add("this is no choice of a ballot", where, row["choice"], tuple(SAID))
        else:
            with faults.kept(where):
                found = parse_day(row["day"], where) if row["day"] else None
                yield Ballot(unit, SAID[row["choice"].lower()], found)
        seen.add(unit)
    faults.raise_any()


def _objections(path: Path) -> Iterator[Objection]:
    faults = Faults()
    for where, row in rows_of(path, OBJECTIONS):
        with faults.kept(where):
            if not row["text"]:
                raise BadInput("an objection says something")
            yield Objection(parse_day(row["day"], where), row["from"], row["text"], row["answer"])
    faults.raise_any()


def _maybe_day(page: At, key: str) -> date | None:
    return day(page, key) if page.get(key) is not None else None
