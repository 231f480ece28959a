"""Tables of what-if and law-diff papers: one function a table, each a sheet of the workbook too."""

from __future__ import annotations

from collections.abc import Sequence

from tulou.kernel.words import Language, Words
from tulou.model.dictionary import Dictionary
from tulou.plan.projects.project import Project
from tulou.plan.whatif.laws import ParameterChange
from tulou.plan.whatif.outcome import NO_WORDS, FindingLine, Line, NearLine, Unassessed
from tulou.plan.whatif.subjects import Coming
from tulou.publish.numbers import unit_text
from tulou.publish.paper.content import Column, Sheet, Value
from tulou.publish.whatif.machine import counts
from tulou.publish.whatif.telling import (
    ACTIONS,
    KINDS,
    TURNS,
    VERDICTS,
    article_text,
    parameter_rows,
    size_text,
    status_text,
    title_text,
    unit_name,
    values_text,
)
from tulou.publish.words import say

DIGITS = 2


def edit_sheet(project: Project, dictionary: Dictionary, language: Language) -> Sheet:
    """What a project does, edit by edit."""
    rows = [
        (
            ACTIONS[edit.action].say(language), dictionary[edit.entity].title.say(language), edit.name, edit.id,
            values_text(edit, dictionary, language),
        )
        for edit in project.edits
    ]  # fmt: skip
    heads = (
        ("whatif.action", 6), ("whatif.object", 8), ("whatif.name", 12), ("column.id", 12), ("whatif.values", 24),
    )  # fmt: skip
    return _sheet("whatif.edits", heads, rows, language)


def flip_sheet(name: str, lines: Sequence[Line], language: Language) -> Sheet:
    """Answers before and after with their verdicts, the article and the people."""
    columns = (
        Column(say("column.indicator", language), width=14),
        Column(say("column.unit", language), width=9),
        Column(say("whatif.before", language), "number", 6, DIGITS),
        Column(say("whatif.verdict_before", language), width=6),
        Column(say("whatif.after", language), "number", 6, DIGITS),
        Column(say("whatif.verdict_after", language), width=6),
        Column(say("column.measured_in", language), width=6),
        Column(say("whatif.turn", language), width=5),
        Column(say("whatif.article", language), width=18),
        Column(say("column.people", language), "number", 6, 0),
    )
    rows: list[tuple[Value, ...]] = [
        (
            title_text(line, language), unit_name(line, language), line.before.value,
            VERDICTS[line.before.verdict].say(language), line.after.value, VERDICTS[line.after.verdict].say(language),
            unit_text(line.measured_in, language), TURNS[line.turn].say(language), article_text(line, language),
            line.people,
        )
        for line in lines
    ]  # fmt: skip
    return Sheet(say(name, language), columns, rows, say("whatif.nothing", language))


def move_sheet(lines: Sequence[Line], language: Language) -> Sheet:
    """Values before and after, with what they count."""
    columns = (
        Column(say("column.indicator", language), width=16),
        Column(say("column.unit", language), width=9),
        Column(say("whatif.before", language), "number", 7, DIGITS),
        Column(say("whatif.after", language), "number", 7, DIGITS),
        Column(say("whatif.change", language), "number", 7, DIGITS),
        Column(say("column.measured_in", language), width=6),
        Column(say("whatif.turn", language), width=5),
        Column(say("column.reason", language), width=12),
    )
    rows: list[tuple[Value, ...]] = [
        (
            title_text(line, language), unit_name(line, language), line.before.value, line.after.value, _change(line),
            unit_text(line.measured_in, language), TURNS[line.turn].say(language),
            _why(line).say(language),
        )
        for line in lines
    ]  # fmt: skip
    return Sheet(say("whatif.moves", language), columns, rows, say("whatif.nothing", language))


def finding_sheet(lines: Sequence[FindingLine], language: Language) -> Sheet:
    """Findings that appear, vanish or change, with their objects by name."""
    columns = (
        Column(say("whatif.finding", language), width=5),
        Column(say("column.indicator", language), width=14),
        Column(say("column.unit", language), width=9),
        Column(say("column.status", language), width=8),
        Column(say("whatif.people_before", language), "number", 6, 0),
        Column(say("whatif.people_after", language), "number", 6, 0),
        Column(say("whatif.added", language), width=14),
        Column(say("whatif.dropped", language), width=14),
        Column(say("whatif.size", language), width=9),
    )
    listing = say("language.list", language)
    rows: list[tuple[Value, ...]] = [
        (
            KINDS[line.change.kind].say(language), line.title.say(language), line.change.unit_name or line.change.unit,
            status_text(line, language), *line.change.people,
            *(listing.join(one.name or one.id for one in some) for some in (line.added, line.dropped)),
            size_text(line, language),
        )
        for line in lines
    ]  # fmt: skip
    return Sheet(say("whatif.findings", language), columns, rows, say("whatif.nothing", language))


def unassessed_sheet(some: Sequence[Unassessed], language: Language) -> Sheet:
    """Indicators that could not be assessed, and why."""
    rows = [
        (
            one.title.say(language), one.reason.say(language), ", ".join(one.lacking),
            say("paper.yes" if one.is_new else "paper.no", language),
        )
        for one in some
    ]  # fmt: skip
    heads = (("column.indicator", 14), ("whatif.why", 22), ("column.input", 14), ("whatif.is_new", 6))
    return _sheet("whatif.not_assessed", heads, rows, language)


def parameter_sheet(changes: Sequence[ParameterChange], language: Language) -> Sheet:
    """Parameters that say something else."""
    heads = (("whatif.parameter", 14), ("whatif.before", 16), ("whatif.after", 16))
    return _sheet("whatif.parameters", heads, [tuple(row) for row in parameter_rows(changes, language)], language)


def near_sheet(lines: Sequence[NearLine], language: Language) -> Sheet:
    """Answers that lie near their mark."""
    columns = (
        Column(say("column.indicator", language), width=14),
        Column(say("column.unit", language), width=9),
        Column(say("column.result", language), "number", 7, DIGITS),
        Column(say("whatif.distance", language), "number", 7, DIGITS),
        Column(say("column.measured_in", language), width=6),
        Column(say("column.status", language), width=7),
        Column(say("whatif.article", language), width=16),
        Column(say("column.people", language), "number", 6, 0),
    )
    rows: list[tuple[Value, ...]] = [
        (
            title_text(one.line, language), unit_name(one.line, language), one.line.after.value, one.distance,
            unit_text(one.line.measured_in, language), VERDICTS[one.line.after.verdict].say(language),
            article_text(one.line, language), one.line.people,
        )
        for one in lines
    ]  # fmt: skip
    return Sheet(say("whatif.marginal", language), columns, rows, say("whatif.nothing", language))


def calendar_sheet(days: Sequence[Coming], language: Language) -> Sheet:
    """The days on which rules come into force, and how much each turns."""
    columns = (
        Column(say("whatif.day", language), width=7),
        Column(say("whatif.parameters", language), width=30),
        *(Column(say(f"whatif.{name}", language), "number", 6, 0) for name in ("turned", "worse", "better", "moves")),
    )
    rows: list[tuple[Value, ...]] = []
    for day in days:
        found = counts(day.outcome)
        names = [change.title.say(language) for change in day.commencement.parameters]
        told = [found[name] for name in ("flips", "worse", "better", "moves")]
        rows.append((day.commencement.day.isoformat(), say("language.list", language).join(names), *told))
    return Sheet(say("whatif.calendar", language), columns, rows, say("whatif.calendar_none", language))


def _change(line: Line) -> float | None:
    if line.before.value is None or line.after.value is None:
        return None
    return line.after.value - line.before.value


def _sheet(name: str, heads: Sequence[tuple[str, float]], rows: Sequence[Sequence[Value]], language: Language) -> Sheet:
    columns = tuple(Column(say(head, language), width=width) for head, width in heads)
    return Sheet(say(name, language), columns, rows, say("whatif.nothing", language))


def _why(line: Line) -> Words:
    """Why there is no value on one side; nothing when both sides have one."""
    if _change(line) is not None:
        return NO_WORDS
    return (line.after if line.after.value is None else line.before).reason
