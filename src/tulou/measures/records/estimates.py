"""Quantities worked out when they are not on record. Whoever binds them marks them as estimates where they are."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from tulou.kernel.arrays import Floats, Texts
from tulou.kernel.declaration import measure
from tulou.kernel.words import Words
from tulou.measures.records.amounts import sound

PERCENT = 100.0
HALF_UP = 0.5
"""What is added before cutting, to round halves up."""


@measure(title=Words("由图形量得的面积或长度", "Extent as drawn"))
def drawn_extent(extent: Annotated[Floats, "any"]) -> Annotated[Floats, "any"]:
    """How large is the object as drawn? What is drawn as a point has no extent: unknown, not 0.

    Args:
        extent: Area or length of its shape.
    """
    known = sound(extent)
    return np.where(known > 0.0, known, np.nan)


@measure(title=Words("由层数推算的建筑面积", "Floor area from storeys"))
def floor_area_from_storeys(
    footprint: Annotated[Floats, "m2"], storeys: Annotated[Floats, "1"]
) -> Annotated[Floats, "m2"]:
    """How much floor has a building, if every storey is as large as its footprint?

    ``floor area = footprint · storeys``.

    Args:
        footprint: Area of the footprint, m².
        storeys: Storeys above ground.
    """
    return drawn_extent(footprint) * drawn_extent(storeys)


@measure(title=Words("由层数推算的高度", "Height from storeys"))
def height_from_storeys(
    storeys: Annotated[Floats, "1"], *, storey_height: Annotated[float, "m"]
) -> Annotated[Floats, "m"]:
    """How high is a building of so many storeys?

    ``height = storeys · storey height``.

    Args:
        storeys: Storeys above ground.
        storey_height: Height of a storey, m.
    """
    return drawn_extent(storeys) * storey_height


@measure(title=Words("由高度推算的层数", "Storeys from height"))
def storeys_from_height(
    height: Annotated[Floats, "m"], *, storey_height: Annotated[float, "m"]
) -> Annotated[Floats, "1"]:
    """How many storeys has a building of this height? At least one.

    ``storeys = max(1, round(height / storey height))``, halves up.

    Args:
        height: Height, m.
        storey_height: Height of a storey, m.
    """
    return np.maximum(1.0, np.floor(drawn_extent(height) / storey_height + HALF_UP))


@measure(title=Words("按比例推算的数量", "A share of an amount"))
def portion(amount: Annotated[Floats, "any"], *, share: Annotated[float, "percent"]) -> Annotated[Floats, "any"]:
    """How many are there, if each object has its usual share of them?

    ``portion = amount · share / 100``.

    Args:
        amount: The whole, e.g. the residents.
        share: The share, percent.
    """
    return sound(amount) * share / PERCENT


@measure(title=Words("消防站辖区面积上限", "Largest district of a fire station"), source="建标152-2017")
def district_limit(
    grade: Texts,
    *,
    class_1: Annotated[float, "m2"],
    class_2: Annotated[float, "m2"],
    small: Annotated[float, "m2"],
    special: Annotated[float, "m2"],
    unstated: Annotated[float, "m2"] = np.nan,
) -> Annotated[Floats, "m2"]:
    """How much land may each fire station answer for?

    Args:
        grade: ``class_1``, ``class_2``, ``small`` or ``special``.
        class_1: Limit of a class 1 station, m².
        class_2: Limit of a class 2 station, m².
        small: Limit of a small station, m².
        special: Limit of a special service station, m².
        unstated: What to take for a station whose grade is not on record; left out, it stays unknown.
    """
    limits = {"class_1": class_1, "class_2": class_2, "small": small, "special": special}
    return np.array([limits.get(item, unstated) for item in grade], np.float64)
