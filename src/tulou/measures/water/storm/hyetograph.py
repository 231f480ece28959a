"""Design storms: how the rain of a storm is spread over its duration."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse
from tulou.measures.water.storm.formula import StormFormula

Array = NDArray[np.float64]
WHOLE = 1e-9
"""How far a duration may be from a whole number of steps."""


def chicago(formula: StormFormula, *, period: float, duration: float, step: float, peak: float) -> Array:
    """How does rain fall when every shorter duration around the peak is as heavy as the formula says?

    Depths of steps are integrals, not samples of the sharp peak: with ``H(τ) = i(τ) τ`` and the peak at ``rT`` the
    depth fallen by x is ``r [H(T) − H((rT − x) / r)]`` before it and ``r H(T) + (1 − r) H((x − rT) / (1 − r))`` after.

    Args:
        formula: The storm intensity formula.
        period: Return period, years.
        duration: T, min.
        step: Length of a step, min; the duration is a whole number of them.
        peak: r, where the peak lies, as a share of the duration, between 0 and 1.

    Returns:
        Depth of each step, mm.

    Raises:
        BadUse: When the duration is no whole number of steps, or the peak does not lie inside.

    Source: Keifer & Chu (1957), Synthetic storm pattern for drainage design.
    """
    steps = round(duration / step) if step > 0 else 0
    if steps < 1 or abs(steps * step - duration) > WHOLE * duration:
        raise BadUse("a duration is a whole number of steps", where="step", found=step, allowed=(f"{duration:g} / n",))
    if not 0 < peak < 1:
        raise BadUse("the peak lies inside the storm", where="peak", found=peak, allowed=("between 0 and 1",))
    x, top = np.arange(steps + 1) * step, peak * duration
    before = np.maximum(top - x, 0.0) / peak
    after = np.maximum(x - top, 0.0) / (1 - peak)
    whole = formula.depth(duration, period)
    fallen = np.where(
        x <= top,
        peak * (whole - formula.depth(before, period)),
        peak * whole + (1 - peak) * formula.depth(after, period),
    )
    return np.asarray(np.diff(fallen))


def pilgrim_cordery(storms: Array, *, depth: float) -> Array:
    """How does the rain of a design storm fall, in the order and shares of observed ones?

    Steps of each storm are ranked by depth, the largest first, ties by their mean rank; the mean rank of each step says
    in which order, and the mean share of each rank how much.

    Args:
        storms: Depths of the largest observed storms of one duration, mm, shape (storms, steps).
        depth: Depth of the design storm, mm.

    Returns:
        Depth of each step, mm.

    Raises:
        BadUse: When there is no storm, or one without rain.

    Source: Pilgrim & Cordery (1975), Rainfall temporal patterns for design floods.
    """
    if storms.size == 0 or not (np.isfinite(storms).all() and (storms.sum(axis=1) > 0).all()):
        raise BadUse("storms have rain in known steps", where="storms", found=storms.shape)
    ranks = _ranks(storms)
    order = np.argsort(np.argsort(ranks.mean(axis=0), kind="stable"), kind="stable")
    shares = np.sort(storms / storms.sum(axis=1, keepdims=True), axis=1)[:, ::-1].mean(axis=0)
    return np.asarray(shares[order] * depth)


def _ranks(storms: Array) -> Array:
    """Rank of each step in its storm, the largest first; equal ones share their mean rank."""
    larger = (storms[:, None, :] > storms[:, :, None]).sum(axis=2)
    equal = (storms[:, None, :] == storms[:, :, None]).sum(axis=2)
    return np.asarray(larger + (equal + 1) / 2)


def peak_share(storms: Array) -> Array:
    """Where does the peak of each storm lie, as a share of its duration? The middle of its largest step.

    Args:
        storms: Depths of storms of one duration, mm, shape (storms, steps).
    """
    return (np.argmax(storms, axis=1) + 0.5) / storms.shape[1]
