"""Verdicts: pass, fail, reference or not assessed, for all units of one level."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tulou.indicators.evaluate.aggregate import Aggregated
from tulou.indicators.evaluate.city import City
from tulou.indicators.evaluate.reasons import Unanswerable
from tulou.indicators.rulebook.content import Formula, How, Indicator, Judge, Variant
from tulou.kernel import units

Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]

PASS, FAIL, REFERENCE, NOT_ASSESSED = "pass", "fail", "reference", "not assessed"
STATUSES = (PASS, FAIL, REFERENCE, NOT_ASSESSED)

ADDED = ("sum", "count", "density", "ratio")
"""Aggregates that add up what is on record."""
ROUNDING = 1e-9
"""Relative difference that is the rounding of sums, not a breach of a mark."""

SIGNS: Mapping[How, str] = {"at_least": "≥", "at_most": "≤", "between": "", "exactly": "="}


@dataclass(frozen=True)
class Mark:
    """What values are compared with.

    Args:
        how: How they are compared.
        low: The mark, or the low end of a range, in the indicator's unit.
        high: The high end of a range, else the mark again.
        unit: The indicator's unit.
        since: First day it holds.
        clause: Clause that sets it.
        evidence: How well that is evidenced.
        parameter: Its name.
        note: What a reader must know.
    """

    how: How
    low: float
    high: float
    unit: str
    since: str
    clause: str
    evidence: str
    parameter: str
    note: str = ""

    @property
    def can_judge(self) -> bool:
        """Whether a verdict may rest on it."""
        return self.evidence == "sourced"

    @property
    def text(self) -> str:
        """The mark as a reader sees it, without its unit."""
        if self.how == "between":
            return f"{self.low:.12g}–{self.high:.12g}"
        return f"{SIGNS[self.how]} {self.low:.12g}"

    def passes(self, value: Numbers) -> Mask:
        """Which values pass; one that is not a number never does."""
        return _PASSES[self.how](value, self.low, self.high)


def _slack(mark: float) -> float:
    return ROUNDING * max(1.0, abs(mark))


_PASSES: Mapping[How, Callable[[Numbers, float, float], Mask]] = {
    "at_least": lambda value, low, _high: value >= low - _slack(low),
    "at_most": lambda value, low, _high: value <= low + _slack(low),
    "between": lambda value, low, high: (value >= low - _slack(low)) & (value <= high + _slack(high)),
    "exactly": lambda value, low, _high: np.abs(value - low) <= _slack(low),
}


def mark_of(city: City, indicator: Indicator, judge: Judge | None) -> Mark | None:
    """The mark in force for this city on this day; None when there is none."""
    if judge is None:
        return None
    try:
        version, setting = city.version(judge.mark), city.setting(judge.mark)
    except Unanswerable:
        return None
    factor = units.factor(city.rulebook.parameters[judge.mark].unit, indicator.unit)
    ends = setting.range or (setting.number, setting.number)
    if ends[0] is None or ends[1] is None:
        return None
    return Mark(
        judge.how,
        ends[0] * factor,
        ends[1] * factor,
        indicator.unit,
        version.since.isoformat(),
        version.clause,
        version.evidence,
        judge.mark,
        version.note,
    )


def judge_of(indicator: Indicator, variant: Variant, formula: Formula, city: City) -> tuple[Judge | None, bool]:
    """How a variant is judged, and whether a verdict may rest on it.

    A variant without a judge of its own shows the official mark beside its value and is never judged by it: the mark
    was set for the official way of measuring.
    """
    if formula.judge is not None or not variant.name:
        return formula.judge, True
    official = indicator.variants[0].on(city.day)
    return (official.judge if official else None), False


@dataclass(frozen=True, eq=False)
class Verdicts:
    """Statuses of all units of one level.

    Args:
        value: Values shown; NaN where not assessed.
        status: Position in ``STATUSES``.
        reason: Code of the reason; empty for none.
    """

    value: Numbers
    status: NDArray[np.int8]
    reason: NDArray[np.object_]


def judged(
    figures: Aggregated,
    formula: Formula,
    mark: Mark | None,
    *,
    may_judge: bool,
    is_complete: bool,
    divisor_is_complete: bool = True,
) -> Verdicts:
    """Give every unit its status.

    Args:
        figures: What was worked out.
        formula: How.
        mark: The mark in force.
        may_judge: Whether a verdict may rest on it.
        is_complete: Whether the list of what is counted is claimed complete.
        divisor_is_complete: Whether the list it is divided by is claimed complete.
    """
    value = figures.value.copy()
    empty = figures.rows == 0
    reason = np.full(len(value), "", object)
    if is_complete and formula.aggregate in ADDED:
        known = empty | (figures.known >= formula.known - ROUNDING)
        value[empty & np.isfinite(value)] = 0.0
    else:
        reason[empty] = "no_rows"
        known = figures.known >= formula.known - ROUNDING
    reason[~known & (reason == "")] = "too_little_known"
    reason[np.isnan(value) & (reason == "")] = "nothing_to_divide"
    reason[np.isinf(value) & (reason == "")] = "not_finite"
    judges = mark is not None and mark.can_judge and may_judge
    status = np.full(len(value), STATUSES.index(REFERENCE), np.int8)
    if mark is not None and judges:
        passes = mark.passes(value)
        status[:] = np.where(passes, STATUSES.index(PASS), STATUSES.index(FAIL))
        if _is_low_good(formula, mark) and not is_complete:
            reason[passes & (reason == "")] = "list_not_complete"
        status[_unproven(figures, formula, mark, (is_complete, divisor_is_complete), passes)] = STATUSES.index(
            REFERENCE
        )
    unsaid = reason != ""
    status[unsaid] = STATUSES.index(NOT_ASSESSED)
    value[unsaid] = np.nan
    return Verdicts(value, status, reason)


def _unproven(figures: Aggregated, formula: Formula, mark: Mark, complete: tuple[bool, bool], passes: Mask) -> Mask:
    """Verdicts that more data could turn round: such a figure stands for reference.

    The largest of an open list may not be the largest there is; divided by an open list a figure may be too high; and
    where the bounds of a figure lie on both sides of the mark, neither is proven.
    """
    counted, divided = complete
    reaches = passes if mark.how != "at_most" else ~passes
    found = np.zeros(len(passes), bool)
    if not counted and formula.aggregate == "most" and mark.how == "at_most":
        found |= passes
    if not divided:
        found |= reaches
    bounded = np.isfinite(figures.low) | np.isfinite(figures.high)
    low = np.where(np.isnan(figures.low), -np.inf, figures.low)
    high = np.where(np.isnan(figures.high), np.inf, figures.high)
    return np.asarray(found | bounded & (mark.passes(low) != mark.passes(high)), bool)


def _is_low_good(formula: Formula, mark: Mark) -> bool:
    """Whether few cases on record would make a pass."""
    return formula.aggregate in {"count", "sum"} and mark.how in {"at_most", "exactly"}
