"""A change set row by row: everything that differs once, written so that it reads back."""

from __future__ import annotations

from datetime import date

import pytest
import shapely

from model.made import dictionary
from tulou.kernel.clock import Moment
from tulou.model.change_table import KINDS, SCHEMA, change_counts, change_table, written
from tulou.model.changes import ChangeSet, changes
from tulou.model.rows import rows_of
from tulou.model.state import MemoryState, Profile

DAY = date(2026, 1, 1)


def state(*, complete: frozenset[str] = frozenset(), **columns: list) -> MemoryState:
    rows = rows_of(dictionary()["building"], columns, complete=complete)
    return MemoryState(Profile("x", "EPSG:4549"), dictionary(), Moment(DAY), {"building": rows})


def test_each_difference_is_one_row() -> None:
    before = state(id=["b", "a", "gone"], storeys=[3.0, 1.0, 2.0], lift=[None, True, False], use=["office"] * 3)
    after = state(
        complete=frozenset({"*"}),
        id=["a", "b", "new"],
        storeys=[1.5, None, 7.0],
        lift=[False, True, None],
        use=["office"] * 3,
    )
    found = change_table(changes(before, after))
    assert found.schema.equals(SCHEMA)
    assert [tuple(row.values()) for row in found.to_pylist()] == [
        ("building", "new", "appeared", "use", None, "office"),
        ("building", "new", "appeared", "storeys", None, "7.0"),
        ("building", "gone", "vanished", "", None, None),
        ("building", "a", "changed", "storeys", "1.0", "1.5"),
        ("building", "b", "changed", "storeys", "3.0", None),
        ("building", "a", "changed", "lift", "true", "false"),
        ("building", "b", "changed", "lift", None, "true"),
        ("building", "*", "claimed", "", None, "*"),
    ]
    assert change_counts(changes(before, after)) == {"building": {"appeared": 1, "vanished": 1, "changed": 2}}
    assert set(found["change"].to_pylist()) == set(KINDS)


def test_nothing_differs_is_an_empty_table() -> None:
    assert change_table(ChangeSet()).num_rows == 0
    assert change_table(ChangeSet()).schema.equals(SCHEMA)


@pytest.mark.parametrize("shape", [shapely.Point(1 / 3, 2e7 / 7), shapely.box(0.1, 0.2, 0.30000000000000004, 4.0)])
def test_geometry_and_numbers_read_back_as_they_were(shape: shapely.Geometry) -> None:
    text = written("geometry", shapely.to_wkb(shape))
    assert text is not None
    assert shapely.equals_exact(shapely.from_wkt(text), shape, tolerance=1e-12)
    assert float(str(written("storeys", 0.1 + 0.2))) == 0.1 + 0.2
    assert written("opened", date(2026, 1, 29)) == "2026-01-29"
    assert written("storeys", None) is None


def test_an_object_of_which_nothing_is_known_still_appears() -> None:
    found = change_table(changes(state(id=[]), state(id=["a"])))
    assert [tuple(row.values()) for row in found.to_pylist()] == [("building", "a", "appeared", "", None, None)]
