"""What a file becomes: attributes, roads, facilities, stops, units, order, provenance."""

import pyarrow as pa
import pytest
import shapely

from shared_data import shared
from sources.osm.made import blob, block, dense, facts_of, header, relation, remark_of, rows_of, way, written
from tulou.sources.osm.connector import read_osm

CORNERS = [(1, 10.0, 50.0, {}), (2, 10.001, 50.0, {}), (3, 10.001, 50.001, {}), (4, 10.0, 50.001, {})]
ROUND = (1, 2, 3, 4, 1)


def city(tmp_path, nodes=(), ways=(), relations=()):
    return read_osm(written(tmp_path / "made.osm.pbf", [*CORNERS, *nodes], ways, relations))


def one(tmp_path, entity, tags, refs=ROUND):
    return rows_of(city(tmp_path, ways=[(1, refs, tags)]), entity)["osm:w1"]


def test_a_building_with_all_its_attributes(tmp_path):
    tags = {
        "building": "apartments",
        "building:levels": "6",
        "building:levels:underground": "1",
        "height": "60 ft",
        "start_date": "1987-05-01",
        "name": "东楼",
        "addr:street": "中山路",
        "addr:housenumber": "12",
        "elevator": "no",
        "building:flats": "24",
    }
    row = one(tmp_path, "building", tags)
    assert row["use"] == "residential"
    assert (row["storeys"], row["underground_storeys"], row["year_built"], row["dwellings"]) == (6, 1, 1987, 24)
    assert row["height"] == pytest.approx(18.288)
    assert (row["name"], row["address"], row["lift"]) == ("东楼", "中山路 12", False)
    assert row["accessible_entrance"] is None


@pytest.mark.parametrize(
    ("tags", "use"),
    [
        ({"building": "yes"}, None),
        ({"building": "yes", "amenity": "school"}, "education"),
        ({"building": "retail"}, "commercial"),
        ({"building": "spaceport"}, "other"),
        ({"building": "house;shop"}, "residential"),
    ],
)
def test_the_use_of_a_building(tmp_path, tags, use):
    assert one(tmp_path, "building", tags)["use"] == use


def test_what_cannot_be_read_is_unknown_and_noted(tmp_path):
    extract = city(tmp_path, ways=[(1, ROUND, {"building": "yes", "height": "tall", "building:levels": "3;5"})])
    row = rows_of(extract, "building")["osm:w1"]
    assert row["height"] is None
    assert row["storeys"] is None
    assert remark_of(extract, "building_height_unread").examples == ("tall",)


def test_a_road(tmp_path):
    tags = {"highway": "primary", "oneway": "-1", "lanes": "2", "maxspeed": "30 mph", "bridge": "viaduct", "lit": "yes"}
    row = one(tmp_path, "road", tags, refs=(1, 2, 3))
    assert (row["class"], row["source_class"]) == ("arterial", "highway=primary")
    assert (row["oneway"], row["bridge"], row["tunnel"], row["lit"], row["walkable"]) == (True, True, False, True, True)
    assert row["speed_limit"] == pytest.approx(48.28032)
    assert row["sidewalk"] is None


@pytest.mark.parametrize(
    ("tags", "walkable", "drivable"),
    [
        ({"highway": "motorway"}, False, True),
        ({"highway": "motorway", "foot": "yes"}, True, True),
        ({"highway": "footway"}, True, False),
        ({"highway": "service", "access": "private"}, False, True),
        ({"highway": "residential", "foot": "no"}, False, True),
    ],
)
def test_who_may_use_a_road(tmp_path, tags, walkable, drivable):
    row = one(tmp_path, "road", tags, refs=(1, 2))
    assert (row["walkable"], row["drivable"]) == (walkable, drivable)


def test_roads_that_share_a_node_share_its_coordinates_bit_by_bit(tmp_path):
    place = (9, 10.1234567, 50.7654321, {})
    ways = [(1, (1, 9), {"highway": "path"}), (2, (9, 3), {"highway": "path"}), (3, (2, 9, 4), {"highway": "path"})]
    rows = rows_of(city(tmp_path, [place], ways), "road")
    meeting = {rows["osm:w1"]["geometry"].coords[-1], rows["osm:w2"]["geometry"].coords[0]}
    meeting.add(rows["osm:w3"]["geometry"].coords[1])
    assert meeting == {(10.1234567, 50.7654321)}


def test_a_road_is_cut_where_nodes_are_absent(tmp_path):
    extract = city(
        tmp_path, ways=[(1, (1, 2, 99, 3, 4, 98, 1), {"highway": "path"}), (2, (1, 99), {"highway": "path"})]
    )
    rows = rows_of(extract, "road")
    assert [len(part.coords) for part in rows["osm:w1"]["geometry"].geoms] == [2, 2]
    assert "osm:w2" not in rows
    assert remark_of(extract, "road_repaired").rows == 1
    assert remark_of(extract, "road_incomplete_way").rows == 1
    assert remark_of(extract, "absent_nodes").rows == 3


def test_a_closed_street_is_a_line_and_a_square_is_none(tmp_path):
    ways = [(1, ROUND, {"highway": "residential"}), (2, ROUND, {"highway": "pedestrian", "area": "yes"})]
    rows = rows_of(city(tmp_path, ways=ways), "road")
    assert list(rows) == ["osm:w1"]
    assert rows["osm:w1"]["geometry"].geom_type == "LineString"


def test_a_facility_mapped_twice_is_marked_not_dropped(tmp_path):
    inside, other = (9, 10.0005, 50.0005), (8, 10.0004, 50.0004)
    nodes = [
        (*inside, {"amenity": "school", "name": "一中"}),
        (*other, {"amenity": "cafe", "name": "一中"}),
        (7, 11.0, 50.0, {"amenity": "school", "name": "一中"}),
        (6, 10.0006, 50.0006, {"amenity": "school"}),
    ]
    extract = city(tmp_path, nodes, [(1, ROUND, {"amenity": "school", "building": "yes", "name": "一中"})])
    rows = rows_of(extract, "facility")
    assert {number: row["part_of"] for number, row in rows.items()} == {
        "osm:n6": None,
        "osm:n7": None,
        "osm:n8": None,
        "osm:n9": "osm:w1",
        "osm:w1": None,
    }
    assert rows["osm:w1"]["geometry"].geom_type == "Polygon"
    assert remark_of(extract, "facility_repeated").treated == "noted"
    assert remark_of(extract, "facility_repeated").examples == ("osm:n9",)


def test_equal_areas_of_one_facility_do_not_repeat_each_other_in_a_circle(tmp_path):
    school = {"amenity": "school", "name": "一中"}
    rows = rows_of(city(tmp_path, ways=[(1, ROUND, school), (2, ROUND, school)]), "facility")
    assert [rows["osm:w1"]["part_of"], rows["osm:w2"]["part_of"]] == [None, "osm:w1"]


def test_stops_are_points_also_where_a_station_is_an_area(tmp_path):
    nodes = [(9, 10.5, 50.5, {"highway": "bus_stop", "name": "A"})]
    rows = rows_of(city(tmp_path, nodes, [(1, ROUND, {"railway": "station", "station": "subway"})]), "stop")
    assert {row["geometry"].geom_type for row in rows.values()} == {"Point"}
    assert (rows["osm:n9"]["mode"], rows["osm:n9"]["station"]) == ("bus", False)
    assert (rows["osm:w1"]["mode"], rows["osm:w1"]["station"]) == ("metro", True)


def test_units_of_administration(tmp_path):
    tags = {"type": "boundary", "boundary": "administrative", "name": "鼓楼区", "admin_level": "6"}
    extract = city(
        tmp_path, ways=[(1, ROUND, {})], relations=[(5, [("w", 1, "outer"), ("n", 1, "admin_centre")], tags)]
    )
    assert rows_of(extract, "district")["osm:r5"]["name"] == "鼓楼区"
    assert [facts.entity for facts in extract.facts] == ["district"]


def test_water_is_drawn_once(tmp_path):
    tags = {"natural": "water", "waterway": "canal"}
    assert one(tmp_path, "water", tags)["geometry"].geom_type == "Polygon"


def test_an_object_that_comes_twice_counts_once_and_last(tmp_path):
    strings = ("building", "yes", "name", "old", "new")
    corners = dense(
        [1, 2, 3, 4], [500000000, 500000000, 500010000, 500010000], [100000000, 100010000, 100010000, 100000000]
    )
    again = dense([4], [500020000], [100000000])
    old, new = (way(7, ROUND, [1, 3], [2, name]) for name in (4, 5))
    path = tmp_path / "made.osm.pbf"
    path.write_bytes(header() + b"".join(blob("OSMData", block(strings, part)) for part in (corners, old, again, new)))
    extract = read_osm(path)
    rows = rows_of(extract, "building")
    assert rows["osm:w7"]["name"] == "new"
    assert rows["osm:w7"]["geometry"].bounds[3] == 50.002
    assert facts_of(extract, "building").rows.num_rows == 1
    assert remark_of(extract, "repeated_ways").examples == ("7",)
    assert remark_of(extract, "repeated_nodes").examples == ("4",)


def test_the_order_of_objects_does_not_matter(tmp_path):
    strings = ("building", "yes", "type", "multipolygon")
    corners = dense(
        [4, 2, 3, 1], [500010000, 500000000, 500010000, 500000000], [100000000, 100010000, 100010000, 100000000]
    )
    parts = (relation(3, [7], [1], [1, 3], [2, 4]), way(7, ROUND), corners)
    path = tmp_path / "made.osm.pbf"
    path.write_bytes(header() + b"".join(blob("OSMData", block(strings, part)) for part in parts))
    shape = rows_of(read_osm(path), "building")["osm:r3"]["geometry"]
    assert shapely.equals(shape, shapely.box(10.0, 50.0, 10.001, 50.001))


def test_a_city_on_the_antimeridian(tmp_path):
    nodes = [(11, 179.99, -17.0, {}), (12, -179.98, -17.1, {"amenity": "bank"})]
    extract = read_osm(written(tmp_path / "fiji.osm.pbf", nodes))
    assert extract.extent == pytest.approx((179.99, -17.1, 180.02, -17.0))
    path = tmp_path / "bounds.osm.pbf"
    path.write_bytes(header(bounds=(179.9, -18.0, -179.9, -16.0)))
    assert read_osm(path).extent == pytest.approx((179.9, -18.0, 180.1, -16.0))


def test_where_it_came_from(tmp_path):
    path = tmp_path / "made.osm.pbf"
    path.write_bytes(header(replicated=1_738_022_400))
    source = read_osm(path).source
    assert source.name == "made.osm.pbf"
    assert source.licence == "OpenStreetMap contributors, ODbL 1.0, as of 2025-01-28T00:00:00Z"
    assert (source.connector, source.datum, len(source.digest)) == ("osm", "EPSG:4326", 64)


def test_progress_reaches_the_end():
    path = shared("city_noise_lorient/map.osm.pbf")
    seen = []
    read_osm(path, progress=lambda _what, done, whole: seen.append((done, whole)))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1] == (path.stat().st_size, path.stat().st_size)


def test_two_readings_give_the_same_tables():
    path = shared("city_helsinki/Helsinki.osm.pbf")
    first, second = read_osm(path), read_osm(path)
    assert first.quality == second.quality
    assert [facts.entity for facts in first.facts] == [facts.entity for facts in second.facts]
    for left, right in zip(first.facts, second.facts, strict=True):
        assert left.rows.equals(right.rows)


def test_every_read_object_is_kept_or_refused():
    quality = read_osm(shared("city_noise_lorient/geneva.osm.pbf")).quality
    assert quality.read == quality.kept + quality.refused
    assert 0 < quality.repaired < quality.kept


def test_the_shape_of_the_tables():
    rows = facts_of(read_osm(shared("city_noise_lorient/map.osm.pbf")), "building").rows
    assert rows.schema.field("id").type == pa.string()
    assert rows.schema.field("geometry").type == pa.binary()
    assert len(set(rows["id"].to_pylist())) == rows.num_rows
    assert "valid_from" not in rows.column_names
