"""Land and buildings within reach of parks beside their peers, in a city made here or read from a PBF and tiled.

    python benchmarks/cover.py [--pbf FILE] [--tiles 4] [--buildings 90000]

A: area of residential land within 500 m of a park, exactly: DuckDB spatial, PostGIS, geopandas. B: buildings within
500 m
of a park: geopandas ``sjoin_nearest``, PostGIS. PostGIS is asked, its index counted, where ``TULOU_PEER_POSTGRES``
holds a
connection string for psql. Import, compilation and input are outside the timer; the median of the rounds counts.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import time
from pathlib import Path

import duckdb
import duckdb_extension_spatial
import geopandas
import numpy as np
import pyarrow as pa
import pyogrio.raw
import pyproj
import shapely

from tulou.measures.access.areas import QUARTER_SEGMENTS
from tulou.measures.access.cover import built_within, land_within

ROUNDS = 3
RADIUS = 500.0
REACH = ((0.0, RADIUS),)
A_PARK = 5.0
"""Buildings for each park, as in the coastal city of the reference figures (361 k to 76 k)."""


def made(buildings: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Land, parks and buildings of a made-up city: parks stand in clusters, a third of the city has none."""
    random = np.random.default_rng(1)
    side = np.sqrt(buildings) * 35.0
    centre = random.uniform(0, side, (buildings, 2))
    half = random.uniform(4, 15, (buildings, 2))
    houses = shapely.box(*np.concatenate([centre - half, centre + half], axis=1).T)
    count = max(int(buildings / A_PARK), 1)
    middle = random.uniform(0, side, (max(count // 400, 1), 2))
    spot = np.repeat(middle, 400, axis=0)[:count] + random.normal(0, 400, (min(count, 400 * len(middle)), 2))
    parks = shapely.buffer(shapely.points(spot), random.uniform(8, 90, len(spot)), quad_segs=6)
    blocks = random.uniform(0, side, (max(buildings // 500, 1), 2))
    land = shapely.buffer(shapely.points(blocks), random.uniform(80, 500, len(blocks)), quad_segs=4)
    return land, parks, houses


def of_pbf(path: Path, tiles: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Residential land, parks and buildings of a PBF in metres, repeated beside one another."""
    columns = ["building", "leisure", "landuse"]
    _, _, shapes, (building, leisure, landuse) = pyogrio.raw.read(path, layer="multipolygons", columns=columns)
    polygons = shapely.from_wkb(shapes, on_invalid="ignore")
    usable = ~shapely.is_missing(polygons)
    polygons, building, leisure, landuse = (some[usable] for some in (polygons, building, leisure, landuse))
    polygons = shapely.make_valid(polygons)
    west, south, east, north = shapely.total_bounds(polygons)
    plane = f"+proj=laea +lon_0={(west + east) / 2} +lat_0={(south + north) / 2} +units=m"
    move = pyproj.Transformer.from_crs("EPSG:4326", plane, always_xy=True).transform
    polygons = shapely.transform(polygons, lambda xy: np.column_stack(move(*xy.T)))
    west, south, east, north = shapely.total_bounds(polygons)
    step = np.array([east - west, north - south])
    is_park = np.isin(leisure, ["park", "garden", "pitch", "playground"]) | np.isin(landuse, ["grass", "forest"])
    chosen = (polygons[landuse == "residential"], polygons[is_park], polygons[building.astype(bool)])

    def tiled(some: np.ndarray) -> np.ndarray:
        spots = [(i, j) for i in range(tiles) for j in range(tiles)]
        return np.concatenate([shapely.transform(some, lambda xy, at=at: xy + step * at) for at in spots])

    return tuple(tiled(some) for some in chosen)


def timed(work) -> tuple[float, float]:
    took, answer = [], 0.0
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        answer = work()
        took.append(time.perf_counter() - begun)
    return statistics.median(took), answer


def by_duckdb(land: np.ndarray, parks: np.ndarray):
    folder = Path(duckdb_extension_spatial.__file__).parent
    database = duckdb.connect(config={"allow_unsigned_extensions": "true"})
    extension = next(folder.rglob("*.duckdb_extension"))
    database.execute(f"LOAD '{extension}'")
    for name, shapes in (("land", land), ("parks", parks)):
        database.register("incoming", pa.table({"wkb": pa.array(shapely.to_wkb(shapes), pa.binary())}))
        database.execute(f"create table {name} as select st_geomfromwkb(wkb) as g from incoming")
    query = f"""
        with u as (select st_union_agg(st_buffer(g, {RADIUS}, {QUARTER_SEGMENTS})) as u from parks)
        select sum(st_area(st_intersection(g, u))) from land, u"""
    return lambda: float(database.execute(query).fetchone()[0])


def by_geopandas(land: np.ndarray, parks: np.ndarray) -> float:
    union = geopandas.GeoSeries(parks).buffer(RADIUS, quad_segs=QUARTER_SEGMENTS).union_all()
    return float(geopandas.GeoSeries(land).intersection(union).area.sum())


def by_sjoin(houses: np.ndarray, parks: np.ndarray) -> float:
    left, right = geopandas.GeoDataFrame(geometry=houses), geopandas.GeoDataFrame(geometry=parks)
    return float(len(np.unique(left.sjoin_nearest(right, max_distance=RADIUS).index)))


class PostGis:
    """A peer reached by psql; times are those that psql itself reports."""

    def __init__(self, where: str, shapes: dict[str, np.ndarray]) -> None:
        self._where = where
        for name, some in shapes.items():
            rows = "\n".join(f"{k}\t{text}" for k, text in enumerate(shapely.to_wkb(some, hex=True)))
            load = f"create temp table x (i int, g geometry); \\copy x from stdin\n{rows}\n\\.\n"
            self._run(f"drop table if exists {name}; {load} create table {name} as select * from x; analyze {name};")

    def _run(self, text: str) -> str:
        asked = ["psql", "-qAt", "-v", "ON_ERROR_STOP=1", self._where]
        return subprocess.run(asked, input=text, capture_output=True, text=True, check=True).stdout

    def timed(self, *statements: str) -> tuple[float, float]:
        took, answer = [], 0.0
        for _ in range(ROUNDS):
            out = self._run("\\timing on\n" + "\n".join(statements))
            took.append(sum(float(value) for value in re.findall(r"Time: ([\d.]+) ms", out)) / 1000)
            answer = float([line for line in out.splitlines() if line and not line.startswith("Time")][-1])
        return statistics.median(took), answer


def row(name: str, found: tuple[float, float] | None, ours: tuple[float, float]) -> None:
    if found is None:
        print(f"  {name:34s} not measured")
        return
    print(f"  {name:34s} {found[0]:8.3f} s {found[0] / ours[0]:7.1f} x   answer {found[1]:.6f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pbf", type=Path)
    parser.add_argument("--tiles", type=int, default=4)
    parser.add_argument("--buildings", type=int, default=90_000)
    asked = parser.parse_args()
    land, parks, houses = of_pbf(asked.pbf, asked.tiles) if asked.pbf else made(asked.buildings)
    print(f"{len(houses):,} buildings, {len(parks):,} parks, {len(land):,} pieces of residential land")
    if not (len(houses) and len(parks) and len(land)):
        parser.error("this city has no buildings, no parks or no residential land")
    built_within(houses[:9], parks[:9], radius=REACH)
    where = os.environ.get("TULOU_PEER_POSTGRES")
    server = PostGis(where, {"land": land, "parks": parks, "houses": houses}) if where else None

    print(f"\nA: residential land within {RADIUS:.0f} m of a park, m²")
    ours = timed(lambda: float(land_within(land, parks, radius=REACH).part.sum()))
    row("tulou", ours, ours)
    row("DuckDB spatial", timed(by_duckdb(land, parks)), ours)
    union = f"""
        with near as (select l.i, l.g, st_union(st_buffer(p.g, {RADIUS}, {QUARTER_SEGMENTS})) as u
                      from land l join parks p on st_dwithin(l.g, p.g, {RADIUS}) group by l.i, l.g)
        select sum(st_area(st_intersection(g, u))) from near;"""
    index = "drop index if exists parks_g; create index parks_g on parks using gist (g);"
    row("PostGIS (index counted)", server.timed(index, union) if server else None, ours)
    row("geopandas", timed(lambda: by_geopandas(land, parks)), ours)

    print(f"\nB: buildings within {RADIUS:.0f} m of a park")
    ours = timed(lambda: float(built_within(houses, parks, radius=REACH).part.sum()))
    row("tulou", ours, ours)
    row("geopandas sjoin_nearest", timed(lambda: by_sjoin(houses, parks)), ours)
    near = f"select count(*) from houses h where exists (select from parks p where st_dwithin(h.g, p.g, {RADIUS}));"
    row("PostGIS (index counted)", server.timed(index, near) if server else None, ours)


if __name__ == "__main__":
    main()
