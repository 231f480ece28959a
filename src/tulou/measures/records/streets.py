"""Streets: centreline length, lighting."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from tulou.kernel.arrays import Flags, Floats, Parts, Texts
from tulou.kernel.declaration import measure
from tulou.kernel.words import Words
from tulou.measures.records.amounts import sound
from tulou.measures.records.flags import each
from tulou.measures.records.truth import compared, either

HALF = 0.5
"""A road of two carriageways is drawn twice and counts once."""


@measure(title=Words("道路中心线长度", "Length of road centrelines"), source="GB/T 51328-2018")
def centreline_length(length: Annotated[Floats, "m"], dual: Flags | None = None) -> Annotated[Parts, "m", "1"]:
    """How long are the streets, a divided road counted once?

    ``part = length · (½ where it is one of two carriageways, else 1)``. Where that is not on record the road is taken
    as undivided, and ``low`` takes it as divided.

    Args:
        length: Length of each line, m.
        dual: Whether it is one carriageway of a divided road.
    """
    extent = sound(length)
    divided = np.zeros(len(extent)) if dual is None else dual
    part = extent * np.where(divided == 1.0, HALF, 1.0)
    low = np.where(np.isnan(divided), extent * HALF, part)
    return Parts(part=part, whole=np.ones(len(extent)), low=low, high=part.copy())


@measure(title=Words("存在照明问题的道路", "Roads with lighting defects"))
def lighting_defect(
    installed: Annotated[Floats, "percent"],
    intact: Annotated[Floats, "percent"],
    lit: Annotated[Floats, "percent"],
    *,
    least_installed: Annotated[float, "percent"],
    least_intact: Annotated[float, "percent"],
    least_lit: Annotated[float, "percent"],
) -> Annotated[Parts, "1", "1"]:
    """Which roads fall short of a lighting rate?

    ``part = 1`` where any of the three rates is below its least; the rates at the least pass.

    Args:
        installed: Share of the lamps that should stand which do.
        intact: Share of them that are intact.
        lit: Share of them that are lit.
        least_installed: Least share installed.
        least_intact: Least share intact.
        least_lit: Least share lit.
    """
    short = (
        compared(installed, installed < least_installed),
        compared(intact, intact < least_intact),
        compared(lit, lit < least_lit),
    )
    return each(either(*short), "unlit")


@measure(title=Words("按道路等级推定的车速", "Driving speed by class of road"), source="CJJ 37-2012")
def class_speed(
    road_class: Texts,
    *,
    expressway: Annotated[float, "km/hour"],
    arterial: Annotated[float, "km/hour"],
    secondary: Annotated[float, "km/hour"],
    branch: Annotated[float, "km/hour"],
    internal: Annotated[float, "km/hour"],
) -> Annotated[Floats, "km/hour"]:
    """How fast may cars be taken to drive on roads of which only the class is known?

    Args:
        road_class: Class of the data dictionary; what is no road for cars is unknown.
        expressway: Speed on expressways.
        arterial: Speed on arterials.
        secondary: Speed on secondary roads.
        branch: Speed on branch roads.
        internal: Speed on internal and service roads.
    """
    speeds = {
        "expressway": expressway,
        "arterial": arterial,
        "secondary": secondary,
        "branch": branch,
        "internal": internal,
    }
    return np.array([speeds.get(item, np.nan) for item in road_class], np.float64)
