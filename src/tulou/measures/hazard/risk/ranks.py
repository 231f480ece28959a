"""Ranks under doubt: between which places something stands when its worth is uncertain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Array = NDArray[np.float64]
LOW, HIGH = 5.0, 95.0
"""Percentiles between which nine tenths of the draws lie."""


@dataclass(frozen=True, eq=False)
class RankInterval:
    """Places of things, 1 the first.

    Args:
        low: Place that only one draw in twenty is better than.
        middle: Median place.
        high: Place that only one draw in twenty is worse than.
    """

    low: Array
    middle: Array
    high: Array


def rank_interval(draws: Array) -> RankInterval:
    """Between which places does each thing stand?

    Args:
        draws: Worth of each thing in each draw, shape (draws, things); more is better, equal ones share a place.
    """
    ranks = stats.rankdata(-draws, method="min", axis=1)
    low, middle, high = np.percentile(ranks, [LOW, 50.0, HIGH], axis=0)
    return RankInterval(low, middle, high)


def weighted_draws(parts: Array, count: int, seed: int) -> Array:
    """Worth of things under weights that nobody has agreed on.

    Weights are drawn evenly from all that sum to 1 (Dirichlet with ones); each part is first divided by its largest
    value, so that none counts by its unit. What is unknown counts for nothing and is left for the reader to see.

    Args:
        parts: Shape (things, parts), from 0 on; NaN where unknown.
        count: Number of draws.
        seed: Seed of the draws.

    Returns:
        Shape (draws, things).
    """
    weights = np.random.default_rng(seed).dirichlet(np.ones(parts.shape[1]), size=count)
    known = np.nan_to_num(parts)
    largest = known.max(axis=0, initial=0.0)
    relative = known / np.where(largest > 0, largest, 1.0)
    return np.asarray(weights @ relative.T, np.float64)
