"""Coherence: whether the parts of a group measure one thing, before they are averaged into one number.

Parts that speak against each other cancel out in an average: their score says less than they do. So it is told, and
nobody's weights are changed for it.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tulou.diagnosis.composite.averages import groups_of, leaves
from tulou.diagnosis.composite.importance import LEAST_UNITS
from tulou.diagnosis.composite.recipe import Group

Numbers = NDArray[np.float64]

SCHEMA = pa.schema(
    [
        ("group", pa.string()),
        ("parts", pa.int64()),
        ("units", pa.int64()),
        ("alpha", pa.float64()),
        ("lowest", pa.float64()),
        ("lowest_of", pa.string()),
    ]
)
"""Columns: ``parts`` are components in the group or below it; ``units`` those of which all of them are known;
``lowest`` is the lowest correlation between two of them, ``lowest_of`` their names."""


def cronbach(items: Numbers) -> float:
    """Do some items measure one thing? Cronbach's alpha, ``k / (k-1) · (1 - Σ var(xᵢ) / var(Σ xᵢ))`` (Cronbach 1951).

    Args:
        items: Shape (units, items), on one scale, all known.

    Returns:
        At most 1, and below 0 when items speak against each other; NaN for fewer than two items or three units, and
        where the sum does not vary.
    """
    units, count = items.shape
    if count <= 1 or units < LEAST_UNITS:
        return float("nan")
    total = float(np.var(items.sum(axis=1), ddof=1))
    if total <= 0:
        return float("nan")
    return count / (count - 1) * (1.0 - float(np.var(items, axis=0, ddof=1).sum()) / total)


def coherence(top: Group, components: Numbers) -> pa.Table:
    """Cronbach's alpha and the lowest correlation within each group of two components or more.

    Args:
        top: The tree of groups.
        components: Shape (units, components), on one scale on which more is better; NaN where unknown.
    """
    places = {part.name: place for place, part in enumerate(leaves(top))}
    rows = []
    for group in groups_of(top):
        names = [part.name for part in leaves(group)]
        held = components[:, [places[name] for name in names]]
        held = held[np.isfinite(held).all(axis=1)]
        if len(names) > 1:
            lowest, of = _lowest(held, names)
            alpha = cronbach(held)
            rows.append((group.name, len(names), len(held), alpha if np.isfinite(alpha) else None, lowest, of))
    columns = zip(*rows, strict=True) if rows else ([] for _ in SCHEMA)
    return pa.table([pa.array(column, field.type) for column, field in zip(columns, SCHEMA, strict=True)], SCHEMA)


def _lowest(held: Numbers, names: list[str]) -> tuple[float | None, str | None]:
    if len(held) < LEAST_UNITS:
        return None, None
    off = held - held.mean(axis=0)
    size = np.sqrt((off**2).sum(axis=0))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = (off.T @ off) / np.outer(size, size)
    first, second = np.triu_indices(len(names), 1)
    pairs = found[first, second]
    if not np.isfinite(pairs).any():
        return None, None
    at = int(np.nanargmin(pairs))
    return float(pairs[at]), f"{names[first[at]]}, {names[second[at]]}"
