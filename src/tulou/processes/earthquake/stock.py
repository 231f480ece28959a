"""The buildings that a scenario strikes: those of a city, or those of an exposure file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput, NotEnoughData
from tulou.kernel.identity import digest_file
from tulou.kernel.words import Words
from tulou.model.geography import to_geographic
from tulou.model.rows import Rows
from tulou.model.state import State
from tulou.processes.earthquake.rules import BuildingType, EarthquakeRules
from tulou.processes.unit_places import UnitPlaces, named_units, unit_places
from tulou.sources.columns import Columns, Wanted, read_columns
from tulou.sources.nrml import read_exposure_model

Array = NDArray[np.float64]
UNKNOWN = ""
"""Type of a building of which too little is known."""


@dataclass(frozen=True, eq=False)
class Stock:
    """Buildings, or groups of equal ones.

    Args:
        ids: Ids of the assets.
        types: Type or taxonomy of each; empty where unknown.
        titles: What each type is called.
        count: Buildings in each.
        people: People in each at the time of the scenario; NaN where unknown.
        size: Floor area in m², or number of buildings where it is not told; NaN where unknown.
        value: What it costs to build each anew; NaN where unknown.
        currency: Unit of the value.
        units: Units that hold them.
        places: Longitude and latitude of each, degrees, shape (assets, 2); NaN where unknown.
        sources: SHA-256 of each file that was read.
    """

    ids: tuple[str, ...]
    types: tuple[str, ...]
    titles: dict[str, Words]
    count: Array
    people: Array
    size: Array
    value: Array
    currency: str
    units: UnitPlaces
    places: Array
    sources: dict[str, str] = field(default_factory=dict)
    is_typed: bool = False
    """Whether the types are those of the rules."""


def stock_of_city(state: State, rules: EarthquakeRules, *, level: str, price: float | None) -> Stock:
    """The buildings of a city.

    Args:
        state: The city.
        rules: How types are told apart.
        level: Level of the units that are told.
        price: What a square metre costs to build anew, yuan; None where unknown.

    Raises:
        NotEnoughData: When the city has no building.
    """
    buildings = standing(state)
    if not len(buildings):
        raise NotEnoughData("the city has no building", where="building")
    value = np.full(len(buildings), np.nan) if price is None else buildings.numbers("floor_area") * price
    return Stock(
        ids=tuple(map(str, buildings.ids)),
        types=types_of(buildings, rules.types),
        titles={one.name: one.title for one in rules.types},
        count=np.ones(len(buildings)),
        people=buildings.numbers("residents"),
        size=buildings.numbers("floor_area"),
        value=value,
        currency="yuan",
        units=unit_places(state, level, buildings.places),
        places=_geographic(buildings.places, state.profile.crs),
        is_typed=True,
    )


def _geographic(places: Array, system: str) -> Array:
    """Longitude and latitude of places in a metric system."""
    points = to_geographic(np.asarray(shapely.points(np.nan_to_num(places)), object), system)
    found = np.column_stack([shapely.get_x(points), shapely.get_y(points)])
    found[~np.isfinite(places).all(axis=1)] = np.nan
    return found


def standing(state: State) -> Rows:
    """The buildings of a city that still stand."""
    buildings = state.rows("building")
    return buildings.where(buildings.numbers("demolished") != 1) if len(buildings) else buildings


def types_of(buildings: Rows, types: Sequence[BuildingType]) -> tuple[str, ...]:
    """The type of each building: the first that fits; empty where structure, year or storeys leave it open."""
    structure, year, storeys = (
        buildings.texts("structure"),
        buildings.numbers("year_built"),
        buildings.numbers("storeys"),
    )
    found = np.full(len(buildings), UNKNOWN, object)
    is_open = np.ones(len(buildings), bool)
    for one in types:
        alike = is_open & (structure == one.structure)
        fits = alike & _within(year, one.years) & _within(storeys, one.storeys)
        found[fits] = one.name
        is_open &= ~fits
    return tuple(found)


def _within(values: Array, bounds: tuple[float, float]) -> NDArray[np.bool_]:
    """Whether values are known to lie in a span, its upper end included; any value does in one without ends."""
    low, high = bounds
    if not np.isfinite(low) and not np.isfinite(high):
        return np.ones(len(values), bool)
    return (values >= low) & (values <= high)


EXPOSURE = (
    Wanted("id", ("asset_id", "asset", "编号"), "text", is_required=True),
    Wanted("type", ("taxonomy", "class", "类型"), "text", is_required=True),
    Wanted("count", ("number", "value-number", "栋数"), "number", "1", least=0.0, is_required=True),
    Wanted("value", ("structural", "value-structural", "造价"), "number", "1", least=0.0),
    Wanted("lon", ("longitude", "经度"), "number", "1"),
    Wanted("lat", ("latitude", "纬度"), "number", "1"),
    Wanted("people", ("night", "occupants_night", "residents", "人数"), "number", "person", least=0.0),
)
PER_ASSET = "per_asset"
"""Cost type by which a value is that of one building of an asset."""


def stock_of_exposure(path: Path, *, unit: str, people_each: bool) -> Stock:
    """The buildings of an exposure file.

    Args:
        path: A table, or the NRML file that names one.
        unit: Heading of the column that names the unit of each asset; empty for none.
        people_each: Whether its people are those of one building of an asset.

    Raises:
        BadInput: When it is no such file, an asset stands there twice, or the column of units is missing.
    """
    sources: dict[str, str] = {}
    cost_type, table_path = "", path
    if path.suffix.lower() == ".xml":
        model = read_exposure_model(path)
        if len(model.tables) > 1:
            raise BadInput("one table of assets is read", where=path.name, found=", ".join(model.tables))
        cost_type, table_path = model.cost_type, path.with_name(model.tables[0])
        sources[path.name] = digest_file(path)
    wanted = (*EXPOSURE, *((Wanted("unit", (unit.lower(),), "text", is_required=True),) if unit else ()))
    table = read_columns(table_path, wanted)
    sources[table_path.name] = table.digest
    stock = _stock(table, cost_type, table_path.name, sources)
    return replace(stock, people=stock.people * stock.count) if people_each else stock


def _stock(table: Columns, cost_type: str, where: str, sources: dict[str, str]) -> Stock:
    ids = table.texts["id"]
    if len(set(ids)) < len(ids):
        raise BadInput("each asset has one row", where=where, found=len(ids) - len(set(ids)))
    nothing = np.full(table.rows, np.nan)
    count = table.numbers["count"]
    value = table.numbers.get("value", nothing)
    types = table.texts["type"]
    return Stock(
        ids=ids,
        types=types,
        titles={name: Words(name, name) for name in types},
        count=count,
        people=table.numbers.get("people", nothing),
        size=count,
        value=value * count if cost_type == PER_ASSET else value,
        currency="1",
        units=named_units(table.texts.get("unit", ("",) * table.rows)),
        places=np.column_stack([table.numbers.get(name, nothing) for name in ("lon", "lat")]),
        sources=sources,
    )
