"""Samples of heavy rain: the largest depths of each year, and the largest independent ones of all years together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse, NotEnoughData

Array = NDArray[np.float64]
Years = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class AnnualMaxima:
    """The largest depth of each year for each duration.

    Args:
        years: The years, ascending, shape (y,).
        widths: Durations, in steps of the record, shape (d,).
        depths: Largest depth, mm, shape (y, d); NaN for a year of which nothing is known.
        known: Share of each year's steps that were recorded, shape (y,), between 0 and 1.
    """

    years: Years
    widths: Years
    depths: Array
    known: Array

    def is_consistent(self) -> bool:
        """Whether longer durations never hold less rain, and never more than in proportion.

        Depth must not fall with duration. It rises no faster than duration where one is a whole multiple of the other:
        a window of two hours is made of two of one hour, each at most the largest.
        """
        known = self.depths[np.isfinite(self.depths).all(axis=1)]
        order = np.argsort(self.widths)
        grows = bool(np.all(np.diff(known[:, order], axis=1) >= -ROUNDING))
        multiples = [
            (one, other)
            for one in range(len(self.widths))
            for other in range(len(self.widths))
            if self.widths[other] > self.widths[one] and self.widths[other] % self.widths[one] == 0
        ]
        return grows and all(
            bool(np.all(known[:, other] <= self.widths[other] / self.widths[one] * known[:, one] + ROUNDING))
            for one, other in multiples
        )


ROUNDING = 1e-9
"""mm that sums of many steps may be off."""


def annual_maxima(depth: Array, year: Years, widths: Sequence[int]) -> AnnualMaxima:
    """How much did it rain at most in each year, within each duration?

    The method of annual maxima (年最大值法). A window slides step by step over the whole record; it belongs to the year
    in which it ends. Steps without a record count as dry, so that a depth is never more than was measured; ``known``
    says how much of a year was recorded.

    Args:
        depth: Rain of each step, mm, in order of time without gaps; NaN where not recorded.
        year: Year of each step.
        widths: Durations, in steps.

    Raises:
        BadUse: When the record and its years differ in length, a depth is negative, or a duration is no step long.
    """
    steps = _checked(depth, year, widths)
    years, begins = np.unique(year, return_index=True)
    ends = np.append(begins[1:], len(depth))
    recorded = np.add.reduceat(np.isfinite(depth).astype(float), begins) / (ends - begins)
    found = np.full((len(years), len(widths)), np.nan)
    for place, wide in enumerate(widths):
        sums = _sliding(steps, wide)
        for row, (begin, end) in enumerate(zip(begins, ends, strict=True)):
            inside = sums[max(begin - wide + 1, 0) : max(end - wide + 1, 0)]
            if len(inside) and recorded[row] > 0:
                found[row, place] = inside.max()
    return AnnualMaxima(years.astype(np.int64), np.array(widths, np.int64), found, recorded)


def largest_of_years(depth: Array, year: Years, wide: int, *, each: int, most: int, apart: int = 0) -> Array:
    """Which are the largest independent depths of all years together?

    The method of several samples a year (年多个样法). Of each year the ``each`` largest windows that share no step are
    taken; of all these the ``most`` largest times the number of years stay, so that a wet year may give more than a
    dry one.

    Args:
        depth: Rain of each step, mm; NaN where not recorded.
        year: Year of each step.
        wide: Duration, in steps.
        each: How many of each year are taken.
        most: How many stay, for each year of the record.
        apart: Steps that must lie between two windows for them to count as two storms.

    Returns:
        The depths, the largest first, mm; without those that are 0.

    Raises:
        BadUse: As ``annual_maxima``; or when fewer are taken than are to stay.
    """
    steps = _checked(depth, year, [wide])
    if not 1 <= most <= each:
        raise BadUse(
            "of each year at least as many are taken as stay", where="most", found=most, allowed=(f"1 to {each}",)
        )
    sums = _sliding(steps, wide)
    ends = year[wide - 1 :]
    found: list[float] = []
    for one in np.unique(year):
        own = np.where(ends == one, sums, 0.0)
        for _ in range(each):
            at = int(np.argmax(own))
            if own[at] <= ROUNDING:
                break
            found.append(float(sums[at]))
            own[max(at - wide - apart + 1, 0) : at + wide + apart] = 0.0
    return np.sort(np.array(found))[::-1][: most * len(np.unique(year))]


def largest_storms(depth: Array, wide: int, most: int) -> Years:
    """When did the largest storms of one duration begin? Those that share no step, and whose every step was recorded.

    Where it rained for less than the duration, several windows hold the same rain; the middle one of them is taken, so
    that dry steps lie before and after alike.

    Args:
        depth: Rain of each step, mm; NaN where not recorded.
        wide: Duration, in steps.
        most: How many are wanted.

    Returns:
        Position of the first step of each, the largest storm first; fewer where it rained less often.

    Raises:
        BadUse: As ``annual_maxima``.
    """
    steps = _checked(depth, np.zeros(len(depth), np.int64), [wide])
    sums = _sliding(steps, wide)
    sums[_sliding(np.isnan(depth).astype(float), wide) > 0] = 0.0
    found: list[int] = []
    while len(found) < most and sums[at := int(np.argmax(sums))] > ROUNDING:
        less = np.flatnonzero(sums[at : at + wide] < sums[at] - ROUNDING)
        equal = int(less[0]) if len(less) else min(wide, len(sums) - at)
        middle = at + (equal - 1) // 2
        found.append(middle)
        sums[max(middle - wide + 1, 0) : middle + wide] = 0.0
    return np.array(found, np.int64)


def annual_return_period(period: float | Array) -> Array:
    """To which return period of annual maxima does one of separate events belong?

    ``T_AM = 1 / (1 − exp(−1 / T_POT))``.

    Args:
        period: Return period of the events, years.

    Source: Langbein (1949).
    """
    return 1.0 / -np.expm1(-1.0 / np.asarray(period, float))


def event_return_period(period: float | Array) -> Array:
    """To which return period of independent events does one of annual maxima belong?

    ``T_POT = 1 / ln(T_AM / (T_AM − 1))``.

    Args:
        period: Return period of annual maxima, years; above 1.

    Source: Langbein (1949).
    """
    return -1.0 / np.log1p(-1.0 / np.asarray(period, float))


def _checked(depth: Array, year: Years, widths: Sequence[int]) -> Array:
    if len(depth) != len(year):
        raise BadUse("a year for each step is needed", where="year", found=len(year), allowed=(str(len(depth)),))
    if not len(depth) or not np.isfinite(depth).any():
        raise NotEnoughData("the record holds no rain", where="depth", found=f"{len(depth)} steps")
    if np.any(np.diff(year) < 0):
        raise BadUse("a record runs forward in time", where="year", found=int(year[np.argmin(np.diff(year)) + 1]))
    if np.nanmin(depth) < 0 or np.isinf(depth).any():
        raise BadUse("a depth is a number from 0 on", where="depth", found=float(np.nanmin(depth)))
    for wide in widths:
        if not 1 <= wide <= len(depth):
            raise BadUse("a duration is at least a step, at most the record", where="widths", found=wide)
    return np.nan_to_num(depth)


def _sliding(steps: Array, wide: int) -> Array:
    """Sum of every window of some steps; the n-th begins with step n."""
    total = np.concatenate([[0.0], np.cumsum(steps)])
    return np.asarray(total[wide:] - total[:-wide], np.float64)
