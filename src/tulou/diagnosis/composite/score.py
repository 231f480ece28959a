"""Scores of a check: a pure function of its result table and of what a rulebook asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tulou.diagnosis.composite.asked import Asked, asked_of
from tulou.diagnosis.composite.averages import groups_of, weights_in_the_whole
from tulou.diagnosis.composite.coherence import coherence
from tulou.diagnosis.composite.importance import importance
from tulou.diagnosis.composite.model import WHOLE, Model
from tulou.diagnosis.composite.outliers import treated
from tulou.diagnosis.composite.ranks import ranks, surely_beside, tiers
from tulou.diagnosis.composite.read import Rules
from tulou.diagnosis.composite.recipe import Composite
from tulou.diagnosis.composite.robustness import left_out, or_null, sensitivity
from tulou.diagnosis.composite.scales import DISTANCES
from tulou.diagnosis.composite.uncertainty import Spread, Variation, spread_of
from tulou.indicators.evaluate.run import Check

Numbers = NDArray[np.float64]

SCORED, NOT_SCORED = "scored", "not scored"

SCHEMA = pa.schema(
    [
        ("check", pa.string()),
        ("composite", pa.string()),
        ("level", pa.string()),
        ("unit", pa.string()),
        ("unit_name", pa.string()),
        ("score", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("rank", pa.int64()),
        ("rank_low", pa.int64()),
        ("rank_high", pa.int64()),
        ("tier", pa.int64()),
        ("before", pa.int64()),
        ("behind", pa.int64()),
        ("units", pa.int64()),
        ("known", pa.float64()),
        ("estimated", pa.float64()),
        ("status", pa.string()),
        ("lacking", pa.string()),
    ]
)
"""Columns of a table of scores. ``rank_low`` is the best place and ``rank_high`` the worst; ``before`` and ``behind``
count the units that surely stand before or behind; ``units`` counts those scored; ``known`` and ``estimated`` are
percent of the weight; ``lacking`` names components without a figure, parted by commas."""


@dataclass(frozen=True, eq=False)
class Scored:
    """A composite score of all units, with what it hangs on.

    Args:
        composite: What was made.
        table: Scores, see ``SCHEMA``.
        groups: Scores of the groups: unit, group, score, rank.
        components: One row a component: weight, and what it really does to the score.
        coherence: Whether the components of each group measure one thing, see ``coherence.SCHEMA``.
        left_out: What leaving out each group or component does to the ranks.
        sensitivity: Share of each choice in the uncertainty of the ranks; no rows unless asked for.
        shift: Mean absolute shift of the ranks, one a draw; empty when nothing is varied.
        varied: Choices that are varied, in the order in which they are told.
    """

    composite: Composite
    table: pa.Table
    groups: pa.Table
    components: pa.Table
    coherence: pa.Table
    left_out: pa.Table
    sensitivity: pa.Table
    shift: Numbers
    varied: tuple[str, ...] = ()


def composite_scores(
    results: Check | pa.Table,
    composite: Composite,
    rulebook: Rules,
    *,
    day: date | None = None,
    above: Mapping[str, str] | None = None,
    with_intervals: bool = True,
) -> pa.Table:
    """Scores of all units of a level, with the intervals of their ranks and their tiers.

    Args:
        results: A check, or a result table such as a check holds.
        composite: What is made.
        rulebook: Where its indicators and parameters stand.
        day: Day whose targets hold; that of the check by default.
        above: Unit above each unit, for the policy ``peers``.
        with_intervals: Whether the choices are varied; without, only score, rank and known share are told.

    Returns:
        One row a unit, see ``SCHEMA``; the best first, those without a score last.

    Raises:
        BadUse: When the rulebook does not hold what the composite names, or it may not be used on that day.
        NotEnoughData: When the table has no unit of the level.
    """
    asked = asked_of(results, composite, rulebook, day, above)
    return _table(asked, _spread(asked.model) if with_intervals else None)


def score(
    results: Check | pa.Table,
    composite: Composite,
    rulebook: Rules,
    *,
    day: date | None = None,
    above: Mapping[str, str] | None = None,
) -> Scored:
    """Scores with all that they hang on: groups, components, what leaving one out does, and sensitivity.

    Arguments and errors are those of ``composite_scores``.
    """
    asked = asked_of(results, composite, rulebook, day, above)
    spread = _spread(asked.model)
    return Scored(
        composite,
        _table(asked, spread),
        _groups(asked),
        _components(asked),
        coherence(composite.top, asked.model.on_one_scale(asked.model.figures.values, asked.model.nominal)),
        left_out(asked.model),
        sensitivity(asked.model),
        spread.shift if spread else np.empty(0),
        spread.factors if spread else (),
    )


def _spread(model: Model) -> Spread | None:
    uncertainty = model.composite.uncertainty
    return spread_of(Variation(model, uncertainty)) if uncertainty is not None else None


def _table(asked: Asked, spread: Spread | None) -> pa.Table:
    model = asked.model
    scores, known = model.scores(), model.known()
    place = ranks(scores)
    low, high, best, worst = (np.full(len(scores), np.nan) for _ in range(4))
    if spread is not None:
        low, high = np.fmin(spread.low, scores), np.fmax(spread.high, scores)
        best, worst = np.fmin(spread.rank_low, place), np.fmax(spread.rank_high, place)
    before, behind = surely_beside(best, worst)
    is_scored, nothing = np.isfinite(scores), spread is None
    columns = {
        "check": pa.array([asked.check] * len(scores), pa.string()),
        "composite": pa.array([model.composite.name] * len(scores), pa.string()),
        "level": pa.array([model.composite.level] * len(scores), pa.string()),
        "unit": pa.array(asked.ids, pa.string()),
        "unit_name": pa.array(asked.names, pa.string()),
        "score": or_null(scores),
        "low": or_null(low),
        "high": or_null(high),
        "rank": _whole(place, ~is_scored),
        "rank_low": _whole(best, ~np.isfinite(best)),
        "rank_high": _whole(worst, ~np.isfinite(worst)),
        "tier": _whole(tiers(best, worst).astype(np.float64), ~is_scored | nothing),
        "before": _whole(before.astype(np.float64), ~is_scored | nothing),
        "behind": _whole(behind.astype(np.float64), ~is_scored | nothing),
        "units": pa.array(np.full(len(scores), np.count_nonzero(is_scored)), pa.int64()),
        "known": pa.array(known, pa.float64()),
        "estimated": pa.array(asked.estimated, pa.float64()),
        "status": pa.array(np.where(is_scored, SCORED, NOT_SCORED), pa.string()),
        "lacking": pa.array(_lacking(model), pa.string()),
    }
    table = pa.table([columns[item.name] for item in SCHEMA], schema=SCHEMA)
    order = [("rank", "ascending"), ("unit", "ascending")]
    return table.take(pc.sort_indices(table, sort_keys=order))


def _lacking(model: Model) -> list[str | None]:
    names = [one.name for one in model.components]
    unknown = ~np.isfinite(model.figures.values)
    return [",".join(name for name, lacks in zip(names, row, strict=True) if lacks) or None for row in unknown]


def _whole(values: Numbers, is_unknown: NDArray[np.bool_]) -> pa.Array:
    return pa.array(np.where(is_unknown, 0, np.nan_to_num(values)).astype(np.int64), pa.int64(), mask=is_unknown)


def _groups(asked: Asked) -> pa.Table:
    scores = asked.model.group_scores()
    tables = []
    for group in groups_of(asked.model.composite.top):
        place = ranks(scores[group.name])
        tables.append(
            pa.table(
                {
                    "unit": pa.array(asked.ids, pa.string()),
                    "group": pa.array([group.name] * len(asked.ids), pa.string()),
                    "score": or_null(scores[group.name]),
                    "rank": _whole(place, ~np.isfinite(place)),
                }
            )
        )
    return pa.concat_tables(tables)


def _components(asked: Asked) -> pa.Table:
    model = asked.model
    composite, scores = model.composite, model.scores()
    weights = weights_in_the_whole(composite.top)
    ready = model.on_one_scale(model.figures.values, model.nominal)
    done = importance(ready, weights, scores)
    rule = composite.outliers
    found = treated(model.figures.values, rule) if rule is not None and composite.scale not in DISTANCES else None
    nothing = np.zeros(len(weights), np.int64)
    return pa.table(
        {
            "component": pa.array([one.name for one in model.components], pa.string()),
            "indicator": pa.array([one.indicator for one in model.components], pa.string()),
            "variant": pa.array([one.variant for one in model.components], pa.string()),
            "weight": pa.array(weights * WHOLE, pa.float64()),
            "known_units": pa.array(np.count_nonzero(np.isfinite(model.figures.values), axis=0), pa.int64()),
            "correlation": or_null(done.correlation),
            "explained": or_null(done.explained * WHOLE),
            "share": or_null(done.share * WHOLE),
            "drawn_in": pa.array(nothing if found is None else found.drawn_in, pa.int64()),
            "logged": pa.array(nothing.astype(bool) if found is None else found.logged, pa.bool_()),
        }
    )
