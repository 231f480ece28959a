"""Options and arguments that several commands share."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Any, TypeVar

import click

from tulou.app.screen import Bar, language
from tulou.kernel.clock import parse_day
from tulou.kernel.errors import BadInput, BadUse
from tulou.kernel.periods import Period, period_of
from tulou.kernel.words import LANGUAGES, Language, Words

F = TypeVar("F", bound=Callable[..., Any])
FORMATS = ("html", "docx", "xlsx", "pdf")

city_argument = click.argument("city", type=click.Path(path_type=Path))
day_option = click.option(
    "--at", help="Day in the world (valid time), e.g. 2026-01-29; the newest day known by default."
)
record_option = click.option("--as-of", help="Record: commit number, tag or moment; everything known by default.")
rulebook_option = click.option("--rulebook", "rulebooks", multiple=True, help="Rulebook by name or folder; repeatable.")

check_option = click.option("--check", "check_name", default="", help="Id of a check; the newest by default.")
language_option = click.option("--language", "spoken", type=click.Choice(LANGUAGES), help="Both by default.")


class Commands(click.Group):
    """A group that refuses an unknown command in the form of our errors, with the nearest one it has."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the first word names.

        Raises:
            BadUse: When there is none.
        """
        names = self.list_commands(ctx)
        if args[0][:1] != "-" and args[0] not in names:
            what = Words("没有这个命令", "there is no such command").say(language())
            raise BadUse(what, where=ctx.command_path, found=args[0], allowed=names)
        return super().resolve_command(ctx, args)


def format_option(usual: str) -> Callable[[F], F]:
    """The option for the formats of a report."""
    return click.option("--format", "formats", default=usual, show_default=True, help=f"Of {', '.join(FORMATS)}.")


def formats_of(text: str) -> list[str]:
    """Formats named in an option, separated by commas; ``none`` for no report.

    Raises:
        BadUse: For one that is not written.
    """
    names = [name.strip().lower() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in {*FORMATS, "none"}:
            raise BadUse(
                "no report is written in this format", where="--format", found=name, allowed=(*FORMATS, "none")
            )
    return [name for name in names if name != "none"]


def languages_of(spoken: str | None) -> list[Language]:
    """The language asked for, or both."""
    return [one for one in LANGUAGES if spoken in {None, one}]


def parse_option_day(text: object, option: str) -> date | None:
    """A day given as an option; None when it was not given."""
    if not text:
        return None
    try:
        return parse_day(str(text), option)
    except BadInput as error:
        raise BadUse.of(error.faults) from None


period_option = click.option(
    "--period", default="", help="A day like 2026-11-27 or a month like 2026-11; the month that lasts by default."
)


receipts_option = click.option(
    "--receipts",
    type=click.Path(path_type=Path),
    help="New file outside CITY for the receipts, with which the persons see who looked.",
)


def parse_period(text: str, moment: datetime, clock: tzinfo) -> Period:
    """The day or month that an option names; the month of a moment when it was not given."""
    return period_of(text or f"{moment.astimezone(clock):%Y-%m}", clock)


def count_option(name: str, usual: int, about: str) -> Callable[[F], F]:
    """An option that says how many rows to show; nothing below zero."""
    return click.option(name, type=click.IntRange(min=0), default=usual, show_default=True, help=about)


def parse_people(people: float | None) -> float | None:
    """A number of residents given as an option.

    Raises:
        BadUse: When it is not a number above zero.
    """
    if people is not None and not (math.isfinite(people) and people > 0):
        raise BadUse(
            "a number of residents is above zero", where="--people", found=people, allowed=("a number like 250000",)
        )
    return people


@contextmanager
def progress_bar() -> Iterator[Bar]:
    """A progress bar that is cleared at the end."""
    bar = Bar()
    try:
        yield bar
    finally:
        bar.close()
