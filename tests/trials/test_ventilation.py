"""Ventilation of real towers: Lujiazui, whose widest corridor is the Huangpu, and what its highest tower costs."""

import json

import numpy as np
import pytest
import shapely

from processes.climate.towns import north_wind
from shared_data import shared
from trials.chain import city_of, mapped
from tulou.app.wiring import last_day
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run

pytestmark = pytest.mark.slow
FILE = "cn_shanghai_lujiazui/lujiazui_osm_tiles.geojson"


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    city, _ = city_of(tmp_path_factory.mktemp("lujiazui") / "city", "Lujiazui", [(shared(FILE), mapped("tiles"))])
    return city.state(valid=last_day(city))


def ran(name, state, **given):
    process = processes()[name]
    return process.run(Run(process.values(given), state))


def test_the_widest_corridor_is_the_river(state, tmp_path):
    outcome = ran("wind_corridors", state, record=north_wind(tmp_path, 15.0), unknown_height=20)
    table = outcome.facts[0].rows.to_pydict()
    lines = shapely.from_wkb(table["geometry"])
    best = max(range(len(lines)), key=lambda one: table["clear_width"][one] * table["adequate"][one])
    assert table["adequate"][best]
    assert table["clear_width"][best] > 300
    # The river runs between the Bund (121.490 E) and the Oriental Pearl Tower (121.4997 E).
    lon = shapely.get_x(shapely.line_interpolate_point(lines[best], np.linspace(0, 1, 200), normalized=True))
    assert ((lon > 121.489) & (lon < 121.5)).mean() > 0.8


def test_without_shanghai_tower_the_wind_is_stronger_there(state, tmp_path):
    rows = state.rows("building")
    tall = str(rows.ids[np.nanargmax(np.where(rows.texts("name") == "上海中心大厦", rows.numbers("height"), np.nan))])
    project = {
        "type": "Feature",
        "properties": {"action": "remove", "entity": "building", "id": tall},
        "geometry": None,
    }
    (tmp_path / "away.geojson").write_text(json.dumps(project), "utf-8")
    given = {"record": north_wind(tmp_path, 15.0), "unknown_height": 20, "project": tmp_path / "away.geojson"}
    figures = {one.name: one.value for one in ran("climate_memo", state, **given).figures}
    assert figures["walls"] < -10_000
    assert figures["wind_here"] > figures["wind"] > 0
