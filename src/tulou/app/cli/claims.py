"""Command that records that lists of a city are complete."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tulou.app.cli.options import city_argument, parse_option_day
from tulou.app.screen import language, say, table
from tulou.app.wiring import look_at
from tulou.kernel.words import Words

if TYPE_CHECKING:
    from tulou.app.claiming import Doubt

SHOWN = 12
"""Lists that stay open and are shown; the rest is counted."""
COMMA = Words("、", ", ")
HEADS = (
    Words("清单", "List"),
    Words("名称", "Title"),
    Words("可能属于它的对象", "May belong"),
    Words("未知", "Unknown"),
)
OPEN = Words(
    "以下清单仍未闭合：有的对象是否属于它无法判断。",
    "These lists stay open: of some objects nobody can tell whether they belong.",
)
REMEDY = Words(
    "补录未知的属性，或按名称声明该清单完整（按名称声明：未如此标注的即不属于）。",
    "Record what is unknown, or claim the list by its name (what is not called so is then not in it).",
)


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

    opened, day = look_at(city), parse_option_day(valid_from, "--valid-from")
    made = claiming.claim(opened, lists, who=who, message=message, day=day, branch=branch, withdraw=withdraw)
    named = "、".join(lists), ", ".join(lists)
    if withdraw:
        say(Words(f"提交 {made.number}：撤回完整声明：{named[0]}", f"Commit {made.number}: withdrawn: {named[1]}"))
    else:
        say(Words(f"提交 {made.number}：清单声明完整：{named[0]}", f"Commit {made.number}: complete: {named[1]}"))
        _say_doubts(claiming.doubts(look_at(city), lists, day=day, branch=branch))


def _say_doubts(doubts: Sequence[Doubt]) -> None:
    if not doubts:
        return
    tongue = language()
    say(OPEN)
    comma = COMMA.say(tongue)
    rows = [
        [
            one.selection.name,
            one.selection.title.say(tongue),
            str(one.objects),
            comma.join(words.say(tongue) for words in one.unknown),
        ]
        for one in doubts[:SHOWN]
    ]
    click.echo(table([head.say(tongue) for head in HEADS], rows))
    if len(doubts) > SHOWN:
        say(Words(f"另有 {len(doubts) - SHOWN} 个清单。", f"And {len(doubts) - SHOWN} more lists."))
    say(REMEDY)
