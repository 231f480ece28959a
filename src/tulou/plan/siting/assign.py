"""Whom open sites serve: the transport problem with places left over, which always has an answer.

``min Σ d·x + M·Σ u`` with ``Σ_j x_ij + u_i = load_i`` and ``Σ_i x_ij ≤ capacity_j``. One unit more can be served only
along a chain that visits each site at most once, so with ``M`` above the largest distance times the number of sites and
one, as much as possible is served first, and then by the shortest ways.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tulou.kernel.errors import NotEnoughData
from tulou.plan.programme import Programme
from tulou.plan.siting.answer import Array, Rows, Sites

LEAST_LOAD = 1e-9
"""A smaller part of a load is what the solver's tolerance leaves."""


@dataclass(frozen=True, eq=False)
class Assignment:
    """Whom each site serves.

    Args:
        demand: Demand of each pair that is used.
        site: Site of each pair.
        load: Load that goes from the one to the other.
        far: Load of each demand that no site reaches.
        lacking: Load of each demand that sites reach and have no room for: the least there can be in sum.
        used: Load of each site.
    """

    demand: Rows
    site: Rows
    load: Array
    far: Array
    lacking: Array
    used: Array

    @property
    def served(self) -> Array:
        """Load of each demand that is served."""
        return np.asarray(np.bincount(self.demand, self.load, minlength=len(self.far)), np.float64)

    @property
    def deficit(self) -> float:
        """Load left over in all."""
        return float(self.far.sum() + self.lacking.sum())


def assigned(sites: Sites) -> Assignment:
    """Whom do the sites serve when all of them are open?

    Args:
        sites: Demands and sites; without capacity each demand goes to the nearest.
    """
    loads = sites.loads
    far = np.where(sites.can_be_served, 0.0, loads)
    demand, site = np.nonzero(sites.reaches & (loads > 0)[:, None])
    if not len(demand):
        return Assignment(demand, site, np.empty(0), far, loads - far, np.zeros(sites.distance.shape[1]))
    load = _solved(sites, demand, site)
    used = load > LEAST_LOAD * loads[demand]
    demand, site, load = demand[used], site[used], load[used]
    served = np.bincount(demand, load, minlength=len(loads))
    lacking = np.maximum(loads - far - served, 0.0)
    taken = np.asarray(np.bincount(site, load, minlength=sites.distance.shape[1]), np.float64)
    return Assignment(demand, site, load, far, lacking, taken)


def _solved(sites: Sites, demand: Rows, site: Rows) -> Array:
    """Load of each pair."""
    loads, distance = sites.loads, sites.distance[demand, site]
    programme = Programme()
    pairs = programme.add(len(demand), cost=distance, high=loads[demand], whole=False)
    rows = np.unique(demand, return_inverse=True)[1].astype(np.int64)
    wanted = loads[np.unique(demand)]
    dear = (float(distance.max()) + 1.0) * (sites.distance.shape[1] + 1)
    over = programme.add(len(wanted), cost=dear, high=wanted, whole=False)
    programme.require_sums(
        np.concatenate([rows, np.arange(len(wanted))]), np.concatenate([pairs, over]), 1.0, least=wanted, most=wanted
    )
    if sites.capacity is not None:
        columns, where = np.unique(site, return_inverse=True)
        programme.require_sums(where.astype(np.int64), pairs, 1.0, most=sites.capacity[columns])
    solved = programme.minimise()
    if solved is None:
        raise NotEnoughData("the solver found no answer", where="assignment")
    return np.asarray(solved.values[pairs].clip(0.0), np.float64)
