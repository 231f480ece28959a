"""How long one OpenStreetMap file takes to become tables, beside its peers, in one run.

    python benchmarks/import_osm.py ../shared/data/city_noise_lorient/geneva.osm.pbf --tiles 1 16

Every timed run is a process of its own; imports, compilation and start-up are outside the timer. Peers run in turn,
three rounds, the median counts. With ``--tiles`` above 1 the city is laid out that many times side by side, with
new ids, so that a large city of real shapes comes out. The job is the same for all: buildings (multipolygons
assembled), roads and facilities with geometry and a few attributes, as tables in memory (osm2pgsql: in PostGIS with
an index; DuckDB: only reads the file through, the floor).
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

ROUNDS = 3
TILE_STEP = 20_000_000_000
KEYS = ("building", "highway", "amenity", "shop")
READ = ("name", "height", "building:levels", "start_date", "oneway", "lanes", "surface", "maxspeed")
FLEX = """
local buildings = osm2pgsql.define_area_table('buildings', {{column='name', type='text'}, {column='kind', type='text'},
  {column='geom', type='geometry', projection=4326}})
local roads = osm2pgsql.define_way_table('roads', {{column='name', type='text'}, {column='kind', type='text'},
  {column='geom', type='linestring', projection=4326}})
local places = osm2pgsql.define_node_table('places', {{column='name', type='text'}, {column='kind', type='text'},
  {column='geom', type='point', projection=4326}})
function osm2pgsql.process_node(o)
  local kind = o.tags.amenity or o.tags.shop
  if kind then places:add_row({name=o.tags.name, kind=kind, geom={create='point'}}) end
end
function osm2pgsql.process_way(o)
  if o.tags.building and o.is_closed and o.tags.area ~= 'no' then
    buildings:add_row({name=o.tags.name, kind=o.tags.building, geom={create='area'}})
  end
  if o.tags.highway then roads:add_row({name=o.tags.name, kind=o.tags.highway, geom={create='line'}}) end
end
function osm2pgsql.process_relation(o)
  if o.tags.building and (o.tags.type == 'multipolygon' or o.tags.type == 'boundary') then
    buildings:add_row({name=o.tags.name, kind=o.tags.building, geom={create='area'}})
  end
end
"""


def stitched(city: Path, tiles: int, out: Path) -> None:
    """Lay a city out ``tiles`` times in a square grid, with new ids."""
    osmium = import_module("osmium")

    nodes, ways, relations = [], [], []
    for thing in osmium.FileProcessor(str(city)):
        tags = dict(thing.tags)
        if thing.is_node():
            nodes.append((thing.id, thing.location.lon, thing.location.lat, tags))
        elif thing.is_way():
            ways.append((thing.id, [node.ref for node in thing.nodes], tags))
        else:
            relations.append((thing.id, [(m.type, m.ref, m.role) for m in thing.members], tags))
    lon, lat = [node[1] for node in nodes], [node[2] for node in nodes]
    wide, high, side = max(lon) - min(lon), max(lat) - min(lat), math.ceil(math.sqrt(tiles))
    make = osmium.osm.mutable
    with osmium.SimpleWriter(str(out), overwrite=True) as writer:
        for tile in range(tiles):
            more, east, north = tile * TILE_STEP, (tile % side) * wide, (tile // side) * high
            for number, x, y, tags in nodes:
                place = (round(x + east, 7), round(y + north, 7))
                writer.add_node(make.Node(id=number + more, location=place, tags=tags))
        for tile in range(tiles):
            more = tile * TILE_STEP
            for number, refs, tags in ways:
                writer.add_way(make.Way(id=number + more, nodes=[ref + more for ref in refs], tags=tags))
        for tile in range(tiles):
            more = tile * TILE_STEP
            for number, members, tags in relations:
                moved = [(kind, ref + more, role) for kind, ref, role in members]
                writer.add_relation(make.Relation(id=number + more, members=moved, tags=tags))


def run_tulou(path: Path, warm: Path) -> dict[str, float]:
    read_osm = import_module("tulou.sources.osm.connector").read_osm

    read_osm(warm)
    start = time.perf_counter()
    extract = read_osm(path)
    seconds = time.perf_counter() - start
    rows = {facts.entity: facts.rows.num_rows for facts in extract.facts}
    lost = sum(
        remark.rows
        for remark in extract.quality.remarks
        if remark.kind in {"building_open_ring", "building_impossible_geometry"}
    )
    return {"seconds": seconds, "buildings": rows["building"], "empty": lost, "rows": sum(rows.values())}


def run_pyosmium(path: Path, warm: Path) -> dict[str, float]:
    osmium, pa = import_module("osmium"), import_module("pyarrow")

    def read(file: Path) -> dict:
        factory = osmium.geom.WKBFactory()
        wanted = {"building": [], "road": [], "facility": []}
        processor = osmium.FileProcessor(str(file)).with_areas(osmium.filter.KeyFilter("building"))
        empty = 0
        for thing in processor.with_filter(osmium.filter.KeyFilter(*KEYS)):
            tags = thing.tags
            if thing.is_area():
                if "building" not in tags:
                    continue
                try:
                    shape = bytes.fromhex(factory.create_multipolygon(thing))
                except RuntimeError:
                    empty += 1
                    continue
                kind, number = "building", f"osm:{'w' if thing.from_way() else 'r'}{thing.orig_id()}"
            elif thing.is_way() and "highway" in tags:
                try:
                    shape = bytes.fromhex(factory.create_linestring(thing))
                except RuntimeError:
                    continue
                kind, number = "road", f"osm:w{thing.id}"
            elif thing.is_node():
                shape, kind, number = bytes.fromhex(factory.create_point(thing)), "facility", f"osm:n{thing.id}"
            else:
                continue
            first = next((tags[key] for key in KEYS if key in tags), None)
            wanted[kind].append((number, shape, first, *(tags.get(key) for key in READ)))
        names = ("id", "geometry", "kind", *READ)
        tables = {
            kind: pa.table(dict(zip(names, zip(*rows, strict=True), strict=True))) if rows else pa.table({"id": []})
            for kind, rows in wanted.items()
        }
        return {**tables, "empty": empty}

    read(warm)
    start = time.perf_counter()
    tables = read(path)
    seconds = time.perf_counter() - start
    rows = sum(table.num_rows for name, table in tables.items() if name != "empty")
    return {"seconds": seconds, "buildings": tables["building"].num_rows, "empty": tables["empty"], "rows": rows}


def run_duckdb(path: Path, warm: Path) -> dict[str, float]:
    duckdb, extension = import_module("duckdb"), import_module("duckdb_extension_spatial")

    folder = Path(extension.__file__).parent
    base = duckdb.connect(config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"})
    base.execute(f"LOAD '{next(folder.rglob('spatial.duckdb_extension'))}'")
    base.execute(f"SELECT count(*) FROM ST_ReadOSM('{warm}')")
    start = time.perf_counter()
    found = base.execute(f"SELECT count(*) FROM ST_ReadOSM('{path}')").fetchone()
    return {"seconds": time.perf_counter() - start, "rows": found[0]}


def run_osm2pgsql(path: Path, warm: Path) -> dict[str, float]:
    """Runs inside ``pg_virtualenv``, which sets PGHOST and so on."""
    style = Path(tempfile.mkdtemp()) / "flex.lua"
    style.write_text(FLEX)
    subprocess.run(["psql", "-qc", "CREATE EXTENSION IF NOT EXISTS postgis"], check=True)
    command = ["osm2pgsql", "-O", "flex", "-S", str(style), "-c"]
    for file in (warm, path):
        start = time.perf_counter()
        subprocess.run([*command, str(file)], check=True, capture_output=True)
        seconds = time.perf_counter() - start
    count = subprocess.run(
        ["psql", "-Atc", "SELECT count(*) FROM buildings"], check=True, capture_output=True, text=True
    ).stdout
    shutil.rmtree(style.parent)
    return {"seconds": seconds, "buildings": int(count)}


PEERS = {"tulou": run_tulou, "pyosmium": run_pyosmium, "osm2pgsql": run_osm2pgsql, "duckdb": run_duckdb}


def measured(peer: str, path: Path, warm: Path) -> dict[str, float] | None:
    """One run of one peer in a process of its own; None when it is not installed."""
    command = [sys.executable, __file__, str(path), "--only", peer, "--warm", str(warm)]
    if peer == "osm2pgsql":
        if not (shutil.which("osm2pgsql") and shutil.which("pg_virtualenv")):
            return None
        command = ["pg_virtualenv", "-t", "-o", "fsync=off", "-o", "synchronous_commit=off", *command]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    if done.returncode:
        print(done.stderr[-2000:], file=sys.stderr)
        return None
    return json.loads(next(line for line in done.stdout.splitlines() if line.startswith("{")))


def table(path: Path, warm: Path, tiles: int, peers: list[str]) -> None:
    runs: dict[str, list[dict[str, float]]] = {peer: [] for peer in peers}
    for _ in range(ROUNDS):
        for peer in peers:
            found = measured(peer, path, warm)
            if found:
                runs[peer].append(found)
    print(f"\n{tiles} × city, {path.stat().st_size / 1e6:.1f} MB")
    print(f"{'':12}{'median s':>10}{'x tulou':>9}{'buildings':>11}{'empty':>7}{'rows':>11}{'peak MB':>9}")
    ours = statistics.median(run["seconds"] for run in runs["tulou"]) if runs.get("tulou") else math.nan
    for peer, found in runs.items():
        if not found:
            print(f"{peer:12}{'not measured':>14}")
            continue
        seconds = statistics.median(run["seconds"] for run in found)
        last = found[-1]
        cells = (last.get("buildings", "-"), last.get("empty", "-"), last.get("rows", "-"))
        print(
            f"{peer:12}{seconds:10.3f}{seconds / ours:9.1f}{cells[0]:>11}{cells[1]:>7}{cells[2]:>11}{last['peak']:9.0f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("city", type=Path)
    parser.add_argument("--tiles", type=int, nargs="*", default=[1, 16])
    parser.add_argument("--peers", nargs="*", default=list(PEERS), choices=list(PEERS))
    parser.add_argument("--keep", type=Path, help="folder for stitched cities, to use them again")
    parser.add_argument("--only", choices=list(PEERS), help=argparse.SUPPRESS)
    parser.add_argument("--warm", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        result = PEERS[options.only](options.city, options.warm)
        result["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(result))
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        for tiles in options.tiles:
            path = folder / f"{options.city.name.split('.')[0]}_{tiles}.osm.pbf" if tiles > 1 else options.city
            if not path.exists():
                stitched(options.city, tiles, path)
            table(path, options.city, tiles, options.peers)


if __name__ == "__main__":
    main()
