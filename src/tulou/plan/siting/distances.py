"""How far demands and sites lie apart: along a network, or in a straight line."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from tulou.kernel.network import Network
from tulou.kernel.progress import Progress, steps

Array = NDArray[np.float64]


def straight(demands: Array, sites: Array) -> Array:
    """Distances in a straight line, (demands, sites), m."""
    return np.asarray(cdist(np.asarray(demands, float), np.asarray(sites, float)), np.float64)


def along(
    network: Network,
    demands: Array,
    sites: Array,
    *,
    limit: float = np.inf,
    pace: float = 1.0,
    progress: Progress | None = None,
) -> Array:
    """Distances along a network, (demands, sites); infinite where there is no way, or none within the limit.

    Args:
        network: The network walked or driven along; its costs are metres or seconds.
        demands: Places that are served, (n, 2), m.
        sites: Places that serve, (k, 2), m.
        limit: Largest distance of interest, in the network's unit.
        pace: Cost of a metre off the network: 1 where the network carries metres, else seconds a metre.
        progress: Told after each site.
    """
    from tulou.measures.access.finders import WalkingToPoints  # compiles kernels; only when walked

    found = np.full((len(demands), len(sites)), np.inf)
    ways = WalkingToPoints(demands, sites, network, pace=pace)
    asked = np.flatnonzero(ways.is_known)
    for site in steps(np.flatnonzero(ways.is_target), "distances", progress):
        away, name = ways.find(asked, np.array([site]), limit)
        found[asked, site] = np.where(name >= 0, away, np.inf)
    return found
