"""Coupling: how much of each lifeline is lost when others are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput, BadUse

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Chances:
    """How likely things fail, by many draws.

    Args:
        chance: Of each thing, shape (things,).
        error: Standard error of it by the number of draws.
    """

    chance: Array
    error: Array


def inoperability(dependency: Array, shock: Array) -> Array:
    """How much of each system is lost in the end? ``x = (I − A)⁻¹ c``, at most all of it.

    Args:
        dependency: A: loss of system i for each unit of loss of system j, shape (systems, systems).
        shock: c: loss that comes from outside, 0 to 1, shape (systems,).

    Returns:
        Loss of each, 0 to 1. Where the linear sum passes 1 the system is lost whole, and others follow from that.

    Raises:
        BadInput: When shapes differ, or a number is negative, a shock above 1, or losses would never settle.

    Source: Haimes & Jiang (2001), Journal of Infrastructure Systems 7(1); Santos & Haimes (2004).
    """
    count = len(shock)
    if dependency.shape != (count, count):
        raise BadInput("a coupling has a row and a column for each system", where="dependency", found=dependency.shape)
    if not ((dependency >= 0).all() and (shock >= 0).all() and (shock <= 1).all()):
        raise BadInput("couplings are from 0 on and shocks between 0 and 1", where="dependency")
    if count and np.abs(np.linalg.eigvals(dependency)).max() >= 1:
        raise BadInput("systems that lose more than they are given never settle", where="dependency")
    found, free = np.ones(count), np.zeros(count, np.bool_)
    while True:
        # From above: a system is lost in part only where even the loss of the others leaves some of it.
        less = shock + dependency @ found < 1
        if (less == free).all():
            return found
        free = less
        given = shock[free] + dependency[np.ix_(free, ~free)].sum(axis=1)
        found = np.ones(count)
        found[free] = np.linalg.solve(np.eye(int(free.sum())) - dependency[np.ix_(free, free)], given)


def cascade(dependency: Array, failed: Mask, threshold: Array) -> Mask:
    """What fails in the end, when a thing fails once enough of what it hangs on has failed?

    Args:
        dependency: Weight of thing j for thing i, shape (things, things).
        failed: What fails first, shape (..., things).
        threshold: Weight of failed things at which each fails, above 0, shape (things,).

    Returns:
        What has failed, same shape as ``failed``.

    Raises:
        BadUse: When a threshold is not above 0.

    Source: Watts (2002), PNAS 99(9), with weights.
    """
    if not (threshold > 0).all():
        raise BadUse("a threshold is above 0", where="threshold", found=float(threshold.min()))
    down = failed
    while True:
        more = down | (down.astype(np.float64) @ dependency.T >= threshold)
        if (more == down).all():
            return down
        down = more


def cascade_chances(dependency: Array, chance: Array, threshold: Array, draws: int, seed: int) -> Chances:
    """How likely does each thing fail, when each may fail by itself and others follow?

    Args:
        dependency: Weight of thing j for thing i.
        chance: That each fails by itself, 0 to 1, independently.
        threshold: Weight of failed things at which each fails.
        draws: How often failures are drawn.
        seed: Of the draws: the same seed gives the same answer.

    Raises:
        BadUse: When nothing is drawn or a threshold is not above 0.
    """
    if draws < 1:
        raise BadUse("something must be drawn", where="draws", found=draws)
    first = np.random.default_rng(seed).random((draws, len(chance))) < chance
    mean = cascade(dependency, first, threshold).mean(axis=0)
    return Chances(mean, np.sqrt(mean * (1 - mean) / draws))
