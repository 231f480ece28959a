"""A good cover by exchanges: rows that stay open weigh more and more until some site takes them.

The search of Gao, Weise & Li (2015), An efficient local search heuristic with row weighting for the unicost set
covering problem, https://doi.org/10.1016/j.ejor.2015.05.038. Where it draws at random a fixed sequence stands here, so
that two runs end alike.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_array

Mask = NDArray[np.bool_]
Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]

STEPS = 10_000
"""Exchanges after which the best cover so far is taken; instances of a thousand demands need a few hundred."""
MULTIPLIER, ADDEND, MODULUS = 1_103_515_245, 12_345, 1 << 31
"""The sequence of ISO C's sample ``rand``."""
_compiled = njit(cache=True, nogil=True)


class Table(NamedTuple):
    """Which site reaches which demand, by demand and by site.

    Args:
        sites: Sites of each demand, one after another.
        sites_from: Where those of each demand begin, and where the last end.
        demands: Demands of each site, one after another.
        demands_from: Where those of each site begin, and where the last end.
    """

    sites: Rows
    sites_from: Rows
    demands: Rows
    demands_from: Rows

    @classmethod
    def of(cls, reaches: Mask) -> Table:
        """The table of a mask, (demands, sites)."""
        one, other = csr_array(reaches), csr_array(reaches.T)
        parts = (one.indices, one.indptr, other.indices, other.indptr)
        return cls(*(np.asarray(part, np.int64) for part in parts))


class State(NamedTuple):
    """A choice of sites while it is exchanged.

    Args:
        is_open: Whether each site is open.
        gain: Weight of demands that opening a closed site would serve; of an open one, what closing it would lose,
            below 0.
        changed: Number of the step at which each site was opened or closed last.
        may_open: Whether the surroundings of a closed site changed since it was closed.
        served: How many open sites reach each demand.
        weight: Weight of each demand.
    """

    is_open: Flags
    gain: Rows
    changed: Rows
    may_open: Flags
    served: Rows
    weight: Rows


def good_cover(reaches: Mask, enough: int, steps: int = STEPS) -> Rows:
    """Few sites that reach every demand; without a bound.

    Args:
        reaches: Which site reaches which demand, (demands, sites); every demand is reached by one.
        enough: Number of sites with which the search ends.
        steps: Exchanges at most.

    Returns:
        The sites, ascending.
    """
    demands, sites = reaches.shape
    state = State(
        np.zeros(sites, bool), reaches.sum(axis=0, dtype=np.int64), np.zeros(sites, np.int64), np.ones(sites, bool),
        np.zeros(demands, np.int64), np.ones(demands, np.int64),
    )  # fmt: skip
    return np.flatnonzero(_search(Table.of(reaches), state, max(enough, 1), steps))


@_compiled
def _flip(site: int, step: int, table: Table, state: State) -> None:
    """Open a closed site or close an open one, and keep the gains of all true."""
    opens = not state.is_open[site]
    state.is_open[site], state.gain[site], state.changed[site] = opens, -state.gain[site], step
    state.may_open[site] = opens
    for place in range(table.demands_from[site], table.demands_from[site + 1]):
        demand = table.demands[place]
        before = state.served[demand]
        state.served[demand] += 1 if opens else -1
        fewer = min(before, state.served[demand])
        for other_place in range(table.sites_from[demand], table.sites_from[demand + 1]):
            other = table.sites[other_place]
            if other == site:
                continue
            state.may_open[other] = True
            if fewer == 0 or (fewer == 1 and state.is_open[other]):
                state.gain[other] += state.weight[demand] if opens == (fewer == 1) else -state.weight[demand]


@_compiled
def _best(candidates: Rows, allowed: Flags, state: State) -> int:
    """The allowed site that gains most or loses least, of equals the one changed longest ago; -1 when there is none."""
    best = -1
    for site in candidates:
        if allowed[site] and (
            best < 0
            or state.gain[site] > state.gain[best]
            or (state.gain[site] == state.gain[best] and state.changed[site] < state.changed[best])
        ):
            best = site
    return best


@_compiled
def _search(table: Table, state: State, enough: int, steps: int) -> Flags:
    """Close a site whenever all demands are served; else exchange, and let what is left weigh more."""
    everyone = np.arange(len(state.is_open))
    while state.served.min() == 0:
        _flip(_best(everyone, ~state.is_open, state), 0, table, state)
    found, chance = state.is_open.copy(), 1
    closable = state.is_open.copy()
    for step in range(1, steps + 1):
        while state.served.min() > 0:
            found[:] = state.is_open
            if found.sum() <= enough:
                return found
            _flip(_best(everyone, state.is_open, state), step, table, state)
        closable[:] = state.is_open & (state.changed < step - 1)
        _flip(_best(everyone, closable if closable.any() else state.is_open, state), step, table, state)
        chance = (MULTIPLIER * chance + ADDEND) % MODULUS
        left = np.flatnonzero(state.served == 0)
        demand = left[chance * len(left) // MODULUS]
        around = table.sites[table.sites_from[demand] : table.sites_from[demand + 1]]
        site = _best(around, state.may_open & ~state.is_open, state)
        _flip(site if site >= 0 else _best(around, ~state.is_open, state), step, table, state)
        for demand in left:
            if state.served[demand] == 0:
                state.weight[demand] += 1
                for site in table.sites[table.sites_from[demand] : table.sites_from[demand + 1]]:
                    state.gain[site] += 1
    return found
