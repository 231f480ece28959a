"""Leakage of a metered district: what the night tells, what cannot be avoided, and what a hole lets out."""

from __future__ import annotations

from math import pi, sqrt

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse

Array = NDArray[np.float64]
GRAVITY = 9.80665
"""Standard acceleration of free fall, m/s² (CGPM 1901)."""
SECONDS_AN_HOUR = 3600
HOURS_A_DAY = 24
LITRES = 1000
"""Litres of a cubic metre."""
UNAVOIDABLE_A_MAIN = 18.0
"""L/day a km of main and m of pressure (Lambert et al. 1999)."""
UNAVOIDABLE_A_CONNECTION = 0.8
"""L/day a connection and m of pressure (Lambert et al. 1999)."""
UNAVOIDABLE_A_PRIVATE = 25.0
"""L/day a km of private pipe up to the meter and m of pressure (Lambert et al. 1999)."""


def orifice_flow(diameter: float, pressure: float, coefficient: float) -> float:
    """How much water leaves a round hole, m³/h? ``q = Cd · A · √(2 g p)``.

    Args:
        diameter: Of the hole, m.
        pressure: Pressure in the pipe, m of water.
        coefficient: Discharge coefficient Cd.

    Raises:
        BadUse: When a number is negative.
    """
    if not min(diameter, pressure, coefficient) >= 0:
        raise BadUse("hole, pressure and coefficient are from 0 on", where="diameter", found=diameter)
    return coefficient * pi * diameter**2 / 4 * sqrt(2 * GRAVITY * pressure) * SECONDS_AN_HOUR


def pressure_ratio(pressure: Array, reference: float, exponent: float) -> Array:
    """How many times as much leaks at another pressure? ``Q1/Q0 = (P1/P0)^N1``.

    Args:
        pressure: m, shape (n,); NaN stays unknown.
        reference: Pressure at which the leakage is known, m, above 0.
        exponent: N1: 0.5 for holes of fixed size, 1.5 for ones that open with pressure.

    Raises:
        BadUse: When a pressure is negative or the reference not above 0.

    Source: May (1994), fixed and variable area discharge paths (FAVAD).
    """
    if not reference > 0 or np.any(pressure < 0):
        raise BadUse("pressures are from 0 on, the one to compare with above", where="pressure", found=reference)
    return np.asarray((pressure / reference) ** exponent)


def night_day_factor(pressure: Array, night_pressure: float, exponent: float) -> float:
    """By how many hours is the leakage of the night multiplied to get that of the day? ``Σ (P_t/P_night)^N1``.

    Args:
        pressure: Mean pressure of each part of one day, all of equal length, m.
        night_pressure: Pressure at the hour of least flow, m.
        exponent: N1.

    Returns:
        Hours a day: 24 when the pressure never changes, less when it is highest at night.
    """
    return float(pressure_ratio(pressure, night_pressure, exponent).mean() * HOURS_A_DAY)


def night_use(people: float, active: float, cistern: float) -> float:
    """How much water do people use in an hour of the night, m³/h?

    Args:
        people: People of the district.
        active: Share of them that use water in an hour of the night.
        cistern: Water of one use, L.

    Source: McKenzie (1999), SANFLOW user guide.
    """
    return people * active * cistern / LITRES


def night_flow(flow: Array, day: NDArray[np.int64], hour: Array, first: float, last: float, known: float) -> Array:
    """How much flowed into a district in the hours of least use of each day?

    Args:
        flow: Flow of each step, shape (n,); NaN where unknown.
        day: Number of the day of each step, from 0 on.
        hour: Hour of the day at which it begins.
        first: Hour at which the night's hours begin.
        last: Hour at which they end.
        known: Share of the steps of these hours that must be known, 0 to 1.

    Returns:
        Mean flow of these hours, one a day; NaN where too few are known.
    """
    is_night = (hour >= first) & (hour < last)
    days = int(day.max()) + 1 if len(day) else 0
    steps = np.bincount(day[is_night], minlength=days)
    is_known = is_night & np.isfinite(flow)
    there = np.bincount(day[is_known], minlength=days)
    total = np.bincount(day[is_known], weights=flow[is_known], minlength=days)
    whole = max(int(steps.max(initial=0)), 1)
    return np.where((there > 0) & (there >= known * whole), total / np.maximum(there, 1), np.nan)


def unavoidable_losses(mains: float, connections: float, private: float, pressure: float) -> float:
    """How much would leak from a network that is kept as well as can be, L/day?

    ``UARL = (18 Lm + 0.8 Nc + 25 Lp) · P``.

    Args:
        mains: Length of the mains, km.
        connections: Number of service connections.
        private: Length of private pipes from the border of the plot to the meter, km.
        pressure: Mean pressure, m.

    Raises:
        BadUse: When a number is negative.

    Source: Lambert, Brown, Takizawa & Weimer (1999), AQUA 48(6).
    """
    if not min(mains, connections, private, pressure) >= 0:
        raise BadUse("lengths, connections and pressure are from 0 on", where="mains", found=mains)
    mains_part, connection_part = UNAVOIDABLE_A_MAIN * mains, UNAVOIDABLE_A_CONNECTION * connections
    return (mains_part + connection_part + UNAVOIDABLE_A_PRIVATE * private) * pressure


def leakage_index(losses: float, unavoidable: float) -> float:
    """How many times what cannot be avoided is lost (ILI)? ``CARL / UARL``; NaN when nothing is unavoidable.

    Args:
        losses: Real losses, in any unit.
        unavoidable: Unavoidable losses in the same unit.
    """
    return losses / unavoidable if unavoidable > 0 else float("nan")
