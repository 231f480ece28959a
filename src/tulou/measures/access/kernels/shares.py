"""Floating catchments without a table of pairs: each target's search is used at once and forgotten."""

from __future__ import annotations

import numpy as np
from numba import njit

from tulou.measures.access.kernels.balls import straight, visit, workspace
from tulou.measures.access.kernels.kinds import (
    Cells,
    Demand,
    EdgedGraph,
    Ends,
    Found,
    Joined,
    OnEdges,
    Pairs,
    Reals,
    Shares,
    Weigh,
)


@njit(cache=True, nogil=True)
def weight_at(distance: float, bands: Reals, weights: Reals) -> float:
    """Weight of a distance: that of the last band that begins at or before it, 0 before the first."""
    band = 0
    for b in range(len(bands)):
        band += distance >= bands[b]
    return weights[max(band - 1, 0)] * (band > 0)


@njit(cache=True, nogil=True)
def take(count: int, visited: Found, target: int, demand: Demand, weigh: Weigh, out: Shares) -> None:
    """Use what one target's search found.

    Args:
        count: Places found.
        visited: The places and their distances; the distances are used up.
        target: The target.
        demand: People and capacity.
        weigh: How distances are weighed.
        out: Access (or sum of weights) and demand.
    """
    found, cost = visited
    people, capacity = demand
    only_weights = weigh[3]
    access, wanted = out
    total = 0.0
    for k in range(count):
        weight = pair_weight(found[k], cost[k], np.inf, weigh)
        cost[k] = weight
        if only_weights:
            access[found[k]] += weight
        else:
            total += people[found[k]] * weight
    wanted[target] = total
    if only_weights or total <= 0.0:
        return
    ratio = capacity[target] / total
    for k in range(count):
        if cost[k] > 0.0:
            access[found[k]] += ratio * cost[k]


@njit(cache=True, nogil=True)
def along_ways(
    network: tuple[EdgedGraph, Ends],
    places: OnEdges,
    targets: Joined,
    span: tuple[int, int],
    within: tuple[float, float],
    demand: Demand,
    weigh: Weigh,
    out: Shares,
) -> None:
    """``take`` for a span of targets joined to a network.

    Args:
        network: The graph, and the ends of its edges.
        places: Places on the edges.
        targets: Targets joined to the network.
        span: First target and the one after the last.
        within: Largest distance, and buckets a unit of distance.
        demand: People and capacity.
        weigh: How distances are weighed.
        out: Access (or sum of weights) and demand.
    """
    graph, ends = network
    work = workspace(len(graph[0]) - 1, within[0], within[1])
    visited = (np.empty(len(demand[0]), np.int64), np.empty(len(demand[0]), np.float64))
    edge, along, rest, away = targets
    for t in range(span[0], span[1]):
        source = (edge[t], along[t], rest[t], away[t])
        count = visit(graph, ends, places, source, within, work, visited)
        take(count, visited, t, demand, weigh, out)


@njit(cache=True, nogil=True)
def in_straight_lines(
    places: tuple[Reals, Cells],
    targets: Reals,
    span: tuple[int, int],
    radius: float,
    demand: Demand,
    weigh: Weigh,
    out: Shares,
) -> None:
    """``take`` for a span of targets reached in straight lines.

    Args:
        places: Places, and the grid they are in.
        targets: Targets, (k, 2).
        span: First target and the one after the last.
        radius: Largest distance.
        demand: People and capacity.
        weigh: How distances are weighed.
        out: Access (or sum of weights) and demand.
    """
    points, cells = places
    visited = (np.empty(len(points), np.int64), np.empty(len(points), np.float64))
    for t in range(span[0], span[1]):
        count = straight(points, cells, targets[t], radius, visited)
        take(count, visited, t, demand, weigh, out)


@njit(cache=True, nogil=True)
def sum_by_target(
    pairs: Pairs, span: tuple[int, int], radius: float, people: Reals, weigh: Weigh, wanted: Reals
) -> None:
    """Demand on each target from a span of a table of costs.

    Args:
        pairs: Place, target and cost of each pair; pairs beyond the radius or of unknown cost are left out.
        span: First pair and the one after the last.
        radius: Largest cost.
        people: People at each place, 0 where unknown.
        weigh: How costs are weighed.
        wanted: Demand, added to.
    """
    place, target, cost = pairs
    for k in range(span[0], span[1]):
        wanted[target[k]] += people[place[k]] * pair_weight(place[k], cost[k], radius, weigh)


@njit(cache=True, nogil=True)
def sum_by_place(pairs: Pairs, span: tuple[int, int], radius: float, ratio: Reals, weigh: Weigh, access: Reals) -> None:
    """Access of each place (or its sum of weights) from a span of a table of costs.

    Args:
        pairs: As in ``sum_by_target``.
        span: First pair and the one after the last.
        radius: Largest cost.
        ratio: Capacity a person of each target; 1 for sums of weights.
        weigh: How costs are weighed.
        access: Access, added to.
    """
    place, target, cost = pairs
    for k in range(span[0], span[1]):
        weight = pair_weight(place[k], cost[k], radius, weigh)
        # What is not served counts nothing, also where its ratio is unknown.
        if weight > 0.0:
            access[place[k]] += ratio[target[k]] * weight


@njit(cache=True, nogil=True)
def pair_weight(place: int, cost: float, radius: float, weigh: Weigh) -> float:
    """Weight of one pair, with the place's selection; 0 beyond the radius or where the cost is unknown."""
    bands, weights, selection, only_weights = weigh
    weight = weight_at(cost, bands, weights) if cost <= radius else 0.0
    if len(selection) and weight > 0.0 and not only_weights:
        weight *= weight / selection[place]
    return weight
