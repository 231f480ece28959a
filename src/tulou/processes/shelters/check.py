"""From people, shelters and streets to who finds a place, who does not, and how many square metres are missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tulou.indicators.evaluate.networks import build_network
from tulou.kernel.errors import NotEnoughData
from tulou.kernel.facts import Facts
from tulou.kernel.network import Network
from tulou.kernel.words import Words
from tulou.measures.access.finders import WalkingToShapes
from tulou.model.state import State
from tulou.plan.siting.answer import Sites as Question
from tulou.plan.siting.assign import Assignment, assigned
from tulou.processes.declaration import Run
from tulou.processes.outcome import Balance, Outcome
from tulou.processes.shelters import tables, told
from tulou.processes.shelters.people import People, When, people_of
from tulou.processes.shelters.rules import EMERGENCY, PERCENT, Class, classes, rule
from tulou.processes.shelters.sites import Asked, Sites, known_classes, openable, shelters_of, together

Array = NDArray[np.float64]
Layers = Mapping[str, "Layer"]
FIXED = "fixed"


@dataclass(frozen=True, eq=False)
class Layer:
    """One need and what meets it.

    Args:
        name: ``emergency``, or ``fixed`` for stays beyond the first days.
        need: People of each demand who need a place.
        capacity: People that each site takes in this layer.
        area_a_person: Area that one person more would need, m².
        found: Whom each site serves.
    """

    name: str
    need: Array
    capacity: Array
    area_a_person: float
    found: Assignment

    @property
    def deficit_area(self) -> float:
        """Area that is missing, m²."""
        return self.found.deficit * self.area_a_person


@dataclass(frozen=True, eq=False)
class Checked:
    """Everything a check of shelters rests on and finds.

    Args:
        people: Who is to be sheltered.
        when: Time of the day.
        sites: Where.
        away: Walk of each demand to each site, m; infinite beyond the longest of any class.
        layers: Needs and what meets them.
    """

    people: People
    when: When
    sites: Sites
    away: Array
    layers: Layers


def asked_of(values: Mapping[str, Any]) -> Asked:
    """What a hazard takes away, from the inputs of a process."""
    return Asked(
        hazard=values["hazard"],
        falling=values["falling"],
        debris=values["debris"] * PERCENT,
        storeys=rule("storeys"),
        utilisation=values["utilisation"] * PERCENT,
        flood=values["flood"],
        depth=values["depth"],
        heights=values["heights"],
        slope=values["slope"] * PERCENT,
    )


def check(run: Run) -> Outcome:
    """Run the process, see ``shelter_check.PROCESS``."""
    values, state = run.values, run.city
    asked = asked_of(values)
    sites = sites_of(state, asked, values["sites"], values["least_area"])
    network = walking_of(state)
    times: tuple[When, ...] = ("night", "day") if values["when"] == "both" else (values["when"],)
    done = [checked(people_of(state, when, values["level"]), when, sites, network, values) for when in times]
    return Outcome(
        answer=told.answer(done, asked),
        figures=told.figures(done),
        tables=(
            tables.units_table(done[0]),
            tables.assignment_table(done[0]),
            tables.classes_table(done[0]),
            tables.sites_table(done[0]),
            tables.levels_table(),
        ),
        plots=(tables.missing_plot(done[0]),),
        balances=tuple(_balance(one, layer) for one in done for layer in one.layers.values()),
        assumptions=told.assumptions(asked, values, sites),
        warnings=(*told.warnings_of(done[0].people, sites, asked), *told.nothing_falls(state, asked)),
        facts=_facts(done[0]),
    )


def sites_of(state: State, asked: Asked, which: str, least: float) -> Sites:
    """Shelters on record, with ground that could be opened where that is asked for.

    Raises:
        NotEnoughData: When there is none.
    """
    found = known_classes(shelters_of(state, asked))
    if which == "openable":
        found = together(found, openable(state, asked, least))
    if not len(found):
        allowed = ("sites=openable",) if which == "record" else ("shelter.effective_area", "shelter.indoor")
        raise NotEnoughData("no shelter counts under this hazard", where="shelter", allowed=allowed)
    return found


def walking_of(state: State) -> Network:
    """The ways people walk.

    Raises:
        NotEnoughData: When there are no roads.
    """
    roads = state.rows("road")
    if not len(roads):
        raise NotEnoughData("there are no roads to walk on", where="road")
    return build_network(roads, "walking", np.full(len(roads), np.nan))


def checked(people: People, when: When, sites: Sites, network: Network, values: Mapping[str, Any]) -> Checked:
    """Who finds a place at one time of the day."""
    kinds = [classes()[name] for name in sites.category]
    reach = np.array([kind.distance for kind in kinds])
    away = walks(people.places, sites, network, float(reach.max()))
    first = _emergency(people, sites, away, values["area"])
    return Checked(people, when, sites, away, {EMERGENCY: first, FIXED: _fixed(people, sites, away, kinds, reach)})


def walks(places: Array, sites: Sites, network: Network, limit: float) -> Array:
    """Walk from each place to the outline of each site, m."""
    finder = WalkingToShapes(places, sites.shapes, network)
    every = np.arange(len(places))
    found = np.full((len(places), len(sites)), np.inf)
    for site in np.flatnonzero(finder.is_target):
        away, which = finder.find(every, np.array([site]), limit)
        found[which >= 0, site] = away[which >= 0]
    return found


def _emergency(people: People, sites: Sites, away: Array, area: float) -> Layer:
    """Everybody, in the first days, to any shelter near enough: fixed ones open for the first days too."""
    capacity = sites.room(area)
    question = Question(away, people.weight, capacity, reach=classes()[EMERGENCY].distance)
    return Layer(EMERGENCY, people.weight, capacity, area, assigned(question))


def _fixed(people: People, sites: Sites, away: Array, kinds: list[Class], reach: Array) -> Layer:
    """A share of the people, for longer, to fixed shelters that are as large as their class asks."""
    capacity = fixed_room(sites, kinds)
    need = people.weight * rule("fixed_share")
    near = np.where(away <= reach, away, np.inf)
    near[:, capacity <= 0] = np.inf
    return Layer(FIXED, need, capacity, classes()["short_term"].area_a_person, assigned(Question(near, need, capacity)))


def fixed_room(sites: Sites, kinds: list[Class]) -> Array:
    """People that stay in each site: by area, the record and the most its class allows; 0 where it is too small."""
    area = np.array([kind.area_a_person for kind in kinds])
    least = np.array([kind.least_area if kind.is_fixed else np.inf for kind in kinds])
    most = np.array([kind.most_people for kind in kinds])
    room = np.fmin(np.fmin(sites.room(1.0) / area, sites.capacity), most)
    room = np.where(np.isnan(sites.effective), np.fmin(sites.capacity, most), room)
    small = sites.effective < least
    return np.nan_to_num(np.where(small | np.isinf(least), 0.0, room))


def _balance(one: Checked, layer: Layer) -> Balance:
    share = layer.need.sum() / one.people.weight.sum() if one.people.weight.sum() else 1.0
    night = one.when == "night"
    title = Words(
        f"{'夜间' if night else '昼间'}{'紧急' if layer.name == EMERGENCY else '固定'}避难人口",
        f"People by {one.when}, {'emergency' if layer.name == EMERGENCY else 'fixed'} shelters",
    )
    served = float(layer.found.load.sum())
    left = layer.found.deficit + share * one.people.unplaced
    return Balance(title, share * one.people.total, served + left, 0.0, "person")


def _facts(one: Checked) -> tuple[Facts, ...]:
    """How many residents of each population cell find a place in an emergency shelter; by day nobody counts them."""
    if one.when != "night":
        return ()
    layer, people = one.layers[EMERGENCY], one.people
    part = np.divide(layer.found.served, layer.need, out=np.zeros(len(layer.need)), where=layer.need > 0)
    placed = people.demand >= 0
    served = np.zeros(len(people.count))
    served[placed] = people.count[placed] * part[people.demand[placed]]
    column = pa.array(served[people.known])
    return (Facts("population", pa.table({"id": list(people.ids[people.known]), "emergency_sheltered": column})),)
