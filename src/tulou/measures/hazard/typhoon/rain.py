"""Rain of a tropical cyclone by distance from its centre (R-CLIPER)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
KNOT = 1852.0 / 3600.0
"""m/s."""
KILOMETRE = 1000.0
"""m."""


@dataclass(frozen=True)
class RainModel:
    """Coefficients of R-CLIPER; each pair gives ``a + b u``, ``u = 1 + (v − base) / span`` with the wind in knots.

    Args:
        centre: Rate in the centre.
        most: Largest rate.
        radius: Distance of the largest rate, km.
        fade: Distance over which the rate falls by e beyond it, km.
        wind: Base and span of the wind, knots.
        unit: Millimetres an hour of one unit of rate.
    """

    centre: tuple[float, float]
    most: tuple[float, float]
    radius: tuple[float, float]
    fade: tuple[float, float]
    wind: tuple[float, float]
    unit: float


def rain_rate(distance: Array, wind: float, model: RainModel) -> Array:
    """How hard does it rain around the centre, mm/hour?

    ``T0 + (Tm − T0) r / rm`` up to ``rm``, ``Tm exp(−(r − rm) / re)`` beyond; each of them is ``a + b u`` with
    ``u = 1 + (v − 35) / 33``.

    Args:
        distance: From the centre, m.
        wind: Highest wind of the storm, m/s.
        model: Coefficients.

    Source: Tuleya, DeMaria & Kuligowski (2007), Evaluation of GFDL and simple statistical model rainfall forecasts.
    """
    base, span = model.wind
    normal = 1.0 + (wind / KNOT - base) / span
    centre, most, radius, fade = (a + b * normal for a, b in (model.centre, model.most, model.radius, model.fade))
    away = distance / KILOMETRE
    inner = centre + (most - centre) * away / radius
    outer = most * np.exp(-(away - radius) / fade)
    return np.asarray(model.unit * np.maximum(np.where(away <= radius, inner, outer), 0.0), np.float64)
