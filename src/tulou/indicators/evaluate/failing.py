"""Failing rows: which objects pull a figure down, and by how much.

Only the indicator's own direction and its mark decide; no threshold is invented:

* fewer is better (a count of hazards): every row whose part is above 0;
* a share of like in like, more is better (homes within reach): every row whose part is below its whole;
* one number a row (an age, a width, places a person): every row whose own number misses the mark;
* a sum that should be larger (facilities in a city): no row can be named, the unit itself falls short.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tulou.indicators.evaluate.measuring import Measured
from tulou.indicators.evaluate.verdict import Mark
from tulou.indicators.rulebook.content import MEANS, Formula, Indicator
from tulou.kernel import units


@dataclass(frozen=True, eq=False)
class Failing:
    """Rows of a selection that fail.

    Args:
        rows: Whether each row fails; unknown rows do not.
        size: By how much, in ``unit``; 0 where it does not fail.
        unit: Unit of the sizes.
    """

    rows: NDArray[np.bool_]
    size: NDArray[np.float64]
    unit: str


def failing(indicator: Indicator, formula: Formula, found: Measured, mark: Mark | None) -> Failing:
    """Which rows fail, and by how much.

    Args:
        indicator: The question.
        formula: How it was answered.
        found: What its measure gave.
        mark: The mark in force, for rows that have a number of their own.
    """
    part, whole = found.parts.part, found.parts.whole
    unit, size = found.part_unit, np.zeros(len(part))
    own_number = formula.aggregate in {*MEANS, "most", "least"}
    if indicator.better == "lower" and not own_number:
        size = part
    elif indicator.better == "higher" and formula.aggregate == "share" and units.same_kind(unit, found.whole_unit):
        size = whole * units.factor(found.whole_unit, unit) - part
    elif mark is not None and (own_number or formula.aggregate == "share"):
        unit = mark.unit
        value = part * formula.factor if own_number else _ratio(part, whole) * formula.factor
        near = np.clip(value, mark.low, mark.high)
        missed = {"at_least": mark.low - value, "at_most": value - mark.low}.get(mark.how, np.abs(value - near))
        size = np.where(mark.passes(value), 0.0, missed)
    rows = found.known & (size > 0.0)
    return Failing(rows, np.where(rows, size, 0.0), unit)


def _ratio(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(part, whole, out=np.full(len(part), np.nan), where=np.nan_to_num(whole) != 0.0)
