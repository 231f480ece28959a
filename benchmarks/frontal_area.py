"""Frontal area beside the calculator of UMEP, cell by cell.

    TULOU_PEER_PYTHON=python-with-scipy TULOU_PEER_UMEP=folder python benchmarks/frontal_area.py [--side 3200]

The folder holds ``imageMorphometricParms_v2.py`` of UMEP-processing (AGPL, run as a program of its own). Both take 72
directions. UMEP gets a surface of 1 m of each cell of 100 m and follows one line through the middle of the turned cell;
ours takes all walls of the footprints, party walls dissolved. The answers are therefore set beside each other, not
equal. UMEP is timed on 40 cells. Medians of the rounds.
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

from town import houses
from tulou.kernel.grid import Grid
from tulou.measures.climate.morphology import morphology
from tulou.measures.climate.surface import built_surface

ROUNDS = 3
CELL = 100
CELLS_OF_PEER = 40
DIRECTIONS = tuple(5.0 * turn for turn in range(72))
PEER = """
import sys, time
import numpy as np
from imageMorphometricParms_v2 import imagemorphparam_v2
cells = np.load(sys.argv[1])
run = lambda one: imagemorphparam_v2(one.astype(float), np.zeros(one.shape), 1.0, 0, 5.0, None, 0)["fai_all"]
run(cells[0])
wall, processor = time.perf_counter(), time.process_time()
found = [run(one) for one in cells]
print("took", time.perf_counter() - wall, time.process_time() - processor)
np.save(sys.argv[2], found)
"""


def ours(shapes: np.ndarray, heights: np.ndarray, grid: Grid) -> tuple[float, float]:
    wall, processor = time.perf_counter(), time.process_time()
    morphology(shapes, heights, grid, directions=DIRECTIONS)
    return time.perf_counter() - wall, time.process_time() - processor


def by_umep(cells: np.ndarray) -> tuple[tuple[float, float], np.ndarray] | None:
    """Wall and processor seconds a cell, and the mean frontal area of each."""
    python, folder = os.environ.get("TULOU_PEER_PYTHON"), os.environ.get("TULOU_PEER_UMEP")
    if not (python and folder):
        return None
    with tempfile.TemporaryDirectory() as name:
        given, made = Path(name) / "given.npy", Path(name) / "made.npy"
        np.save(given, cells)
        asked = [python, "-W", "ignore", "-c", PEER, given, made]
        done = subprocess.run(
            asked, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": folder}
        )
        wall, processor = done.stdout.split("took")[1].split()
        return (float(wall) / len(cells), float(processor) / len(cells)), np.load(made)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=int, default=3200)
    side = parser.parse_args().side // CELL * CELL
    shapes, heights = houses(side)
    grid = Grid(0, side, CELL, side // CELL, side // CELL)
    fine = built_surface(shapes, heights, Grid(0, side, 1, side, side)).height
    squares = fine.reshape(grid.rows, CELL, grid.columns, CELL).swapaxes(1, 2).reshape(-1, CELL, CELL)
    some = np.random.default_rng(3).choice(len(squares), CELLS_OF_PEER, replace=False)
    ours(shapes[:9], heights[:9], grid)
    rounds = [ours(shapes, heights, grid) for _ in range(ROUNDS)]
    wall, processor = (statistics.median(one[k] for one in rounds) / len(squares) for k in range(2))
    print(f"{len(shapes):,} footprints, {len(squares):,} cells of {CELL} m, {len(DIRECTIONS)} directions")
    print(f"  tulou  {1e6 * wall:10.1f} µs a cell   processor {1e6 * processor:10.1f} µs")
    theirs = by_umep(squares[some])
    if theirs is None:
        print("  UMEP not measured: TULOU_PEER_PYTHON and TULOU_PEER_UMEP do not name an interpreter and its folder")
        return
    (other, busy), found = theirs
    print(
        f"  UMEP   {1e6 * other:10.1f} µs a cell   processor {1e6 * busy:10.1f} µs"
        f"   {other / wall:,.0f} x on the wall, {busy / processor:,.0f} x in processor seconds"
    )
    mine = morphology(shapes, heights, grid, directions=DIRECTIONS).frontal_mean.ravel()[some]
    alike = np.corrcoef(mine, found)[0, 1]
    print(
        f"  mean of {CELLS_OF_PEER} cells: tulou {mine.mean():.3f}, UMEP {np.mean(found):.3f}, correlation {alike:.2f}"
    )


if __name__ == "__main__":
    main()
