"""Concentration over places: is there one city that outweighs the others?"""

from __future__ import annotations

from typing import Annotated

import numpy as np

from tulou.kernel.arrays import Floats
from tulou.kernel.declaration import measure
from tulou.kernel.words import Words
from tulou.measures.statistics.rows import known_rows

SECOND = 2
"""Primacy compares the first place with the second; a slope needs two places as well."""
RANK_SHIFT = 0.5
"""Gabaix & Ibragimov 2011: ranks less one half take away the bias of the regression in small samples."""


@measure(title=Words("赫芬达尔—赫希曼指数", "Herfindahl-Hirschman index"), source="Hirschman 1964")
def concentration_index(
    values: Annotated[Floats, "any"], weights: Annotated[Floats, "other"] | None = None
) -> Annotated[float, "1"]:
    """How concentrated are the values on few places? ``HHI = sum p^2``, from 1/n (all equal) to 1 (all in one).

    Args:
        values: Amount of each place (people, output); not negative.
        weights: Not used by the index: each place counts once. A place of unknown weight is left out.
    """
    x, _ = known_rows(values, weights)
    total = np.sum(x)
    return float(np.sum((x / total) ** 2)) if total > 0 else float("nan")


@measure(title=Words("首位度", "Primacy"), source="Jefferson 1939")
def primacy(
    values: Annotated[Floats, "any"], weights: Annotated[Floats, "other"] | None = None
) -> Annotated[float, "1"]:
    """How many times as large as the second is the first place? NaN with fewer than two places.

    Args:
        values: Amount of each place.
        weights: Not used: each place counts once. A place of unknown weight is left out.
    """
    x = np.sort(known_rows(values, weights)[0])[::-1]
    return float(x[0] / x[1]) if len(x) >= SECOND and x[1] > 0 else float("nan")


@measure(title=Words("位序规模斜率", "Rank-size slope"), source="Zipf 1949; Gabaix & Ibragimov 2011 (rank less 1/2)")
def rank_size_slope(
    values: Annotated[Floats, "any"], weights: Annotated[Floats, "other"] | None = None
) -> Annotated[float, "1"]:
    """How fast do sizes fall with rank? 1 is Zipf's law.

    ``b`` of the least-squares line ``ln(rank - 1/2) = a - b ln(size)``.

    Args:
        values: Size of each place; positive.
        weights: Not used: each place counts once. A place of unknown weight is left out.
    """
    x = np.sort(known_rows(values, weights)[0])[::-1]
    x = x[x > 0]
    if len(np.unique(x)) < SECOND:
        return float("nan")
    size = np.log(x)
    rank = np.log(np.arange(1, len(x) + 1) - RANK_SHIFT)
    return float(-np.sum((size - size.mean()) * (rank - rank.mean())) / np.sum((size - size.mean()) ** 2))
