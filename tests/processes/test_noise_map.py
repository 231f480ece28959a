"""Maps of road noise: a street with two houses, what is unknown, and a real town."""

import json

import numpy as np
import pyogrio.raw
import pytest
import shapely

from app.line import fine, refused
from processes.made_city import DICTIONARY, box, city
from shared_data import shared
from tulou.kernel.errors import BadInput, BadUse, NotEnoughData
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run

HEAD = "road,period,cars,heavy,speed\n"
BUSY = HEAD + "arterial,day,2000,100,50\narterial,night,300,20,50\n"
HOUSES = {
    "id": ["front", "behind", "shed"],
    "geometry": [box(-250, 30, 350, 42), box(10, 60, 90, 72), box(0, 900, 8, 908)],
    "height": [30.0, None, None],
    "storeys": [None, 3.0, None],
    "use": ["residential", "residential", "other"],
}


def street(kind="arterial", **more):
    line = shapely.LineString([box(-300, 0, -300, 0).centroid, box(400, 0, 400, 0).centroid])
    return {"id": ["high street"], "class": [kind], "geometry": [line], **more}


def homes(count=(200.0, 80.0)):
    return {"id": ["a", "b"], "geometry": [box(50, 36, 50.1, 36.1), box(50, 66, 50.1, 66.1)], "residents": list(count)}


def town(**changed):
    tables = {"building": HOUSES, "road": street(), "population": homes()}
    return city(**(tables | changed))


def ran(folder, state=None, text=BUSY, **given):
    path = folder / "traffic.csv"
    path.write_text(text, "utf-8")
    process = processes()["noise_map"]
    chosen = {"coefficients": "2020", "traffic": path, "cell": 50, "strip": False} | given
    return process.run(Run(process.values(chosen), state or town()))


def figures(outcome):
    return {one.name: one.value for one in outcome.figures}


def facts(outcome):
    rows = outcome.facts[0].rows.to_pydict()
    return {name: {key: rows[key][at] for key in rows} for at, name in enumerate(rows["id"])}


def test_the_house_at_the_street_is_loud_and_the_one_behind_it_is_not(tmp_path):
    outcome = ran(tmp_path, area_class="2")
    found = facts(outcome)
    assert set(found) == {"front", "behind"}
    assert found["front"]["road_noise_day"] > 60 > found["behind"]["road_noise_day"] + 5
    assert found["front"]["road_noise_day"] > found["front"]["road_noise_night"]
    assert (found["front"]["road_noise_over"], found["behind"]["road_noise_over"]) == (True, False)
    assert figures(outcome)["people_over"] == 200
    assert figures(outcome)["people_over_sourced"] == 200
    people = outcome.tables[0].rows
    assert sum(row[1] for row in people) == sum(row[2] for row in people) == 280


def test_what_a_building_learns_is_in_the_dictionary(tmp_path):
    found = ran(tmp_path, area_class="2").facts[0]
    assert set(found.rows.column_names) - {"id"} <= set(DICTIONARY[found.entity].attributes)


def test_two_runs_give_the_same(tmp_path):
    one, other = (ran(tmp_path, area_class="2") for _ in range(2))
    assert one.facts[0].rows.equals(other.facts[0].rows)
    assert np.array_equal(one.plots[0].values, other.plots[0].values, equal_nan=True)


def test_what_is_unknown_is_no_silence(tmp_path):
    roads = street()
    lane = shapely.LineString([box(-300, 90, -300, 90).centroid, box(400, 90, 400, 90).centroid])
    roads = {"id": ["high street", "lane"], "class": ["arterial", "branch"], "geometry": [roads["geometry"][0], lane]}
    outcome = ran(tmp_path, town(road=roads), area_class="2")
    found = facts(outcome)
    assert found["front"]["road_noise_over"] is True
    assert found["behind"]["road_noise_over"] is None
    assert found["behind"]["road_noise_day"] is None
    assert figures(outcome)["people_over"] == 200
    over = next(one for one in outcome.figures if one.name == "people_over")
    assert (over.low, over.high) == (200, 280)
    assert "1 of 2 roads is unknown" in outcome.warnings[0].en
    closed = ran(tmp_path, town(road=roads), BUSY + "lane,day,0,0,\nlane,night,0,0,\n", area_class="2")
    assert facts(closed)["behind"]["road_noise_over"] is False


def test_without_a_class_of_area_there_is_no_verdict(tmp_path):
    outcome = ran(tmp_path)
    assert all(one["road_noise_over"] is None for one in facts(outcome).values())
    assert all(one["road_noise_day"] > 30 for one in facts(outcome).values())
    assert "nobody can tell" in outcome.answer[0].en
    assert any("give zones or area_class" in one.en for one in outcome.warnings)


def test_a_strip_from_memory_gives_no_verdict_to_the_city(tmp_path):
    outcome = ran(tmp_path, area_class="2", strip=True)
    found = facts(outcome)
    assert found["front"]["road_noise_over"] is None
    assert found["behind"]["road_noise_over"] is False
    assert figures(outcome)["people_over_sourced"] == 0
    assert any("from memory" in one.en and "4a" in one.en for one in outcome.warnings)


def test_zones_give_each_house_its_class(tmp_path):
    parts = [(box(-50, 20, 150, 50), "3"), (box(-50, 50, 150, 100), "0")]
    features = [
        {"type": "Feature", "properties": {"class": kind}, "geometry": shapely.geometry.mapping(shape)}
        for shape, kind in parts
    ]
    layer = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4549"}},
        "features": features,
    }
    path = tmp_path / "zones.geojson"
    path.write_text(json.dumps(layer), "utf-8")
    quiet = HEAD + "arterial,day,700,0,50\narterial,night,20,0,50\n"
    found = facts(ran(tmp_path, zones=path, text=quiet, strip=True))
    assert found["front"]["road_noise_day"] < 65
    assert found["front"]["road_noise_over"] is False
    layer["features"][0]["properties"]["class"] = "9"
    path.write_text(json.dumps(layer), "utf-8")
    with pytest.raises(BadInput, match="not a class of area"):
        ran(tmp_path, zones=path)


def test_a_tunnel_is_not_heard_and_a_higher_speed_limit_is(tmp_path):
    no_speed = HEAD + "arterial,day,2000,100,\narterial,night,300,20,\n"
    with pytest.raises(NotEnoughData, match="known traffic and speed"):
        ran(tmp_path, text=no_speed, area_class="2")
    slow, fast = (
        facts(ran(tmp_path, town(road=street(speed_limit=[speed])), no_speed))["front"]["road_noise_day"]
        for speed in (30.0, 80.0)
    )
    assert 3 < fast - slow < 12
    with pytest.raises(NotEnoughData, match="known traffic"):
        ran(tmp_path, town(road=street(tunnel=[True])))


def test_a_carriageway_of_a_divided_road_has_half_of_what_its_class_has(tmp_path):
    whole, half = (
        facts(ran(tmp_path, town(road=street(dual_carriageway=[one]))))["front"]["road_noise_day"]
        for one in (False, True)
    )
    assert whole - half == pytest.approx(10 * np.log10(2))
    by_id = BUSY.replace("arterial", "high street")
    told = facts(ran(tmp_path, town(road=street(dual_carriageway=[True])), by_id))["front"]["road_noise_day"]
    assert told == pytest.approx(whole)


@pytest.mark.parametrize(
    ("text", "given", "what"),
    [
        (HEAD + "arterial,evening,1,1,50\n", {}, "day or night"),
        (HEAD + "arterial,day,,1,50\n", {}, "0 says that none"),
        (HEAD + "arterial,day,1,1,0\n", {}, "above 0"),
        (HEAD + "arterial,day,1,1,50\n" * 2, {}, "one row a period"),
        (HEAD + "arterail,day,1,1,50\n", {}, "no road and no class"),
        ("road,period,speed\narterial,day,50\n", {}, "no column of vehicles"),
        (BUSY, {"cell": 2}, "take hours"),
    ],
)
def test_what_cannot_be_used_is_refused(tmp_path, text, given, what):
    with pytest.raises((BadInput, BadUse)) as caught:
        ran(tmp_path, text=text, **({"area_class": "2"} | given))
    assert what in str(caught.value)


def test_a_city_without_buildings_people_or_roads_is_too_little(tmp_path):
    for changed, what in (
        ({"building": {"id": []}}, "ground plans"),
        ({"road": {"id": []}}, "vehicles drive"),
        ({"population": {"id": []}}, "nobody is known"),
    ):
        with pytest.raises(NotEnoughData, match=what):
            ran(tmp_path, town(**changed))


@pytest.fixture(scope="module")
def receivers(tmp_path_factory):
    """The receivers of Lorient; their Shapefile promises a row more than its table holds, so it is refused as it is."""
    with pytest.raises(BadInput, match="before it is whole"):
        processes()["noise_points"].run(Run(lorient(shared("city_noise_lorient") / "receivers.shp")))
    _, _, shapes, _ = pyogrio.raw.read(shared("city_noise_lorient") / "receivers.shp")
    spots = shapely.get_coordinates(shapely.from_wkb(shapes)).tolist()
    points = [{"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": one}} for one in spots]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}
    path = tmp_path_factory.mktemp("noise") / "receivers.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": points}), "utf-8")
    return path


def lorient(path, **given):
    folder = shared("city_noise_lorient")
    files = {"roads": folder / "ROADS2.shp", "buildings": folder / "buildings.shp", "receivers": path}
    return processes()["noise_points"].values({"coefficients": "2020", **files, **given})


@pytest.mark.slow
def test_a_real_town(receivers):
    soft, hard = (processes()["noise_points"].run(Run(lorient(receivers, ground=factor))) for factor in (1, 0))
    levels = [np.array([row[3:] for row in one.tables[0].rows], float) for one in (soft, hard)]
    assert levels[0].shape == (829, 2)
    heard = np.isfinite(levels[1]).all(axis=1)
    assert 700 < heard.sum() < 829
    assert (levels[1][heard, 0] > levels[1][heard, 1]).mean() > 0.9
    assert (levels[1][heard] >= levels[0][heard] - 0.2).mean() > 0.99
    assert 50 < np.median(levels[1][heard, 0]) < 65
    assert sum(height for _, height in hard.plots[0].bars) == heard.sum() + (829 - heard.sum())


def test_layers_that_do_not_fit_are_refused(receivers):
    process = processes()["noise_points"]
    buildings = shared("city_noise_lorient") / "buildings.shp"
    with pytest.raises(BadInput, match="receivers are points"):
        process.run(Run(lorient(buildings)))
    with pytest.raises(BadInput, match="no such column"):
        process.run(Run(lorient(receivers, height_column="STOREYS")))


def test_from_the_command_line(tmp_path):
    assert "辆/小时" in fine("run", "noise_map", language="zh")
    (tmp_path / "t.csv").write_text(BUSY, "utf-8")
    said = refused(4, "run", "noise_map", "coefficients=2020", f"traffic={tmp_path / 't.csv'}", language="zh")
    assert "--city" in said
