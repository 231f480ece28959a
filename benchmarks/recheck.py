"""Checking again after one change: how long it takes when only what depends on the change is worked out.

    python benchmarks/recheck.py                       # a generated city of 100,000 buildings, all registers
    python benchmarks/recheck.py --city FOLDER         # any city
    python benchmarks/recheck.py --proof               # and compare each with a full check, to the byte

Every change is made to the same city; a full check with the memory stands before it. One change is one object that
appears, vanishes, moves, or has another value of one attribute. A re-check asks all indicators of all rulebooks and
makes all findings. The full check beside it has no memory. No peer checks a city, so this table stands alone.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
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
        began = time.perf_counter()
        diagnose(rules, state)
        full = time.perf_counter() - began
        diagnose(rules, state, memo=memo)
        began = time.perf_counter()
        diagnose(rules, state, memo=memo)
        again = time.perf_counter() - began
        print(
            f"{len(state.rows('building')):,} buildings, {len(rules.indicators)} indicators, {os.cpu_count()} cores\n"
        )
        print("| check | seconds, median | longest | full check / median |\n|---|--:|--:|--:|")
        print(f"| in full, without a memory | {full:.2f} | | |")
        print(f"| again, nothing changed | {again:.2f} | | {full / again:.0f}× |", flush=True)
        for entity in ATTRIBUTES:
            for kind in KINDS:
                times = list(timed(rules, state, memo, (entity, kind), given))
                middle = median(times)
                print(f"| one {entity} {kind} | {middle:.2f} | {max(times):.2f} | {full / middle:.0f}× |", flush=True)


def timed(rules, state: State, memo: Memo, what: tuple[str, str], given: argparse.Namespace) -> Iterator[float]:
    """Seconds that each re-check took."""
    for after in changed(state, *what, given.rounds):
        began = time.perf_counter()
        found = diagnose(rules, after, memo=memo)
        yield time.perf_counter() - began
        if given.proof and not is_equal(found, diagnose(rules, after)):
            raise SystemExit(f"a {what[0]} that {what[1]}: not what a full check gives")


if __name__ == "__main__":
    main()
