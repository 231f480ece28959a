"""Water that leaves the surface: into soil by Green and Ampt (1911) or Horton (1940), into drains by capacity."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse

Array = NDArray[np.float64]
MOST_TURNS = 50
CLOSE = 1e-13
"""Share of what has soaked in up to which a time is found."""


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
def horton_depth(first: float, last: float, decay: float, time: float) -> float:
    """Depth that soil of Horton can take in a time: ``F(t) = f_c t + (f_0 − f_c) (1 − e^(−kt)) / k``.

    Args:
        first: Rate at the beginning f₀, m/s.
        last: Rate in the end f_c, m/s.
        decay: Decay k, 1/s.
        time: Time since the soil was as dry as at the beginning, s.
    """
    return last * time - (first - last) / decay * np.expm1(-decay * time)


@njit(cache=True, nogil=True)
def soak_horton(depth: Any, length: float, rates: Any, is_bare: Any, time: Any) -> float:  # noqa: ANN401
    """Water that soaks into the soil of each cell in one step by Horton; gives the depth of all cells together.

    The soil takes ``F(t_p + Δt) − F(t_p)``, or what stands on the cell when that is less; then t_p becomes the time at
    which F equals what has soaked in, so that little rain does not use up the time (integrated form).

    Args:
        depth: Depth on each cell, changed in place, m.
        length: Length of the step, s.
        rates: f₀ and f_c, m/s, and k, 1/s.
        is_bare: Where soil lies open.
        time: t_p of each cell, s, changed in place.
    """
    first, last, decay = rates
    whole = 0.0
    for i in range(depth.shape[0]):
        for j in range(depth.shape[1]):
            here = float(depth[i, j])
            if here <= 0 or not is_bare[i, j]:
                continue
            then = time[i, j]
            before = horton_depth(first, last, decay, then)
            able = horton_depth(first, last, decay, then + length) - before
            if able <= here:
                taken, time[i, j] = able, then + length
            else:
                taken = here
                # From the left the tangent of a concave curve never goes beyond the root.
                for _ in range(MOST_TURNS):
                    lacking = before + taken - horton_depth(first, last, decay, then)
                    rate = last + (first - last) * np.exp(-decay * then)
                    if lacking <= CLOSE * (before + taken) or rate <= 0:
                        break
                    then += lacking / rate
                time[i, j] = then
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


class HortonSoil:
    """Soil that takes in water by Horton; it does not dry between two rains.

    Args:
        first: Rate at the beginning f₀, m/s.
        last: Rate in the end f_c, m/s.
        decay: Decay k, 1/s.
        is_bare: Where soil lies open.

    Raises:
        BadUse: When the rate does not fall from f₀ to f_c, or the decay is not above 0.
    """

    name = "soil"

    def __init__(self, first: float, last: float, decay: float, is_bare: NDArray[np.bool_]) -> None:
        if not (first >= last >= 0 and decay > 0 and np.isfinite([first, decay]).all()):
            raise BadUse(
                "rates of Horton fall from the first to the last, with a decay above 0",
                where="horton",
                found=f"{first:g}, {last:g}, {decay:g}",
                allowed=("f0,fc,k with f0 >= fc >= 0 and k > 0",),
            )
        self._rates = (first, last, decay)
        self._is_bare = is_bare
        self.time = np.zeros(is_bare.shape)

    def take(self, depth: NDArray[np.floating], length: float, band: slice) -> float:
        """Take water from the cells of some rows in one step, see ``inertial.Loss``."""
        return float(soak_horton(depth[band], length, self._rates, self._is_bare[band], self.time[band]))


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
