"""Joining places to a network: the nearest point of the nearest edge.

The way from a place leads straight to that point and then along the edge to either end: two costs a place. A place in
another part of the network than a target cannot reach it, however near it lies.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.arrays import Places
from tulou.kernel.network import Network
from tulou.measures.access.pieces import Pieces
from tulou.measures.access.recent import Recent, content

ROOM = 4
"""How many sets of joined places are kept for the next search: homes, land, and the targets of the day."""

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Snapped:
    """Places joined to a network.

    Args:
        edge: Edge each place is joined to; -1 for an unknown place or an empty network.
        along: Cost along the edge from its start; 0 when none.
        rest: Cost along the edge to its end; 0 when none.
        away: Cost of the straight way to the edge; infinite when none.
    """

    edge: NDArray[np.int32]
    along: Array
    rest: Array
    away: Array

    @property
    def size(self) -> int:
        """Number of places."""
        return len(self.edge)

    def rows(self, which: NDArray[np.integer] | NDArray[np.bool_]) -> Snapped:
        """Some of the places."""
        return Snapped(self.edge[which], self.along[which], self.rest[which], self.away[which])


def snap(network: Network, places: Places, *, pace: float = 1.0) -> Snapped:
    """Join each place to the nearest point of the network.

    Args:
        network: The network.
        places: Points, (n, 2), m.
        pace: Cost of a metre off the network: 1 where the network carries metres, else seconds a metre.
    """
    return Snapper(network).snap(places, pace=pace)


class Snapper:
    """A network prepared for joining places to it; make it once where several sets of places are joined.

    Args:
        network: The network; only its arrays are kept.
    """

    def __init__(self, network: Network) -> None:
        ends, self._edge, self._before, self._length = _pieces(network)
        self._cost = network.length
        self._drawn = np.bincount(self._edge, weights=self._length, minlength=len(network.start))
        self._pieces = Pieces(ends)
        self._recent: Recent[Snapped] = Recent(ROOM)

    def snap(self, places: Places, *, pace: float = 1.0) -> Snapped:
        """Join each place to the nearest point of the network; see ``snap``. Same places are joined once."""
        points = np.asarray(places, np.float64).reshape(-1, 2)
        return self._recent.get((pace, content(points)), lambda: self._snap(points, pace))

    def _snap(self, points: Array, pace: float) -> Snapped:
        found = self._pieces.nearest(points)
        has = found.piece >= 0
        piece = found.piece[has]
        edge = np.full(len(has), -1, np.int32)
        along, rest = np.zeros(len(has)), np.zeros(len(has))
        edge[has] = self._edge[piece]
        drawn = self._drawn[edge[has]]
        before = self._before[piece] + found.share[has] * self._length[piece]
        share = np.divide(before, drawn, out=np.zeros(len(piece)), where=drawn > 0)
        cost = self._cost[edge[has]]
        along[has] = cost * np.minimum(share, 1.0)
        rest[has] = cost - along[has]
        return Snapped(edge, along, rest, found.away * pace)


def _pieces(network: Network) -> tuple[Array, NDArray[np.int64], Array, Array]:
    """Straight pieces of all edges: ends, edge, drawn length before the piece, drawn length of the piece."""
    if network.path is None or network.path_first is None:
        ends = np.column_stack([network.places[network.start], network.places[network.end]])
        edge = np.arange(len(network.start))
    else:
        last = network.path_first[1:] - 1
        inner = np.ones(len(network.path), bool)
        inner[last] = False
        at = np.flatnonzero(inner)
        ends = np.column_stack([network.path[at], network.path[at + 1]])
        edge = np.repeat(np.arange(len(network.start)), np.diff(network.path_first) - 1)
    length = np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1])
    total = np.cumsum(length) - length
    first = np.searchsorted(edge, np.arange(len(network.start)))
    before = total - np.repeat(total[first], np.bincount(edge, minlength=len(first))) if len(edge) else total
    return ends, edge, before, length
