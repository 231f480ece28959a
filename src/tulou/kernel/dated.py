"""Values that hold from a date on, each with the clause that says so and how well that is evidenced."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from tulou.kernel.errors import BadUse

T = TypeVar("T")

EVIDENCE = ("sourced", "derived", "memory", "none")
"""Grades of evidence: read in stored public material / follows from something sourced / from memory / none."""


@dataclass(frozen=True)
class Version(Generic[T]):
    """One value and the day it came into force.

    Args:
        since: First day on which it holds.
        value: The value itself.
        clause: Standard and clause that sets it.
        evidence: One of ``EVIDENCE``.
        note: What a reader must know to use it rightly.
    """

    since: date
    value: T
    clause: str
    evidence: str
    note: str = ""

    @property
    def can_judge(self) -> bool:
        """Whether a verdict may rest on it: only what is sourced may be a pass mark."""
        return self.evidence == "sourced"


@dataclass(frozen=True)
class Dated(Generic[T]):
    """A value through time.

    Args:
        name: What the value is called, for messages.
        versions: Its versions; order does not matter, two may not begin on one day.
        until: First day on which nothing holds any more, when it was repealed.
    """

    name: str
    versions: tuple[Version[T], ...]
    until: date | None = None

    @classmethod
    def of(cls, name: str, versions: Iterable[Version[T]], until: date | None = None) -> Dated[T]:
        """Sort the versions by day and refuse two that begin together."""
        ordered = tuple(sorted(versions, key=lambda version: version.since))
        days = [version.since for version in ordered]
        twice = sorted({day.isoformat() for day in days if days.count(day) > 1})
        if twice:
            raise BadUse("two versions begin on one day", where=name, found=", ".join(twice))
        return cls(name, ordered, until)

    def on(self, day: date) -> Version[T]:
        """The version in force on a day.

        Raises:
            BadUse: Before the first version, or after repeal. A rule that does not hold yet is never zero.
        """
        held = [version for version in self.versions if version.since <= day]
        if not held:
            first = self.versions[0].since.isoformat() if self.versions else "never"
            raise BadUse(
                f"no value is in force yet on {day}",
                where=self.name,
                found=day.isoformat(),
                allowed=(f"a day from {first} on",),
            )
        if self.until and day >= self.until:
            raise BadUse(f"was repealed on {self.until}", where=self.name, found=day.isoformat())
        return held[-1]

    def holds_on(self, day: date) -> bool:
        """Whether any version is in force on a day."""
        started = any(version.since <= day for version in self.versions)
        return started and not (self.until and day >= self.until)
