"""Command that records that lists of a city are complete."""

from __future__ import annotations

from pathlib import Path

import click

from tulou.app.cli.options import city_argument, parse_option_day
from tulou.app.screen import say
from tulou.app.wiring import look_at
from tulou.kernel.words import Words


@click.command()
@city_argument
@click.argument("lists", nargs=-1, required=True, metavar="LIST...")
@click.option("--who", default="", help="Who answers for it.")
@click.option("--message", "-m", default="", help="What it rests on, e.g. a survey.")
@click.option("--valid-from", help="First day for which it is said; the newest day known by default.")
@click.option("--branch", default="main", show_default=True, help="Branch to say it on.")
@click.option("--withdraw", is_flag=True, help="Take such claims back.")
def claim(
    city: Path, lists: tuple[str, ...], *, who: str, message: str, valid_from: str | None, branch: str, withdraw: bool
) -> None:
    """Record that each LIST of CITY (an entity, or a selection such as fire_station) holds every object there is.

    Only then may few objects on record make a verdict: what is not on a list that nobody claims complete is unknown.
    """
    from tulou.app import claiming  # reads the rulebook

    made = claiming.claim(
        look_at(city),
        lists,
        who=who,
        message=message,
        day=parse_option_day(valid_from, "--valid-from"),
        branch=branch,
        withdraw=withdraw,
    )
    named = "、".join(lists), ", ".join(lists)
    if withdraw:
        say(Words(f"提交 {made.number}：撤回完整声明：{named[0]}", f"Commit {made.number}: withdrawn: {named[1]}"))
    else:
        say(Words(f"提交 {made.number}：清单声明完整：{named[0]}", f"Commit {made.number}: complete: {named[1]}"))
