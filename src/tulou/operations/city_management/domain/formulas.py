"""Composite scores that cities publish, as data: shares of counts, and points for counts, with the bounds they state.

They are computed as published. Whether one is wise is another question: what a count stands for is kept with it, so
that a rule which punishes complaints, rewards penalties or has no bound can be told.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from tulou.kernel.words import Words

TermKind = Literal["share", "points"]
TERM_KINDS: tuple[TermKind, ...] = get_args(TermKind)
Way = Literal["more", "less"]
WAYS: tuple[Way, ...] = get_args(Way)
Nature = Literal["result", "complaint", "penalty", "size", "self_reported"]
NATURES: tuple[Nature, ...] = get_args(Nature)
"""What a count stands for: what came of the work, complaints, penalties, size of a place, what one reports oneself."""


@dataclass(frozen=True)
class Share:
    """Points by a share of two counts.

    Args:
        id: Its id.
        title: Its name.
        points: Points for the whole.
        numerator: Count above.
        denominator: Count below.
        way: ``more`` when the share earns points, ``less`` when what is left of one does.
    """

    id: str
    title: Words
    points: float
    numerator: str
    denominator: str
    way: Way

    @property
    def counts(self) -> tuple[str, ...]:
        """Counts it is made of."""
        return self.numerator, self.denominator

    def score(self, counts: Mapping[str, float]) -> float:
        """``points n / d``, or ``points (1 - n / d)``; NaN when a count is unknown or nothing stands below."""
        above, below = counts.get(self.numerator, math.nan), counts.get(self.denominator, math.nan)
        if not below > 0:
            return math.nan
        share = above / below
        return self.points * (share if self.way == "more" else 1 - share)


@dataclass(frozen=True)
class Points:
    """Points for counts.

    Args:
        id: Its id.
        title: Its name.
        start: Points to begin with.
        parts: Points for each of a count, by the count.
        over: Counts by whose product the sum of the parts is divided.
        least: Fewest points; None when no bound is stated.
        most: Most points; None when no bound is stated.
    """

    id: str
    title: Words
    start: float
    parts: Mapping[str, float]
    over: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None

    @property
    def counts(self) -> tuple[str, ...]:
        """Counts it is made of."""
        return (*self.parts, *self.over)

    def score(self, counts: Mapping[str, float]) -> float:
        """``start + sum(each count) / product(over)`` within its bounds; NaN when a count is unknown or zero below."""
        below = math.prod(counts.get(name, math.nan) for name in self.over)
        if not below > 0:
            return math.nan
        found = self.start + sum(each * counts.get(name, math.nan) for name, each in self.parts.items()) / below
        if self.least is not None and found < self.least:
            return self.least
        return self.most if self.most is not None and found > self.most else found


Term = Share | Points


@dataclass(frozen=True)
class Formula:
    """A composite score as published.

    Args:
        id: Its id.
        title: Its name.
        terms: Its terms, which are added.
        counts: Name of each count it asks for.
        natures: What each count stands for.
        source: Where it is published.
        evidence: Grade of the evidence.
    """

    id: str
    title: Words
    terms: tuple[Term, ...]
    counts: Mapping[str, Words]
    natures: Mapping[str, Nature]
    source: str
    evidence: str

    def scores(self, counts: Mapping[str, float]) -> dict[str, float]:
        """Points of each term; NaN where they cannot be told."""
        return {term.id: term.score(counts) for term in self.terms}

    def score(self, counts: Mapping[str, float]) -> float:
        """The sum of the terms; NaN when one cannot be told: unknown is not zero."""
        return math.fsum(self.scores(counts).values())
