"""Places over which winds are told: a table, polygons, or the units of a city."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape

from tulou.kernel.errors import BadInput, NotEnoughData
from tulou.kernel.identity import digest_file
from tulou.model.geography import to_geographic
from tulou.model.state import State
from tulou.sources import datum, limits
from tulou.sources.columns import Wanted, read_columns

Array = NDArray[np.float64]
TABLE = (
    Wanted("name", ("地点", "名称"), "text", is_required=True),
    Wanted("lon", ("lng", "longitude", "经度"), "number", "1", is_required=True),
    Wanted("lat", ("latitude", "纬度"), "number", "1", is_required=True),
)


@dataclass(frozen=True, eq=False)
class Places:
    """Places with names.

    Args:
        names: Their names.
        longitude: Degrees on WGS 84.
        latitude: Degrees on WGS 84.
        sources: SHA-256 of each file that was read.
    """

    names: tuple[str, ...]
    longitude: Array
    latitude: Array
    sources: dict[str, str]


def read_places(path: Path, datum_name: str) -> Places:
    """The places of a table or of polygons.

    Args:
        path: A table, or GeoJSON whose features have a ``name``.
        datum_name: Datum of its coordinates.

    Raises:
        BadInput: When it is neither, or a place is not on the earth.
    """
    if path.suffix.lower() in {".json", ".geojson"}:
        names, x, y = _features(path)
        digest = digest_file(path)
    else:
        table = read_columns(path, TABLE)
        names, x, y, digest = table.texts["name"], table.numbers["lon"], table.numbers["lat"], table.digest
    if not (np.all(np.abs(x) <= 180) and np.all(np.abs(y) <= 90)):  # noqa: PLR2004  (degrees)
        raise BadInput("a place is given by longitude and latitude", where=path.name, allowed=("119.3, 26.1",))
    longitude, latitude = datum.to_wgs84(x, y, datum.named(datum_name))
    return Places(names, longitude, latitude, {path.name: digest})


def places_of_city(state: State, level: str) -> Places:
    """The units of a city, each by a point inside it.

    Raises:
        NotEnoughData: When it has none of this level.
    """
    rows = state.rows(level)
    at = np.flatnonzero(np.isfinite(rows.places).all(axis=1)) if len(rows) else np.empty(0, np.int64)
    if not len(at):
        raise NotEnoughData("the city has no units of this level", where=level)
    points = to_geographic(np.asarray(shapely.points(rows.places[at]), object), state.profile.crs)
    names = rows.texts("name")
    return Places(
        tuple(str(names[place] or rows.ids[place]) for place in at), shapely.get_x(points), shapely.get_y(points), {}
    )


def _features(path: Path) -> tuple[tuple[str, ...], Array, Array]:
    limits.size_of(path, limits.MOST_TEXT_BYTES)
    data = path.read_bytes()
    limits.check_depth(data, path.name)
    try:
        features = json.loads(data)["features"]
        named = [(str(one["properties"]["name"]), _inside(one["geometry"])) for one in features if one.get("geometry")]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput("this is no GeoJSON of named polygons", where=path.name, found=str(error)) from None
    if not named:
        raise BadInput("the file holds no place", where=path.name)
    points = np.array([point for _, point in named])
    return tuple(name for name, _ in named), points[:, 0], points[:, 1]


def _inside(geometry: dict[str, Any]) -> tuple[float, float]:
    point = shapely.point_on_surface(shape(geometry))
    return float(point.x), float(point.y)
