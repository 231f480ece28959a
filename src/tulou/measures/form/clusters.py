"""Clusters: built-up land that hangs together."""

from __future__ import annotations

from typing import Annotated

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tulou.kernel.arrays import Floats, Shapes
from tulou.kernel.declaration import measure
from tulou.kernel.words import Words


@measure(
    title=Words("组团面积", "Area of the cluster"),
    source="2021 年城市体检指标体系",
    raised_by=("land",),
    lowered_by=("barriers",),
)
def cluster_area(
    land: Annotated[Shapes, "m"],
    barriers: Annotated[Shapes, "m"] | None = None,
    *,
    gap: Annotated[float, "m"],
) -> Annotated[Floats, "m2"]:
    """How large is the contiguous cluster each piece of land belongs to?

    Two pieces hang together when they are no farther apart than the gap and no barrier lies between them on the
    shortest way.

    Args:
        land: Polygons, m.
        barriers: Water, green belts, motorways; left out, nothing parts clusters but distance.
        gap: Distance that is still contiguous, m.
    """
    cluster = clusters(land, barriers, gap=gap)
    area = shapely.area(land)
    held = cluster >= 0
    total = np.bincount(cluster[held], area[held]) if held.any() else np.empty(0)
    size = np.full(len(land), np.nan)
    size[held] = total[cluster[held]]
    return size


@measure(
    title=Words("最大组团占比", "Dominance of the largest cluster"), source="landscape metrics: largest patch index"
)
def dominance(
    values: Annotated[Floats, "any"], weights: Annotated[Floats, "other"] | None = None
) -> Annotated[float, "1"]:
    """Which share of the whole does the largest row hold? ``max(x) / sum(x)``.

    Args:
        values: Size of each row (cluster, party, owner); not negative.
        weights: Not used: each row counts once.
    """
    del weights
    known = values[np.isfinite(values)]
    total = float(np.sum(known))
    return float(np.max(known) / total) if total > 0 else float("nan")


def clusters(
    land: NDArray[np.object_], barriers: NDArray[np.object_] | None = None, *, gap: float
) -> NDArray[np.int64]:
    """Number of the cluster each piece of land belongs to, counted from 0 in order of first appearance; -1 for None.

    Args:
        land: Polygons, m.
        barriers: What parts clusters.
        gap: Distance that is still contiguous, m.
    """
    first, second = shapely.STRtree(land).query(land, predicate="dwithin", distance=gap)
    once = first < second
    first, second = first[once], second[once]
    if barriers is not None and len(barriers):
        way, _ = shapely.STRtree(barriers).query(shapely.shortest_line(land[first], land[second]), "intersects")
        free = np.ones(len(first), bool)
        free[way] = False
        first, second = first[free], second[free]
    joined = coo_array((np.ones(len(first), bool), (first, second)), shape=(len(land), len(land)))
    _, label = connected_components(joined, directed=False)
    return np.where(shapely.is_missing(land), -1, _in_order(label))


def _in_order(label: NDArray[np.int32]) -> NDArray[np.int64]:
    _, appears, inverse = np.unique(label, return_index=True, return_inverse=True)
    rank = np.empty(len(appears), np.int64)
    rank[np.argsort(appears)] = np.arange(len(appears))
    return rank[inverse]
