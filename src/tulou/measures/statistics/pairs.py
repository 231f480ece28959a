"""Sensors beside one another: what is usual at this time of the week, and when two of them part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import NotEnoughData
from tulou.measures.statistics.control import alarm_limit, cumulative_sum

Array = NDArray[np.float64]
Indices = NDArray[np.int64]
Mask = NDArray[np.bool_]
FEWEST_WEEKS = 2
"""Weeks of training below which no week can be judged by the others."""
RIDGE = 1e-9
"""Share of a variance below which what is left of it is rounding."""


@dataclass(frozen=True, eq=False)
class PairDrift:
    """How far pairs of sensors have drifted apart.

    Args:
        largest: Largest cumulative sum over all pairs and both directions at each time, as a share of its limit.
        pair: Sensors of that pair, by position, shape (times, 2).
        began: Position of the time at which that sum left nothing.
        charts: How many sums were kept.
        limit: Limit of a sum that stayed calm in training, standard deviations.
    """

    largest: Array
    pair: Indices
    began: Indices
    charts: int
    limit: float


def weekly_residual(values: Array, slot: Indices, week: Indices, is_training: Mask) -> Array:
    """How far are values from what they were at the same time of other weeks?

    In training each week is compared with the others, so that what is normal is not made to look calmer than it is.

    Args:
        values: Shape (times, sensors); NaN where unknown.
        slot: Time of the week of each time, as a number from 0 on.
        week: Week of each time.
        is_training: Which times are normal.

    Returns:
        Same shape; NaN where no other week is known.

    Raises:
        NotEnoughData: When training holds fewer than two weeks.
    """
    if len(np.unique(week[is_training])) < FEWEST_WEEKS:
        raise NotEnoughData("training needs at least two weeks", where="training", found=int(is_training.sum()))
    known = np.isfinite(values) & is_training[:, None]
    slots = int(slot.max()) + 1
    total, count = np.zeros((slots, values.shape[1])), np.zeros((slots, values.shape[1]))
    np.add.at(total, slot, np.where(known, values, 0.0))
    np.add.at(count, slot, known)
    others, left = total[slot] - np.where(known, values, 0.0), count[slot] - known
    return values - np.divide(others, left, out=np.full(values.shape, np.nan), where=left > 0)


def pair_drift(residual: Array, is_training: Mask, slack: float, between: float, margin: float) -> PairDrift:
    """When do two sensors part that used to move together?

    For each pair the residual of one is regressed on that of the other in training; what is left, in standard
    deviations of training, is summed up in both directions (CUSUM). The limit of a sum is what so many steps between
    false alarms of all sums together ask for, or a multiple of what it reached in training where that is more: tanks
    and pumps keep some pairs restless.

    Args:
        residual: Shape (times, sensors); NaN where unknown.
        is_training: Which times are normal.
        slack: Slack of the sums, standard deviations.
        between: Steps between false alarms.
        margin: How often the largest sum of training a sum must reach.

    Raises:
        NotEnoughData: When no sensor moves in training.
    """
    times = len(residual)
    spread = covariance(residual[is_training])
    moving = np.flatnonzero(np.diag(spread) > 0)
    if len(moving) < 2:  # noqa: PLR2004  (a pair)
        raise NotEnoughData("at least two sensors must be known and move in training", found=len(moving))
    charts = len(moving) * (len(moving) - 1)
    limit = alarm_limit(between * charts, slack)
    largest, pair, began = np.zeros(times), np.zeros((times, 2), np.int64), np.zeros(times, np.int64)
    for first in moving.tolist():
        others = moving[moving > first]
        if not len(others):
            continue
        slope = spread[first, others] / spread[others, others]
        apart = residual[:, [first]] - residual[:, others] * slope
        left = spread[first, first] - slope**2 * spread[others, others]
        scores = apart / np.sqrt(np.maximum(left, RIDGE * spread[first, first]))
        for sums in (cumulative_sum(scores, slack), cumulative_sum(-scores, slack)):
            shares = sums / np.maximum(limit, margin * sums[is_training].max(axis=0))
            best = shares.argmax(axis=1)
            height = shares[np.arange(times), best]
            since = _since(sums)[np.arange(times), best]
            is_more = height > largest
            largest[is_more], began[is_more] = height[is_more], since[is_more]
            pair[is_more, 0], pair[is_more, 1] = first, others[best[is_more]]
    return PairDrift(largest, pair, began, charts, limit)


def covariance(values: Array) -> Array:
    """Covariance of columns by the rows in which all are known; nothing where fewer than two are.

    Args:
        values: Shape (times, sensors).
    """
    known = values[np.isfinite(values).all(axis=1)]
    if len(known) < 2:  # noqa: PLR2004  (a spread)
        return np.zeros((values.shape[1],) * 2)
    return np.atleast_2d(np.cov(known, rowvar=False))


def _since(sums: Array) -> Indices:
    """Position of the first time after each sum was last nothing."""
    places = np.arange(1, len(sums) + 1)[:, None]
    return np.asarray(np.maximum.accumulate(np.where(sums <= 0, places, 0), axis=0), np.int64)
