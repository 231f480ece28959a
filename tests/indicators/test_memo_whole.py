"""A memory on a whole city by all rulebooks: edits of every kind of object give what a fresh check gives."""

from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely
from shapely.affinity import translate

from indicators.test_memo_edits import told
from tulou.app.wiring import dictionary, new_city, rulebook
from tulou.diagnosis.diagnose import diagnose
from tulou.indicators.evaluate.memo import Memo
from tulou.kernel.facts import GEOMETRY, ID
from tulou.model.changes import AttributeChange, ChangeSet, EntityChanges, applied
from tulou.model.rows import Rows, rows_of
from tulou.model.state import State
from tulou.sources.synthetic.connector import rongcheng

pytestmark = pytest.mark.slow

SINCE = date(2026, 1, 1)
STEPS = 14
MOVED = ("building", "facility", "road", "green", "stop", "population", "parcel")


@cache
def city(folder: str) -> State:
    made = new_city(Path(folder) / "city", "synthetic", synthetic=True)
    made.commit(rongcheng(900), who="test", message="generated", valid_from=SINCE)
    return made.state(valid=SINCE)


def nothing(rows: Rows) -> Rows:
    return Rows(rows.entity, pa.table({ID: pa.array([], pa.string())}))


def random_change(state: State, draw: np.random.Generator) -> ChangeSet:
    """One object appears, vanishes, moves, or has another value of one attribute."""
    kind = str(draw.choice(["appears", "vanishes", "moves", "differs"]))
    entity = str(
        draw.choice(MOVED if kind == "moves" else [name for name in state.dictionary if len(state.rows(name))])
    )
    rows = state.rows(entity)
    at = int(draw.integers(len(rows)))
    one, ids = {name: rows.column(name).slice(at, 1).to_pylist() for name in rows.names}, pa.array([rows.ids[at]])
    by = tuple(draw.uniform(-40, 40, 2))
    if kind == "vanishes":
        return ChangeSet({entity: EntityChanges(rows.entity, nothing(rows), ids, {})})
    if kind == "appears":
        one[ID] = [f"new{draw.integers(1 << 30)}"]
        if GEOMETRY in one:
            one[GEOMETRY] = [translate(rows.shapes[at], *by)]
        return ChangeSet({entity: EntityChanges(rows.entity, rows_of(rows.entity, one), pa.array([], pa.string()), {})})
    if kind == "moves":
        after = pa.array([shapely.to_wkb(translate(rows.shapes[at], *by))], pa.binary())
        name = GEOMETRY
    else:
        name = str(draw.choice([name for name in rows.names if name not in {ID, GEOMETRY}] or [ID]))
        if name == ID:
            return ChangeSet()
        other = rows.column(name).slice(int(draw.integers(len(rows))), 1)
        after = pa.concat_arrays(other.chunks) if draw.random() < 0.8 else pa.nulls(1, other.type)
    change = AttributeChange(name, ids, after, after)
    return ChangeSet({entity: EntityChanges(rows.entity, nothing(rows), pa.array([], pa.string()), {name: change})})


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_edits_of_a_whole_city(tmp_path_factory, seed):
    state = city(str(tmp_path_factory.getbasetemp() / "whole"))
    draw, memo, rules = np.random.default_rng(seed), Memo(), rulebook()
    diagnose(rules, state, memo=memo)
    current: State = state
    for _ in range(STEPS):
        current = applied(current, random_change(current, draw))
        assert told(diagnose(rules, current, memo=memo)) == told(diagnose(rules, current))
    assert told(diagnose(rules, state, memo=memo)) == told(diagnose(rules, state))


def test_roads_that_come_and_go(tmp_path_factory):
    state = city(str(tmp_path_factory.getbasetemp() / "whole"))
    draw, memo, rules = np.random.default_rng(7), Memo(), rulebook()
    diagnose(rules, state, memo=memo)
    roads = state.rows("road")
    current: State = state
    for at in draw.choice(len(roads), 8, replace=False):
        ids = pa.array([roads.ids[at]])
        gone = EntityChanges(dictionary()["road"], nothing(roads), ids, {})
        current = applied(current, ChangeSet({"road": gone}))
        assert told(diagnose(rules, current, memo=memo)) == told(diagnose(rules, current))
