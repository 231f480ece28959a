"""What fire cover rests on: a directed network in seconds, stations, buildings by risk."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel import units
from tulou.kernel.documents import At, read_document
from tulou.kernel.errors import NotEnoughData
from tulou.kernel.network import Network
from tulou.measures.access.directed import Signs, directions, driving_times, one_way
from tulou.measures.access.network import walking_network
from tulou.model.state import State

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
RULES_FILE = Path(__file__).with_name("rules.yaml")


@cache
def rules() -> At:
    """All rules."""
    return read_document(RULES_FILE, RULES_FILE.name)


def rule(name: str) -> float:
    """One number of the rules."""
    return float(rules()[name]["value"])


@dataclass(frozen=True, eq=False)
class Ways:
    """A network driven along.

    Args:
        network: Edges in seconds, with the arcs that may be driven.
        direction: Which way each edge is driven.
        pace: Seconds a metre off the network.
    """

    network: Network
    direction: Signs
    pace: float

    def times(self, stations: Array, places: Array, limit: float = np.inf) -> Array:
        """Driving time from each station to each place, (places, stations), s."""
        return driving_times(self.network, self.direction, stations, places, pace=self.pace, limit=limit)

    def two_nearest(self, stations: Array, places: Array) -> tuple[Array, NDArray[np.int64], Array]:
        """Time of the nearest station, which it is (-1 for none), and time of the second nearest."""
        first, second = np.full(len(places), np.inf), np.full(len(places), np.inf)
        which = np.full(len(places), -1, np.int64)
        for station in range(len(stations)):
            time = self.times(stations[[station]], places)[:, 0]
            nearer = time < first
            second = np.where(nearer, first, np.minimum(second, time))
            first, which = np.where(nearer, time, first), np.where(nearer, station, which)
        return first, which, second


@dataclass(frozen=True, eq=False)
class Risk:
    """Buildings that fire can strike.

    Args:
        places: Where each stands, m.
        weight: Risk of each: floor area by use and height, m².
        is_high: Whether it is a high-rise.
        assumed: How many have storeys on no record.
    """

    places: Array
    weight: Array
    is_high: Mask
    assumed: int


def ways_of(state: State, *, factor: float, keeps_one_way: bool) -> Ways:
    """The driving network of a city.

    Args:
        state: The city.
        factor: Share of the speeds that is reached.
        keeps_one_way: Whether one-way streets are kept to.

    Raises:
        NotEnoughData: When no road can be driven.
    """
    roads = state.rows("road")
    drivable = roads.numbers("drivable") != 0.0
    speed = np.array([rules()["speeds"].get(name, np.nan) for name in roads.texts("class")], np.float64)
    speed = np.where(np.isnan(roads.numbers("peak_speed")), speed, roads.numbers("peak_speed")) * factor
    with np.errstate(divide="ignore"):
        pace = units.factor("hour/km", "second/m") / speed
    if not (drivable & np.isfinite(pace)).any():
        raise NotEnoughData("no road can be driven on", where="road", allowed=("road.class", "road.drivable"))
    network = walking_network(roads.shapes, drivable, pace, across_ways=False)
    single = (roads.numbers("oneway") == 1.0) & keeps_one_way
    direction = directions(network, roads.shapes, single)
    off_road = units.factor("hour/km", "second/m") / rule("off_road")
    return Ways(one_way(network, direction), direction, off_road)


def stations_of(state: State) -> tuple[NDArray[np.object_], NDArray[np.object_], Array]:
    """Names, grades and places of the fire stations in service."""
    rows = state.rows("facility")
    kept = np.isin(rows.texts("category"), ["fire_station"]) & (rows.numbers("closed") != 1.0)
    rows = rows.where(kept & np.isfinite(rows.places).all(axis=1))
    names = np.array([word or key for word, key in zip(rows.texts("name"), rows.ids, strict=True)], object)
    return names, rows.texts("grade"), rows.places


def risk_of(state: State) -> Risk:
    """Buildings with their risk: floor area times the factor of the use, and more for high-rises.

    Raises:
        NotEnoughData: When there are no buildings.
    """
    rows = state.rows("building")
    rows = rows.where((rows.numbers("demolished") != 1.0) & np.isfinite(rows.places).all(axis=1))
    if not len(rows):
        raise NotEnoughData("there are no buildings", where="building")
    use, levels, height = rows.texts("use"), rows.numbers("storeys"), rows.numbers("height")
    known = ~(np.isnan(levels) & np.isnan(height) & np.isnan(rows.numbers("floor_area")))
    levels = np.where(np.isnan(levels), np.maximum(np.round(height / rule("storey")), 1.0), levels)
    levels = np.where(np.isnan(levels), rule("storeys"), levels)
    height = np.where(np.isnan(height), levels * rule("storey"), height)
    floor = np.where(
        np.isnan(rows.numbers("floor_area")), shapely.area(rows.shapes) * levels, rows.numbers("floor_area")
    )
    factors = rules()["risk"]
    by_use = np.array([factors["uses"].get(name, factors["other"]) for name in use], np.float64)
    limit = np.where(use == "residential", float(rules()["high_rise"]["home"]), float(rules()["high_rise"]["other"]))
    is_high = known & (height > limit)
    weight = floor * by_use * np.where(is_high, float(factors["high_rise"]), 1.0)
    return Risk(rows.places, np.nan_to_num(weight), is_high, int((~known).sum()))
