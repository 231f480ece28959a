"""A network of ways as plain arrays: what access, climate and lifeline measures all walk along."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Network:
    """Nodes joined by edges, stored both as an edge list and as neighbour lists.

    Args:
        places: Node positions, shape (n, 2), metres.
        start: First node of each edge, shape (m,).
        end: Second node of each edge, shape (m,).
        length: Cost of each edge, shape (m,), metres (or seconds, when the maker says so); never negative.
        first: Offsets of each node's neighbours, shape (n + 1,).
        neighbour: Neighbouring node, shape (2 m,) for an undirected network.
        cost: Cost to that neighbour, aligned with ``neighbour``.
        edge: Position in the edge list, aligned with ``neighbour``.
        way: Row of the source table each edge came from, shape (m,); -1 when none or several.
        path: Vertices along the edges, one edge after the other, each from its start to its end, shape (k, 2), metres;
            None when edges are straight.
        path_first: Offsets of each edge's vertices in ``path``, shape (m + 1,); None when edges are straight.
    """

    places: NDArray[np.float64]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    length: NDArray[np.float64]
    first: NDArray[np.int64]
    neighbour: NDArray[np.int32]
    cost: NDArray[np.float64]
    edge: NDArray[np.int32]
    way: NDArray[np.int64]
    path: NDArray[np.float64] | None = None
    path_first: NDArray[np.int64] | None = None

    @property
    def size(self) -> int:
        """Number of nodes."""
        return len(self.places)

    @classmethod
    def of_edges(
        cls,
        places: NDArray[np.float64],
        start: NDArray[np.int32],
        end: NDArray[np.int32],
        length: NDArray[np.float64],
        *,
        way: NDArray[np.int64] | None = None,
        path: NDArray[np.float64] | None = None,
        path_first: NDArray[np.int64] | None = None,
    ) -> Network:
        """Build the neighbour lists of an undirected network from its edges."""
        edges = len(start)
        tails = np.concatenate([start, end]).astype(np.int32)
        heads = np.concatenate([end, start]).astype(np.int32)
        order = np.argsort(tails, kind="stable")
        first = np.zeros(len(places) + 1, np.int64)
        np.cumsum(np.bincount(tails, minlength=len(places)), out=first[1:])
        number = np.concatenate([np.arange(edges, dtype=np.int32)] * 2) if edges else np.empty(0, np.int32)
        return cls(
            places=np.ascontiguousarray(places, np.float64),
            start=np.ascontiguousarray(start, np.int32),
            end=np.ascontiguousarray(end, np.int32),
            length=np.ascontiguousarray(length, np.float64),
            first=first,
            neighbour=heads[order],
            cost=np.concatenate([length, length]).astype(np.float64)[order],
            edge=number[order],
            way=np.full(edges, -1, np.int64) if way is None else np.asarray(way, np.int64),
            path=path,
            path_first=path_first,
        )
