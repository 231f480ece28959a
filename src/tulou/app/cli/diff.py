"""``tulou diff``: what changed between two checks, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import pyarrow as pa

from tulou.app.cli.options import (
    city_argument,
    count_option,
    format_option,
    formats_of,
    language_option,
    languages_of,
    progress_bar,
    rulebook_option,
)
from tulou.app.comparing import compare
from tulou.app.composites import composite_differences, refuse_unknown_composite
from tulou.app.ends import ends_of
from tulou.app.screen import language, say
from tulou.app.sheets import sheet_text
from tulou.app.why import Wanted, chosen_rows, subject_of
from tulou.app.wiring import open_city
from tulou.kernel.errors import BadUse
from tulou.kernel.words import Language, Words
from tulou.publish.export import write_table
from tulou.publish.paper.content import Sheet
from tulou.publish.paper.write import write_papers
from tulou.publish.why.material import Subject
from tulou.publish.why.paper import again, counts_sheet, cover_lines, lead, scores_sheet, short_sheet, why_paper
from tulou.publish.why.tell import paragraph

FOLDER = "comparisons"
"""Below the city, where comparisons are written when no folder is named."""


@click.command()
@city_argument
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option("--why", is_flag=True, help="Tell what stands behind each part, in words.")
@click.option("--indicator", "indicators", multiple=True, help="Only this indicator; repeatable.")
@click.option("--level", default="", help="Units of this level; the city by default.")
@click.option("--unit", default="", help="Only this unit.")
@click.option("--composite", default="", help="Composite score of units to divide, too.")
@click.option("--all", "every", is_flag=True, help="Figures that did not move, too.")
@count_option("--limit", 40, "Figures to show.")
@click.option("--csv", "csv", type=click.Path(path_type=Path, dir_okay=False), help="Write all numbers to this file.")
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Folder for the papers.")
@format_option("none")
@language_option
@rulebook_option
def diff(  # noqa: PLR0913  (one argument an option)
    city: Path,
    before: str,
    after: str,
    *,
    why: bool,
    indicators: tuple[str, ...],
    level: str,
    unit: str,
    composite: str,
    every: bool,
    limit: int,
    csv: Path | None,
    folder: Path | None,
    formats: str,
    spoken: str | None,
    rulebooks: tuple[str, ...],
) -> None:
    """Compare checks A and B of CITY: city changed, data corrected, definition changed, boundary changed.

    A and B are ids of checks, tags, branches, days as known at a record (2026-01-29@12), or 'now'. Only what changed in
    the city is achievement. A figure's parts add up to its change.
    """
    if composite and indicators:
        raise BadUse("a composite score needs all indicators", where="--composite", found=composite)
    if composite:  # Before the work, of which there is much.
        ends = ends_of(open_city(city), (before, after), rulebooks=rulebooks)
        refuse_unknown_composite(composite, *(end.rulebook for end in ends))
    wanted, files = Wanted(indicators, level, unit, every=every), formats_of(formats)
    with progress_bar() as bar:
        found = compare(city, before, after, indicators=indicators, rulebooks=rulebooks, progress=bar)
        scores = composite_differences(found, composite).to_pylist() if composite else []
        subject = subject_of(found, wanted, reasons=why or bool(files), progress=bar)
        rows = chosen_rows(found, Wanted(indicators, level, unit, every=True)) if csv is not None else []
    _tell(subject, limit, why=why)
    if scores:
        say("")
        say(sheet_text(scores_sheet(composite, scores, language()), language(), most=limit))
    if csv is not None:
        write_table(pa.Table.from_pylist(rows, found.differences.schema), csv)
        say(Words(f"数据：{csv}", f"Numbers: {csv}"))
    if files:
        place = folder or city / FOLDER / f"{found.before.day}-{found.after.day}"
        papers = {one: why_paper(subject, one, _more(composite, scores, one)) for one in languages_of(spoken)}
        for path in write_papers(papers, "why", place, files):
            say(Words(f"报告：{path}", f"Report: {path}"))


def _more(composite: str, scores: Sequence[Mapping[str, Any]], spoken: Language) -> tuple[Sheet, ...]:
    """Tables beside those of the figures."""
    return (scores_sheet(composite, scores, spoken),) if scores else ()


def _tell(subject: Subject, limit: int, *, why: bool) -> None:
    """Say on the screen what changed: a paragraph a figure, and a table."""
    spoken = language()
    say("\n".join([*cover_lines(subject, spoken), "", lead(subject, spoken)]))
    if subject.made_again:
        say(again(subject, spoken))
    for change in subject.changes[:limit] if why else ():
        say("")
        say(paragraph(change, subject, spoken))
    if subject.changes:
        say("")
        say(sheet_text(short_sheet(subject, spoken), spoken, most=limit))
    if subject.counts and not why:
        say("")
        say(sheet_text(counts_sheet(subject, spoken), spoken))
