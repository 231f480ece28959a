"""Objects behind an indicator, all of them at once: which pull its figure down, for a map or a model of the city."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tulou.indicators.evaluate.failing import failing
from tulou.indicators.evaluate.measuring import measured
from tulou.indicators.evaluate.reasons import Unanswerable
from tulou.indicators.evaluate.run import Check
from tulou.indicators.evaluate.verdict import judge_of, mark_of
from tulou.kernel.errors import BadUse, NotEnoughData


@dataclass(frozen=True, eq=False)
class Objects:
    """Every object an indicator asks about.

    Args:
        entity: What they are.
        ids: Their ids.
        part: What of each counts; NaN where unknown.
        whole: Out of what; NaN where unknown.
        fails: Whether each pulls the figure down; an unknown one does not.
        part_unit: Unit of the parts.
        whole_unit: Unit of the wholes.
    """

    entity: str
    ids: NDArray[np.object_]
    part: NDArray[np.float64]
    whole: NDArray[np.float64]
    fails: NDArray[np.bool_]
    part_unit: str
    whole_unit: str

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def known(self) -> NDArray[np.bool_]:
        """Objects of which part and whole are known."""
        return ~(np.isnan(self.part) | np.isnan(self.whole))


def objects_of(check: Check, indicator: str, *, variant: str = "") -> Objects:
    """Which objects an indicator asks about, and which of them pull its figure down.

    Args:
        check: A check just made, or ``explain.reopened``.
        indicator: Id of the indicator.
        variant: Which answer; the official one when left out.

    Raises:
        BadUse: When this check does not ask it, or was read back and not reopened.
        NotEnoughData: When it is not answered from objects on that day, or nothing it needs is on record.
    """
    city = check.city
    if city is None:
        raise BadUse("a check read back is explained together with its rulebook and state: reopen it", found=check.id)
    asked = set(check.results["indicator"].to_pylist())
    if indicator not in asked:
        raise BadUse("there is no such indicator in this check", found=indicator, allowed=sorted(asked))
    question = city.rulebook.indicators[indicator]
    known = tuple(one.name for one in question.variants)
    if variant not in known:
        raise BadUse("the indicator has no such variant", where=indicator, found=variant, allowed=known)
    formula = question.variant(variant).on(check.day)
    if formula is None:
        raise NotEnoughData("no formula of this indicator is in force on that day", where=indicator)
    try:
        found = measured(city, formula.of, formula.binding)
    except Unanswerable:
        raise NotEnoughData("what this indicator asks of objects is not on record", where=indicator) from None
    judge, _ = judge_of(question, question.variant(variant), formula, city)
    fails = failing(question, formula, found, mark_of(city, question, judge))
    entity = city.rulebook.selections[formula.of].entity
    ids = city.members(formula.of).take(city.rows(entity).ids)
    return Objects(
        entity, ids, found.parts.part, found.parts.whole, fails.rows, found.part_unit, found.whole_unit
    )  # fmt: skip
