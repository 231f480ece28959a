"""Water that leaves the surface: into the soil by Green and Ampt (1911), and into drains of a given capacity."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[np.float64]


@njit(cache=True, nogil=True)
def soak(depth: Any, length: float, conductivity: Any, pull: Any, soaked: Any) -> float:  # noqa: ANN401
    """Water that soaks into the soil of each cell in one step; gives the depth of all cells together.

    F' = F + K Δt (1 + ψΔθ / (F + ΔF/2)), solved for ΔF, and no more than stands on the cell.

    Args:
        depth: Depth on each cell, changed in place, m.
        length: Length of the step, s.
        conductivity: Hydraulic conductivity K, m/s.
        pull: Suction head times moisture deficit, ψΔθ, m.
        soaked: Depth F that has soaked in, changed in place, m.
    """
    whole = 0.0
    for i in range(depth.shape[0]):
        for j in range(depth.shape[1]):
            k, here = conductivity[i, j] * length, float(depth[i, j])
            if here <= 0 or k <= 0:
                continue
            half = soaked[i, j] - k / 2
            able = np.sqrt(half * half + 2 * k * (soaked[i, j] + pull[i, j])) - half
            taken = min(able, here)
            soaked[i, j] += taken
            depth[i, j] = here - taken
            whole += taken
    return whole


@njit(cache=True, nogil=True)
def drain(depth: Any, length: float, capacity: Any) -> float:  # noqa: ANN401
    """Water that drains take from each cell in one step, m/s at most; gives the depth of all cells together."""
    whole = 0.0
    for i in range(depth.shape[0]):
        for j in range(depth.shape[1]):
            here = float(depth[i, j])
            taken = min(capacity[i, j] * length, here)
            if taken > 0:
                depth[i, j] = here - taken
                whole += taken
    return whole


class Soil:
    """Soil that takes in water by Green and Ampt.

    Args:
        conductivity: Hydraulic conductivity of each cell, m/s; 0 where sealed.
        pull: Suction head times moisture deficit of each cell, m.
    """

    name = "soil"

    def __init__(self, conductivity: Array, pull: Array) -> None:
        self._conductivity, self._pull = conductivity, pull
        self.soaked = np.zeros(conductivity.shape)

    def take(self, depth: NDArray[np.floating], length: float, band: slice) -> float:
        """Take water from the cells of some rows in one step, see ``inertial.Loss``."""
        return float(soak(depth[band], length, self._conductivity[band], self._pull[band], self.soaked[band]))


class Drains:
    """Drains that take water up to a capacity, where no network is modelled.

    Args:
        capacity: Of each cell, m/s.
    """

    name = "drains"

    def __init__(self, capacity: Array) -> None:
        self._capacity = capacity

    def take(self, depth: NDArray[np.floating], length: float, band: slice) -> float:
        """Take water from the cells of some rows in one step, see ``inertial.Loss``."""
        return float(drain(depth[band], length, self._capacity[band]))
