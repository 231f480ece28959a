"""Datum: known places, exact inverses, names, and the finder on real layers."""

import json
import re

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from shared_data import shared
from tulou.kernel.errors import BadInput, NotEnoughData
from tulou.sources import datum
from tulou.sources.alignment import find_datum
from tulou.sources.layers import read_raw
from tulou.sources.mapping import TableMapping


def one(function, lon, lat):
    east, north = function(np.array([lon]), np.array([lat]))
    return float(east[0]), float(north[0])


def test_known_place_in_beijing():
    assert one(datum.to_gcj02, 116.404, 39.915) == pytest.approx((116.41024449916938, 39.91640428150164), abs=1e-9)
    assert one(datum.to_bd09, 116.404, 39.915) == pytest.approx((116.41662724378733, 39.922699552216216), abs=1e-9)


@given(st.floats(73.5, 134.5), st.floats(3.5, 53.5))
def test_repair_is_the_exact_inverse(lon, lat):
    for there, back in ((datum.to_gcj02, datum.from_gcj02), (datum.to_bd09, datum.from_bd09)):
        east, north = one(there, lon, lat)
        again = one(back, east, north)
        assert max(abs(again[0] - lon), abs(again[1] - lat)) < 1e-9


def test_outside_the_box_nothing_moves():
    assert one(datum.to_gcj02, 24.94, 60.17) == (24.94, 60.17)
    assert one(datum.from_gcj02, -51.2, -30.0) == (-51.2, -30.0)


def test_displacement_is_some_hundred_metres():
    east, north = one(datum.to_gcj02, 119.3, 26.08)
    assert 300 < np.hypot((east - 119.3) * 111_320 * np.cos(np.radians(26.08)), (north - 26.08) * 110_800) < 800


def test_xiamen_hospital_agrees_with_an_independent_decoding():
    page = json.loads(shared("fj_xiamen/poi/xiamen_poi_wgs84.geojson").read_text("utf-8"))
    shifted = np.array([(f["properties"]["gcj_lon"], f["properties"]["gcj_lat"]) for f in page["features"]])
    plain = np.array([f["geometry"]["coordinates"] for f in page["features"]])
    lon, lat = datum.from_gcj02(shifted[:, 0], shifted[:, 1])
    assert np.abs(lon - plain[:, 0]).max() < 2e-6
    assert np.abs(lat - plain[:, 1]).max() < 2e-6


@pytest.mark.parametrize(
    ("text", "crs", "shift"),
    [
        ("wgs84", "EPSG:4326", None),
        ("GCJ-02", "EPSG:4326", "gcj02"),
        ("百度坐标", "EPSG:4326", "bd09"),
        ("cgcs2000", "EPSG:4490", None),
        ("epsg:4547", "EPSG:4547", None),
    ],
)
def test_names(text, crs, shift):
    found = datum.named(text)
    assert (found.crs, found.shift) == (crs, shift)


@pytest.mark.parametrize("text", ["gcj2", "EPSG:999999", "beijing"])
def test_unknown_names_are_refused(text):
    with pytest.raises(BadInput):
        datum.named(text, "m.yaml:3")


def test_a_local_system_is_refused():
    with pytest.raises(BadInput, match="not tied to the Earth"):
        datum.crs_of('LOCAL_CS["site grid",UNIT["metre",1]]')


def layer(name):
    return read_raw(shared(name), TableMapping(""), name).shapes


def wikidata_stations():
    page = json.loads(shared("fj_fuzhou/metro/wikidata_metro_2026.json").read_text("utf-8"))
    return shapely.points([(s["lon"], s["lat"]) for line in page["lines"] for s in line["stations"] if s.get("lon")])


def metroman_stations():
    text = shared("fj_fuzhou/metro/metroman_fz.js").read_text("utf-8")
    return shapely.points([(float(b), float(a)) for a, b in re.findall(r"lat: '([\d.]+)', lng: '([\d.]+)'", text)])


def test_metro_stations_are_found_to_be_gcj02():
    found = find_datum(metroman_stations(), wikidata_stations())
    assert found.best == "gcj02"
    assert found.distances["gcj02"] < 80
    assert found.distances["wgs84"] > 400
    assert "gcj02" in str(found)


def test_and_the_other_way_round():
    assert find_datum(wikidata_stations(), metroman_stations()).best == "to_gcj02"


def test_stations_over_bus_lines_repaired_from_bd09():
    lines = layer("fj_fuzhou/bus/fuzhou_bus_lines_wgs84.geojson")
    assert find_datum(wikidata_stations(), lines).best == "wgs84"
    displaced = shapely.transform(lines, lambda xy: np.column_stack(datum.to_bd09(xy[:, 0], xy[:, 1])))
    found = find_datum(displaced[:150], lines)
    assert found.best == "bd09"
    assert found.distances["bd09"] < 1


def test_a_shapefile_that_says_wgs84_is_on_the_datum_of_datav():
    """fuzhou.shp says EPSG:4326, yet lies on the outlines that DataV publishes in GCJ-02: one label is wrong."""
    found = find_datum(
        layer("fj_fuzhou/boundary_county/fuzhou.shp"), layer("fj_fuzhou/boundary_county/datav_350100_full.json")
    )
    assert found.best == "wgs84"
    assert found.distances["wgs84"] < 20
    assert found.distances["gcj02"] > 300


def test_layers_that_cannot_tell_say_so():
    rng = np.random.default_rng(7)
    noise = shapely.points(rng.uniform((119.2, 26.0), (119.4, 26.2), (400, 2)))
    reference = shapely.points(rng.uniform((119.2, 26.0), (119.4, 26.2), (400, 2)))
    assert find_datum(noise, reference).best is None


def test_layers_far_apart_cannot_be_compared():
    with pytest.raises(NotEnoughData):
        find_datum(shapely.points([(119.3, 26.0)] * 20), shapely.points([(110.0, 30.0)] * 20))
