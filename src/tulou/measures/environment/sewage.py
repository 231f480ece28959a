"""Sewage: how much of it reaches the plants, and how much of what reaches them is none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse, NotEnoughData

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
GRAMS = 1.0
"""Grams in a cubic metre at 1 mg/L."""


@dataclass(frozen=True)
class Flows:
    """Parts of what flowed to a plant, each as a volume of all days together, m³.

    Args:
        whole: All that flowed.
        sewage: Sewage of people and firms.
        infiltration: Ground water through leaks, also in dry weather.
        inflow: Rain that ran off into the sewers.
    """

    whole: float
    sewage: float
    infiltration: float
    inflow: float


def people_served(flow: Array, concentration: Array, load: float) -> Array:
    """How many people's sewage reaches each plant, by the organic load that arrives? ``Q · C / load``.

    Args:
        flow: Inflow of each plant, m³/day.
        concentration: Its BOD5, mg/L.
        load: BOD5 that one person gives, g/day.

    Returns:
        People; NaN where flow or concentration is unknown.

    Raises:
        BadUse: When a number is negative, or the load is not above 0.
    """
    if np.any(flow < 0) or np.any(concentration < 0) or not load > 0:
        raise BadUse("flows and concentrations are from 0 on, the load above", where="flow", found=load)
    return np.asarray(flow * concentration * GRAMS / load)


def undiluted_share(concentration: float, sewage_a_person: float, load: float) -> float:
    """Which share of the water that arrives is sewage, when sewage loses nothing on its way? At most 1.

    Sewage of people alone has ``load / sewage``; what is thinner holds other water: ``C · sewage / load``.

    Args:
        concentration: BOD5 that arrives, mg/L.
        sewage_a_person: L/day.
        load: BOD5 that one person gives, g/day.
    """
    return min(1.0, concentration * sewage_a_person / (load * 1000))


def triangle(flow: Array, is_wet: Mask, sewage: float) -> Flows:
    """How much of what flowed was sewage, infiltration and inflow of rain?

    Days are ordered by flow. As many of the largest as there were wet days hold rain. On the others what is more than
    the sewage is infiltration; on the wet ones infiltration falls from its last dry amount to nothing along a straight
    line, and the rest is inflow.

    Args:
        flow: Flow of each day, m³; NaN where unknown, which leaves the day out.
        is_wet: Whether rain still ran on that day.
        sewage: Sewage of a day, m³.

    Raises:
        BadUse: When the sewage of a day is negative.
        NotEnoughData: When no day is known, or none is dry.

    Source: Weiss, Brombach & Haller (2002), Infiltration and inflow in combined sewer systems.
    """
    if not sewage >= 0:
        raise BadUse("sewage is from 0 on", where="sewage", found=sewage)
    known = np.isfinite(flow)
    ordered = np.sort(flow[known])
    wet = int(is_wet[known].sum())
    dry = len(ordered) - wet
    if dry < 1:
        raise NotEnoughData("no dry day with a known flow", where="flow", found=len(ordered))
    base = np.minimum(ordered, sewage)
    more = ordered - base
    last = float(more[dry - 1])
    falling = np.minimum(last * (1 - (np.arange(wet) + 0.5) / wet), more[dry:]) if wet else np.empty(0)
    infiltration = float(more[:dry].sum() + falling.sum())
    inflow = float((more[dry:] - falling).sum())
    return Flows(float(ordered.sum()), float(base.sum()), infiltration, inflow)


def night_infiltration(night: Array, is_dry: Mask, night_sewage: float) -> Array:
    """How much ground water leaks into sewers, by what flows at night when hardly anybody uses water?

    ``I = max(Q_night − S_night, 0)``, on dry days.

    Args:
        night: Mean flow of the night of each day, m³/h; NaN where unknown.
        is_dry: Whether no rain ran off on that day.
        night_sewage: Sewage that flows at night, m³/h.

    Returns:
        m³/h a day; NaN on wet days and where unknown.

    Raises:
        BadUse: When the sewage of the night is negative.
    """
    if not night_sewage >= 0:
        raise BadUse("sewage is from 0 on", where="night_sewage", found=night_sewage)
    return np.where(is_dry, np.maximum(night - night_sewage, 0.0), np.nan)
