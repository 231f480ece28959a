"""How many people a community needs, and how many it lacks; what nobody stated is unknown and never nought."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from tulou.operations.communities.domain.majorities import Basis

UNKNOWN = math.nan


@dataclass(frozen=True)
class Ratio:
    """So many for so many.

    Args:
        count: How many.
        per: For how many.
        basis: Where it comes from.
    """

    count: float
    per: float
    basis: Basis

    def needed(self, size: float) -> float:
        """How many a size needs, not yet whole; NaN where the size is unknown."""
        return self.count * size / self.per


@dataclass(frozen=True)
class Need:
    """What one community needs and has of one kind.

    Args:
        kind: Id of the kind, e.g. ``community_workers``.
        needed: How many it needs, not yet whole; NaN where that cannot be told.
        have: How many it has; NaN where nobody said.
    """

    kind: str
    needed: float
    have: float

    @property
    def lacking(self) -> float:
        """How many are lacking, never below zero; NaN where either is unknown."""
        return max(self.needed - self.have, 0.0) if math.isfinite(self.needed - self.have) else UNKNOWN


@dataclass(frozen=True)
class Workload:
    """Work of one kind in a community.

    Args:
        count: How often in a year.
        minutes: How long each takes, as measured.
    """

    count: float
    minutes: float


MINUTES = 60.0


def full_time(work: Iterable[Workload], hours: float, use: float) -> float:
    """How many full-time people does the work of a year keep busy?

    FTE = Σ n · t / (hours a year · share of them that can be planned); methods_governance §3.

    Args:
        work: The work.
        hours: Working hours of one person in a year.
        use: Share of them that can be planned, above 0 and up to 1.
    """
    return sum(one.count * one.minutes for one in work) / MINUTES / (hours * use)
