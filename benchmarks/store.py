"""State of a million objects with geometry from three append-only commits, beside plain pandas and one DuckDB query.

    python benchmarks/store.py [objects]

Each peer reads the same files and gives the same rows: ids, two attributes and geometry as WKB; every run is its own
process, rounds alternate, the median counts. Opening the city is part of our time.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely

from tulou.kernel.clock import FOREVER
from tulou.kernel.facts import Facts
from tulou.model.dictionary import read_dictionary
from tulou.model.state import Profile
from tulou.model.store.city import City

ROUNDS = 5
DAY = date(2026, 6, 1)
RULEBOOK = Path(__file__).resolve().parents[1] / "rulebooks" / "china" / "columns"
PEERS = ("tulou", "tulou, keys only", "pandas", "duckdb")


def build(path: Path, objects: int) -> None:
    """A city in three commits: all objects, a survey of a fifth, new storeys for a tenth."""
    random = np.random.default_rng(1)
    city = City.create(path, profile=Profile("benchmark", "EPSG:4549"), dictionary=read_dictionary([RULEBOOK]))
    x, y = 120 + random.random(objects) * 0.6, 30 + random.random(objects) * 0.6
    size = 1e-4 + random.random(objects) * 2e-4
    shapes = pa.array(shapely.to_wkb(shapely.box(x, y, x + size, y + size)), pa.binary())
    ids = np.char.add("osm:w", random.permutation(objects).astype(str)).astype(object)
    whole = {
        "id": ids,
        "use": random.choice(["residential", "office", "other"], objects),
        "storeys": random.integers(1, 34, objects).astype(float),
        "geometry": shapes,
    }
    commit(city, whole, 2020)
    fifth, tenth = slice(0, objects // 5), slice(objects // 10, objects // 5)
    commit(city, {"id": ids[fifth], "year_built": random.integers(1950, 2020, objects // 5).astype(float)}, 2022)
    commit(city, {"id": ids[tenth], "storeys": np.full(len(ids[tenth]), 6.0)}, 2024)


def commit(city: City, columns: dict, year: int) -> None:
    begun = time.perf_counter()
    rows = pa.table({name: pa.array(values) for name, values in columns.items()})
    done = city.commit([Facts("building", rows)], who="benchmark", message="", valid_from=date(year, 1, 1))
    size = sum(part.bytes for part in done.parts) / 1e6
    print(f"commit {done.number}: {rows.num_rows:,} rows, {size:.1f} MB, {time.perf_counter() - begun:.2f} s")


def by_tulou(path: Path) -> tuple[int, float, int]:
    rows = City.open(path).state(valid=DAY).rows("building")
    table = rows.table
    return len(rows), float(rows.numbers("storeys").sum()), table["geometry"].nbytes


def by_tulou_keys(path: Path) -> tuple[int, float, int]:
    rows = City.open(path).state(valid=DAY).rows("building")
    return len(rows), float(rows.numbers("storeys").sum()), 0


def by_pandas(path: Path) -> tuple[int, float, int]:
    import pandas as pd

    columns = ["id", "valid_from", "valid_to", "exists", "use", "storeys", "geometry"]
    frames = [pd.read_parquet(file, columns=columns) for file in files(path)]
    whole = pd.concat(frames, ignore_index=True)
    whole = whole[(whole["valid_from"] <= DAY) & (whole["valid_to"] > DAY)]
    newest = whole.drop_duplicates("id", keep="last")
    newest = newest[newest["exists"]]
    return len(newest), float(newest["storeys"].sum()), 0


def by_duckdb(path: Path) -> tuple[int, float, int]:
    import duckdb

    query = """
        SELECT id, "use", storeys, geometry FROM (
            SELECT *, row_number() OVER (PARTITION BY id ORDER BY "commit" DESC) AS place
            FROM read_parquet($files, union_by_name = true) WHERE valid_from <= $day AND valid_to > $day)
        WHERE place = 1 AND "exists" """
    tool = duckdb.connect(config={"autoinstall_known_extensions": False, "autoload_known_extensions": False})
    found = tool.execute(query, {"files": files(path), "day": DAY}).to_arrow_table()
    return found.num_rows, float(np.sum(found["storeys"].to_numpy())), found["geometry"].nbytes


def files(path: Path) -> list[str]:
    return sorted(str(file) for file in path.glob("facts/building/*.parquet"))


FUNCTIONS = dict(zip(PEERS, (by_tulou, by_tulou_keys, by_pandas, by_duckdb), strict=True))


def once(peer: str, path: Path) -> None:
    """One timed run in a process of its own; libraries are loaded before the clock starts."""
    for library in ("pandas", "duckdb"):
        if peer == library:
            __import__(library)
    begun = time.perf_counter()
    rows, storeys, _ = FUNCTIONS[peer](path)
    print(time.perf_counter() - begun, rows, storeys)


def main() -> None:
    if len(sys.argv) > 2:
        once(sys.argv[1], Path(sys.argv[2]))
        return
    objects = int(sys.argv[1]) if len(sys.argv) == 2 else 1_000_000
    assert FOREVER > DAY
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "city"
        build(path, objects)
        found: dict[str, list[list[str]]] = {peer: [] for peer in PEERS}
        for _ in range(ROUNDS):
            for peer in PEERS:
                command = [sys.executable, __file__, peer, str(path)]
                found[peer].append(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())
    print(f"\n{'state of ' + format(objects, ',') + ' objects':<32}{'median s':>9}{'rows':>12}{'storeys':>14}")
    for peer, runs in found.items():
        median = statistics.median(float(run[0]) for run in runs)
        print(f"{peer:<32}{median:>9.3f}{int(runs[0][1]):>12,}{float(runs[0][2]):>14,.0f}")


if __name__ == "__main__":
    main()
