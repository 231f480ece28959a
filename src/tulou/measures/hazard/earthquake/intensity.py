"""Intensity of an earthquake from what instruments measured, and the acceleration in the middle of an intensity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse

Array = NDArray[np.float64]
STRONG = 6.0
"""Intensity from which, by both motions, velocity alone decides."""
LOWEST, HIGHEST = 1.0, 12.0
"""Ends of the scale."""


@dataclass(frozen=True)
class IntensityScale:
    """Lines ``slope · lg(motion) + level`` of a scale.

    Args:
        acceleration: Slope and level for peak acceleration in m/s².
        velocity: Slope and level for peak velocity in m/s.
    """

    acceleration: tuple[float, float]
    velocity: tuple[float, float]


def instrumental_intensity(acceleration: Array, velocity: Array, scale: IntensityScale) -> Array:
    """How intense was the shaking, by the instruments?

    ``I_A = 3.17 lg PGA + 6.59``, ``I_V = 3.00 lg PGV + 9.77``; where both reach 6.0, ``I = I_V``, else their mean.
    Where one of the motions is unknown the other decides; within 1 to 12.

    Args:
        acceleration: Peak ground acceleration of each place, m/s²; NaN where unknown.
        velocity: Peak ground velocity, m/s; NaN where unknown.
        scale: The lines of the scale.

    Raises:
        BadUse: When a motion is negative.

    Source: GB/T 17742-2020, instrumental intensity.
    """
    by_acceleration = _line(acceleration, scale.acceleration)
    by_velocity = _line(velocity, scale.velocity)
    both_strong = (by_acceleration >= STRONG) & (by_velocity >= STRONG)
    mean = np.where(np.isnan(by_acceleration), by_velocity, by_acceleration)
    mean = np.where(np.isnan(by_velocity), mean, (mean + by_velocity) / 2)
    return np.clip(np.where(both_strong, by_velocity, mean), LOWEST, HIGHEST)


def central_acceleration(intensity: Array, scale: IntensityScale) -> Array:
    """Which peak acceleration lies in the middle of an intensity, m/s²? ``10^((I − 6.59) / 3.17)``.

    Args:
        intensity: Intensity, 1 to 12.
        scale: The lines of the scale.
    """
    slope, level = scale.acceleration
    return np.asarray(10.0 ** ((intensity - level) / slope), np.float64)


def _line(motion: Array, line: tuple[float, float]) -> Array:
    if np.any(motion < 0):
        raise BadUse("a ground motion is from 0 on", where="motion", found=float(np.nanmin(motion)))
    slope, level = line
    with np.errstate(divide="ignore"):
        return np.asarray(slope * np.log10(motion) + level, np.float64)
