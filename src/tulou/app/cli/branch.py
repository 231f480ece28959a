"""Branches: what might be, beside what is: begin one, list them, merge one when its project is built."""

from __future__ import annotations

from pathlib import Path

import click

from tulou.app.cli.options import city_argument, parse_option_day, record_option
from tulou.app.screen import language, say, table
from tulou.app.wiring import look_at, open_city
from tulou.kernel.clock import MAIN
from tulou.kernel.errors import BadUse
from tulou.kernel.words import Words
from tulou.model.store.city import City
from tulou.model.store.clashing import SIDES, Side
from tulou.model.store.history import Branch

HEADS = (
    Words("分支", "branch"),
    Words("基于", "base"),
    Words("始于提交", "from commit"),
    Words("提交数", "commits"),
    Words("已合并", "merged"),
    Words("说明", "about"),
)
PREFER = "Whose word holds where both changed the same; else that is a conflict and nothing is merged."


@click.command()
@city_argument
@click.argument("name", required=False)
@click.option("--base", help="Branch it lies on.  [default: main]")
@record_option
@click.option("--about", default="", help="What it is for.")
def branch(city: Path, name: str | None, base: str | None, as_of: str | None, about: str) -> None:
    """Begin branch NAME on CITY as it is known; without NAME, list the branches."""
    opened = look_at(city)
    if name is None:
        _only_with_a_name({"--base": base, "--as-of": as_of, "--about": about or None})
        say(_listed(opened))
        return
    if name in opened.branches():
        raise BadUse("a branch has this name already", where=str(city), found=name)
    made = opened.branch(name, base=base or MAIN, record=as_of, about=about)
    say(
        Words(
            f"分支 {made.name}，基于 {made.base} 的提交 {made.commit}。"
            f"导入：tulou import {city} 文件 --branch {made.name}",
            f"Branch {made.name} on {made.base}, commit {made.commit}. "
            f"Add to it: tulou import {city} FILE --branch {made.name}",
        )
    )


def _only_with_a_name(given: dict[str, str | None]) -> None:
    for option, value in given.items():
        if value is not None:
            raise BadUse("only for a branch that begins, which needs a name", where=option, found=value)


def _listed(city: City) -> str:
    branches = city.branches()
    ordered = [branches[MAIN], *(branches[name] for name in sorted(branches) if name != MAIN)]
    return table([head.say(language()) for head in HEADS], [_line(city, one) for one in ordered])


def _line(city: City, one: Branch) -> list[str]:
    own = [commit for commit in city.log() if commit.branch == one.name]
    merged = ", ".join(f"#{commit.number} {commit.valid.start}" for commit in city.merges(one.name))
    return [one.name, one.base, str(one.commit) if one.base else "", str(len(own)), merged, one.about]


@click.command()
@city_argument
@click.argument("name", metavar="BRANCH")
@click.option("--valid-from", required=True, help="Day from which it is true: the day the project was built.")
@click.option("--prefer", type=click.Choice(SIDES), help=PREFER)
@click.option("--who", default="", help="Who answers for it.")
@click.option("--message", "-m", default="", help="What it is about.")
def merge(city: Path, name: str, valid_from: str, prefer: Side | None, who: str, message: str) -> None:
    """Merge BRANCH of CITY into the one it lies on, as one commit: its project is built."""
    opened = open_city(city)
    day = parse_option_day(valid_from, "--valid-from")
    if day is None:
        raise BadUse("this is not a day", where="--valid-from", found=valid_from, allowed=("a day like 2026-01-29",))
    made = opened.merge(name, valid_from=day, who=who, message=message, prefer=prefer)
    rows = ", ".join(f"{part.entity} {part.rows:,}" for part in made.parts)
    say(
        Words(
            f"已合并：{name} → {made.branch}，提交 {made.number}，自 {day} 起（{rows}）",
            f"Merged: {name} → {made.branch}, commit {made.number}, true from {day} ({rows})",
        )
    )
