"""Damage by the wind of tropical cyclones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse

Array = NDArray[np.float64]


def emanuel_damage(wind: Array, *, threshold: float, half: float, scale: float = 1.0) -> Array:
    """Which share of a value does the wind take?

    ``scale · v³ / (1 + v³)`` with ``v = max(w − threshold, 0) / (half − threshold)``.

    Args:
        wind: Highest wind of each place (1-minute sustained), m/s; NaN where unknown.
        threshold: Wind up to which nothing is lost, m/s.
        half: Wind at which half is lost, m/s.
        scale: Largest share that may be lost.

    Raises:
        BadUse: When ``half`` is not above ``threshold``, or ``scale`` is not from 0 to 1.

    Source: Emanuel (2011), Global warming effects on U.S. hurricane damage.
    """
    if not half > threshold >= 0 or not 0 < scale <= 1:
        raise BadUse("the wind of half the damage is above the threshold", where="half", found=half)
    above = np.maximum(wind - threshold, 0.0) / (half - threshold)
    cube = above**3
    return np.asarray(scale * cube / (1.0 + cube), np.float64)
