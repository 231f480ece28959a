"""Vector tiles beside tipg (Development Seed, MIT) over PostGIS: the same buildings, the same tiles, one worker each.

    pg_virtualenv -v 15 python benchmarks/tiles.py CITY --peer-python python-with-tipg [--zoom 14]

Every tile of the zoom that holds a building is asked for in turn by a few connections that stay open, without packing.
tipg gives one kind of objects at a time, so the same is asked of ours. Rate and times on the wall; medians of rounds.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psycopg
import shapely

from tulou.app.wiring import last_day, look_at
from tulou.publish.tiles.scheme import DEEPEST
from tulou.sources import datum

ROUNDS = 3
CONNECTIONS = 4
KIND = "building"
COLUMNS = ("name", "use")
ALL_FEATURES = 2**31 - 1
"""Features of a tile that tipg may give: all of them, as ours does."""


def load(city: Path, address: str) -> tuple[int, np.ndarray]:
    """Put the buildings of a city into PostGIS; how many, and their boxes in degrees."""
    opened = look_at(city)
    state = opened.state(valid=last_day(opened, "main"), branch="main")
    rows = state.rows(KIND)
    flat = shapely.force_2d(rows.shapes)
    corners = shapely.get_coordinates(flat)
    degrees = np.column_stack(datum.to_wgs84(corners[:, 0], corners[:, 1], datum.named(state.profile.crs)))
    shapes = shapely.set_coordinates(flat, degrees)
    height = rows.numbers("height")
    texts = [rows.texts(name) if rows.has(name) else [None] * len(rows) for name in COLUMNS]
    with psycopg.connect(address) as base:
        base.execute("CREATE EXTENSION IF NOT EXISTS postgis")
        base.execute("DROP TABLE IF EXISTS building")
        base.execute(
            "CREATE TABLE building (number serial PRIMARY KEY, id text, name text, use text, height float8,"
            " geom geometry(Geometry, 3857))"
        )
        base.execute("CREATE TEMPORARY TABLE raw (id text, name text, use text, height float8, wkb bytea)")
        with base.cursor().copy("COPY raw FROM STDIN") as copy:
            for row, wkb in enumerate(shapely.to_wkb(shapes).tolist()):
                high = None if np.isnan(height[row]) else float(height[row])
                copy.write_row((str(rows.ids[row]), *(one[row] for one in texts), high, wkb))
        base.execute(
            "INSERT INTO building (id, name, use, height, geom) SELECT id, name, use, height,"
            " ST_Transform(ST_SetSRID(ST_GeomFromWKB(wkb), 4326), 3857) FROM raw WHERE wkb IS NOT NULL"
        )
        base.execute("CREATE INDEX ON building USING gist (geom)")
        base.commit()
        base.autocommit = True
        base.execute("VACUUM ANALYZE building")
    return len(rows), shapely.bounds(shapes)


def tiles_of(boxes: np.ndarray, zoom: int) -> list[tuple[int, int]]:
    """Column and row of every tile that holds the middle of a building."""
    size = 2**zoom
    lon, lat = (boxes[:, 0] + boxes[:, 2]) / 2, np.radians((boxes[:, 1] + boxes[:, 3]) / 2)
    column = ((lon + 180) / 360 * size).astype(int)
    row = ((1 - np.arcsinh(np.tan(lat)) / np.pi) / 2 * size).astype(int)
    return sorted(set(zip(column.tolist(), row.tolist(), strict=True)))


class Connection:
    """A connection that stays open."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def open(self) -> Connection:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        return self

    async def get(self, path: str) -> tuple[float, int]:
        """Seconds an answer took, and its bytes."""
        start = time.perf_counter()
        self.writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n".encode())
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode().lower()
        status = int(head.split()[1])
        if status not in {200, 204}:
            raise RuntimeError(f"{path}: {head}")
        length = next((int(one.split(":")[1]) for one in head.split("\r\n") if one.startswith("content-length:")), 0)
        await self.reader.readexactly(length)
        return time.perf_counter() - start, length


async def ask(port: int, paths: list[str]) -> tuple[float, list[float], int]:
    """Seconds for all, seconds of each, and bytes."""
    open_ones = [await Connection(port).open() for _ in range(CONNECTIONS)]
    waiting, took, total = list(paths), [], 0

    async def work(one: Connection) -> None:
        nonlocal total
        while waiting:
            seconds, length = await one.get(waiting.pop())
            took.append(seconds)
            total += length

    start = time.perf_counter()
    await asyncio.gather(*(work(one) for one in open_ones))
    whole = time.perf_counter() - start
    for one in open_ones:
        one.writer.close()
    return whole, took, total


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait(address: str) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(address, timeout=30).read()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"no answer from {address}")


def serve(words: list[str], port: int, probe: str, **environment: str) -> subprocess.Popen[bytes]:
    child = subprocess.Popen(words, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    wait(f"http://127.0.0.1:{port}{probe}")
    return child


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("city", type=Path)
    parser.add_argument("--peer-python", required=True)
    parser.add_argument("--zoom", type=int, default=14, choices=range(DEEPEST + 1))
    parser.add_argument("--most", type=int, default=400, help="tiles asked for in a round")
    given = parser.parse_args()
    peer = {name: os.environ.get(f"PG{name}", "") for name in ("USER", "PASSWORD", "HOST", "PORT", "DATABASE")}
    name = peer["DATABASE"] or "postgres"
    address = f"postgresql://{peer['USER']}:{peer['PASSWORD']}@{peer['HOST'] or 'localhost'}:{peer['PORT']}/{name}"
    count, boxes = load(given.city, address)
    tiles = tiles_of(boxes, given.zoom)
    tiles = tiles[:: max(1, len(tiles) // given.most)]
    tiles *= max(1, given.most // len(tiles))
    print(f"{count} buildings, {len(tiles)} tiles of zoom {given.zoom}, {CONNECTIONS} connections")
    ports = free_port(), free_port()
    served = given.city.resolve().name.removesuffix(".city")
    ours = serve(
        [sys.executable, "-m", "tulou", "serve", str(given.city), "--port", str(ports[0])], ports[0], "/cities"
    )
    theirs = serve(
        [given.peer_python, "-m", "uvicorn", "tipg.main:app", "--port", str(ports[1]), "--log-level", "error"],
        ports[1], "/collections", DATABASE_URL=address, TIPG_MAX_FEATURES_PER_TILE=str(ALL_FEATURES),
    )  # fmt: skip
    paths: dict[str, Callable[[int, int], str]] = {
        "tulou": lambda x, y: f"/cities/{served}/collections/{KIND}/tiles/WebMercatorQuad/{given.zoom}/{y}/{x}",
        "tipg": lambda x, y: f"/collections/public.building/tiles/WebMercatorQuad/{given.zoom}/{x}/{y}",
    }
    try:
        compare(dict(zip(paths, ports, strict=True)), paths, tiles)
    finally:
        ours.terminate()
        theirs.terminate()


def compare(ports: dict[str, int], paths: dict[str, Callable[[int, int], str]], tiles: list[tuple[int, int]]) -> None:
    rates: dict[str, list[float]] = {name: [] for name in ports}
    times: dict[str, list[float]] = {name: [] for name in ports}
    sizes = dict.fromkeys(ports, 0)
    for number in range(ROUNDS + 1):
        for name, port in ports.items():
            whole, took, sizes[name] = asyncio.run(ask(port, [paths[name](x, y) for x, y in tiles]))
            if number:  # the first round warms both
                rates[name].append(len(tiles) / whole)
                times[name] += took
    for name in ports:
        half, most = (float(np.percentile(times[name], one)) * 1000 for one in (50, 95))
        rate, size = statistics.median(rates[name]), sizes[name] / len(tiles) / 1000
        print(f"{name:6} {rate:8.0f} tiles/s   p50 {half:7.1f} ms   p95 {most:7.1f} ms   {size:6.1f} kB a tile")
    ratio = statistics.median(rates["tulou"]) / statistics.median(rates["tipg"])
    print(f"rate of ours / tipg: {ratio:.1f}")


if __name__ == "__main__":
    main()
