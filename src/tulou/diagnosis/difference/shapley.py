"""Shapley values: a change divided among causes, fairly and without a residual.

The part of cause ``i`` is its marginal contribution averaged over all orders in which the causes can come in (Shapley
1953): ``phi_i = mean over orders of v(S + i) - v(S)``, where ``S`` holds the causes that came before.

Where a value is undefined (0/0) for some coalitions, only orders that meet defined values on their whole way count. The
parts still sum to the change, causes that move nothing still get nothing, and names of causes still do not matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, permutations

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse

Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Division:
    """A change divided among causes.

    Args:
        parts: What each cause moved, shape (causes, figures); NaN where the change cannot be divided.
        orders: In how many orders each figure was defined on the whole way, shape (figures,).
    """

    parts: Numbers
    orders: NDArray[np.int64]


def divided(values: Numbers) -> Division:
    """Divide the change of some figures among causes.

    Args:
        values: Figures of every coalition, shape (2 ** causes, figures). Row ``s`` is the coalition that holds cause
            ``i`` when bit ``i`` of ``s`` is set; the first row holds none, the last one all. NaN where undefined.

    Raises:
        BadUse: When the rows are not those of all coalitions.
    """
    count = _causes(values)
    size = values.shape[1]
    known, finite = np.isfinite(values), np.where(np.isfinite(values), values, 0.0)
    sums, orders = np.zeros((count, size)), np.zeros(size, np.int64)
    for order in permutations(range(count)):
        masks = np.cumsum([0, *(1 << cause for cause in order)])
        is_whole = known[masks].all(axis=0)
        orders += is_whole
        for cause, (without, with_it) in zip(order, pairwise(finite[masks]), strict=True):
            sums[cause] += np.where(is_whole, with_it - without, 0.0)
    parts = np.divide(sums, orders, out=np.full_like(sums, np.nan), where=orders > 0)
    return Division(parts, orders)


def edges(known: NDArray[np.bool_]) -> dict[tuple[int, int], float]:
    """How much each step counts in the division of one figure: the share of its whole orders that take it.

    The part of cause ``i`` is the sum over steps ``(s, i)`` of this weight times ``v(s + i) - v(s)``, so that whatever
    adds up to the value, such as the shares of objects, can be divided by the same weights.

    Args:
        known: Whether the figure is defined in each coalition, shape (2 ** causes,), rows as in ``divided``.

    Returns:
        Weight by coalition before the step and position of the cause that comes in; empty when no order is whole.
    """
    count = len(known).bit_length() - 1
    taken: dict[tuple[int, int], float] = {}
    orders = 0
    for order in permutations(range(count)):
        masks = np.cumsum([0, *(1 << cause for cause in order)])
        if not known[masks].all():
            continue
        orders += 1
        for cause, mask in zip(order, masks[:-1].tolist(), strict=True):
            taken[mask, cause] = taken.get((mask, cause), 0.0) + 1.0
    return {step: times / orders for step, times in taken.items()}


def _causes(values: Numbers) -> int:
    count = len(values).bit_length() - 1
    if values.ndim != 2 or len(values) != 1 << max(count, 0):  # noqa: PLR2004  (coalitions by figures)
        raise BadUse("not the figures of all coalitions", where="values", found=values.shape, allowed=("2 ** causes",))
    return count
