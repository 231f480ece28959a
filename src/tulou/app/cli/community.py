"""``tulou community``: grids, staff, volunteers, decisions of owners, and the ledger of issues."""

from __future__ import annotations

from pathlib import Path

import click

from tulou.app.cli.options import (
    Commands,
    format_option,
    formats_of,
    language_option,
    languages_of,
    parse_option_day,
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
            click.echo(Words(f"证明：{path}", f"Certificate: {path}").say(language()), err=is_json)
