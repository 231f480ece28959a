"""Truth with unknowns: 1 true, 0 false, NaN unknown (Kleene's strong logic).

A condition is decided as soon as what is known decides it: *either* is true when one side is true whatever the other
is, *both* is false when one side is false.
"""

from __future__ import annotations

from functools import reduce

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.arrays import Flags, Floats, Texts


def either(*conditions: Flags) -> Flags:
    """True where at least one is true; unknown where none is true and some are unknown."""
    return reduce(_either, conditions)


def both(*conditions: Flags) -> Flags:
    """True where all are true; unknown where none is false and some are unknown."""
    return negated(either(*(negated(condition) for condition in conditions)))


def negated(condition: Flags) -> Flags:
    """True where false, false where true, unknown where unknown."""
    return 1.0 - condition


def compared(numbers: Floats, holds: NDArray[np.bool_]) -> Flags:
    """A comparison of numbers, unknown where the number is."""
    return np.where(np.isnan(numbers), np.nan, holds.astype(np.float64))


def named(condition: NDArray[np.bool_], cause: str) -> Texts:
    """The cause where the condition holds, None elsewhere."""
    words = np.full(len(condition), None, object)
    words[condition] = cause
    return words


def _either(left: Flags, right: Flags) -> Flags:
    unknown = np.isnan(left) | np.isnan(right)
    decided = (left == 1.0) | (right == 1.0)
    return np.where(decided, 1.0, np.where(unknown, np.nan, 0.0))
