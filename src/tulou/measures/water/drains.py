"""Drains: what a full pipe carries, how deep a flow stands in it, and which storm it holds."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

from tulou.kernel.errors import BadUse

Array = NDArray[np.float64]
FULLEST = 0.938181
"""Depth over diameter at which a round pipe carries most."""


def full_flow(diameter: ArrayLike, slope: ArrayLike, roughness: ArrayLike) -> Array:
    """What does a round pipe carry when it is just full?

    ``Q = A R^(2/3) S^(1/2) / n`` with ``A = π D² / 4`` and ``R = D / 4``.

    Args:
        diameter: D, m.
        slope: S, m/m.
        roughness: Manning's n, s/m^(1/3).

    Returns:
        m³/s.

    Source: Manning (1891); GB 50014-2021, 5.2.
    """
    d, s, n = (np.asarray(one, np.float64) for one in (diameter, slope, roughness))
    return np.asarray(np.pi * d**2 / 4 * (d / 4) ** (2 / 3) * np.sqrt(s) / n)


def normal_depth(flow: float, diameter: float, slope: float, roughness: float) -> float:
    """How deep does a steady flow stand in a long round pipe?

    ``Q = A R^(2/3) S^(1/2) / n`` with ``θ = 2 arccos(1 − 2 y / D)``, ``A = D² (θ − sin θ) / 8`` and
    ``R = D (1 − sin θ / θ) / 4``, solved for y below the depth at which a round pipe carries most.

    Args:
        flow: Q, m³/s.
        diameter: D, m.
        slope: S, m/m.
        roughness: Manning's n, s/m^(1/3).

    Returns:
        y, m.

    Raises:
        BadUse: When the pipe cannot carry it with a free surface.

    Source: Manning (1891); Chow (1959), Open-channel hydraulics.
    """

    def short(share: float) -> float:
        angle = 2 * np.arccos(1 - 2 * share)
        area = diameter**2 * (angle - np.sin(angle)) / 8
        radius = diameter * (1 - np.sin(angle) / angle) / 4
        return float(area * radius ** (2 / 3) * np.sqrt(slope) / roughness - flow)

    if flow <= 0 or short(FULLEST) < 0:
        most = short(FULLEST) + flow
        raise BadUse(
            "a pipe carries no such flow with a free surface", where="flow", found=flow, allowed=(f"0 to {most:.4g}",)
        )
    return float(brentq(short, 1e-9, FULLEST, xtol=1e-12)) * diameter


def held_period(periods: ArrayLike, holds: NDArray[np.bool_]) -> Array:
    """Which is the largest return period a pipe holds, every smaller one that was tried included?

    Args:
        periods: Return periods tried, years, ascending, shape (periods,).
        holds: Whether each pipe held each storm, shape (pipes, periods).

    Returns:
        Years; 0 for a pipe that did not hold the smallest. The largest of those tried is a lower bound.

    Raises:
        BadUse: When return periods do not ascend.
    """
    years = np.asarray(periods, np.float64)
    if (np.diff(years) <= 0).any():
        raise BadUse("return periods ascend", where="periods", found=years.tolist())
    count = np.cumprod(np.asarray(holds, bool), axis=1).sum(axis=1)
    return np.asarray(np.concatenate([[0.0], years])[count])
