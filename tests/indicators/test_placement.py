import numpy as np
import pytest
import shapely

from indicators.made import city_tables, state_of
from indicators.small_rulebook import small
from tulou.indicators.evaluate.placement import Shares, entity_shares, placed
from tulou.indicators.evaluate.quantities import city_of
from tulou.indicators.evaluate.run import evaluate


def city_with(**columns):
    tables = city_tables(3)
    for entity, more in columns.items():
        tables[entity] |= more
    state = state_of(tables)
    return city_of(small(), state, state.moment.valid)


def test_a_city_alone_holds_all_rows_of_units_that_name_one_another():
    city = city_with(community={"unit": ["block0"] * 16}, block={"unit": ["community0"] * 4})
    for entity, size in (("community", 16), ("block", 4), ("building", 60)):
        found = entity_shares(city, entity, "city")
        assert found.row.tolist() == list(range(size))
        assert set(found.unit) == {0}
        assert set(found.share) == {1.0}


def test_what_lies_outside_a_city_is_never_counted_in_it():
    """Nor does it change what is inside: its rows are those of a city that never heard of the others."""
    cells = {
        "id": ["in", "out", "named", "nowhere", "edge"],
        "geometry": [
            shapely.Point(30, 30),
            shapely.Point(130, 30),
            shapely.Point(500, 500),
            None,
            shapely.Point(100, 50),
        ],
        "unit": [None, None, "community0", None, None],
        "residents": [1.0, 2.0, 4.0, 8.0, 16.0],
    }
    city = city_with(population=cells)
    assert entity_shares(city, "population", "city").row.tolist() == [0, 2, 3, 4]
    assert placed(city, "population", "city").row.tolist() == [0, 2, 3, 4]
    state = state_of(city_tables(3) | {"population": cells}, complete=("population", "building"))
    rows = evaluate(small(), state, indicators=["floor_ratio"]).results.to_pylist()
    assert next(row for row in rows if row["level"] == "city")["denominator"] == 1.0 + 4.0 + 8.0 + 16.0


def test_a_target_outside_the_city_still_serves_it():
    tables = city_tables(3)
    tables["green"] = {
        "id": ["g"], "geometry": [shapely.Point(-50, 50)], "category": ["park"], "area": [9000.0],
    }  # fmt: skip
    rows = evaluate(small(), state_of(tables), indicators=["park_cover"]).results.to_pylist()
    assert next(row for row in rows if row["level"] == "city")["value"] > 90.0


def test_a_city_without_an_outline_holds_everything():
    tables = city_tables(3)
    tables["population"]["geometry"] = [shapely.Point(9e5, 9e5)]
    tables["city"] = {"id": ["city"], "rank": ["prefecture"]}
    state = state_of(tables)
    found = entity_shares(city_of(small(), state, state.moment.valid), "population", "city")
    assert found.row.tolist() == [0]


def test_a_unit_lies_in_the_coarser_one_it_names_and_never_in_a_finer_one():
    city = city_with(community={"unit": ["block3"] * 16}, block={"unit": ["community0"] * 4})
    assert entity_shares(city, "community", "block").unit.tolist() == [3] * 16


def test_buildings_lie_in_the_first_unit_around_them():
    city = city_with()
    found = entity_shares(city, "building", "block")
    places, blocks = city.rows("building").places, city.rows("block").shapes
    around = shapely.intersects_xy(blocks[None], places[:, :1], places[:, 1:]).argmax(axis=1)
    np.testing.assert_array_equal(found.unit, around)


def test_plain_shares_give_a_column_as_it_is_and_others_pick_from_it():
    column = np.array([3.0, np.nan, 5.0])
    plain = Shares(np.arange(3), np.zeros(3, np.int64), np.ones(3))
    assert plain.of(column) is column
    cut = Shares(np.array([0, 0, 2]), np.array([0, 1, 1]), np.array([0.25, 0.75, 1.0]))
    assert cut.of(column).tolist() == pytest.approx([0.75, 2.25, 5.0])


def test_shapes_that_were_forgotten_are_read_again():
    rows = city_with().rows("building")
    before = rows.places.copy()
    rows.forget_shapes()
    assert "shapes" not in rows.__dict__
    np.testing.assert_array_equal(rows.places, before)
