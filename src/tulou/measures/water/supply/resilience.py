"""Resilience of a water network: how much power is left over at the taps, and how much of the demand is met."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse

Array = NDArray[np.float64]


def surplus_power(demand: Array, head: Array, wanted: Array, given: Array) -> Array:
    """Which share of the power that could be spared is left over at the junctions (Todini's index)?

    ``I_r = Σ d_j (h_j − h*_j) / (Σ Q_r H_r + Σ P_i/γ − Σ d_j h*_j)``. 0 when every junction has just the head that is
    wanted; negative when it has less.

    Args:
        demand: Flow delivered at each junction, m³/s, shape (times, junctions).
        head: Head there, m.
        wanted: Head that is wanted there (elevation and pressure), m, shape (junctions,).
        given: Power that reservoirs and pumps give, as flow times head, m⁴/s, shape (times,).

    Returns:
        One index a time; NaN where no power could be spared.

    Raises:
        BadUse: When the shapes differ.

    Source: Todini (2000), Urban Water 2(2).
    """
    if demand.shape != head.shape or wanted.shape != demand.shape[1:] or given.shape != demand.shape[:1]:
        raise BadUse("demands, heads and powers are of one network and time", where="demand", found=demand.shape)
    needed = (demand * wanted).sum(axis=1)
    left = (demand * (head - wanted)).sum(axis=1)
    spare = given - needed
    return np.divide(left, spare, out=np.full(len(left), np.nan), where=spare > 0)


def modified_surplus_power(demand: Array, head: Array, wanted: Array) -> Array:
    """How much power is left over at the junctions, as a share of what they need?

    ``MRI = Σ d_j (h_j − h*_j) / Σ d_j h*_j``; unlike Todini's index it does not ask what sources give.

    Args:
        demand: Flow delivered at each junction, m³/s, shape (times, junctions).
        head: Head there, m.
        wanted: Head that is wanted there, m, shape (junctions,).

    Source: Jayaram & Srinivasan (2008), Water Resources Research 44.
    """
    needed = (demand * wanted).sum(axis=1)
    left = (demand * (head - wanted)).sum(axis=1)
    return np.divide(left, needed, out=np.full(len(left), np.nan), where=needed > 0)


def service_availability(delivered: Array, asked: Array) -> Array:
    """Which share of the water asked for is delivered? NaN where nothing is asked for.

    Args:
        delivered: Water delivered, any shape.
        asked: Water asked for, of the same shape and unit.
    """
    return np.divide(delivered, asked, out=np.full(np.shape(asked), np.nan), where=np.asarray(asked) > 0)
