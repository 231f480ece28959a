"""From stations, streets and buildings to who is reached in five minutes, and where more stations help most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from tulou.kernel.facts import Facts
from tulou.measures.access.stations import station_area
from tulou.model.state import State
from tulou.plan.candidates.ground import gathered
from tulou.plan.siting.answer import Sites, Siting
from tulou.plan.siting.centre import Centre, p_centre
from tulou.plan.siting.models import least_number, max_cover
from tulou.processes.declaration import Run
from tulou.processes.fire import told
from tulou.processes.fire.ground import Risk, Ways, risk_of, rule, stations_of, ways_of
from tulou.processes.outcome import Outcome
from tulou.processes.shelters.people import People, people_of

Array = NDArray[np.float64]
PERCENT = 0.01
MOST_NODES = 100
"""Nodes of each search for the fewest stations after which the best answer so far is taken and its gap told."""


@dataclass(frozen=True, eq=False)
class Stations:
    """Fire stations.

    Args:
        names: What each is called.
        grade: Class of each; None where unknown.
        places: Where each stands, m.
        district: Built-up land nearest to each, m²; NaN where no land is on record.
    """

    names: NDArray[np.object_]
    grade: NDArray[np.object_]
    places: Array
    district: Array


@dataclass(frozen=True, eq=False)
class Reached:
    """When the first and the second engine are there.

    Args:
        first: Driving time of the nearest station to each building, s.
        which: Which station that is; -1 for none.
        second: Driving time of the second nearest, s.
        people: Driving time of the nearest station to each demand of people, s.
    """

    first: Array
    which: NDArray[np.int64]
    second: Array
    people: Array


@dataclass(frozen=True, eq=False)
class Proposal:
    """Where more stations would help.

    Args:
        places: Candidate sites, m.
        standing: Stations that stand; they are the first sites of every answer.
        fewest: The fewest that reach all risk that some candidate reaches.
        cover: The chosen number that reaches most risk.
        centre: That number placed so that the longest drive is shortest.
        whole: Risk of the city.
        before: Risk reached by what stands.
    """

    places: Array
    standing: int
    fewest: Siting
    cover: Siting
    centre: Centre
    whole: float
    before: float


def cover(run: Run) -> Outcome:
    """Run the process, see ``fire_cover.PROCESS``."""
    state, values = run.city, run.values
    ways = ways_of(state, factor=values["speed"] * PERCENT, keeps_one_way=values["one_way"] == "keep")
    risk, people = risk_of(state), people_of(state, "night", values["level"])
    names, grade, places = stations_of(state)
    stations = Stations(names, grade, places, _districts(state, places))
    reached = _reached(ways, stations, risk, people)
    found = _proposal(ways, stations, risk, values) if values["new"] else None
    limit = values["driving"]
    return Outcome(
        answer=told.answer(stations, reached, risk, people, found, values),
        figures=told.figures(reached, risk, people, limit),
        tables=told.tables(state, stations, reached, risk, people, found, limit),
        plots=(told.times_plot(reached, risk), told.map_plot(reached, risk)),
        assumptions=told.assumptions(values),
        warnings=told.warnings(stations, risk, people),
        facts=_facts(people, reached, limit),
    )


def _districts(state: State, places: Array) -> Array:
    """Built-up land nearest to each station."""
    parcels = state.rows("parcel")
    land = parcels.where(parcels.numbers("built_up") == 1.0).shapes
    return station_area(places, land) if len(land) and len(places) else np.full(len(places), np.nan)


def _reached(ways: Ways, stations: Stations, risk: Risk, people: People) -> Reached:
    first, which, second = ways.two_nearest(stations.places, risk.places)
    near, _, _ = ways.two_nearest(stations.places, people.places)
    return Reached(first, which, second, near)


def _proposal(ways: Ways, stations: Stations, risk: Risk, values: Mapping[str, Any]) -> Proposal:
    """New stations at crossings, one for each square, beside those that stand."""
    limit, count = values["driving"], values["new"]
    kept = risk.weight > 0
    places, weight = gathered(risk.places[kept], risk.weight[kept])
    sites = np.concatenate([stations.places, _crossings(ways, risk.places)])
    standing = len(stations.places)
    times = ways.times(sites, places)
    asked = Sites(times, weight, reach=limit, opened=tuple(range(standing)))
    far = Sites(times, weight, opened=tuple(range(standing)))
    most = min(standing + count, len(sites))
    before = float(weight[asked.reaches[:, :standing].any(axis=1)].sum())
    return Proposal(
        sites, standing, least_number(asked, nodes=MOST_NODES), max_cover(asked, most, gap=values["gap"] * PERCENT),
        p_centre(far, most, nodes=MOST_NODES), float(weight.sum()), before,
    )  # fmt: skip


def _crossings(ways: Ways, places: Array) -> Array:
    """Crossings near buildings, in each square the one nearest to its middle."""
    square = rule("square")
    nodes = ways.network.places
    nodes = nodes[cKDTree(places).query(nodes, distance_upper_bound=square)[0] < np.inf]
    cell = np.floor(nodes / square)
    away = np.hypot(*(nodes - (cell + 0.5) * square).T)
    order = np.lexsort((away, cell[:, 1], cell[:, 0]))
    _, first = np.unique(cell[order], axis=0, return_index=True)
    return nodes[order[first]]


def _facts(people: People, reached: Reached, limit: float) -> tuple[Facts, ...]:
    """How many residents of each population cell an engine reaches in time."""
    placed = people.demand >= 0
    inside = np.zeros(len(people.count))
    inside[placed] = people.count[placed] * (reached.people[people.demand[placed]] <= limit)
    rows = {"id": list(people.ids[people.known]), "fire_reached": pa.array(inside[people.known])}
    return (Facts("population", pa.table(rows)),)
