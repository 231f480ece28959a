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
from tulou.kernel.recent import Recent, content
from tulou.kernel.threads import in_threads, spans
from tulou.measures.access.kernels import segments as kernel
from tulou.measures.access.pieces import Pieces

ROOM = 2
"""How many sets of joined places are kept for the next search: the places asked about, and the last targets."""

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
        self._drawn = np.bincount(self._edge, weights=self._length, minlength=len(network.start)).astype(np.float64)
        self._pieces = Pieces(ends)
        self._recent: Recent[Snapped] = Recent(ROOM)

    def snap(self, places: Places, *, pace: float = 1.0) -> Snapped:
        """Join each place to the nearest point of the network; see ``snap``. Same places are joined once."""
        points = np.asarray(places, np.float64).reshape(-1, 2)
        return self._recent.get((pace, content(points)), lambda: self._snap(points, pace))

    def _snap(self, points: Array, pace: float) -> Snapped:
        found = self._pieces.nearest(points)
        joined = Snapped(np.empty(len(points), np.int32), *np.empty((3, len(points))))
        pieces = (self._edge, self._before, self._length)
        edges = (self._drawn, self._cost)

        def work(span: slice) -> None:
            out = (joined.edge[span], joined.along[span], joined.rest[span], joined.away[span])
            near = (found.piece[span], found.away[span], found.share[span])
            kernel.place_on_edges(near, pieces, edges, float(pace), out)

        in_threads(work, spans(len(points)))
        return joined


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
    before = np.empty(len(length))
    kernel.drawn_before(edge, length, before)
    return ends, edge, before, length
