"""Black and odorous water: from samples to the grade of a point and of a water body, with what is unknown as bounds.

Grades are 0 none, 1 light, 2 heavy. What is not known is not one grade but a lowest and a highest one; every rule here
rises with the grades it is given, so bounds go through it one by one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse

Array = NDArray[np.float64]
Grades = NDArray[np.int64]
NONE, LIGHT, HEAVY = 0, 1, 2


@dataclass(frozen=True)
class IndexLimits:
    """Limits of one index.

    Args:
        light: Beyond it the water is light black and odorous; at it, it is not.
        heavy: Beyond it the water is heavy black and odorous; at it, it is light.
        is_more_better: Whether beyond means below (oxygen), not above (ammonia).
    """

    light: float
    heavy: float
    is_more_better: bool


@dataclass(frozen=True)
class PointRule:
    """When a point is heavy.

    Args:
        one: Least share of heavy values of one index.
        several: Least share of heavy values in each of several indices.
        indices: How many are several.
    """

    one: float
    several: float
    indices: int


@dataclass(frozen=True, eq=False)
class Bounds:
    """The lowest and the highest grade that something may have; equal where it is known."""

    low: Grades
    high: Grades

    @property
    def is_known(self) -> NDArray[np.bool_]:
        """Whether there is one grade only."""
        return self.low == self.high


def index_grade(value: Array, limits: IndexLimits) -> Bounds:
    """Which grade does each value of an index have?

    Args:
        value: NaN where unknown.
        limits: The limits of the index.

    Source: Guide to the treatment of black and odorous urban waters (2015), table of grades.
    """
    sign = 1 if limits.is_more_better else -1
    grades = np.where(
        sign * value < sign * limits.heavy, HEAVY, np.where(sign * value < sign * limits.light, LIGHT, NONE)
    )
    return _bounds(grades, np.isnan(value))


def transparency_grade(
    transparency: Array, depth: Array, limits: IndexLimits, *, shallow: float, share: float
) -> Bounds:
    """Which grade does the transparency of each sample have?

    Where the water is shallower than ``shallow``, it is heavy below a share of the depth, and else light unless one
    sees the bottom.

    Args:
        transparency: cm; NaN where unknown.
        depth: cm; NaN where unknown, which counts as deep enough.
        limits: Limits in deep water, cm.
        shallow: Depth below which the share holds, cm.
        share: Share of the depth.

    Source: Guide to the treatment of black and odorous urban waters (2015), note to the table of grades.
    """
    deep = index_grade(transparency, limits).low
    in_shallow = np.where(transparency < share * depth, HEAVY, np.where(transparency >= depth, NONE, LIGHT))
    return _bounds(np.where(depth < shallow, in_shallow, deep), np.isnan(transparency))


def _bounds(grades: NDArray[np.int64], is_unknown: NDArray[np.bool_]) -> Bounds:
    return Bounds(np.where(is_unknown, NONE, grades), np.where(is_unknown, HEAVY, grades))


def point_grade(grades: Grades, rule: PointRule) -> int:
    """Which grade does a point have by its samples?

    Heavy when a share of the values of one index, or a smaller share of several, is heavy; else light when any is at
    least light; else none.

    Args:
        grades: Shape (samples, indices), all known.
        rule: The shares.

    Raises:
        BadUse: Without samples.

    Source: Guide to the treatment of black and odorous urban waters (2015), grading of points.
    """
    if grades.size == 0:
        raise BadUse("a grade needs samples", where="grades", found=grades.shape)
    shares = (grades == HEAVY).mean(axis=0)
    if (shares >= rule.one).any() or (shares >= rule.several).sum() >= rule.indices:
        return HEAVY
    return LIGHT if (grades >= LIGHT).any() else NONE


def body_grade(points: Grades, share: float) -> int:
    """Which grade does a water body have by its points?

    Heavy when a share of its points is heavy; else light when any point is at least light; else none.

    Args:
        points: Grade of each point, all known.
        share: Least share of heavy points.

    Raises:
        BadUse: Without points.

    Source: Guide to the treatment of black and odorous urban waters (2015), grading of water bodies.
    """
    if points.size == 0:
        raise BadUse("a grade needs points", where="points", found=points.shape)
    if (points == HEAVY).mean() >= share:
        return HEAVY
    return LIGHT if (points >= LIGHT).any() else NONE


def heavy_stretches(points: Grades, fewest: int) -> tuple[tuple[int, int], ...]:
    """Between which points is a water body heavy? First and last position of each run of heavy points.

    Args:
        points: Grade of each point, in the order in which they lie along the water.
        fewest: Points of a run.

    Source: Guide to the treatment of black and odorous urban waters (2015), grading of stretches.
    """
    edges = np.diff(np.concatenate([[0], (points == HEAVY).astype(np.int64), [0]]))
    begins, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1) - 1
    return tuple(
        (begin, end) for begin, end in zip(begins.tolist(), ends.tolist(), strict=True) if end - begin + 1 >= fewest
    )


def has_relapsed(after: Bounds) -> bool | None:
    """Has a treated water turned black and odorous again? None when nobody knows.

    Args:
        after: Grade of each period since the treatment was accepted.
    """
    if (after.low >= LIGHT).any():
        return True
    return False if after.low.size and (after.high == NONE).all() else None
