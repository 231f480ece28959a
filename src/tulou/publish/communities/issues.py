"""The ledger of community issues as a paper: what is open and overdue, by whom, and a month in counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tulou.kernel.words import Language, Words
from tulou.publish.paper.content import Column, Heading, Paper, Part, Sheet, Text, Value
from tulou.publish.words import say

FEWEST = 10
"""Counts below this are not published (methods_governance §0)."""
WIDE, NARROW = 20.0, 9.0
COLUMNS = ("case", "class", "place", "about", "party", "state", "due", "standing")


@dataclass(frozen=True)
class Issue:
    """One issue.

    Args:
        id: Its case.
        kind: Its class.
        place: Where.
        title: What it is about, masked.
        party: The party it was given to; None before.
        state: Where it stands.
        opened: When it was raised.
        ended: When it ended; None while it runs.
        due: When its state is due; None when nobody can say.
        is_overdue: Whether it is overdue.
    """

    id: str
    kind: Words | None
    place: str
    title: str
    party: Words | None
    state: Words
    opened: datetime
    ended: datetime | None
    due: datetime | None
    is_overdue: bool


def issues_paper(
    city: str, issues: Sequence[Issue], span: tuple[date, date], language: Language, *, synthetic: bool
) -> Paper:
    """The ledger of a city in one language.

    Args:
        city: Name of the city.
        issues: All issues.
        span: First and last day of the counts.
        language: Language of the paper.
        synthetic: Whether the city was generated.
    """
    cover = ((say("grids.city", language), city), (say("ledger.span", language), f"{span[0]} – {span[1]}"))
    parts = tuple(_parts(issues, span, language))
    return Paper(language, say("ledger.title", language, city=city), synthetic=synthetic, cover=cover, parts=parts)


def _parts(issues: Sequence[Issue], span: tuple[date, date], language: Language) -> Iterator[Part]:
    open_ones = [one for one in issues if one.ended is None]
    overdue = [one for one in open_ones if one.is_overdue]
    yield Heading(say("ledger.now", language), 1)
    yield Text(say("ledger.lead", language, open=len(open_ones), overdue=len(overdue)), "lead")
    rows = [_row(one, language) for one in sorted(open_ones, key=lambda one: (not one.is_overdue, one.opened, one.id))]
    columns = tuple(
        Column(say(f"ledger.column.{name}", language), width=WIDE if name == "about" else NARROW) for name in COLUMNS
    )
    yield Sheet(say("ledger.open", language), columns, rows, say("ledger.none", language))
    yield Heading(say("ledger.counts", language), 1)
    yield Text(say("ledger.suppressed", language, fewest=FEWEST), "note")
    yield _counts(issues, span, language)


def _row(one: Issue, language: Language) -> list[Value]:
    unknown = say("language.unknown", language)
    return [
        one.id,
        one.kind.say(language) if one.kind else "",
        one.place,
        one.title,
        one.party.say(language) if one.party else say("ledger.nobody", language),
        one.state.say(language),
        one.due.isoformat(sep=" ", timespec="minutes")[:16] if one.due else unknown,
        say(f"ledger.{'overdue' if one.is_overdue else 'in_time'}", language) if one.due or one.is_overdue else unknown,
    ]


def _counts(issues: Sequence[Issue], span: tuple[date, date], language: Language) -> Sheet:
    """Raised and ended in the span, by class; small counts left out."""
    first, last = span
    raised = Counter(one.kind for one in issues if first <= one.opened.date() <= last)
    ended = Counter(one.kind for one in issues if one.ended and first <= one.ended.date() <= last)
    kinds = sorted({*raised, *ended}, key=lambda one: one.en if one else "")
    rows: list[list[Value]] = [
        [kind.say(language) if kind else "", shown(raised[kind]), shown(ended[kind])] for kind in kinds
    ]
    rows.append([say("ledger.total", language), shown(raised.total()), shown(ended.total())])
    columns = tuple(
        Column(say(f"ledger.column.{name}", language), "text" if name == "class" else "number", NARROW)
        for name in ("class", "raised", "ended")
    )
    return Sheet(say("ledger.counts", language), columns, rows)


def shown(count: int) -> int | str:
    """A count as it may be published: nothing, or enough that nobody is known by it."""
    return count if count == 0 or count >= FEWEST else f"<{FEWEST}"
