"""Importance: what each component really does to a score, whatever weight was written beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

LEAST_UNITS = 3
"""A correlation of fewer units says nothing."""


@dataclass(frozen=True, eq=False)
class Importance:
    """What components do to a score, one number each.

    Args:
        correlation: Pearson correlation with the score.
        explained: Its square: share of the variance of the score that a straight line in the component explains.
        share: Share of the variance of the score that the component brings: ``w cov(x, y) / var(y)``. For an
            arithmetic mean of known components the shares sum to 1 exactly; for other means they are scaled to.
    """

    correlation: Numbers
    explained: Numbers
    share: Numbers


def importance(components: Numbers, weights: Numbers, scores: Numbers) -> Importance:
    """What each component does to the scores.

    Args:
        components: Shape (units, components), on one scale; NaN where unknown.
        weights: What each component weighs in the whole, shape (components).
        scores: Shape (units); NaN where there is none.
    """
    covariance, correlation = np.full((2, components.shape[1]), np.nan)
    for place in range(components.shape[1]):
        known = np.isfinite(components[:, place]) & np.isfinite(scores)
        if np.count_nonzero(known) < LEAST_UNITS:
            continue
        x, y = components[known, place], scores[known]
        off, other = x - x.mean(), y - y.mean()
        covariance[place] = np.mean(off * other)
        spread = float(np.sqrt(np.mean(off**2) * np.mean(other**2)))
        correlation[place] = covariance[place] / spread if spread > 0 else np.nan
    brought = weights * covariance
    total = np.nansum(brought)
    share = brought / total if total else np.full_like(brought, np.nan)
    return Importance(correlation, correlation**2, share)


def rank_correlation(one: Numbers, other: Numbers) -> float:
    """Spearman's rank correlation of two rankings over the units that both have; NaN for fewer than three."""
    known = np.isfinite(one) & np.isfinite(other)
    if np.count_nonzero(known) < LEAST_UNITS:
        return float("nan")
    first, second = _mean_places(one[known]), _mean_places(other[known])
    first, second = first - first.mean(), second - second.mean()
    spread = float(np.sqrt(np.sum(first**2) * np.sum(second**2)))
    return float(np.sum(first * second) / spread) if spread > 0 else float("nan")


def _mean_places(values: Numbers) -> Numbers:
    ordered = np.sort(values)
    return (np.searchsorted(ordered, values, "left") + np.searchsorted(ordered, values, "right")) / 2.0
