"""``tulou alerts``: patterns in the data that are rare by chance and should be looked at."""

from __future__ import annotations

from pathlib import Path

import click

from tulou.app.cli.options import (
    city_argument,
    count_option,
    format_option,
    formats_of,
    language_option,
    languages_of,
)
from tulou.app.quality import search
from tulou.app.screen import language, say
from tulou.app.sheets import sheet_text
from tulou.diagnosis.quality.look import DAYS, LEVEL
from tulou.kernel.words import Words
from tulou.publish.paper.write import write_papers
from tulou.publish.quality import alerts as papers
from tulou.publish.words import say as label

NAME = "alerts"


@click.command()
@city_argument
@click.option("--checks", nargs=2, default=None, help="Ids of an earlier and a later check to compare.")
@click.option("--check", "check_name", default="", help="Id of one check; the newest by default.")
@click.option("--deadline", "deadlines", multiple=True, help="Day on which figures were handed in; repeatable.")
@click.option("--window", "days", default=DAYS, show_default=True, help="Days before a deadline to look at.")
@click.option("--level", default=LEVEL, show_default=True, help="Greatest chance of any false alarm.")
@count_option("--limit", 20, "Looks to list.")
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Folder to write to; the check's own by default.")
@format_option("none")
@language_option
def alerts(  # noqa: PLR0913  (one argument an option)
    city: Path,
    *,
    checks: tuple[str, str] | None,
    check_name: str,
    deadlines: tuple[str, ...],
    days: float,
    level: float,
    limit: int,
    folder: Path | None,
    formats: str,
    spoken: str | None,
) -> None:
    """Look for patterns in the data of CITY that are rare by chance; each with innocent explanations, none a charge."""
    wanted, tongue = formats_of(formats), language()
    chosen = checks or ((check_name,) if check_name else ())
    found = search(city, chosen, deadlines=deadlines, days=days, level=level)
    rules = found.kept.rulebook
    say(papers.lead_of(found.alerts, tongue))
    say(label("alerts.note", tongue))
    say(papers.compared_of(found.looked, tongue))
    for one in found.alerts.raised:
        say("")
        for line in papers.alert_lines(one, found.alerts, rules, tongue):
            say(line)
    say("")
    say(sheet_text(papers.looked_sheet(found.alerts, rules, tongue), tongue, most=limit))
    made = {one: papers.alerts_paper(found.alerts, found.looked, rules, one) for one in languages_of(spoken)}
    for path in write_papers(made, NAME, folder or found.kept.folder, wanted) if wanted else ():
        say(Words(f"报告：{path}", f"Report: {path}"))
