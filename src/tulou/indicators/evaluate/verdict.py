"""Verdicts: pass, fail, reference or not assessed, for all units of one level."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tulou.indicators.evaluate.aggregate import Aggregated
from tulou.indicators.evaluate.city import City
from tulou.indicators.evaluate.openness import NO_LEEWAY, Leeway
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

PERCENT, WHOLE = "percent", 100.0
SOME = 1e-4
"""Percent: what stands for *not all* and *not nothing* where a share can come near an end but not reach it."""
TO_CONFIRM = ("fail_open", "fail_straddles")
"""Reasons of figures that fail on what is on record and are to be confirmed."""

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

    def meets(self, least: Numbers, most: Numbers) -> Mask:
        """Whether any value between two others passes."""
        lowest = self.low if self.how != "at_most" else -np.inf
        highest = self.high if self.how != "at_least" else np.inf
        return (most >= lowest - _slack(self.low)) & (least <= highest + _slack(self.high))


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
    official = city.in_force(indicator.variants[0])
    return (official.judge if official else None), False


@dataclass(frozen=True, eq=False)
class Verdicts:
    """Statuses of all units of one level.

    Args:
        value: Values shown; NaN where not assessed.
        status: Position in ``STATUSES``.
        reason: Code of the reason for no verdict; empty for none.
    """

    value: Numbers
    status: NDArray[np.int8]
    reason: NDArray[np.object_]

    @property
    def fails(self) -> Mask:
        """Units that are proven to fail."""
        return self.status == STATUSES.index(FAIL)

    @property
    def to_confirm(self) -> Mask:
        """Units that fail on what is on record, which more data could turn round."""
        return np.isin(self.reason, TO_CONFIRM)


def judged(
    figures: Aggregated,
    formula: Formula,
    mark: Mark | None,
    *,
    may_judge: bool,
    is_complete: bool,
    leeway: Leeway = NO_LEEWAY,
) -> Verdicts:
    """Give every unit its status.

    A verdict is given only where nothing that is unknown could turn it round: neither an estimate at its bounds, nor
    objects that are missing from a list nobody claims complete. Else the figure stands for reference, with the reason.

    Args:
        figures: What was worked out.
        formula: How.
        mark: The mark in force.
        may_judge: Whether a verdict may rest on it.
        is_complete: Whether the list of what is counted is claimed complete.
        leeway: What missing objects could do to the value.
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
    if figures.at_divisor is not None:
        reason[(figures.at_divisor < formula.known - ROUNDING) & (reason == "")] = "divisor_not_mapped"
    reason[~known & (reason == "")] = "too_little_known"
    reason[np.isnan(value) & (reason == "")] = "nothing_to_divide"
    reason[np.isinf(value) & (reason == "")] = "not_finite"
    status = np.full(len(value), STATUSES.index(REFERENCE), np.int8)
    doubt = np.full(len(value), "", object)
    if mark is not None and mark.can_judge and may_judge:
        passes = mark.passes(value)
        if _is_low_good(formula, mark) and not is_complete:
            reason[passes & (reason == "")] = "list_not_complete"
        doubt = _doubts(figures, formula, mark, leeway, value)
        status[doubt == ""] = np.where(passes, STATUSES.index(PASS), STATUSES.index(FAIL))[doubt == ""]
    unsaid = reason != ""
    status[unsaid] = STATUSES.index(NOT_ASSESSED)
    value[unsaid] = np.nan
    return Verdicts(value, status, np.where(unsaid, reason, doubt))


def _doubts(figures: Aggregated, formula: Formula, mark: Mark, leeway: Leeway, value: Numbers) -> NDArray[np.object_]:
    """Why a verdict is not proven, in codes; empty where it is.

    The value lies between its bounds; missing objects could move it further. It is proven to pass when all it could be
    passes, and to fail when nothing it could be does.
    """
    passes = mark.passes(value)
    bounded = np.isfinite(figures.low) | np.isfinite(figures.high)
    low = np.where(bounded, np.where(np.isnan(figures.low), -np.inf, np.fmin(figures.low, value)), value)
    high = np.where(bounded, np.where(np.isnan(figures.high), np.inf, np.fmax(figures.high, value)), value)
    found = np.full(len(value), "", object)
    could_fail, could_pass = ~(mark.passes(low) & mark.passes(high)), mark.meets(low, high)
    found[passes & could_fail], found[~passes & could_pass] = "pass_straddles", "fail_straddles"
    rises, falls = bool(leeway.rises), bool(leeway.falls)
    least = np.full(len(value), -np.inf) if falls else low
    most = np.full(len(value), np.inf) if rises else high
    if formula.aggregate == "share" and mark.unit == PERCENT:
        least = np.maximum(least, np.where((low > 0.0) & ~np.bool_(leeway.reaches_nothing), SOME, 0.0))
        most = np.minimum(most, np.where((high < WHOLE) & ~np.bool_(leeway.reaches_all), WHOLE - SOME, WHOLE))
    could_fail, could_pass = ~(mark.passes(least) & mark.passes(most)), mark.meets(least, most)
    is_open = found == ""
    found[is_open & passes & could_fail], found[is_open & ~passes & could_pass] = "pass_open", "fail_open"
    return found


def _is_low_good(formula: Formula, mark: Mark) -> bool:
    """Whether few cases on record would make a pass."""
    return formula.aggregate in {"count", "sum"} and mark.how in {"at_most", "exactly"}
