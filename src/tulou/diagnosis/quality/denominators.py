"""Denominators that moved between two checks while what is counted did not, and mostly in the direction that helps.

A denominator that is counted again may become larger or smaller with the same chance; where it was the only thing that
moved, and moved nearly always so that the figure became better, it should be asked why (sign test).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tulou.diagnosis.quality.chance import upper_binomial
from tulou.diagnosis.quality.pattern import Pattern

Key = tuple[str, str, str]
LEAST_UNITS = 6
"""Units whose denominator alone moved: of fewer, even the same direction everywhere is no rare chance."""
SAME = 1e-9
"""Relative difference below which two numbers are the same: the rounding of sums."""
STATISTIC = "sign test"
MOST_SHOWN = 20


def denominators(before: pa.Table, after: pa.Table) -> Iterator[Pattern]:
    """Look at every indicator that both checks have figures of, on every level.

    Args:
        before: Results of the earlier check.
        after: Results of the later one.
    """
    old, new = _parts(before), _parts(after)
    groups: dict[tuple[str, str], list[tuple[str, float, bool]]] = {}
    for (name, level, unit), (over, under, better) in new.items():
        if (name, level, unit) not in old or better not in {"higher", "lower"}:
            continue
        over_before, under_before, _ = old[name, level, unit]
        if min(over, over_before, under, under_before) <= 0 or abs(over / over_before - 1) > SAME:
            continue
        moved = under / under_before - 1
        if abs(moved) > SAME:
            groups.setdefault((name, level), []).append((unit, moved, (moved < 0) == (better == "higher")))
    for (name, level), rows in sorted(groups.items()):
        if len(rows) >= LEAST_UNITS:
            yield _pattern(name, level, rows)


def _pattern(name: str, level: str, rows: list[tuple[str, float, bool]]) -> Pattern:
    helped = [row for row in rows if row[2]]
    chance = upper_binomial(len(helped), len(rows), 0.5)
    largest = sorted(helped, key=lambda row: (-abs(row[1]), row[0]))
    sizes: NDArray[np.float64] = np.array([abs(row[1]) for row in rows])
    seen = {"moved": len(rows), "helped": len(helped), "median_percent": float(np.median(sizes)) * 100.0}
    units = tuple(row[0] for row in largest[:MOST_SHOWN])
    return Pattern("denominators", name, level, STATISTIC, chance, seen, units)


def _parts(results: pa.Table) -> dict[Key, tuple[float, float, str]]:
    columns = ("indicator", "variant", "level", "unit", "numerator", "denominator", "better")
    rows = zip(*(results[column].to_pylist() for column in columns), strict=True)
    return {
        (name, level, unit): (over, under, better)
        for name, variant, level, unit, over, under, better in rows
        if not variant and over is not None and under is not None
    }
