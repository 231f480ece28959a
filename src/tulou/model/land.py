"""Derived land: built-up land around buildings that no parcel covers, where a city's land register has gaps.

OpenStreetMap knows nearly every building of a city and the use of only some of its land. A density per built-up area or
a cover of residential land over the few parcels drawn would be wrong by a multiple. So land within a reach of buildings
that stand on no parcel becomes a derived parcel: residential around homes, of unknown use around the rest. Derived
parcels are marked as estimates, and so are the figures made from them.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from tulou.kernel.facts import Facts
from tulou.kernel.identity import digest_bytes
from tulou.kernel.polygons import holders
from tulou.model.geography import to_geographic
from tulou.model.rows import Rows
from tulou.model.state import State

TILE = 1000.0
"""Side of the squares in which neighbours are merged, metres."""
CORNERS = 2
"""Segments a quarter circle of the outline is drawn with: land has no round corners."""
SLIVER = 50.0
"""Pieces smaller than this, in m2, are left out."""
DERIVED = "derived"
HOMES = ("residential", "mixed")


def derive_land(state: State, *, reach: float) -> Facts | None:
    """Parcels around buildings that stand on none.

    Args:
        state: The city.
        reach: How far built-up land reaches around a building, metres.

    Returns:
        Facts about ``parcel``, or None where every building stands on one.
    """
    buildings, parcels = state.rows("building"), _registered(state.rows("parcel"))
    shapes = np.asarray(buildings.shapes, object)
    loose = (shapely.get_dimensions(shapes) > 1) & ~_stand_on(buildings.places, parcels)
    if not loose.any():
        return None
    at_home = np.isin(buildings.texts("use"), HOMES)
    taken = [parcels, state.rows("water").shapes, state.rows("green").shapes]
    homes = _land(shapes[loose & at_home], taken, reach)
    rest = _land(shapes[loose & ~at_home], [*taken, homes], reach)
    pieces = np.concatenate([homes, rest])
    if not len(pieces):
        return None
    lonlat = to_geographic(pieces, state.profile.crs)
    return Facts(
        "parcel",
        pa.table(
            {
                "id": [f"{DERIVED}:land-{digest_bytes(wkb)[:16]}" for wkb in shapely.to_wkb(pieces)],
                "use": pa.array(["residential"] * len(homes) + [None] * len(rest), pa.string()),
                "built_up": pa.array(np.ones(len(pieces), bool)),
                "source_class": [DERIVED] * len(pieces),
                "estimated": pa.array(np.ones(len(pieces), bool)),
                "geometry": pa.array(shapely.to_wkb(lonlat)),
            }
        ),
    )


def _registered(parcels: Rows) -> NDArray[np.object_]:
    """Parcels that a source drew, not those derived before."""
    shapes = np.asarray(parcels.shapes, object)
    drawn = parcels.texts("source_class") != DERIVED
    return np.asarray(shapes[drawn & ~shapely.is_missing(shapes)], object)


def _stand_on(places: NDArray[np.float64], parcels: NDArray[np.object_]) -> NDArray[np.bool_]:
    return holders(parcels, places, "within") >= 0


def _land(shapes: NDArray[np.object_], taken: list[NDArray[np.object_]], reach: float) -> NDArray[np.object_]:
    """Land around some shapes, less what is taken, in pieces of one tile each."""
    if not len(shapes):
        return np.empty(0, object)
    obstacles = np.concatenate([np.asarray(some, object) for some in taken])
    obstacles = obstacles[~shapely.is_missing(obstacles)]
    tree = shapely.STRtree(obstacles)
    with ThreadPoolExecutor() as workers:
        tiles = workers.map(lambda tile: _tile(shapes, tile, (tree, obstacles), reach), _tiles(shapes, reach))
        pieces = [piece for tile in tiles for piece in tile]
    return np.array(pieces, object) if pieces else np.empty(0, object)


def _tiles(shapes: NDArray[np.object_], reach: float) -> Iterator[tuple[tuple[int, int], NDArray[np.int64]]]:
    """Tiles, each with the shapes whose land may reach into it, in a fixed order."""
    west, south, east, north = shapely.bounds(shapes).T
    low = np.floor(np.column_stack([west - reach, south - reach]) / TILE).astype(np.int64)
    high = np.floor(np.column_stack([east + reach, north + reach]) / TILE).astype(np.int64)
    members: dict[tuple[int, int], list[int]] = {}
    for shape, (first, last) in enumerate(zip(low.tolist(), high.tolist(), strict=True)):
        for column in range(first[0], last[0] + 1):
            for row in range(first[1], last[1] + 1):
                members.setdefault((column, row), []).append(shape)
    for tile in sorted(members):
        yield tile, np.array(members[tile], np.int64)


def _tile(
    shapes: NDArray[np.object_],
    tile: tuple[tuple[int, int], NDArray[np.int64]],
    taken: tuple[shapely.STRtree, NDArray[np.object_]],
    reach: float,
) -> list[shapely.Geometry]:
    (column, row), members = tile
    square = shapely.box(column * TILE, row * TILE, (column + 1) * TILE, (row + 1) * TILE)
    around = shapely.buffer(shapes[members], reach, quad_segs=CORNERS, join_style="mitre")
    land = shapely.intersection(shapely.union_all(around), square)
    tree, obstacles = taken
    near = np.sort(tree.query(land, predicate="intersects"))
    if len(near):
        land = shapely.difference(land, shapely.union_all(shapely.intersection(obstacles[near], square)))
    parts = shapely.get_parts(land)
    return [part for part in parts if shapely.get_type_id(part) == shapely.GeometryType.POLYGON and part.area >= SLIVER]
