"""Heat islands: how much warmer the city is than the land around it, in the air and on the ground, never mixed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse

Array = NDArray[np.float64]
HOURS = 24


def at_level(temperature: Array, elevation: Array, level: float, *, lapse: float) -> Array:
    """What would air temperatures be at another elevation? ``T + Γ (z − z0)``.

    Args:
        temperature: T, °C, shape (times, stations).
        elevation: z of each station, m.
        level: z0, m.
        lapse: Γ, K a metre.
    """
    return np.asarray(temperature + lapse * (elevation - level))


def air_intensity(urban: Array, rural: Array) -> Array:
    """How much warmer is the air at urban stations than at the rural ones?

    ``UHI = T_urban − mean T_rural``, all at one elevation. An hour counts only when every rural station is known: a
    mean of changing stations would move without the weather.

    Args:
        urban: °C, shape (times, stations).
        rural: °C, shape (times, stations).

    Returns:
        K, the shape of ``urban``; NaN where unknown.

    Raises:
        BadUse: When there is no rural station, or times differ.
    """
    if rural.ndim != 2 or not rural.shape[1] or len(rural) != len(urban):  # noqa: PLR2004  (times and stations)
        raise BadUse("a heat island needs rural stations of the same times", where="rural", found=rural.shape)
    return np.asarray(urban - rural.mean(axis=1, keepdims=True))


def daily_course(values: Array, hour: NDArray[np.int64]) -> Array:
    """How does something go over the day? Means of the 24 hours; NaN where none is known.

    Args:
        values: Shape (times,).
        hour: Hour of each time, 0 to 23.
    """
    known = np.isfinite(values)
    count = np.bincount(hour[known], minlength=HOURS)
    whole = np.bincount(hour[known], values[known], HOURS)
    return np.asarray(np.where(count > 0, whole / np.maximum(count, 1), np.nan))


def surface_temperature(numbers: Array, *, scale: float, offset: float, zero: float = 273.15) -> Array:
    """How warm is the ground, by the numbers of a satellite's temperature band? ``T = DN · scale + offset``.

    Args:
        numbers: Digital numbers; 0 and NaN stand for no data.
        scale: K a number.
        offset: K.
        zero: Kelvin of 0 °C.

    Returns:
        °C; NaN where there is no data.

    Source: Landsat Collection 2 Level 2 Science Product Guide.
    """
    return np.asarray(np.where(numbers > 0, numbers * scale + offset - zero, np.nan))
