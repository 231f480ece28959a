"""Ranks, the intervals they move in, and tiers of units that cannot honestly be told apart."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]

ROUNDING = 1e-9
"""Scores that differ by less are equal: the rounding of sums must not make a rank."""


def ranks(scores: Numbers) -> Numbers:
    """Places of units, 1 for the highest score; equal scores share the better place.

    Args:
        scores: Shape (…, units); NaN for a unit without a score.

    Returns:
        Shaped as given; NaN where there is no score.
    """
    flat = np.ascontiguousarray(scores, np.float64).reshape(-1, scores.shape[-1])
    found = np.full_like(flat, np.nan)
    for row, out in zip(flat, found, strict=True):
        known = np.isfinite(row)
        held = np.round(row[known] / ROUNDING) * ROUNDING
        out[known] = 1 + len(held) - np.searchsorted(np.sort(held), held, "right")
    return found.reshape(scores.shape)


def rank_intervals(drawn: Numbers, quantiles: tuple[float, float]) -> tuple[Numbers, Numbers]:
    """The places between which most draws put a unit: ends are places that were met.

    Args:
        drawn: Ranks, shape (draws, units); NaN where there is no score.
        quantiles: Percent, low and high.
    """
    low, high = _quantiles(drawn, quantiles, "inverted_cdf")
    return low, high


def score_intervals(drawn: Numbers, quantiles: tuple[float, float]) -> tuple[Numbers, Numbers]:
    """The scores between which most draws put a unit.

    Args:
        drawn: Scores, shape (draws, units); NaN where there is no score.
        quantiles: Percent, low and high.
    """
    low, high = _quantiles(drawn, quantiles, "linear")
    return low, high


def _quantiles(drawn: Numbers, quantiles: tuple[float, float], method: str) -> Numbers:
    """Quantiles of each unit over the draws in which it has a score."""
    found = np.full((2, drawn.shape[1]), np.nan)
    known = np.isfinite(drawn)
    whole = known.all(axis=0)
    if whole.any():
        found[:, whole] = np.percentile(drawn[:, whole], quantiles, axis=0, method=method)  # type: ignore[call-overload]
    for unit in np.flatnonzero(~whole & known.any(axis=0)):
        held = drawn[known[:, unit], unit]
        found[:, unit] = np.percentile(held, quantiles, method=method)  # type: ignore[call-overload]
    return found


def tiers(low: Numbers, high: Numbers) -> Whole:
    """Tiers of units: two units of different tiers have intervals that do not meet.

    Units whose intervals overlap are in one tier, directly or through others between them; so a tier says less than a
    rank, and what it says holds.

    Args:
        low: Best place of each unit; NaN without a score.
        high: Worst place of each unit.

    Returns:
        1 for the best tier; 0 for a unit without a score.
    """
    found = np.zeros(len(low), np.int64)
    known = np.flatnonzero(np.isfinite(low) & np.isfinite(high))
    order = known[np.lexsort((high[known], low[known]))]
    if not len(order):
        return found
    reached = np.maximum.accumulate(high[order])
    begins = np.concatenate([[True], low[order][1:] > reached[:-1]])
    found[order] = np.cumsum(begins)
    return found


def surely_beside(low: Numbers, high: Numbers) -> tuple[Whole, Whole]:
    """How many units surely stand before each one, and how many surely behind it: their whole interval does.

    Args:
        low: Best place of each unit; NaN without a score.
        high: Worst place of each unit.
    """
    known = np.isfinite(low) & np.isfinite(high)
    before = np.searchsorted(np.sort(high[known]), low, "left")
    behind = np.count_nonzero(known) - np.searchsorted(np.sort(low[known]), high, "right")
    return np.where(known, before, 0).astype(np.int64), np.where(known, behind, 0).astype(np.int64)


def rank_shift(drawn: Numbers, nominal: Numbers) -> Numbers:
    """Mean absolute shift of the ranks against nominal ones, over the units that have both; one for each draw."""
    shift = np.abs(drawn - nominal)
    known = np.isfinite(shift)
    total = np.maximum(np.count_nonzero(known, axis=-1), 1)
    return np.asarray(np.where(known, shift, 0.0).sum(axis=-1) / total, np.float64)
