"""Reached or not, and why not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.arrays import Flags, Floats, Parts
from tulou.measures.access.brackets import TOO_SMALL, same_length
from tulou.measures.access.finders import Finder

Array = NDArray[np.float64]
Rows = NDArray[np.int64]


def reached(finder: Finder, straight: Finder | None, weight: Floats, closed: Flags | None, reach: Array) -> Parts:
    """Weight of the places within reach of a target that serves, with causes.

    Args:
        finder: How distances are measured.
        straight: How they would be without barriers; None when ``finder`` is straight itself.
        weight: Weight of each place; NaN where unknown.
        closed: 1 where a target is closed; None when all are open.
        reach: Reach of each target, m; NaN unknown, ``TOO_SMALL`` too small to serve.
    """
    weight = same_length(weight, len(finder.is_known), "weight")
    is_open = np.ones(len(reach), bool) if closed is None else same_length(closed, len(reach), "closed") != 1
    serves = finder.is_target & is_open & (reach >= 0)
    rows = np.flatnonzero(finder.is_known)
    near, nearest = _within(finder, rows, serves, reach)
    left = rows[~near]
    unsure = _may_be(finder, left, finder.is_target & is_open & np.isnan(reach), reach)
    part = np.full(len(weight), np.nan)
    part[rows[near]] = weight[rows[near]]
    part[left] = np.where(np.isnan(weight[left]) | unsure, np.nan, 0.0)
    which, cause = np.full(len(weight), -1, np.int64), np.full(len(weight), None, object)
    which[rows[near]] = nearest[near]
    failed = left[~unsure]
    which[failed], cause[failed] = _causes(finder, straight, failed, serves, (is_open, reach))
    return Parts(part, weight.copy(), cause=cause, nearest=which)


def _within(finder: Finder, rows: Rows, targets: NDArray[np.bool_], reach: Array) -> tuple[NDArray[np.bool_], Rows]:
    """Whether each place is within the reach of one of the targets, and the nearest that reaches it."""
    best, which = np.full(len(rows), np.inf), np.full(len(rows), -1, np.int64)
    for radius in np.unique(reach[targets]):
        distance, found = finder.find(rows, np.flatnonzero(targets & (reach == radius)), float(radius))
        better = (found >= 0) & (distance <= radius) & (distance < best)
        best[better], which[better] = distance[better], found[better]
    return which >= 0, which


def _may_be(finder: Finder, rows: Rows, targets: NDArray[np.bool_], reach: Array) -> NDArray[np.bool_]:
    """Whether a target of unknown size would reach the place if it had the furthest reach any other has."""
    if not targets.any() or not len(rows):
        return np.zeros(len(rows), bool)
    furthest = np.nanmax(np.where(reach >= 0, reach, np.nan), initial=0.0)
    return finder.find(rows, np.flatnonzero(targets), float(furthest))[1] >= 0


def _causes(
    finder: Finder,
    straight: Finder | None,
    rows: Rows,
    serves: NDArray[np.bool_],
    targets: tuple[NDArray[np.bool_], Array],
) -> tuple[Rows, NDArray[np.object_]]:
    """Why places are not reached, and by which target one can tell."""
    is_open, reach = targets
    cause, which = np.full(len(rows), "no_facility", object), np.full(len(rows), -1, np.int64)
    if not finder.is_target.any() or not len(rows):
        return which, cause
    cause[:] = "too_far"
    _, which = finder.find(rows, np.flatnonzero(serves))
    least = float(np.min(reach[reach >= 0], initial=np.inf))
    small = finder.is_target & is_open & (reach == TOO_SMALL)
    trials = [("too_small", finder, small, np.where(small, least, reach))]
    if straight is not None:
        trials.append(("barrier", straight, serves, reach))
    trials.append(("closed", finder, finder.is_target & ~is_open & (reach >= 0), reach))
    for word, by, some, far in trials:
        near, found = _within(by, rows, some, far)
        cause[near], which[near] = word, found[near]
    return which, cause
