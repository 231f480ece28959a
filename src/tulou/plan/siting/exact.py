"""Siting as mixed-integer programmes with the strong rows ``x ≤ y``: no demand at a site that is not open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tulou.plan.programme import Programme, Solved
from tulou.plan.siting.answer import Array, Rows, Sites, Siting

OPEN = 0.5
"""A whole variable above this is one."""


@dataclass(frozen=True, eq=False)
class Model:
    """The programme of serving demands from sites.

    Args:
        programme: The rows.
        opens: Variable of each site: is it open?
        serves: Variable of each pair that can serve: which part of the demand goes there?
        demand: Demand of each pair.
        site: Site of each pair.
        sites: What was asked.
    """

    programme: Programme
    opens: Rows
    serves: Rows
    demand: Rows
    site: Rows
    sites: Sites

    @property
    def size(self) -> int:
        """Number of variables."""
        return len(self.opens) + len(self.serves)


def model_of(sites: Sites, *, whole: bool) -> Model:
    """Demands are served at most once, only at open sites, and within their capacity.

    Args:
        sites: What is asked.
        whole: Whether a demand goes to one site as a whole; else it may be split.
    """
    programme = Programme()
    low = np.zeros(sites.distance.shape[1])
    low[list(sites.opened)] = 1.0
    opens = programme.add(len(low), low=low)
    demand, site = np.nonzero(sites.reaches)
    serves = programme.add(len(demand), whole=whole)
    if len(demand):
        programme.require_sums(demand, serves, 1.0, most=1.0)
        programme.require(np.column_stack([serves, opens[site]]), (1.0, -1.0), most=0.0)
    if sites.capacity is not None and len(demand):
        rows = np.concatenate([site, np.arange(len(low))])
        at, weights = np.concatenate([serves, opens]), np.concatenate([sites.loads[demand], -sites.capacity])
        programme.require_sums(rows, at, weights, most=0.0)
    return Model(programme, opens, serves, demand, site, sites)


def answer_of(model: Model, solved: Solved, value: float, gap: float) -> Siting:
    """The siting that a solution means."""
    sites = model.sites
    part = solved.values[model.serves]
    share = np.bincount(model.demand, part, minlength=len(sites.weight)).clip(0.0, 1.0)
    best = np.full(len(share), -1, np.int64)
    order = np.argsort(part, kind="stable")
    order = order[part[order] > OPEN / max(sites.distance.shape[1], 1)]
    best[model.demand[order]] = model.site[order]
    chosen = tuple(int(site) for site in np.flatnonzero(solved.values[model.opens] > OPEN))
    return Siting(chosen, best, value, gap, "exact", share, sites)


def costs(model: Model, *, pairs: Array | float = 0.0, opens: Array | float = 0.0) -> Array:
    """What to minimise, as one array."""
    found = np.zeros(model.size)
    found[model.serves], found[model.opens] = pairs, opens
    return found
