"""What if the weights were others? A composite with some weights changed, and how far the ranks move by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from tulou.diagnosis.composite.averages import groups_of, leaves
from tulou.diagnosis.composite.recipe import Composite, Group, Part
from tulou.kernel.errors import BadUse


def reweighted(composite: Composite, weights: Mapping[str, float]) -> Composite:
    """A composite with other weights for some of its parts; those not named keep theirs.

    Args:
        composite: The composite.
        weights: By name of a group or component, its weight among the parts of its group; 0 leaves it out.

    Raises:
        BadUse: For a name the composite does not have, a weight that is not one, or when nothing would be left.
    """
    top = composite.top
    names = [part.name for part in (*groups_of(top)[1:], *leaves(top))]
    for name, weight in weights.items():
        if name not in names:
            raise BadUse("the composite score has no such part", where="--weight", found=name, allowed=names)
        if not 0 <= weight < float("inf"):
            raise BadUse("a weight is 0 or more", where="--weight", found=weight, allowed=(f"{name}=2",))
    changed = _changed(top, weights)
    if not isinstance(changed, Group):
        raise BadUse("these weights leave nothing to be scored", where="--weight", found=", ".join(weights))
    return replace(composite, top=changed)


def _changed(part: Part, weights: Mapping[str, float]) -> Part | None:
    """A part with other weights in and below it; None when its weight is 0 or nothing is left in it."""
    part = replace(part, weight=weights.get(part.name, part.weight))
    if part.weight == 0:
        return None
    if not isinstance(part, Group):
        return part
    parts = tuple(kept for one in part.parts if (kept := _changed(one, weights)) is not None)
    return replace(part, parts=parts) if parts else None


MOVED = pa.schema(
    [
        ("unit", pa.string()),
        ("unit_name", pa.string()),
        ("score", pa.float64()),
        ("new_score", pa.float64()),
        ("rank", pa.int64()),
        ("new_rank", pa.int64()),
        ("is_inside", pa.bool_()),
    ]
)
"""Columns of what other weights do; ``is_inside`` says whether the new rank lies inside the interval that the declared
composite already allowed."""


def moved(before: pa.Table, after: pa.Table) -> pa.Table:
    """Scores and ranks beside those under other weights, units in the order of the declared ranks.

    Args:
        before: Table of scores, see ``score.SCHEMA``.
        after: The same units under other weights.
    """
    held = after.select(["unit", "score", "rank"]).rename_columns(["unit", "new_score", "new_rank"])
    place = pc.index_in(before["unit"], value_set=held["unit"].combine_chunks())
    new = held.take(place)
    inside = pc.and_(
        pc.greater_equal(new["new_rank"], before["rank_low"]), pc.less_equal(new["new_rank"], before["rank_high"])
    )
    columns = {
        **{name: before[name] for name in ("unit", "unit_name", "score", "rank")},
        **{name: new[name] for name in ("new_score", "new_rank")},
        "is_inside": inside,
    }
    return pa.table([columns[field.name] for field in MOVED], schema=MOVED)
