"""Papers of what-if and law-diff: the same parts in the same order for every format and both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from tulou.indicators.evaluate.run import Check
from tulou.indicators.rulebook.content import Rulebook
from tulou.kernel.words import Language
from tulou.model.state import Profile, State
from tulou.plan.whatif.outcome import Outcome
from tulou.plan.whatif.subjects import Coming, Compared, Tried
from tulou.publish.paper.content import Art, Heading, Paper, Part, Row, Text, Turn
from tulou.publish.whatif.drawing import project_map
from tulou.publish.whatif.sheets import (
    calendar_sheet,
    edit_sheet,
    finding_sheet,
    flip_sheet,
    move_sheet,
    near_sheet,
    parameter_sheet,
    unassessed_sheet,
)
from tulou.publish.whatif.telling import people_moved, signed, summary
from tulou.publish.words import say

PERCENT = 100.0


def project_papers(tried: Tried, languages: Sequence[Language]) -> Mapping[Language, Paper]:
    """The paper of a project that was tried, by language."""
    return {language: _project(tried, language) for language in languages}


def law_papers(compared: Compared, languages: Sequence[Language]) -> Mapping[Language, Paper]:
    """The paper of two rules compared, by language."""
    return {language: _laws(compared, language) for language in languages}


def calendar_papers(
    state: State, days: Sequence[Coming], rulebook: Rulebook, languages: Sequence[Language]
) -> Mapping[Language, Paper]:
    """The paper of rules that come into force, by language."""
    return {language: _calendar(state, days, rulebook, language) for language in languages}


def _project(tried: Tried, language: Language) -> Paper:
    outcome, check = tried.outcome, tried.outcome.effect.after.check
    drawn = project_map(tried.project, tried.state, language)
    cover = [
        *_cover(check, outcome.rules[1], language),
        (say("whatif.project", language), tried.project.name),
        (say("whatif.files", language), ", ".join(tried.project.files)),
        (say("whatif.people_moved", language), signed(people_moved(tried.changed, tried.state), "person", language)),
    ]
    if tried.commit is not None:
        cover.append((say("whatif.kept", language), f"{tried.commit.branch} ({tried.commit.number})"))
    parts: list[Part] = [*_short(outcome, language), Heading(say("whatif.the_project", language), 1)]
    parts += [Text(remark.say(language), "note") for remark in tried.project.remarks]
    parts += [Art((drawn.picture,))] if drawn is not None else []
    parts.append(edit_sheet(tried.project, tried.state.dictionary, language))
    parts += _results(outcome, language)
    title = say("whatif.title", language, city=check.profile.name, project=tried.project.name)
    paper = _paper(title, check.profile, cover, parts, language)
    return replace(paper, base=drawn.base, definitions=drawn.definitions) if drawn is not None else paper


def _laws(compared: Compared, language: Language) -> Paper:
    outcome = compared.outcome
    before, after = outcome.effect.before.check, outcome.effect.after.check
    told = [
        f"{book.title.say(language)} · {check.day}" for book, check in zip(outcome.rules, (before, after), strict=True)
    ]
    cover = [
        *_cover(after, outcome.rules[1], language, day=compared.state.moment.valid.isoformat()),
        (say("whatif.before", language), told[0]),
        (say("whatif.after", language), told[1]),
    ]
    parts: list[Part] = [
        *_short(outcome, language), Heading(say("whatif.rules", language), 1),
        parameter_sheet(compared.changes, language), *_results(outcome, language),
        Heading(say("whatif.marginal", language), 1),
        Text(say("whatif.marginal_note", language, share=f"{compared.share * PERCENT:g}%"), "note"),
        near_sheet(compared.near, language),
    ]  # fmt: skip
    return _paper(say("whatif.law_title", language, city=after.profile.name), after.profile, cover, parts, language)


def _calendar(state: State, days: Sequence[Coming], rulebook: Rulebook, language: Language) -> Paper:
    cover = [
        (say("title.day", language), state.moment.valid.isoformat()),
        (say("title.rulebook", language), f"{rulebook.title.say(language)} ({rulebook.version})"),
    ]
    parts: list[Part] = [Turn(landscape=True), calendar_sheet(days, language)]
    for day in days:
        parts += [Heading(day.commencement.day.isoformat(), 1), Text(summary(day.outcome).say(language), "lead")]
        name = day.commencement.day.isoformat()
        tables = (
            parameter_sheet(day.commencement.parameters, language),
            flip_sheet("whatif.flips", day.outcome.flips, language),
            flip_sheet("whatif.crossings", day.outcome.crossings, language),
        )
        parts += [replace(table, name=f"{name} {table.name}"[:MOST_NAME]) for table in tables if table.rows]
    return _paper(
        say("whatif.calendar_title", language, city=state.profile.name), state.profile, cover, parts, language
    )


MOST_NAME = 31
"""Characters that a sheet of a workbook may be named with."""


def _cover(check: Check, rulebook: Rulebook, language: Language, *, day: str = "") -> Iterator[Row]:
    record = say("title.record_all", language)
    if check.record is not None:
        record = say("title.record_commit", language, commit=check.record)
    yield say("title.day", language), day or check.day.isoformat()
    yield say("title.record", language), record
    yield say("whatif.branch", language), check.branch
    yield say("title.rulebook", language), f"{rulebook.title.say(language)} ({rulebook.version})"


def _short(outcome: Outcome, language: Language) -> Iterator[Part]:
    yield Heading(say("whatif.short", language), 1)
    yield Text(summary(outcome).say(language), "lead")
    count = len(outcome.red_lines) + len(outcome.red_findings)
    yield Text(
        say("whatif.fails_anew" if count else "whatif.fails_anew_none", language, **({"count": count} if count else {}))
    )
    yield Text(say("title.not_appraisal", language), "note")


def _results(outcome: Outcome, language: Language) -> Iterator[Part]:
    """What turns, moves and is found, and what could not be told."""
    yield Turn(landscape=True)
    yield Heading(say("whatif.turns", language), 1)
    yield flip_sheet("whatif.flips", outcome.flips, language)
    if outcome.crossings:
        yield Text(say("whatif.crossings_note", language), "note")
        yield flip_sheet("whatif.crossings", outcome.crossings, language)
    yield move_sheet(outcome.moves, language)
    yield finding_sheet(outcome.findings, language)
    yield Text(say("whatif.not_assessed_note", language), "note")
    yield unassessed_sheet(outcome.unassessed, language)


def _paper(title: str, profile: Profile, cover: Sequence[Row], parts: Sequence[Part], language: Language) -> Paper:
    return Paper(language, title, profile.synthetic, tuple(cover), tuple(parts), credits=profile.credit)
