"""The pages of the tracker as papers: by clause, by body, by the day things are due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tulou.kernel.words import Language
from tulou.operations.tracker.domain.grouping import Group, Way, counts, groups
from tulou.operations.tracker.domain.telling import journal_words
from tulou.publish.paper.content import Art, Grid, Heading, Paper, Part, Sheet, Text, Turn
from tulou.publish.tracker import rows
from tulou.publish.tracker.bars import standing_bars
from tulou.publish.tracker.material import Material
from tulou.publish.words import say

READING = ("done", "progress", "open", "journal", "persons")
CHAPTERS = ("overview", "pressing", "commitments", "upward", "moved", "reading")


def assemble(found: Material, way: Way, language: Language, *, is_book: bool = False) -> Paper:
    """One paper of the tracker.

    Args:
        found: What it is made of.
        way: How commitments are grouped.
        language: Its language.
        is_book: Whether it is for a workbook: then all commitments stand in one table, else group by group.
    """
    parts = {
        "overview": _overview(found, way, language),
        "pressing": _sheet(found, "pressing", language),
        "commitments": _all_in_one(found, language) if is_book else _group_by_group(found, way, language),
        "upward": _sheet(found, "upward", language),
        "moved": _sheet(found, "moved", language),
        "reading": iter([Text(say(f"tracker.reading.{name}", language), "bullet") for name in READING]),
    }
    made: list[Part] = []
    for place, name in enumerate(CHAPTERS, 1):
        if name in {"commitments", "reading"}:
            made.append(Turn(landscape=name == "commitments"))
        made.append(Heading(f"{place}  {say(f'tracker.chapter.{name}', language)}", 1))
        made += parts[name]
    title = say(f"tracker.title.{way}", language, city=found.city)
    return Paper(language, title, found.synthetic, tuple(_cover(found, language)), tuple(made))


def _cover(found: Material, language: Language) -> Iterator[tuple[str, str]]:
    lines = {
        "document": say("language.list", language).join(one.say(language) for one in found.agenda.documents),
        "day": f"{found.day}",
        "record": found.as_of or say("title.record_all", language),
        "check": found.check or say("tracker.cover.no_check", language),
        "journal": journal_words(found.events).say(language),
    }
    for name, text in lines.items():
        yield say(f"tracker.cover.{name}", language), text


def _overview(found: Material, way: Way, language: Language) -> Iterator[Part]:
    total = counts(found.standings, found.standings, found.day, found.soon)
    facts: dict[str, int] = {f"{state}": number for state, number in total.states.items()}
    facts |= {"total": total.total, "overdue": total.overdue, "soon": total.soon, "soon_days": found.soon}
    yield Text(say("tracker.lead", language, **facts), "lead")
    if total.unset:
        name = "tracker.unset_one" if total.unset == 1 else "tracker.unset"
        yield Text(say(name, language, unset=total.unset))
    drawn = [
        (
            " ".join(filter(None, rows.named(group, way, language))),
            counts(found.standings, group.commitments, found.day).states,
        )
        for group in groups(found.agenda, way)
        if group.key
    ]
    if drawn:
        title = say("tracker.chart", language)
        yield Art((standing_bars(f"standing-{way}", drawn, title=title, language=language),))
    names = rows.counts_columns(way)
    yield Sheet(
        say("tracker.sheet.counts", language),
        rows.columns(names, language),
        rows.counts_rows(found, way, language),
    )


def _sheet(found: Material, name: str, language: Language) -> Iterator[Part]:
    made = {
        "pressing": (rows.PRESSING, rows.pressing_rows),
        "upward": (rows.UPWARD, rows.upward_rows),
        "moved": (rows.MOVED, rows.moved_rows),
        "evidence": (rows.EVIDENCE, rows.evidence_rows),
    }
    names, rows_of = made[name]
    yield Sheet(
        say(f"tracker.sheet.{name}", language),
        rows.columns(names, language),
        rows_of(found, language),
        say(f"tracker.none.{name}", language),
    )


def _all_in_one(found: Material, language: Language) -> Iterator[Part]:
    listed = list(rows.commitment_rows(found, found.standings, rows.WHOLE, language))
    yield Sheet(say("tracker.sheet.all", language), rows.columns(rows.WHOLE, language), listed)
    yield from _sheet(found, "evidence", language)


def _group_by_group(found: Material, way: Way, language: Language) -> Iterator[Part]:
    for group in groups(found.agenda, way):
        yield Heading(" ".join(filter(None, rows.named(group, way, language))), 2)
        yield _grid(found, group, way, language)
    yield from _sheet(found, "evidence", language)


def _grid(found: Material, group: Group, way: Way, language: Language) -> Grid:
    names: Sequence[str] = rows.BRIEF
    listed = list(rows.commitment_rows(found, group.commitments, names, language))
    if way == "body" and group.key:
        at = names.index("lead")
        names = (*names[:at], "role", *names[at + 1 :])
        parts = rows.roles(found, group, language)
        listed = [(*row[:at], part, *row[at + 1 :]) for row, part in zip(listed, parts, strict=True)]
    made = rows.columns(names, language)
    return Grid(tuple(one.title for one in made), tuple(listed), tuple(one.width for one in made))
