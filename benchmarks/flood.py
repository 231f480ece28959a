"""Cell updates a second of the surface flood beside landlab, itzi and what memory allows.

    python benchmarks/flood.py [--side 1000] [--large 4000] [--rounds 3] [--large-rounds 40] [--peers PYTHON]

``--peers`` names a Python with landlab (2.9.2 with ``requireit<0.3``) or itzi installed; they run in processes of
their own, in turn with ours, on the same ground and water. The limit is that of a two-pass scheme that moves 40 bytes
a cell in single numbers (80 in double) at the speed of a STREAM triad measured in the same run. Of itzi the two
kernels of a step and its largest depth are timed, of landlab its whole step. The median of the rounds counts; beside it
stands the fastest round of each, which other programs disturbed least.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numba import njit

from tulou.kernel.threads import spans, thread_count
from tulou.measures.water.flood.inertial import Drive, Flood, Ground, Rain

CELL, ROUGHNESS, LENGTH = 5.0, 0.03, 0.2
BYTES = {np.float32: 40, np.float64: 80}
"""Bytes a cell that a two-pass scheme moves."""
TRIAD = 3 * 8
"""Bytes an element of a triad in double numbers."""
ELEMENTS = 20_000_000
PEERS = ("landlab", "itzi")
STEPS = 30
"""Steps of ours in a round."""
WHOLE = 0.93
"""Processor seconds by seconds and threads above which a round had all cores to itself."""


def made(side: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.uniform(0, 0.5, (side, side)), rng.uniform(0, 1, (side, side))


def ours(level: np.ndarray, depth: np.ndarray, kind: type) -> Flood:
    rain = Rain(np.array([0.0, 1e6]), np.array([10.0]))
    flood = Flood(Ground(level, CELL, ROUGHNESS), Drive(rain), depth=depth, kind=kind)
    flood.step(LENGTH)
    return flood


def seconds(flood: Flood, steps: int) -> float:
    start = time.perf_counter()
    for _ in range(steps):
        flood.step(LENGTH)
    return (time.perf_counter() - start) / steps


@njit(nogil=True)
def triad(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> None:
    for i in range(a.size):
        a[i] = b[i] + 3.0 * c[i]


def bandwidth() -> float:
    """Bytes a second of a triad on all threads."""
    a, b, c = (np.ones(ELEMENTS) for _ in range(3))
    parts = spans(ELEMENTS, thread_count())
    with ThreadPoolExecutor(len(parts)) as pool:
        start = 0.0
        for _ in range(2):
            start = time.perf_counter()
            list(pool.map(lambda part: triad(a[part], b[part], c[part]), parts))
        return ELEMENTS * TRIAD / (time.perf_counter() - start)


def peer(python: Path, name: str, folder: Path, steps: int) -> float | None:
    script = Path(__file__).with_name("flood_peers.py")
    done = subprocess.run(
        [python, script, name, folder, str(steps), str(LENGTH)], capture_output=True, text=True, check=False
    )
    text = done.stdout.strip().splitlines()
    return float(text[-1]) / steps if done.returncode == 0 and text else None


def small(asked: argparse.Namespace) -> None:
    level, depth = made(asked.side)
    cells = level.size
    flood = {kind: ours(level, depth, kind) for kind in BYTES}
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        np.save(folder / "level.npy", level)
        np.save(folder / "depth.npy", depth)
        for _ in range(asked.rounds):
            for kind, one in flood.items():
                found.setdefault(f"tulou {kind.__name__}", []).append(seconds(one, STEPS))
            for other in PEERS:
                took = peer(asked.peers, other, folder, 8) if asked.peers else None
                if took is not None:
                    found.setdefault(other, []).append(took)
    print(
        f"\n{cells:,} cells, {thread_count()} threads: million cell updates a second, and how many times faster we are"
    )
    for word, chosen in (("medians", statistics.median), ("the fastest rounds", min)):
        print(f"  {word}")
        base, double = chosen(found["tulou float32"]), chosen(found["tulou float64"])
        for name, times in found.items():
            took = chosen(times)
            beside = f"single {took / base:6.1f} x   double {took / double:6.1f} x"
            print(f"    {name:14s} {cells / took / 1e6:8.1f}   {beside}")
    for other in PEERS:
        if other not in found:
            print(f"  {other:16s} not asked: give --peers a Python that has it")


def shared(flood: Flood) -> tuple[float, float, float]:
    """Cells a second of one step, bytes a second of triads before and after, and how many cores the step had."""
    before = bandwidth()
    wall, processor = time.perf_counter(), time.process_time()
    flood.step(LENGTH)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    return flood.ground.level.size / wall, (before + bandwidth()) / 2, processor / wall


def large(asked: argparse.Namespace) -> None:
    level, depth = made(asked.large)
    print(f"\n{level.size:,} cells beside the limit of memory; whole: rounds in which no other program took a core")
    for kind, size in BYTES.items():
        flood = ours(level, depth, kind)
        rounds = [shared(flood) for _ in range(asked.large_rounds)]
        for name, kept in (("all", rounds), ("whole", [one for one in rounds if one[2] > WHOLE * thread_count()])):
            if not kept:
                print(f"  {kind.__name__:8s} {name:6s} none of {len(rounds)} rounds")
                continue
            rate, speed = (statistics.median(one[k] for one in kept) for k in range(2))
            share = 100 * statistics.median(one[0] * size / one[1] for one in kept)
            print(
                f"  {kind.__name__:8s} {name:6s} {len(kept):3d} rounds {rate / 1e6:8.1f} million a second, triad "
                f"{speed / 1e9:5.1f} GB/s, {share:3.0f} % of the limit"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=int, default=1000)
    parser.add_argument("--large", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--large-rounds", type=int, default=40)
    parser.add_argument("--only", choices=("small", "large"))
    parser.add_argument("--peers", type=Path)
    asked = parser.parse_args()
    if asked.only != "large":
        small(asked)
    if asked.only != "small":
        large(asked)


if __name__ == "__main__":
    main()
