"""Reading ``safety/dangers.yaml``: criteria of major dangers by trade and date, and how dangers are counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from tulou.indicators.rulebook.reading import Faults, choice, day, entries, keys, mapping, number, text, texts
from tulou.kernel.documents import At
from tulou.kernel.errors import BadInput
from tulou.kernel.words import Words
from tulou.model.dictionary import words_of
from tulou.operations.safety.adapters.pages import GRADES, pages, titles_of
from tulou.operations.safety.domain.dangers import Criterion

FOLDER = "safety"
FILE = "dangers.yaml"


@dataclass(frozen=True)
class Standard:
    """A standard of major dangers, in one version.

    Args:
        id: Its id.
        title: Its name.
        trades: Trades it speaks of.
        since: First day on which it holds.
        criteria: Its criteria.
    """

    id: str
    title: Words
    trades: tuple[str, ...]
    since: date
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True)
class DangerRules:
    """Criteria, and how dangers are counted.

    Args:
        standards: Standards, in all versions.
        five: The five that are fixed for each danger.
        sources: How dangers are found.
        bounds: Days that part the brackets of age.
        again: Days within which a danger counts as come back.
        fewest: Cells below this are not published.
    """

    standards: tuple[Standard, ...] = ()
    five: Mapping[str, Words] = field(default_factory=dict)
    sources: Mapping[str, Words] = field(default_factory=dict)
    bounds: tuple[int, ...] = ()
    again: int = 0
    fewest: int = 0

    def criteria(self, trade: str, when: date) -> tuple[Criterion, ...]:
        """Criteria by which a danger in a trade is major on a day; of each standard the version that holds."""
        held: dict[str, Standard] = {}
        for one in sorted(self.standards, key=lambda standard: standard.since):
            if trade in one.trades and one.since <= when:
                held[one.id] = one
        return tuple(item for one in held.values() for item in one.criteria)


def read_danger_rules(names: Sequence[str | Path]) -> DangerRules:
    """Read criteria and how dangers are counted; a later rulebook adds standards and takes the place of the rest.

    Raises:
        BadInput: With every fault, each with file and line.
    """
    faults, found, standards = Faults(), dict[str, object](), list[Standard]()
    for page in pages(names, FOLDER, FILE):
        with faults.kept(page.where()):
            keys(page, ("standards", "five", "sources", "ages", "again", "fewest"))
            found |= _counting(page)
        table = mapping(page, "standards", needed=False)
        for name in table:
            with faults.kept(table.where(name)):
                standards += _standards(name, mapping(table, name))
    faults.raise_any()
    return DangerRules(standards=tuple(standards), **found)  # type: ignore[arg-type]


def _counting(page: At) -> dict[str, object]:
    found: dict[str, object] = {}
    if "five" in page:
        found["five"] = titles_of(mapping(page, "five"), "parts")
    if "sources" in page:
        found["sources"] = titles_of(page, "sources")
    if "ages" in page:
        found["bounds"] = _bounds(mapping(page, "ages"))
    if "again" in page:
        found["again"] = int(number(mapping(page, "again"), "days"))
    if "fewest" in page:
        found["fewest"] = int(number(mapping(page, "fewest"), "cases"))
    return found


def _bounds(entry: At) -> tuple[int, ...]:
    found = entry.get("bounds")
    is_list = isinstance(found, list) and bool(found) and all(isinstance(one, int) for one in found)
    if not isinstance(found, list) or not is_list or found != sorted(set(found)):
        raise BadInput("bounds of age are whole days that ascend", where=entry.where("bounds"), found=found)
    return tuple(found)


def _standards(name: str, entry: At) -> list[Standard]:
    keys(entry, ("title", "trades", "versions"))
    title, trades = words_of(entry, "title"), texts(entry, "trades")
    found = []
    for page in entries(entry, "versions"):
        keys(page, ("from", "source", "evidence", "items"))
        source, evidence, since = text(page, "source"), choice(page, "evidence", GRADES), day(page, "from")
        items = titles_of(page, "items")
        criteria = tuple(Criterion(f"{name} {item}", says, source, evidence) for item, says in items.items())
        found.append(Standard(name, title, trades, since, criteria))
    return found
