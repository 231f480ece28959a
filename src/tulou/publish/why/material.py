"""What a paper on why figures moved is made of: plain values, so that publishing needs no city at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tulou.diagnosis.difference.behind import Behind
from tulou.diagnosis.difference.coalitions import CAUSES
from tulou.kernel.words import Words
from tulou.model.dictionary import Dictionary


@dataclass(frozen=True)
class Titles:
    """What an indicator is called and how it is read.

    Args:
        title: Its title.
        unit: Unit of its values.
        better: ``higher``, ``lower`` or ``neither``.
        variants: Titles of its variants by name.
    """

    title: Words
    unit: str
    better: str
    variants: Mapping[str, Words]


@dataclass(frozen=True)
class Change:
    """One figure that moved.

    Args:
        row: Its row, see ``diagnosis.difference.figures.SCHEMA``.
        titles: What its indicator is called.
        behind: What stands behind each part; empty when that was not asked.
        kin: Names of the units that its unit was made from, or became, when it is new or gone.
    """

    row: Mapping[str, Any]
    titles: Titles
    behind: tuple[Behind, ...] = ()
    kin: tuple[str, ...] = ()

    @property
    def parts(self) -> dict[str, float]:
        """Part of each cause; NaN where it is not divided."""
        return {cause: float("nan") if self.row[cause] is None else float(self.row[cause]) for cause in CAUSES}

    @property
    def before(self) -> float:
        """Value before; NaN for none."""
        return _number(self.row["before"])

    @property
    def after(self) -> float:
        """Value after; NaN for none."""
        return _number(self.row["after"])

    @property
    def is_turned(self) -> bool:
        """Whether both checks give a verdict, and not the same."""
        before, after = self.row["status_before"], self.row["status_after"]
        return before is not None and after is not None and before != after

    def of(self, cause: str) -> Behind | None:
        """What stands behind the part of one cause."""
        return next((one for one in self.behind if one.cause == cause), None)


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


@dataclass(frozen=True)
class EndLine:
    """One of the two ends as it is named on the cover.

    Args:
        name: Id of the check, or what it was called.
        day: Its day.
        record: Last commit that counts.
        branch: Its branch; empty for the main one.
        rulebook: Id of the rulebook.
        version: Version of the rulebook.
    """

    name: str
    day: date
    record: int
    branch: str
    rulebook: str
    version: str


@dataclass(frozen=True)
class CommitLine:
    """A commit as the source of what an object is.

    Args:
        source: File or feed; what the commit is about where there is none.
        who: Who answers for it.
        day: Day on which it was recorded.
    """

    source: str
    who: str
    day: date


@dataclass(frozen=True)
class Subject:
    """All that is told about two checks.

    Args:
        city: Name of the city.
        synthetic: Whether it was generated.
        credits: Credit lines of its sources.
        before: The one end.
        after: The other.
        causes: Causes that moved at all.
        dictionary: The data dictionary.
        selections: Titles of selections.
        commits: Commits by number.
        changes: All figures that moved and were asked for, those told one by one first.
        told: How many of them are told one by one.
        counts: Rows on units by verdict, see ``figures.COUNTS``.
        made_again: Figures that come out otherwise today than they were published.
    """

    city: str
    synthetic: bool
    credits: tuple[str, ...]
    before: EndLine
    after: EndLine
    causes: tuple[str, ...]
    dictionary: Dictionary
    selections: Mapping[str, Words]
    commits: Mapping[int, CommitLine]
    changes: tuple[Change, ...]
    told: int
    counts: tuple[Mapping[str, Any], ...]
    made_again: int = 0
