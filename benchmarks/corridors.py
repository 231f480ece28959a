"""Least-cost surfaces, with and without the ways back, beside scikit-image, xarray-spatial and GRASS, in one run.

    TULOU_PEER_PYTHON=python-with-peers python benchmarks/corridors.py [--size 2000] [--rounds 5]

Costs from one corner over a random raster (1 to 10), eight moves, in turn; all cells. Peers run on one thread; ours on
one and on all. ``cost_distance`` of xarray-spatial gives costs in single numbers without the ways, so it stands beside
our costs alone, which are double; ``MCP_Geometric`` of scikit-image and ``r.cost`` of GRASS (``outdir``) give the ways
too, and stand beside ours with the last move of every cell. Medians of the rounds, seconds on the wall and of the
processor; compilation and reading of the raster are outside the timer, but for GRASS, which reads and writes its own
files.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import rasterio

from tulou.kernel.threads import thread_count
from tulou.measures.climate.least_cost import least_cost

OURS = ((8, "1", False), (8, "1", True), (8, "", False), (8, "", True), (16, "1", False), (16, "1", True))
"""Moves, threads (all when empty), and whether the ways back are made too."""
WITHOUT, WITH = "tulou, 8 moves, 1 thread, costs alone", "tulou, 8 moves, 1 thread, with ways"
PEERS = {
    "scikit-image MCP_Geometric": """
from skimage.graph import MCP_Geometric
run = lambda some: MCP_Geometric(some).find_costs([(0, 0)])[0]
""",
    "xarray-spatial cost_distance (float32, no ways)": """
import xarray
from xrspatial import cost_distance
def run(some):
    size = len(some)
    where = {"y": np.arange(size)[::-1].astype(float), "x": np.arange(size).astype(float)}
    source = np.zeros(some.shape)
    source[0, 0] = 1
    layers = [xarray.DataArray(one, dims=("y", "x"), coords=where) for one in (source, some)]
    return cost_distance(*layers).values
""",
}
TIMER = """
cost = np.load(sys.argv[1])
run(cost[:64, :64])
wall, processor = time.perf_counter(), time.process_time()
found = run(cost)
print("took", time.perf_counter() - wall, time.process_time() - processor, float(found[-1, -1]))
"""
GRASS = """
r.in.gdal -o --quiet input={folder}/given.tif output=cost
g.region raster=cost
TIMEFORMAT="real %R user %U sys %S"
{{ time r.cost --quiet --overwrite input=cost output=found outdir=way start_coordinates=0.5,{north} memory=2000 ; }} \
2> {folder}/took
r.what map=found coordinates={east},0.5 > {folder}/found
"""


def ours(cost: np.ndarray, moves: int, threads: str, *, ways: bool) -> tuple[float, float, float]:
    os.environ["NUMBA_NUM_THREADS"] = threads
    source = np.zeros(cost.shape, bool)
    source[0, 0] = True
    wall, processor = time.perf_counter(), time.process_time()
    found = least_cost(cost, source, moves=moves)
    if ways:
        found.last.any()
    return time.perf_counter() - wall, time.process_time() - processor, float(found.total[-1, -1])


def label(moves: int, threads: str, *, ways: bool) -> str:
    many = f"{threads} thread" if threads else f"{thread_count()} threads"
    return f"tulou, {moves} moves, {many}, {'with ways' if ways else 'costs alone'}"


def peer(python: str, program: str, given: Path) -> tuple[float, float, float] | None:
    text = "import sys, time\nimport numpy as np\n" + program + TIMER
    done = subprocess.run([python, "-W", "ignore", "-c", text, given], capture_output=True, text=True, check=False)
    if done.returncode:
        return None
    wall, processor, answer = map(float, done.stdout.split("took")[1].split())
    return wall, processor, answer


def grass(cost: np.ndarray) -> tuple[float, float, float] | None:
    program = shutil.which("grass")
    if program is None:
        return None
    size = len(cost)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        where = {"crs": "EPSG:32650", "transform": rasterio.Affine(1, 0, 0, 0, -1, size)}
        with rasterio.open(
            folder / "given.tif", "w", driver="GTiff", height=size, width=size, count=1, dtype="float64", **where
        ) as made:
            made.write(cost, 1)
        (folder / "run.sh").write_text(GRASS.format(folder=folder, north=size - 0.5, east=size - 0.5), "utf-8")
        new = [program, "-c", folder / "given.tif", "-e", folder / "location"]
        subprocess.run(new, check=True, capture_output=True)
        at = folder / "location" / "PERMANENT"
        subprocess.run([program, at, "--exec", "bash", folder / "run.sh"], check=True, capture_output=True)
        words = (folder / "took").read_text("utf-8").split()
        said = {words[place]: float(words[place + 1]) for place in range(words.index("real"), len(words) - 1, 2)}
        answer = float((folder / "found").read_text("utf-8").strip().split("|")[-1])
        return said["real"], said["user"] + said["sys"], answer


def row(name: str, took: list[tuple[float, float, float]], mine: tuple[float, float] | None) -> tuple[float, float]:
    wall, processor = (statistics.median(one[k] for one in took) for k in range(2))
    beside = f"{wall / mine[0]:7.1f} x {processor / mine[1]:7.1f} x" if mine else " " * 19
    print(f"  {name:50s} {wall:8.3f} s {processor:8.3f} s {beside}   corner {took[0][2]:.6f}")
    return wall, processor


def measured(cost: np.ndarray, python: str | None, rounds: int) -> dict[str, list[tuple[float, float, float]]]:
    found: dict[str, list[tuple[float, float, float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / "given.npy"
        np.save(given, cost)
        for _ in range(rounds):
            turn: dict[str, tuple[float, float, float] | None] = {}
            for moves, threads, ways in OURS:
                one = ours(cost, moves, threads, ways=ways)
                turn[label(moves, threads, ways=ways)] = one
            turn |= {name: peer(python, program, given) for name, program in PEERS.items()} if python else {}
            turn["GRASS r.cost"] = grass(cost)
            for name, took in turn.items():
                found.setdefault(name, []).extend([took] if took else [])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    cost = np.random.default_rng(1).uniform(1, 10, (asked.size, asked.size))
    for moves, threads, ways in OURS:
        ours(cost[:64, :64], moves, threads, ways=ways)
    python = os.environ.get("TULOU_PEER_PYTHON")
    found = measured(cost, python, asked.rounds)
    print(f"{asked.size} x {asked.size} cells, costs from a corner")
    mine = {name: row(name, found.pop(name), None) for name in (WITHOUT, WITH)}
    for name, took in found.items():
        if took:
            row(name, took, mine[WITHOUT if "no ways" in name or "alone" in name else WITH])
        else:
            print(f"  {name:50s} not measured: it is not installed, or failed")
    if not python:
        print("  others not measured: TULOU_PEER_PYTHON names no interpreter with scikit-image and xarray-spatial")


if __name__ == "__main__":
    main()
