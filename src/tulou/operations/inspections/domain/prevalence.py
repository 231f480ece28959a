"""How many enterprises break the rules: estimated from those that were drawn at random, and from no others."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tulou.measures.statistics.intervals import NORMAL_95


@dataclass(frozen=True)
class StratumResult:
    """What random visits found in one stratum.

    Args:
        id: Its id.
        size: Enterprises in it.
        visited: Of these, drawn and visited.
        found: Of these, with a violation.
    """

    id: str
    size: int
    visited: int
    found: int


@dataclass(frozen=True)
class Prevalence:
    """Share of enterprises with a violation.

    Args:
        share: Estimated share of all enterprises in strata that were visited; NaN where none was.
        low: Lower bound of its 95 % interval.
        high: Upper bound.
        covered: Enterprises the estimate speaks of.
        uncovered: Enterprises of strata in which nobody was visited: nothing is said of them.
    """

    share: float
    low: float
    high: float
    covered: int
    uncovered: int


def prevalence(strata: Sequence[StratumResult]) -> Prevalence:
    """Which share of enterprises has a violation?

    Horvitz-Thompson under stratified sampling: each visited enterprise stands for ``N_h / n_h``;
    ``p = Σ N_h p_h / N``, ``Var = Σ (N_h/N)² (1 - n_h/N_h) p̃_h (1 - p̃_h) / max(n_h - 1, 1)`` with
    ``p̃_h = (x_h + 1)/(n_h + 2)`` so that a stratum in which nothing was found is not taken for certain (Cochran 1977,
    5.5; Agresti & Coull 1998).

    Args:
        strata: What was found by stratum. Visits that were chosen by risk do not belong here.
    """
    known = [one for one in strata if one.visited]
    covered = sum(one.size for one in known)
    uncovered = sum(one.size for one in strata) - covered
    if not covered:
        return Prevalence(math.nan, math.nan, math.nan, 0, uncovered)
    share = sum(one.size * one.found / one.visited for one in known) / covered
    variance = sum(_variance(one, covered) for one in known)
    spread = NORMAL_95 * math.sqrt(variance)
    return Prevalence(share, max(share - spread, 0.0), min(share + spread, 1.0), covered, uncovered)


def _variance(one: StratumResult, covered: int) -> float:
    if one.visited >= one.size:
        return 0.0
    smoothed = (one.found + 1) / (one.visited + 2)
    spread = smoothed * (1 - smoothed) / max(one.visited - 1, 1)
    return (one.size / covered) ** 2 * (1 - one.visited / one.size) * spread
