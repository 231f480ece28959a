"""Risks with their grades, and the colours of the places they lie in."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.errors import TulouError
from tulou.model.rows import Rows
from tulou.operations.safety.adapters.facts import Risk
from tulou.operations.safety.adapters.grading_rules import Methods
from tulou.operations.safety.domain.grading import UNKNOWN, Colour, Grade, graded, gravest


@dataclass(frozen=True)
class GradedRisk:
    """A risk with its grades.

    Args:
        risk: The risk.
        before: Grade before measures.
        after: Grade after measures.
        fault: Why a grade is unknown though factors are given; empty otherwise.
        is_reference: Whether the method's table is not confirmed by a source.
    """

    risk: Risk
    before: Grade
    after: Grade
    fault: str
    is_reference: bool

    @property
    def now(self) -> Grade:
        """The grade that counts: after measures; before them where what they do is not known."""
        return self.after if self.after.level else self.before


@dataclass(frozen=True)
class UnitColour:
    """A unit of the city with its colour.

    Args:
        unit: Id of the unit.
        name: Its name.
        colour: Gravest colour of its risks; None where unknown.
        counts: Risks by colour.
        unknown: Risks whose colour is unknown.
        has_none: Whether no risk is there and the register is claimed complete.
    """

    unit: str
    name: str
    colour: Colour | None
    counts: Mapping[Colour, int]
    unknown: int
    has_none: bool


def graded_risk(risk: Risk, methods: Methods, day: date) -> GradedRisk:
    """A risk with its grades; a factor that is not on the table leaves them unknown and says so."""
    try:
        method = methods.on(risk.method, day)
        before = graded(method, risk.factors, risk.declared)
        after = graded(method, risk.residual, risk.residual_declared)
    except TulouError as error:
        return GradedRisk(risk, UNKNOWN, UNKNOWN, str(error.faults[0].what), is_reference=False)
    return GradedRisk(risk, before, after, "", method.is_reference)


def unit_colours(rows: Rows, risks: Sequence[GradedRisk], *, is_whole: bool) -> list[UnitColour]:
    """The units of a level, each with the colour of the risks inside.

    Args:
        rows: The units.
        risks: The risks; one without a place lies in no unit, one on a border in the first that touches it.
        is_whole: Whether the register of risks is claimed complete, so that no risk on record means no risk.
    """
    inside = _inside(rows, [one.risk.place for one in risks])
    names = rows.texts("name")
    return [
        _unit_colour(str(name), names[at], [risks[one] for one in inside[at]], is_whole=is_whole)
        for at, name in enumerate(rows.ids)
    ]


def _unit_colour(unit: str, name: str | None, inside: Sequence[GradedRisk], *, is_whole: bool) -> UnitColour:
    colours = [one.now.colour for one in inside]
    colour, unknown = gravest(colours)
    counts = {one: colours.count(one) for one in colours if one is not None}
    return UnitColour(unit, name or unit, colour, counts, unknown, has_none=not inside and is_whole)


def _inside(rows: Rows, places: Sequence[tuple[float, float]]) -> list[list[int]]:
    """Which places lie in each unit; a place without coordinates lies in none."""
    found: list[list[int]] = [[] for _ in range(len(rows))]
    known = [at for at, place in enumerate(places) if not math.isnan(place[0])]
    if not known or not len(rows):
        return found
    points = np.asarray(shapely.points(np.array([places[at] for at in known], float)), object)
    shapes: NDArray[np.object_] = rows.shapes
    where, which = shapely.STRtree(points).query(shapes, predicate="intersects")
    taken: set[int] = set()
    for unit, point in zip(where.tolist(), which.tolist(), strict=True):
        if point not in taken:
            taken.add(point)
            found[unit].append(known[point])
    return found
