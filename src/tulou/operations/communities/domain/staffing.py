"""How many people a community needs, and how many it lacks; what nobody stated is unknown and never nought."""

from __future__ import annotations

import math
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
