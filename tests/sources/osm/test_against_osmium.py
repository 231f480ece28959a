"""Areas must be the ones that libosmium assembles: same buildings, same ground covered."""

import osmium
import pytest
import shapely

from shared_data import shared
from sources.osm.made import remark_of, rows_of
from tulou.sources.osm.connector import read_osm

FILES = (
    "city_noise_lorient/geneva.osm.pbf",
    "city_noise_lorient/map.osm.pbf",
    "city_helsinki/Helsinki.osm.pbf",
    "city_porto_alegre/poa_osm.pbf",
)
NOTED_WAYS = {"city_noise_lorient/geneva.osm.pbf": 11_761}
"""Building ways that the note beside the file counts; open ways and lines there and back among them."""


def areas_of(path, key="building"):
    """All areas that osmium gives for a key; None where it could not put the rings together."""
    factory = osmium.geom.WKBFactory()
    found = {}
    for thing in osmium.FileProcessor(str(path)).with_areas(osmium.filter.KeyFilter(key)):
        if thing.is_area() and key in thing.tags:
            whole = thing.num_rings()[0] > 0
            shape = shapely.from_wkb(factory.create_multipolygon(thing)) if whole else None
            found[f"osm:{'w' if thing.from_way() else 'r'}{thing.orig_id()}"] = shape
    return found


@pytest.fixture(scope="module", params=FILES)
def both(request):
    path = shared(request.param)
    return read_osm(path), areas_of(path), request.param


def test_buildings_are_those_of_osmium(both):
    extract, theirs, _ = both
    ours = rows_of(extract, "building")
    refused = sum(
        remark.rows
        for kind in ("building_open_ring", "building_impossible_geometry")
        if (remark := remark_of(extract, kind)) is not None
    )
    assert len(ours) + refused == len(theirs)
    assert set(ours) <= set(theirs)
    assert {number for number, shape in theirs.items() if shape is not None} <= set(ours)


def test_buildings_cover_the_same_ground(both):
    extract, theirs, _ = both
    ours = rows_of(extract, "building")
    checked = 0
    for number, shape in theirs.items():
        if shape is not None:
            assert ours[number]["geometry"].symmetric_difference(shape).area <= 1e-9 * shape.area
            checked += 1
    assert checked > 0


def test_every_polygon_is_valid(both):
    extract, _, _ = both
    for facts in extract.facts:
        shapes = shapely.from_wkb(facts.rows["geometry"].to_numpy())
        assert bool(shapely.is_valid(shapes).all()), facts.entity
        assert not bool(shapely.is_empty(shapes).any())


def test_the_note_beside_geneva_counts_building_ways(both):
    """11,761 is the number of ways tagged as buildings: 11,681 areas less 40 relations, and 120 ways that are none."""
    _, theirs, name = both
    if name not in NOTED_WAYS:
        pytest.skip("only Geneva has such a note")
    tagged = osmium.FileProcessor(str(shared(name)), osmium.osm.WAY).with_filter(osmium.filter.KeyFilter("building"))
    ways = [thing.is_closed() and len(thing.nodes) > 3 for thing in tagged]
    assert len(ways) == NOTED_WAYS[name]
    assert sum(ways) == sum(number.startswith("osm:w") for number in theirs)


@pytest.mark.parametrize("key", ["leisure", "landuse", "natural"])
def test_land_is_that_of_osmium(both, key):
    """Green and land use too: every area that osmium puts together and we list covers the same ground."""
    extract, _, name = both
    theirs = {number: shape for number, shape in areas_of(shared(name), key).items() if shape is not None}
    ours = {**rows_of(extract, "green"), **rows_of(extract, "parcel"), **rows_of(extract, "water")}
    common = set(theirs) & set(ours)
    for number in common:
        assert ours[number]["geometry"].symmetric_difference(theirs[number]).area <= 1e-9 * theirs[number].area
    assert len(common) > 0 or name.startswith(("city_porto_alegre", "city_noise_lorient/map"))
