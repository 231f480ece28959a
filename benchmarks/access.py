"""Walking access beside its peers, on one city: a PBF given and tiled, or a town of crooked streets made here.

    python benchmarks/access.py [--pbf FILE] [--tiles 4] [--nodes 300000] [--pairs 9000000]

Peers: scipy (Dijkstra in C, one thread), pandana (contraction hierarchies, all threads) where ``TULOU_PEER_PYTHON``
names an interpreter that has it, PySAL access and DuckDB for catchments from a table. All work on the same network and
targets; import, compilation and input are outside the timer, the median of the rounds counts.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyogrio.raw
import pyproj
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from tulou.kernel.network import Network
from tulou.measures.access.catchment import catchment_from_table, floating_catchment
from tulou.measures.access.network import walking_network
from tulou.measures.access.reach import nearest_walking
from tulou.measures.access.routes import Routes, routes_on
from tulou.measures.access.snap import snap

ROUNDS = 3
KINDS = 25
RADII = np.array([300.0, 500.0, 1000.0])
TARGETS_A_NODE = 0.2
NOT_MEASURED = "not measured"

PANDANA = """
import sys, time, numpy, pandas, pandana
given = numpy.load(sys.argv[1])
xy = given["places"]
begun = time.perf_counter()
network = pandana.Network(pandas.Series(xy[:, 0]), pandas.Series(xy[:, 1]), pandas.Series(given["start"]),
                          pandas.Series(given["end"]), pandas.DataFrame({"m": given["length"]}), twoway=True)
network.precompute(float(given["radii"].max()))
print("setup", time.perf_counter() - begun)
kinds = range(int(given["kind"].max()) + 1)
for _ in range(int(given["rounds"])):
    begun = time.perf_counter()
    for k in kinds:
        some = given["node"][given["kind"] == k]
        network.set_pois(str(k), 2000, 1, pandas.Series(xy[some, 0]), pandas.Series(xy[some, 1]))
        network.nearest_pois(2000, str(k), num_pois=1)
    print("nearest", time.perf_counter() - begun)
    begun = time.perf_counter()
    for k in kinds:
        some = given["node"][given["kind"] == k]
        network.set(pandas.Series(some), variable=pandas.Series(numpy.ones(len(some))), name="t")
        for radius in given["radii"]:
            network.aggregate(float(radius), type="count", name="t")
    print("counts", time.perf_counter() - begun)
"""


def lines_of(path: Path, tiles: int) -> np.ndarray:
    """Ways of a PBF in metres, repeated beside one another."""
    _, _, shapes, _ = pyogrio.raw.read(path, layer="lines", columns=["highway"], where="highway IS NOT NULL")
    lines = shapely.from_wkb(shapes)
    west, south, east, north = shapely.total_bounds(lines)
    plane = f"+proj=laea +lon_0={(west + east) / 2} +lat_0={(south + north) / 2} +units=m"
    move = pyproj.Transformer.from_crs("EPSG:4326", plane, always_xy=True).transform
    lines = shapely.transform(lines, lambda xy: np.column_stack(move(*xy.T)))
    west, south, east, north = shapely.total_bounds(lines)
    step = np.array([east - west + 50, north - south + 50])
    shifted = [
        shapely.transform(lines, lambda xy, at=(i, j): xy + step * at) for i in range(tiles) for j in range(tiles)
    ]
    return np.concatenate(shifted)


def made_lines(nodes: int) -> np.ndarray:
    """Crooked streets about 80 m apart, a sixth of the blocks left open."""
    random = np.random.default_rng(1)
    side = int(np.sqrt(nodes))
    spot = np.stack(np.meshgrid(*[np.arange(side) * 80.0] * 2, indexing="ij"), -1) + random.uniform(
        -20, 20, (side, side, 2)
    )
    pairs = np.concatenate(
        [
            np.stack([spot[1:], spot[:-1]], 2).reshape(-1, 2, 2),
            np.stack([spot[:, 1:], spot[:, :-1]], 2).reshape(-1, 2, 2),
        ]
    )
    pairs = pairs[random.random(len(pairs)) > 1 / 6]
    middle = pairs.mean(axis=1) + random.uniform(-8, 8, (len(pairs), 2))
    return shapely.linestrings(np.stack([pairs[:, 0], middle, pairs[:, 1]], axis=1))


def timed(work, rounds: int = ROUNDS) -> float:
    return race({"": work}, rounds)[""][0]


def race(works, rounds: int = ROUNDS) -> dict[str, tuple[float, float]]:
    """Medians of seconds and of processor seconds of each, round after round in turn: all meet the same machine."""
    took = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            begun, spent = time.perf_counter(), time.process_time()
            work()
            took[name].append((time.perf_counter() - begun, time.process_time() - spent))
    return {name: tuple(map(statistics.median, zip(*all_rounds, strict=True))) for name, all_rounds in took.items()}


def show(found: dict[str, tuple[float, float]]) -> None:
    """Print what took how long, and how many times the first."""
    first = next(iter(found.values()))
    for name, (seconds, spent) in found.items():
        print(
            f"  {name:44s} {seconds:10.3f} s {seconds / first[0]:9.1f} x   processor {spent:8.3f} s"
            f" {spent / first[1]:7.1f} x"
        )


def on_one_thread(work):
    def run():
        os.environ["NUMBA_NUM_THREADS"] = "1"
        try:
            return work()
        finally:
            del os.environ["NUMBA_NUM_THREADS"]

    return run


def row(name: str, seconds: float | None, ours: float) -> None:
    shown = f"{seconds:10.3f} s {seconds / ours:9.1f} x" if seconds is not None else f"{NOT_MEASURED:>12s}"
    print(f"  {name:44s} {shown}")


def pandana(network: Network, node: np.ndarray, kind: np.ndarray) -> dict[str, float]:
    """Medians of pandana, run by the interpreter the caller names."""
    peer = os.environ.get("TULOU_PEER_PYTHON")
    if not peer:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / "given.npz"
        np.savez(
            given,
            places=network.places,
            start=network.start,
            end=network.end,
            length=network.length,
            node=node,
            kind=kind,
            radii=RADII,
            rounds=ROUNDS,
        )
        # Its threads else spin while they wait, which on a shared machine stops it and everybody.
        quiet = {**os.environ, "OMP_WAIT_POLICY": "PASSIVE"}
        done = subprocess.run([peer, "-c", PANDANA, given], capture_output=True, text=True, check=True, env=quiet)
    took: dict[str, list[float]] = {}
    for line in done.stdout.splitlines():
        name, _, seconds = line.partition(" ")
        if name in {"setup", "nearest", "counts"}:
            took.setdefault(name, []).append(float(seconds))
    return {name: statistics.median(values) for name, values in took.items()}


def graph_of(network: Network):
    """The network for scipy; of parallel edges the shortest."""
    order = np.argsort(-network.length, kind="stable")
    start, end = network.start.astype(np.int64)[order], network.end.astype(np.int64)[order]
    key = np.minimum(start, end) * network.size + np.maximum(start, end)
    _, last = np.unique(key[::-1], return_index=True)
    chosen = order[::-1][last]
    a, b, cost = network.start[chosen], network.end[chosen], network.length[chosen]
    return coo_array(
        (np.tile(cost, 2), (np.concatenate([a, b]), np.concatenate([b, a]))), shape=(network.size,) * 2
    ).tocsr()


def nodes_and_kinds(network: Network) -> None:
    random = np.random.default_rng(2)
    count = int(network.size * TARGETS_A_NODE)
    spots = random.choice(network.size, max(count // 2, 1), replace=False)
    node, kind = random.choice(spots, count), random.integers(0, KINDS, count)
    routes, graph = Routes(network), graph_of(network)

    def by_scipy():
        return np.array([dijkstra(graph, indices=np.unique(node[kind == k]), min_only=True) for k in range(KINDS)])

    nearest = lambda: routes.nearest_groups(node, kind, KINDS)  # noqa: E731
    counts = lambda: routes.count_nodes(node, kind, RADII, groups=KINDS)  # noqa: E731
    np.testing.assert_array_equal(nearest(), by_scipy().T)
    counts()
    peer = pandana(network, node, kind)
    print(f"\nnearest of {KINDS} kinds for each of {network.size:,} nodes, {count:,} targets (seconds, times ours)")
    found = race(
        {"tulou": nearest, "tulou, one thread": on_one_thread(nearest), "scipy dijkstra(min_only)": by_scipy},
        2 * ROUNDS,
    )
    show(found)
    row("pandana (within 2 km)", peer.get("nearest"), found["tulou"][0])
    print(f"\ncounts within {RADII} m of {KINDS} kinds for each node")
    found = race({"tulou": counts, "tulou, one thread": on_one_thread(counts)})
    show(found)
    ours = found["tulou"][0]
    row("pandana", peer.get("counts"), ours)
    row("pandana's set-up", peer.get("setup"), ours)
    values = random.random((network.size, 1))
    routes.sum_nodes(values, 10.0)
    print("\nmeans of all nodes within 1 km of each node")
    ours = timed(lambda: routes.sum_nodes(values, 1000.0))
    row("tulou", ours, ours)


def places_on_edges(lines: np.ndarray, network: Network) -> None:
    random = np.random.default_rng(3)
    places = np.repeat(network.places, 3, axis=0)[: 3 * network.size] + random.normal(0, 30, (3 * network.size, 2))
    targets = places[random.choice(len(places), network.size // 20, replace=False)]
    people, capacity = random.uniform(0, 50, len(places)), random.uniform(10, 900, len(targets))
    steps = {
        f"network from {len(lines):,} lines": lambda: walking_network(lines),
        "preparing it for searches": lambda: Routes(network),
        f"snapping {len(places):,} places": lambda: snap(network, places),
        f"nearest of {len(targets):,} targets, for each place": lambda: nearest_walking(places, targets, network),
        "E2SFCA within 1 km along the network": lambda: floating_catchment(
            places,
            people,
            targets,
            capacity,
            network,
            radius=1000.0,
            method="e2sfca",
            decay=((0.0, 1.0), (300.0, 0.68), (600.0, 0.22)),
        ),
    }
    routes_on(network)
    print("\nplaces on edges (no peer does this; seconds)")
    for name, work in steps.items():
        work()
        print(f"  {name:56s} {timed(work):8.3f} s")


DUCKDB = """
with w as (select place, target, case when cost < 10 then 1.0 when cost < 20 then 0.68 else 0.22 end as w
           from pairs where cost <= 30),
r as (select w.target, any_value(s.capacity) / sum(p.people * w.w) as r
      from w join people p using (place) join supply s using (target) group by w.target)
select place, sum(r.r * w.w) as a from w join r using (target) group by place
"""


def tables(pairs: int) -> None:
    random = np.random.default_rng(4)
    size = (max(pairs // 300, 1), max(pairs // 3000, 1))
    place, target = random.integers(0, size[0], pairs), random.integers(0, size[1], pairs)
    cost = random.uniform(0, 30, pairs)
    people, capacity = random.uniform(1, 900, size[0]), random.uniform(1, 90, size[1])
    database = duckdb.connect()
    database.register("pairs_frame", pd.DataFrame({"place": place, "target": target, "cost": cost}))
    database.register("people_frame", pd.DataFrame({"place": np.arange(size[0]), "people": people}))
    database.register("supply_frame", pd.DataFrame({"target": np.arange(size[1]), "capacity": capacity}))
    for name in ("pairs", "people", "supply"):
        database.execute(f"create table {name} as select * from {name}_frame")
    decay = ((0.0, 1.0), (10.0, 0.68), (20.0, 0.22))

    def by_tulou():
        return catchment_from_table((place, target, cost), people, capacity, radius=30.0, method="e2sfca", decay=decay)

    def by_duckdb():
        return database.execute(DUCKDB).fetchnumpy()

    theirs = by_duckdb()
    np.testing.assert_allclose(by_tulou()[theirs["place"]], theirs["a"].astype(float), rtol=1e-9)
    print(f"\nE2SFCA from a table of {pairs:,} pairs")
    found = race({"tulou": by_tulou, "DuckDB": by_duckdb}, 2 * ROUNDS)
    show(found)
    ours = found["tulou"][0]
    row("PySAL access", timed(lambda: by_access(place, target, cost, people, capacity), 1), ours)


def by_access(place, target, cost, people, capacity):
    here = Path(__file__).resolve().parent
    sys.path[:] = [folder for folder in sys.path if Path(folder).resolve() != here]  # this file has the peer's name
    from access import Access, weights

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = Access(
            demand_df=pd.DataFrame({"id": np.arange(len(people)), "people": people}),
            demand_index="id",
            demand_value="people",
            supply_df=pd.DataFrame({"id": np.arange(len(capacity)), "beds": capacity}),
            supply_index="id",
            supply_value="beds",
            cost_df=pd.DataFrame({"origin": place, "dest": target, "cost": cost}),
            cost_origin="origin",
            cost_dest="dest",
            cost_name="cost",
        )
        return model.enhanced_two_stage_fca(
            name="x", weight_fn=weights.step_fn({10: 1, 20: 0.68, 30: 0.22}), max_cost=30
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pbf", type=Path)
    parser.add_argument("--tiles", type=int, default=4)
    parser.add_argument("--nodes", type=int, default=300_000)
    parser.add_argument("--pairs", type=int, default=9_000_000)
    asked = parser.parse_args()
    lines = lines_of(asked.pbf, asked.tiles) if asked.pbf else made_lines(asked.nodes)
    network = walking_network(lines)
    print(f"{len(lines):,} lines, {network.size:,} nodes, {len(network.start):,} edges, {os.cpu_count()} processors")
    nodes_and_kinds(network)
    places_on_edges(lines, network)
    tables(asked.pairs)


if __name__ == "__main__":
    main()
