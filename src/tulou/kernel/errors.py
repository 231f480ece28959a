"""Errors are public API: where it happened, what stood there, what may stand there, the nearest guess.

The classes say *what kind of fault* it is and know nothing of exit codes or HTTP; one table in ``app`` maps them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

MOST_CHOICES = 12


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, in the four parts every message of Tulou has.

    Args:
        what: One sentence in plain words, without the place.
        where: File and line, object id, option or argument; empty when there is no place to name.
        found: What stood there, shortened for display.
        allowed: What may stand there: names to choose from, or one phrase such as ``a date like 2026-01-29``.
    """

    what: str
    where: str = ""
    found: object = None
    allowed: tuple[str, ...] = ()

    @property
    def guess(self) -> str | None:
        """The allowed word nearest to what was found, when one is near enough to offer."""
        close = get_close_matches(str(self.found), self.allowed, n=1, cutoff=0.6)
        return close[0] if close and close[0] != str(self.found) else None

    def __str__(self) -> str:
        lines = [f"{self.where}: {self.what}" if self.where else self.what]
        if self.found is not None:
            lines.append(f"  found:   {shorten(self.found)}")
        if self.allowed:
            shown = ", ".join(self.allowed[:MOST_CHOICES])
            more = len(self.allowed) - MOST_CHOICES
            lines.append(f"  allowed: {shown}" + (f" and {more} more" if more > 0 else ""))
        if self.guess:
            lines.append(f"  did you mean: {self.guess}")
        return "\n".join(lines)


def shorten(value: object, length: int = 120) -> str:
    """Show a value in a message without flooding the screen."""
    text = value if isinstance(value, str) else repr(value)
    text = text.replace("\n", "\\n")
    return text if len(text) <= length else f"{text[: length - 1]}…"


class TulouError(Exception):
    """Base of all errors Tulou raises on purpose; carries one fault or several."""

    def __init__(self, what: str = "", *, where: str = "", found: object = None, allowed: Iterable[str] = ()) -> None:
        self.faults: tuple[Fault, ...] = (Fault(what, where, found, tuple(allowed)),)
        super().__init__(what)

    @classmethod
    def of(cls, faults: Iterable[Fault]) -> TulouError:
        """Raise several faults at once, so that a person mends them in one go."""
        error = cls()
        error.faults = tuple(faults)
        return error

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


class BadInput(TulouError):
    """A file, table, feed or rulebook from outside cannot be used as it is."""


class BadUse(TulouError):
    """The caller asked for something that does not exist or does not fit."""


class NotEnoughData(TulouError):
    """The inputs are sound but too few for a verdict."""


class Conflict(TulouError):
    """Someone else changed the same thing first; nothing of this attempt was kept."""


class MissingExtra(TulouError):
    """A library that only some work needs is not installed.

    Args:
        library: The import that failed.
        extra: The extra of Tulou that brings it.
    """

    def __init__(self, library: str, extra: str) -> None:
        super().__init__(
            f"this needs the library '{library}'; install it with: pip install 'tulou[{extra}]'",
            where=library,
        )
