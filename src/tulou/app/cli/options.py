"""Options and arguments that several commands share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click

from tulou.app.screen import Bar
from tulou.kernel.clock import parse_day

city_argument = click.argument("city", type=click.Path(path_type=Path))
day_option = click.option(
    "--at", help="Day in the world (valid time), e.g. 2026-01-29; the newest day known by default."
)
record_option = click.option("--as-of", help="Record: commit number, tag or moment; everything known by default.")
rulebook_option = click.option("--rulebook", "rulebooks", multiple=True, help="Rulebook by name or folder; repeatable.")


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
