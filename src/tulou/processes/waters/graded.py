"""Water bodies in periods, and what the city learns of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from tulou.kernel.errors import BadInput
from tulou.kernel.facts import ID, Facts
from tulou.kernel.words import Words
from tulou.measures.environment.black_odour import NONE
from tulou.model.state import State
from tulou.processes.known_objects import known_objects

ENTITY = "water"
YEAR = 4
"""Letters of the year at the beginning of a period."""


@dataclass(frozen=True, eq=False)
class Graded:
    """A water body in one period.

    Args:
        body: Its name.
        period: The period.
        low: Lowest grade it may have.
        high: Highest one.
        points: How many points it has.
        stretches: Heavy stretches, by the points that bound them.
        has_enough: Whether there are as many points and samples as the guide asks for.
        is_after: Whether all of it lies after the treatment was accepted.
    """

    body: str
    period: str
    low: int
    high: int
    points: int
    stretches: str
    has_enough: bool
    is_after: bool


def latest(graded: Sequence[Graded]) -> list[Graded]:
    """The latest period of each water body."""
    return list({one.body: one for one in graded}.values())


def relapse_events(graded: Sequence[Graded]) -> float | None:
    """How often did a water body turn black and odorous again in the last year on record, after it was accepted?

    Periods that follow one on another without a clear one between are one event; None where a period is not known.

    Args:
        graded: Its periods, in order of time.
    """
    year = graded[-1].period[:YEAR]
    after = [one for one in graded if one.is_after and one.period[:YEAR] == year]
    if not after or any(one.low <= NONE < one.high for one in after):
        return None
    black = [one.low > NONE for one in after]
    return float(sum(now and not before for before, now in zip([False, *black], black, strict=False)))


def facts_of(
    state: State, graded: Sequence[Graded], treated: Mapping[str, date]
) -> tuple[tuple[Facts, ...], tuple[Words, ...]]:
    """What the waters of a city learn, and which water bodies of the file are none of them.

    Args:
        state: The city.
        graded: Water bodies in periods, in order of time.
        treated: Day on which the treatment of a water body was accepted, by its name.

    Raises:
        BadInput: When the file calls one water body by its id and by its name.
    """
    known = known_objects(state, ENTITY, (one.body for one in graded))
    warnings = known.warnings(Words("水体", "waters"))
    last = [one for one in latest(graded) if one.body in known.ids]
    if not last:
        return (), warnings
    meant = [known.ids[one.body] for one in last]
    for one in last:
        if meant.count(known.ids[one.body]) > 1:
            raise BadInput("one water body has two names in this file", where="samples", found=one.body)
    black = [True if one.low > NONE else False if one.high == NONE else None for one in last]
    events = [
        relapse_events([period for period in graded if period.body == one.body]) if one.body in treated else None
        for one in last
    ]
    columns = {
        ID: pa.array(meant, pa.string()),
        "black_odorous": pa.array(black, pa.bool_()),
        "relapse_events": pa.array(events, pa.float64()),
    }
    return (Facts(ENTITY, pa.table(columns)),), warnings
