"""Averages: of what people are exposed to, and of what half of the rows stay below."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from tulou.kernel.arrays import Floats, Parts
from tulou.kernel.declaration import measure
from tulou.kernel.words import Words
from tulou.measures.statistics.rows import known_rows

HALF = 0.5


@measure(title=Words("加权暴露", "Exposure by weight"), source="UN SDG metadata 11.6.2")
def exposure(value: Annotated[Floats, "any"], weight: Annotated[Floats, "person"]) -> Annotated[Parts, "any", "person"]:
    """What are people exposed to where they live? With ``aggregate: mean``: ``sum(value × people) / sum(people)``.

    Args:
        value: Concentration, level or score at each place.
        weight: People there. Where nobody lives, the value does not matter and may be unknown.

    Returns:
        ``part`` the value, ``whole`` the people.
    """
    empty = weight == 0
    return Parts(part=np.where(empty, 0.0, value), whole=weight)


@measure(title=Words("加权平均", "Weighted mean"))
def weighted_mean(
    values: Annotated[Floats, "any"], weights: Annotated[Floats, "other"] | None = None
) -> Annotated[float, "any"]:
    """What is the mean of the values, each counted by its weight? ``sum(x w) / sum(w)``.

    Args:
        values: One a row.
        weights: One a row; left out, each row counts once.
    """
    x, w = known_rows(values, weights)
    return float(np.sum(x * w) / np.sum(w)) if len(x) else float("nan")


@measure(title=Words("中位数", "Median"))
def median(
    values: Annotated[Floats, "any"], weights: Annotated[Floats, "other"] | None = None
) -> Annotated[float, "any"]:
    """Which value do half of the rows (by weight) stay below? Between two middle rows, their mean.

    Args:
        values: One a row.
        weights: One a row; left out, each row counts once.
    """
    x, w = known_rows(values, weights)
    if not len(x):
        return float("nan")
    order = np.argsort(x, kind="stable")
    x, reached = x[order], np.cumsum(w[order]) / np.sum(w)
    lower = int(np.searchsorted(reached, HALF, side="left"))
    upper = min(int(np.searchsorted(reached, HALF, side="right")), len(x) - 1)
    return float((x[lower] + x[upper]) / 2)
