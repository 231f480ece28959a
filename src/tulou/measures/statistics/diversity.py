"""Diversity: how many kinds there are, counted by how much of each."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from tulou.kernel.arrays import Floats
from tulou.kernel.declaration import measure
from tulou.kernel.words import Words
from tulou.measures.statistics.rows import known_rows


@measure(title=Words("香农多样性", "Shannon diversity"), source="Shannon 1948", verified="momepy Bubenec")
def shannon_diversity(
    values: Annotated[Floats, "any"], weights: Annotated[Floats, "other"] | None = None
) -> Annotated[float, "1"]:
    """How evenly are the amounts spread over the kinds? ``H = -sum p ln p``, 0 for one kind, ``ln k`` for k equal ones.

    Args:
        values: Amount of each kind, one kind a row; not negative.
        weights: What each amount is multiplied by; left out, 1.
    """
    share = _shares(values, weights)
    share = share[share > 0]
    return float(-np.sum(share * np.log(share))) if len(share) else float("nan")


@measure(
    title=Words("辛普森多样性", "Gini-Simpson diversity"), source="Simpson 1949 (1 - D)", verified="momepy Bubenec"
)
def simpson_diversity(
    values: Annotated[Floats, "any"], weights: Annotated[Floats, "other"] | None = None
) -> Annotated[float, "1"]:
    """How likely are two random draws of different kinds? ``1 - sum p^2``.

    Args:
        values: Amount of each kind, one kind a row; not negative.
        weights: What each amount is multiplied by; left out, 1.
    """
    share = _shares(values, weights)
    return float(1.0 - np.sum(share**2)) if len(share) else float("nan")


def _shares(values: Floats, weights: Floats | None) -> Floats:
    x, w = known_rows(values, weights)
    amount = x * w
    total = np.sum(amount)
    return amount / total if total > 0 and np.min(amount) >= 0 else np.empty(0)
