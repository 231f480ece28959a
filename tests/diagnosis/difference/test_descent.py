"""Which units were split, joined, or carved out, told by the ground they have in common."""

import shapely

from indicators.made import city_tables, state_of
from tulou.diagnosis.difference.descent import descent, descents
from tulou.model.rows import rows_of


def units(**boxes):
    entity = state_of(city_tables(1)).dictionary["district"]
    named = {"id": list(boxes), "geometry": [shapely.box(*box) for box in boxes.values()]}
    return rows_of(entity, {**named, "name": [name.upper() for name in boxes]})


def test_a_split():
    found = descent(
        units(a=(0, 0, 10, 10), b=(10, 0, 20, 10)), units(b=(10, 0, 20, 10), c=(0, 0, 4, 10), d=(4, 0, 10, 10))
    )
    assert found.into == {"a": ("c", "d")}
    assert found.out_of == {"c": ("a",), "d": ("a",)}
    assert found.name("c") == "C"
    assert found.name("nobody") == "nobody"


def test_two_that_were_joined():
    found = descent(units(a=(0, 0, 10, 10), b=(10, 0, 20, 10)), units(c=(0, 0, 20, 10)))
    assert found.into == {"a": ("c",), "b": ("c",)}
    assert found.out_of == {"c": ("a", "b")}


def test_one_that_went_into_one_that_stays_and_one_that_was_cut_out_of_one():
    found = descent(units(a=(0, 0, 10, 10), b=(10, 0, 20, 10)), units(b=(0, 0, 15, 10), c=(15, 0, 20, 10)))
    assert found.into == {"a": ("b",)}
    assert found.out_of == {"c": ("b",)}


def test_a_hair_of_common_ground_is_no_descent():
    found = descent(units(a=(0, 0, 10, 10)), units(b=(9.99, 0, 20, 10)))
    assert found.into == {}
    assert found.out_of == {}


def test_nothing_where_no_unit_came_or_went():
    state = state_of(city_tables(1))
    assert all(not one.into and not one.out_of for one in descents(state, state).values())
    assert {"community", "block"} <= set(descents(state, state))
