"""Driving along one-way streets: times from the nearest station to places, in the direction of traffic.

The network keeps its edges; where a street is one way, only the arc along it is driven. A station on a one-way street
is left at its end, a place on one is reached from its start.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.arrays import Places, Shapes
from tulou.kernel.network import Network
from tulou.measures.access.finders import points_of
from tulou.measures.access.routes import routes_on
from tulou.measures.access.snap import Snapped

Array = NDArray[np.float64]
Signs = NDArray[np.int8]
Rows = NDArray[np.int64]


def directions(network: Network, lines: Shapes, oneway: NDArray[np.bool_]) -> Signs:
    """Which way each edge is driven: 1 from start to end, -1 from end to start, 0 both ways.

    Args:
        network: A network whose edges are of one line each (``across_ways`` false).
        lines: The lines it was made of, drawn in the direction of traffic.
        oneway: Whether each line is one way.
    """
    found = np.zeros(len(network.start), np.int8)
    way = network.way
    some = np.flatnonzero((way >= 0) & oneway[way])
    if not len(some) or network.path is None or network.path_first is None:
        return found
    first, second = network.path[network.path_first[some]], network.path[network.path_first[some] + 1]
    line = lines[way[some]]
    # Both points lie within one straight piece, so that a closed line cannot confuse them.
    early = shapely.line_locate_point(line, shapely.points(first + (second - first) / 3))
    late = shapely.line_locate_point(line, shapely.points(first + (second - first) * 2 / 3))
    found[some] = np.where(late >= early, 1, -1)
    return found


def one_way(network: Network, direction: Signs) -> Network:
    """The network with only the arcs that may be driven.

    Args:
        network: The network.
        direction: Which way each edge is driven, see ``directions``.
    """
    tail = np.repeat(np.arange(network.size), np.diff(network.first))
    along = tail == network.start[network.edge]
    sign = direction[network.edge]
    keep = (sign == 0) | (along & (sign > 0)) | (~along & (sign < 0))
    first = np.zeros(network.size + 1, np.int64)
    np.cumsum(np.bincount(tail[keep], minlength=network.size), out=first[1:])
    return replace(
        network, first=first, neighbour=network.neighbour[keep], cost=network.cost[keep], edge=network.edge[keep]
    )


def driving_times(
    network: Network, direction: Signs, stations: Places, places: Places, *, pace: float, limit: float = np.inf
) -> Array:
    """Time from each station to each place in the direction of traffic, (places, stations), s.

    Args:
        network: The network with only the arcs that may be driven, in seconds; see ``one_way``.
        direction: Which way each of its edges is driven.
        stations: Where vehicles start, (k, 2), m.
        places: Where they go, (n, 2), m.
        pace: Seconds a metre between the network and stations or places.
        limit: Longest time of interest; infinite beyond it.
    """
    routes = routes_on(network)
    here = routes.snapper.snap(points_of(places), pace=pace)
    there = routes.snapper.snap(points_of(stations), pace=pace)
    found = np.full((here.size, there.size), np.inf)
    into, out_of = _into(here, direction), _out_of(there, direction)
    joined = here.edge >= 0
    start, end = network.start[here.edge[joined]], network.end[here.edge[joined]]
    for station in np.flatnonzero(there.edge >= 0).tolist():
        edge = there.edge[station]
        seeds = np.array([network.start[edge], network.end[edge]], np.int64)
        at = out_of[station]
        dist, _ = routes.nearest_nodes(seeds[np.isfinite(at)], at[np.isfinite(at)], limit)
        times = np.minimum(dist[start] + into[joined, 0], dist[end] + into[joined, 1])
        same = here.edge[joined] == edge
        times[same] = np.minimum(times[same], _within(here.rows(joined).rows(same), there, station, direction[edge]))
        found[joined, station] = times
    found[found > limit] = np.inf
    return found


def _into(places: Snapped, direction: Signs) -> Array:
    """Time from either end of its edge to each place; infinite against the traffic."""
    return _by_ends(places, direction[places.edge])


def _out_of(stations: Snapped, direction: Signs) -> Array:
    """Time from each station to either end of its edge; infinite against the traffic."""
    return _by_ends(stations, -direction[stations.edge])


def _by_ends(some: Snapped, sign: Signs) -> Array:
    """Times between places and the ends of their edges; who stands at an end is there, whatever the traffic."""
    start = np.where((sign >= 0) | (some.along == 0), some.along + some.away, np.inf)
    end = np.where((sign <= 0) | (some.rest == 0), some.rest + some.away, np.inf)
    return np.column_stack([start, end])


def _within(places: Snapped, stations: Snapped, station: int, sign: int) -> Array:
    """Time straight along the one edge that a station and some places share."""
    ahead = places.along - stations.along[station]
    allowed = np.where(ahead >= 0, sign >= 0, sign <= 0)
    return np.where(allowed, np.abs(ahead) + places.away + stations.away[station], np.inf)
