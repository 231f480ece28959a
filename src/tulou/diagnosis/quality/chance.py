"""Chance: how likely a pattern is when nothing is wrong. Tail probabilities, and many of them judged together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


def upper_binomial(hits: int, tries: int, chance: float) -> float:
    """How likely at least so many hits are: ``P(X ≥ hits)`` for ``X ~ Bin(tries, chance)``."""
    from scipy.stats import binom  # slow to load

    return float(binom.sf(hits - 1, tries, chance))


def upper_hypergeometric(hits: int, objects: int, marked: int, drawn: int) -> float:
    """How likely at least so many marked objects are among those drawn (Fisher's exact test, one side).

    Args:
        hits: Marked objects among those drawn.
        objects: All objects.
        marked: Those of them that are marked.
        drawn: How many were drawn.
    """
    from scipy.stats import hypergeom  # slow to load

    return float(hypergeom.sf(hits - 1, objects, marked, drawn))


def upper_poisson(hits: int, mean: float) -> float:
    """How likely at least so many rare events are: ``P(X ≥ hits)`` for ``X ~ Poisson(mean)``."""
    from scipy.stats import poisson  # slow to load

    return float(poisson.sf(hits - 1, mean))


def upper_normal(z: float) -> float:
    """How likely a standard normal number is at least so large."""
    from scipy.special import ndtr  # slow to load

    return float(ndtr(-z))


def evenness(counts: Sequence[int]) -> tuple[float, float]:
    """Pearson's chi-square of counts against equal ones, and how likely one at least so large is.

    Args:
        counts: One a class; more than one class.
    """
    from scipy.stats import chisquare  # slow to load

    found = chisquare(np.asarray(counts, np.float64))
    return float(found.statistic), float(found.pvalue)


def holm(chances: Sequence[float]) -> list[float]:
    """Probabilities adjusted for having looked many times (Holm 1979): the chance of any false alarm stays below.

    ``p̃₍ᵢ₎ = max over j ≤ i of min(1, (m - j + 1) p₍ⱼ₎)``, the probabilities in rising order.

    Args:
        chances: Of all tests that were made, in any order.
    """
    found = np.asarray(chances, np.float64)
    order = np.argsort(found, kind="stable")
    stepped = found[order] * (len(found) - np.arange(len(found)))
    adjusted = np.empty_like(found)
    adjusted[order] = np.minimum(np.maximum.accumulate(stepped), 1.0)
    return [float(one) for one in adjusted]
