"""Types of the arrays and bundles of arrays that kernels take."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Reals: TypeAlias = NDArray[np.float64]
Longs: TypeAlias = NDArray[np.int64]
Ints: TypeAlias = NDArray[np.int32]
Flags: TypeAlias = NDArray[np.bool_]
Counts: TypeAlias = NDArray[np.unsignedinteger]
Grades: TypeAlias = NDArray[np.uint8]

Graph: TypeAlias = tuple[Longs, Ints, Reals]
"""Offsets of each node's neighbours, neighbours, costs."""

EdgedGraph: TypeAlias = tuple[Longs, Ints, Reals, Ints]
"""The same, and the edge to each neighbour."""

Ends: TypeAlias = tuple[Ints, Ints]
"""Start and end of each edge."""

Work: TypeAlias = tuple[Reals, Ints, Ints, Ints]
"""Distances (all infinite), heads of buckets (all -1), links (all free), nodes touched."""

Found: TypeAlias = tuple[Longs, Reals]
"""Places found and their distances, written into."""

OnEdges: TypeAlias = tuple[Longs, Longs, Reals, Reals, Reals]
"""Places on edges: offsets of each edge's places, places edge by edge; cost along, rest and away of each place."""

Joined: TypeAlias = tuple[Ints, Reals, Reals, Reals]
"""Edge (-1 for none), cost along, rest and away of each place."""

Cells: TypeAlias = tuple[Reals, float, Longs, Longs, Ints]
"""A grid of cells: lower corner, side, shape; offsets of each cell's entries, entries."""

Source: TypeAlias = tuple[int, float, float, float]
"""Edge, along, rest and away of one target."""

Weigh: TypeAlias = tuple[Reals, Reals, Reals, bool]
"""Beginnings of bands, their weights, selection sum of each place (empty: none), whether only to sum weights."""

Demand: TypeAlias = tuple[Reals, Reals]
"""People at each place (0 where unknown), capacity of each target."""

Shares: TypeAlias = tuple[Reals, Reals]
"""Access of each place (or sum of weights), demand on each target; written into."""

Pairs: TypeAlias = tuple[Longs, Longs, Reals]
"""Place, target and cost of each pair."""
