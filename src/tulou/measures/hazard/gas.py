"""Gas: how it fills a closed space beside a leak, how it is graded, and which households have their devices in date."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Grades = NDArray[np.int64]

LOWER_LIMIT = 0.05
"""Lower explosive limit of methane in air, by volume (from memory, high confidence)."""
IN_DATE, OUT_OF_DATE, MISSING, UNKNOWN = 1, 0, -1, -2
"""How a device stands."""


def concentration(time: Array | float, leak: float, volume: float, changes: float, before: float = 0.0) -> Array:
    """How much gas is in a space with air changes, some time after a leak began?

    ``C(t) = q / (λ V) (1 − e^{−λ t}) + C(0) e^{−λ t}``; without air changes ``C(t) = q t / V + C(0)``, never above 1.

    Args:
        time: Seconds since the leak began.
        leak: Gas that comes in, m³/s.
        volume: Volume of the space, m³.
        changes: Air changes, 1/s.
        before: Concentration at the beginning, by volume.

    Returns:
        Concentration by volume.
    """
    time = np.asarray(time, np.float64)
    if changes == 0:
        return np.minimum(leak * time / volume + before, 1.0)
    kept = np.exp(-changes * time)
    return np.minimum(leak / (changes * volume) * (1.0 - kept) + before * kept, 1.0)


def time_until(wanted: float, leak: float, volume: float, changes: float) -> float:
    """When does the concentration reach a value? Infinite when it never does.

    ``t = −ln(1 − C λ V / q) / λ``

    Args:
        wanted: Concentration by volume.
        leak: Gas that comes in, m³/s.
        volume: Volume of the space, m³.
        changes: Air changes, 1/s.

    Returns:
        Seconds since the leak began.
    """
    if wanted <= 0:
        return 0.0
    if leak <= 0:
        return float("inf")
    if changes == 0:
        return wanted * volume / leak
    share = wanted * changes * volume / leak
    return float(-np.log1p(-share) / changes) if share < 1 else float("inf")


def alarm_grades(
    time: Array,
    share: Array,
    levels: tuple[float, float, float],
    rise: float,
    window: float,
    *,
    is_crowded: bool = False,
) -> Grades:
    """How grave is each sample: 0 none, 3 least, 1 most?

    3 from the first level on; 2 from the second on, or when the share rises by more than ``rise`` within ``window``
    seconds; 1 from the third on, or at 2 where many people or underground power are near. Unknown samples have none.

    Args:
        time: Seconds, ascending.
        share: Share of the lower explosive limit of each sample; NaN where unknown.
        levels: The three levels, as shares of the lower explosive limit.
        rise: Rise that makes a 2, as a share of the lower explosive limit.
        window: Seconds within which it rises.
        is_crowded: Whether many people or underground power are near.
    """
    share = np.asarray(share, np.float64)
    lowest = np.array(
        [np.nanmin(share[(time >= at - window) & (time <= at)], initial=np.inf) for at in np.asarray(time, np.float64)]
    )
    with np.errstate(invalid="ignore"):
        second = (share >= levels[1]) | (share - lowest > rise)
        grade = np.where(share >= levels[0], 3, 0)
        grade = np.where(second, 2, grade)
        grade = np.where((share >= levels[2]) | (second & is_crowded), 1, grade)
    return np.where(np.isnan(share), 0, grade).astype(np.int64)


def device_states(installed: Array, life: Array, day: float) -> Grades:
    """How each device stands on a day.

    Args:
        installed: Year in decimals in which each was installed; infinite for none, NaN for unknown.
        life: Years that each lasts; NaN for unknown.
        day: The day, as a year in decimals.

    Returns:
        ``IN_DATE``, ``OUT_OF_DATE``, ``MISSING`` or ``UNKNOWN``.
    """
    missing = np.isinf(installed)
    unknown = np.isnan(installed) | (np.isnan(life) & ~missing)
    with np.errstate(invalid="ignore"):
        good = (installed <= day) & (day < installed + life)
    return np.select([missing, unknown, good], [MISSING, UNKNOWN, IN_DATE], OUT_OF_DATE).astype(np.int64)


def set_bounds(states: Grades) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Households that surely, and that possibly, have all devices in date.

    Args:
        states: State of each device, (households, devices).
    """
    return (states == IN_DATE).all(axis=1), ((states == IN_DATE) | (states == UNKNOWN)).all(axis=1)
