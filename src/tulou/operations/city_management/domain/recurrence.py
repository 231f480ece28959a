"""Recurrence: where does the same kind of case come back at the same place?

Cases of one class are linked when they lie within a distance and a window of days of one another. A case with enough
links is a core; linked cores are one cluster, and what is linked to a core joins it. That is DBSCAN with a distance in
space and one in time (Ester et al. 1996; ST-DBSCAN, Birant & Kut 2007). A place recurs, never a person: nothing here
knows who reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import shapely
from numpy.typing import NDArray

SECONDS_A_DAY = 86_400.0
ALONE = -1


@dataclass(frozen=True)
class RecurrenceRule:
    """When cases recur.

    Args:
        window: Days between two linked cases, at most.
        distance: Metres between two linked cases, at most.
        least: Fewest cases within reach that make a core, itself counted.
        public_least: Fewest cases of a cluster that is published.
    """

    window: float
    distance: float
    least: int
    public_least: int


@dataclass(frozen=True)
class Spot:
    """One case for this question.

    Args:
        id: Its id.
        case_class: Its class.
        place: East and north, metres; None where it is not known.
        opened: When it was reported.
        closed: When it was closed; None while it is open.
    """

    id: str
    case_class: str
    place: tuple[float, float] | None
    opened: datetime
    closed: datetime | None = None


@dataclass(frozen=True)
class Cluster:
    """A place where a class of cases recurs.

    Args:
        case_class: The class.
        cases: Ids of its cases, the earliest first.
        place: East and north of the case in its middle, metres.
        first: When its first case was reported.
        last: When its last case was reported.
        came_back: Cases reported after an earlier one of them had been closed; the rest may be repeats of one report.
    """

    case_class: str
    cases: tuple[str, ...]
    place: tuple[float, float]
    first: datetime
    last: datetime
    came_back: int


def clusters(spots: Sequence[Spot], rule: RecurrenceRule) -> list[Cluster]:
    """Places where cases recur, those with most cases first.

    Args:
        spots: The cases; those without a place are left out.
        rule: When cases recur.
    """
    found: list[Cluster] = []
    for name in sorted({spot.case_class for spot in spots}):
        mine = sorted(
            (spot for spot in spots if spot.case_class == name and spot.place is not None),
            key=lambda spot: (spot.opened, spot.id),
        )
        groups = labels(mine, rule)
        found += [
            _cluster([mine[one] for one in np.flatnonzero(groups == group)])
            for group in range(int(groups.max(initial=ALONE)) + 1)
        ]
    return sorted(found, key=lambda one: (-len(one.cases), -one.came_back, one.case_class, one.first, one.cases))


def labels(spots: Sequence[Spot], rule: RecurrenceRule) -> NDArray[np.int64]:
    """Cluster of each case of one class, numbered as they begin; ``ALONE`` for those in none.

    Args:
        spots: Cases of one class with places, in order of time.
        rule: When cases recur.
    """
    count = len(spots)
    found = np.full(count, ALONE, np.int64)
    if not count:
        return found
    places = np.array([spot.place for spot in spots], np.float64)
    days = np.array([spot.opened.timestamp() for spot in spots]) / SECONDS_A_DAY
    points = np.asarray(shapely.points(places), object)
    one, other = shapely.STRtree(points).query(points, predicate="dwithin", distance=rule.distance)
    near = np.abs(days[one] - days[other]) <= rule.window
    one, other = one[near], other[near]
    core = np.bincount(one, minlength=count) >= rule.least
    root = _joined(count, one[core[one] & core[other]], other[core[one] & core[other]])
    # What is no core joins the first core it is linked to.
    edge = core[other] & ~core[one]
    order = np.lexsort((other[edge], one[edge]))
    reached, first = np.unique(one[edge][order], return_index=True)
    root[reached] = root[other[edge][order][first]]
    core[reached] = True
    known = np.flatnonzero(core)
    number = {group: place for place, group in enumerate(dict.fromkeys(root[known].tolist()))}
    found[known] = [number[group] for group in root[known].tolist()]
    return found


def _joined(count: int, one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
    """The least member of the group each belongs to, when pairs are joined."""
    root = np.arange(count)
    while True:
        least = root.copy()
        np.minimum.at(least, one, root[other])
        least = least[least]
        if (least == root).all():
            return root
        root = least


def _cluster(spots: Sequence[Spot]) -> Cluster:
    places = np.array([spot.place for spot in spots], np.float64)
    middle = int(np.hypot(*(places - np.median(places, axis=0)).T).argmin())
    came_back = sum(
        any(early.closed is not None and early.closed <= spot.opened for early in spots[:place])
        for place, spot in enumerate(spots)
    )
    east, north = places[middle].tolist()
    ids = tuple(spot.id for spot in spots)
    return Cluster(spots[0].case_class, ids, (east, north), spots[0].opened, spots[-1].opened, came_back)
