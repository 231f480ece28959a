"""``tulou quality``: how good the data behind a check are."""

from __future__ import annotations

from pathlib import Path

import click

from tulou.app import checking
from tulou.app.cli.options import (
    check_option,
    city_argument,
    count_option,
    format_option,
    formats_of,
    language_option,
    languages_of,
    rulebook_option,
)
from tulou.app.messages import spoken as spoken_in
from tulou.app.quality import sheet_of
from tulou.app.screen import language, say
from tulou.app.sheets import sheet_text
from tulou.app.wiring import RULEBOOKS
from tulou.kernel.words import Words
from tulou.publish.paper.write import write_papers
from tulou.publish.quality import facts

NAME = "quality"


@click.command()
@city_argument
@click.option("--entity", "entities", multiple=True, help="Only these entities, with every attribute; repeatable.")
@count_option("--limit", 20, "Rows to show of each table.")
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Folder to write to; the check's own by default.")
@format_option("none")
@language_option
@check_option
@rulebook_option
def quality(
    city: Path,
    *,
    entities: tuple[str, ...],
    limit: int,
    folder: Path | None,
    formats: str,
    spoken: str | None,
    check_name: str,
    rulebooks: tuple[str, ...],
) -> None:
    """Say what the newest check of CITY rests on: known, estimated, old, refused, claimed complete, missing."""
    wanted = formats_of(formats)
    kept = checking.kept(city, check_name, rulebooks=rulebooks or RULEBOOKS)
    sheet, tongue = sheet_of(kept, entities=entities), language()
    rules = kept.rulebook
    say(facts.lead_of(kept.diagnosis, tongue))
    say(facts.best_of(kept.diagnosis, rules, tongue))
    for one in (
        facts.unlock_sheet(kept.diagnosis, rules, tongue),
        facts.lists_sheet(sheet, rules, tongue),
        facts.sources_sheet(sheet, tongue),
        facts.remarks_sheet(sheet, tongue, spoken_in),
        facts.attributes_sheet(sheet, rules, tongue, every=bool(entities)),
    ):
        say("")
        say(sheet_text(one, tongue, most=limit))
    papers = {one: facts.quality_paper(kept.diagnosis, rules, sheet, one, spoken_in) for one in languages_of(spoken)}
    for path in write_papers(papers, NAME, folder or kept.folder, wanted) if wanted else ():
        say(Words(f"报告：{path}", f"Report: {path}"))
