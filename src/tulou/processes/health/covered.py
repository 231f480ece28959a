"""What communities learn from a dispatch: whether supplies lack, and how much of what lacks most arrives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tulou.kernel.facts import ID, Facts
from tulou.kernel.words import Words
from tulou.model.state import State

Array = NDArray[np.float64]
ENTITY = "community"
PERCENT = 100.0
NOTHING = 1e-6
"""A shortage below it is rounding of the solver."""


@dataclass(frozen=True)
class Covered:
    """What is kept of a dispatch, and what is not.

    Args:
        facts: Rows of communities; none when no place is one.
        strange: Places with needs that are no community of the city.
        twice: Names that several communities share, so that nobody knows which is meant.
    """

    facts: tuple[Facts, ...]
    strange: tuple[str, ...]
    twice: tuple[str, ...]

    @property
    def warnings(self) -> tuple[Words, ...]:
        """Which places are left out."""
        told: list[Words] = []
        if self.strange:
            zh, en = f"{len(self.strange)} 个需求地点不是该城市的社区", f"{len(self.strange)} places with needs are no"
            first = self.strange[0]
            told.append(
                Words(f"{zh}，如 {first}，不入库。", f"{en} communities of the city, such as {first}: not kept.")
            )
        if self.twice:
            told.append(
                Words(
                    "这些社区名称不止一个，须写编号：" + "、".join(self.twice),
                    "Several communities have these names, so give ids: " + ", ".join(self.twice),
                )
            )
        return tuple(told)


def shares_met(need: Array, short: Array) -> Array:
    """Which share of what a place needs arrives, of the item and scenario in which it lacks most?

    ``min over s, i of 1 − u(s, n, i) / d(s, n, i)`` where ``d > 0``.

    Args:
        need: Needs, shape (scenarios, places, items).
        short: What lacks of them, of the same shape.

    Returns:
        Percent, shape (places,); NaN where nothing is needed.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        met = np.where(need > 0, 1 - short / need, np.inf)
    least = met.min(axis=(0, 2))
    return np.where(np.isfinite(least), PERCENT * np.clip(least, 0.0, 1.0), np.nan)


def covered(state: State, places: Sequence[str], stated: Sequence[str], need: Array, short: Array) -> Covered:
    """What the communities of a city learn from a dispatch.

    Args:
        state: The city.
        places: Names of the places of the dispatch.
        stated: Places that the table of needs names.
        need: Needs, shape (scenarios, places, items).
        short: What lacks of them.
    """
    rows = state.rows(ENTITY)
    known: dict[str, list[str]] = {}
    for one, name in zip(rows.ids, rows.texts("name"), strict=True):
        for key in {str(one), name or str(one)}:
            known.setdefault(key, []).append(str(one))
    ids = {str(one) for one in rows.ids}
    asked = sorted(set(stated))
    twice = tuple(name for name in asked if name not in ids and len(known.get(name, ())) > 1)
    mine = {name: name if name in ids else known[name][0] for name in asked if name in known and name not in twice}
    strange = tuple(name for name in asked if name not in known)
    if not mine:
        return Covered((), strange, twice)
    by_community: dict[str, list[int]] = {}
    for name, one in mine.items():
        by_community.setdefault(one, []).append(places.index(name))
    groups = list(by_community.values())
    lacks = [bool((short[:, group] > NOTHING).any()) for group in groups]
    least = [float(np.fmin.reduce(shares_met(need, short)[group])) for group in groups]
    cover = [PERCENT if not lack and np.isfinite(one) else one for lack, one in zip(lacks, least, strict=True)]
    table = {
        ID: pa.array(list(by_community), pa.string()),
        "reserve_cover": pa.array(cover, pa.float64(), from_pandas=True),
        "reserves_lacking": pa.array(lacks, pa.bool_()),
    }
    return Covered((Facts(ENTITY, pa.table(table)),), strange, twice)
