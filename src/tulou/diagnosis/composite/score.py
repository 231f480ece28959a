"""Scores of a check: a pure function of its result table and of what a rulebook asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tulou.diagnosis.composite.averages import groups_of, leaves, weights_in_the_whole
from tulou.diagnosis.composite.coherence import coherence
from tulou.diagnosis.composite.importance import importance, rank_correlation
from tulou.diagnosis.composite.model import WHOLE, Figures, Model, logged
from tulou.diagnosis.composite.outliers import treated
from tulou.diagnosis.composite.ranks import rank_shift, ranks, surely_beside, tiers
from tulou.diagnosis.composite.read import Rules
from tulou.diagnosis.composite.recipe import UNIT_LEVELS, Component, Composite, Group, Part
from tulou.diagnosis.composite.scales import DISTANCES
from tulou.diagnosis.composite.uncertainty import Spread, Variation, spread_of
from tulou.indicators.evaluate.run import Check
from tulou.indicators.evaluate.verdict import NOT_ASSESSED
from tulou.kernel import units
from tulou.kernel.errors import BadUse, NotEnoughData

Numbers = NDArray[np.float64]

SCORED, NOT_SCORED = "scored", "not scored"
SOURCED = "sourced"
SENSITIVITY_SEED = 1
"""Added to the seed, so that the samples of sensitivity are not those of the intervals."""

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


@dataclass(frozen=True, eq=False)
class _Asked:
    """The figures of a composite, taken out of a result table."""

    check: str
    ids: list[str]
    names: list[str | None]
    model: Model
    estimated: Numbers


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
    asked = _asked(results, composite, rulebook, day, above)
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
    asked = _asked(results, composite, rulebook, day, above)
    spread = _spread(asked.model)
    return Scored(
        composite,
        _table(asked, spread),
        _groups(asked),
        _components(asked),
        coherence(composite.top, asked.model.on_one_scale(asked.model.figures.values, asked.model.nominal)),
        _left_out(asked),
        _sensitivity(asked.model),
        spread.shift if spread else np.empty(0),
        spread.factors if spread else (),
    )


def _spread(model: Model) -> Spread | None:
    uncertainty = model.composite.uncertainty
    return spread_of(Variation(model, uncertainty)) if uncertainty is not None else None


def _asked(
    results: Check | pa.Table,
    composite: Composite,
    rulebook: Rules,
    day: date | None,
    above: Mapping[str, str] | None,
) -> _Asked:
    table = results.results if isinstance(results, Check) else results
    day = day or (results.day if isinstance(results, Check) else None)
    if composite.level not in UNIT_LEVELS:
        told = "areas and bodies may be scored, persons and what stands for them never"
        raise BadUse(told, where=composite.where, found=composite.level, allowed=UNIT_LEVELS)
    if composite.since is not None and (day is None or day < composite.since):
        told = "this composite score may not be used yet on this day"
        raise BadUse(told, where=composite.name, found=day, allowed=(f"a day from {composite.since} on",))
    rows = table.filter(pc.equal(pc.cast(table["level"], pa.string()), composite.level))
    if not rows.num_rows:
        raise NotEnoughData("the check has no unit of this level", where=composite.name, found=composite.level)
    named = dict(zip(rows["unit"].to_pylist(), rows["unit_name"].to_pylist(), strict=True))
    ids = sorted(named)
    components = [part for part in leaves(composite.top) if isinstance(part, Component)]
    figures, estimated = _figures(rows, ids, components, composite)
    ends = _ends(rows, ids, components, composite, rulebook, day)
    peers = _peers(ids, above) if composite.gaps.policy == "peers" else None
    held = [logged(each, tuple(components)) for each in figures]
    found = Figures(held[0], held[1], held[2], ends, peers)
    check = table["check"][0].as_py() if table.num_rows else ""
    return _Asked(str(check), ids, [named[one] for one in ids], Model(composite, found), estimated)


def _chosen(rows: pa.Table, one: Component) -> pa.Table:
    is_one = pc.and_(
        pc.equal(pc.cast(rows["indicator"], pa.string()), one.indicator),
        pc.equal(pc.cast(rows["variant"], pa.string()), one.variant),
    )
    return rows.filter(is_one)


def _column(rows: pa.Table, name: str, ids: list[str]) -> Numbers:
    """A column of numbers in the order of the units; NaN where there is none."""
    found = np.full(len(ids), np.nan)
    place = np.searchsorted(np.array(ids, dtype=object), np.array(rows["unit"].to_pylist(), dtype=object))
    found[place] = pc.cast(rows[name], pa.float64()).to_numpy(zero_copy_only=False)
    return found


def _figures(
    rows: pa.Table, ids: list[str], components: list[Component], composite: Composite
) -> tuple[tuple[Numbers, Numbers, Numbers], Numbers]:
    """Values with their bounds, and percent of the weight that rests on estimates."""
    shape = (len(ids), len(components))
    values, low, high = np.full(shape, np.nan), np.full(shape, np.nan), np.full(shape, np.nan)
    is_estimate = np.zeros(shape)
    for place, one in enumerate(components):
        found = _chosen(rows, one)
        known = found.filter(pc.not_equal(pc.cast(found["status"], pa.string()), NOT_ASSESSED))
        values[:, place] = _column(known, "value", ids)
        low[:, place], high[:, place] = _column(known, "low", ids), _column(known, "high", ids)
        is_estimate[:, place] = np.nan_to_num(_column(known, "estimate", ids))
    low = np.fmin(values, np.where(np.isnan(low), values, low))
    high = np.fmax(values, np.where(np.isnan(high), values, high))
    return (values, low, high), is_estimate @ weights_in_the_whole(composite.top) * WHOLE


def _ends(
    rows: pa.Table,
    ids: list[str],
    components: list[Component],
    composite: Composite,
    rulebook: Rules,
    day: date | None,
) -> Numbers | None:
    """Targets or goalposts in the units of the indicators."""
    if composite.scale not in DISTANCES:
        return None
    found = np.full((len(ids), len(components), 2), np.nan)
    for place, one in enumerate(components):
        found[:, place] = _declared(one, rulebook, day) if one.ends else _marks(_chosen(rows, one), ids)
    return np.moveaxis(logged(np.moveaxis(found, -1, 0), tuple(components)), 0, -1)


def _declared(one: Component, rulebook: Rules, day: date | None) -> tuple[float, float]:
    """What a parameter says on a day."""
    if day is None:
        raise BadUse("targets hold from a day on: say which day", where="day", allowed=("a day like 2026-01-29",))
    parameter, indicator = rulebook.parameters.get(one.ends), rulebook.indicators.get(one.indicator)
    if parameter is None or indicator is None:
        lost = one.ends if parameter is None else one.indicator
        raise BadUse("the rulebook does not hold what the composite names", where=one.where, found=lost)
    setting = parameter.values.on(day).value
    low, high = setting.range or (setting.number, setting.number)
    factor = units.factor(parameter.unit, indicator.unit)
    return (np.nan if low is None else low * factor), (np.nan if high is None else high * factor)


def _marks(rows: pa.Table, ids: list[str]) -> Numbers:
    """The pass marks of the check itself, where they are sourced: no other may be held against a figure."""
    evidence = pc.fill_null(pc.equal(pc.cast(rows["mark_evidence"], pa.string()), SOURCED), False)  # noqa: FBT003  (pyarrow's signature)
    held = rows.filter(evidence)
    return np.stack([_column(held, "pass_mark", ids), _column(held, "pass_mark_high", ids)], axis=1)


def _peers(ids: list[str], above: Mapping[str, str] | None) -> NDArray[np.int64]:
    """A number for the unit above each unit; those without one are peers of one another."""
    names = [(above or {}).get(one) or "" for one in ids]
    return np.unique(np.array(names, dtype=str), return_inverse=True)[1].astype(np.int64)


def _table(asked: _Asked, spread: Spread | None) -> pa.Table:
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
        "score": _or_null(scores),
        "low": _or_null(low),
        "high": _or_null(high),
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


def _or_null(values: Numbers) -> pa.Array:
    return pa.array(values, pa.float64(), mask=~np.isfinite(values))


def _whole(values: Numbers, is_unknown: NDArray[np.bool_]) -> pa.Array:
    return pa.array(np.where(is_unknown, 0, np.nan_to_num(values)).astype(np.int64), pa.int64(), mask=is_unknown)


def _groups(asked: _Asked) -> pa.Table:
    scores = asked.model.group_scores()
    tables = []
    for group in groups_of(asked.model.composite.top):
        place = ranks(scores[group.name])
        tables.append(
            pa.table(
                {
                    "unit": pa.array(asked.ids, pa.string()),
                    "group": pa.array([group.name] * len(asked.ids), pa.string()),
                    "score": _or_null(scores[group.name]),
                    "rank": _whole(place, ~np.isfinite(place)),
                }
            )
        )
    return pa.concat_tables(tables)


def _components(asked: _Asked) -> pa.Table:
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
            "correlation": _or_null(done.correlation),
            "explained": _or_null(done.explained * WHOLE),
            "share": _or_null(done.share * WHOLE),
            "drawn_in": pa.array(nothing if found is None else found.drawn_in, pa.int64()),
            "logged": pa.array(nothing.astype(bool) if found is None else found.logged, pa.bool_()),
        }
    )


def _left_out(asked: _Asked) -> pa.Table:
    """Leave out each group and each component in turn; only units that have a score anyway are compared."""
    model = asked.model
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


def _sensitivity(model: Model) -> pa.Table:
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
        [pa.array(variation.factors, pa.string()), _or_null(shares.first), _or_null(shares.total)], schema=schema
    )
