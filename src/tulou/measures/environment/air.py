"""Air quality index: from concentrations of a day to sub-indices, the index, and the pollutant that makes it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
ROUNDING = 1e-9
"""A sub-index this near above a whole number is that number: what is more is rounding of the computer."""


@dataclass(frozen=True, eq=False)
class DailyIndex:
    """The index of each day.

    Args:
        index: Largest sub-index of what is known; NaN where nothing is.
        is_complete: Whether every pollutant is known. Where not, the index may be higher.
        primary: Shape (days, pollutants): which pollutants make the index; none where it is at most the first step.
    """

    index: Array
    is_complete: Mask
    primary: Mask


def sub_index(concentration: Array, points: Array, indices: Array) -> Array:
    """How bad is the air by one pollutant?

    ``IAQI = (I_hi − I_lo) / (C_hi − C_lo) · (C − C_lo) + I_lo`` between two break-points, rounded up to a whole number.
    Above the last break-point it stays at the index of that one.

    Args:
        concentration: Shape (days,); NaN where unknown.
        points: Break-points, ascending, from 0, in the unit of the concentrations.
        indices: Index at each break-point; there may be more of them than break-points.

    Returns:
        Whole numbers; NaN where unknown.

    Raises:
        BadUse: When a concentration is negative or endless, or break-points do not rise from 0.

    Source: HJ 633-2012 and HJ 633-2026, formula (1).
    """
    if np.any(concentration < 0) or np.isinf(concentration).any():
        raise BadUse("a concentration is a number from 0 on", where="concentration", found=concentration.tolist())
    steps = np.diff(points)
    if len(points) < 2 or points[0] != 0 or np.any(steps <= 0) or len(points) > len(indices):  # noqa: PLR2004 (a pair)
        raise BadUse("break-points rise from 0 and have an index each", where="points", found=points.tolist())
    low = np.clip(np.searchsorted(points, concentration, side="left") - 1, 0, len(points) - 2)
    slope = np.diff(indices[: len(points)])[low] / steps[low]
    exact = slope * (concentration - points[low]) + indices[low]
    return np.asarray(np.minimum(np.ceil(exact - ROUNDING), indices[len(points) - 1]) + 0.0)


def daily_index(sub_indices: Array, *, first_step: float) -> DailyIndex:
    """What is the index of each day, and which pollutant makes it?

    The index is the largest sub-index. Where a pollutant is unknown it is a lower bound.

    Args:
        sub_indices: Shape (days, pollutants); NaN where unknown.
        first_step: Index up to which no pollutant is primary.

    Source: HJ 633-2012 and HJ 633-2026, formula (2).
    """
    known = np.isfinite(sub_indices)
    largest = np.max(np.where(known, sub_indices, -np.inf), axis=1, initial=-np.inf)
    index = np.where(np.isfinite(largest), largest, np.nan)
    complete = np.asarray(known.all(axis=1))
    primary = (sub_indices == index[:, None]) & (index[:, None] > first_step) & complete[:, None]
    return DailyIndex(index, complete, primary)


def is_good(daily: DailyIndex, most: float) -> Array:
    """Was the air good that day? 1 yes, 0 no, NaN unknown.

    A day with an unknown pollutant is not good when the known ones are over the limit already, and else unknown.

    Args:
        daily: The index of each day.
        most: Largest index of a good day.
    """
    over = daily.index > most
    return np.where(over, 0.0, np.where(daily.is_complete, 1.0, np.nan))
