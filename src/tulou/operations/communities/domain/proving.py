"""The best division, proved: a mixed-integer programme in which each grid is connected by a flow from its root."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tulou.operations.communities.domain.dividing import (
    Division,
    Ground,
    Numbers,
    Places,
    Size,
    Weights,
    border_scale,
    cost_of,
    mean_load,
)
from tulou.plan.programme import Programme, Solved

MOST_NODES = 20_000
"""Nodes of the search after which the best division so far is taken, with its bound; two runs end alike."""
IN_GRID = 0.5


@dataclass(frozen=True, eq=False)
class _Model:
    programme: Programme
    member: Places
    """Variable of each part and grid, shape (n, p): does the part belong to it?"""


def best_division(
    ground: Ground, count: int, size: Size, weights: Weights, *, nodes: int = MOST_NODES
) -> Division | None:
    """The best division of a connected territory into so many grids, with its bound; None when there is none.

    Contiguity is that of a single commodity: the root of a grid sends one unit to each of its other parts, along edges
    inside the grid. The root is the first part of its grid, and grids are numbered by their roots, so that no division
    is counted twice.

    Args:
        ground: The parts.
        count: How many grids.
        size: How much a grid should hold.
        weights: What counts for how much.
        nodes: Nodes of the search after which it stops.

    Raises:
        NotEnoughData: When the search stops before any division is found.
    """
    if count > ground.size:
        return None
    model = _model(ground, count, size, weights)
    solved: Solved | None = model.programme.minimise(nodes=nodes)
    if solved is None:
        return None
    grid = (solved.values[model.member] > IN_GRID).argmax(axis=1).astype(np.int64)
    cost = cost_of(ground, grid, size, weights)
    return Division(grid, cost, min(solved.bound, cost))


def _model(ground: Ground, count: int, size: Size, weights: Weights) -> _Model:
    programme = Programme()
    parts, edges = ground.size, ground.edges
    member = programme.add(parts * count).reshape(parts, count)
    root = programme.add(parts * count).reshape(parts, count)
    mean = mean_load(ground, count)
    apart = programme.add(count, cost=1.0 / mean, high=np.inf, whole=False)
    lack = programme.add(count, cost=weights.outside / mean, high=np.inf, whole=False)
    scale = border_scale(ground, count)
    cut = programme.add(len(edges), cost=weights.border * ground.border / scale, whole=False)
    for part in range(parts):
        programme.require(member[part], 1.0, least=1.0, most=1.0)
    for grid in range(count):
        loads = member[:, grid]
        _bound_load(programme, loads, ground.load, apart[grid], mean, mean)
        _bound_load(programme, loads, ground.load, lack[grid], size.least, size.most)
        if len(edges):
            tied = np.column_stack([loads[edges[:, 0]], loads[edges[:, 1]], cut])
            programme.require(tied, (1.0, -1.0, -1.0), most=0.0)
        _connect(programme, loads, root[:, grid], edges)
    for grid in range(count - 1):
        order = np.arange(parts, dtype=float)
        both = np.concatenate([root[:, grid], root[:, grid + 1]])
        programme.require(both, np.concatenate([order, -order]), most=-1.0)
    return _Model(programme, member)


def _bound_load(programme: Programme, loads: Places, load: Numbers, slack: np.int64, least: float, most: float) -> None:
    """The slack is at least what the load lies below the one or above the other."""
    at = np.append(loads, slack)
    programme.require(at, np.append(load, 1.0), least=least)
    programme.require(at, np.append(load, -1.0), most=most)


def _connect(programme: Programme, member: Places, root: Places, edges: Places) -> None:
    """One root, the first part of the grid, from which a flow reaches all its parts inside the grid."""
    parts = len(member)
    programme.require(root, 1.0, least=1.0, most=1.0)
    programme.require(np.column_stack([root, member]), (1.0, -1.0), most=0.0)
    for part in range(parts - 1):
        later = np.append(root[part + 1 :], member[part])
        programme.require(later, 1.0, most=1.0)
    arcs = np.concatenate([edges, edges[:, ::-1]])
    if not len(arcs):
        return
    flow = programme.add(len(arcs), high=float(parts), whole=False)
    programme.require(np.column_stack([flow, member[arcs[:, 1]]]), (1.0, -float(parts)), most=0.0)
    for part in range(parts):
        comes, goes = flow[arcs[:, 1] == part], flow[arcs[:, 0] == part]
        at = np.concatenate([comes, goes, [member[part], root[part]]])
        worth = np.concatenate([np.ones(len(comes)), -np.ones(len(goes)), [-1.0, float(parts)]])
        programme.require(at, worth, least=0.0)
