"""Wuxi Xinwu: the layers of a Chinese district as a research group keeps them."""

import numpy as np
import pyogrio
import pytest
import shapely

from shared_data import shared
from trials.chain import assessed, checked, city_of, figures, mapped

pytestmark = pytest.mark.slow
FOLDER = "cn_wuxi_xinwu/xinwu_"
LAYERS = {
    "land_use": "xinwu_land_use",
    "road_centerlines": "xinwu_roads",
    "bus_network": "xinwu_stops",
    "subway_stations": "xinwu_metro",
    "water_osm": "xinwu_water",
}


def raw(name, layer=None):
    meta, table = pyogrio.raw.read_arrow(shared(f"{FOLDER}{name}.gpkg"), layer=layer)
    return table, shapely.from_wkb(table[meta["geometry_name"]].to_numpy(zero_copy_only=False))


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    imports = [(shared(f"{FOLDER}{file}.gpkg"), mapped(mapping)) for file, mapping in LAYERS.items()]
    city, told = city_of(tmp_path_factory.mktemp("wuxi") / "city", "Wuxi Xinwu", imports)
    assert told == [(2033, 2033, 0, 0), (5835, 5835, 0, 0), (1733, 1733, 15, 0), (13, 13, 0, 0), (87, 87, 0, 0)]
    return checked(city)


def test_classes_of_land_use_are_those_of_the_named_areas(kept):
    """The 250 m grid of the same source names what the numbers mean, and its sums agree to 1 percent."""
    table, _ = raw("built_env_250m", "built_env_250m")
    parcels = kept.state.rows("parcel")
    area, use = shapely.area(parcels.shapes), parcels.texts("use")
    named = {"residential": "area_residential_m2", "education": "area_education_m2", "industrial": "area_industrial_m2"}
    for ours, theirs in named.items():
        assert area[use == ours].sum() == pytest.approx(sum(table[theirs].to_pylist()), rel=0.01), ours
    trade = sum(table["area_commercial_m2"].to_pylist()) + sum(table["area_office_m2"].to_pylist())
    assert area[use == "commercial"].sum() == pytest.approx(trade, rel=0.01)


def test_bus_stop_cover_by_plain_shapely(kept):
    table, land = raw("land_use")
    _, stops = raw("bus_network", "stops")
    built = land[np.array(table["Class"].to_pylist()) != 10]
    reached = shapely.union_all(shapely.buffer(stops, 500, quad_segs=32))
    share = shapely.area(shapely.intersection(built, reached)).sum() / shapely.area(built).sum() * 100
    row = figures(kept)["bus_stop_cover", ""]
    assert row["value"] == pytest.approx(share, abs=0.2)
    assert (row["status"], row["reason"]) == ("reference", "fail_open"), "nobody claims to know every stop"


def test_metro_stations_are_thirteen(kept):
    stops = kept.state.rows("stop")
    assert (stops.texts("mode") == "metro").sum() == 13


def test_nobody_lives_where_nothing_tells(kept):
    assert len(kept.state.rows("population")) == 0
    assert figures(kept)["population_density", ""]["status"] == "not assessed"


def test_enough_is_assessed(kept):
    assert assessed(kept) >= 8
