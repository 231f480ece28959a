"""What siting is asked with and what it answers: demands, sites, how far they lie apart, which sites open."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]
Method = Literal["exact", "heuristic"]

MOST_PAIRS = 120_000
"""Pairs of demand and site up to which the exact programme is built; beyond, a heuristic answers and says so."""


@dataclass(frozen=True, eq=False)
class Sites:
    """Demands and the sites that could serve them.

    Args:
        distance: Distance of each demand to each site, (demands, sites); infinite where there is no way.
        weight: What serving a demand is worth, e.g. people; 0 for none.
        capacity: Most load that each site can take; None where there is no limit.
        load: Load that each demand puts on its site; its weight by default.
        reach: Largest distance at which a site serves a demand.
        opened: Sites that are open already.
    """

    distance: Array
    weight: Array
    capacity: Array | None = None
    load: Array | None = None
    reach: float = np.inf
    opened: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        demands, sites = self.distance.shape
        for name, column, size in (
            ("weight", self.weight, demands),
            ("load", self.load, demands),
            ("capacity", self.capacity, sites),
        ):
            if column is not None and len(column) != size:
                raise BadUse("columns differ in length", where=name, found=len(column), allowed=(str(size),))
            if column is not None and not (np.isfinite(column) & (np.asarray(column) >= 0)).all():
                raise BadUse("a number at least 0 is needed for each row", where=name)

    @property
    def loads(self) -> Array:
        """Load of each demand."""
        return np.asarray(self.weight if self.load is None else self.load, float)

    @cached_property
    def reaches(self) -> Mask:
        """Which site can serve which demand."""
        return np.asarray(np.isfinite(self.distance) & (self.distance <= self.reach))

    @cached_property
    def can_be_served(self) -> Mask:
        """Demands that some site can serve."""
        return np.asarray(self.reaches.any(axis=1))

    @property
    def is_large(self) -> bool:
        """Whether the exact programme would be too large."""
        return int(np.count_nonzero(self.reaches)) > MOST_PAIRS


@dataclass(frozen=True, eq=False)
class Siting:
    """Which sites open, whom they serve, and how sure it is that no choice is better.

    Args:
        open: Positions of the open sites, ascending.
        site: Site that serves each demand, -1 for none; the one with the largest part where a demand is split.
        value: What was optimised: summed weight times distance, weight served, or number of sites.
        gap: Relative distance to the best value that is still possible; None when nothing is known about it.
        method: ``exact``, or ``heuristic`` for a problem too large to be proved.
        share: Part of each demand that is served.
        sites: What was asked.
    """

    open: tuple[int, ...]
    site: Rows
    value: float
    gap: float | None
    method: Method
    share: Array
    sites: Sites

    @property
    def unserved(self) -> Rows:
        """Demands with weight that nobody serves in full: out of reach of every site, or for want of capacity."""
        return np.flatnonzero((self.share < 1.0 - _ROUNDING) & (self.sites.weight > 0))

    @property
    def served(self) -> float:
        """Weight that is served."""
        return float(self.sites.weight @ self.share)

    @property
    def deficit(self) -> float:
        """Load that could be served if there were capacity, and is not."""
        lacking = (1.0 - self.share) * self.sites.loads
        return float(lacking[self.sites.can_be_served].sum())


_ROUNDING = 1e-7
"""Parts that differ by less are equal: what the solver's tolerance leaves."""


def check_count(sites: Sites, count: int) -> int:
    """How many sites to open.

    Raises:
        BadUse: When it is not between the number that is open already and the number of sites.
    """
    least, most = max(len(sites.opened), 1), sites.distance.shape[1]
    if not least <= count <= most:
        raise BadUse("not a number of sites to open", where="count", found=count, allowed=(f"{least} to {most}",))
    return count
