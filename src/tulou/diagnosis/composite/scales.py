"""Scales: components in their own units put onto one scale, on which more is better.

Arrays hold units on the last axis but one and components on the last; any axes before them are samples. NaN is unknown
and stays so. Scales of comparison (``minmax``, ``zscore``, ``rank``, ``percentile``) say how a unit stands among the
others; scales of distance (``target``, ``goalposts``) say how far it is from something declared.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

SCALES = ("minmax", "zscore", "rank", "percentile", "target", "goalposts")
DISTANCES = ("target", "goalposts")
"""Scales that ask for something declared and do not look at the other units."""
FROM_NOTHING = ("minmax", "rank")
"""Scales of comparison on which the worst value gets 0, unless it is lifted."""
UNITS = -2
TOP = 100.0
"""The best a scale of comparison or distance gives."""
MIDDLE = 50.0
"""Where a component stands in which all units are alike, and the mean of standard scores …"""
SPREAD = 10.0
"""… whose standard deviation this is (the T score of McCall 1922)."""
HALF = 0.5


def scaled(
    values: Numbers, better: NDArray[np.float64], scale: str, *, ends: Numbers | None = None, lowest: float = 0.0
) -> Numbers:
    """Put components onto one scale.

    Args:
        values: Shape (…, units, components).
        better: One a component: 1 when more is better, -1 when less is.
        scale: ``minmax``: ``(x - min) / (max - min)``; ``zscore``: 50 + 10 standard deviations; ``rank``: share of the
            other units it stands before; ``percentile``: share at or below it, ties halved; ``target``:
            ``min(1, x / T)``, or ``min(1, T / x)`` where less is better; ``goalposts``: between two declared ends,
            cut off at both.
        ends: For ``target`` and ``goalposts``: shape (units or 1, components, 2), low and high end; a target stands
            in both.
        lowest: What the worst value of ``minmax`` and ``rank`` gets, for averages that must not meet 0.

    Returns:
        Shaped as given; 0 to 100, standard scores apart. A component in which all units are alike tells none apart:
        every unit stands in the middle.
    """
    if scale == "target":
        return _to_target(values, better, _needed(ends))
    if scale == "goalposts":
        return _between(values, better, _needed(ends))
    turned = values * better
    if scale == "minmax":
        return _minmax(turned, lowest)
    if scale == "zscore":
        return _standard(turned)
    placed = _placed(turned, scale)
    return lowest + (TOP - lowest) * placed / TOP if scale == "rank" else placed


def _needed(ends: Numbers | None) -> Numbers:
    if ends is None:
        msg = "a scale of distance needs its ends"
        raise ValueError(msg)
    return ends


def _minmax(values: Numbers, lowest: float) -> Numbers:
    known = np.isfinite(values)
    least = np.min(np.where(known, values, np.inf), axis=UNITS, keepdims=True)
    most = np.max(np.where(known, values, -np.inf), axis=UNITS, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (values - least) / (most - least)
        return np.where(most > least, lowest + (TOP - lowest) * share, np.where(known, MIDDLE, np.nan))


def _standard(values: Numbers) -> Numbers:
    known = np.isfinite(values)
    count = np.maximum(np.count_nonzero(known, axis=UNITS, keepdims=True), 1)
    mean = np.where(known, values, 0.0).sum(axis=UNITS, keepdims=True) / count
    off = np.where(known, values - mean, 0.0)
    deviation = np.sqrt((off**2).sum(axis=UNITS, keepdims=True) / np.maximum(count - 1, 1))
    alike = deviation <= np.finfo(np.float64).eps * np.maximum(np.abs(mean), np.finfo(np.float64).tiny)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.where(alike, MIDDLE, MIDDLE + SPREAD * (values - mean) / deviation)
    return np.where(known, found, np.nan)


def _placed(values: Numbers, scale: str) -> Numbers:
    """By place among the known units; ties share the mean of their places."""
    known = np.isfinite(values)
    count = np.count_nonzero(known, axis=UNITS, keepdims=True).astype(np.float64)
    below = below_and_ties(values)
    with np.errstate(divide="ignore", invalid="ignore"):
        if scale == "percentile":
            found = TOP * (below + HALF) / count
        else:
            found = np.where(count > 1, TOP * below / (count - 1), MIDDLE)
    return np.where(known, found, np.nan)


def below_and_ties(values: Numbers) -> Numbers:
    """How many other known units of the component lie below each one, ties counted half; NaN for the unknown.

    Args:
        values: Shape (…, units, components).
    """
    moved = np.ascontiguousarray(np.moveaxis(values, UNITS, -1))
    flat = moved.reshape(-1, moved.shape[-1])
    found = np.full_like(flat, np.nan)
    for row, out in zip(flat, found, strict=True):
        known = np.isfinite(row)
        held = row[known]
        ordered = np.sort(held)
        first, last = np.searchsorted(ordered, held, "left"), np.searchsorted(ordered, held, "right")
        out[known] = first + (last - first - 1) * HALF
    return np.moveaxis(found.reshape(moved.shape), -1, UNITS)


def _to_target(values: Numbers, better: NDArray[np.float64], ends: Numbers) -> Numbers:
    low, high = ends[..., 0], ends[..., 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        up = np.where(low > 0, values / low, np.where(values >= low, 1.0, 0.0))
        down = np.where(values > high, high / values, 1.0)
        share = np.clip(np.where(better > 0, up, down), 0.0, 1.0)
    return np.where(np.isfinite(values) & np.isfinite(low) & np.isfinite(high), TOP * share, np.nan)


def _between(values: Numbers, better: NDArray[np.float64], ends: Numbers) -> Numbers:
    low, high = ends[..., 0], ends[..., 1]
    share = np.clip((values - low) / (high - low), 0.0, 1.0)
    return np.where(np.isfinite(values), TOP * np.where(better > 0, share, 1.0 - share), np.nan)
