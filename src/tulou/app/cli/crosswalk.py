"""``tulou crosswalk``: how our indicators answer to SDG 11, ISO 37120 and the Urban Monitoring Framework."""

from __future__ import annotations

from pathlib import Path

import click

from tulou.app import checking
from tulou.app.cli.options import (
    check_option,
    format_option,
    formats_of,
    language_option,
    languages_of,
    rulebook_option,
)
from tulou.app.screen import language, say
from tulou.app.sheets import sheet_text
from tulou.app.wiring import RULEBOOKS
from tulou.app.wiring import rulebook as read_rules
from tulou.indicators.rulebook.crosswalk import chosen_frameworks, read_crosswalks
from tulou.kernel.words import Words
from tulou.publish.crosswalk import Asked, city_figures, counted, crosswalk_paper, framework_sheet
from tulou.publish.paper.write import write_papers

NAME = "crosswalk"


@click.command()
@click.argument("city", required=False, type=click.Path(path_type=Path))
@click.option("--framework", "codes", multiple=True, help="Only these, e.g. SDG11, ISO37120, UMF; repeatable.")
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Folder to write to.")
@format_option("none")
@language_option
@check_option
@rulebook_option
def crosswalk(
    city: Path | None,
    *,
    codes: tuple[str, ...],
    folder: Path | None,
    formats: str,
    spoken: str | None,
    check_name: str,
    rulebooks: tuple[str, ...],
) -> None:
    """Show for each part of a framework which indicator answers it, how nearly, and its value in a check of CITY."""
    wanted, tongue = formats_of(formats), language()
    rules = read_rules(tuple(rulebooks or RULEBOOKS))
    chosen = chosen_frameworks(read_crosswalks(rules.folders, rules), codes)
    asked, place = Asked(), Path()
    if city is not None:
        kept = checking.kept(city, check_name)
        check, place = kept.check, kept.folder
        asked = Asked(
            check.profile.name, check.id, check.day.isoformat(), check.profile.synthetic, city_figures(check.results),
            tuple(check.profile.credit),
        )  # fmt: skip
    for number, one in enumerate(chosen):
        say("" if number else one.title.say(tongue))
        if number:
            say(one.title.say(tongue))
        say(counted(one, tongue))
        if one.note:
            say(one.note.say(tongue))
        say(sheet_text(framework_sheet(one, rules, asked, tongue), tongue))
    papers = {one: crosswalk_paper(chosen, rules, asked, one) for one in languages_of(spoken)}
    for path in write_papers(papers, NAME, folder or place, wanted) if wanted else ():
        say(Words(f"报告：{path}", f"Report: {path}"))
