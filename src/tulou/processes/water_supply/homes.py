"""Homes of a city beside a model of its water network: which of them have too little pressure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from tulou.kernel.errors import NotEnoughData
from tulou.kernel.facts import Facts
from tulou.measures.water.supply.service_head import service_head
from tulou.model.geography import check_system, to_geographic, to_metric
from tulou.model.rows import Rows
from tulou.model.state import State
from tulou.processes.water_supply.hydraulics import Network
from tulou.processes.water_supply.rules import rule

Array = NDArray[np.float64]
LIVED_IN = ("residential", "mixed")


@dataclass(frozen=True, eq=False)
class Homes:
    """Residential buildings and the pressure in front of them.

    Args:
        buildings: The buildings.
        fails: 1 where the pressure is too low, 0 where it is not, NaN where it cannot be told.
        pressure: Lowest pressure at the nearest junction, m; NaN where none is near.
        residents: People who live there; NaN where unknown.
    """

    buildings: Rows
    fails: Array
    pressure: Array
    residents: Array

    @property
    def facts(self) -> Facts:
        """What the city learns: homes of which it can be told whether the pressure fails."""
        told = np.flatnonzero(np.isfinite(self.fails))
        columns = {
            "id": pa.array(self.buildings.ids[told], pa.string()),
            "water_pressure_fails": pa.array((self.fails[told] > 0).tolist(), pa.bool_()),
        }
        return Facts("building", pa.table(columns))


def homes(state: State, network: Network, lowest: Array, system: str | None, reach: float) -> Homes:
    """Which homes have too little pressure?

    A home takes its water at the nearest junction that has users. Homes of more storeys than the mains are meant for
    have pumps of their own, of which the mains tell nothing.

    Args:
        state: The city.
        network: The network.
        lowest: Lowest pressure of each junction, m.
        system: Metric system of the model's coordinates; that of the city when None.
        reach: How far the nearest junction may be, m.

    Raises:
        BadInput: When the system is none.
        NotEnoughData: When the model has no coordinates, or none of its junctions lies near a home.
    """
    buildings = state.rows("building")
    buildings = buildings.where(np.isin(buildings.texts("use").astype(str), LIVED_IN))
    users = np.flatnonzero(network.asked > 0)
    places = network.places[users]
    if not np.isfinite(places).all():
        raise NotEnoughData("this model has no coordinates", where="network")
    if system is not None and system != state.profile.crs:
        check_system(system, "crs")
        moved = to_metric(to_geographic(np.asarray(shapely.points(places), object), system), state.profile.crs)
        places = shapely.get_coordinates(moved)
    is_there = np.isfinite(places).all(axis=1)  # a place beyond the system's reach is nowhere
    users, places = users[is_there], places[is_there]
    known = np.flatnonzero(np.isfinite(buildings.places).all(axis=1))
    pressure = np.full(len(buildings), np.nan)
    if len(known) and len(users):
        distance, nearest = cKDTree(places).query(buildings.places[known])
        pressure[known] = np.where(distance <= reach, lowest[users[nearest]], np.nan)
    if not np.isfinite(pressure).any():
        raise NotEnoughData(
            "no home lies near a junction of this model", where="crs", found=system, allowed=("EPSG:4549",)
        )
    storeys = buildings.numbers("storeys")
    head = service_head(storeys, rule("head_first_storey"), rule("head_second_storey"), rule("head_more_storey"))
    is_told = np.isfinite(pressure) & np.isfinite(head) & (storeys <= rule("storeys_by_mains"))
    fails = np.where(is_told, (pressure < head).astype(np.float64), np.nan)
    return Homes(buildings, fails, pressure, buildings.numbers("residents"))
