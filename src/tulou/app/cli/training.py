"""``tulou training``: certificates of safety training that fall due. Persons are known by register id only."""

from __future__ import annotations

from pathlib import Path

import click

from tulou.app.cli.options import (
    Commands,
    city_argument,
    count_option,
    day_option,
    parse_option_day,
    record_option,
    rulebook_option,
)
from tulou.app.screen import language, say
from tulou.app.wiring import RULEBOOKS

MOST = 40


@click.group(cls=Commands)
def training() -> None:
    """Safety training: which certificates are over, to be reviewed, due soon."""


@training.command()
@city_argument
@click.option("--soon", type=click.IntRange(min=0), help="Days ahead that count as soon; the rulebook's by default.")
@count_option("--most", MOST, "Rows shown.")
@day_option
@record_option
@rulebook_option
def due(
    city: Path, *, soon: int | None, most: int, at: str | None, as_of: str | None, rulebooks: tuple[str, ...]
) -> None:
    """List the certificates of CITY that fall due, what presses most first."""
    from tulou.app.safety import open_safety
    from tulou.app.safety_lines import due_lines

    safety = open_safety(city, parse_option_day(at, "--at"), as_of, rulebooks or RULEBOOKS)
    say("\n".join(due_lines(safety.due(soon), safety, language(), most)))
