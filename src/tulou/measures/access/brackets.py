"""Reach by size: how far each target serves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.arrays import Brackets, Floats
from tulou.kernel.errors import BadUse

TOO_SMALL = -1.0
"""Stands for the reach of a target below the least size that counts."""


def reaches(count: int, size: Floats | None, radius: Brackets | float) -> NDArray[np.float64]:
    """Reach of each target, m: NaN where its size is unknown and matters, ``TOO_SMALL`` below the first step.

    Args:
        count: Number of targets.
        size: Their sizes.
        radius: Steps (from this size on, this reach), or one reach for all.

    Raises:
        BadUse: When sizes are needed and absent, or the steps are not ascending, or a reach is not a number from 0 on.
    """
    steps = ((0.0, float(radius)),) if isinstance(radius, int | float) else tuple(radius)
    bounds = np.array([bound for bound, _ in steps], np.float64)
    values = np.array([value for _, value in steps], np.float64)
    if not len(steps) or not (values >= 0).all() or (np.diff(bounds) <= 0).any():
        raise BadUse("a reach needs steps of ascending size", where="radius", found=radius, allowed=("((0, 500),)",))
    if len(steps) == 1 and bounds[0] <= 0:
        return np.full(count, values[0])
    if size is None:
        raise BadUse("the reach depends on size, and no size is given", where="size", found=radius)
    sizes = same_length(size, count, "size")
    step = np.searchsorted(bounds, sizes, side="right") - 1
    return np.where(np.isnan(sizes), np.nan, np.where(step < 0, TOO_SMALL, values[np.maximum(step, 0)]))


def same_length(column: Floats, count: int, name: str) -> NDArray[np.float64]:
    """A column of numbers with one entry a row.

    Raises:
        BadUse: When it has more or fewer.
    """
    values = np.asarray(column, np.float64)
    if values.shape != (count,):
        raise BadUse("columns differ in length", where=name, found=values.shape, allowed=(str(count),))
    return values
