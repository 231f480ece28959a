"""The store against a plain replay: a dictionary of days, changed row by row."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import hypothesis.strategies as st
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings

from model.made import new_city, put
from tulou.kernel.facts import Facts
from tulou.model.changes import applied, changes
from tulou.model.rows import Rows
from tulou.model.store.city import City
from tulou.model.store.importing import Importing

DAYS = 6
FIRST = date(2024, 1, 1)
IDS = ["a", "b", "丙"]
CHOICES: dict[str, st.SearchStrategy[Any]] = {
    "storeys": st.sampled_from([None, 1.0, 2.0]),
    "name": st.sampled_from([None, "x", "楼"]),
    "lift": st.sampled_from([None, True, False]),
    "geometry": st.sampled_from([None, 0, 1]),
}
TYPES = {"storeys": pa.float64(), "name": pa.string(), "lift": pa.bool_()}
PLACES = shapely.to_wkb(shapely.points([[120.0, 30.0], [120.01, 30.0]]))
BRANCHES = ["main", "plan"]


@dataclass(frozen=True)
class Row:
    id: str
    start: int
    end: int
    exists: bool
    known: dict[str, Any]


@dataclass(frozen=True)
class Step:
    branch: str
    tables: list[tuple[tuple[str, ...], list[Row]]]
    keep_known: bool


@dataclass
class World:
    """For each object and day, its attributes; absent where it does not exist."""

    days: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)

    def take(self, step: Step) -> None:
        for _, rows in step.tables:
            before = deepcopy(self.days)
            for row in rows:
                for day in range(row.start, row.end):
                    self.days.pop((row.id, day), None)
                    if row.exists:
                        known = dict(before.get((row.id, day), {}))
                        said = row.known.items()
                        known |= {name: value for name, value in said if value is not None or not step.keep_known}
                        self.days[row.id, day] = known

    def on(self, day: int) -> dict[str, dict[str, Any]]:
        return {name: known for (name, at), known in self.days.items() if at == day}


@st.composite
def tables(draw: st.DrawFn) -> tuple[tuple[str, ...], list[Row]]:
    names = tuple(sorted(draw(st.sets(st.sampled_from(sorted(CHOICES))))))
    rows = []
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, DAYS - 1))
        end = draw(st.integers(start + 1, DAYS))
        known = {name: draw(CHOICES[name]) for name in names}
        rows.append(Row(draw(st.sampled_from(IDS)), start, end, draw(st.sampled_from([True, True, False])), known))
    return names, rows


steps = st.builds(Step, st.sampled_from(BRANCHES), st.lists(tables(), min_size=1, max_size=2), st.booleans())
logs = st.lists(steps, min_size=1, max_size=5)


def _facts(names: tuple[str, ...], rows: list[Row]) -> Facts:
    columns = {
        "id": pa.array([row.id for row in rows], pa.string()),
        "valid_from": pa.array([FIRST + timedelta(days=row.start) for row in rows], pa.date32()),
        "valid_to": pa.array([FIRST + timedelta(days=row.end) for row in rows], pa.date32()),
        "exists": pa.array([row.exists for row in rows], pa.bool_()),
    }
    for name in names:
        found = [row.known[name] for row in rows]
        if name == "geometry":
            columns[name] = pa.array([None if place is None else PLACES[place] for place in found], pa.binary())
        else:
            columns[name] = pa.array(found, TYPES[name])
    return Facts("building", pa.table(columns))


@contextmanager
def _city(log: list[Step], branch_at: int) -> Iterator[tuple[City, list[dict[str, World]]]]:
    """A city that took all steps, and the worlds after each."""
    worlds = {"main": World()}
    after = [deepcopy(worlds)]
    with tempfile.TemporaryDirectory() as folder:
        city = new_city(Path(folder) / "c")
        for number, step in enumerate(log):
            if number == min(branch_at, len(log) - 1):
                city.branch("plan")
                worlds["plan"] = deepcopy(worlds["main"])
            branch = step.branch if step.branch in worlds else "main"
            put(
                city,
                *[_facts(names, rows) for names, rows in step.tables],
                branch=branch,
                how=Importing(keep_known=step.keep_known),
            )
            worlds[branch].take(step)
            after.append(deepcopy(worlds))
        yield city, after


def _plain(rows: Rows) -> dict[str, dict[str, Any]]:
    found = {}
    easts = shapely.get_x(rows.shapes)
    for place, name in enumerate(rows.ids):
        known = {attribute: rows.column(attribute)[place].as_py() for attribute in TYPES if rows.has(attribute)}
        known["geometry"] = None if shapely.is_missing(rows.shapes[place]) else int(easts[place] > 500_500)
        found[str(name)] = {attribute: value for attribute, value in known.items() if value is not None}
    return found


def _wanted(world: World, day: int) -> dict[str, dict[str, Any]]:
    return {
        name: {attribute: value for attribute, value in known.items() if value is not None}
        for name, known in world.on(day).items()
    }


def _day(day: int) -> date:
    return FIRST + timedelta(days=day)


@settings(max_examples=40)
@given(log=logs, branch_at=st.integers(0, 4))
def test_every_state_equals_a_plain_replay(log: list[Step], branch_at: int) -> None:
    with _city(log, branch_at) as (city, after):
        _all_states_agree(city, after)


@pytest.mark.slow
@settings(max_examples=600)
@given(log=logs, branch_at=st.integers(0, 4))
def test_every_state_equals_a_plain_replay_at_length(log: list[Step], branch_at: int) -> None:
    with _city(log, branch_at) as (city, after):
        _all_states_agree(city, after)


def _all_states_agree(city: City, after: list[dict[str, World]]) -> None:
    for record, worlds in enumerate(after):
        for branch in worlds:
            for day in range(-1, DAYS + 1):
                rows = city.state(valid=_day(day), record=record, branch=branch).rows("building")
                assert len(set(rows.ids)) == len(rows)
                assert _plain(rows) == _wanted(worlds[branch], day)


@settings(max_examples=20)
@given(log=logs, branch_at=st.integers(0, 4), days=st.tuples(*[st.integers(0, DAYS - 1)] * 2), same=st.booleans())
def test_changes_lead_from_one_state_to_the_other(
    log: list[Step],
    branch_at: int,
    days: tuple[int, int],
    same: bool,  # noqa: FBT001  (drawn, not written)
) -> None:
    with _city(log, branch_at) as (city, after):
        record = len(after) - 1
        before = city.state(valid=_day(days[0]), record=record // 2)
        reader = city if same else City.open(city.path)
        goal = reader.state(valid=_day(days[1]), record=record)
        found = changes(before, goal)
        assert _plain(applied(before, found).rows("building")) == _wanted(after[record]["main"], days[1])
        assert changes(applied(before, found), goal).is_empty
        assert _plain(before.rows("building")) == _wanted(after[record // 2]["main"], days[0])


ONE_QUERY = """
    SELECT id, storeys FROM (
        SELECT *, row_number() OVER (PARTITION BY id ORDER BY commit DESC) AS place
        FROM read_parquet($files, union_by_name = true)
        WHERE commit <= $record AND valid_from <= $valid AND valid_to > $valid
    ) WHERE place = 1 AND "exists" ORDER BY id
"""


@settings(max_examples=10)
@given(log=logs, day=st.integers(0, DAYS - 1))
def test_another_tool_reads_the_same_state_in_one_query(log: list[Step], day: int) -> None:
    with _city([Step("main", step.tables, step.keep_known) for step in log], 0) as (city, _):
        files = [str(path) for path in city.path.glob("facts/building/*.parquet")]
        rows = city.state(valid=_day(day)).rows("building")
        if not files or not rows.has("storeys"):
            assert len(files) == 0 or not rows.has("storeys")
            return
        with duckdb.connect() as tool:
            tool.execute("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false")
            found = tool.execute(ONE_QUERY, {"files": files, "record": len(city.log()), "valid": _day(day)}).fetchall()
        ours = dict(zip(rows.ids, rows.column("storeys").to_pylist(), strict=True))
        assert dict(found) == ours
