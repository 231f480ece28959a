"""Least-cost surfaces with the ways back, beside scikit-image, xarray-spatial and GRASS, in one run.

    TULOU_PEER_PYTHON=python-with-peers python benchmarks/corridors.py [--size 2000]

Costs from one corner over a random raster (1 to 10), eight moves, in turn. Ours and ``MCP_Geometric`` give double
numbers and the ways back, GRASS ``r.cost`` too (``outdir``); ``cost_distance`` of xarray-spatial gives single numbers
without the ways, its A* one way alone. Medians of the rounds, seconds on the wall and of the processor; compilation and
reading of the raster are outside the timer, but for GRASS, which reads and writes its own files.
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

from tulou.measures.climate.least_cost import least_cost

ROUNDS = 3
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


def ours(cost: np.ndarray, moves: int) -> tuple[float, float, float]:
    source = np.zeros(cost.shape, bool)
    source[0, 0] = True
    wall, processor = time.perf_counter(), time.process_time()
    found = least_cost(cost, source, moves=moves)
    return time.perf_counter() - wall, time.process_time() - processor, float(found.total[-1, -1])


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=2000)
    size = parser.parse_args().size
    cost = np.random.default_rng(1).uniform(1, 10, (size, size))
    python = os.environ.get("TULOU_PEER_PYTHON")
    for moves in (8, 16):
        ours(cost[:64, :64], moves)
    found: dict[str, list[tuple[float, float, float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / "given.npy"
        np.save(given, cost)
        for _ in range(ROUNDS):
            turn = {f"tulou, {moves} moves": ours(cost, moves) for moves in (8, 16)}
            turn |= {name: peer(python, program, given) for name, program in PEERS.items()} if python else {}
            turn["GRASS r.cost"] = grass(cost)
            for name, one in turn.items():
                found.setdefault(name, []).extend([one] if one else [])
    print(f"{size} x {size} cells, costs from a corner and the ways back")
    mine = row("tulou, 8 moves", found.pop("tulou, 8 moves"), None)
    for name, took in found.items():
        if took:
            row(name, took, mine)
        else:
            print(f"  {name:50s} not measured: it is not installed, or failed")
    if not python:
        print("  others not measured: TULOU_PEER_PYTHON names no interpreter with scikit-image and xarray-spatial")


if __name__ == "__main__":
    main()
