"""The tables of the tracker's pages, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from tulou.kernel.words import Language, Words
from tulou.operations.tracker.domain.commitment import Agenda, Commitment
from tulou.operations.tracker.domain.events import SHOWN
from tulou.operations.tracker.domain.grouping import Group, Way, clause_name, counts, groups, pressing
from tulou.operations.tracker.domain.standing import OPEN, STATES, Standing
from tulou.operations.tracker.domain.telling import (
    FALLEN_BACK,
    RHYTHM_WORDS,
    STAGE_WORDS,
    UNSET,
    WAY_WORDS,
    WHY_WORDS,
    basis_of,
    lack_words,
    progress_words,
    step_words,
    target_words,
)
from tulou.operations.tracker.domain.upward import upgoing
from tulou.publish.paper.content import Column, Value
from tulou.publish.tracker.bars import state_text
from tulou.publish.tracker.material import Material
from tulou.publish.words import say

WIDTHS: dict[str, float] = {
    "id": 5, "clause": 6, "body": 14, "due": 9, "title": 16, "says": 22, "role": 6, "lead": 12, "supporting": 12,
    "target": 14, "state": 10, "evidence": 7, "lacking": 18, "progress": 13, "basis": 10, "places": 10, "days": 5,
    "why": 9, "stage": 12, "entry": 5, "matter": 24, "way": 7, "to": 14, "by": 12, "since": 9, "answer": 14,
    "before": 9, "after": 9, "moved_on": 9, "kind": 12, "name": 16, "source": 14, "dated": 9, "digest": 12,
    "withdrawn": 12,
}  # fmt: skip
"""About how wide each column is, beside the others of its table."""

NUMBERS = frozenset({"total", *STATES, "overdue", "soon", "unset", "days"})
NUMBER_WIDTH = 6.0

BRIEF = ("id", "says", "lead", "due", "target", "state", "evidence", "lacking", "progress")
WHOLE = (
    "clause", "id", "says", "basis", "lead", "supporting", "places", "due", "target", "state", "evidence", "lacking",
    "progress",
)  # fmt: skip
PRESSING = ("id", "says", "lead", "due", "days", "state", "why", "lacking")
UPWARD = ("stage", "entry", "matter", "way", "to", "by", "since", "basis", "answer")
MOVED = ("id", "says", "before", "after", "moved_on", "by", "entry")
EVIDENCE = ("id", "entry", "kind", "name", "source", "by", "dated", "digest", "withdrawn")


def columns(names: Iterable[str], language: Language) -> tuple[Column, ...]:
    """Columns by name."""
    return tuple(_column(name, language) for name in names)


def counts_columns(way: Way) -> tuple[str, ...]:
    """Names of the columns of the counts."""
    titles = ("title",) if way == "clause" else ()
    return (way, *titles, "total", *STATES, "overdue", "soon", "unset")


def counts_rows(found: Material, way: Way, language: Language) -> list[tuple[Value, ...]]:
    """How many commitments of each group stand where."""
    rows: list[tuple[Value, ...]] = []
    for group in groups(found.agenda, way):
        one = counts(found.standings, group.commitments, found.day, found.soon)
        key, title = named(group, way, language)
        names = (key, title) if way == "clause" else (key,)
        rows.append((*names, one.total, *one.states.values(), one.overdue, one.soon, one.unset))
    return rows


def named(group: Group, way: Way, language: Language) -> tuple[str, str]:
    """What a group is called: its short name, and its title where that says more."""
    if way == "clause":
        return clause_name(group.key), group.title.say(language)
    return group.title.say(language), ""


def commitment_rows(
    found: Material, names: Iterable[str], columns_: Iterable[str], language: Language
) -> Iterator[tuple[str, ...]]:
    """Some commitments, one a row."""
    chosen = tuple(columns_)
    for name in names:
        facts = _facts(found, found.standings[name], language)
        yield tuple(facts[column] for column in chosen)


def roles(found: Material, group: Group, language: Language) -> list[str]:
    """The part a body has in each commitment of its group."""
    return [
        say(f"tracker.role.{'lead' if group.key in found.agenda.commitments[name].lead else 'supporting'}", language)
        for name in group.commitments
    ]


def pressing_rows(found: Material, language: Language) -> list[tuple[Value, ...]]:
    """What is past its day or due soon, the longest past first; then what fell back behind its target."""
    rows: list[tuple[Value, ...]] = []
    for press in pressing(found.standings, found.day, found.soon):
        facts = _facts(found, found.standings[press.commitment], language)
        says = step_words(found.agenda.commitments[press.commitment], press.step).say(language)
        days, why = (press.day - found.day).days, WHY_WORDS[press.why].say(language)
        row = (facts["id"], says, facts["lead"], f"{press.day}", days, facts["state"], why, facts["lacking"])
        rows.append(row)
    for name in sorted(found.fallen_back):
        facts = _facts(found, found.standings[name], language)
        why = FALLEN_BACK.say(language)
        head = (facts["id"], facts["says"], facts["lead"], facts["due"], None)
        rows.append((*head, facts["state"], why, facts["lacking"]))
    return rows


def upward_rows(found: Material, language: Language) -> list[tuple[Value, ...]]:
    """The matters that go upward."""
    return [
        (
            STAGE_WORDS[one.stage].say(language),
            one.number or None,
            _matter(found.agenda, one.title or one.under.says.say(language), one.about, language),
            WAY_WORDS[one.way].say(language),
            _bodies(found.agenda, one.to, language) or UNSET.say(language),
            found.agenda.body_title(one.by).say(language) if one.by else "",
            _day(one.since),
            basis_of(one.under).say(language),
            f"{one.answered} {one.answer}" if one.answered else "",
        )
        for one in upgoing(found.agenda, found.standings)
    ]


def moved_rows(found: Material, language: Language) -> list[tuple[Value, ...]]:
    """Days that were set anew after they had been set."""
    return [
        (
            move.commitment,
            found.agenda.commitments[move.commitment].says.say(language),
            f"{move.before}",
            f"{move.after}" if move.after else UNSET.say(language),
            f"{event.happened}",
            found.agenda.body_title(event.by).say(language),
            event.number,
        )
        for event, move in found.moved
        if move.field == "due" and move.before and move.commitment in found.agenda.commitments
    ]


def evidence_rows(found: Material, language: Language) -> list[tuple[Value, ...]]:
    """Every piece of evidence, those taken back too."""
    return [
        (
            item.commitment,
            item.number,
            found.agenda.evidence.get(item.kind, Words(item.kind, item.kind)).say(language),
            item.name,
            item.source,
            found.agenda.body_title(item.given_by).say(language),
            f"{item.dated}",
            item.digest[:SHOWN],
            item.withdrawn,
        )
        for standing in found.standings.values()
        for item in standing.evidence
    ]


def _column(name: str, language: Language) -> Column:
    title = state_text(name, language) if name in STATES else say(f"tracker.column.{name}", language)
    if name in NUMBERS:
        return Column(title, "number", NUMBER_WIDTH, 0)
    return Column(title, width=WIDTHS[name])


def _facts(found: Material, standing: Standing, language: Language) -> dict[str, str]:
    """All that a table may say of one commitment, by column."""
    one, agenda = standing.commitment, found.agenda
    kinds = _joined((agenda.evidence[kind] for kind in standing.lacking), language)
    lacks = (lack_words(lack, Words(kinds, kinds)) for lack in standing.lacks if lack not in OPEN)
    given = len(one.needs) - len(standing.lacking)
    return {
        "clause": clause_name(one.clause),
        "id": one.id,
        "says": one.says.say(language),
        "basis": basis_of(one).say(language),
        "lead": _lead(agenda, one, language),
        "supporting": _bodies(agenda, one.supporting, language),
        "places": _joined((agenda.places[name] for name in one.places), language),
        "due": _day(one.due) or RHYTHM_WORDS[one.rhythm].say(language) or UNSET.say(language),
        "target": target_words(one.target, found.titles).say(language) if one.target else UNSET.say(language),
        "state": state_text(standing.state, language),
        "evidence": f"{given}/{len(one.needs)}",
        "lacking": say("tracker.semicolon", language).join(lack.say(language) for lack in lacks),
        "progress": progress_words(found.progress[one.id]).say(language),
    }


def _lead(agenda: Agenda, one: Commitment, language: Language) -> str:
    if one.lead:
        return _bodies(agenda, one.lead, language)
    if agenda.general is None:
        return UNSET.say(language)
    answers, carries = (
        _bodies(agenda, names, language) for names in (agenda.general.answers, agenda.general.carries_out)
    )
    return say("tracker.general", language, answers=answers, carries=carries)


def _bodies(agenda: Agenda, names: Iterable[str], language: Language) -> str:
    return _joined((agenda.body_title(name) for name in names), language)


def _joined(words: Iterable[Words], language: Language) -> str:
    return say("language.list", language).join(one.say(language) for one in words)


def _matter(agenda: Agenda, title: str, about: str, language: Language) -> str:
    if not about or about not in agenda.commitments:
        return title
    return " · ".join((title, about, agenda.commitments[about].says.say(language)))


def _day(day: date | None) -> str:
    return f"{day}" if day else ""
