"""Fragments: Lujiazui and Wuhan from tiles that cut buildings, Delft from CityJSON."""

import json
import math

import pytest
import shapely
import shapely.geometry

from shared_data import shared
from trials.chain import checked, city_of, figures, mapped
from tulou.app.intake import Intake

pytestmark = pytest.mark.slow


def footprint(name):
    """Ground that the building polygons of a tile file cover, degrees squared, pieces dissolved."""
    chosen = [
        shapely.geometry.shape(feature["geometry"])
        for feature in json.loads(shared(name).read_text("utf-8"))["features"]
        if feature["properties"]["layer"] == "buildings"
        and feature["properties"].get("kind") in {"building", "building_part"}
        and feature["geometry"]["type"] in {"Polygon", "MultiPolygon"}
    ]
    return shapely.area(shapely.union_all(shapely.make_valid(chosen)))


@pytest.mark.parametrize(
    ("file", "mapping"), [("lujiazui_osm_tiles", "tiles"), ("wuhan_guanggu_osm_tiles", "tiles_streets")]
)
def test_buildings_cut_by_tiles_are_whole_again(tmp_path, file, mapping):
    name = f"cn_shanghai_lujiazui/{file}.geojson"
    city, told = city_of(tmp_path / "city", file, [(shared(name), mapped(mapping))])
    assert told[0][0] == told[0][1] + told[0][2] + told[0][3]
    kept = checked(city)
    rows = kept.state.rows("building")
    assert len(set(rows.ids)) == len(rows)
    shapes = rows.shapes[shapely.get_dimensions(rows.shapes) > 1]
    ground = shapely.area(shapely.union_all(shapely.make_valid(shapes)))
    lat = 31.2 if "lujiazui" in file else 30.5
    degree = math.pi / 180 * 6_371_009
    assert ground == pytest.approx(footprint(name) * degree**2 * math.cos(math.radians(lat)), rel=0.01)
    density = figures(kept)["population_density", ""]
    assert density["status"] in {"reference", "not assessed"}


def test_delft(tmp_path):
    city, told = city_of(tmp_path / "city", "Delft", [(shared("cityjson/delft.json"), Intake())])
    assert told[0][:2] == (160, 160)
    kept = checked(city)
    density = figures(kept)["population_density", ""]
    assert density["status"] == "reference"
    assert density["estimate"]
    assert density["low"] == 0  # no use is on record: nobody may live there
    assert density["high"] > density["value"]
