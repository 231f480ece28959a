"""Rain by place and time: each cell has the rain of the gauge or radar cell it belongs to (Thiessen 1911)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse

Array = NDArray[np.float64]


@njit(cache=True, nogil=True)
def fall_on(depth: Any, catch: Any, gauge: Any, amounts: Any, first: int, last: int) -> tuple[float, float]:  # noqa: ANN401
    """Put rain on the cells of some rows; gives the depth of all together and the deepest water after it.

    Args:
        depth: Depth of each cell, changed in place, m.
        catch: How many times its own area a cell catches rain from.
        gauge: Gauge, or cell of the radar, that each cell belongs to.
        amounts: Rain of each gauge, m.
        first: First row.
        last: Row after the last.
    """
    whole = deepest = 0.0
    for i in range(first, last):
        for j in range(depth.shape[1]):
            if catch[i, j] > 0:
                before = depth[i, j]
                depth[i, j] = before + amounts[gauge[i, j]] * catch[i, j]
                whole += float(depth[i, j]) - float(before)
                deepest = max(deepest, float(depth[i, j]))
    return whole, deepest


class RainField:
    """Rain that differs from place to place.

    Args:
        edges: Times at which steps begin, and the last ends, s, ascending, shape (steps + 1,).
        depths: Depth of each step in each gauge, m, shape (steps, gauges).
        gauge: Gauge, or cell of the radar, that each cell of the ground belongs to, shape (rows, columns).

    Raises:
        BadUse: When shapes do not fit, a depth is unknown or below 0, or a cell belongs to no gauge.
    """

    def __init__(self, edges: Array, depths: Array, gauge: NDArray[np.int64]) -> None:
        if depths.ndim != 2 or len(edges) != len(depths) + 1 or not (np.diff(edges) > 0).all():  # noqa: PLR2004
            raise BadUse("steps of rain ascend, with a depth for each gauge", where="rain", found=str(depths.shape))
        if not (np.isfinite(depths) & (depths >= 0)).all():
            raise BadUse("rain has no unknown steps and is from 0 on", where="rain", found=float(np.nanmin(depths)))
        if gauge.size and not (gauge.min() >= 0 and gauge.max() < depths.shape[1]):
            raise BadUse("each cell of the ground belongs to a gauge", where="rain", found=int(gauge.max()))
        self._edges = edges
        self._fallen = np.concatenate([np.zeros((1, depths.shape[1])), np.cumsum(depths, axis=0)])
        self.gauge = np.ascontiguousarray(gauge, np.int64)

    def until(self, time: float) -> Array:
        """Depth that has fallen in each gauge until a time, m."""
        step = int(np.searchsorted(self._edges, time, side="right")) - 1
        if step < 0:
            return self._fallen[0]
        if step >= len(self._edges) - 1:
            return self._fallen[-1]
        share = (time - self._edges[step]) / (self._edges[step + 1] - self._edges[step])
        return np.asarray(self._fallen[step] + share * (self._fallen[step + 1] - self._fallen[step]), np.float64)

    def between(self, first: float, last: float) -> Array:
        """Depth that falls in each gauge between two times, m."""
        return np.maximum(self.until(last) - self.until(first), 0.0)
