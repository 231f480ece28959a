"""The second year of the generated city: the same from the same seed, and what it says it is."""

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
import shapely

from tulou.kernel.facts import EXISTS, GEOMETRY, ID
from tulou.sources.synthetic.connector import RONGCHENG_SEED, rongcheng
from tulou.sources.synthetic.next_year import PEOPLE, SPLIT_DISTRICT, SPLIT_INTO, next_year

BEGAN = date(2025, 1, 1)
SIZE = 600


@pytest.fixture(scope="module")
def first():
    return rongcheng(SIZE)


@pytest.fixture(scope="module")
def steps(first):
    return next_year(first, began=BEGAN, seed=RONGCHENG_SEED)


def table(extract, entity):
    return next(one.rows for one in extract.facts if one.entity == entity)


def after(first, steps):
    """The registers at the end, rows replaced one by one."""
    found = {one.entity: {row[ID]: row for row in one.rows.to_pylist()} for one in first.facts}
    for step in steps:
        for one in step.facts.facts:
            for row in one.rows.to_pylist():
                if row.get(EXISTS, True):
                    found[one.entity][row[ID]] = row
                else:
                    assert found[one.entity].pop(row[ID])
    return found


def test_the_same_seed_gives_the_same_year(first, steps):
    again = next_year(first, began=BEGAN, seed=RONGCHENG_SEED)
    for one, other in zip(steps, again, strict=True):
        assert (one.what, one.day) == (other.what, other.day)
        pairs = zip(one.facts.facts, other.facts.facts, strict=True)
        assert all(left.entity == right.entity and left.rows.equals(right.rows) for left, right in pairs)


def test_the_correction_speaks_of_the_first_day_and_the_rest_comes_later(steps):
    days = [step.day for step in steps]
    assert days[0] == BEGAN
    assert days == sorted(days)
    assert all(day.year == BEGAN.year + 1 for day in days[1:])


def test_no_object_is_said_twice_in_one_commit(steps):
    for step in steps:
        for entity in {one.entity for one in step.facts.facts}:
            ids = [name for one in step.facts.facts if one.entity == entity for name in one.rows[ID].to_pylist()]
            assert len(ids) == len(set(ids)) > 0


def test_rows_that_are_said_again_differ_from_what_was_known(first, steps):
    known = {(one.entity, row[ID]): row for one in first.facts for row in one.rows.to_pylist()}
    for one in steps[0].facts.facts:
        for row in one.rows.to_pylist():
            assert row != known.get((one.entity, row[ID]))


def test_the_two_new_districts_fill_the_old_one_and_share_its_blocks(first, steps):
    old = next(row for row in table(first, "district").to_pylist() if row[ID] == SPLIT_DISTRICT)
    found = after(first, steps)
    assert SPLIT_DISTRICT not in found["district"]
    halves = [shapely.from_wkb(found["district"][name][GEOMETRY]) for name, _ in SPLIT_INTO]
    whole = shapely.from_wkb(old[GEOMETRY])
    left_over = shapely.area(shapely.symmetric_difference(shapely.union_all(halves), whole))
    # A straight edge of the plane is bent a little in degrees, and blocks have more corners than districts.
    assert left_over < 1e-6 * shapely.area(whole)
    assert shapely.area(shapely.intersection(*halves)) == 0.0
    for row in found["block"].values():
        assert row["unit"] in found["district"]
        if row["unit"] in dict(SPLIT_INTO):
            home = shapely.from_wkb(found["district"][row["unit"]][GEOMETRY])
            inside = shapely.intersection(home, shapely.from_wkb(row[GEOMETRY]))
            assert shapely.area(inside) == pytest.approx(shapely.area(shapely.from_wkb(row[GEOMETRY])))


def test_communities_still_count_the_people_of_their_cells(first, steps):
    found = after(first, steps)
    for name in PEOPLE:
        cells: dict[str, float] = {}
        for row in found["population"].values():
            cells[row["unit"]] = cells.get(row["unit"], 0.0) + row[name]
        for community in found["community"].values():
            assert community[name] == pytest.approx(cells.get(community[ID], 0.0)), (community[ID], name)


def test_every_house_with_people_has_its_cell_and_no_cell_stands_alone(first, steps):
    found = after(first, steps)
    lived = {name.removeprefix("building-") for name, row in found["building"].items() if row["residents"]}
    assert {name.removeprefix("population-") for name in found["population"]} == lived


def test_something_is_built_closed_and_pulled_down(first, steps):
    work = steps[3].facts
    gone = [one for one in work.facts if EXISTS in one.rows.column_names]
    assert {one.entity for one in gone} == {"building", "population", "facility"}
    assert not pc.any(pa.concat_arrays([chunk for one in gone for chunk in one.rows[EXISTS].chunks])).as_py()
    towers = [row for row in table(work, "building").to_pylist() if row[ID].startswith("building-tower")]
    assert {(row["storeys"], row["lift"]) for row in towers} == {(18.0, True)}
    assert {row["category"] for row in table(work, "facility").to_pylist()} >= {"kindergarten"}


def test_new_things_stand_inside_the_city(first, steps):
    city = shapely.from_wkb(table(first, "city")[GEOMETRY][0].as_py())
    for step in steps:
        for one in step.facts.facts:
            if one.entity in {"facility", "green"} and GEOMETRY in one.rows.column_names:
                shapes = shapely.from_wkb(np.asarray(one.rows[GEOMETRY].to_numpy(zero_copy_only=False), object))
                assert shapely.covers(city, shapes).all()


def test_a_city_of_one_block_has_a_year_too():
    small = rongcheng(50)
    found = after(small, next_year(small, began=BEGAN, seed=1))
    assert set(found["district"]) == {name for name, _ in SPLIT_INTO}
