"""Movement of a structure: its trend without the warmth of the day, its rate by month, and limits passed in a row."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import NotEnoughData

Array = NDArray[np.float64]
FEWEST = 4
"""Readings below which no slope is told."""
ROUNDS = 200
"""Rounds after which slope and warmth have settled, or do not."""
SETTLED = 1e-10
"""Relative change of a slope that is none."""


@dataclass(frozen=True)
class Movement:
    """How a reading moves.

    Args:
        start: Reading at the first time, at the mean temperature.
        slope: Change in a unit of time.
        warmth: Change by a degree; 0 where no temperature is known.
    """

    start: float
    slope: float
    warmth: float

    def without_warmth(self, values: Array, temperature: Array) -> Array:
        """Readings as they would be at the mean temperature."""
        return np.asarray(values - self.warmth * _centred(temperature), np.float64)


def median_slope(x: Array, y: Array) -> float:
    """Median of the slopes of all pairs with different ``x``; robust up to 29 % of bad readings.

    Args:
        x: Where.
        y: What was read there.

    Raises:
        NotEnoughData: When no two readings differ in ``x``.

    Source: Theil (1950), Sen (1968).
    """
    first, second = np.triu_indices(len(x), 1)
    steps = x[second] - x[first]
    apart = steps != 0
    if not apart.any():
        raise NotEnoughData("a slope needs two readings that lie apart", where="readings", found=len(x))
    return float(np.median((y[second] - y[first])[apart] / steps[apart]))


def thermal_trend(time: Array, values: Array, temperature: Array) -> Movement:
    """How does a reading move when the warmth of the structure is taken out?

    ``s = a + b t + c T``: slope and warmth are found by turns, each the median slope (Theil, Sen) of what the other
    leaves, until neither changes.

    Args:
        time: When each was read.
        values: The readings; NaN is left out.
        temperature: Of the structure or the air; where none is known the warmth is 0; a reading without is left out
            otherwise.

    Raises:
        NotEnoughData: When fewer than four readings are known.

    Source: methods of §5.3; Theil (1950), Sen (1968).
    """
    has_warmth = bool(np.isfinite(temperature).any())
    known = np.isfinite(values) & (np.isfinite(temperature) if has_warmth else True)
    if known.sum() < FEWEST:
        raise NotEnoughData("too few readings for a trend", where="readings", found=int(known.sum()), allowed=("4",))
    t, y = time[known], values[known]
    warm = _centred(temperature)[known] if has_warmth else np.zeros_like(y)
    warmth = 0.0
    slope = median_slope(t, y)
    if has_warmth and np.ptp(warm) > 0:
        for _ in range(ROUNDS):
            warmth = median_slope(warm, y - slope * t)
            before, slope = slope, median_slope(t, y - warmth * warm)
            if abs(slope - before) <= SETTLED * max(abs(slope), SETTLED):
                break
    start = float(np.median(y - slope * t - warmth * warm)) + slope * float(t[0])
    return Movement(start, slope, warmth)


def rates_by_interval(time: Array, values: Array, interval: float) -> Array:
    """How fast did it move in each interval, counted back from the last reading?

    Readings are joined by straight lines; an interval without any reading inside it, its ends included, is unknown.

    Args:
        time: When each was read, ascending.
        values: The readings, all known.
        interval: Length of an interval, in the unit of time.

    Returns:
        Change in each interval, the earliest first; NaN where unknown; empty when less than one was watched.
    """
    count = int((time[-1] - time[0]) / interval + 1e-9) if len(time) else 0
    ends = time[-1] - interval * np.arange(count, -1, -1) if count else np.empty(0)
    at = np.interp(ends, time, values) if count else np.empty(0)
    changes = np.diff(at)
    held = np.array([bool(((time >= low) & (time <= high)).any()) for low, high in pairwise(ends)])
    return np.where(held, changes, np.nan) if count else changes


def passed_in_a_row(rates: Array, limit: float, count: int) -> bool | None:
    """Was a limit passed so many times one after another, at the end of the record?

    Args:
        rates: The rates, the latest last; NaN where unknown.
        limit: What must be passed.
        count: How many in a row.

    Returns:
        None when one of the last ones is unknown and the others pass, or there are too few.
    """
    last = rates[-count:]
    if len(last) < count:
        return None
    if np.any(last <= limit):
        return False
    return None if np.isnan(last).any() else True


def still_rate(time: Array, values: Array, window: float) -> float:
    """How fast did it move over the last span, in a unit of time? Median slope of the readings within it.

    Args:
        time: When each was read, ascending.
        values: The readings, all known.
        window: Length of the span.

    Returns:
        NaN when the span holds fewer than two readings or is not covered.
    """
    if not len(time) or time[-1] - time[0] < window:
        return float("nan")
    inside = time >= time[-1] - window
    if np.unique(time[inside]).size < 2:  # noqa: PLR2004  (a line)
        return float("nan")
    return median_slope(time[inside], values[inside])


def _centred(temperature: Array) -> Array:
    known = temperature[np.isfinite(temperature)]
    return temperature - known.mean() if len(known) else np.zeros_like(temperature)
