"""Areas out of ways and relations, drawn by hand."""

import pytest
import shapely

from sources.osm.made import remark_of, rows_of, written
from tulou.sources.osm.connector import read_osm

STEP = 0.001


def places(*corners, start=1):
    return [(start + at, 10 + x * STEP, 50 + y * STEP, {}) for at, (x, y) in enumerate(corners)]


def building(path, nodes, ways, members=(), tags=None):
    tags = {"building": "yes"} if tags is None else tags
    relations = [(1, [("w", way, role) for way, role in members], {"type": "multipolygon", **tags})] if members else []
    return read_osm(written(path / "made.osm.pbf", nodes, ways, relations))


def area(extract, number="osm:r1"):
    return rows_of(extract, "building")[number]["geometry"].area / STEP**2


SQUARE = ((0, 0), (10, 0), (10, 10), (0, 10))
HOLE = ((2, 2), (8, 2), (8, 8), (2, 8))
ISLAND = ((4, 4), (6, 4), (6, 6), (4, 6))


def test_a_ring_of_several_ways_in_any_direction(tmp_path):
    ways = [(1, (1, 2, 3), {}), (2, (1, 4), {}), (3, (3, 4), {})]
    extract = building(tmp_path, places(*SQUARE), ways, [(1, "outer"), (2, "outer"), (3, "outer")])
    assert area(extract) == pytest.approx(100)


def test_a_hole_is_a_hole_whatever_its_role_says(tmp_path):
    nodes = places(*SQUARE) + places(*HOLE, start=11)
    ways = [(1, (1, 2, 3, 4, 1), {}), (2, (11, 12, 13, 14, 11), {})]
    extract = building(tmp_path, nodes, ways, [(1, "inner"), (2, "outer")])
    assert area(extract) == pytest.approx(100 - 36)


def test_an_island_in_a_hole_is_ground_again(tmp_path):
    nodes = places(*SQUARE) + places(*HOLE, start=11) + places(*ISLAND, start=21)
    ways = [(1, (1, 2, 3, 4, 1), {}), (2, (11, 12, 13, 14, 11), {}), (3, (21, 22, 23, 24, 21), {})]
    extract = building(tmp_path, nodes, ways, [(1, "outer"), (2, "inner"), (3, "outer")])
    shape = rows_of(extract, "building")["osm:r1"]["geometry"]
    assert shape.geom_type == "MultiPolygon"
    assert area(extract) == pytest.approx(100 - 36 + 4)


def test_several_outers(tmp_path):
    nodes = places(*SQUARE) + places((20, 0), (24, 0), (24, 5), start=11)
    ways = [(1, (1, 2, 3, 4, 1), {}), (2, (11, 12, 13, 11), {})]
    assert area(building(tmp_path, nodes, ways, [(1, "outer"), (2, "outer")])) == pytest.approx(110)


def test_rings_that_share_an_edge_become_one(tmp_path):
    nodes = places((0, 0), (5, 0), (5, 5), (0, 5), (9, 0), (9, 5))
    ways = [(1, (1, 2, 3, 4, 1), {}), (2, (2, 5, 6, 3, 2), {})]
    extract = building(tmp_path, nodes, ways, [(1, "outer"), (2, "outer")])
    shape = rows_of(extract, "building")["osm:r1"]["geometry"]
    assert shape.geom_type == "Polygon"
    assert area(extract) == pytest.approx(45)


def test_rings_that_touch_in_a_node(tmp_path):
    nodes = places((0, 0), (5, 0), (5, 5), (0, 5), (10, 5), (10, 10), (5, 10))
    ways = [(1, (1, 2, 3, 4, 1), {}), (2, (3, 5, 6, 7, 3), {})]
    extract = building(tmp_path, nodes, ways, [(1, "outer"), (2, "outer")])
    assert area(extract) == pytest.approx(50)
    assert remark_of(extract, "building_repaired") is None


def test_a_hole_that_touches_its_shell(tmp_path):
    nodes = places(*SQUARE) + places((8, 2), (8, 8), start=11)
    ways = [(1, (1, 2, 3, 4, 1), {}), (2, (1, 11, 12, 1), {})]
    assert area(building(tmp_path, nodes, ways, [(1, "outer"), (2, "inner")])) == pytest.approx(100 - 24)


def test_members_that_cross_are_mended_and_counted(tmp_path):
    nodes = places((0, 0), (10, 10), (10, 0), (0, 10))
    extract = building(tmp_path, nodes, [(1, (1, 2, 3, 4, 1), {})], [(1, "outer")])
    assert area(extract) == pytest.approx(50)
    assert remark_of(extract, "building_repaired").rows == 1


def test_a_way_that_crosses_itself_is_mended_and_counted(tmp_path):
    nodes = places((0, 0), (10, 10), (10, 0), (0, 10))
    extract = building(tmp_path, nodes, [(1, (1, 2, 3, 4, 1), {"building": "yes"})])
    assert area(extract, "osm:w1") == pytest.approx(50)
    assert remark_of(extract, "building_repaired").rows == 1
    assert extract.quality.repaired == 1


def test_a_way_there_and_back_is_refused(tmp_path):
    extract = building(tmp_path, places((0, 0), (5, 0), (9, 0)), [(1, (1, 2, 3, 2, 1), {"building": "yes"})])
    assert rows_of(extract, "building") == {}
    assert remark_of(extract, "building_impossible_geometry").examples == ("osm:w1",)


@pytest.mark.parametrize(
    ("ways", "kind"),
    [
        ([(1, (1, 2, 3), {})], "building_open_ring"),
        ([(1, (1, 2, 3, 4, 1), {}), (2, (1, 99, 2), {})], "building_incomplete_way"),
    ],
)
def test_what_cannot_be_closed_is_refused_with_its_reason(tmp_path, ways, kind):
    extract = building(tmp_path, places(*SQUARE), ways, [(way[0], "outer") for way in ways])
    assert rows_of(extract, "building") == {}
    assert remark_of(extract, kind).rows == 1


def test_a_relation_cut_at_the_edge_is_refused(tmp_path):
    extract = building(tmp_path, places(*SQUARE), [(1, (1, 2, 3), {})], [(1, "outer"), (7, "outer")])
    assert remark_of(extract, "building_incomplete_relation").rows == 1
    assert extract.quality.refused == 1


@pytest.mark.parametrize("tags", [{"building": "no"}, {"building:part": "yes"}, {"building": "yes", "area": "no"}])
def test_what_is_no_building(tmp_path, tags):
    extract = building(tmp_path, places(*SQUARE), [(1, (1, 2, 3, 4, 1), tags)])
    assert rows_of(extract, "building") == {}


def test_outer_rings_run_counter_clockwise_and_holes_clockwise(tmp_path):
    nodes = places(*SQUARE) + places(*HOLE, start=11)
    ways = [(1, (1, 4, 3, 2, 1), {}), (2, (11, 12, 13, 14, 11), {}), (3, (1, 4, 3, 2, 1), {"building": "yes"})]
    rows = rows_of(building(tmp_path, nodes, ways, [(1, "outer"), (2, "inner")]), "building")
    assert rows["osm:r1"]["geometry"].exterior.is_ccw
    assert not rows["osm:r1"]["geometry"].interiors[0].is_ccw
    assert rows["osm:w3"]["geometry"].exterior.is_ccw
    assert shapely.is_valid(rows["osm:r1"]["geometry"])
