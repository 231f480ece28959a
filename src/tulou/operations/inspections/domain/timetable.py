"""The months of visits: those of one enterprise spread over the year, the days of bodies evened out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tulou.operations.inspections.domain.planning import PlanBody, PlannedFirm

MONTHS = 12


@dataclass(frozen=True)
class Visit:
    """A visit with its month.

    Args:
        enterprise: Credit code.
        number: Its number among those to this enterprise, from 1.
        month: Month, from 1.
        bodies: Bodies that come.
    """

    enterprise: str
    number: int
    month: int
    bodies: tuple[str, ...]


def timetable(firms: Sequence[PlannedFirm], bodies: Mapping[str, PlanBody], *, first: int = 1) -> tuple[Visit, ...]:
    """In which month is each visit?

    The visits to one enterprise stand as far apart as the months left allow; where they begin is chosen, enterprise by
    enterprise, so that the busiest month of the bodies that come is the least busy it can be.

    Args:
        firms: Planned enterprises.
        bodies: Bodies by id.
        first: First month that is left of the year.

    Returns:
        Visits by month, then by enterprise.
    """
    load: dict[tuple[str, int], float] = {}
    found: list[Visit] = []
    left = MONTHS - first + 1
    for firm in sorted(firms, key=lambda one: (-len(one.visits), one.code)):
        step = max(left // len(firm.visits), 1)
        choices = [
            [first + (start + at * step) % left for at in range(len(firm.visits))] for start in range(min(step, left))
        ]
        months = min(choices, key=lambda one: _busiest(one, firm, bodies, load))
        for number, (month, coming) in enumerate(zip(months, firm.visits, strict=True), 1):
            found.append(Visit(firm.code, number, month, coming))
            for body in coming:
                load[body, month] = load.get((body, month), 0.0) + bodies[body].per_visit
    return tuple(sorted(found, key=lambda one: (one.month, one.enterprise, one.number)))


def _busiest(
    months: Sequence[int], firm: PlannedFirm, bodies: Mapping[str, PlanBody], load: Mapping[tuple[str, int], float]
) -> tuple[float, float]:
    after = [
        load.get((body, month), 0.0) + bodies[body].per_visit
        for month, coming in zip(months, firm.visits, strict=True)
        for body in coming
    ]
    return max(after), sum(after)
