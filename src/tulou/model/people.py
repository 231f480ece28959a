"""Estimated population: people by residential floor area, where a city has no count of them.

    residents = floor area x share that is housing / floor area a person

Each factor has a lower and an upper bound, and the bounds of the product are carried to every figure made from it. What
is on record counts as it is; what is not is bounded by what the rest of the city shows: storeys by the quartiles of the
storeys on record, the use of a building of unknown use by nothing (0) and all of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from tulou.kernel.facts import Facts
from tulou.kernel.polygons import holders
from tulou.model.geography import to_geographic
from tulou.model.rows import Rows
from tulou.model.state import State

Numbers = NDArray[np.float64]

HOUSING_SHARE = {"residential": 1.0, "mixed": 0.5}
"""Share of the floor area of a use that is housing: all of a residential building, half of a mixed one."""
QUARTILES = (0.25, 0.5, 0.75)
STOREY_HEIGHT = 3.0
"""Metres; turns a height on record into storeys where storeys are not."""
UNRECORDED_BOUNDS = (1.0, 6.0)
"""Storeys at least and at most where no building of the city has any on record."""
SMALLEST_HOME = 30.0
"""Footprint in m2 below which a building of unknown use is taken for a shed."""


@dataclass(frozen=True)
class Assumptions:
    """What the estimate rests on besides the city's own facts.

    Args:
        floor_per_person: Housing floor area a person, m2.
        floor_bounds: Its lower and upper bound.
        storeys: Storeys assumed where the city records none at all.
        people: Known number of residents of the whole city, to scale to; None when nobody knows.
    """

    floor_per_person: float
    floor_bounds: tuple[float, float]
    storeys: float
    people: float | None = None


@dataclass(frozen=True)
class Bounded:
    """An estimate with its bounds, one of each a row."""

    low: Numbers
    middle: Numbers
    high: Numbers

    def __mul__(self, other: Bounded) -> Bounded:
        return Bounded(self.low * other.low, self.middle * other.middle, self.high * other.high)

    def scaled(self, low: float, middle: float, high: float) -> Bounded:
        """Each bound times a number of its own."""
        return Bounded(self.low * low, self.middle * middle, self.high * high)


def estimate_population(state: State, assumed: Assumptions) -> Facts | None:
    """Population cells, one a building where people may live.

    Args:
        state: The city.
        assumed: What the estimate rests on.

    Returns:
        Facts about ``population``, each marked as an estimate and with bounds; None where no building may be lived in.
    """
    buildings = state.rows("building")
    people = people_of(buildings, state, assumed)
    lived = np.flatnonzero(np.isfinite(people.high) & (people.high > 0) & np.isfinite(buildings.places).all(axis=1))
    total = people.middle[lived].sum()
    if not len(lived) or total <= 0:
        return None
    factor = assumed.people / total if assumed.people else 1.0
    points = to_geographic(np.asarray(shapely.points(buildings.places[lived]), object), state.profile.crs)
    return Facts(
        "population",
        pa.table(
            {
                "id": [f"derived:people-{name}" for name in buildings.ids[lived]],
                "residents": people.middle[lived] * factor,
                "residents_low": people.low[lived] * factor,
                "residents_high": people.high[lived] * factor,
                "estimated": pa.array(np.ones(len(lived), bool)),
                "geometry": pa.array(shapely.to_wkb(points)),
            }
        ),
    )


def people_of(buildings: Rows, state: State, assumed: Assumptions) -> Bounded:
    """People who may live in some buildings, before any scaling to a known number.

    Args:
        buildings: The buildings, of the city or planned for it.
        state: The city, whose other buildings tell what these leave open.
        assumed: What the estimate rests on.
    """
    footprint = _footprint(buildings)
    floor = _floor_area(buildings, state, footprint, assumed) * _housing(state, buildings, footprint)
    low, high = assumed.floor_bounds
    return floor.scaled(1 / high, 1 / assumed.floor_per_person, 1 / low)


def _footprint(buildings: Rows) -> Numbers:
    shapes = np.asarray(buildings.shapes, object)
    return np.where(shapely.is_missing(shapes), np.nan, shapely.area(shapes))


def _housing(state: State, buildings: Rows, footprint: Numbers) -> Bounded:
    """Share of each building that is housing."""
    share, is_open = _recorded_share(buildings)
    unknown = is_open & (footprint >= SMALLEST_HOME)
    if not unknown.any():
        return Bounded(share, share, share)
    at_home = unknown & _on_residential_land(state, buildings.places)
    usual = _usual_share(state.rows("building"))
    middle = np.where(at_home, 1.0, np.where(unknown, usual, share))
    return Bounded(np.where(unknown, 0.0, share), middle, np.where(unknown, 1.0, share))


def _recorded_share(buildings: Rows) -> tuple[Numbers, NDArray[np.bool_]]:
    """Share of each building that is housing by its use, and which have no use on record."""
    use = buildings.texts("use")
    share = np.array([HOUSING_SHARE.get(name or "", 0.0) for name in use], np.float64)
    return share, np.array([name is None for name in use], bool)


def _usual_share(buildings: Rows) -> float:
    """Share of the ground built on that is housing, over the buildings whose use is on record."""
    footprint, (share, is_open) = _footprint(buildings), _recorded_share(buildings)
    whole = np.nansum(footprint[~is_open])
    return float(np.nansum((footprint * share)[~is_open]) / whole) if whole > 0 else 1.0


def _on_residential_land(state: State, places: Numbers) -> NDArray[np.bool_]:
    parcels = state.rows("parcel")
    shapes = np.asarray(parcels.shapes, object)
    shapes = shapes[(parcels.texts("use") == "residential") & ~shapely.is_missing(shapes)]
    return holders(shapes, places, "within") >= 0


def _floor_area(buildings: Rows, state: State, footprint: Numbers, assumed: Assumptions) -> Bounded:
    """Floor area of each building: as recorded, else footprint times storeys."""
    recorded = buildings.numbers("floor_area")
    storeys = _storeys(buildings, state, assumed)
    return Bounded(
        np.where(np.isnan(recorded), footprint * storeys.low, recorded),
        np.where(np.isnan(recorded), footprint * storeys.middle, recorded),
        np.where(np.isnan(recorded), footprint * storeys.high, recorded),
    )


def _storeys(buildings: Rows, state: State, assumed: Assumptions) -> Bounded:
    """Storeys as recorded, else from the height, else bounded by the quartiles of those on record in the city."""
    storeys = _recorded_storeys(buildings)
    unknown = np.isnan(storeys)
    if not unknown.any():
        return Bounded(storeys, storeys, storeys)
    recorded = _recorded_storeys(state.rows("building"))
    known = recorded[np.isfinite(recorded)]
    low, middle, high = (
        np.quantile(known, QUARTILES) if len(known) else (UNRECORDED_BOUNDS[0], assumed.storeys, UNRECORDED_BOUNDS[1])
    )
    return Bounded(*(np.where(unknown, value, storeys) for value in (low, middle, high)))


def _recorded_storeys(buildings: Rows) -> Numbers:
    """Storeys as recorded, else from the height; NaN where neither is."""
    storeys = buildings.numbers("storeys")
    from_height = np.maximum(np.round(buildings.numbers("height") / STOREY_HEIGHT), 1.0)
    return np.where(np.isnan(storeys), from_height, storeys)
