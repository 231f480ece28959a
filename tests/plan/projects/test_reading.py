"""Projects as people write them: what each feature comes to mean, and every way of writing it wrongly."""

import json

import pytest
import shapely

from indicators.small_rulebook import dictionary
from plan.projects.made import box, feature, line, lonlat, point, project, state, tables, written
from tulou.kernel.errors import BadInput
from tulou.plan.projects.reading import read_project

HOUSE = {"use": "residential", "floors": 6}


def only(found):
    (edit,) = found.edits
    return edit


def refusal(tmp_path, *features, **more):
    with pytest.raises(BadInput) as caught:
        project(tmp_path, *features, **more)
    return caught.value.faults


def test_a_footprint_with_use_and_floors_is_a_building(tmp_path):
    edit = only(project(tmp_path, feature(box(400, 100, 420, 130), use="住宅", 层数=6, residents=90, name="New")))
    assert (edit.action, edit.entity, edit.id, edit.name) == ("add", "building", "project:project-1", "New")
    assert edit.values == {"use": "residential", "storeys": 6.0, "residents": 90.0, "name": "New"}
    assert edit.shape.area == pytest.approx(600.0, rel=1e-6)


def test_words_of_planners_are_understood(tmp_path):
    edit = only(project(tmp_path, feature(box(400, 100, 420, 130), function="Mixed residential", floors="6", flats=12)))
    assert edit.values == {"use": "mixed", "storeys": 6.0, "dwellings": 12.0}


def test_a_category_is_a_facility_and_a_line_a_road(tmp_path):
    found = project(
        tmp_path, feature(point(50, 50), category="小学", capacity=300),
        feature(line((0, 10), (90, 10)), **{"class": "branch"}),
        feature(box(20, 20, 40, 60), category="park", area=800),
    )  # fmt: skip
    assert [edit.entity for edit in found.edits] == ["facility", "road", "green"]
    assert found.edits[0].values == {"category": "primary_school", "capacity": 300.0}


def test_the_outline_of_a_facility_may_be_drawn(tmp_path):
    edit = only(project(tmp_path, feature(box(50, 50, 70, 70), category="clinic")))
    assert edit.entity == "facility"
    assert edit.shape.geom_type == "Polygon"


def test_closing_by_id_prefers_what_can_be_closed(tmp_path):
    """The school is a facility and a parcel of one id, as OpenStreetMap has it."""
    edit = only(project(tmp_path, feature(action="close", id="s1")))
    assert (edit.action, edit.entity, edit.id, dict(edit.values)) == ("close", "facility", "s1", {"closed": True})
    assert edit.name == "Old School"


def test_closing_by_place_takes_the_nearest_of_its_category_and_says_so(tmp_path):
    found = project(tmp_path, feature(point(305, 340), action="关闭", category="小学"))
    assert only(found).id == "s1"
    assert found.remarks[0].en == "Facility nearest to the point: Old School (s1), 40 m away"
    assert "相距 40 米" in found.remarks[0].zh


def test_a_line_closes_the_street_along_it(tmp_path):
    found = project(tmp_path, feature(line((0, 253), (990, 253)), action="closure"))
    assert [edit.id for edit in found.edits] == ["r1", "r2"]
    assert found.edits[0].values == {"walkable": False, "drivable": False, "public": False}
    assert found.remarks[0].en == "Road or way along the line: 2 (Long Street)"


def test_a_line_across_a_street_closes_the_nearest(tmp_path):
    found = project(tmp_path, feature(line((100, 240), (100, 260)), action="cut"))
    assert [edit.id for edit in found.edits] == ["r1"]


def test_a_polygon_removes_the_buildings_in_it(tmp_path):
    found = project(tmp_path, feature(box(90, 90, 140, 140), action="拆除"))
    assert [(edit.action, edit.entity, edit.id) for edit in found.edits] == [
        ("remove", "building", "h1"), ("remove", "building", "shed"),
    ]  # fmt: skip
    assert "facilities in buildings that are removed" in found.remarks[1].en
    assert "k1" in found.remarks[1].zh


def test_a_polygon_with_a_category_closes_only_those(tmp_path):
    found = project(tmp_path, feature(box(0, 0, 900, 500), action="close", category="clinic"))
    assert [edit.id for edit in found.edits] == ["k1"]


def test_a_change_gives_attributes(tmp_path):
    edit = only(project(tmp_path, feature(action="change", id="h1", lift=True, floors=7)))
    assert (edit.action, edit.values, edit.shape) == ("change", {"lift": True, "storeys": 7.0}, None)


def test_two_files_are_one_project(tmp_path):
    one = written(tmp_path, feature(action="close", id="s1"), name="a.geojson")
    other = written(tmp_path, feature(action="close", id="s2"), name="b.geojson")
    found = read_project([one, other], dictionary(), state())
    assert (found.name, [edit.id for edit in found.edits]) == ("a, b", ["s1", "s2"])
    assert set(found.files) == {"a.geojson", "b.geojson"}
    assert all(len(digest) == 64 for digest in found.files.values())


def test_one_feature_alone_is_a_project(tmp_path):
    path = tmp_path / "one.geojson"
    path.write_text(json.dumps(feature(action="close", id="s1")))
    assert only(read_project(path, dictionary(), state(), name="Called")).id == "s1"


def test_a_datum_is_repaired(tmp_path):
    shape = box(400, 100, 420, 130)
    metres = {"type": "Feature", "properties": HOUSE, "geometry": json.loads(shapely.to_geojson(shape))}
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4549"}}
    edit = only(project(tmp_path, metres, crs=crs))
    assert edit.shape.equals_exact(shape, 0.01)
    wide = state(city={"id": ["city"], "geometry": [box(-2000, -2000, 2000, 2000)]})
    shifted = read_project(written(tmp_path, feature(shape, **HOUSE)), dictionary(), wide, datum="gcj02")
    assert 200 < shifted.edits[0].shape.distance(shape) < 900


@pytest.mark.parametrize(
    ("shape", "properties", "what", "guess"),
    [
        (box(400, 100, 420, 130), {"use": "residental", "floors": 6}, "'use' cannot be this", "residential"),
        (point(50, 50), {"category": "primry_school"}, "there is no such category", "primary_school"),
        (None, {"action": "clos", "id": "s1"}, "there is no such action", "close"),
        (None, {"action": "close", "id": "s11"}, "there is no such object in the city", "s1"),
        (point(50, 50), {"entity": "facilty", "category": "clinic"}, "there is no such entity in the data dictionary",
         "facility"),
        (box(400, 100, 420, 130), {"use": "residential", "storys": 6}, "'building' has no such attribute", "storeys"),
    ],
)  # fmt: skip
def test_wrong_words_are_refused_with_the_nearest(tmp_path, shape, properties, what, guess):
    (fault,) = refusal(tmp_path, feature(shape, **properties))
    assert (fault.what, fault.guess) == (what, guess)
    assert fault.where.startswith("project.geojson, feature 1")


@pytest.mark.parametrize("floors", [0, -3, 4000, "many", [6], True])
def test_floors_that_no_building_has_are_refused(tmp_path, floors):
    (fault,) = refusal(tmp_path, feature(box(400, 100, 420, 130), use="residential", floors=floors))
    assert fault.what in {"this number is beyond anything that is built", "'storeys' cannot be this"}
    assert fault.where == "project.geojson, feature 1, floors"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_numbers_that_are_none_are_refused(tmp_path, number):
    path = tmp_path / "project.geojson"
    path.write_text(
        json.dumps(feature(box(400, 100, 420, 130), use="residential", floors=76543)).replace("76543", number)
    )
    with pytest.raises(BadInput, match="cannot be this"):
        read_project(path, dictionary(), state())


def test_fewer_people_than_none_are_refused(tmp_path):
    (fault,) = refusal(tmp_path, feature(box(400, 100, 420, 130), **HOUSE, residents=-5))
    assert fault.allowed == ("0 or more person",)


def test_a_project_elsewhere_is_refused_with_its_distance(tmp_path):
    (fault,) = refusal(tmp_path, feature(box(40_000, 100, 40_020, 130), **HOUSE))
    assert fault.what == "this lies outside the city"
    assert fault.found == "39.0 km away"


def test_latitude_before_longitude_is_told(tmp_path):
    wrong = feature(point(50, 50), category="clinic")
    wrong["geometry"]["coordinates"].reverse()
    (fault,) = refusal(tmp_path, wrong)
    assert fault.what == "these coordinates are not longitude and latitude"
    assert "longitude first, then latitude" in fault.allowed


def test_metres_without_a_system_are_refused(tmp_path):
    metres = {"type": "Feature", "properties": HOUSE, "geometry": json.loads(shapely.to_geojson(box(0, 0, 9, 9)))}
    (fault,) = refusal(tmp_path, metres)
    assert fault.allowed == ("longitude first, then latitude", "--datum EPSG:xxxx")


@pytest.mark.parametrize(
    ("shape", "what"),
    [
        (shapely.Polygon(), "the geometry is empty"),
        (box(400, 100, 400.5, 100.5), "no building has a footprint of this size"),
        (box(-90_000, -90_000, 90_000, 90_000), "no building has a footprint of this size"),
        (point(400, 100), "a building is drawn as a polygon"),
    ],
)
def test_absurd_geometry_is_refused(tmp_path, shape, what):
    faults = refusal(tmp_path, feature(shape, entity="building", **HOUSE))
    assert [fault.what for fault in faults] == [what]


def test_a_bow_tie_is_refused_with_the_place_it_crosses(tmp_path):
    bow = feature(box(0, 0, 9, 9), **HOUSE)
    ring = bow["geometry"]["coordinates"][0]
    ring[1], ring[2] = ring[2], ring[1]
    (fault,) = refusal(tmp_path, bow)
    assert fault.what == "the geometry is not valid"
    assert "Self-intersection" in fault.found


@pytest.mark.parametrize(
    "geometry", [{"type": "Polygon", "coordinates": [[[0, 0]]]}, {"type": "Blob"}, "POINT (1 2)", 7]
)
def test_what_is_no_geometry_is_refused(tmp_path, geometry):
    (fault,) = refusal(tmp_path, {"type": "Feature", "properties": HOUSE, "geometry": geometry})
    assert fault.what == "this is not a geometry"


def test_a_mixture_of_shapes_is_no_object(tmp_path):
    shape = shapely.GeometryCollection([point(1, 1), box(0, 0, 9, 9)])
    (fault,) = refusal(tmp_path, feature(shape, **HOUSE))
    assert fault.found == "GeometryCollection"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "the file is empty"),
        ("{", "not whole JSON"),
        ("[]", "this JSON is no project"),
        ('{"type": "Topology"}', "this JSON is no project"),
        ('{"type": "FeatureCollection", "features": []}', "the project has no features"),
        ('{"type": "FeatureCollection", "features": [7]}', "this is not a feature"),
        ("[" * 100_000, "nested too deep"),
        ('{"type": "Feature", "properties": [1]}', "properties are names and values"),
    ],
)
def test_files_that_are_no_project_are_refused(tmp_path, text, what):
    path = tmp_path / "project.geojson"
    path.write_text(text)
    with pytest.raises(BadInput) as caught:
        read_project(path, dictionary(), state())
    assert caught.value.faults[0].what.startswith(what)


def test_a_file_far_too_large_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "huge.geojson"
    with path.open("wb") as file:
        file.truncate(200 * 1024**2)
    with pytest.raises(BadInput, match="the file is too large") as caught:
        read_project(path, dictionary(), state())
    assert caught.value.faults[0].where == "huge.geojson"


def test_a_delivery_of_data_is_no_project(tmp_path):
    many = [{"type": "Feature", "properties": {"action": "close", "id": "s1"}, "geometry": None}] * 10_001
    (fault,) = refusal(tmp_path, *many)
    assert fault.what == "too many features for a project; import them on a branch"


def test_every_fault_is_told_at_once(tmp_path):
    faults = refusal(
        tmp_path, feature(action="close", id="nowhere"), feature(point(5, 5), category="clinc"),
        feature(box(400, 100, 420, 130), use="x", floors=0),
    )  # fmt: skip
    assert len(faults) == 4


def test_two_features_may_not_speak_of_one_object(tmp_path):
    faults = refusal(tmp_path, feature(action="close", id="s1"), feature(action="remove", entity="facility", id="s1"))
    assert faults[0].what == "two features of the project speak of one object"


def test_a_known_id_cannot_be_new(tmp_path):
    (fault,) = refusal(tmp_path, feature(box(400, 100, 420, 130), id="h1", **HOUSE))
    assert fault.what == "an object of this id stands in the city already"


@pytest.mark.parametrize(("entity", "name"), [("building", "h1"), ("", "g1"), ("green", "g1")])
def test_what_cannot_be_closed_is_to_be_removed(tmp_path, entity, name):
    said = {"entity": entity} if entity else {}
    (fault,) = refusal(tmp_path, feature(action="close", id=name, **said))
    assert fault.what.endswith("cannot be closed; remove it instead")


def test_an_id_of_two_entities_must_say_which(tmp_path):
    (fault,) = refusal(tmp_path, feature(action="remove", id="s1"))
    assert fault.allowed == ("facility", "parcel")


def test_nothing_near_is_told_with_the_nearest(tmp_path):
    (fault,) = refusal(tmp_path, feature(point(800, 50), action="close", category="primary_school"))
    assert (fault.what, fault.found) == ("no primary_school stands at this place", "the nearest is 250 m away")


def test_a_change_must_change_something(tmp_path):
    (fault,) = refusal(tmp_path, feature(action="change", id="h1"))
    assert fault.what == "a change needs an attribute or a geometry"


def test_a_feature_that_does_not_say_what_it_is(tmp_path):
    (fault,) = refusal(tmp_path, feature(point(5, 5), colour="red"))
    assert fault.what == "the feature does not say what it is"


def test_a_building_on_one_that_stands_is_refused_unless_that_goes(tmp_path):
    new = feature(box(110, 110, 140, 140), **HOUSE)
    (fault,) = refusal(tmp_path, new)
    assert fault.what == "a building stands here that the project does not remove"
    assert fault.found == "h1, 100 m2 in common"
    found = project(tmp_path, new, feature(action="remove", entity="building", id="h1"))
    assert [edit.action for edit in found.edits] == ["add", "remove"]


def test_a_common_wall_is_no_overlap(tmp_path):
    assert only(project(tmp_path, feature(box(120, 104, 129, 120), **HOUSE))).action == "add"


def test_two_new_buildings_on_one_ground_are_refused(tmp_path):
    faults = refusal(tmp_path, feature(box(400, 0, 420, 20), **HOUSE), feature(box(410, 0, 430, 20), **HOUSE))
    assert [fault.what for fault in faults] == ["two buildings of the project stand on the same ground"]


def test_a_building_may_be_drawn_larger_where_it_stands(tmp_path):
    edit = only(project(tmp_path, feature(box(100, 105, 125, 125), action="change", id="h1")))
    assert edit.shape.area == pytest.approx(500.0, rel=1e-6)
    faults = refusal(tmp_path, feature(box(100, 100, 210, 120), action="change", id="h1"))
    assert [fault.found.split(",")[0] for fault in faults] == ["h2", "shed"]


def test_a_road_that_joins_nothing_is_pointed_out(tmp_path):
    found = project(tmp_path, feature(line((20, 20), (90, 20)), **{"class": "branch"}))
    assert "joins nothing" in found.remarks[0].en
    assert not project(tmp_path, feature(line((20, 20), (20, 245)), **{"class": "branch"})).remarks


def test_a_building_on_a_park_or_across_a_street_is_pointed_out(tmp_path):
    found = project(tmp_path, feature(box(480, 240, 520, 260), **HOUSE), feature(box(910, 410, 930, 430), **HOUSE))
    assert [remark.en.split(": ", 1)[1] for remark in found.remarks] == [
        "the building stands on what is on record as Road or way: r1, r2, r3",
        "the building stands on what is on record as Park or green: g1",
    ]
    below = project(tmp_path, feature(box(480, 390, 520, 410), **HOUSE))
    assert not below.remarks  # The arterial passes over it on a bridge.


def test_buildings_of_a_cityjson_model_are_added(tmp_path):
    corners = [[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 1], [1, 0, 1], [1, 1, 1], [0, 1, 1]]
    faces = [[3, 2, 1, 0], [4, 5, 6, 7], [0, 1, 5, 4], [1, 2, 6, 5], [2, 3, 7, 6], [3, 0, 4, 7]]
    house = {
        "type": "Building", "attributes": {"storeysAboveGround": 4, "function": "residential", "residents": 60},
        "geometry": [{"type": "Solid", "lod": "1", "boundaries": [[[face] for face in faces]]}],
    }  # fmt: skip
    page = {
        "type": "CityJSON", "version": "2.0", "CityObjects": {"tower": house}, "vertices": corners,
        "metadata": {"referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/4549"},
        "transform": {"scale": [20.0, 20.0, 12.0], "translate": [500_400.0, 2_880_100.0, 5.0]},
    }  # fmt: skip
    path = tmp_path / "tower.city.json"
    path.write_text(json.dumps(page))
    edit = only(read_project(path, dictionary(), state()))
    assert (edit.entity, edit.values["storeys"], edit.values["residents"]) == ("building", 4.0, 60.0)
    assert edit.values["use"] == "residential"
    assert edit.shape.area == pytest.approx(400.0, rel=1e-4)


def test_reading_changes_nothing(tmp_path):
    city = state()
    project(tmp_path, feature(action="close", id="s1"), city=city)
    assert city.rows("facility").texts("name").tolist() == tables()["facility"]["name"]
    assert lonlat(point(0, 0)).x == pytest.approx(120.0, abs=1e-6)
