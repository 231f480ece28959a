"""What communities learn from a dispatch: whether supplies lack, and how much of what lacks most arrives."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tulou.kernel.facts import ID, Facts
from tulou.kernel.words import Words
from tulou.model.state import State
from tulou.processes.known_objects import known_objects

Array = NDArray[np.float64]
ENTITY = "community"
PERCENT = 100.0
NOTHING = 1e-6
"""A shortage below it is rounding of the solver."""


def shares_met(need: Array, short: Array) -> Array:
    """Which share of what a place needs arrives, of the item and scenario in which it lacks most?

    ``min over s, i of 1 − u(s, n, i) / d(s, n, i)`` where ``d > 0``.

    Args:
        need: Needs, shape (scenarios, places, items).
        short: What lacks of them, of the same shape.

    Returns:
        Percent, shape (places,); NaN where nothing is needed.
    """
    lacks = np.where(short > NOTHING, short, 0.0)
    met = np.where(need > 0, 1 - lacks / np.where(need > 0, need, 1.0), np.inf)
    least = met.min(axis=(0, 2))
    return np.where(np.isfinite(least), PERCENT * np.clip(least, 0.0, 1.0), np.nan)


def covered(
    state: State, places: Sequence[str], stated: Sequence[str], need: Array, short: Array
) -> tuple[tuple[Facts, ...], tuple[Words, ...]]:
    """What the communities of a city learn from a dispatch, and which places are none of them.

    Args:
        state: The city.
        places: Names of the places of the dispatch.
        stated: Places that the table of needs names.
        need: Needs, shape (scenarios, places, items).
        short: What lacks of them.
    """
    known = known_objects(state, ENTITY, stated)
    warnings = known.warnings(Words("社区", "communities"))
    if not known.ids:
        return (), warnings
    by_community: dict[str, list[int]] = {}
    for name, one in known.ids.items():
        by_community.setdefault(one, []).append(places.index(name))
    groups = list(by_community.values())
    table = {
        ID: pa.array(list(by_community), pa.string()),
        "reserve_cover": pa.array(
            [float(np.fmin.reduce(shares_met(need, short)[group])) for group in groups], pa.float64(), from_pandas=True
        ),
        "reserves_lacking": pa.array([bool((short[:, group] > NOTHING).any()) for group in groups], pa.bool_()),
    }
    return (Facts(ENTITY, pa.table(table)),), warnings
