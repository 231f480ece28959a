"""``tulou community``: grids, staff, volunteers, decisions of owners, and the register of issues."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from tulou.app.cli.options import (
    Commands,
    city_argument,
    day_option,
    format_option,
    formats_of,
    language_option,
    languages_of,
    parse_option_day,
    progress_bar,
    record_option,
    rulebook_option,
)
from tulou.app.screen import language, say
from tulou.app.wiring import RULEBOOKS
from tulou.kernel.words import Words


class CommunityCommands(Commands):
    """Commands of communities."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        """Names in the order in which they are used."""
        return list(self.commands)


@click.group(cls=CommunityCommands)
def community() -> None:
    """Communities: grids, staff, volunteers, what owners decide, and issues with an owner and a time limit."""


def _tell(words: Words, *, is_json: bool) -> None:
    """Say where a file went, unless a program reads the answer."""
    if not is_json:
        say(words)


@community.command()
@city_argument
@click.option("--within", default="", help="Entity no grid reaches beyond: community, block, district.")
@click.option(
    "--whole", default="", help="Entity of compounds that are never split: community, parcel; none for buildings."
)
@day_option
@record_option
@rulebook_option
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Folder for grids.geojson and the paper.")
@format_option("html,pdf")
@language_option
@click.option("--json", "is_json", is_flag=True, help="Answer in JSON.")
def grids(city: Path, *, within: str, whole: str, is_json: bool, **words: Any) -> None:  # noqa: ANN401
    """Propose the social grids of CITY: connected, even, within communities, no compound split; and staff needed."""
    from tulou.app import communities_grids
    from tulou.app.checking import Question
    from tulou.app.communities_lines import grid_lines
    from tulou.app.communities_text import text_of

    question = Question(parse_option_day(words["at"], "--at"), words["as_of"], words["rulebooks"] or RULEBOOKS)
    with progress_bar() as bar:
        found = communities_grids.draw_grids(city, question, within=within, whole=whole, progress=bar)
    say(text_of(communities_grids.document_of(found)) if is_json else "\n".join(grid_lines(found, language())))
    if words["folder"] is not None:
        words["folder"].mkdir(parents=True, exist_ok=True)
        made = words["folder"] / "grids.geojson"
        communities_grids.write_grids(found, made)
        formats, languages = formats_of(words["formats"]), languages_of(words["spoken"])
        for path in (made, *communities_grids.write_paper(found, words["folder"], formats, languages)):
            _tell(Words(f"已写出：{path}", f"Written: {path}"), is_json=is_json)


@community.command()
@click.option("--owners", type=int, required=True, help="Number of owners (heads).")
@click.option("--taking-part", type=int, help="How many take part; the fewest who must, by default.")
@click.option("--matter", required=True, help="Id of the matter, e.g. use_funds, rebuild.")
@click.option("--date", "on", help="Day whose law holds; today's newest law by default.")
@rulebook_option
def majority(owners: int, taking_part: int | None, matter: str, on: str | None, rulebooks: tuple[str, ...]) -> None:
    """Say how many owners must take part and agree, for a matter of Civil Code art. 278."""
    from tulou.app.communities_lines import needed_lines
    from tulou.operations.communities.adapters.laws import read_decisions
    from tulou.operations.communities.domain.majorities import heads_needed

    decisions = read_decisions(list(rulebooks or RULEBOOKS))
    day = parse_option_day(on, "--date")
    law = decisions.on(day)[0] if day else decisions.laws[-1]
    found = heads_needed(law, matter, owners, taking_part)
    part = found.takes_part if taking_part is None else taking_part
    say("\n".join(needed_lines(law, matter, owners, part, found, language())))


@community.command()
@click.argument("page", type=click.Path(path_type=Path))
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Folder for the certificate; none by default.")
@format_option("html,pdf")
@language_option
@click.option("--json", "is_json", is_flag=True, help="Answer in JSON.")
@rulebook_option
def motion(
    page: Path, *, folder: Path | None, formats: str, spoken: str | None, is_json: bool, rulebooks: tuple[str, ...]
) -> None:
    """Count the ballots of a motion by area and heads, exactly; PAGE names register, ballots and objections."""
    from tulou.app.communities_lines import decided_lines
    from tulou.app.communities_motion import decide, document_of, write_certificate
    from tulou.app.communities_text import text_of

    found = decide(page, rulebooks or RULEBOOKS)
    say(text_of(document_of(found)) if is_json else "\n".join(decided_lines(found, language())))
    if folder is not None:
        for path in write_certificate(found, folder, formats_of(formats), languages_of(spoken)):
            _tell(Words(f"证明：{path}", f"Certificate: {path}"), is_json=is_json)


@community.command()
@click.argument("offers", type=click.Path(path_type=Path))
@click.argument("tasks", type=click.Path(path_type=Path))
@click.option("--date", "on", help="Day whose rule of matching holds; that of the first task by default.")
@click.option("--json", "is_json", is_flag=True, help="Answer in JSON.")
@rulebook_option
def volunteers(offers: Path, tasks: Path, *, on: str | None, is_json: bool, rulebooks: tuple[str, ...]) -> None:
    """Match OFFERS of volunteers with TASKS by skill, time and way; printed, and kept nowhere."""
    from tulou.app.communities_lines import rota_lines
    from tulou.app.communities_text import text_of
    from tulou.operations.communities.adapters.rota import read_offers, read_tasks, read_terms
    from tulou.operations.communities.domain.volunteers import matched

    told, needed = read_offers(offers), read_tasks(tasks)
    day = parse_option_day(on, "--date") or min((one.start.date() for one in needed), default=date.max)
    found = matched(told, needed, read_terms(list(rulebooks or RULEBOOKS), day))
    say(text_of(vars(found)) if is_json else "\n".join(rota_lines(found, language())))


@community.command()
@city_argument
@click.option("--at", "moment", help="Day or moment to look at; now by default.")
@click.option("--since", help="First day of the counts; 30 days before by default.")
@click.option("--to", "folder", required=True, type=click.Path(path_type=Path), help="Folder for the register.")
@format_option("html")
@language_option
@rulebook_option
def issues(city: Path, *, moment: str | None, since: str | None, folder: Path, **words: Any) -> None:  # noqa: ANN401
    """Write the register of community issues of CITY: what is open and overdue, with whom, and a month in counts."""
    from tulou.app.casework import open_casework
    from tulou.app.communities_issues import write_issues

    work = open_casework(city, words["rulebooks"] or RULEBOOKS)
    made = write_issues(
        work, work.moment(moment, "--at"), folder, formats_of(words["formats"]), languages_of(words["spoken"]),
        parse_option_day(since, "--since"),
    )  # fmt: skip
    for path in made:
        _tell(Words(f"台账：{path}", f"Register: {path}"), is_json=False)


@community.command()
@click.option("--to", "folder", required=True, type=click.Path(path_type=Path), help="Folder for the files.")
def sample(folder: Path) -> None:
    """Write sample files, made up: a motion with register and ballots, offers and tasks of volunteers."""
    from tulou.app.communities_sample import write_sample

    for path in write_sample(folder):
        _tell(Words(f"示例（虚构）：{path}", f"Sample, made up: {path}"), is_json=False)
