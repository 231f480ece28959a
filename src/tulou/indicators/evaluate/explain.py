"""Explaining a figure: its chain, down to the objects it was made of and the commits that speak for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow.compute as pc

from tulou.indicators.evaluate.city import City
from tulou.indicators.evaluate.failing import failing
from tulou.indicators.evaluate.measuring import Measured, measured
from tulou.indicators.evaluate.placement import placed, units_of
from tulou.indicators.evaluate.quantities import city_of
from tulou.indicators.evaluate.reasons import Unanswerable
from tulou.indicators.evaluate.run import Check, check_id
from tulou.indicators.evaluate.telling import tell
from tulou.indicators.evaluate.verdict import judge_of, mark_of
from tulou.indicators.rulebook.content import Formula, Indicator, Rulebook
from tulou.kernel.errors import BadUse
from tulou.kernel.words import Language
from tulou.model.state import State

TOP = 20
"""Objects shown when nobody asks for another number."""


@dataclass(frozen=True)
class ObjectLine:
    """One object behind a figure.

    Args:
        id: Its id.
        name: Its name; empty when nobody knows it.
        part: What of it counts; None when unknown.
        whole: Out of what; None when unknown.
        share: How much of it lies in the unit.
        fails: Whether it pulls the figure down.
        cause: Why; empty when it does not fail or nobody can tell.
        commit: Commit that last spoke of it; None when there is no store.
        estimate: Whether it rests on an estimate.
    """

    id: str
    name: str
    part: float | None
    whole: float | None
    share: float
    fails: bool
    cause: str
    commit: int | None
    estimate: bool


@dataclass(frozen=True)
class Explanation:
    """Where a number comes from.

    Args:
        indicator: The question.
        result: Its row of the result table.
        chain: What it was made from.
        objects: Objects behind it, those that fail first and the worst of them foremost.
        counted: How many objects there are in all.
        part_unit: Unit of the parts.
        whole_unit: Unit of the wholes.
    """

    indicator: Indicator
    result: Mapping[str, Any]
    chain: Mapping[str, Any]
    objects: tuple[ObjectLine, ...]
    counted: int
    part_unit: str = ""
    whole_unit: str = ""

    def lines(self, language: Language) -> list[str]:
        """The explanation in words, a line each."""
        return tell(self, language)


def reopened(check: Check, rulebook: Rulebook, state: State) -> Check:
    """A check read back, joined with the rulebook and state it was made from, so that it can be explained.

    Raises:
        BadUse: When rulebook or state are not the ones it was made from.
    """
    asked = sorted(set(check.results["indicator"].to_pylist()))
    ids = {check_id(rulebook, state, check.day, names) for names in (None, asked)}
    if check.id not in ids:
        raise BadUse("this check was made from another state or rulebook", found=check.id, allowed=sorted(ids))
    return replace(check, city=city_of(rulebook, state, check.day))


def explain(
    check: Check, indicator: str, unit: str, *, variant: str = "", level: str | None = None, top: int = TOP
) -> Explanation:
    """Explain one figure.

    Args:
        check: A check just made, or ``reopened``.
        indicator: Id of the indicator.
        unit: Id of the unit.
        variant: Which answer; the official one when left out.
        level: Level of the unit, when two levels share ids.
        top: Objects shown at most.

    Raises:
        BadUse: When there is no such figure, or the check was read back and not reopened.
    """
    if check.city is None:
        raise BadUse("a check read back is explained together with its rulebook and state: reopen it", found=check.id)
    row = result_of(check, indicator, unit, variant=variant, level=level)
    city = check.city
    question = city.rulebook.indicators[indicator]
    formula = question.variant(variant).on(check.day)
    chain = check.chains[row["chain"]]
    if formula is None:
        return Explanation(question, row, chain, (), 0)
    try:
        found = measured(city, formula.of, formula.binding)
    except Unanswerable:
        return Explanation(question, row, chain, (), 0)
    objects, counted = _objects(city, question, formula, found, row, top)
    return Explanation(question, row, chain, objects, counted, found.part_unit, found.whole_unit)


def result_of(
    check: Check, indicator: str, unit: str, *, variant: str = "", level: str | None = None
) -> dict[str, Any]:
    """One row of the result table.

    Raises:
        BadUse: When there is none; offers what there is.
    """
    table = check.results
    rows = table.filter(pc.equal(pc.cast(table["indicator"], "string"), indicator))
    if not rows.num_rows:
        raise BadUse(
            "there is no such indicator in this check",
            found=indicator,
            allowed=sorted(set(table["indicator"].to_pylist())),
        )
    chosen = rows.filter(pc.and_(pc.equal(rows["unit"], unit), pc.equal(pc.cast(rows["variant"], "string"), variant)))
    if level is not None:
        chosen = chosen.filter(pc.equal(pc.cast(chosen["level"], "string"), level))
    if not chosen.num_rows:
        raise BadUse("there is no figure for this unit", found=unit, allowed=sorted(set(rows["unit"].to_pylist())))
    return dict(chosen.slice(0, 1).to_pylist()[0])


def _objects(
    city: City, indicator: Indicator, formula: Formula, found: Measured, row: Mapping[str, Any], top: int
) -> tuple[tuple[ObjectLine, ...], int]:
    units = units_of(city, row["level"])
    shares = placed(city, formula.of, row["level"])
    at = int(np.flatnonzero(units.ids == row["unit"])[0])
    inside = np.flatnonzero(shares.unit == at)
    rows, share = shares.row[inside], shares.share[inside]
    judge, _ = judge_of(indicator, indicator.variant(row["variant"]), formula, city)
    fails = failing(indicator, formula, found, mark_of(city, indicator, judge))
    ids = city.members(formula.of).take(city.rows(city.rulebook.selections[formula.of].entity).ids)
    order = np.lexsort((ids[rows].astype(str), -np.nan_to_num(found.parts.part[rows]), -fails.size[rows] * share))
    lines = [
        _line(city, formula, found, int(rows[n]), float(share[n]), fails=bool(fails.rows[rows[n]])) for n in order[:top]
    ]
    return tuple(lines), len(rows)


def _line(city: City, formula: Formula, found: Measured, row: int, share: float, *, fails: bool) -> ObjectLine:
    entity = city.rulebook.selections[formula.of].entity
    rows, members = city.rows(entity), city.members(formula.of)
    at = row if members.at is None else int(members.at[row])
    part, whole = float(found.parts.part[row]), float(found.parts.whole[row])
    cause = found.parts.cause[row] if found.parts.cause is not None and fails else None
    name = rows.table["name"][at].as_py() if rows.has("name") else None
    return ObjectLine(
        str(rows.ids[at]),
        name or "",
        None if np.isnan(part) else part,
        None if np.isnan(whole) else whole,
        share,
        fails,
        str(cause or ""),
        int(rows.evidence[at]) if len(rows.evidence) else None,
        bool(found.estimated[row]) if found.estimated is not None else False,
    )
