"""Heaping: more units just on the passing side of a mark than just on the failing side.

Where nobody sorts units by the mark, the density of their figures runs through it without a jump (McCrary 2008, Journal
of Econometrics 142:698-714), so that close to it a unit lies on either side with the same chance: the binomial test
near a threshold (Cattaneo, Jansson and Ma 2018, Stata Journal 18:234-261). Since a density may rise or fall through the
mark, the odds near it are also held against those further out, on a straight line of their logarithm; both must agree.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tulou.diagnosis.quality.chance import upper_binomial, upper_normal
from tulou.diagnosis.quality.pattern import Pattern
from tulou.indicators.evaluate.verdict import NOT_ASSESSED

Numbers = NDArray[np.float64]

NEAR = 20
"""Units nearest to the mark that are looked at; or a fifth of them, where that is more."""
NEAR_SHARE = 5
LEAST_UNITS = 80
"""Four times the near ones: of fewer, a steep density alone raises more alarms than it should (simulated)."""
LEAST_BEYOND = 5
"""Units that must stand beyond the near ones on either side: otherwise the mark lies at an end, and nothing is odd."""
LEAST_DISTINCT = 0.75
"""Share of the near figures that must differ from one another: rounded figures heap by themselves."""
HALF = 0.5
OUTER, SLOPE = 3.0, 4.0
"""The outer rings reach three times as far; so their middles lie four times as far apart as those of the inner ones."""
STATISTIC = "binomial near the mark, slope taken out"


def heaping(results: pa.Table, judges: Mapping[str, str]) -> Iterator[Pattern]:
    """Look at every indicator that is judged by one mark, on every level with enough units.

    Args:
        results: The results of a check.
        judges: By indicator, how it is judged: ``at_least`` or ``at_most``; others are not looked at.
    """
    columns = ("indicator", "variant", "level", "unit", "status", "value", "pass_mark", "pass_mark_high")
    groups: dict[tuple[str, str], list[tuple[str, float, float]]] = {}
    for name, variant, level, unit, status, value, low, high in zip(
        *(results[column].to_pylist() for column in columns), strict=True
    ):
        mark = low if judges.get(name) == "at_least" else high
        if name in judges and not variant and status != NOT_ASSESSED and value is not None and mark is not None:
            groups.setdefault((name, level), []).append((unit, value, mark))
    for (name, level), rows in sorted(groups.items()):
        marks = {mark for _, _, mark in rows}
        if len(marks) == 1:
            values = np.array([value for _, value, _ in rows])
            found = near_the_mark(values, marks.pop(), judges[name])
            if found is not None:
                chance, seen, near = found
                units = tuple(rows[place][0] for place in near)
                yield Pattern("heaping", name, level, STATISTIC, chance, seen, units)


def near_the_mark(values: Numbers, mark: float, how: str) -> tuple[float, dict[str, float], list[int]] | None:
    """How likely so many of the figures near a mark are on the passing side of it.

    Args:
        values: One a unit; NaN is left out.
        mark: The mark.
        how: ``at_least`` or ``at_most``.

    Returns:
        The chance, what was counted, and the places of those that just pass; None where nothing can be told: too few
        units, rounded figures, or a mark at the end of what there is.
    """
    off = (values - mark) * (1.0 if how == "at_least" else -1.0)
    known = np.flatnonzero(np.isfinite(off))
    if len(known) < LEAST_UNITS:
        return None
    order = known[np.argsort(np.abs(off[known]), kind="stable")]
    near = order[: max(NEAR, len(known) // NEAR_SHARE)]
    reach = float(np.abs(off[near[-1]]))
    if reach == 0 or len(np.unique(values[near])) < LEAST_DISTINCT * len(near):
        return None
    rest = off[order[len(near) :]]
    if min(np.count_nonzero(rest > 0), np.count_nonzero(rest < 0)) < LEAST_BEYOND:
        return None
    passing = int(np.count_nonzero(off[near] >= 0))
    failing = len(near) - passing
    outer = rest[np.abs(rest) <= OUTER * reach]
    beyond = int(np.count_nonzero(outer > 0)), int(np.count_nonzero(outer < 0))
    plain = upper_binomial(passing, len(near), HALF)
    chance = max(plain, _without_slope((passing, failing), beyond))
    seen = {"passing": passing, "failing": failing, "reach": reach, "mark": mark, "units": len(known)}
    return chance, seen, [int(place) for place in near if off[place] >= 0]


def _without_slope(inner: tuple[int, int], outer: tuple[int, int]) -> float:
    """Log odds of the inner rings against a quarter of those of the outer ones, by their standard error."""
    passing, failing = (count + HALF for count in inner)
    further, nearer = (count + HALF for count in outer)
    off = math.log(passing / failing) - math.log(further / nearer) / SLOPE
    error = math.sqrt(1 / passing + 1 / failing + (1 / further + 1 / nearer) / SLOPE**2)
    return upper_normal(off / error)
