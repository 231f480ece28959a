"""The report as a run of paragraphs, tables and figures: what both paper formats (Word, PDF) print, in one order."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from tulou.publish.paper.content import (
    STATUSES,
    SYMBOLS,
    Art,
    Grid,
    Heading,
    Pairs,
    Paper,
    Part,
    Text,
    Turn,
    Verdict,
)
from tulou.publish.report.content import Block, ReportModel
from tulou.publish.report.tables import (
    ADVICE_COLUMNS,
    LEVELS,
    PROBLEM_COLUMNS,
    PROJECT_COLUMNS,
    REGISTERS,
    STATISTICS_COLUMNS,
    advice_rows,
    problem_rows,
    statistics_rows,
)
from tulou.publish.words import say

BLOCK_LEVEL = 3
"""Level of the headings below a chapter's parts."""

MOST_PROBLEMS = 300
"""Findings printed on paper; the table file and the exports hold all."""

MOST_MAPS = 40
"""Indicators that carry a map on paper."""

WIDTHS: dict[str, float] = {
    "number": 3,
    "dimension": 6,
    "level": 5,
    "code": 5,
    "indicator": 13,
    "result": 7,
    "mark": 7,
    "status": 7,
    "known": 5,
    "basis": 13,
    "problem": 12,
    "place": 8,
    "objects": 9,
    "people": 7,
    "cause": 8,
    "owner": 9,
    "indicator_result": 7,
    "existing_problem": 15,
    "advice": 8,
    "area": 12,
    "kind": 8,
    "reason": 22,
}
"""About how wide each column is, beside the others of its table."""


def on_paper(model: ReportModel) -> Paper:
    """The report as a paper, for Word and PDF."""
    return Paper(
        model.language,
        model.title,
        model.synthetic,
        model.cover,
        tuple(outline(model)),
        credits=model.credits,
        base=model.base,
        outlines=model.outlines,
        definitions=model.definitions,
    )


def outline(model: ReportModel) -> Iterator[Part]:
    """All that is printed after the cover."""
    yield from _summary(model)
    for place, (name, items) in enumerate(_chapters(model), 1):
        text = say(f"chapter.{name}", model.language)
        yield Heading(f"{place}  {text}", 1, breaks=name in {"overview", "analysis"})
        yield from items
    yield Turn(landscape=True)
    yield Heading(say("chapter.appendix", model.language), 1)
    yield from _appendix(model)


def _chapters(model: ReportModel) -> Iterator[tuple[str, Iterator[Part]]]:
    yield "overview", (Text(line) for line in model.overview)
    yield "method", _method(model)
    yield "conclusion", _conclusion(model)
    yield "analysis", _analysis(model)
    yield "advice", iter([_planned(model, "advice.planned", "advice.missing")])
    yield "action", _action(model)


def _summary(model: ReportModel) -> Iterator[Part]:
    language = model.language
    yield Heading(say("summary.title", language), 1, breaks=True)
    yield Text(model.lead, "lead")
    drawn = model.pictures
    pairs = (("by_dimension", "map"), ("worst", "confirm"), ("unlock", "by_level"))
    for names in pairs:
        found = tuple(drawn[name] for name in names if name in drawn)
        if found:
            yield Art(found)
    yield Text(say("summary.double_count", language), "note")


def _method(model: ReportModel) -> Iterator[Part]:
    language = model.language
    for line in model.method:
        yield Text(line, "bullet")
    yield Heading(say("method.statuses", language), BLOCK_LEVEL)
    yield Pairs(
        tuple(
            (f"{SYMBOLS[key]} {say(f'status.{key}', language)}", say(f"status.about.{key}", language))
            for key in STATUSES
        )
    )


def _conclusion(model: ReportModel) -> Iterator[Part]:
    language = model.language
    yield Heading(say("conclusion.achievements", language), BLOCK_LEVEL)
    yield Text(model.achievements)
    yield Heading(say("conclusion.problems", language), BLOCK_LEVEL)
    yield Text(model.failures)
    for line in filter(None, (model.doubts, *model.cautions)):
        yield Text(line)


def _analysis(model: ReportModel) -> Iterator[Part]:
    yield Text(say("page.print_maps", model.language), "note")
    mapped = {block.id for block in model.of_status("fail")[:MOST_MAPS]}
    for level in LEVELS:
        blocks = [block for block in model.of_level(level) if block.status != "not_assessed"]
        missing = [block for block in model.of_level(level) if block.status == "not_assessed"]
        if not blocks and not missing:
            continue
        yield Heading(say(f"level.{level}", model.language), 2)
        for block in blocks:
            yield from _block(block, model, with_art=block.id in mapped)
        if missing:
            yield Text(say("chapter.not_assessed", model.language), "lead")
            yield Pairs(tuple((block.title, block.reason) for block in missing))


def _block(block: Block, model: ReportModel, *, with_art: bool) -> Iterator[Part]:
    language = model.language
    yield Heading(f"{block.code} {block.title}".strip(), BLOCK_LEVEL)
    yield Text(block.question, "question")
    aside = " ".join(filter(None, (say("block.estimate", language), block.interval))) if block.estimated else ""
    yield Verdict(block.text, block.status, say(f"status.{block.status}", language), aside)
    yield Pairs(tuple(_lines(block, model)))
    pictures = tuple(picture for picture in (block.map, block.chart) if picture)
    if with_art and pictures:
        yield Art(pictures)


def _lines(block: Block, model: ReportModel) -> Iterator[tuple[str, str]]:
    language = model.language
    if block.mark:
        basis = " · ".join(filter(None, (block.mark, block.basis, block.evidence)))
        yield say("block.mark" if block.mark_judges else "block.reference_mark", language), basis
    if block.reason:
        yield say("block.reason", language), block.reason
    if math.isfinite(block.known):
        yield say("block.known", language), f"{block.known:.0f}%"
    for one in block.variants:
        verdict = f"{SYMBOLS[one.status]} {say(f'status.{one.status}', language)}"
        yield one.title, " · ".join(filter(None, (one.text, one.mark, verdict, one.reason)))
    if block.counts:
        yield say("column.unit", language), say("language.comma", language).join(block.counts)
    if block.problems:
        yield say("summary.findings", language), f"{block.problems:,}"
    if block.note:
        yield say("block.note", language), block.note


def _planned(model: ReportModel, told: str, missing: str) -> Text:
    """What the plan made for this check says, or that there is none."""
    if not model.plan:
        return Text(say(missing, model.language), "missing")
    return Text(say(told, model.language, plan=model.plan))


def _action(model: ReportModel) -> Iterator[Part]:
    yield _planned(model, "action.planned", "action.missing")
    for name in ("mechanism",) if model.plan else ("plan", "mechanism", "timing", "funding"):
        yield Text(say(f"action.{name}", model.language), "bullet")


def _appendix(model: ReportModel) -> Iterator[Part]:
    language = model.language
    yield from _table("statistics", STATISTICS_COLUMNS, statistics_rows(model), "", model)
    lacking = [
        (block.title, say(f"level.{block.level}", language), block.reason) for block in model.of_status("not_assessed")
    ]
    yield from _table("not_assessed", ("indicator", "level", "reason"), lacking, "summary.unlock_none", model)
    for name, status, empty in REGISTERS:
        problems = problem_rows(model, status)
        yield from _table(name, PROBLEM_COLUMNS, problems[:MOST_PROBLEMS], empty, model)
        if len(problems) > MOST_PROBLEMS:
            yield Text(say("problems.capped", language, shown=MOST_PROBLEMS, total=f"{len(problems):,}"), "note")
    yield from _table("advice_list", ADVICE_COLUMNS, advice_rows(model), "advice.none", model)
    yield from _table("projects", PROJECT_COLUMNS, model.projects, "projects.missing", model)


def _table(
    name: str, columns: Sequence[str], rows: Sequence[tuple[str, ...]], empty: str, model: ReportModel
) -> Iterator[Part]:
    language = model.language
    yield Heading(say(f"chapter.{name}", language), 2)
    if not rows and empty:
        yield Text(say(empty, language), "missing")
    head = tuple(say(f"column.{column}", language) for column in columns)
    widths = tuple(WIDTHS.get(column, 10) for column in columns)
    yield Grid(head, tuple(rows), widths)
