"""Inequality: how unevenly something is spread over people, and how much of that lies between groups.

All measures ignore the unit of the values. A group or city with no positive value has no inequality to speak of: the
result is NaN, never 0.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.arrays import Floats, Texts
from tulou.kernel.declaration import measure
from tulou.kernel.words import Words
from tulou.measures.statistics.rows import known_rows, weighted_quantile

TOP_SHARE = 0.9
"""Palma 2011 compares the top tenth of people …"""
BOTTOM_SHARE = 0.4
"""… with the poorest four tenths."""
HIGH_QUANTILE = 0.9
LOW_QUANTILE = 0.1
"""The ninth and the first decile, as in the P90/P10 ratio of the OECD income database."""


@measure(
    title=Words("基尼系数", "Gini coefficient"),
    source="Gini 1912; weighted form of Lerman & Yitzhaki 1989",
    verified="libpysal Mexico 1940 and 2000",
)
def gini(values: Annotated[Floats, "any"], weights: Annotated[Floats, "other"] | None = None) -> Annotated[float, "1"]:
    """How unequally are the values spread over the weights, from 0 (all alike) to 1 (one holds all)?

    ``G = 1 - sum_i w_i (L_i + L_{i-1})`` over rows sorted by value, ``w`` the share of weight and ``L`` the running
    share of ``value × weight``.

    Args:
        values: What each row has per unit of weight; not negative.
        weights: People (or land, households) of each row; left out, each row counts once.

    Returns:
        The coefficient; NaN without rows, with a negative value, or when all values are 0.
    """
    x, w = known_rows(values, weights)
    total = float(np.sum(x * w))
    if total <= 0 or np.min(x) < 0:
        return float("nan")
    order = np.argsort(x, kind="stable")
    share = w[order] / np.sum(w)
    lorenz = np.cumsum(x[order] * w[order]) / total
    before = np.concatenate([[0.0], lorenz[:-1]])
    return float(1.0 - np.sum(share * (lorenz + before)))


@measure(title=Words("泰尔指数", "Theil index"), source="Theil 1967 (T)", verified="libpysal Mexico 1940 and 2000")
def theil(values: Annotated[Floats, "any"], weights: Annotated[Floats, "other"] | None = None) -> Annotated[float, "1"]:
    """How unequal are the values, in a form that splits exactly into between and within groups?

    ``T = sum_i s_i ln(s_i / w_i)``, with ``s_i`` the share of ``value × weight`` and ``w_i`` the share of weight.

    Args:
        values: What each row has per unit of weight; not negative; 0 adds 0.
        weights: People of each row; left out, each row counts once.
    """
    x, w = known_rows(values, weights)
    total = float(np.sum(x * w))
    if total <= 0 or np.min(x) < 0:
        return float("nan")
    return _divergence(x * w / total, w / np.sum(w))


@measure(
    title=Words("组间泰尔指数", "Theil index between groups"),
    source="Theil 1967; Shorrocks 1980",
    verified="libpysal Mexico 1940 and 2000",
)
def theil_between(
    values: Annotated[Floats, "any"], group: Texts, weights: Annotated[Floats, "other"] | None = None
) -> Annotated[float, "1"]:
    """Which part of the inequality lies between groups: what would be left if all of a group had its mean?

    ``T_between = sum_g S_g ln(S_g / W_g)``, with ``S_g`` and ``W_g`` the group's shares of the values and the weights.

    Args:
        values: What each row has per unit of weight.
        group: Group of each row; rows of unknown group are left out.
        weights: People of each row; left out, each row counts once.
    """
    x, w, code = _grouped(values, group, weights)
    total = float(np.sum(x * w))
    if total <= 0 or np.min(x) < 0:
        return float("nan")
    return _divergence(np.bincount(code, x * w) / total, np.bincount(code, w) / np.sum(w))


@measure(
    title=Words("组内泰尔指数", "Theil index within groups"),
    source="Theil 1967; Shorrocks 1980",
    verified="libpysal Mexico 1940 and 2000",
)
def theil_within(
    values: Annotated[Floats, "any"], group: Texts, weights: Annotated[Floats, "other"] | None = None
) -> Annotated[float, "1"]:
    """Which part of the inequality lies within groups?

    ``T_within = sum_g S_g T_g``, worked out from each row's share in its own group.

    Args:
        values: What each row has per unit of weight.
        group: Group of each row; rows of unknown group are left out.
        weights: People of each row; left out, each row counts once.
    """
    x, w, code = _grouped(values, group, weights)
    total = float(np.sum(x * w))
    if total <= 0 or np.min(x) < 0:
        return float("nan")
    amount, people = np.bincount(code, x * w), np.bincount(code, w)
    held = amount[code] > 0
    x, w, code = x[held], w[held], code[held]
    return float(np.sum(x * w / total * _log_ratio(x * w / amount[code], w / people[code])))


@measure(title=Words("帕尔马比值", "Palma ratio"), source="Palma 2011; Cobham & Sumner 2013")
def palma_ratio(
    values: Annotated[Floats, "any"], weights: Annotated[Floats, "other"] | None = None
) -> Annotated[float, "1"]:
    """How many times as much as the poorest 40 % hold do the best-off 10 % hold?

    ``P = (1 - L(0.9)) / L(0.4)`` on the Lorenz curve, straight between rows.

    Args:
        values: What each row has per unit of weight; not negative.
        weights: People of each row; left out, each row counts once.

    Returns:
        The ratio; infinite when the poorest 40 % hold nothing, NaN when nobody holds anything.
    """
    x, w = known_rows(values, weights)
    total = float(np.sum(x * w))
    if total <= 0 or np.min(x) < 0:
        return float("nan")
    order = np.argsort(x, kind="stable")
    people = np.concatenate([[0.0], np.cumsum(w[order]) / np.sum(w)])
    held = np.concatenate([[0.0], np.cumsum(x[order] * w[order]) / total])
    bottom, top = np.interp([BOTTOM_SHARE, TOP_SHARE], people, held)
    return float((1.0 - top) / bottom) if bottom > 0 else float("inf")


@measure(title=Words("九十分位与十分位之比", "P90/P10 ratio"), source="OECD income distribution database")
def decile_ratio(
    values: Annotated[Floats, "any"], weights: Annotated[Floats, "other"] | None = None
) -> Annotated[float, "1"]:
    """How many times the value at the first decile of people is that at the ninth?

    ``Q(0.9) / Q(0.1)``, with ``Q(p)`` the least value below or at which a share ``p`` of the weight lies.

    Args:
        values: What each row has per unit of weight.
        weights: People of each row; left out, each row counts once.

    Returns:
        The ratio; infinite when the first decile has nothing and the ninth has something, NaN when neither has.
    """
    x, w = known_rows(values, weights)
    if len(x) == 0:
        return float("nan")
    low, high = weighted_quantile(x, w, LOW_QUANTILE), weighted_quantile(x, w, HIGH_QUANTILE)
    if low > 0:
        return high / low
    return float("inf") if high > 0 else float("nan")


@measure(title=Words("人均占有量基尼系数", "Gini coefficient per person"), source="Lerman & Yitzhaki 1989")
def gini_of_amounts(values: Annotated[Floats, "any"], weights: Annotated[Floats, "other"]) -> Annotated[float, "1"]:
    """How unequally is an amount spread over people, when rows tell what all their people have together?

    ``gini(values / weights, weights)``.

    Args:
        values: What the people of each row have together.
        weights: People of each row; rows without people take no part.
    """
    return gini(_per_person(values, weights), weights)


@measure(
    title=Words("人均占有量九十与十分位比", "P90/P10 ratio per person"), source="OECD income distribution database"
)
def decile_ratio_of_amounts(
    values: Annotated[Floats, "any"], weights: Annotated[Floats, "other"]
) -> Annotated[float, "1"]:
    """How many times what the worst-served tenth of people has does the best-served tenth have?

    ``decile_ratio(values / weights, weights)``.

    Args:
        values: What the people of each row have together.
        weights: People of each row; rows without people take no part.
    """
    return decile_ratio(_per_person(values, weights), weights)


def _per_person(values: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(values, weights, out=np.full(len(values), np.nan), where=weights > 0)


def _grouped(
    values: NDArray[np.float64], group: NDArray[np.object_], weights: NDArray[np.float64] | None
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp]]:
    named = group.astype(bool)
    kept = np.where(named, values, np.nan)
    x, w = known_rows(kept, weights)
    known = np.isfinite(kept) & (np.isfinite(weights) & (weights > 0) if weights is not None else True)
    if not len(x):
        return x, w, np.empty(0, np.intp)
    _, code = np.unique(group[known].astype(str), return_inverse=True)
    return x, w, code


def _divergence(share: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    return float(np.sum(share * _log_ratio(share, weight)))


def _log_ratio(share: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logarithm of share over weight, 0 where the share is 0 (its limit when multiplied by the share)."""
    return np.log(np.divide(share, weight, out=np.ones_like(share), where=(share > 0) & (weight > 0)))
