"""Digits and repeats: numbers that look written rather than counted.

The last digit of a count of three digits or more is close to even; people who invent numbers have favourite digits
(Beber and Scacco 2012, Political Analysis 20:211-234). Two measured numbers of many digits are seldom exactly the same:
how many equal pairs are to be expected follows from how densely the numbers lie (the birthday problem).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tulou.diagnosis.quality.chance import evenness, upper_poisson
from tulou.diagnosis.quality.pattern import Pattern
from tulou.model.state import State

Numbers = NDArray[np.float64]

TEN = 10
COUNTED = frozenset(
    {
        "person",
        "household",
        "dwelling",
        "complaint",
        "event",
        "incident",
        "visit",
        "job",
        "enterprise",
        "patent",
        "tree",
    }
)
"""Units of what is counted one by one; years, diameters and planned places are chosen, with digits of their own."""
LEAST_COUNT = 100.0
"""Counts of three digits or more have last digits that are close to even."""
LEAST_COUNTS = 100
"""Ten expected in each class."""
LEAST_UNITS, MOST_UNITS = 30, 4_000
MOST_DECIMALS = 9
LEAST_PLACES = 10.0
"""How many places there must be for each number, for equal pairs to be rare."""
BANDWIDTH = 1.06
"""Silverman's rule of thumb for the width of a normal kernel, ``1.06 σ n^(-1/5)``."""
MOST_SHOWN = 20
CHI_SQUARE, BIRTHDAY = "chi-square of last digits", "Poisson of equal pairs"


def digits(state: State) -> Iterator[Pattern]:
    """Look at the last digits of every attribute that holds counts.

    Args:
        state: The city.
    """
    for subject, _, values in _columns(state, counted_only=True):
        # Each number once: repeated numbers are looked for apart, and do not make digits uneven twice.
        counts = np.unique(values[np.isfinite(values) & (values >= LEAST_COUNT)])
        if len(counts) < LEAST_COUNTS or (counts != np.round(counts)).any():
            continue
        held = Counter((counts.astype(np.int64) % TEN).tolist())
        classes = [held.get(digit, 0) for digit in range(TEN)]
        statistic, chance = evenness(classes)
        most = int(np.argmax(classes))
        seen = {"numbers": len(counts), "chi_square": statistic, "most_digit": most, "most_count": classes[most]}
        yield Pattern("digits", subject, "", CHI_SQUARE, chance, seen)


def repeats(state: State) -> Iterator[Pattern]:
    """Look at the attributes of units: are more of their numbers exactly the same than their spread allows?

    Args:
        state: The city.
    """
    for subject, ids, values in _columns(state, units_only=True):
        known = np.isfinite(values) & (values != 0)
        held = values[known]
        if not LEAST_UNITS <= len(held) <= MOST_UNITS:
            continue
        found = equal_pairs(held)
        if found is None:
            continue
        pairs, expected = found
        often = {value for value, count in Counter(held.tolist()).items() if count > 1}
        objects = tuple(str(one) for one, value in zip(ids[known], held, strict=True) if value in often)
        seen = {"units": len(held), "pairs": pairs, "expected": expected}
        chance = upper_poisson(pairs, expected)
        yield Pattern("repeats", subject, "", BIRTHDAY, chance, seen, objects[:MOST_SHOWN])


def equal_pairs(values: Numbers) -> tuple[int, float] | None:
    """Pairs of exactly equal numbers, and how many are to be expected from how densely they lie.

    ``E = n(n-1)/2 · r ∫f²``, with the step ``r`` in which the numbers are written and ``∫f²`` from a normal kernel over
    their differences.

    Args:
        values: Known numbers.

    Returns:
        None where the numbers are so coarse that equal ones are nothing rare, or do not vary.
    """
    count, spread = len(values), float(np.std(values))
    step = written_step(values)
    if spread == 0 or step is None:
        return None
    width = BANDWIDTH * spread * count ** (-1 / 5)
    off = (values[:, None] - values[None, :])[np.triu_indices(count, 1)]
    # The convolution of two kernels is a kernel √2 times as wide; equal pairs themselves must not make it denser.
    apart = off[off != 0]
    if not len(apart):
        return None
    wide = width * np.sqrt(2)
    dense = float(np.mean(np.exp(-0.5 * (apart / wide) ** 2)) / (wide * np.sqrt(2 * np.pi)))
    if step * dense * LEAST_PLACES * count > 1:
        return None
    pairs = int(np.count_nonzero(off == 0))
    return pairs, len(off) * step * dense


def written_step(values: Numbers) -> float | None:
    """The step in which numbers are written: the last decimal that any of them uses; None for more than nine."""
    for decimals in range(MOST_DECIMALS + 1):
        if (np.abs(np.round(values, decimals) - values) <= np.finfo(np.float64).eps * np.abs(values)).all():
            return float(10.0**-decimals)
    return None


def _columns(
    state: State, *, units_only: bool = False, counted_only: bool = False
) -> Iterator[tuple[str, NDArray[np.object_], Numbers]]:
    for name, entity in sorted(state.dictionary.items()):
        rows = state.rows(name)
        if not len(rows) or (units_only and not entity.level):
            continue
        for attribute in entity.attributes.values():
            if counted_only and attribute.unit not in COUNTED:
                continue
            if attribute.type == "number" and rows.has(attribute.name):
                yield f"{name}.{attribute.name}", rows.ids, rows.numbers(attribute.name)
