"""How good suggestions are: measured on texts that were not learnt from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tulou.measures.statistics.intervals import wilson_interval

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
BINS = 10
"""Bins of equal width of the expected calibration error, as usual (Guo et al. 2017)."""
STEPS = tuple(step / 20 for step in range(20))
"""Thresholds at which cover is told."""


@dataclass(frozen=True)
class ClassScore:
    """How one category fared.

    Args:
        name: The category.
        support: Requests of it.
        precision: Right ones of those suggested first; NaN when none was.
        recall: Found ones of those there.
        f1: Harmonic mean of both; 0 when nothing was found.
    """

    name: str
    support: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True)
class Covered:
    """What is left when less likely suggestions are withheld.

    Args:
        threshold: Probability from which something is suggested.
        cover: Share of the requests for which something is.
        accuracy: Share of right ones among them; NaN when none is left.
    """

    threshold: float
    cover: float
    accuracy: float


@dataclass(frozen=True)
class Trial:
    """What was measured on held-out texts.

    Args:
        count: Requests.
        right: Requests whose first suggestion was right.
        accuracy: Their share; also the share of first dispatches that would be right if every first one were followed.
        interval: Wilson's 95 % interval of it.
        top: Share of requests whose category was among the three.
        macro_f1: Mean of the F1 of all categories.
        calibration_error: Expected calibration error of the first probability.
        by_bin: Bins of it: mean probability, share right, requests.
        classes: Categories one by one.
        confusion: Requests by true category (rows) and first suggestion (columns).
        curve: Cover and accuracy by threshold.
        withheld: Cover and accuracy at thresholds that were chosen without the texts they are measured on.
    """

    count: int
    right: int
    accuracy: float
    interval: tuple[float, float]
    top: float
    macro_f1: float
    calibration_error: float
    by_bin: tuple[tuple[float, float, int], ...]
    classes: tuple[ClassScore, ...]
    confusion: Whole
    curve: tuple[Covered, ...]
    withheld: Covered


def measured(classes: Sequence[str], true: Whole, chances: Floats, thresholds: Floats, top: int = 3) -> Trial:
    """Measure suggestions.

    Args:
        classes: Names of the categories.
        true: Category of each request.
        chances: Probability of each category, one row a request.
        thresholds: Probability from which something is suggested, one a request.
        top: How many are suggested.
    """
    order = np.argsort(-chances, axis=1, kind="stable")
    first, best = order[:, 0], np.take_along_axis(chances, order[:, :1], axis=1)[:, 0]
    hit = first == true
    low, high = wilson_interval(np.array([float(hit.sum())]), np.array([float(len(true))]))
    confusion = np.zeros((len(classes), len(classes)), np.int64)
    np.add.at(confusion, (true, first), 1)
    scores = tuple(_class_score(name, confusion, place) for place, name in enumerate(classes))
    error, bins = calibration(best, hit)
    kept = best >= thresholds
    return Trial(
        len(true), int(hit.sum()), float(hit.mean()), (float(low[0]), float(high[0])),
        float((order[:, :top] == true[:, None]).any(axis=1).mean()),
        float(np.mean([one.f1 for one in scores])), error, bins, scores, confusion,
        tuple(covered(best, hit, step) for step in STEPS),
        Covered(float(thresholds.mean()), float(kept.mean()), _share(hit[kept])),
    )  # fmt: skip


def calibration(best: Floats, hit: NDArray[np.bool_]) -> tuple[float, tuple[tuple[float, float, int], ...]]:
    """The expected calibration error, ``Σ n_b/n |share right − mean probability|``, and its bins.

    Args:
        best: Probability of the first suggestion.
        hit: Whether it was right.
    """
    place = np.clip(np.ceil(best * BINS).astype(int) - 1, 0, BINS - 1)
    bins = []
    for number in range(BINS):
        held = place == number
        if held.any():
            bins.append((float(best[held].mean()), float(hit[held].mean()), int(held.sum())))
    error = sum(count * abs(right - chance) for chance, right, count in bins) / max(len(best), 1)
    return float(error), tuple(bins)


def covered(best: Floats, hit: NDArray[np.bool_], threshold: float) -> Covered:
    """Cover and accuracy at a threshold."""
    kept = best >= threshold
    return Covered(threshold, float(kept.mean()), _share(hit[kept]))


def threshold_for(best: Floats, hit: NDArray[np.bool_], aim: float) -> float:
    """The lowest probability above which the share of right ones reaches an aim; above 1 where none does.

    Args:
        best: Probability of the first suggestion, on texts that were not learnt from.
        hit: Whether it was right.
        aim: The share aimed at.
    """
    order = np.argsort(-best, kind="stable")
    share = np.cumsum(hit[order]) / np.arange(1, len(best) + 1)
    is_last = np.ones(len(best), bool)
    is_last[:-1] = best[order][1:] < best[order][:-1]
    good = np.flatnonzero((share >= aim) & is_last)
    return float(best[order][good[-1]]) if len(good) else float(np.nextafter(1.0, 2.0))


def _class_score(name: str, confusion: Whole, place: int) -> ClassScore:
    hit, support, told = confusion[place, place], confusion[place].sum(), confusion[:, place].sum()
    both = support + told
    return ClassScore(name, int(support), _part(hit, told), _part(hit, support), float(2 * hit / both) if both else 0.0)


def _part(some: int, whole: int) -> float:
    return float(some / whole) if whole else float("nan")


def _share(hit: NDArray[np.bool_]) -> float:
    return float(hit.mean()) if len(hit) else float("nan")
