"""Wind of a tropical cyclone by distance from its centre, from the pressure alone (Holland 1980, 2008)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse

Array = NDArray[np.float64]
NEAREST = 1.0
"""Distance in m below which the centre itself is meant; the wind there is 0."""


def coriolis(latitude: Array, *, rotation: float) -> Array:
    """Coriolis parameter, 1/s: ``2 Ω sin|φ|``.

    Args:
        latitude: Degrees.
        rotation: Turning of the earth ``Ω``, 1/s.
    """
    return np.asarray(2.0 * rotation * np.sin(np.radians(np.abs(latitude))), np.float64)


def shape_1980(wind: Array, deficit: Array, *, density: float, bounds: tuple[float, float]) -> Array:
    """Shape ``B`` of the profile from the highest wind: ``v² e ρ / Δp``.

    Args:
        wind: Highest wind at the level of the gradient, m/s.
        deficit: Pressure around less pressure in the centre, Pa.
        density: Of the air, kg/m³.
        bounds: Least and largest shape.

    Source: Holland (1980), equations 5 and 6.
    """
    return np.asarray(np.clip(wind**2 * np.e * density / deficit, *bounds), np.float64)


def shape_2008(
    deficit: Array,
    change: Array,
    latitude: Array,
    moving: Array,
    *,
    bounds: tuple[float, float],
    factors: tuple[float, float, float, float, float, float],
    exponent: tuple[float, float],
) -> Array:
    """Shape ``b_s`` of the profile at the surface, from the pressure.

    ``b_s = −4.4e-5 Δp² + 0.01 Δp + 0.03 ∂p/∂t − 0.014 |φ| + 0.15 v_t^x + 1``, ``x = 0.6 (1 − Δp / 215)``.

    Args:
        deficit: Pressure around less pressure in the centre, hPa.
        change: Change of the pressure in the centre, hPa/hour.
        latitude: Degrees.
        moving: Speed of the centre, m/s.
        bounds: Least and largest shape.
        factors: Of ``Δp²``, ``Δp``, ``∂p/∂t``, ``|φ|``, ``v_t^x``, and the constant, with their signs.
        exponent: 0.6 and 215.

    Source: Holland (2008), equation 11.
    """
    square, linear, by_change, by_latitude, by_moving, constant = factors
    power = exponent[0] * (1.0 - deficit / exponent[1])
    shape = (
        square * deficit**2
        + linear * deficit
        + by_change * change
        + by_latitude * np.abs(latitude)
        + by_moving * moving**power
        + constant
    )
    return np.asarray(np.clip(shape, *bounds), np.float64)


def highest_wind(deficit: Array, shape: Array, *, density: float) -> Array:
    """Highest wind of the profile, m/s: ``√(b Δp / (ρ e))``.

    Args:
        deficit: Pressure around less pressure in the centre, Pa.
        shape: Shape of the profile.
        density: Of the air, kg/m³.

    Source: Holland (2008), equation 11.
    """
    return np.asarray(np.sqrt(shape * deficit / (density * np.e)), np.float64)


def gradient_wind(
    distance: Array, radius: Array, shape: Array, deficit: Array, turning: Array, *, density: float
) -> Array:
    """Wind around the centre by distance from it, m/s.

    ``V = √(b/ρ (R/r)^b Δp e^(−(R/r)^b) + (r f / 2)²) − r f / 2``.

    Args:
        distance: From the centre, m.
        radius: Where the wind is highest, m.
        shape: Shape of the profile.
        deficit: Pressure around less pressure in the centre, Pa.
        turning: Coriolis parameter, 1/s; 0 leaves it out.
        density: Of the air, kg/m³.

    Raises:
        BadUse: When a radius is not above 0.

    Source: Holland (1980), equation 4.
    """
    if np.any(radius <= 0):
        raise BadUse("a radius of highest wind is above 0", where="radius", found=float(np.min(radius)))
    ratio = (radius / np.maximum(distance, NEAREST)) ** shape
    turned = distance * turning / 2.0
    # Near the centre the ratio overflows to infinity while e^(−ratio) is 0: the wind there is 0.
    ratio = np.minimum(ratio, np.finfo(float).max / 1e10)
    pressure = shape / density * deficit * ratio * np.exp(-ratio)
    return np.asarray(np.sqrt(np.maximum(pressure, 0.0) + turned**2) - turned, np.float64)


def radius_by_wind(wind: Array, latitude: Array, *, factors: tuple[float, float, float]) -> Array:
    """Where the wind is highest, from how high it is, km: ``46.4 exp(−0.0155 v + 0.0169 |φ|)``.

    Args:
        wind: Highest wind, m/s.
        latitude: Degrees.
        factors: 46.4, −0.0155 and 0.0169.

    Source: Willoughby, Darling & Rahn (2006), equation 7a.
    """
    size, by_wind, by_latitude = factors
    return np.asarray(size * np.exp(by_wind * wind + by_latitude * np.abs(latitude)), np.float64)
