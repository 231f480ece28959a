"""Viewsheds, fast and exact, beside r.viewshed of GRASS.

    python benchmarks/viewshed.py [--size 2000]

The eye stands 50 m above the middle, what is looked at 1.6 m above each cell; the Earth is flat, as for r.viewshed by
default. GRASS, a program of its own (GPL), is run where it is installed; its start and import of the surface are
not counted. "Wrong" is the share of cells that differ from a line of sight to every cell. Medians of the rounds.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import rasterio

from town import surface
from tulou.measures.form.viewshed import VISIBLE, Look, viewshed

ROUNDS = 3
LOOK = Look(50.0, 1.6, refraction=1.0)
PEER = """
r.in.gdal -o input={folder}/given.tif output=given --overwrite --quiet
g.region raster=given
for k in {rounds}; do
  bash -c 'time r.viewshed -b input=given output=seen coordinates={east},{north} observer_elevation=50 \
    target_elevation=1.6 memory=4000 --overwrite --quiet' 2> {folder}/took$k
done
r.out.gdal input=seen output={folder}/seen.tif type=Byte --overwrite --quiet
"""


def timed(heights: np.ndarray, place: tuple[int, int], *, is_exact: bool) -> tuple[float, float]:
    wall, processor = time.perf_counter(), time.process_time()
    viewshed(heights, 1.0, place, LOOK, is_exact=is_exact)
    return time.perf_counter() - wall, time.process_time() - processor


def seconds(text: str) -> float:
    minutes, _, rest = text.rstrip("s").partition("m")
    return 60 * float(minutes) + float(rest)


def by_grass(heights: np.ndarray, place: tuple[int, int]) -> tuple[list[tuple[float, float]], np.ndarray] | None:
    """Wall and processor seconds of each round, and what is seen."""
    program = shutil.which("grass")
    if program is None:
        return None
    size = len(heights)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        where = {"crs": "EPSG:32650", "transform": rasterio.Affine(1, 0, 500_000, 0, -1, 3_000_000 + size)}
        raster = {"height": size, "width": size, "count": 1, "dtype": "float32", **where}
        with rasterio.open(folder / "given.tif", "w", driver="GTiff", **raster) as made:
            made.write(heights, 1)
        east, north = 500_000.5 + place[1], 3_000_000 + size - 0.5 - place[0]
        rounds = " ".join(map(str, range(ROUNDS)))
        (folder / "run.sh").write_text(PEER.format(folder=folder, east=east, north=north, rounds=rounds), "utf-8")
        subprocess.run(
            [program, "-c", folder / "given.tif", "-e", folder / "location"], check=True, capture_output=True
        )
        at = folder / "location" / "PERMANENT"
        subprocess.run([program, at, "--exec", "bash", folder / "run.sh"], check=True, capture_output=True)
        took = []
        for k in range(ROUNDS):
            words = (folder / f"took{k}").read_text("utf-8").split()
            said = {name: seconds(value) for name, value in zip(words[::2], words[1::2], strict=True)}
            took.append((said["real"], said["user"] + said["sys"]))
        with rasterio.open(folder / "seen.tif") as seen:
            return took, seen.read(1) == 1


def row(name: str, rounds: list[tuple[float, float]], wrong: float, peer: tuple[float, float] | None) -> None:
    wall, processor = (statistics.median(one[k] for one in rounds) for k in range(2))
    ratio = f"{peer[0] / wall:7.1f} x on the wall {peer[1] / processor:7.1f} x in processor seconds" if peer else ""
    print(f"  {name:18s} {wall:8.3f} s   processor {processor:8.3f} s   wrong {100 * wrong:.3f} %  {ratio}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=2000)
    heights = surface(parser.parse_args().size)
    place = (len(heights) // 2, len(heights) // 2)
    for is_exact in (False, True):
        timed(heights, place, is_exact=is_exact)
    theirs = by_grass(heights, place)
    fast = [timed(heights, place, is_exact=False) for _ in range(ROUNDS)]
    exact = [timed(heights, place, is_exact=True) for _ in range(ROUNDS)]
    truth = viewshed(heights, 1.0, place, LOOK, is_exact=True) == VISIBLE
    quick = viewshed(heights, 1.0, place, LOOK) == VISIBLE
    print(f"{len(heights)} x {len(heights)} cells, {100 * truth.mean():.1f} % seen")
    peer = None
    if theirs:
        peer = tuple(statistics.median(one[k] for one in theirs[0]) for k in range(2))
        row("GRASS r.viewshed", theirs[0], float((theirs[1] != truth).mean()), None)
    else:
        print("  GRASS not measured: it is not installed")
    row("tulou, fast", fast, float((quick != truth).mean()), peer)
    row("tulou, exact", exact, 0.0, peer)


if __name__ == "__main__":
    main()
