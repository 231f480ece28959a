"""What the statistics share: which rows are known, and quantiles of weighted rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_ROUNDING = 1e-12
"""Slack on cumulated shares, so that a quantile on a step is not lost to rounding."""


def known_rows(
    values: NDArray[np.float64], weights: NDArray[np.float64] | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Values and weights of the rows where both are known and the weight is positive.

    Args:
        values: One a row.
        weights: One a row; left out, each row weighs 1.
    """
    values = np.asarray(values, np.float64)
    weights = np.ones_like(values) if weights is None else np.asarray(weights, np.float64)
    held = np.isfinite(values) & np.isfinite(weights) & (weights > 0)
    return values[held], weights[held]


def weighted_quantile(values: NDArray[np.float64], weights: NDArray[np.float64], share: float) -> float:
    """The least value at or below which a share of the weight lies; rows must be known.

    Args:
        values: One a row, at least one.
        weights: Positive, one a row.
        share: Between 0 and 1.
    """
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order]) / np.sum(weights)
    place = int(np.searchsorted(reached, share - _ROUNDING))
    return float(values[order][min(place, len(values) - 1)])
