"""Trend and change point of a series of years."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy import special

from tulou.kernel.errors import NotEnoughData

Array = NDArray[np.float64]
FEWEST = 4
"""Values below which neither test says anything."""


@dataclass(frozen=True)
class Trend:
    """A monotonic trend.

    Args:
        score: Pairs that rise minus pairs that fall.
        chance: Two-sided probability of a score as large by chance.
        slope: Median slope of all pairs, a year (Theil, Sen).
    """

    score: int
    chance: float
    slope: float


@dataclass(frozen=True)
class ChangePoint:
    """Where a series changes its level, if it does.

    Args:
        last_before: Position of the last value before the change.
        statistic: Largest rank statistic K.
        chance: Probability of one as large by chance.
    """

    last_before: int
    statistic: float
    chance: float


def trend(years: Array, values: Array) -> Trend:
    """Does a series rise or fall?

    ``S = Σ sign(x_j − x_i)``; with ties in groups of t the variance is ``[n(n−1)(2n+5) − Σ t(t−1)(2t+5)] / 18``.

    Args:
        years: When each value holds.
        values: The values; NaN is left out.

    Raises:
        NotEnoughData: When fewer than four are known.

    Source: Mann (1945), Kendall (1975); slope by Theil (1950), Sen (1968).
    """
    known = np.isfinite(values)
    x, y = years[known], values[known]
    count = _enough(y)
    first, second = np.triu_indices(count, 1)
    score = int(np.sign(y[second] - y[first]).sum())
    ties = np.unique(y, return_counts=True)[1].astype(float)
    variance = (count * (count - 1) * (2 * count + 5) - float(np.sum(ties * (ties - 1) * (2 * ties + 5)))) / 18
    z = (score - np.sign(score)) / sqrt(variance) if variance > 0 else 0.0
    slopes = (y[second] - y[first]) / (x[second] - x[first])
    return Trend(score, float(2 * special.ndtr(-abs(z))), float(np.median(slopes)))


def change_point(values: Array) -> ChangePoint:
    """Where does a series change its level?

    ``K = max |U_t|``, ``U_t = Σ_{i≤t} Σ_{j>t} sign(x_i − x_j)``; ``p ≈ 2 exp(−6 K² / (n³ + n²))``.

    Args:
        values: The values in order of time, all known.

    Raises:
        NotEnoughData: When there are fewer than four, or one is unknown.

    Source: Pettitt (1979).
    """
    count = _enough(values)
    if not np.isfinite(values).all():
        raise NotEnoughData("a change point needs every value of the series", found=int((~np.isfinite(values)).sum()))
    signs = np.sign(values[:, None] - values[None, :])
    statistic = np.array([signs[: t + 1, t + 1 :].sum() for t in range(count - 1)])
    at = int(np.argmax(np.abs(statistic)))
    largest = float(abs(statistic[at]))
    return ChangePoint(at, largest, min(1.0, 2 * exp(-6 * largest**2 / (count**3 + count**2))))


def _enough(values: Array) -> int:
    if len(values) < FEWEST:
        raise NotEnoughData("too few values for a test", found=len(values), allowed=(f"{FEWEST} and more",))
    return len(values)
