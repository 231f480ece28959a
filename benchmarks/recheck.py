"""Checking again after one change: how long it takes when only what depends on the change is worked out.

    python benchmarks/recheck.py                       # a generated city of 100,000 buildings, all registers
    python benchmarks/recheck.py --city FOLDER         # any city
    python benchmarks/recheck.py --proof               # and compare each with a full check, to the byte

Every change is made to the same city; a full check with the memory stands before it. One change is one object that
appears, vanishes, moves, or has another value of one attribute. A re-check asks all indicators of all rulebooks and
makes all findings. The full check beside it has no memory. Seconds are those of the clock; processor seconds are those
of all threads together, which hold better on a machine that others use. No peer checks a city, so this table stands
alone.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from statistics import median

import numpy as np
import pyarrow as pa
import shapely
from shapely.affinity import translate

from tulou.app.checking import Question, state_of
from tulou.app.demonstration import SINCE
from tulou.app.wiring import new_city, open_city, rulebook
from tulou.diagnosis.diagnose import Diagnosis, diagnose
from tulou.indicators.evaluate.memo import Memo
from tulou.indicators.rulebook.content import Rulebook
from tulou.kernel.facts import GEOMETRY, ID
from tulou.model.changes import AttributeChange, ChangeSet, EntityChanges, applied
from tulou.model.rows import Rows, rows_of
from tulou.model.state import State
from tulou.sources.synthetic.connector import rongcheng

PLOTS_PER_BUILDING = 1.87
BUILDINGS = 100_000
STEP = 15.0
"""Metres by which an object is moved."""
ATTRIBUTES = {"building": "lift", "facility": "capacity", "road": "sidewalk"}
SEED = 20_260_129


def made(folder: Path, buildings: int) -> Path:
    """A generated city."""
    place = folder / "synthetic.city"
    city = new_city(place, "synthetic", synthetic=True)
    facts = rongcheng(round(buildings * PLOTS_PER_BUILDING))
    city.commit(facts, who="benchmark", message="generated", valid_from=SINCE)
    return place


def nothing(rows: Rows) -> Rows:
    """No objects."""
    return Rows(rows.entity, pa.table({ID: pa.array([], pa.string())}))


def appears(rows: Rows, at: int) -> EntityChanges:
    """One like another, beside it."""
    one = {name: rows.column(name).slice(at, 1).to_pylist() for name in rows.names}
    one[ID], one[GEOMETRY] = ["new"], [translate(rows.shapes[at], STEP, STEP)]
    return EntityChanges(rows.entity, rows_of(rows.entity, one), pa.array([], pa.string()), {})


def vanishes(rows: Rows, at: int) -> EntityChanges:
    """One that is closed or pulled down."""
    return EntityChanges(rows.entity, nothing(rows), pa.array([rows.ids[at]]), {})


def moves(rows: Rows, at: int) -> EntityChanges:
    """One that is elsewhere."""
    after = pa.array([shapely.to_wkb(translate(rows.shapes[at], STEP, STEP))], pa.binary())
    return differs(rows, at, GEOMETRY, after)


def improves(rows: Rows, at: int) -> EntityChanges:
    """One that has another value of an attribute."""
    name = ATTRIBUTES[rows.entity.name]
    known = rows.column(name)
    now = known[at].as_py()
    after = (not now) if pa.types.is_boolean(known.type) else (now or 0.0) + 10.0
    return differs(rows, at, name, pa.array([after], known.type))


def differs(rows: Rows, at: int, name: str, after: pa.Array) -> EntityChanges:
    """A change of one attribute of one object."""
    change = AttributeChange(name, pa.array([rows.ids[at]]), pa.nulls(1, after.type), after)
    return EntityChanges(rows.entity, nothing(rows), pa.array([], pa.string()), {name: change})


KINDS: dict[str, Callable[[Rows, int], EntityChanges]] = {
    "appears": appears,
    "vanishes": vanishes,
    "moves": moves,
    "has another value": improves,
}


def changed(state: State, entity: str, kind: str, count: int) -> Iterator[State]:
    """The city after one change, for several changes."""
    rows = state.rows(entity)
    for at in np.random.default_rng(SEED).choice(len(rows), count, replace=False):
        yield applied(state, ChangeSet({entity: KINDS[kind](rows, int(at))}))


def is_equal(one: Diagnosis, other: Diagnosis) -> bool:
    """Whether results, chains and findings are the same."""
    tables = ((one.check.results, other.check.results), (one.findings, other.findings))
    return one.check.chains == other.check.chains and all(first.equals(second) for first, second in tables)


def main() -> None:
    """Print the table."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--city", type=Path)
    words.add_argument("--buildings", type=int, default=BUILDINGS)
    words.add_argument("--rounds", type=int, default=5)
    words.add_argument("--proof", action="store_true")
    given = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = given.city or made(Path(folder), given.buildings)
        rules, state, memo = rulebook(), state_of(open_city(place), Question()), Memo()
        diagnose(rules, state)  # compiled kernels and files are warm for all that follows
        full = middle(spent(lambda: diagnose(rules, state)) for _ in range(3))
        diagnose(rules, state, memo=memo)
        again = middle(spent(lambda: diagnose(rules, state, memo=memo)) for _ in range(3))
        print(
            f"{len(state.rows('building')):,} buildings, {len(rules.indicators)} indicators, {os.cpu_count()} cores\n"
        )
        print("| check | seconds, median | longest | processor seconds | full / this |\n|---|--:|--:|--:|--:|")
        print(f"| in full, without a memory | {full[0]:.2f} | | {full[1]:.2f} | |")
        print(f"| again, nothing changed | {again[0]:.2f} | | {again[1]:.2f} | {full[1] / again[1]:.0f}× |", flush=True)
        for entity in ATTRIBUTES:
            for kind in KINDS:
                times = list(timed(rules, state, memo, (entity, kind), given))
                (seconds, worked), longest = middle(times), max(each for each, _ in times)
                print(
                    f"| one {entity} {kind} | {seconds:.2f} | {longest:.2f} | {worked:.2f} | {full[1] / worked:.0f}× |",
                    flush=True,
                )


def middle(times: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """Medians of seconds and of processor seconds."""
    found = list(times)
    return median(each for each, _ in found), median(worked for _, worked in found)


def spent(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds that some work takes by the clock, and those of all processors."""
    began = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began[0], time.process_time() - began[1]


def timed(
    rules: Rulebook, state: State, memo: Memo, what: tuple[str, str], given: argparse.Namespace
) -> Iterator[tuple[float, float]]:
    """What each re-check took, see ``spent``."""
    for after in changed(state, *what, given.rounds):
        yield spent(lambda after=after: diagnose(rules, after, memo=memo))
        if given.proof and not is_equal(diagnose(rules, after, memo=memo), diagnose(rules, after)):
            raise SystemExit(f"a {what[0]} that {what[1]}: not what a full check gives")


if __name__ == "__main__":
    main()
