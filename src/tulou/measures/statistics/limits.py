"""Limits: how much of a weight lies below a value, or within one of two."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from tulou.kernel.arrays import Floats, Parts
from tulou.kernel.declaration import measure
from tulou.kernel.words import Words


@measure(title=Words("低于限值的部分", "Weight below a value"))
def weight_below(
    value: Annotated[Floats, "any"], weight: Annotated[Floats, "other"], *, limit: Annotated[float, "any"]
) -> Annotated[Parts, "other", "other"]:
    """How much of the weight has a value below the limit? At the limit is not below.

    Args:
        value: Value of each row.
        weight: What each row stands for (people, floor area).
        limit: The value to stay below.
    """
    below = np.where(np.isnan(value), np.nan, (value < limit).astype(np.float64))
    return Parts(part=below * weight, whole=weight)


@measure(title=Words("达到限值的部分", "Weight that reaches a value"))
def weight_reaching(
    value: Annotated[Floats, "any"], weight: Annotated[Floats, "other"], *, least: Annotated[float, "any"]
) -> Annotated[Parts, "other", "other"]:
    """How much of the weight has at least the value? At the value it is reached.

    Args:
        value: Value of each row, e.g. the clear width of a corridor.
        weight: What each row stands for, e.g. its length.
        least: The value to be reached.
    """
    reached = np.where(np.isnan(value), np.nan, (value >= least).astype(np.float64))
    return Parts(part=reached * weight, whole=weight)


@measure(title=Words("任一距离之内的人口", "People within one of two distances"), source="UN SDG metadata 11.2.1")
def people_within_either(
    people: Annotated[Floats, "person"],
    first: Annotated[Floats, "m"],
    second: Annotated[Floats, "m"],
    *,
    first_limit: Annotated[float, "m"],
    second_limit: Annotated[float, "m"],
) -> Annotated[Parts, "person", "person"]:
    """How many people are within reach of the one kind of place or of the other?

    A place within one reach counts whatever the other distance is; an unknown distance matters only where the other
    does not suffice.

    Args:
        people: People at each place.
        first: Distance to the nearest of the first kind.
        second: Distance to the nearest of the second kind.
        first_limit: Reach of the first kind.
        second_limit: Reach of the second kind.
    """
    near = (first <= first_limit) | (second <= second_limit)
    unknown = ~near & (np.isnan(first) | np.isnan(second))
    return Parts(part=np.where(unknown, np.nan, near * people), whole=people)
