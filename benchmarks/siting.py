"""Siting beside spopt: p-median, largest cover, fewest sites; the optimum and its proof, and the first good answer.

    TULOU_PEER_PYTHON=python-with-spopt python benchmarks/siting.py [--rounds 3] [--only lscp]

Instances are drawn from a fixed seed and given to all as one file. spopt 0.7 solves them with HiGHS and CBC through
PuLP; its time holds the making of the model, as ours does. Import, compilation and input are outside the timer; the
peers run in turn, the medians of the rounds count, on the wall and (in brackets) of the processor. The value must be
the same; the gap stands beside it.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tulou.plan.siting import heuristic
from tulou.plan.siting.answer import Sites
from tulou.plan.siting.models import least_number, max_cover, p_median
from tulou.plan.siting.uncapacitated import Costs, best_choice

Array = NDArray[np.float64]
GOOD_ENOUGH = 0.005
"""Relative gap of the first answer."""
NOT_MEASURED = "not measured: TULOU_PEER_PYTHON names no interpreter with spopt"

PEER = """
import resource, sys, time, warnings, numpy, pulp
warnings.filterwarnings("ignore")
from spopt.locate import LSCP, MCLP, PMedian
given = numpy.load(sys.argv[1])
solver = {"highs": lambda: pulp.HiGHS(msg=False), "cbc": lambda: pulp.PULP_CBC_CMD(msg=False)}[sys.argv[2]]()
kind, cost, weight = sys.argv[3], given["cost"], given["weight"]
reach, count = float(given["reach"]), int(given["count"])
used = lambda: sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
begun, before = time.perf_counter(), used()
if kind == "pmedian":
    model = PMedian.from_cost_matrix(cost, weight, count)
elif kind == "mclp":
    model = MCLP.from_cost_matrix(cost, weight, reach, count)
else:
    model = LSCP.from_cost_matrix(cost, reach)
model = model.solve(solver)
print(time.perf_counter() - begun, used() - before, model.problem.objective.value())
"""


@dataclass(frozen=True)
class Task:
    """One instance."""

    name: str
    kind: str
    demands: int
    sites: int
    count: int
    reach: float
    seed: int

    def drawn(self) -> tuple[Array, Array]:
        """Distances and weights over a square of 10 km; for the fewest sites only demands that can be reached."""
        draw = np.random.default_rng(self.seed)
        places, sites = draw.random((self.demands, 2)) * 1e4, draw.random((self.sites, 2)) * 1e4
        cost = np.hypot(*(places[:, None] - sites[None]).transpose(2, 0, 1))
        weight = draw.integers(1, 100, self.demands).astype(float)
        if self.kind == "lscp":
            kept = (cost <= self.reach).any(axis=1)
            return cost[kept], weight[kept]
        return cost, weight


TASKS = (
    Task("p-median 300 x 150, p = 20", "pmedian", 300, 150, 20, np.inf, 5),
    Task("largest cover 2000 x 500, p = 20, 800 m", "mclp", 2000, 500, 20, 800.0, 6),
    Task("fewest sites 1000 x 200, 1,500 m", "lscp", 1000, 200, 0, 1500.0, 7),
    Task("fewest sites 1000 x 200, 1,500 m, other places", "lscp", 1000, 200, 0, 1500.0, 8),
    Task("fewest sites 1000 x 200, 1,000 m", "lscp", 1000, 200, 0, 1000.0, 7),
    Task("fewest sites 1000 x 200, 2,000 m", "lscp", 1000, 200, 0, 2000.0, 9),
)


def ours(task: Task, cost: Array, weight: Array) -> tuple[float, float, float, float]:
    """Seconds, processor seconds, value and gap of the proved answer."""
    begun, before = time.perf_counter(), time.process_time()
    sites = Sites(cost, weight, reach=task.reach)
    solve: dict[str, Callable[[], object]] = {
        "pmedian": lambda: p_median(sites, task.count),
        "mclp": lambda: max_cover(sites, task.count),
        "lscp": lambda: least_number(sites),
    }
    found = solve[task.kind]()
    return time.perf_counter() - begun, time.process_time() - before, found.value, found.gap  # type: ignore[attr-defined]


def first_good(task: Task, cost: Array, weight: Array) -> tuple[float, float, float]:
    """Seconds, processor seconds and value of an answer that the bound shows to be within half a percent."""
    begun, before = time.perf_counter(), time.process_time()
    sites = Sites(cost, weight, reach=task.reach)
    asked = Costs(cost if task.kind == "pmedian" else heuristic.uncovered(sites), weight)
    value = best_choice(asked, task.count, gap=GOOD_ENOUGH, most=0).value
    took = time.perf_counter() - begun, time.process_time() - before
    return *took, value if task.kind == "pmedian" else weight.sum() - value


def peer(task: Task, path: Path, solver: str) -> tuple[float, float, float] | None:
    """Seconds, processor seconds and value of spopt; None where there is none."""
    python = os.environ.get("TULOU_PEER_PYTHON")
    if not python:
        return None
    done = subprocess.run(
        [python, "-c", PEER, str(path), solver, task.kind], capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.stderr.write(done.stderr[-400:])
        return None
    seconds, processor, value = done.stdout.split()[-3:]
    return float(seconds), float(processor), float(value)


def median(rounds: list[tuple[float, ...]]) -> tuple[float, ...]:
    """Median times, and what else the first round gave."""
    return (*(statistics.median(one[k] for one in rounds) for k in range(2)), *rounds[0][2:])


def main() -> None:
    """Run all tasks and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=("pmedian", "mclp", "lscp"))
    asked = parser.parse_args()
    rounds = asked.rounds
    for kind, reach in (("pmedian", np.inf), ("lscp", 1500.0)):
        warm = Task("", kind, 200, 40, 3, reach, 1)
        ours(warm, *warm.drawn())
    with tempfile.TemporaryDirectory() as folder:
        for task in TASKS:
            if asked.only not in {None, task.kind}:
                continue
            cost, weight = task.drawn()
            path = Path(folder) / f"{task.kind}.npz"
            np.savez(path, cost=cost, weight=weight, reach=task.reach, count=task.count)
            mine, good, theirs = [], [], {"highs": [], "cbc": []}
            for _ in range(rounds):
                mine.append(ours(task, cost, weight))
                if task.kind != "lscp":
                    good.append(first_good(task, cost, weight))
                for solver, kept in theirs.items():
                    if (found := peer(task, path, solver)) is not None:
                        kept.append(found)
            report(task, mine, good, theirs)


def report(task: Task, mine: list, good: list, theirs: dict[str, list]) -> None:  # type: ignore[type-arg]
    """Print the lines of one task."""
    seconds, processor, value, gap = median(mine)
    print(f"{task.name}\n  tulou, proved       {seconds:8.3f} s ({processor:.3f})  value {value:.4f}  gap {gap:.1e}")
    best = min((median(kept)[0] for kept in theirs.values() if kept), default=None)
    if good:
        first, used, rough = median(good)
        away = abs(rough - value) / abs(value)
        beside = f"  {best / first:.0f} times as fast as spopt" if best else ""
        print(f"  tulou, first answer {first:8.3f} s ({used:.3f})  value {rough:.4f}  {100 * away:.2f} % away{beside}")
    for solver, kept in theirs.items():
        if not kept:
            print(f"  spopt, {solver:5}        {NOT_MEASURED}")
            continue
        other, used, their_value = median(kept)
        times = f"{other / seconds:.1f} times ours ({used / processor:.1f} of the processor)"
        print(f"  spopt, {solver:5}        {other:8.3f} s ({used:.3f})  value {their_value:.4f}  {times}")


if __name__ == "__main__":
    main()
