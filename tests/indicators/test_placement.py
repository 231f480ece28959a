import numpy as np
import pytest
import shapely

from indicators.made import city_tables, state_of
from indicators.small_rulebook import small
from tulou.indicators.evaluate.placement import Shares, entity_shares
from tulou.indicators.evaluate.quantities import city_of


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
