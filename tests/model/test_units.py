"""Derived units: hand-worked grids of streets, with what is on record left alone."""

from datetime import date
from pathlib import Path

import pytest
import shapely

from tulou.kernel.clock import Moment
from tulou.model.dictionary import read_dictionary
from tulou.model.geography import to_metric
from tulou.model.rows import rows_of
from tulou.model.state import MemoryState, Profile
from tulou.model.units import CITY, MARGIN, derive_units

DICTIONARY = read_dictionary([Path(__file__).parents[2] / "rulebooks" / "china" / "columns"])
CRS = "EPSG:4549"
EAST, NORTH = 560_000.0, 2_940_000.0


def city(**tables):
    rows = {name: rows_of(DICTIONARY[name], columns) for name, columns in tables.items()}
    return MemoryState(Profile("test", CRS), DICTIONARY, Moment(date(2026, 1, 1)), rows)


def box(west, south, east, north):
    return shapely.box(EAST + west, NORTH + south, EAST + east, NORTH + north)


def line(*corners):
    return shapely.LineString([(EAST + x, NORTH + y) for x, y in corners])


def roads(*lines, kind="branch"):
    return {"id": [f"r{number}" for number in range(len(lines))], "class": [kind] * len(lines), "geometry": lines}


def homes(*places):
    shapes = [box(x, y, x + 10, y + 10) for x, y in places]
    return {"id": [f"b{number}" for number in range(len(shapes))], "geometry": shapes}


def recorded(entity, *shapes):
    return {entity: {"id": [f"{entity}{number}" for number in range(len(shapes))], "geometry": list(shapes)}}


def units(state):
    """Rows and metric shapes by entity."""
    found = {}
    for facts in derive_units(state):
        shapes = to_metric(shapely.from_wkb(facts.rows["geometry"].to_numpy(zero_copy_only=False)), CRS)
        found[facts.entity] = list(zip(facts.rows.to_pylist(), shapes, strict=True))
    return found


GRID = [line((0, y), (300, y)) for y in (0, 100, 200, 300)] + [line((x, 0), (x, 300)) for x in (0, 100, 200, 300)]
NINE = [(x + 40, y + 40) for y in (0, 100, 200) for x in (0, 100, 200)]
LIMITS = recorded("city", box(0, 0, 300, 300))


def test_a_grid_of_three_by_three_streets_gives_nine_communities():
    found = units(city(road=roads(*GRID), building=homes(*NINE), **LIMITS))
    assert set(found) == {"block", "community"}  # the city is on record
    areas = [shape.area for _, shape in found["community"]]
    assert areas == pytest.approx([10_000.0] * 9, rel=1e-5)
    (block, shape), *others = found["block"]  # no main street cuts the city
    assert not others
    assert shape.area == pytest.approx(90_000.0, rel=1e-5)
    assert block["unit"] == "city0"
    assert {row["unit"] for row, _ in found["community"]} == {block["id"]}
    assert all(row["derived"] and row["estimated"] for row, _ in found["community"])
    assert [row["name"] for row, _ in found["community"]] == [f"C{number}" for number in range(1, 10)]


def test_faces_without_a_building_are_left_out():
    found = units(city(road=roads(*GRID), building=homes(*NINE[:4]), **LIMITS))
    assert len(found["community"]) == 4


def test_a_dangling_street_cuts_nothing():
    dangling = line((50, 0), (50, 60))
    with_it = units(city(road=roads(*GRID, dangling), building=homes(*NINE), **LIMITS))
    assert [shape.area for _, shape in with_it["community"]] == pytest.approx([10_000.0] * 9, rel=1e-5)


def test_a_small_face_joins_the_neighbour_it_shares_most_boundary_with():
    # Left 40,000 m2; lower right 5,000, below the least of 8,000, beside 50 m of the left and 100 m of the upper right.
    streets = [line((200, 0), (200, 200)), line((200, 50), (300, 50))]
    limits = recorded("city", box(0, 0, 300, 200))
    found = units(city(road=roads(*streets), building=homes((50, 50), (220, 20), (220, 150)), **limits))
    assert sorted(shape.area for _, shape in found["community"]) == pytest.approx([20_000.0, 40_000.0], rel=1e-5)


def test_without_roads_the_city_is_one_unit_of_each_level():
    found = units(city(building=homes((0, 0), (500, 400))))
    (row, shape), *others = found["city"]
    assert (row["id"], others) == (CITY, [])
    hull = shapely.union_all([box(0, 0, 10, 10), box(500, 400, 510, 410)]).convex_hull.buffer(MARGIN)
    assert shape.area == pytest.approx(hull.area, rel=1e-3)
    assert [len(found[level]) for level in ("block", "community")] == [1, 1]
    assert found["community"][0][0]["unit"] == found["block"][0][0]["id"]
    assert found["block"][0][0]["unit"] == CITY


def test_nothing_at_all_gives_nothing():
    assert derive_units(city()) == []


def test_footways_and_alleys_bound_no_unit():
    found = units(city(road=roads(*GRID, kind="footway"), building=homes(*NINE), **LIMITS))
    assert len(found["community"]) == 1


def test_units_on_record_that_hold_most_buildings_are_enough():
    on_record = recorded("community", box(0, 0, 300, 200))  # six of nine
    found = units(city(road=roads(*GRID), building=homes(*NINE), **LIMITS, **on_record))
    assert "community" not in found


def test_units_on_record_that_hold_few_are_filled_up_around():
    on_record = recorded("community", box(0, 0, 300, 100))  # three of nine
    found = units(city(road=roads(*GRID), building=homes(*NINE), **LIMITS, **on_record))
    shapes = [shape for _, shape in found["community"]]
    assert sum(shape.area for shape in shapes) == pytest.approx(60_000.0, rel=1e-4)
    assert shapely.union_all(shapes).intersection(box(0, 0, 300, 100)).area < 1.0


def test_communities_do_not_overlap_and_lie_in_their_block():
    main = line((150, 0), (150, 300))
    table = roads(*GRID, main)
    table["class"][-1] = "secondary"
    limits = recorded("city", box(0, 0, 300, 300))
    found = units(city(road=table, building=homes(*NINE), **limits))
    shapes = [shape for _, shape in found["community"]]
    whole = shapely.union_all(shapes)
    assert sum(shape.area for shape in shapes) == pytest.approx(whole.area, rel=1e-6)
    blocks = {row["id"]: shape for row, shape in found["block"]}
    for row, shape in found["community"]:
        assert blocks[row["unit"]].buffer(0.1).covers(shape.representative_point())


def test_ids_follow_from_the_shapes_alone():
    once = derive_units(city(road=roads(*GRID), building=homes(*NINE), **LIMITS))
    twice = derive_units(city(road=roads(*GRID[::-1]), building=homes(*NINE[::-1]), **LIMITS))
    assert [facts.rows.to_pylist() for facts in once] == [facts.rows.to_pylist() for facts in twice]
    fewer = derive_units(city(road=roads(*GRID), building=homes(*NINE[:5]), **LIMITS))
    ids = [set(found[-1].rows["id"].to_pylist()) for found in (once, fewer)]
    assert ids[1] < ids[0]  # a face that stays keeps its id when another goes
