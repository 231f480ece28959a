"""Mixed-integer programmes, solved by HiGHS: rows are built in arrays, and every answer tells its gap."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from tulou.kernel.errors import NotEnoughData

Array = NDArray[np.float64]
Rows = NDArray[np.int64]

SCREEN = 1
"""Number of the standard output of a process."""
OPTIMAL, STOPPED, INFEASIBLE = 0, 1, 2
"""How HiGHS ends, by the numbers scipy gives."""

PROVED = 1e-9
"""Relative gap below which an answer counts as proved: the rounding of double arithmetic over many terms."""


@dataclass(frozen=True, eq=False)
class Solved:
    """An answer of the solver.

    Args:
        values: Value of each variable; whole ones are exactly whole.
        value: What was minimised.
        bound: No answer can be below this.
        gap: Relative distance between the two; 0 when the answer is proved best.
    """

    values: Array
    value: float
    bound: float
    gap: float

    @property
    def is_proved(self) -> bool:
        """Whether no answer can be better."""
        return self.gap <= PROVED


@dataclass(eq=False)
class Programme:
    """A linear programme with whole variables, while it is built; it is minimised."""

    _cost: list[Array] = field(default_factory=list)
    _low: list[Array] = field(default_factory=list)
    _high: list[Array] = field(default_factory=list)
    _whole: list[NDArray[np.bool_]] = field(default_factory=list)
    _terms: list[tuple[Rows, Rows, Array]] = field(default_factory=list)
    _least: list[Array] = field(default_factory=list)
    _most: list[Array] = field(default_factory=list)
    _size: int = 0
    _rows: int = 0

    @property
    def size(self) -> int:
        """Number of variables."""
        return self._size

    def add(
        self, count: int, *, cost: ArrayLike = 0.0, low: ArrayLike = 0.0, high: ArrayLike = 1.0, whole: bool = True
    ) -> Rows:
        """Add variables.

        Args:
            count: How many.
            cost: What one unit of each costs.
            low: Least value of each.
            high: Largest value of each.
            whole: Whether they must be whole numbers.

        Returns:
            Their positions.
        """
        for kept, given in ((self._cost, cost), (self._low, low), (self._high, high)):
            kept.append(np.broadcast_to(np.asarray(given, float), (count,)))
        self._whole.append(np.full(count, whole))
        self._size += count
        return np.arange(self._size - count, self._size, dtype=np.int64)

    def require(
        self, at: ArrayLike, weights: ArrayLike, *, least: ArrayLike = -np.inf, most: ArrayLike = np.inf
    ) -> Rows:
        """Add rows ``least ≤ Σ weights · variables ≤ most``.

        Args:
            at: Positions of the variables, (k,) for one row or (rows, k) for several.
            weights: Their weights, of the same shape or (k,).
            least: Lower bound of each row.
            most: Upper bound of each row.

        Returns:
            Numbers of the rows.
        """
        places = np.atleast_2d(np.asarray(at, np.int64))
        rows = np.arange(self._rows, self._rows + len(places), dtype=np.int64)
        weighed = np.broadcast_to(np.asarray(weights, float), places.shape)
        self._terms.append((np.repeat(rows, places.shape[1]), places.ravel(), weighed.ravel()))
        self._close(len(places), least, most)
        return rows

    def require_sums(
        self, row: Rows, at: Rows, weights: ArrayLike, *, least: ArrayLike = -np.inf, most: ArrayLike = np.inf
    ) -> Rows:
        """Add rows of unequal length: term ``weights[k] · variable at[k]`` belongs to row ``row[k]``, counted from 0.

        Returns:
            Numbers of the rows.
        """
        count = int(row.max(initial=-1)) + 1
        rows = np.arange(self._rows, self._rows + count, dtype=np.int64)
        weighed = np.broadcast_to(np.asarray(weights, float), at.shape)
        self._terms.append((self._rows + np.asarray(row, np.int64), np.asarray(at, np.int64), weighed))
        self._close(count, least, most)
        return rows

    def minimise(self, *, gap: float = 0.0, nodes: int | None = None, cost: Array | None = None) -> Solved | None:
        """Solve it.

        Args:
            gap: Relative gap that is good enough.
            nodes: Nodes of the search after which the best answer so far is taken; a number of nodes and not of
                seconds, so that two runs end alike.
            cost: What to minimise in place of what the variables cost.

        Returns:
            The answer; None when there is none.

        Raises:
            NotEnoughData: When the search ended without any answer.
        """
        if not self._size:
            return Solved(np.empty(0), 0.0, 0.0, 0.0)
        asked = np.concatenate(self._cost) if cost is None else cost
        whole = np.concatenate(self._whole)
        options = {"mip_rel_gap": gap} | ({"node_limit": nodes} if nodes else {})
        with _in_silence():
            found = milp(
                asked,
                integrality=whole.astype(int),
                bounds=Bounds(np.concatenate(self._low), np.concatenate(self._high)),
                constraints=self._constraints(),
                options=options,
            )
        if found.status == INFEASIBLE:
            return None
        if found.x is None:
            raise NotEnoughData("the solver ended without an answer", where="HiGHS", found=str(found.message))
        values = np.where(whole, np.round(found.x), found.x)
        value = float(asked @ values)
        bound = value if found.mip_dual_bound is None else min(float(found.mip_dual_bound), value)
        return Solved(values, value, bound, _gap(value, bound))

    def _close(self, count: int, least: ArrayLike, most: ArrayLike) -> None:
        self._least.append(np.broadcast_to(np.asarray(least, float), (count,)))
        self._most.append(np.broadcast_to(np.asarray(most, float), (count,)))
        self._rows += count

    def _constraints(self) -> list[LinearConstraint]:
        if not self._rows:
            return []
        row, at, weights = (np.concatenate(parts) for parts in zip(*self._terms, strict=True))
        matrix = coo_array((weights, (row, at)), shape=(self._rows, self._size)).tocsc()
        return [LinearConstraint(matrix, np.concatenate(self._least), np.concatenate(self._most))]


@contextmanager
def _in_silence() -> Iterator[None]:
    """Keep what the solver prints by itself, whatever it is told, off the screen and out of JSON for programs."""
    sys.stdout.flush()
    try:
        kept = os.dup(SCREEN)
    except OSError:  # A process without a screen.
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, SCREEN)
        yield
    finally:
        os.dup2(kept, SCREEN)
        os.close(kept)
        os.close(nowhere)


def _gap(value: float, bound: float) -> float:
    gap = max(value - bound, 0.0) / max(abs(value), PROVED)
    return gap if gap > PROVED else 0.0
