"""Volunteers matched with tasks: skill, time and way, at the least way of all, tasks shared out evenly.

    minimise  Σ way(o, n) · x(o, n) + again · Σo Σk (k − 1) · y(o, k) + unfilled · Σn (places n − Σo x(o, n))

x says whether volunteer o does task n, y(o, k) whether o does k tasks or more. Nothing about a person is reckoned but
what they offered for this rota, and nothing is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

from tulou.kernel.errors import NotEnoughData
from tulou.plan.programme import Programme

Numbers = NDArray[np.float64]
Reason = Literal["skill", "time", "check", "way", "taken", "few"]
ANY_SKILL = ""
KILOMETRE = 1000.0
CHOSEN = 0.5
_GLOBE = Geod(ellps="WGS84")


@dataclass(frozen=True)
class Offer:
    """What a volunteer offers for this rota.

    Args:
        id: Name or number they chose to be listed by.
        skills: What they can do.
        start: From when.
        end: Until when.
        lon: Where they start from, degrees WGS 84.
        lat: The same.
        reach: How far they would go, km.
        is_checked: Whether their record was checked for work with children or frail people.
    """

    id: str
    skills: frozenset[str]
    start: datetime
    end: datetime
    lon: float
    lat: float
    reach: float
    is_checked: bool = False


@dataclass(frozen=True)
class Task:
    """What help is needed.

    Args:
        id: Its id.
        skill: Skill it needs; empty for none.
        start: When it begins.
        end: When it ends.
        lon: Where, degrees WGS 84.
        lat: The same.
        places: How many volunteers.
        is_guarded: Whether it is with children or frail people.
    """

    id: str
    skill: str
    start: datetime
    end: datetime
    lon: float
    lat: float
    places: int = 1
    is_guarded: bool = False

    def overlaps(self, other: Task) -> bool:
        """Whether the two cannot be done by one person."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Terms:
    """What counts for how much, in km of way.

    Args:
        unfilled: A place that stays empty.
        again: Each further task of one volunteer.
        most: Tasks of one volunteer at most.
    """

    unfilled: float
    again: float
    most: int


@dataclass(frozen=True)
class Rota:
    """Who does what.

    Args:
        pairs: Volunteer, task and way in km.
        empty: Tasks with places that stay empty: how many, and why.
        cost: What it costs, see the module.
    """

    pairs: tuple[tuple[str, str, float], ...]
    empty: tuple[tuple[str, int, Reason], ...]
    cost: float


def matched(offers: Sequence[Offer], tasks: Sequence[Task], terms: Terms) -> Rota:
    """Match volunteers with tasks, proved best.

    Args:
        offers: What is offered.
        tasks: What is needed.
        terms: What counts for how much.

    Raises:
        NotEnoughData: When the solver ends without an answer.
    """
    ways = _ways(offers, tasks)
    pairs = [
        (o, n) for n, task in enumerate(tasks) for o, offer in enumerate(offers) if not _why(offer, task, ways[o, n])
    ]
    programme = Programme()
    cost = np.array([ways[pair] - terms.unfilled for pair in pairs]) if pairs else np.empty(0)
    does = programme.add(len(pairs), cost=cost)
    _bind(programme, offers, tasks, pairs, does, terms)
    solved = programme.minimise()
    if solved is None:
        raise NotEnoughData("no rota was found", where="volunteers")
    chosen = [pair for pair, value in zip(pairs, solved.values[does], strict=True) if value > CHOSEN]
    places = sum(task.places for task in tasks)
    told = tuple((offers[o].id, tasks[n].id, float(ways[o, n])) for o, n in chosen)
    return Rota(told, _empty(offers, tasks, ways, chosen), solved.value + terms.unfilled * places)


def _bind(
    programme: Programme, offers: Sequence[Offer], tasks: Sequence[Task], pairs: list[tuple[int, int]],
    does: NDArray[np.int64], terms: Terms,
) -> None:  # fmt: skip
    """Places, overlaps, and the price of further tasks."""
    for n, task in enumerate(tasks):
        at = does[[pair[1] == n for pair in pairs]] if pairs else does
        if len(at):
            programme.require(at, 1.0, most=float(task.places))
    for o in range(len(offers)):
        mine = [(place, n) for place, (who, n) in enumerate(pairs) if who == o]
        for (one, first), (other, second) in combinations(mine, 2):
            if tasks[first].overlaps(tasks[second]):
                programme.require(does[[one, other]], 1.0, most=1.0)
        if mine:
            steps = programme.add(terms.most, cost=terms.again * np.arange(terms.most), whole=False)
            at = np.concatenate([does[[place for place, _ in mine]], steps])
            programme.require(at, np.concatenate([np.ones(len(mine)), -np.ones(terms.most)]), most=0.0)


def _ways(offers: Sequence[Offer], tasks: Sequence[Task]) -> Numbers:
    """Way from each volunteer to each task in a straight line, km."""
    if not offers or not tasks:
        return np.empty((len(offers), len(tasks)))
    lons, lats = (np.repeat([getattr(one, name) for one in offers], len(tasks)) for name in ("lon", "lat"))
    to_lons, to_lats = (np.tile([getattr(one, name) for one in tasks], len(offers)) for name in ("lon", "lat"))
    _, _, metres = _GLOBE.inv(lons, lats, to_lons, to_lats)
    return np.asarray(metres, float).reshape(len(offers), len(tasks)) / KILOMETRE


def _why(offer: Offer, task: Task, way: float) -> Reason | None:
    """Why a volunteer cannot do a task; None when they can."""
    if task.skill != ANY_SKILL and task.skill not in offer.skills:
        return "skill"
    if task.is_guarded and not offer.is_checked:
        return "check"
    if task.start < offer.start or task.end > offer.end:
        return "time"
    return "way" if way > offer.reach else None


_ORDER: tuple[Reason, ...] = ("taken", "way", "time", "check", "skill")
"""Reasons, the one that is nearest to being mended first."""


def _empty(
    offers: Sequence[Offer], tasks: Sequence[Task], ways: Numbers, chosen: Sequence[tuple[int, int]]
) -> tuple[tuple[str, int, Reason], ...]:
    found = []
    for n, task in enumerate(tasks):
        filled = {o for o, other in chosen if other == n}
        lacking = task.places - len(filled)
        if lacking:
            why = {_why(offer, task, ways[o, n]) or "taken" for o, offer in enumerate(offers) if o not in filled}
            reason: Reason = next((one for one in _ORDER if one in why), "few")
            found.append((task.id, lacking, reason))
    return tuple(found)
