"""Intervals: how far a share or a mean of a sample may lie from the truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NORMAL_95 = 1.959963984540054
"""Half-width in standard errors of a 95 % interval: the 0.975 quantile of the standard normal distribution."""


def wilson_interval(
    successes: NDArray[np.float64], trials: NDArray[np.float64], *, errors: float = NORMAL_95
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Between which bounds does the true share lie, also for few trials and for 0 or all successes?

    ``(p + z²/2n ± z sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n)`` (Wilson 1927).

    Args:
        successes: How many of the trials, one a row.
        trials: How many in all, one a row; without any the bounds are NaN.
        errors: Half-width in standard errors, ``z``.

    Returns:
        Lower and upper bound of the share, one a row.
    """
    n = np.where(np.asarray(trials, np.float64) > 0, trials, np.nan)
    p = np.asarray(successes, np.float64) / n
    square = errors**2
    middle = p + square / (2 * n)
    spread = errors * np.sqrt(p * (1 - p) / n + (square / n) / n / 2**2)
    return (middle - spread) / (1 + square / n), (middle + spread) / (1 + square / n)


@dataclass(frozen=True)
class SampledMean:
    """A mean worked out from a stratified sample.

    Args:
        mean: The mean.
        margin: Half-width of its 95 % interval; NaN when a stratum has fewer than two answers.
        answers: Answers used.
        strata_without: Strata with people but without answers; they cannot speak and are left out of the mean.
    """

    mean: float
    margin: float
    answers: int
    strata_without: tuple[int, ...]


def stratified_mean(
    values: NDArray[np.float64],
    stratum: NDArray[np.int64],
    people: NDArray[np.float64],
    *,
    errors: float = NORMAL_95,
) -> SampledMean:
    """What is the mean over all people, each stratum counted by its people and not by its answers?

    ``mean = sum_h W_h ȳ_h`` and ``margin = z sqrt(sum_h W_h² (1 - n_h/N_h) s_h² / n_h)``, with ``W_h = N_h / N`` over
    strata that have answers (Cochran 1977, equations 5.1 and 5.7).

    Args:
        values: One a row (answer); unknown ones are not answers.
        stratum: Position of each row's stratum in ``people``; -1 for unknown.
        people: People of each stratum, ``N_h``.
        errors: Half-width in standard errors, ``z``.
    """
    held = np.isfinite(values) & (stratum >= 0)
    code, x = stratum[held], values[held]
    count = np.bincount(code, minlength=len(people)).astype(np.float64)
    used = (count > 0) & (people > 0)
    silent = tuple(int(position) for position in np.flatnonzero((count == 0) & (people > 0)))
    if not used.any():
        return SampledMean(float("nan"), float("nan"), 0, silent)
    mean = np.bincount(code, x, len(people))[used] / count[used]
    square = np.bincount(code, x**2, len(people))[used] - count[used] * mean**2
    weight = people[used] / np.sum(people[used])
    free = count[used] - 1
    variance = np.divide(np.maximum(square, 0.0), free, out=np.full(len(free), np.nan), where=free > 0)
    rest = np.maximum(1.0 - count[used] / people[used], 0.0)
    margin = errors * np.sqrt(np.sum(weight**2 * rest * variance / count[used]))
    return SampledMean(float(np.sum(weight * mean)), float(margin), int(np.sum(count[used])), silent)
