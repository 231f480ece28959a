"""Change sets: what differs, what is skipped, and what another state becomes by them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import shapely

from model.made import dictionary, facts, new_city, put
from tulou.kernel.clock import Moment
from tulou.model.changes import applied, changes
from tulou.model.rows import rows_of
from tulou.model.state import MemoryState, Profile
from tulou.model.store.city import City

BOX = shapely.box(120.0, 30.0, 120.001, 30.001)


@pytest.fixture
def city(tmp_path: Path) -> City:
    """Known in 2024: a, b. The world of 2025: b gone, c new. Corrected in 2026: a had 4 storeys all along."""
    city = new_city(tmp_path / "c")
    put(city, facts("building", id=["a", "b"], storeys=[3.0, 5.0], series=[[1.0], [2.0]], geometry=[BOX, BOX]))
    put(city, facts("building", id=["b"], exists=[False]), day=date(2025, 1, 1))
    put(city, facts("building", ("*",), id=["c"], storeys=[9.0]), day=date(2025, 1, 1))
    put(city, facts("building", id=["a"], storeys=[4.0], series=[[1.5]]))
    return city


def test_corrections_and_the_world_are_told_apart(city: City) -> None:
    first = city.state(valid=date(2024, 6, 1), record=1)
    corrected = city.state(valid=date(2024, 6, 1))
    later = city.state(valid=date(2025, 6, 1))
    corrections, world = city.changes(first, corrected), city.changes(corrected, later)
    of_buildings = corrections.entities["building"]
    assert set(corrections.entities) == {"building"}
    assert set(of_buildings.attributes) == {"storeys", "series"}
    change = of_buildings.attributes["storeys"]
    assert (change.ids.to_pylist(), change.before.to_pylist(), change.after.to_pylist()) == (["a"], [3.0], [4.0])
    assert len(of_buildings.appeared) == len(of_buildings.vanished) == 0
    moved = world.entities["building"]
    assert moved.vanished.to_pylist() == ["b"]
    assert list(moved.appeared.ids) == ["c"]
    assert moved.attributes == {}
    assert moved.claimed == {"*"}


def test_the_world_can_be_applied_without_the_corrections(city: City) -> None:
    first = city.state(valid=date(2024, 6, 1), record=1)
    corrected, later = city.state(valid=date(2024, 6, 1)), city.state(valid=date(2025, 6, 1))
    only_world = applied(first, changes(corrected, later)).rows("building")
    assert dict(zip(only_world.ids, only_world.numbers("storeys"), strict=True)) == {"a": 3.0, "c": 9.0}
    assert only_world.evidence.tolist() == [1, 3]
    assert only_world.complete == {"*"}
    both = applied(first, changes(first, corrected), changes(corrected, later))
    assert changes(both, later).is_empty


def test_changes_to_what_is_not_there_are_skipped(city: City) -> None:
    corrected, later = city.state(valid=date(2024, 6, 1)), city.state(valid=date(2025, 6, 1))
    corrections = changes(city.state(valid=date(2024, 6, 1), record=1), corrected)
    empty = MemoryState(Profile("x", "EPSG:4549"), dictionary(), Moment(date(2024, 6, 1)))
    assert len(applied(empty, corrections).rows("building")) == 0
    assert list(applied(empty, corrections, changes(corrected, later)).rows("building").ids) == ["c"]


def test_an_object_that_appears_takes_the_place_of_one_of_its_id() -> None:
    buildings = dictionary()["building"]

    def state(storeys: dict[str, float]) -> MemoryState:
        rows = rows_of(buildings, {"id": list(storeys), "storeys": list(storeys.values())})
        return MemoryState(Profile("x", "EPSG:4549"), dictionary(), Moment(date(2024, 6, 1)), {"building": rows})

    appears = changes(state({"a": 1.0}), state({"a": 1.0, "b": 2.0}))
    found = applied(state({"b": 7.0}), appears).rows("building")
    assert dict(zip(found.ids, found.numbers("storeys"), strict=True)) == {"b": 2.0}


def test_equal_states_have_no_changes(city: City) -> None:
    day = date(2025, 6, 1)
    assert changes(city.state(valid=day), city.state(valid=day)).is_empty
    assert changes(city.state(valid=day), City.open(city.path).state(valid=day)).is_empty
