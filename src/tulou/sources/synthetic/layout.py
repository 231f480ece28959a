"""The ground plan of the generated city: blocks, communities, crossings.

A city is a grid of blocks (street offices), each cut into communities by branch roads. All lengths are metres in a
plane whose origin is the city's south-west corner.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import ceil, sqrt

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse

COMMUNITY_WIDTH = 520.0
COMMUNITY_DEPTH = 400.0
COLUMNS_PER_BLOCK = 3
ROWS_PER_BLOCK = 2
BUILDINGS_PER_COMMUNITY = 48
MOST_BUILDINGS = 4_000_000

LAND_USES = ("old_homes", "mid_homes", "new_homes", "centre", "industry", "public", "park")
"""What a community's ground is used for."""

ZONES = (0.35, 0.75)
"""Where the middle zone begins and ends, as a share of the way from the centre to the edge."""

USE_SHARES = (
    (0.30, 0.22, 0.16, 0.22, 0.00, 0.06, 0.04),
    (0.28, 0.30, 0.22, 0.06, 0.03, 0.06, 0.05),
    (0.06, 0.24, 0.36, 0.02, 0.22, 0.05, 0.05),
)
"""Share of each land use in the inner, middle and outer zone."""


@dataclass(frozen=True)
class Layout:
    """Ground plan of a city of ``columns`` x ``rows`` blocks.

    Args:
        columns: Blocks from west to east.
        rows: Blocks from south to north.
        seed: Seed of everything random.
    """

    columns: int
    rows: int
    seed: int

    @classmethod
    def for_buildings(cls, buildings: int, seed: int) -> Layout:
        """The smallest nearly square plan with room for a number of buildings.

        Raises:
            BadUse: When the number is not between 1 and four million.
        """
        if not 1 <= buildings <= MOST_BUILDINGS:
            raise BadUse("no city of that size is made", found=buildings, allowed=(f"1 to {MOST_BUILDINGS} buildings",))
        blocks = ceil(buildings / (BUILDINGS_PER_COMMUNITY * COLUMNS_PER_BLOCK * ROWS_PER_BLOCK))
        columns = ceil(sqrt(blocks))
        return cls(columns, ceil(blocks / columns), seed)

    @property
    def across(self) -> int:
        """Communities from west to east."""
        return self.columns * COLUMNS_PER_BLOCK

    @property
    def up(self) -> int:
        """Communities from south to north."""
        return self.rows * ROWS_PER_BLOCK

    @property
    def communities(self) -> int:
        """Number of communities."""
        return self.across * self.up

    @cached_property
    def corner(self) -> NDArray[np.float64]:
        """South-west corner of each community, shape (n, 2), metres."""
        row, column = np.divmod(np.arange(self.communities), self.across)
        return np.column_stack([column * COMMUNITY_WIDTH, row * COMMUNITY_DEPTH])

    @cached_property
    def block_of(self) -> NDArray[np.int64]:
        """Block that each community belongs to."""
        row, column = np.divmod(np.arange(self.communities), self.across)
        return (row // ROWS_PER_BLOCK) * self.columns + column // COLUMNS_PER_BLOCK

    @cached_property
    def use(self) -> NDArray[np.int64]:
        """Land use of each community, as a position in ``LAND_USES``: denser and newer towards the centre."""
        random = np.random.default_rng([self.seed, 1])
        centre = np.array([self.across * COMMUNITY_WIDTH, self.up * COMMUNITY_DEPTH]) / 2
        reach = np.abs((self.corner - centre) / centre).max(axis=1)
        zone = np.digitize(reach, ZONES)
        draw = random.random(self.communities)
        return (draw[:, None] > np.cumsum(USE_SHARES, axis=1)[zone]).sum(axis=1).clip(0, len(LAND_USES) - 1)

    def is_used(self, *uses: str) -> NDArray[np.bool_]:
        """Communities whose ground has one of some uses."""
        return np.isin(self.use, [LAND_USES.index(use) for use in uses])

    @cached_property
    def homes(self) -> NDArray[np.bool_]:
        """Communities where people live."""
        return self.is_used("old_homes", "mid_homes", "new_homes", "centre")
