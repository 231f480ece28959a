"""Suppression: which cells of a published table must be hidden so that nobody is found among the few, or worked out?

The one piece of the house for it: every table of counts of people, requests or cases that leaves the house goes through
``suppressed`` (or ``suppressed_list`` for a single row with its sum). The least count that may be shown is a dated
parameter of the rulebook (``tulou.operations.trust.rules``), not of this module.

- What is below the least count is hidden, zero included, in the table and in its sums.
- Sums give hidden cells away: 12 in all, 9 beside the hidden one. Further cells are hidden until each small one could,
  by the figures that are left and the fact that no count is below zero, be anything from 0 to the least count less one.
- A share gives its cell away like the count itself: publish shares only of cells that are shown.
- A table of three ways is published as one of two ways, its second way made of two (category by week, say), with these
  sums only. The same counts in two tables must be suppressed as one: tables that overlap give one another away.

A table with its sums is a network: rows and columns are nodes, cells are arcs, and a change that keeps all sums runs
around a cycle. A small cell is safe when enough can run around cycles of hidden cells, in both directions; the
cheapest cells that complete such cycles are found by shortest paths, a cell costs its count.

Source: Gusfield (1988), SIAM J. Comput. 17, 552-571 (cycles); Castro (2007), INFORMS J. Computing 19, 599-610 (shortest
paths); Hundepool et al. (2012), Statistical Disclosure Control, ch. 4 (what is asked of a hidden cell).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse

Array = NDArray[np.float64]
NOT_COUNTS = "suppression is for counts: whole numbers, none below zero, none unknown"
NO_LEAST = "the least count that may be shown is 1 or more"
WAYS = 2


@dataclass(frozen=True)
class SafeTable:
    """A table as it may be published; NaN stands for a hidden count and is shown as such, never as zero.

    Args:
        cells: Counts, shape (rows, columns).
        rows: Sums of rows, shape (rows,).
        columns: Sums of columns, shape (columns,).
        total: Sum of all.
    """

    cells: Array
    rows: Array
    columns: Array
    total: float

    @property
    def hidden(self) -> int:
        """How many counts are hidden, sums included."""
        parts = (self.cells, self.rows, self.columns, np.array([self.total]))
        return int(sum(np.isnan(part).sum() for part in parts))


@dataclass(frozen=True)
class SafeList:
    """One row of counts as it may be published; NaN stands for a hidden count.

    Args:
        cells: Counts, shape (cells,).
        total: Their sum.
    """

    cells: Array
    total: float


def suppressed(counts: NDArray[np.int64] | Sequence[Sequence[int]], *, least: int) -> SafeTable:
    """Which counts of a table, with the sums of its rows and columns, may be published?

    Args:
        counts: How many in each cell, shape (rows, columns).
        least: Least count that may be shown, e.g. 10.

    Raises:
        BadUse: For anything that is not counts, or a least count below 1.
    """
    plain = _counts(counts, WAYS, least)
    if not plain.size:
        return SafeTable(plain.astype(np.float64), np.zeros(plain.shape[0]), np.zeros(plain.shape[1]), 0.0)
    whole = np.pad(plain, ((0, 1), (0, 1)))
    whole[:-1, -1], whole[-1, :-1], whole[-1, -1] = plain.sum(axis=1), plain.sum(axis=0), plain.sum()
    rows, columns = whole.shape
    arcs = [(row, rows + column) for row in range(rows) for column in range(columns)]
    is_sum = np.zeros(whole.shape, bool)
    is_sum[-1, :-1] = is_sum[:-1, -1] = True
    shown = _shown(_Network(arcs, whole.ravel().tolist(), is_sum.ravel().tolist()), least).reshape(whole.shape)
    return SafeTable(shown[:-1, :-1], shown[:-1, -1], shown[-1, :-1], float(shown[-1, -1]))


def suppressed_list(counts: NDArray[np.int64] | Sequence[int], *, least: int) -> SafeList:
    """Which counts of one row, with their sum, may be published?

    Args:
        counts: How many in each cell, shape (cells,).
        least: Least count that may be shown.

    Raises:
        BadUse: For anything that is not counts, or a least count below 1.
    """
    plain = _counts(counts, 1, least)
    if not len(plain):
        return SafeList(np.zeros(0), 0.0)
    whole = [*plain.tolist(), int(plain.sum())]
    arcs = [(0, 1)] * len(whole)
    shown = _shown(_Network(arcs, whole, [False] * len(plain) + [True]), least)
    return SafeList(shown[:-1], float(shown[-1]))


def _counts(counts: object, ways: int, least: int) -> NDArray[np.int64]:
    found = np.asarray(counts)
    if least < 1:
        raise BadUse(NO_LEAST, where="least", found=least)
    if found.ndim != ways or found.dtype.kind not in "iuf" or not np.isfinite(found).all():
        raise BadUse(NOT_COUNTS, where="counts", found=f"{found.dtype} {found.shape}")
    whole = found.astype(np.int64)
    if (whole != found).any() or (whole < 0).any():
        raise BadUse(NOT_COUNTS, where="counts", found=float(found.min()))
    return whole


@dataclass
class _Network:
    """Cells and sums as arcs between two sides of nodes; those of sums count the other way (cells − sum = 0).

    Args:
        arcs: Two nodes of each count.
        counts: The counts.
        is_sum: Whether a count is a sum.
    """

    arcs: list[tuple[int, int]]
    counts: list[int]
    is_sum: list[bool]
    hidden: list[bool] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.at: dict[int, list[int]] = {}
        for number, ends in enumerate(self.arcs):
            for node in ends:
                self.at.setdefault(node, []).append(number)

    def steps(self, node: int, moved: dict[int, int], barred: int) -> Iterator[tuple[int, int, int, int]]:
        """Where a change can run on to from a node: arc, node, change of its count for one unit, cost of hiding it."""
        for number in self.at[node]:
            if number == barred:
                continue
            first, second = self.arcs[number]
            change = (1 if node == first else -1) * (-1 if self.is_sum[number] else 1)
            if change < 0 and self.counts[number] + moved.get(number, 0) <= 0:
                continue
            cost = 0 if self.hidden[number] else self.counts[number] + 1
            yield number, second if node == first else first, change, cost


def _shown(network: _Network, least: int) -> Array:
    small = [number for number, count in enumerate(network.counts) if count < least]
    network.hidden = [count < least for count in network.counts]
    for number in small:
        _protect(network, number, least - 1 - network.counts[number], 1)
        _protect(network, number, network.counts[number], -1)
    counts = np.array(network.counts, np.float64)
    counts[np.array(network.hidden, bool)] = np.nan
    return counts


def _protect(network: _Network, number: int, needed: int, change: int) -> None:
    """Hide what it takes for a count to be able to change by so much."""
    is_forward = (change > 0) != network.is_sum[number]
    first, second = network.arcs[number] if is_forward else network.arcs[number][::-1]
    moved: dict[int, int] = {}
    while needed > 0:
        path = _cheapest(network, second, first, moved, number)
        room = min((network.counts[arc] + moved.get(arc, 0) for arc, step in path if step < 0), default=needed)
        for arc, step in path:
            moved[arc] = moved.get(arc, 0) + step * min(needed, room)
            network.hidden[arc] = True
        needed -= min(needed, room)


def _cheapest(network: _Network, start: int, end: int, moved: dict[int, int], barred: int) -> list[tuple[int, int]]:
    """Arcs of the cheapest way, with the change of each; sums can always grow, so that there is one."""
    best, came = {start: 0}, dict[int, tuple[int, int, int]]()
    queue = [(0, start)]
    while queue:
        cost, node = heappop(queue)
        if node == end:
            break
        if cost > best[node]:
            continue
        for arc, other, change, extra in network.steps(node, moved, barred):
            if cost + extra < best.get(other, cost + extra + 1):
                best[other], came[other] = cost + extra, (node, arc, change)
                heappush(queue, (cost + extra, other))
    path, node = [], end
    while node != start:
        node, arc, change = came[node]
        path.append((arc, change))
    return path
