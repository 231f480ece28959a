"""Sky view beside rvt-py, and both beside a direct march over the same surface.

    TULOU_PEER_PYTHON=python-with-rvt python benchmarks/sky_view.py [--size 2000]

rvt-py weighs the sky evenly, so ours is ``visible_sky`` here; sixteen directions both. rvt-py looks 100 cells far, ours
to the edge. The march goes from 3,000 cells to the edge in steps of half a cell and reads the nearest cell. Both take
turns; medians of the rounds. Seconds on the wall, and of the processor since the machine may be shared.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
from numba import njit

from town import surface
from tulou.measures.climate.sky_view import sky_view_factor, visible_sky

ROUNDS = 3
DIRECTIONS = 16
RADIUS = 100
SAMPLES = 3000
PEER = """
import sys, time
import numpy as np
import rvt.vis
heights = np.load(sys.argv[1])
def run(some):
    return rvt.vis.sky_view_factor(dem=some, resolution=1, compute_svf=True, compute_asvf=False, compute_opns=False,
                                   svf_n_dir=16, svf_r_max=100, svf_noise=0)["svf"]
run(heights[:250, :250])
wall, processor = time.perf_counter(), time.process_time()
found = run(heights)
print("took", time.perf_counter() - wall, time.process_time() - processor)
np.save(sys.argv[2], found)
"""


@njit(cache=True)
def march(heights, row, column, directions, radius):
    """Evenly weighted and cosine-weighted sky by steps of half a cell."""
    rows, columns = heights.shape
    found = np.empty((len(row), 2))
    for i in range(len(row)):
        even, cosine = 0.0, 0.0
        for turn in range(directions):
            east, south = np.cos(2 * np.pi * turn / directions), np.sin(2 * np.pi * turn / directions)
            slope, away = 0.0, 0.5
            while away <= radius:
                x, y = int(np.floor(column[i] + east * away + 0.5)), int(np.floor(row[i] + south * away + 0.5))
                if not (0 <= x < columns and 0 <= y < rows):
                    break
                slope = max(slope, (heights[y, x] - heights[row[i], column[i]]) / away)
                away += 0.5
            even += 1 - slope / np.sqrt(1 + slope * slope)
            cosine += 1 / (1 + slope * slope)
        found[i, 0], found[i, 1] = even / directions, cosine / directions
    return found


def ours(heights: np.ndarray) -> tuple[float, float]:
    wall, processor = time.perf_counter(), time.process_time()
    visible_sky(heights, 1.0, directions=DIRECTIONS)
    return time.perf_counter() - wall, time.process_time() - processor


def peer(python: str, given: Path, made: Path) -> tuple[float, float]:
    done = subprocess.run([python, "-W", "ignore", "-c", PEER, given, made], capture_output=True, text=True, check=True)
    wall, processor = done.stdout.split("took")[1].split()
    return float(wall), float(processor)


def medians(rounds: list[tuple[float, float]]) -> tuple[float, float]:
    return statistics.median(one[0] for one in rounds), statistics.median(one[1] for one in rounds)


def errors(heights: np.ndarray, theirs: np.ndarray | None) -> None:
    random = np.random.default_rng(7)
    row, column = random.integers(0, len(heights), (2, SAMPLES))
    print("\nmean error beside a direct march (cells where the march ends at the edge or after 100 cells)")
    for directions in (DIRECTIONS, 2 * DIRECTIONS):
        far = march(heights, row, column, directions, np.inf)
        even = np.abs(visible_sky(heights, 1.0, directions=directions)[row, column] - far[:, 0]).mean()
        cosine = np.abs(sky_view_factor(heights, 1.0, directions=directions)[row, column] - far[:, 1]).mean()
        print(
            f"  tulou, {directions} directions, to the edge: evenly weighted {even:.4f}, cosine-weighted {cosine:.4f}"
        )
    if theirs is not None:
        near = march(heights, row, column, DIRECTIONS, RADIUS)[:, 0]
        far = march(heights, row, column, DIRECTIONS, np.inf)[:, 0]
        seen = theirs[row, column]
        print(f"  rvt-py beside a march of 100 cells {np.abs(seen - near).mean():.4f}")
        print(f"  rvt-py beside a march to the edge  {np.abs(seen - far).mean():.4f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=2000)
    heights = surface(parser.parse_args().size)
    python = os.environ.get("TULOU_PEER_PYTHON")
    ours(heights[:200, :200])
    mine, theirs, seen = [], [], None
    with tempfile.TemporaryDirectory() as folder:
        given, made = Path(folder) / "given.npy", Path(folder) / "made.npy"
        np.save(given, heights)
        for _ in range(ROUNDS):
            mine.append(ours(heights))
            if python:
                theirs.append(peer(python, given, made))
        seen = np.load(made) if python else None
    wall, processor = medians(mine)
    print(f"{heights.shape[0]} x {heights.shape[1]} cells, {DIRECTIONS} directions, evenly weighted sky")
    print(f"  tulou, to the edge       {wall:8.3f} s   processor {processor:8.3f} s")
    if python:
        other, busy = medians(theirs)
        print(
            f"  rvt-py, {RADIUS} cells        {other:8.3f} s   processor {busy:8.3f} s"
            f"   {other / wall:.0f} x on the wall, {busy / processor:.0f} x in processor seconds"
        )
    else:
        print("  rvt-py not measured: TULOU_PEER_PYTHON names no interpreter with rvt-py")
    errors(heights, seen)


if __name__ == "__main__":
    main()
