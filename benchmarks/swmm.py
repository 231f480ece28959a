"""What running SWMM through Tulou costs above SWMM itself, and several storms at once beside one after the other.

    python benchmarks/swmm.py [--model FILE.inp] [--conduits 961] [--hours 2] [--rounds 5]

Without a model a grid of conduits is made here, of the size of performance.md's row 8b. Bare: a fresh interpreter that
calls swmm_run of swmm-toolkit on the same file; ours: ``simulate``, which adds the checks of the model, the order, the
statistics of all nodes and links and their reading. Both write the same binary results; ours skips SWMM's text report.
Bare runs and ours alternate, so that a busy machine burdens both; processor seconds of the children are told beside.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tulou.processes.drainage.engine import Order, simulate, simulate_all
from tulou.processes.drainage.sections import Model, read_model

GOAL = 3.0
"""Percent."""
STORMS = 4
OPTIONS = """[OPTIONS]
FLOW_UNITS CMS
FLOW_ROUTING DYNWAVE
START_DATE 01/01/2026
END_DATE 01/01/2026
END_TIME {hours:02d}:00:00
REPORT_STEP 00:05:00
ROUTING_STEP 5
VARIABLE_STEP 0
THREADS 1
"""


def grid(conduits: int, hours: int) -> Model:
    """A square of streets that drain east and then south, each junction with an inflow of its own."""
    side = max(int((conduits + 1) ** 0.5), 2)
    junctions, pipes, sections, inflows = [], [], [], []
    for row in range(side):
        for column in range(side):
            name, level = f"J{row}_{column}", 100 - 0.3 * column - 0.3 * row
            junctions.append(f"{name} {level:.2f} 4")
            inflows.append(f'{name} FLOW "" FLOW 1 1 0.01')
            is_last = column == side - 1
            below = f"J{row}_{column + 1}" if not is_last else f"J{row + 1}_{column}" if row < side - 1 else "OUT"
            pipes.append(f"C{row}_{column} {name} {below} 80 0.013 0 0")
            sections.append(f"C{row}_{column} CIRCULAR {0.6 + 0.05 * column + (1.5 if is_last else 0):.2f} 0 0 0 1")
    parts = {"JUNCTIONS": junctions, "OUTFALLS": [f"OUT {100 - 0.6 * side:.2f} FREE"], "CONDUITS": pipes}
    parts |= {"XSECTIONS": sections, "INFLOWS": inflows}
    text = OPTIONS.format(hours=hours) + "\n".join(f"[{name}]\n" + "\n".join(lines) for name, lines in parts.items())
    return Model("grid", tuple(text.splitlines()))


def bare(folder: Path) -> None:
    """SWMM alone in a fresh interpreter."""
    names = ", ".join(repr(str(folder / f"model.{suffix}")) for suffix in ("inp", "rpt", "out"))
    code = f"from swmm.toolkit import solver; solver.swmm_run({names})"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the wall and of the processors of children."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - begun, used


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--conduits", type=int, default=961)
    parser.add_argument("--hours", type=int, default=24)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    model = read_model(given.model) if given.model else grid(given.conduits, given.hours)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "model.inp").write_text(model.with_options({"THREADS": "1"}).text, "utf-8")
        pairs = [
            (timed(lambda: bare(folder)), timed(lambda: simulate(Order(model), patience=600)))
            for _ in range(given.rounds)
        ]
    wall = [(ours[0] / alone[0] - 1) * 100 for alone, ours in pairs]
    used = [(ours[1] / alone[1] - 1) * 100 for alone, ours in pairs]
    alone, ours = (statistics.median(pair[place][0] for pair in pairs) for place in (0, 1))
    print(f"{model.name}: SWMM alone {alone:.2f} s, through Tulou {ours:.2f} s")
    print(f"overhead, median of {given.rounds} pairs: wall {statistics.median(wall):+.1f} %", end=", ")
    print(f"processor {statistics.median(used):+.1f} % (goal: at most {GOAL:g} %)")
    one_by_one, _ = timed(lambda: [simulate(Order(model), patience=600) for _ in range(STORMS)])
    at_once, _ = timed(lambda: simulate_all([Order(model)] * STORMS, patience=600))
    print(
        f"{STORMS} runs: one after the other {one_by_one:.2f} s, at once {at_once:.2f} s ({one_by_one / at_once:.2f}×)"
    )


if __name__ == "__main__":
    main()
