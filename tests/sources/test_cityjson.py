"""CityJSON: real tiles, a house by hand, and files that lie."""

import json

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from shared_data import shared
from sources.dictionary import dictionary
from tulou.kernel.errors import BadInput
from tulou.sources.catalogue import recognise
from tulou.sources.checks import ground_area
from tulou.sources.mapping import parse_mapping


def box(*, size=10.0, height=6.0, semantics=True):
    corners = [[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 1], [1, 0, 1], [1, 1, 1], [0, 1, 1]]
    faces = [[3, 2, 1, 0], [4, 5, 6, 7], [0, 1, 5, 4], [1, 2, 6, 5], [2, 3, 7, 6], [3, 0, 4, 7]]
    geometry = {"type": "Solid", "lod": "2", "boundaries": [[[face] for face in faces]]}
    if semantics:
        kinds = [{"type": "GroundSurface"}, {"type": "RoofSurface"}, {"type": "WallSurface"}]
        geometry["semantics"] = {"surfaces": kinds, "values": [[0, 1, 2, 2, 2, 2]]}
    house = {
        "type": "Building",
        "attributes": {"storeysAboveGround": 2, "yearOfConstruction": 1999},
        "geometry": [geometry],
    }
    return {
        "type": "CityJSON",
        "version": "2.0",
        "metadata": {"referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/32650"},
        "transform": {"scale": [size, size, height], "translate": [600_000.0, 2_890_000.0, 5.0]},
        "CityObjects": {"h1": house},
        "vertices": corners,
    }


def read(tmp_path, page, **options):
    path = tmp_path / "a.city.json"
    path.write_text(page if isinstance(page, str) else json.dumps(page))
    return recognise(path).read(path, expected=dictionary(), **options)


@pytest.mark.parametrize("semantics", [True, False])
def test_a_house_by_hand(tmp_path, semantics):
    row = read(tmp_path, box(semantics=semantics)).facts[0].rows.to_pylist()[0]
    assert (row["id"], row["height"], row["storeys"], row["year_built"]) == ("h1", 6.0, 2.0, 1999.0)
    assert ground_area(shapely.from_wkb([row["geometry"]]))[0] == pytest.approx(100.0, rel=0.01)


def test_parts_count_as_one_building(tmp_path):
    page = box()
    part = page["CityObjects"]["h1"]
    page["CityObjects"] = {
        "h1": {"type": "Building", "children": ["p1"]},
        "p1": {**part, "type": "BuildingPart", "parents": ["h1"]},
    }
    rows = read(tmp_path, page).facts[0].rows
    assert rows["id"].to_pylist() == ["h1"]
    assert rows["height"].to_pylist() == [6.0]


def test_delft():
    path = shared("cityjson/delft.json")
    extract = recognise(path).read(path, expected=dictionary())
    rows = extract.facts[0].rows
    assert rows.num_rows == extract.quality.read == 160
    assert max(rows["height"].to_pylist()) < 20
    assert extract.source.datum == "EPSG:7415 (stated), transformed to WGS 84"
    west, south, east, north = extract.extent
    assert 4.36 < west < east < 4.37
    assert 52.01 < south < north < 52.02


@pytest.mark.parametrize(
    ("name", "buildings"),
    [("rotterdam_subset.json", 16), ("DH_01_subs.city.json", 4), ("multi_lod.json", 10), ("mt-1.json", 1)],
)
def test_files_without_a_system_ask_for_one(name, buildings):
    path = shared(f"cityjson/{name}")
    with pytest.raises(BadInput, match="no coordinate system"):
        recognise(path).read(path, expected=dictionary())
    extract = recognise(path).read(path, expected=dictionary(), datum="EPSG:28992")
    assert extract.quality.kept == buildings
    shapes = shapely.from_wkb(extract.facts[0].rows["geometry"].to_pylist())
    assert (ground_area(shapes) > 1).all()


def test_year_of_construction_by_mapping():
    path = shared("cityjson/multi_lod.json")
    rule = parse_mapping(
        "{entity: building, datum: 'EPSG:28992', columns: {year_built: oorspronkelijk_bouwjaar}, ignore: '*'}",
        "m",
        dictionary(),
    )
    years = recognise(path).read(path, mapping=rule, expected=dictionary()).facts[0].rows["year_built"].to_pylist()
    assert all(1500 < year < 2030 for year in years)


def test_a_file_that_is_empty_on_purpose():
    path = shared("cityjson/minimal.json")
    with pytest.raises(BadInput, match="no building"):
        recognise(path).read(path)


def spoiled(change):
    page = box()
    change(page)
    return page


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (spoiled(lambda p: p["CityObjects"]["h1"]["geometry"][0]["boundaries"][0][0][0].append(99)), "out of bounds"),
        (spoiled(lambda p: p["CityObjects"]["h1"]["geometry"][0]["boundaries"][0][0][0].append(-1)), "out of bounds"),
        (
            spoiled(lambda p: p["CityObjects"]["h1"]["geometry"][0].update(boundaries=[[[["a", "b", "c"]]]])),
            "vertex numbers",
        ),
        (spoiled(lambda p: p["CityObjects"]["h1"]["geometry"][0].update(boundaries=[7])), "nested"),
        (spoiled(lambda p: p.update(vertices=[[0, 0]])), "three numbers"),
        (spoiled(lambda p: p.update(vertices=[["x", 0, 0]])), "not numbers"),
        (spoiled(lambda p: p.update(version="3.0")), "version"),
        (spoiled(lambda p: p["metadata"].update(referenceSystem="local")), "EPSG"),
        (spoiled(lambda p: p.pop("CityObjects")), "no CityObjects"),
        (json.dumps(box())[:-40], "whole JSON"),
        ('{"type": "CityJSON", "version": "2.0", "x": ' + "[" * 200 + "]" * 200 + "}", "nested too deep"),
        ('{"type": "Topology"}', "not CityJSON"),
        ("", "empty"),
    ],
)
def test_refused(tmp_path, page, words):
    with pytest.raises(BadInput) as raised:
        read(tmp_path, page)
    assert words in str(raised.value)


def town():
    """A house, a house of parts, and a surface: every kind of node that is read."""
    page = box()
    house = page["CityObjects"]["h1"]["geometry"][0]
    flat = {
        "type": "MultiSurface",
        "lod": "1",
        "boundaries": [[[0, 1, 2, 3]]],
        "semantics": {"surfaces": [], "values": [None]},
    }
    page["metadata"]["crs"] = {"epsg": 32650}
    page["CityObjects"]["h2"] = {"type": "Building", "children": ["p1"]}
    page["CityObjects"]["p1"] = {"type": "BuildingPart", "geometry": [house], "attributes": {"measuredHeight": 3}}
    page["CityObjects"]["h3"] = {"type": "Building", "geometry": [flat]}
    return page


def places_of(node, at=()):
    yield at
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in pairs:
        yield from places_of(value, (*at, key))


RUBBISH = [
    None,
    [],
    {},
    5,
    -1,
    1e308,
    float("nan"),
    True,
    "x",
    "²",
    "\ud800",
    [[]],
    [None],
    ["a"],
    {"a": 1},
    [{}],
    10**400,
]


def outcome(folder, page):
    """How many buildings were kept, or why none was."""
    try:
        return read(folder, json.dumps(page)).quality.kept
    except BadInput as error:
        return str(error)


@settings(max_examples=150)
@given(st.sampled_from(list(places_of(town()))), st.sampled_from(RUBBISH))
def test_whatever_stands_anywhere_in_the_file_it_is_read_or_refused(tmp_path_factory, place, rubbish):
    page = town()
    if place:
        *way, last = place
        node = page
        for key in way:
            node = node[key]
        node[last] = rubbish
    told = outcome(tmp_path_factory.mktemp("city"), page if place else rubbish)
    assert told in {1, 2, 3} or "a.city.json" in told or "building" in told


@settings(max_examples=40)
@given(st.floats(2, 300), st.floats(2, 80), st.integers(0, 3))
def test_height_and_footprint_are_those_of_the_box(tmp_path_factory, size, height, turn):
    """However the corners are numbered and wherever the ring begins."""
    page = box(size=size, height=height, semantics=False)
    shell = page["CityObjects"]["h1"]["geometry"][0]["boundaries"][0]
    for face in shell:
        face[0] = face[0][turn:] + face[0][:turn]
    row = read(tmp_path_factory.mktemp("city"), page).facts[0].rows.to_pylist()[0]
    assert row["height"] == pytest.approx(height, abs=1e-3)
    assert ground_area(shapely.from_wkb([row["geometry"]]))[0] == pytest.approx(size**2, rel=0.01)


def test_a_stated_height_goes_before_a_measured_one_and_codes_of_systems_have_two_spellings(tmp_path):
    page = box()
    page["CityObjects"]["h1"]["attributes"]["measuredHeight"] = 7.5
    page["metadata"] = {"crs": {"epsg": 32650}}
    extract = read(tmp_path, page)
    assert extract.facts[0].rows["height"].to_pylist() == [7.5]
    assert extract.source.datum.startswith("EPSG:32650")
