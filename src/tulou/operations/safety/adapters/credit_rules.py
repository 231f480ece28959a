"""Reading ``safety/credit.yaml``: schemes of safety credit and the rules of repair, by date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import cast

from tulou.indicators.rulebook.reading import (
    Faults,
    choice,
    day,
    entries,
    keys,
    looked_up,
    mapping,
    number,
    text,
    texts,
)
from tulou.kernel.dated import Dated, Version
from tulou.kernel.documents import At
from tulou.kernel.errors import BadInput, BadUse
from tulou.kernel.words import Words
from tulou.model.dictionary import words_of
from tulou.operations.safety.adapters.pages import GRADES, pages, titles_of
from tulou.operations.safety.domain.credit import WITHINS, CreditRule, Repair, Scheme, Window, Within

FOLDER = "safety"
FILE = "credit.yaml"
SCHEME_KEYS = ("from", "like", "source", "evidence", "ladder", "points", "cuts", "kinds", "rules")


@dataclass(frozen=True)
class CreditRules:
    """Schemes and rules of repair of some rulebooks.

    Args:
        schemes: Each scheme through time, by id.
        repair: The rules of repair through time.
    """

    schemes: Mapping[str, Dated[Scheme]]
    repair: Dated[Repair]

    def on(self, name: str, when: date) -> tuple[Scheme, Repair]:
        """A scheme and the rules of repair as they hold on a day.

        Args:
            name: Id of the scheme; the first one when empty.
            when: The day.

        Raises:
            BadUse: When there is no such scheme, or nothing holds yet.
        """
        wanted = name or next(iter(self.schemes), "")
        if wanted not in self.schemes:
            allowed = tuple(self.schemes)
            raise BadUse("there is no such scheme of safety credit", where="--scheme", found=wanted, allowed=allowed)
        return self.schemes[wanted].on(when).value, self.repair.on(when).value


@dataclass
class _Draft:
    titles: dict[str, Words] = field(default_factory=dict)
    schemes: dict[str, dict[date, Scheme]] = field(default_factory=dict)
    repair: dict[date, Repair] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)


def read_credit_rules(names: Sequence[str | Path]) -> CreditRules:
    """Read schemes and rules of repair.

    Raises:
        BadInput: With every fault, each with file and line.
    """
    draft = _Draft()
    for page in pages(names, FOLDER, FILE):
        with draft.faults.kept(page.where()):
            keys(page, ("repair", "schemes"))
        for entry in entries(page, "repair"):
            with draft.faults.kept(entry.where()):
                found = _repair(entry)
                draft.repair[found.since] = found
        table = mapping(page, "schemes", needed=False)
        for name in table:
            with draft.faults.kept(table.where(name)):
                _scheme_page(draft, name, mapping(table, name))
    draft.faults.raise_any()
    schemes = {
        name: Dated.of(name, [Version(one.since, one, one.source, one.evidence) for one in held.values()])
        for name, held in draft.schemes.items()
    }
    repair = [Version(one.since, one, one.source, one.evidence) for one in draft.repair.values()]
    return CreditRules(schemes, Dated.of("repair", repair))


def _repair(entry: At) -> Repair:
    keys(entry, ("from", "source", "evidence", "windows"))
    table = mapping(entry, "windows")
    windows = {name: _window(name, mapping(table, name)) for name in table}
    return Repair(day(entry, "from"), text(entry, "source"), choice(entry, "evidence", GRADES), windows)


def _window(name: str, entry: At) -> Window:
    keys(entry, ("title", "shortest", "longest"))
    shortest, longest = number(entry, "shortest"), number(entry, "longest")
    if not (0 <= shortest < longest and shortest.is_integer() and longest.is_integer()):
        raise BadInput(
            "a window has whole months, the longest above the shortest",
            where=entry.where(),
            found=f"{shortest:g}, {longest:g}",
        )
    return Window(name, words_of(entry, "title"), int(shortest), int(longest))


def _scheme_page(draft: _Draft, name: str, entry: At) -> None:
    keys(entry, ("title", "versions"))
    if name not in draft.titles:
        draft.titles[name] = words_of(entry, "title")
    held = draft.schemes.setdefault(name, {})
    for page in entries(entry, "versions"):
        with draft.faults.kept(page.where()):
            found = _scheme(name, draft.titles[name], page, held)
            held[found.since] = found


def _scheme(name: str, title: Words, page: At, held: Mapping[date, Scheme]) -> Scheme:
    """A version; one that is ``like`` an earlier one says only what differs."""
    keys(page, SCHEME_KEYS)
    like = held.get(day(page, "like")) if "like" in page else None
    if "like" in page and like is None:
        raise BadInput(
            "no version of this scheme begins on that day",
            where=page.where("like"),
            found=str(page["like"]),
            allowed=[str(one) for one in held],
        )
    ladder = texts(page, "ladder") or (like.ladder if like else ())
    kinds = titles_of(page, "kinds") or dict(like.kinds if like else {})
    points = mapping(page, "points", needed=False)
    found = Scheme(
        id=name,
        title=title,
        since=day(page, "from"),
        source=text(page, "source"),
        evidence=choice(page, "evidence", GRADES),
        ladder=ladder,
        points={one: number(points, one) for one in points} or dict(like.points if like else {}),
        cuts=_cuts(page, ladder) or (like.cuts if like else ()),
        kinds=kinds,
        rules=tuple(_rule(one, ladder, kinds) for one in entries(page, "rules")) or (like.rules if like else ()),
    )
    if len(ladder) != len(set(ladder)) or not ladder or not found.rules:
        raise BadInput("a scheme has a ladder of grades, each once, and rules", where=page.where())
    return found


def _cuts(page: At, ladder: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    table = mapping(page, "cuts", needed=False)
    found = tuple((looked_up(ladder, name, "grade", table.where(name)), number(table, name)) for name in table)
    places = [ladder.index(name) for name, _ in found]
    bounds = [least for _, least in found]
    if places != sorted(places) or bounds != sorted(set(bounds), reverse=True):
        raise BadInput("cut-offs stand with the best grade first, and fall", where=page.where("cuts"), found=bounds)
    return found


def _rule(entry: At, ladder: tuple[str, ...], kinds: Mapping[str, Words]) -> CreditRule:
    keys(entry, ("id", "title", "when", "then", "source"))
    when, then = mapping(entry, "when"), mapping(entry, "then")
    keys(when, ("kinds", "least", "within"))
    keys(then, ("down", "to"))
    named = tuple(looked_up(kinds, one, "kind of record", when.where("kinds")) for one in texts(when, "kinds"))
    down, to = number(then, "down", 0), text(then, "to", needed=False)
    if to:
        looked_up(ladder, to, "grade", then.where("to"))
    if (down > 0) == bool(to) or down < 0 or not down.is_integer():
        raise BadInput("a rule leads down some steps, or to a grade", where=then.where(), allowed=("down: 1", "to: D"))
    return CreditRule(
        text(entry, "id"),
        words_of(entry, "title"),
        named,
        int(number(when, "least")),
        cast("Within", choice(when, "within", WITHINS)),
        int(down),
        to,
        text(entry, "source", needed=False),
    )
