"""Ventilation potential: classes by roughness length and sky view, as QX/T 437-2018 draws them up."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
HIGH, RATHER_HIGH, MIDDLE, RATHER_LOW, NONE = 1.0, 2.0, 3.0, 4.0, 5.0


def ventilation_class(length: Array, sky: Array, *, bounds: tuple[float, float], open_sky: float) -> Array:
    """How well can air move through each cell? 1 high, 2 rather high, 3 middle, 4 rather low, 5 very low or not at all.

    Rough ground above the higher bound is 5 whatever the sky; else smooth (up to the lower bound) or middling ground
    with an open sky (from ``open_sky`` on) is 1 or 3, and without one 2 or 4.

    Args:
        length: Roughness length z0, m.
        sky: Sky view factor of the ground.
        bounds: Lower and upper bound of z0, m.
        open_sky: Sky view factor from which the sky is open.

    Returns:
        The class; NaN where z0 is unknown, or the sky is where it would tell.
    """
    low, high = bounds
    closed = np.where(np.isnan(sky), np.nan, (sky < open_sky).astype(np.float64))
    grade = np.where(length <= low, HIGH, MIDDLE) + closed
    return np.where(np.isnan(length), np.nan, np.where(length > high, NONE, grade))
