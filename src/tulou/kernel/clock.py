"""Two clocks: *valid* time, when a fact was true in the world, and *record* time, when the city knew it.

Valid time is counted in days, half-open: an interval holds its first day and not its last. Record time is counted in
commits, each with the moment it was made (UTC).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from tulou.kernel.errors import BadInput

BEGINNING = date(1, 1, 1)
"""Stands for *has always been so* when a source does not say since when."""

FOREVER = date(9999, 12, 31)
"""Stands for *until further notice*."""

MAIN = "main"
"""The branch that holds what is; all others hold what might be."""


@dataclass(frozen=True, order=True)
class Interval:
    """Days from ``start`` (included) to ``end`` (excluded)."""

    start: date = BEGINNING
    end: date = FOREVER

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise BadInput(
                "an interval must end after it starts",
                found=f"{self.start} to {self.end}",
                allowed=("start before end",),
            )

    def holds(self, day: date) -> bool:
        """Whether a day lies inside."""
        return self.start <= day < self.end

    def meets(self, other: Interval) -> bool:
        """Whether two intervals share a day."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Moment:
    """A place on both clocks, and the branch they run on.

    Args:
        valid: The day in the world.
        record: The last commit that counts; None for all there are.
        branch: The branch.
    """

    valid: date
    record: int | None = None
    branch: str = MAIN


def now() -> datetime:
    """The present moment in UTC, to the microsecond."""
    return datetime.now(UTC)


def parse_day(text: str, where: str = "") -> date:
    """Read a day such as ``2026-01-29``.

    Raises:
        BadInput: When the text is no such day.
    """
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise BadInput("this is not a day", where=where, found=text, allowed=("a day like 2026-01-29",)) from None
