"""The paper on why figures moved: in short, figure by figure with a waterfall each, and tables with all numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tulou.diagnosis.difference.behind import Behind, ObjectChange
from tulou.diagnosis.difference.coalitions import CAUSES
from tulou.diagnosis.difference.figures import DIVIDED
from tulou.kernel.words import Language
from tulou.publish.drawing.picture import Picture
from tulou.publish.drawing.waterfall import End, Step, waterfall
from tulou.publish.numbers import quantity, unit_text
from tulou.publish.paper.content import Art, Column, Grid, Heading, Paper, Part, Sheet, Text, Turn, Value
from tulou.publish.paper.pages import grid_of
from tulou.publish.why.material import Change, EndLine, Subject
from tulou.publish.why.shown import shown_change
from tulou.publish.why.tell import happened, kind_of, paragraph, rule_words, title_of
from tulou.publish.words import say

MOST_OBJECTS = 12
"""Objects shown below a paragraph; the table of objects holds all."""
SHEET_NAME = 31
"""Longest name of a sheet."""
DIGITS = 3
"""Decimals of numbers in tables on pages."""


def why_paper(subject: Subject, language: Language, more: Sequence[Sheet] = ()) -> Paper:
    """The paper in one language.

    Args:
        subject: What is told.
        language: Its language.
        more: Tables to stand behind the others.
    """
    tables: list[Part] = [Turn(landscape=True), *sheets(subject, language), *more]
    parts = [*_short(subject, language), *_details(subject, language), *tables]
    return Paper(
        language,
        say("why.title", language, city=subject.city),
        subject.synthetic,
        _cover(subject, language),
        tuple(parts),
        subject.credits,
    )


def _cover(subject: Subject, language: Language) -> tuple[tuple[str, str], ...]:
    causes = [say(f"why.head.{cause}", language) for cause in subject.causes]
    return (
        (say("why.cover.before", language), _end(subject.before, language)),
        (say("why.cover.after", language), _end(subject.after, language)),
        (
            say("why.cover.moved", language),
            say("language.list", language).join(causes) or say("why.cover.none", language),
        ),
    )


def cover_lines(subject: Subject, language: Language) -> list[str]:
    """The two ends and the causes that moved, a line each."""
    colon = "：" if language == "zh" else ": "
    return [f"{name}{colon}{value}" for name, value in _cover(subject, language)]


def short_sheet(subject: Subject, language: Language) -> Sheet:
    """The changes as they are read out, each number with the decimals it deserves."""
    causes = tuple((cause, 9.0, "number") for cause in CAUSES)
    columns = _columns(
        language,
        ("indicator", 30.0, "text"),
        ("before", 11.0, "number"),
        ("after", 11.0, "number"),
        ("change", 13.0, "number"),
        *causes,
        ("verdict", 16.0, "text"),
    )
    rows = [_short_row(change, language) for change in subject.changes]
    return Sheet(say("why.table.changes", language), columns, rows, say("why.nothing", language))


def _short_row(change: Change, language: Language) -> tuple[str, ...]:
    row, dash = change.row, say("why.dash", language)
    statuses = [
        say(f"status.{status.replace(' ', '_')}", language) if status else dash
        for status in (row["status_before"], row["status_after"])
    ]
    verdict = statuses[1] if statuses[0] == statuses[1] else " → ".join(statuses)
    if row["kind"] == DIVIDED:
        shown = shown_change(change.before, change.after, change.parts, change.titles.unit, language)
        numbers = shown.before, shown.after, shown.change, *(shown.parts[cause] for cause in CAUSES)
    else:
        values = [quantity(row[name], change.titles.unit, language) for name in ("before", "after")]
        numbers = *values, say(f"why.kind.{row['kind']}", language), *(dash for _ in CAUSES)
    return title_of(change, language), *numbers, verdict


def _end(end: EndLine, language: Language) -> str:
    return say(
        "why.cover.branch" if end.branch else "why.cover.end",
        language,
        name=end.name,
        day=end.day.isoformat(),
        record=end.record,
        branch=end.branch,
        rulebook=end.rulebook,
        version=end.version,
    )


def _short(subject: Subject, language: Language) -> Iterator[Part]:
    yield Heading(say("why.chapter.short", language), 1)
    yield Text(lead(subject, language), "lead")
    if subject.made_again:
        yield Text(again(subject, language), "missing")
    for cause in CAUSES:
        colon = "：" if language == "zh" else ": "
        about = say(f"why.about.{cause}", language)
        yield Text(f"{say(f'why.head.{cause}', language)}{colon}{about}", "bullet")
    yield Text(say("why.method", language), "note")
    yield Text(say("why.shares", language), "note")
    if subject.changes:
        yield grid_of(short_sheet(subject, language), language)


def lead(subject: Subject, language: Language) -> str:
    """How many figures moved, and by what mostly."""
    if not subject.changes:
        return say("why.nothing", language)
    mostly = {cause: sum(one.row["because"] == cause for one in subject.changes) for cause in CAUSES}
    turned = sum(one.is_turned for one in subject.changes)
    moved = sum(one.row["because"] is not None for one in subject.changes)
    return say("why.lead", language, moved=moved, turned=turned, **mostly)


def again(subject: Subject, language: Language) -> str:
    """That some figures come out otherwise today than they were published."""
    return say("why.again", language, count=f"{subject.made_again:,}")


def _details(subject: Subject, language: Language) -> Iterator[Part]:
    if not subject.told:
        return
    yield Heading(say("why.chapter.details", language), 1, breaks=True)
    left = len(subject.changes) - subject.told
    if left:
        yield Text(say("why.more", language, shown=subject.told, left=left), "note")
    for place, change in enumerate(subject.changes[: subject.told]):
        yield Heading(title_of(change, language), 2)
        yield Text(paragraph(change, subject, language))
        picture = chart(f"waterfall-{place}", change, language)
        if picture is not None:
            yield Art((picture,))
        yield from _objects(change, subject, language)


def chart(name: str, change: Change, language: Language) -> Picture | None:
    """The waterfall of a figure; None where its change is not divided or nothing moved it.

    Args:
        name: Name of the picture.
        change: The figure.
        language: Language of the words.
    """
    if change.row["kind"] != DIVIDED or not any(change.parts.values()):
        return None
    shown = shown_change(change.before, change.after, change.parts, change.titles.unit, language)
    steps = [
        Step(cause, say(f"why.head.{cause}", language), part, shown.parts[cause])
        for cause, part in change.parts.items()
    ]
    return waterfall(
        name,
        End(say("why.chart.before", language), change.before, shown.before),
        steps,
        End(say("why.chart.after", language), change.after, shown.after),
        title=say("why.chart.title", language, title=title_of(change, language)),
        language=language,
    )


def _objects(change: Change, subject: Subject, language: Language) -> Iterator[Part]:
    lines: list[tuple[str, ...]] = []
    notes: list[str] = []
    for behind in _that_matter(change):
        cause = say(f"why.head.{behind.cause}", language)
        lines += [(cause, *_line(one, change, subject, language)) for one in behind.objects[:MOST_OBJECTS]]
        lines += [(cause, rule_words(rule, language), "", "", "") for rule in behind.rules]
        if behind.rest and math.isfinite(behind.rest):
            part = _part(behind.rest, change, language)
            notes.append(f"{cause}: {say('why.rest', language, part=part)}")
    if lines:
        heads = ("cause", "object", "what", "share", "source")
        head = tuple(say(f"why.table.{name}", language) for name in heads)
        yield Grid(head, tuple(lines), (12.0, 28.0, 26.0, 12.0, 22.0), (3,))
    yield from (Text(note, "note") for note in notes)


def _that_matter(change: Change) -> list[Behind]:
    return [behind for behind in change.behind if _matters(change, behind)]


def _matters(change: Change, behind: Behind) -> bool:
    """Whether a cause moved the figure, or its verdict."""
    if change.row["kind"] != DIVIDED:
        return behind.cause in {change.row["because"], change.row["status_because"]}
    return bool(change.parts[behind.cause]) or behind.cause == change.row["status_because"]


def _line(one: ObjectChange, change: Change, subject: Subject, language: Language) -> tuple[str, str, str, str]:
    name = f"{kind_of(one, subject, language)} {one.name or one.id}"
    what = happened(one, subject, language)
    if one.rows:
        comma = say("language.comma", language)
        what += comma + say("why.group.rows", language, count=f"{one.rows:,}")
    share = say("why.dash", language) if one.share is None else _part(one.share, change, language)
    return name, what, share, source_of(one, subject)


def source_of(one: ObjectChange, subject: Subject) -> str:
    """Where what is known of an object comes from: commit, file, day."""
    commit = subject.commits.get(one.commit or 0)
    return "" if commit is None else f"#{one.commit} {commit.source} {commit.day.isoformat()}"


def _part(part: float, change: Change, language: Language) -> str:
    text = quantity(part, change.titles.unit, language)
    return text if part < 0 else f"+{text}"


def sheets(subject: Subject, language: Language) -> list[Sheet]:
    """The tables: changes, objects, rules, units by verdict; they hold the numbers as they are."""
    return [
        changes_sheet(subject, language),
        _objects_sheet(subject, language),
        _rules_sheet(subject, language),
        counts_sheet(subject, language),
    ]


def scores_sheet(composite: str, rows: Iterable[Mapping[str, Any]], language: Language) -> Sheet:
    """What each cause moved in the composite scores of units.

    Args:
        composite: Name of the score.
        rows: One a unit, see ``app.composites``.
        language: Language of the words.
    """
    causes = tuple((cause, 10.0, "number") for cause in CAUSES)
    numbers = ("before", "after", "change", *CAUSES)
    columns = _columns(
        language,
        ("unit", 22.0, "text"),
        ("before", 10.0, "number"),
        ("after", 10.0, "number"),
        ("change", 10.0, "number"),
        *causes,
        ("kind", 12.0, "text"),
    )
    shown = [(row["unit"], *(row[name] for name in numbers), say(f"why.kind.{row['kind']}", language)) for row in rows]
    return Sheet(say("why.table.scores", language, name=composite)[:SHEET_NAME], columns, shown)


def _columns(language: Language, *columns: tuple[str, float, str]) -> tuple[Column, ...]:
    """Columns by name of their label, width, and ``number`` or ``text``."""
    return tuple(
        Column(_head(name, language), "number" if kind == "number" else "text", width, DIGITS)
        for name, width, kind in columns
    )


def _head(name: str, language: Language) -> str:
    return say(f"why.head.{name}" if name in CAUSES else f"why.table.{name}", language)


def changes_sheet(subject: Subject, language: Language) -> Sheet:
    """The table of changes by cause."""
    causes = tuple((cause, 9.0, "number") for cause in CAUSES)
    columns = _columns(
        language,
        ("indicator", 26.0, "text"),
        ("unit", 14.0, "text"),
        ("in", 9.0, "text"),
        ("before", 9.0, "number"),
        ("after", 9.0, "number"),
        ("change", 9.0, "number"),
        *causes,
        ("within_borders", 11.0, "number"),
        ("status_before", 10.0, "text"),
        ("status_after", 10.0, "text"),
        ("turned_by", 10.0, "text"),
        ("kind", 10.0, "text"),
    )
    rows = [tuple(_change_row(change, language)) for change in subject.changes]
    return Sheet(say("why.table.changes", language), columns, rows, say("why.nothing", language))


def _change_row(change: Change, language: Language) -> Iterator[Value]:
    row = change.row
    yield title_of(change, language)
    yield row["unit_name"] or row["unit"]
    yield unit_text(change.titles.unit, language)
    yield from (row[name] for name in ("before", "after", "change", *CAUSES, "within_borders"))
    for status in (row["status_before"], row["status_after"]):
        yield "" if status is None else say(f"status.{status.replace(' ', '_')}", language)
    yield say(f"why.head.{row['status_because']}", language) if row["status_because"] else ""
    yield say(f"why.kind.{row['kind']}", language)


def _objects_sheet(subject: Subject, language: Language) -> Sheet:
    columns = _columns(
        language,
        ("indicator", 22.0, "text"),
        ("cause", 10.0, "text"),
        ("object", 20.0, "text"),
        ("id", 16.0, "text"),
        ("what", 24.0, "text"),
        ("share", 9.0, "number"),
        ("rows", 9.0, "number"),
        ("commit", 6.0, "number"),
        ("source", 20.0, "text"),
    )
    rows: list[tuple[Value, ...]] = []
    for change in subject.changes:
        title = title_of(change, language)
        for behind in _that_matter(change):
            cause = say(f"why.head.{behind.cause}", language)
            for one in behind.objects:
                name = f"{kind_of(one, subject, language)} {one.name}".strip()
                what, source = happened(one, subject, language), source_of(one, subject)
                rows.append((title, cause, name, one.id, what, one.share, one.rows or None, one.commit, source))
    return Sheet(say("why.table.objects", language), columns, rows, say("why.table.empty", language))


def _rules_sheet(subject: Subject, language: Language) -> Sheet:
    columns = _columns(
        language, ("indicator", 24.0, "text"), ("kind", 10.0, "text"), ("rule", 40.0, "text"), ("since", 10.0, "text")
    )
    rows: list[tuple[Value, ...]] = [
        (
            title_of(change, language),
            say(f"why.rule.kinds.{rule.kind}", language),
            rule_words(rule, language),
            rule.since,
        )
        for change in subject.changes
        for behind in _that_matter(change)
        for rule in behind.rules
    ]
    return Sheet(say("why.table.rules", language), columns, rows, say("why.table.empty", language))


def counts_sheet(subject: Subject, language: Language) -> Sheet:
    """What each cause moved in the numbers of units by verdict."""
    causes = tuple((cause, 10.0, "number") for cause in CAUSES)
    columns = _columns(
        language,
        ("level", 14.0, "text"),
        ("status", 14.0, "text"),
        ("before", 10.0, "number"),
        ("after", 10.0, "number"),
        ("change", 10.0, "number"),
        *causes,
    )
    rows = [
        (
            say(f"level.{row['level']}", language),
            say(f"status.{row['status'].replace(' ', '_')}", language),
            *(row[name] for name in ("before", "after", "change", *CAUSES)),
        )
        for row in subject.counts
    ]
    shown = tuple(replace(column, digits=1) for column in columns)
    return Sheet(say("why.table.counts", language), shown, rows, say("why.table.empty", language))
