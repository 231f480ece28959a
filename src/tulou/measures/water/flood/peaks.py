"""What a flood did to each cell: how deep, how fast, how dangerous, from when, for how long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tulou.measures.water.flood.inertial import GRAVITY, Flood

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Marks:
    """Depths from which on things count, and what makes water dangerous.

    Args:
        film: Depth below which water has no speed worth telling, m.
        wet: Depth from which on water has arrived, m.
        ponding: Depth from which on it stands, m.
        speed_shift: Added to the speed in the hazard, m/s.
        debris_depth: Depth from which on debris counts, m.
        debris: What it adds to the hazard, m²/s.
    """

    film: float
    wet: float
    ponding: float
    speed_shift: float
    debris_depth: float
    debris: float


class Most(NamedTuple):
    """Fields of the most that happened, of the shape of the ground.

    Args:
        depth: Largest depth, m.
        speed: Largest speed, m/s.
        froude: Largest Froude number.
        hazard: Largest hazard, m²/s.
        arrival: Time when water arrived, s; infinite where it did not.
        ponded: How long it stood, s.
    """

    depth: Any
    speed: Any
    froude: Any
    hazard: Any
    arrival: Any
    ponded: Any


@njit(cache=True, nogil=True)
def flow_depth(depth: Any, level: Any, i: int, j: int) -> float:  # noqa: ANN401
    """The depth that carries the flow of a cell: its own, or that at one of its faces, whichever is largest."""
    deep, top, low = float(depth[i, j]), level[i, j] + depth[i, j], level[i, j]
    for y, x in ((i, j - 1), (i, j + 1), (i - 1, j), (i + 1, j)):
        deep = max(deep, max(top, level[y, x] + depth[y, x]) - max(low, level[y, x]))
    return deep


@njit(cache=True, nogil=True)
def keep_most(rows: Any, water: Any, level: Any, time: float, since: float, marks: Any, most: Most) -> None:  # noqa: ANN401
    """Keep the most that happened to each cell of some rows until a time.

    The flow of a cell is the mean of that over its faces; hazard is d (v + shift) + debris.
    """
    film, wet, ponding, shift, debris_depth, debris = marks
    depth, across, down = water
    for i in range(rows[0] + 1, rows[1] + 1):
        for j in range(1, depth.shape[1] - 1):
            at, here = (i - 1, j - 1), float(depth[i, j])
            most.depth[at] = max(most.depth[at], here)
            if here < film:
                continue
            x, y = (across[i, j] + across[i, j + 1]) / 2, (down[i, j] + down[i + 1, j]) / 2
            deep = flow_depth(depth, level, i, j)
            speed = np.sqrt(x * x + y * y) / deep
            most.speed[at] = max(most.speed[at], speed)
            most.froude[at] = max(most.froude[at], speed / np.sqrt(GRAVITY * deep))
            hazard = here * (speed + shift) + (debris if here >= debris_depth else 0.0)
            most.hazard[at] = max(most.hazard[at], hazard)
            if here >= wet:
                most.arrival[at] = min(most.arrival[at], time)
            if here >= ponding:
                most.ponded[at] += since


class Peaks:
    """The most that a flood did, looked at from time to time.

    Args:
        flood: The flood.
        marks: Depths from which on things count.
    """

    def __init__(self, flood: Flood, marks: Marks) -> None:
        self._flood, self._marks = flood, (
            marks.film, marks.wet, marks.ponding, marks.speed_shift, marks.debris_depth, marks.debris,
        )  # fmt: skip
        self._time = flood.time
        shape = flood.ground.level.shape
        fields = [np.zeros(shape) for _ in range(6)]
        fields[4][:] = np.inf
        self.most = Most(*fields)

    def look(self) -> None:
        """Look at the flood as it is now."""
        flood = self._flood
        now, since = flood.time, flood.time - self._time

        def keep(rows: slice) -> None:
            keep_most((rows.start, rows.stop), flood.water, flood.bed.level, now, since, self._marks, self.most)

        flood.by_pieces(keep)
        self._time = now
