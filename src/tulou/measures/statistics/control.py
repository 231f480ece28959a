"""Control charts: when has a series left what was normal?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse

Array = NDArray[np.float64]


def standard_scores(values: Array, is_training: NDArray[np.bool_]) -> Array:
    """How many standard deviations are values above the mean of their training?

    Args:
        values: Shape (times,) or (times, series); NaN stays unknown.
        is_training: Which times were normal, shape (times,).

    Returns:
        Same shape; a series that never changes in training has no scores (NaN).
    """
    normal = values[is_training]
    known = np.isfinite(normal)
    count = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, normal, 0.0).sum(axis=0) / count
    spread = np.sqrt(np.where(known, (normal - mean) ** 2, 0.0).sum(axis=0) / np.maximum(count - 1, 1))
    return np.asarray((values - mean) / np.where((spread > 0) & (count > 1), spread, np.nan))


def cumulative_sum(scores: Array, slack: float) -> Array:
    """How far has a series drifted upwards? ``S = max(0, S + z − k)``; an unknown score leaves S as it is.

    Args:
        scores: Standard scores z, shape (times,) or (times, series); the negative of them to look downwards.
        slack: k, in standard deviations: half of the smallest shift that matters.

    Raises:
        BadUse: When the slack is negative.

    Source: Page (1954), Biometrika 41.
    """
    if not slack >= 0:
        raise BadUse("slack is from 0 on", where="slack", found=slack)
    found = np.empty_like(scores, dtype=np.float64)
    steps = np.where(np.isfinite(scores), scores - slack, 0.0)
    sums = np.zeros(scores.shape[1:])
    for place, step in enumerate(steps):
        sums = np.maximum(0.0, sums + step)
        found[place] = sums
    return found


def first_above(values: Array, limit: float) -> int | None:
    """Position of the first value above a limit; None when there is none."""
    above = np.flatnonzero(values > limit)
    return int(above[0]) if len(above) else None
