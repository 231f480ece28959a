"""Buildings that are strengthened together: rows that stand wall to wall, or all of a unit."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tulou.measures.hazard.earthquake.strengthening import Chosen

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Groups = NDArray[np.int64]
WALL = 0.25
"""Buildings at most so far apart stand wall to wall, m; maps of party walls are no better than that."""


def alone(count: int) -> Groups:
    """Each building by itself."""
    return np.arange(count, dtype=np.int64)


def attached(shapes: NDArray[np.object_]) -> Groups:
    """Which buildings stand wall to wall, through however many others?

    Args:
        shapes: Footprints, m; one that is unknown stands alone.

    Returns:
        Group of each building, from 0 on.
    """
    first, second = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=WALL)
    links = coo_array((np.ones(len(first), np.int8), (first, second)), shape=(len(shapes),) * 2)
    return np.asarray(connected_components(links, directed=False)[1], np.int64)


def of_units(unit: Groups) -> Groups:
    """All buildings of a unit together; one in no unit stands alone.

    Args:
        unit: Position of the unit of each building; -1 in none.
    """
    own = np.where(unit < 0, unit.max(initial=-1) + 1 + np.arange(len(unit)), unit)
    return np.asarray(np.unique(own, return_inverse=True)[1], np.int64).ravel()


def summed(groups: Groups, values: Array) -> Array:
    """Sums over the buildings of each group."""
    return np.asarray(np.bincount(groups, weights=values), np.float64)


def any_of(groups: Groups, flags: Mask) -> Mask:
    """Whether any building of each group has a flag."""
    return np.asarray(np.bincount(groups, weights=flags.astype(float)) > 0, np.bool_)


def told_apart(groups: Groups, chosen: Chosen) -> Chosen:
    """A choice of groups as a choice of buildings."""
    return Chosen(chosen.is_done[groups], chosen.worth, chosen.bound)
