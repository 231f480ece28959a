"""Robustness: what leaving a part out does to the ranks, and which choice their uncertainty comes from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tulou.diagnosis.composite.averages import groups_of, leaves
from tulou.diagnosis.composite.importance import rank_correlation
from tulou.diagnosis.composite.model import Figures, Model
from tulou.diagnosis.composite.ranks import rank_shift, ranks
from tulou.diagnosis.composite.recipe import Group, Part
from tulou.diagnosis.composite.uncertainty import Variation

Numbers = NDArray[np.float64]
SENSITIVITY_SEED = 1
"""Added to the seed, so that the samples of sensitivity are not those of the intervals."""


def left_out(model: Model) -> pa.Table:
    """Leave out each group and each component in turn; only units that have a score anyway are compared."""
    scores = model.scores()
    place = ranks(scores)
    rows = []
    for name in _names_below(model.composite.top):
        less = without(model, name)
        if less is None:
            continue
        shifted = ranks(np.where(np.isfinite(scores), less.scores(), np.nan))
        moved = np.abs(shifted - place)
        rows.append(
            {
                "part": name,
                "mean_shift": float(rank_shift(shifted[None], place)[0]),
                "most_shift": float(np.nanmax(moved)) if np.isfinite(moved).any() else None,
                "rank_correlation": _known_or_none(rank_correlation(shifted, place)),
            }
        )
    schema = pa.schema(
        [("part", pa.string()), ("mean_shift", pa.float64()), ("most_shift", pa.float64()),
         ("rank_correlation", pa.float64())]
    )  # fmt: skip
    return pa.Table.from_pylist(rows, schema)


def _known_or_none(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _names_below(top: Group) -> list[str]:
    return [group.name for group in groups_of(top)[1:]] + [part.name for part in leaves(top)]


def without(model: Model, name: str) -> Model | None:
    """The model without one group or component; None when nothing would be left.

    Args:
        model: The model.
        name: Name of the group or component.
    """
    top = _less(model.composite.top, name)
    if not isinstance(top, Group):
        return None
    kept = {part.name for part in leaves(top)}
    at = np.array([one.name in kept for one in model.components])
    figures = model.figures
    less = Figures(
        figures.values[:, at],
        figures.low[:, at],
        figures.high[:, at],
        None if figures.ends is None else figures.ends[:, at],
        figures.peers,
    )
    return Model(replace(model.composite, top=top), less)


def _less(part: Part, name: str) -> Part | None:
    """A part without one part below it; None when it is that part, or empty without it."""
    if part.name == name:
        return None
    if not isinstance(part, Group):
        return part
    parts = tuple(kept for one in part.parts if (kept := _less(one, name)) is not None)
    return replace(part, parts=parts) if parts else None


def sensitivity(model: Model) -> pa.Table:
    """Share of each choice in the variance of the mean shift of ranks; no rows unless it is asked for."""
    schema = pa.schema([("choice", pa.string()), ("first", pa.float64()), ("total", pa.float64())])
    composite = model.composite
    if composite.sensitivity is None or composite.uncertainty is None:
        return schema.empty_table()
    from tulou.diagnosis.composite.sobol import sobol_shares  # scipy's sequences load slowly

    variation = Variation(model, composite.uncertainty)
    if not variation.factors:
        return schema.empty_table()
    nominal = ranks(model.scores())
    shares = sobol_shares(
        lambda points: rank_shift(ranks(variation.scores(points)), nominal),
        len(variation.factors),
        draws=composite.sensitivity.draws,
        seed=composite.uncertainty.seed + SENSITIVITY_SEED,
    )
    return pa.table(
        [pa.array(variation.factors, pa.string()), or_null(shares.first), or_null(shares.total)], schema=schema
    )


def or_null(values: Numbers) -> pa.Array:
    """Numbers with null where there is none."""
    return pa.array(values, pa.float64(), mask=~np.isfinite(values))
