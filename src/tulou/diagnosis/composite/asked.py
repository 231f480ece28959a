"""What a composite is made of, taken out of a result table: figures with their bounds, targets, and peers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tulou.diagnosis.composite.averages import leaves, weights_in_the_whole
from tulou.diagnosis.composite.model import WHOLE, Figures, Model, logged
from tulou.diagnosis.composite.read import Rules
from tulou.diagnosis.composite.recipe import UNIT_LEVELS, Component, Composite
from tulou.diagnosis.composite.scales import DISTANCES
from tulou.indicators.evaluate.run import Check
from tulou.indicators.evaluate.verdict import NOT_ASSESSED
from tulou.kernel import units
from tulou.kernel.errors import BadUse, NotEnoughData

Numbers = NDArray[np.float64]
SOURCED = "sourced"


@dataclass(frozen=True, eq=False)
class Asked:
    """The figures of a composite, taken out of a result table.

    Args:
        check: Id of the check.
        ids: The units, in order.
        names: Their names; None where they have none.
        model: The composite over their figures.
        estimated: Percent of the weight that rests on estimates, one a unit.
    """

    check: str
    ids: list[str]
    names: list[str | None]
    model: Model
    estimated: Numbers


def asked_of(
    results: Check | pa.Table,
    composite: Composite,
    rulebook: Rules,
    day: date | None,
    above: Mapping[str, str] | None,
) -> Asked:
    """Take the figures of a composite out of a result table.

    Args:
        results: A check, or a result table such as a check holds.
        composite: What is made.
        rulebook: Where its indicators and parameters stand.
        day: Day whose targets hold; that of the check by default.
        above: Unit above each unit, for the policy ``peers``.

    Raises:
        BadUse: When the rulebook does not hold what the composite names, or it may not be used on that day.
        NotEnoughData: When the table has no unit of the level.
    """
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
    return Asked(str(check), ids, [named[one] for one in ids], Model(composite, found), estimated)


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
