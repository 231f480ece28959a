"""Control charts: when has a series left what was normal?"""

from __future__ import annotations

from math import exp, log

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse

Array = NDArray[np.float64]
OVERSHOOT = 1.166
"""How far, in standard deviations, a sum passes its limit on the mean (Siegmund 1985)."""
BISECTIONS = 60
"""Halvings after which nothing but rounding is left."""


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


def alarm_limit(steps: float, slack: float) -> float:
    """Which limit of a cumulative sum raises a false alarm once in so many steps?

    Solves Siegmund's approximation of the run length without a shift, ``ARL = (exp(2 k b) − 2 k b − 1) / (2 k²)``,
    ``b = h + 1.166``, for h, in standard deviations; scores are taken as independent and normal.

    Args:
        steps: Steps between false alarms, above 1; those of several charts are added up.
        slack: k, above 0.

    Raises:
        BadUse: When there is no such limit.

    Source: Siegmund (1985), Sequential Analysis.
    """
    if not (slack > 0 and steps > 1):
        raise BadUse("a limit needs a slack above 0 and more than one step", where="steps", found=steps)
    wanted = steps * 2 * slack**2
    low, high = 0.0, 1.0 + log(wanted + 1.0) * 2
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        is_short = exp(middle) - middle - 1 < wanted
        low, high = (middle, high) if is_short else (low, middle)
    return max(high / (2 * slack) - OVERSHOOT, 0.0)
