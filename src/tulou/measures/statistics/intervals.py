"""Intervals: how far a share of a sample may lie from the truth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NORMAL_95 = 1.959963984540054
"""Half-width in standard errors of a 95 % interval: the 0.975 quantile of the standard normal distribution."""


def wilson_interval(
    successes: NDArray[np.float64], trials: NDArray[np.float64], *, errors: float = NORMAL_95
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Between which bounds does the true share lie, also for few trials and for 0 or all successes?

    ``(p + z²/2n ± z sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n)`` (Wilson 1927).

    Args:
        successes: How many of the trials, one a row.
        trials: How many in all, one a row; without any the bounds are NaN.
        errors: Half-width in standard errors, ``z``.

    Returns:
        Lower and upper bound of the share, one a row.
    """
    n = np.where(np.asarray(trials, np.float64) > 0, trials, np.nan)
    p = np.asarray(successes, np.float64) / n
    square = errors**2
    middle = p + square / (2 * n)
    spread = errors * np.sqrt(p * (1 - p) / n + (square / n) / n / 2**2)
    return (middle - spread) / (1 + square / n), (middle + spread) / (1 + square / n)
