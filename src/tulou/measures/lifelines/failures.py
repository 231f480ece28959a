"""Failures of pipes: how often they break, and how often an earthquake breaks them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from tulou.kernel.errors import BadUse

Array = NDArray[np.float64]
REPAIR_SCALE = 1e-4
"""Repairs a km at 1 cm/s (HAZUS, waves)."""
REPAIR_EXPONENT = 2.25
"""Power of the ground velocity (HAZUS, waves)."""


@dataclass(frozen=True)
class Rate:
    """Breaks a km and year.

    Args:
        value: Most likely rate.
        low: Lower bound.
        high: Upper bound.
    """

    value: float
    low: float
    high: float


def break_rate(breaks: int, exposure: float, confidence: float) -> Rate:
    """How often do pipes break? Breaks over the length and years they were counted on, with exact bounds.

    Args:
        breaks: Breaks counted.
        exposure: Length times years, km·year.
        confidence: Share of repeated counts whose bounds hold the true rate, 0 to 1.

    Raises:
        BadUse: When breaks are negative, there is no exposure, or the confidence is no share.

    Source: Garwood (1936), Biometrika 28.
    """
    if breaks < 0 or not exposure > 0 or not 0 < confidence < 1:
        raise BadUse("breaks are from 0 on, their exposure above 0, a confidence between 0 and 1", where="breaks")
    tail = (1 - confidence) / 2
    low = float(special.gammaincinv(breaks, tail)) if breaks else 0.0
    return Rate(breaks / exposure, low / exposure, float(special.gammaincinv(breaks + 1, 1 - tail)) / exposure)


def break_chance(rate: float, length: float, years: float) -> float:
    """How likely does a pipe break at least once? ``1 − exp(−λ L t)`` (Poisson).

    Args:
        rate: Breaks a km and year.
        length: km.
        years: Years ahead.
    """
    return float(-np.expm1(-rate * length * years))


def repair_rate(velocity: Array, factor: float) -> Array:
    """How many repairs a km does the shaking of an earthquake ask for? ``RR = K · 10⁻⁴ · PGV^2.25``.

    Args:
        velocity: Peak ground velocity, cm/s; NaN stays unknown.
        factor: K by the ductility of the pipes: 1 for brittle ones.

    Raises:
        BadUse: When a velocity or the factor is negative.

    Source: O'Rourke & Ayala (1993), as in HAZUS.
    """
    if (velocity < 0).any() or factor < 0:
        raise BadUse("velocities and factors are from 0 on", where="velocity", found=factor)
    return np.asarray(REPAIR_SCALE * factor * velocity**REPAIR_EXPONENT)
