"""Outliers: components whose distribution is so lopsided that one or two units would rule the score.

Arrays hold units on the last axis but one and components on the last; any axes before them are samples. NaN is unknown
and stays so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

UNITS = -2
"""Axis of the units."""
LEAST_FOR_SKEWNESS = 3
LEAST_FOR_KURTOSIS = 4
"""The bias-corrected forms divide by n - 2 and n - 3."""
LOG_OFFSET = 0.01
"""Share of the range added before the logarithm, so that the least value has one (COINr, `log_CT`)."""


@dataclass(frozen=True)
class OutlierRule:
    """When a component is treated, and how far.

    Args:
        most: Values that may be drawn in at most before the logarithm is taken instead.
        skewness: A component is treated when its absolute skewness reaches this …
        kurtosis: … and its excess kurtosis reaches this.
    """

    most: int
    skewness: float
    kurtosis: float


@dataclass(frozen=True, eq=False)
class Treated:
    """Values after treatment.

    Args:
        values: Shaped as given.
        drawn_in: How many values of each component were drawn in.
        logged: Which components were put on a logarithmic scale.
    """

    values: Numbers
    drawn_in: NDArray[np.int64]
    logged: NDArray[np.bool_]


def skewness(values: Numbers) -> Numbers:
    """How lopsided is each component? Bias-corrected, ``G1 = sqrt(n (n-1)) / (n-2) · m3 / m2^1.5``.

    NaN for fewer than three known values; 0 where all are alike.
    """
    count, second, third, _ = _moments(values)
    with np.errstate(divide="ignore", invalid="ignore"):
        plain = np.where(second > 0, third / second**1.5, 0.0)
        found = np.sqrt(count * (count - 1)) / (count - 2) * plain
    return np.where(count >= LEAST_FOR_SKEWNESS, found, np.nan)


def kurtosis(values: Numbers) -> Numbers:
    """How heavy are the tails? Bias-corrected excess, ``G2 = (n-1) / ((n-2)(n-3)) · ((n+1) g2 + 6)``.

    NaN for fewer than four known values; 0 where all are alike.
    """
    count, second, _, fourth = _moments(values)
    with np.errstate(divide="ignore", invalid="ignore"):
        excess = fourth / second**2 - 3.0
        found = (count - 1) / ((count - 2) * (count - 3)) * ((count + 1) * excess + 6.0)
    return np.where(count >= LEAST_FOR_KURTOSIS, np.where(second > 0, found, 0.0), np.nan)


def treated(values: Numbers, rule: OutlierRule) -> Treated:
    """Draw in the outermost values one at a time until skewness or kurtosis is below the rule; else take logarithms.

    A value drawn in takes the value of the next one. Where ``most`` values are not enough the component is replaced by
    ``log(x - min + 0.01 (max - min))``; mirrored where the long tail is on the left. Both keep the order of the units.

    Args:
        values: Shape (…, units, components).
        rule: When and how far.
    """
    bad = _is_lopsided(values, rule)
    result, drawn = values.copy(), np.zeros(bad.shape, np.int64)
    if not bad.any():
        return Treated(result, drawn, np.zeros(bad.shape, bool))
    ordered = np.sort(values, axis=UNITS)
    count = np.count_nonzero(np.isfinite(values), axis=UNITS)
    right = skewness(values) > 0
    for step in range(1, rule.most + 1):
        can = bad & (count > step)
        if not can.any():
            break
        low = _at(ordered, np.where(right, 0, step))
        high = _at(ordered, np.where(right, count - 1 - step, count - 1))
        drawn_in = np.clip(values, np.expand_dims(low, UNITS), np.expand_dims(high, UNITS))
        result = np.where(np.expand_dims(can, UNITS), drawn_in, result)
        drawn = np.where(can, step, drawn)
        bad = can & _is_lopsided(result, rule)
    result = np.where(np.expand_dims(bad, UNITS), _logged(values, right), result)
    return Treated(result, np.where(bad, 0, drawn), bad)


def _is_lopsided(values: Numbers, rule: OutlierRule) -> NDArray[np.bool_]:
    """Which components the rule treats; what cannot be told is left alone."""
    with np.errstate(invalid="ignore"):
        return np.asarray((np.abs(skewness(values)) >= rule.skewness) & (kurtosis(values) >= rule.kurtosis), bool)


def _at(ordered: Numbers, place: NDArray[np.int64]) -> Numbers:
    """The value at a place of each sorted component."""
    place = np.clip(place, 0, ordered.shape[UNITS] - 1)
    return np.asarray(np.take_along_axis(ordered, np.expand_dims(place, UNITS), UNITS).squeeze(UNITS), np.float64)


def _logged(values: Numbers, right: NDArray[np.bool_]) -> Numbers:
    least, most = _ends(values)
    beyond = LOG_OFFSET * (most - least)
    with np.errstate(divide="ignore", invalid="ignore"):
        from_least, to_most = np.log(values - least + beyond), -np.log(most - values + beyond)
    return np.where(np.expand_dims(right, UNITS), from_least, to_most)


def _ends(values: Numbers) -> tuple[Numbers, Numbers]:
    """Least and greatest known value of each component, the axis of units kept."""
    known = np.isfinite(values)
    least = np.min(np.where(known, values, np.inf), axis=UNITS, keepdims=True)
    most = np.max(np.where(known, values, -np.inf), axis=UNITS, keepdims=True)
    return least, most


def _moments(values: Numbers) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Number of known values, and their second, third and fourth central moments."""
    known = np.isfinite(values)
    count = np.count_nonzero(known, axis=UNITS).astype(np.float64)
    held = np.maximum(count, 1.0)
    mean = np.where(known, values, 0.0).sum(axis=UNITS) / held
    off = np.where(known, values - np.expand_dims(mean, UNITS), 0.0)
    spread = np.expand_dims(np.abs(off).max(axis=UNITS, initial=0.0), UNITS)
    off = np.where(spread > 0, off / np.where(spread > 0, spread, 1.0), 0.0)  # so that no power overflows
    powers = (np.sum(off**power, axis=UNITS) / held for power in (2, 3, 4))
    second, third, fourth = powers
    return count, second, third, fourth
