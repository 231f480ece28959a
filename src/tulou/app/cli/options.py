"""Options and arguments that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from tulou.app.screen import Bar
from tulou.kernel.clock import parse_day
from tulou.kernel.errors import BadUse
from tulou.kernel.words import LANGUAGES, Language

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
    return [language for language in LANGUAGES if spoken in {None, language}]


def parse_option_day(text: object, option: str) -> date | None:
    """A day given as an option; None when it was not given."""
    return parse_day(str(text), option) if text else None


@contextmanager
def progress_bar() -> Iterator[Bar]:
    """A progress bar that is cleared at the end."""
    bar = Bar()
    try:
        yield bar
    finally:
        bar.close()
