"""A whole check: how its time and memory grow with the city, and one real city cold from its file to its results.

    python benchmarks/whole_city.py                    # 10,000 to 1,000,000 buildings, generated
    python benchmarks/whole_city.py --pbf FILE         # also a real extract, cold: import, derive, check

Each figure is a process of its own, so that memory is its own and nothing is warm but the compiled kernels. No peer
checks a city from facts to verdicts, so this table stands alone; its parts are measured beside peers in other files.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from pathlib import Path

SIZES = (10_000, 100_000, 1_000_000)
PLOTS_PER_BUILDING = 1.95

GENERATE = """
import sys, time, json
from pathlib import Path
from tulou.app.demonstration import SINCE
from tulou.app.wiring import new_city
from tulou.sources.synthetic.connector import rongcheng
began = time.perf_counter()
city = new_city(Path(sys.argv[1]), "synthetic", synthetic=True)
facts = rongcheng(int(sys.argv[2]))
city.commit(facts, who="benchmark", message="generated", valid_from=SINCE)
buildings = next(one.rows.num_rows for one in facts.facts if one.entity == "building")
print(json.dumps({"seconds": time.perf_counter() - began, "buildings": buildings}))
"""

CHECK = """
import sys, time, json, resource
began = time.perf_counter()
from pathlib import Path
from tulou.app.checking import Question, run
from tulou.app.wiring import open_city
kept = run(open_city(Path(sys.argv[1])), Question())
answered = {row["indicator"] for row in kept.check.results.select(["indicator", "status", "level"]).to_pylist()
            if row["level"] == "city" and row["status"] != "not assessed"}
print(json.dumps({"seconds": time.perf_counter() - began, "rows": kept.check.results.num_rows,
                  "indicators": len(answered), "findings": kept.diagnosis.findings.num_rows,
                  "gigabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6}))
"""

REAL = """
import sys, time, json, resource
began = time.perf_counter()
from pathlib import Path
from tulou.app.checking import Question, run
from tulou.app.intake import city_of_file
from tulou.app.wiring import open_city
place = city_of_file(Path(sys.argv[1]), Path(sys.argv[2]))
made = time.perf_counter()
kept = run(open_city(place), Question())
state = kept.state
print(json.dumps({"import_and_derive": made - began, "check": time.perf_counter() - made,
                  "seconds": time.perf_counter() - began, "buildings": len(state.rows("building")),
                  "gigabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6}))
"""


def run(code: str, *words: str, cores: int | None = None) -> dict[str, float]:
    """Run one measurement in a process of its own, on some cores."""
    command = [sys.executable, "-c", code, *words]
    if cores is not None:
        wanted = ",".join(map(str, sorted(os.sched_getaffinity(0))[:cores]))
        command = ["taskset", "-c", wanted, *command]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def growth(sizes: list[float], times: list[float]) -> float:
    """Exponent of growth between the smallest and the largest."""
    return math.log(times[-1] / times[0]) / math.log(sizes[-1] / sizes[0])


def main() -> None:
    """Print the tables."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    words.add_argument("--cores", type=int, nargs="*", default=[os.cpu_count() or 1])
    words.add_argument("--pbf", type=Path)
    given = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print("| buildings | cores | make, s | check, s | GB | indicators | findings |")
        print("|--:|--:|--:|--:|--:|--:|--:|")
        for cores in given.cores:
            sizes, times = [], []
            for size in given.sizes:
                place = Path(folder) / f"{size}.city"
                if not place.exists():
                    made = run(GENERATE, str(place), str(round(size * PLOTS_PER_BUILDING)))
                found = run(CHECK, str(place), cores=cores)
                sizes.append(made["buildings"])
                times.append(found["seconds"])
                print(
                    f"| {made['buildings']:,} | {cores} | {made['seconds']:.1f} | {found['seconds']:.1f} | "
                    f"{found['gigabytes']:.1f} | {found['indicators']} | {found['findings']:,} |",
                    flush=True,
                )
            if len(sizes) > 1:
                print(f"\ngrowth on {cores} cores: n^{growth(sizes, times):.2f}\n")
        if given.pbf:
            found = run(REAL, str(given.pbf), str(Path(folder) / "real.city"))
            print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
