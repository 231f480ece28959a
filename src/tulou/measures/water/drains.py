"""Drains: what a full pipe carries, how deep a flow stands in it, and which storm it holds."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tulou.kernel.arrays import Floats, Parts
from tulou.kernel.declaration import measure
from tulou.kernel.errors import BadUse
from tulou.kernel.words import Words

Array = NDArray[np.float64]
UNDERSIZED = "undersized"
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
    from scipy.optimize import brentq  # only this needs it

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


@measure(title=Words("达到设计重现期的管长", "Length of pipe that holds its storm"), source="GB 50014-2021 表4.1.3")
def length_that_holds(
    held: Annotated[Floats, "year"],
    required: Annotated[Floats, "year"],
    length: Annotated[Floats, "m"],
    *,
    least: Annotated[float, "year"],
) -> Annotated[Parts, "m", "m"]:
    """How much pipe holds the storm it must?

    ``part`` is the length where the return period held is at least that required, else 0 with cause ``undersized``.

    Args:
        held: Return period each pipe holds.
        required: Return period each must hold; where unknown, ``least`` does.
        length: Its length.
        least: Return period that every pipe of the city must hold at the least.
    """
    wanted = np.where(np.isnan(required), least, required)
    holds = np.where(np.isnan(held), np.nan, (held >= wanted).astype(np.float64))
    cause = np.full(len(held), None, np.object_)
    cause[holds == 0] = UNDERSIZED
    return Parts(part=holds * length, whole=length, cause=cause)
