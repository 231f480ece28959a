"""The screen: messages, tables and progress bars, in the language of the one who reads."""

from __future__ import annotations

import os
import sys
import time
import unicodedata
from collections.abc import Sequence

import click

from tulou.kernel.words import Language, Words

QUIET_SECONDS = 2.0
REDRAW_SECONDS = 0.1
BAR_CELLS = 24
CHINESE_LOCALES = ("zh", "c", "posix")
"""Locales that are answered in Chinese: a machine that states no language gets the first language of Tulou."""


def language() -> Language:
    """The language to speak: ``TULOU_LANGUAGE``, else the locale, else Chinese."""
    told = os.environ.get("TULOU_LANGUAGE") or os.environ.get("LC_ALL") or os.environ.get("LANG") or "zh"
    return "zh" if told.lower().startswith(CHINESE_LOCALES) else "en"


def say(words: Words | str) -> None:
    """Print one line for the reader."""
    click.echo(words.say(language()) if isinstance(words, Words) else words)


def width_of(text: str) -> int:
    """Cells a text takes on a screen: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A plain table with columns as wide as they need, right in Chinese too."""
    lines = [list(head), *[list(row) for row in rows]]
    widths = [max(width_of(line[column]) for line in lines) for column in range(len(head))]
    padded = ["  ".join(cell + " " * (widths[n] - width_of(cell)) for n, cell in enumerate(line)) for line in lines]
    padded.insert(1, "  ".join("─" * width for width in widths))
    return "\n".join(line.rstrip() for line in padded)


class Bar:
    """A progress bar that appears when work takes longer than two seconds, on standard error."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._drawn = 0.0
        self._shown = False
        self._live = sys.stderr.isatty()

    def __call__(self, what: str, done: int, total: int) -> None:
        """Tell where the work stands; a ``kernel.progress.Progress``."""
        instant = time.monotonic()
        if not self._live or instant - self._started < QUIET_SECONDS:
            return
        if done < total and instant - self._drawn < REDRAW_SECONDS:
            return
        self._drawn, self._shown = instant, True
        cells = BAR_CELLS * done // total if total > 0 else 0
        percent = f"{100 * done // total:3d}%" if total > 0 else "    "
        click.echo(f"\r\x1b[K{'█' * cells}{'░' * (BAR_CELLS - cells)} {percent} {what}", err=True, nl=False)

    def close(self) -> None:
        """Clear the line."""
        if self._shown:
            click.echo("\r\x1b[K", err=True, nl=False)
