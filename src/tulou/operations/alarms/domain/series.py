"""Series of readings: put in order, each counted once, and summed up by windows whose gaps stay gaps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse

Reals = NDArray[np.float64]
Longs = NDArray[np.int64]
MOST_WINDOWS = 2_000_000
"""Windows beyond which nobody can look at them."""


@dataclass(frozen=True, eq=False)
class Windows:
    """Readings of one sensor by windows.

    Args:
        start: When each window begins, ms, shape (windows,).
        count: Readings known in each.
        mean: Their mean; NaN where there is none.
        least: The least; NaN where there is none.
        largest: The largest; NaN where there is none.
    """

    start: Longs
    count: Longs
    mean: Reals
    least: Reals
    largest: Reals


@njit(cache=True, nogil=True)
def by_sensor(sensor: NDArray[np.int32], time: Longs, many: int) -> Longs:
    """Order of readings by sensor, then by time, then as they came."""
    first = np.zeros(many + 1, np.int64)
    for one in sensor:
        first[one + 1] += 1
    for place in range(many):
        first[place + 1] += first[place]
    room, order = first.copy(), np.empty(len(sensor), np.int64)
    for row in range(len(sensor)):
        order[room[sensor[row]]] = row
        room[sensor[row]] += 1
    for place in range(many):
        begin, end = first[place], first[place + 1]
        for row in range(begin + 1, end):
            if time[order[row]] < time[order[row - 1]]:
                part = order[begin:end].copy()
                order[begin:end] = part[np.argsort(time[part], kind="mergesort")]
                break
    return order


def once(time: Longs, value: Reals) -> tuple[Longs, Reals]:
    """Readings of one sensor in order of time, then as they came; of several of one time the first, as the rules do."""
    order = np.argsort(time, kind="stable")
    time, value = time[order], value[order]
    is_first = np.ones(len(time), np.bool_)
    is_first[1:] = time[1:] != time[:-1]
    return time[is_first], value[is_first]


def windows(time: Longs, value: Reals, start: int, end: int, width: int) -> Windows:
    """Least, mean, largest and number of readings by window; a window without readings has none.

    Args:
        time: When each was measured, ms, each once, in order.
        value: What was measured; NaN is not counted.
        start: Beginning of the first window, ms.
        end: End, excluded, ms; the last window may reach past it and holds what lies before it.
        width: How long each window is, ms.

    Raises:
        BadUse: When there is no window, or there are too many.
    """
    if width <= 0 or end <= start:
        raise BadUse("windows have a width, and end after they start", where="--every", found=width)
    many = -(-(end - start) // width)
    if many > MOST_WINDOWS:
        raise BadUse("too many windows", where="--every", found=many, allowed=(f"at most {MOST_WINDOWS}",))
    chosen = (time >= start) & (time < end) & np.isfinite(value)
    place, known = (time[chosen] - start) // width, value[chosen]
    count = np.bincount(place, minlength=many)
    least, largest = np.full(many, np.inf), np.full(many, -np.inf)
    np.minimum.at(least, place, known)
    np.maximum.at(largest, place, known)
    is_empty = count == 0
    total = np.bincount(place, weights=known, minlength=many)
    mean = np.where(is_empty, np.nan, total / np.maximum(count, 1))
    least[is_empty], largest[is_empty] = np.nan, np.nan
    return Windows(start + width * np.arange(many), count, mean, least, largest)
