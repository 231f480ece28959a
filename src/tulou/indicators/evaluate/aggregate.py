"""Aggregation: from rows to units, with what is known of them.

A unit's value is made of sums over its rows, added in the order of the rows, so that two runs give the same bits. Rows
that are not known take part in nothing but the known share.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from tulou.indicators.evaluate.city import City
from tulou.indicators.evaluate.coverage import lies_at_divisor
from tulou.indicators.evaluate.measuring import PERSON, Measured, measured, rule_value
from tulou.indicators.evaluate.placement import Shares, placed, units_of
from tulou.indicators.rulebook.content import AGGREGATES, MEANS, Formula, Per
from tulou.kernel import units as kernel_units
from tulou.kernel.arrays import Parts
from tulou.measures.statistics.intervals import wilson_interval

Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]
WHOLE = 100.0
SAMPLED = "sample_mean"
CONFIDENT = NormalDist().inv_cdf(0.975)
"""Standard errors on either side of a mean that hold it 95 times in 100."""
ROUNDING = 1e-12
"""Relative error that adding up rows leaves in a quotient."""


@dataclass(frozen=True, eq=False)
class Aggregated:
    """Figures of all units of one level.

    Args:
        value: In the unit of the indicator; NaN where there is none.
        numerator: Sum of the parts, in the measure's unit.
        denominator: What it is divided by; NaN when nothing is.
        low: Lower bound of the value; NaN where nothing is sampled.
        high: Upper bound.
        known: Percent of the rows that are known, weighted by ``whole``; NaN without rows. Of a density over derived
            land no more than ``at_divisor``.
        rows: Rows in the unit.
        estimate: Whether any of them rests on an estimate.
        at_divisor: Percent of what counts that lies at the land it is divided by; None where that is no question.
    """

    value: Numbers
    numerator: Numbers
    denominator: Numbers
    low: Numbers
    high: Numbers
    known: Numbers
    rows: NDArray[np.int64]
    estimate: NDArray[np.bool_]
    at_divisor: Numbers | None = None


@dataclass(frozen=True, eq=False)
class _Sums:
    """Rows of a measure in the units of one level."""

    found: Measured
    shares: Shares
    size: int

    def of(self, column: Numbers, *, only_known: bool = True) -> Numbers:
        """A column summed for each unit, rows by their share."""
        values = self.shares.of(np.where(self._known, column, 0.0) if only_known else column)
        return np.asarray(np.bincount(self.shares.unit, values, minlength=self.size), np.float64)

    @cached_property
    def _known(self) -> Mask:
        return self.found.known


def aggregated(city: City, formula: Formula, level: str) -> Aggregated:
    """Work out a formula for all units of a level.

    Raises:
        Unanswerable: When it cannot be answered for this city on this day.
    """
    found = measured(city, formula.of, formula.binding)
    units = units_of(city, level)
    sums = _Sums(found, placed(city, formula.of, level), len(units))
    parts = found.parts
    below = None if formula.per is None else _below(city, formula.per, level)
    over = _denominator(city, formula, sums, below, level)
    top = _numerator(city, formula, sums, parts.part)
    value = _divided(top, over) * formula.factor
    low, high = _bounds(city, formula, sums, below, over)
    known = _known(sums)
    estimate = _estimated(sums)
    if below is not None:
        known = np.fmin(known, np.nan_to_num(_known(below), nan=0.0))
        estimate |= _estimated(below)
    rows = np.bincount(sums.shares.unit, minlength=len(units)).astype(np.int64)
    denominator = np.full(len(units), np.nan) if over is None else over
    at_divisor = _at_divisor(city, formula, sums)
    known = known if at_divisor is None else np.fmin(known, at_divisor)
    return Aggregated(value, top, denominator, low, high, known, rows, estimate, at_divisor)


def _at_divisor(city: City, formula: Formula, sums: _Sums) -> Numbers | None:
    """Percent of what counts that lies at the land it is divided by."""
    near = lies_at_divisor(city, formula)
    if near is None:
        return None
    weight = np.nan_to_num(sums.found.parts.part)
    return _divided(sums.of(np.where(near, weight, 0.0)), sums.of(weight)) * WHOLE


def _numerator(city: City, formula: Formula, sums: _Sums, part: Numbers) -> Numbers:
    if formula.aggregate in MEANS and not sums.found.is_numbers:
        return sums.of(part * sums.found.parts.whole)
    if formula.aggregate in {"most", "least"}:
        return _extreme(sums, part, most=formula.aggregate == "most")
    if formula.aggregate not in AGGREGATES:
        return _summary(city, formula, sums, part)
    return sums.of(part)


def _estimated(sums: _Sums) -> NDArray[np.bool_]:
    """Units with a row that rests on an estimate."""
    found = sums.found
    everywhere = np.full(sums.size, found.uses_estimates)
    if found.estimated is None:
        return everywhere
    return np.asarray(everywhere | (sums.of(found.estimated.astype(np.float64), only_known=False) > 0))


def _denominator(city: City, formula: Formula, sums: _Sums, below: _Sums | None, level: str) -> Numbers | None:
    """What the sums are divided by."""
    if formula.aggregate in {"share", *MEANS}:
        return sums.of(sums.found.parts.whole)
    if below is not None and formula.aggregate in {"ratio", "density"}:
        return below.of(below.found.parts.part)
    return units_of(city, level).area if formula.aggregate == "density" else None


def _below(city: City, per: Per, level: str) -> _Sums:
    """The rows of another selection that is divided by, in the units of a level."""
    if per.binding is None:
        estimated = city.estimates(per.of, "shape_area")
        found = Measured(_areas(city, per.of), "m2", "1", True, estimated, False)  # noqa: FBT003  (fields)
    else:
        found = measured(city, per.of, per.binding)
    return _Sums(found, placed(city, per.of, level), len(units_of(city, level)))


def _areas(city: City, selection: str) -> Parts:
    areas = np.asarray(city.column(selection, "shape_area"), np.float64)
    return Parts(part=areas, whole=np.ones(len(areas)))


def _divided(top: Numbers, over: Numbers | None) -> Numbers:
    """One through the other; a quotient that is 1 but for the rounding of sums is 1, so that no share exceeds all."""
    if over is None:
        return top.astype(np.float64)
    found = np.divide(top, over, out=np.full(len(top), np.nan), where=np.nan_to_num(over) != 0.0)
    return np.where(np.abs(found - 1.0) <= ROUNDING, 1.0, found)


def _bounds(
    city: City, formula: Formula, sums: _Sums, below: _Sums | None, over: Numbers | None
) -> tuple[Numbers, Numbers]:
    """Least and greatest value, with every part at its bounds and all people at their lower, then at their upper bound.

    NaN where neither the measure nor the people have bounds, and where there is no upper one: divided by people of whom
    there may be none.
    """
    nothing = np.full(sums.size, np.nan)
    if formula.aggregate == SAMPLED:
        return _sampling_bounds(formula, sums)
    if formula.aggregate in {"most", "least"} or formula.aggregate not in AGGREGATES:
        return nothing, nothing
    parts = sums.found.parts
    own = [_value(city, formula, sums, bound, over) for bound in (parts.low, parts.high) if bound is not None]
    if not _has_people(sums) and not _has_people(below):
        low = nothing if parts.low is None else own[0]
        return low, nothing if parts.high is None else own[-1]
    found = [*own, _value(city, formula, sums, parts.part, over)]
    for end in (0, 1):
        moved = _moved(sums, end)
        divisor = _divisor_moved(formula, moved, below, over, end)
        found += [
            _value(city, formula, moved, bound, divisor)
            for bound in (moved.found.parts.low, moved.found.parts.part, moved.found.parts.high)
            if bound is not None
        ]
    high = np.fmax.reduce(found)
    if _has_people(below):
        endless = np.isnan(found).any(axis=0) & np.isfinite(found).any(axis=0)
        high = np.where(endless, np.nan, high)
    return np.fmin.reduce(found), high


def _sampling_bounds(formula: Formula, sums: _Sums) -> tuple[Numbers, Numbers]:
    """The interval of a weighted mean over a sample: what other samples of the size would give 95 times in 100.

    The mean ``m = sum(w y) / sum(w)`` is a ratio; its variance, linearised, is
    ``n / (n - 1) * sum(w^2 (y - m)^2) / sum(w)^2`` (Cochran 1977, section 6.3). NaN for fewer than two answers.

    Where every answer is all or nothing the mean is a share, and ten yeses of ten are no proof of everybody: there the
    interval is Wilson's, for as many answers as the weights are worth, ``sum(w)^2 / sum(w^2)`` (Kish 1965).
    """
    parts = sums.found.parts
    weight = np.ones(len(parts.part)) if sums.found.is_numbers else parts.whole
    whole = sums.of(weight)
    mean = _divided(sums.of(np.where(weight == 0, 0.0, parts.part * weight)), whole)
    count = sums.of(np.ones(len(parts.part)))
    squares = sums.of((weight * parts.part) ** 2) - 2.0 * mean * sums.of(weight**2 * parts.part)
    squares += mean**2 * sums.of(weight**2)
    scaled = np.maximum(squares, 0.0) * _divided(count, np.where(count > 1, count - 1.0, np.nan))
    margin = CONFIDENT * _divided(np.sqrt(scaled), whole)
    low, high = mean - margin, mean + margin
    between = np.where(np.isin(parts.part, (0.0, 1.0)), 0.0, 1.0).astype(np.float64)
    is_share = (count > 0) & (sums.of(between) == 0.0)
    answers = _divided(whole**2, sums.of(weight**2))
    least, most = wilson_interval(np.where(is_share, mean, np.nan) * answers, answers, errors=CONFIDENT)
    low, high = np.where(is_share, least, low), np.where(is_share, most, high)
    return low * formula.factor, high * formula.factor


def _value(city: City, formula: Formula, sums: _Sums, bound: Numbers, over: Numbers | None) -> Numbers:
    filled = np.where(np.isnan(bound), sums.found.parts.part, bound)
    return _divided(_numerator(city, formula, sums, filled), over) * formula.factor


def _has_people(sums: _Sums | None) -> bool:
    return sums is not None and sums.found.people is not None


def _moved(sums: _Sums, end: int) -> _Sums:
    """The same sums with all people at their lower (0) or upper (1) bound."""
    found = sums.found
    if found.people is None:
        return sums
    times = found.people[end]
    counts_part, counts_whole = (kernel_units.same_kind(unit, PERSON) for unit in (found.part_unit, found.whole_unit))
    parts = found.parts
    if counts_part:
        low, high = (None if bound is None else bound * times for bound in (parts.low, parts.high))
        parts = replace(parts, part=parts.part * times, low=low, high=high)
    if counts_whole:
        parts = replace(parts, whole=parts.whole * times)
    return replace(sums, found=replace(found, parts=parts))


def _divisor_moved(
    formula: Formula, moved: _Sums, below: _Sums | None, over: Numbers | None, end: int
) -> Numbers | None:
    """What is divided by, with all people at their lower or upper bound."""
    if formula.aggregate in {"share", *MEANS}:
        return moved.of(moved.found.parts.whole)
    if below is not None and _has_people(below) and formula.aggregate in {"ratio", "density"}:
        other = _moved(below, end)
        return other.of(other.found.parts.part)
    return over


def _known(sums: _Sums) -> Numbers:
    """Percent of the rows that are known, weighted by ``whole``; by number of rows where nothing weighs anything.

    A row of unknown whole weighs as much as the others do on average.
    """
    weight = sums.found.parts.whole
    told = np.isfinite(weight)
    middle = float(weight[told].mean()) if told.any() else 1.0
    weight = np.where(told, weight, middle)
    rows = sums.of(np.ones(len(weight)), only_known=False)
    total = sums.of(weight, only_known=False)
    by_weight = _divided(sums.of(weight), total)
    by_rows = _divided(sums.of(np.ones(len(weight))), rows)
    return np.where(total > 0.0, by_weight, by_rows) * WHOLE


def _extreme(sums: _Sums, part: Numbers, *, most: bool) -> Numbers:
    start = -np.inf if most else np.inf
    found = np.full(sums.size, start)
    kept = sums.found.known[sums.shares.row]
    reach = np.maximum if most else np.minimum
    reach.at(found, sums.shares.unit[kept], part[sums.shares.row[kept]])
    found[found == start] = np.nan
    return found


def _summary(city: City, formula: Formula, sums: _Sums, part: Numbers) -> Numbers:
    """A summary measure asked of the rows of each unit."""
    declaration = city.rulebook.measures[formula.aggregate]
    free = {"any": sums.found.part_unit, "other": sums.found.whole_unit}
    rules = {
        argument.name: rule.word or rule_value(city, argument, rule.parameter, free)
        for argument in declaration.rules
        if (rule := formula.binding.rules.get(argument.name)) is not None
    }
    asked = declaration.data[0].units[0]
    factor = 1.0 if asked in kernel_units.FREE else kernel_units.factor(sums.found.part_unit, asked)
    kept = sums.found.known[sums.shares.row]
    row, unit = sums.shares.row[kept], sums.shares.unit[kept]
    order = np.argsort(unit, kind="stable")
    row, weight = row[order], sums.found.parts.whole[row[order]] * sums.shares.share[kept][order]
    ends = np.searchsorted(unit[order], np.arange(sums.size + 1))
    found = np.full(sums.size, np.nan)
    for at in range(sums.size):
        span = slice(ends[at], ends[at + 1])
        if span.start < span.stop:
            columns = (part[row[span]] * factor, weight[span])[: len(declaration.data)]
            found[at] = declaration.function(*columns, **rules)
    return found
