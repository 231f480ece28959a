"""The best sites where capacity is no matter: exchanges for a good answer, a bound that rules most sites out, a proof.

Least ``Σ w_i min_{j open} c_ij`` with ``p`` sites open. ``c`` is a distance (p-median), or 0 where a site reaches a
demand and 1 where it does not (largest cover).

- *Answer.* Greedy, then the best exchange of one open site against one closed, until none helps (Teitz & Bart, 1968,
  all exchanges at once as in Whitaker, 1983).
- *Bound.* Relaxing that each demand is served once, with multipliers ``u``: ``L(u) = Σ u_i + Σ_{j in S} r_j`` with
  ``r_j = Σ_i min(0, w_i c_ij − u_i)`` and ``S`` the ``p`` smallest; subgradients raise it (Cornuéjols, Fisher &
  Nemhauser, 1977). A site whose opening (or closing) would lift the bound above the answer is ruled out (or in).
- *Proof.* What is left goes to HiGHS in the sparse form of Elloumi (2010): ``z_i^k + Σ_{j: c_ij = D_i^k} y_j ≥
  z_i^{k−1}`` with the ordered costs ``D_i^k`` of each demand.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array

from tulou.plan.programme import PROVED, Programme

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]

LEAST_GAIN = 1e-9
"""An exchange that gains a smaller part of the value is rounding, not progress."""
ROUNDS = 400
"""Subgradient steps at most."""
PATIENCE = 20
"""Steps without a better bound after which steps are halved."""
SMALLEST_STEP = 1e-4
STEP = 1.5


@dataclass(frozen=True, eq=False)
class Costs:
    """What serving each demand from each site costs.

    Args:
        cost: Cost of a unit of weight, (demands, sites), finite.
        weight: Weight of each demand.
        opened: Sites that are open already.
    """

    cost: Array
    weight: Array
    opened: tuple[int, ...] = ()

    def value(self, some: Rows) -> float:
        """What a choice of sites costs."""
        return float(self.weight @ self.cost[:, some].min(axis=1))


@dataclass(frozen=True, eq=False)
class Chosen:
    """A choice of sites.

    Args:
        open: The sites, ascending.
        value: What it costs.
        bound: No choice costs less; minus infinity when nothing is known.
        is_searched: Whether all that the bound leaves was searched, as far as it was asked for.
    """

    open: Rows
    value: float
    bound: float
    is_searched: bool = True

    @property
    def gap(self) -> float:
        """Relative distance of value and bound, of the value."""
        gap = max(self.value - self.bound, 0.0) / max(abs(self.value), PROVED)
        return gap if gap > PROVED else 0.0


@dataclass(frozen=True, eq=False)
class _Bound:
    """A bound, and what it rules in and out for every choice better than the answer."""

    value: float
    inside: Mask
    outside: Mask


def good_choice(costs: Costs, count: int) -> Rows:
    """A good choice of sites, by greedy opening and exchanges.

    Args:
        costs: Costs.
        count: Sites to open.
    """
    cost, weight = costs.cost, costs.weight
    some = list(costs.opened)
    now = cost[:, some].min(axis=1) if some else np.full(len(weight), cost.max(initial=0.0))
    while len(some) < count:
        gains = weight @ np.maximum(now[:, None] - cost, 0.0)
        gains[some] = -1.0
        some.append(int(gains.argmax()))
        now = np.minimum(now, cost[:, some[-1]])
    return np.sort(_exchanged(costs, np.array(some, np.int64)))


def best_choice(costs: Costs, count: int, *, gap: float = 0.0, nodes: int | None = None, most: int) -> Chosen:
    """The best choice of sites, proved where what the bound leaves is small enough.

    Args:
        costs: Costs.
        count: Sites to open.
        gap: Relative gap that is good enough.
        nodes: Nodes of the search after which the best answer so far is taken.
        most: Pairs of demand and site up to which the programme of what is left is built.
    """
    some = good_choice(costs, count)
    best, bound = _bounded(costs, some, max(gap, PROVED))
    found = Chosen(best, costs.value(best), bound.value)
    if found.gap <= gap:
        return found
    free = ~(bound.inside | bound.outside)
    if count == bound.inside.sum() or not free.any():
        return Chosen(best, found.value, found.value)
    left = _Rest(costs, np.flatnonzero(bound.inside), np.flatnonzero(free), count)
    return left.solved(found, gap, nodes) if left.pairs <= most else replace(found, is_searched=False)


def _exchanged(costs: Costs, some: Rows) -> Rows:
    """The best exchange, again and again, while it helps."""
    cost, weight = costs.cost, costs.weight
    kept, rows = len(costs.opened), np.arange(len(weight))
    while True:
        near, first, second = _two_nearest(cost, some)
        gains = weight @ np.minimum(cost - near[:, None], 0.0)
        # Closing a site sends its demands to the second nearest, or to the new one where that is nearer.
        moved = np.maximum(np.minimum(cost, second[:, None]) - near[:, None], 0.0)
        change = coo_array((weight, (first, rows)), shape=(len(some), len(rows))).tocsr() @ moved + gains
        change[:, some] = np.inf
        change[:kept] = np.inf
        best = int(change.argmin())
        if change.flat[best] >= -LEAST_GAIN * max(float(weight @ near), 1.0):
            return some
        some = some.copy()
        some[best // cost.shape[1]] = best % cost.shape[1]


def _two_nearest(cost: Array, some: Rows) -> tuple[Array, Rows, Array]:
    """Cost of the nearest open site of each demand, its place among the open ones, and cost of the second nearest."""
    opened, rows = cost[:, some], np.arange(len(cost))
    first = opened.argmin(axis=1)
    near = opened[rows, first]
    if len(some) == 1:
        return near, first, np.full(len(rows), cost.max(initial=0.0))
    opened[rows, first] = np.inf
    return near, first, opened.min(axis=1)


@dataclass(frozen=True, eq=False)
class _Pairs:
    """Pairs whose weighed cost is below the largest of their demand: no price above that makes a bound better."""

    row: Rows
    site: Rows
    cost: Array
    most: Array

    @classmethod
    def of(cls, costs: Costs) -> _Pairs:
        weighed = costs.weight[:, None] * costs.cost
        most = weighed.max(axis=1)
        row, site = np.nonzero(weighed < most[:, None])
        return cls(row, site, weighed[row, site], most)

    def reduced(self, prices: Array, sites: int) -> Array:
        """What opening each site saves at some prices, as a negative number."""
        saved = np.minimum(self.cost - prices[self.row], 0.0)
        return np.asarray(np.bincount(self.site, saved, minlength=sites), np.float64)

    def served(self, prices: Array, chosen: Mask) -> Array:
        """How often the chosen sites serve each demand at some prices."""
        pays = chosen[self.site] & (self.cost < prices[self.row])
        return np.asarray(np.bincount(self.row[pays], minlength=len(prices)), np.float64)


def _bounded(costs: Costs, some: Rows, gap: float) -> tuple[Rows, _Bound]:
    """The best answer met on the way, and the best bound with what it rules in and out."""
    pairs, size = _Pairs.of(costs), costs.cost.shape[1]
    forced = np.zeros(size, bool)
    forced[list(costs.opened)] = True
    near, _, second = _two_nearest(costs.cost, some)
    prices = np.minimum(costs.weight * (near + second) / 2, pairs.most)
    best, value, step, waited = some, costs.value(some), STEP, 0
    kept = _Bound(-np.inf, forced.copy(), np.zeros(size, bool))
    for _ in range(ROUNDS):
        reduced = pairs.reduced(prices, size)
        order = np.argsort(np.where(forced, -np.inf, reduced), kind="stable")
        chosen = order[: len(some)]
        low = float(prices.sum() + reduced[chosen].sum())
        if costs.value(chosen) < value:
            best = _exchanged(costs, np.concatenate([np.array(costs.opened, np.int64), chosen[~forced[chosen]]]))
            value = costs.value(best)
        waited = 0 if low > kept.value else waited + 1
        inside, outside = _ruled(reduced, order, len(some), forced, value - low)
        kept = _Bound(max(low, kept.value), kept.inside | inside, kept.outside | outside)
        slope = 1.0 - pairs.served(prices, np.isin(np.arange(size), chosen))
        slope[prices >= pairs.most] = np.minimum(slope[prices >= pairs.most], 0.0)
        if value - kept.value <= gap * max(abs(value), PROVED) or not slope.any() or step < SMALLEST_STEP:
            break
        if waited >= PATIENCE:
            step, waited = step / 2, 0
        prices = np.clip(prices + step * (value - low) / float(slope @ slope) * slope, 0.0, pairs.most)
    return np.sort(best), kept


def _ruled(reduced: Array, order: Rows, count: int, forced: Mask, slack: float) -> tuple[Mask, Mask]:
    """Sites that every better choice opens, and sites that none opens, by what they would add to the bound."""
    inside, outside = np.zeros(len(reduced), bool), np.zeros(len(reduced), bool)
    least = PROVED * max(abs(slack), 1.0)
    free, closed = order[:count][~forced[order[:count]]], order[count:]
    if len(closed):
        inside[free] = reduced[closed].min() - reduced[free] > slack + least
    if len(free):
        outside[closed] = reduced[closed] - reduced[free].max() > slack + least
    elif len(closed):
        outside[closed] = True
    return inside, outside


class _Rest:
    """The programme of the sites that the bound leaves open.

    Args:
        costs: Costs.
        inside: Sites that are open in any case.
        free: Sites that may open.
        count: Sites to open in all.
    """

    def __init__(self, costs: Costs, inside: Rows, free: Rows, count: int) -> None:
        self._costs, self._inside, self._free, self._count = costs, inside, free, count
        cost = costs.cost[:, free]
        self._limit = costs.cost[:, inside].min(axis=1) if len(inside) else cost.max(axis=1)
        useful = (cost < self._limit[:, None]) & (costs.weight > 0)[:, None]
        # Demands that see the sites alike count as one.
        kept = np.flatnonzero(useful.any(axis=1))
        whole = np.column_stack([np.where(useful[kept], cost[kept], np.inf), self._limit[kept]])
        rows, group = np.unique(whole, axis=0, return_inverse=True)
        self._rows, self._of = rows, np.bincount(group.ravel(), costs.weight[kept], minlength=len(rows))
        self._fixed = float(np.delete(costs.weight, kept) @ np.delete(self._limit, kept))

    @property
    def pairs(self) -> int:
        """Pairs of demand and site that matter."""
        return int(np.isfinite(self._rows[:, :-1]).sum())

    def solved(self, found: Chosen, gap: float, nodes: int | None) -> Chosen:
        """The better of an answer and what the programme finds."""
        programme = Programme()
        opens = programme.add(len(self._free))
        programme.require(opens, 1.0, least=self._count - len(self._inside), most=self._count - len(self._inside))
        base = self._fixed + self._steps(programme, opens)
        answer = programme.minimise(gap=gap, nodes=nodes)
        if answer is None:
            return Chosen(found.open, found.value, found.value)
        some = np.sort(np.concatenate([self._inside, self._free[np.flatnonzero(answer.values[opens] > 1 / 2)]]))
        value = self._costs.value(some)
        bound = max(answer.bound + base, found.bound)
        return Chosen(some, value, bound) if value < found.value else Chosen(found.open, found.value, bound)

    def _steps(self, programme: Programme, opens: Rows) -> float:
        """Add the ordered costs of each demand; what all of them cost at least."""
        base = 0.0
        row, at, sign, least = [], [], [], []
        count = 0
        for costs, weight in zip(self._rows, self._of, strict=True):
            sites = np.flatnonzero(np.isfinite(costs[:-1]))
            levels, level = np.unique(costs[:-1][sites], return_inverse=True)
            rises = np.diff(np.append(levels, costs[-1]))
            base += weight * float(levels[0])
            steps = programme.add(len(levels), cost=weight * rises, whole=False)
            row += [count + np.arange(len(levels)), count + level, count + 1 + np.arange(len(levels) - 1)]
            at += [steps, opens[sites], steps[:-1]]
            sign += [np.ones(len(levels)), np.ones(len(sites)), -np.ones(len(levels) - 1)]
            least.append(np.concatenate([[1.0], np.zeros(len(levels) - 1)]))
            count += len(levels)
        programme.require_sums(
            np.concatenate(row), np.concatenate(at), np.concatenate(sign), least=np.concatenate(least)
        )
        return base
