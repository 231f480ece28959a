"""Sharing a part among objects: those that count otherwise themselves, and those by which others count otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tulou.diagnosis.difference.contributions import Spread, parted_key
from tulou.diagnosis.difference.figures import ROUNDING
from tulou.diagnosis.difference.touched import Touched

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Share:
    """What of a part is an object's own.

    Args:
        part: Its share.
        rows: How many other objects count otherwise because of it.
    """

    part: float = 0.0
    rows: int = 0


@dataclass(frozen=True)
class Sharing:
    """A part shared among objects.

    Args:
        shares: By key of the object.
        rest: What no single object owns.
        rows: How many objects count otherwise that did not change themselves.
    """

    shares: dict[str, Share]
    rest: float
    rows: int

    @property
    def is_whole(self) -> bool:
        """Whether nothing but rounding is left over."""
        size = sum(abs(one.part) for one in self.shares.values()) + abs(self.rest)
        return abs(self.rest) <= ROUNDING * size


@dataclass(eq=False)
class Moves:
    """How much each object moves the part of one cause, summed over the steps in which it comes in.

    Args:
        table: The objects side by side.
        total: The part.
        by_step: Moves of the objects in each step, by the cities before and after it.
    """

    table: Spread
    total: float = 0.0
    by_step: dict[tuple[int, int], Numbers] = field(default_factory=dict)

    def add(self, before: int, after: int, weight: float, change: float) -> None:
        """Add one step.

        Args:
            before: City before the step.
            after: City after it.
            weight: How much the step counts.
            change: How much the value moves in it.
        """
        self.total += weight * change
        moved = self.table.shares(before, after) * weight
        pair = (before, after)
        self.by_step[pair] = self.by_step[pair] + moved if pair in self.by_step else moved

    def shared(self, touched: Touched) -> Sharing:
        """Share the part among the objects that a cause touches."""
        whole = sum(self.by_step.values(), np.zeros(len(self.table.keys)))
        moved = np.flatnonzero(np.abs(whole) > ROUNDING * np.abs(whole).sum())
        keys = self.table.keys.take(pa.array(moved, pa.int64())).to_pylist()
        own = {
            key: at for key, at in zip(keys, moved.tolist(), strict=True) if touched.touch(*parted_key(key)) is not None
        }
        others = np.setdiff1d(moved, np.array(list(own.values()), np.int64))
        shares = {key: Share(float(whole[at])) for key, at in own.items()}
        for key, more in self._decided(others, touched).items():
            shares[key] = Share(shares.get(key, Share()).part + more.part, more.rows)
        rest = self.total - sum(one.part for one in shares.values())
        return Sharing(shares, rest, len(others))

    def _decided(self, rows: NDArray[np.int64], touched: Touched) -> dict[str, Share]:
        """Shares of the targets that decide some rows after a step, or decided them before it."""
        table = self.table
        keys = [str(key) for key in table.targets.to_pylist()]
        is_touched = np.array([touched.touch(*parted_key(key)) is not None for key in keys] + [False])
        part, held = np.zeros(len(keys)), [np.empty((2, 0), np.int64)]
        for (before, after), moves in self.by_step.items():
            now, then = table.nearest[after, rows], table.nearest[before, rows]
            owner = np.where(is_touched[now], now, np.where(is_touched[then], then, -1))
            counts = (owner >= 0) & (moves[rows] != 0.0)
            np.add.at(part, owner[counts], moves[rows[counts]])
            held.append(np.stack([owner[counts], rows[counts]]))
        pairs = np.unique(np.concatenate(held, axis=1), axis=1)
        size = np.bincount(pairs[0], minlength=len(keys))
        return {key: Share(float(part[at]), int(size[at])) for at, key in enumerate(keys) if size[at]}
