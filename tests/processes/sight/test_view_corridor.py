"""Protected views of a made street: what pierces them, what is planned, what cannot be told, and what is kept."""

import json

import numpy as np
import pytest
import shapely

from processes.made_city import EAST, NORTH, box, city
from tulou.kernel.errors import BadInput, BadUse, NotEnoughData
from tulou.measures.form.view_corridor import Corridor
from tulou.model.geography import to_geographic
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run

ENDS = "name,view_longitude,view_latitude,landmark_longitude,landmark_latitude,width"


def degrees(east, north):
    (point,) = to_geographic(np.array([shapely.Point(EAST + east, NORTH + north)], object), "EPSG:4549")
    return f"{point.x!r},{point.y!r}"


def street(middle=30.0, **tables):
    """A viewpoint at 0, a landmark at 1000 m to the east, houses at 500 m (in the view) and beside it."""
    houses = [box(490, -5, 510, 5), box(490, 60, 510, 80), box(990, -10, 1010, 10), box(700, 20, 720, 40)]
    ids = {"id": ["middle", "beside", "landmark", "edge"], "name": ["Middle", "Beside", "Landmark", "Edge"]}
    return city(building={**ids, "height": [middle, 90.0, 60.0, 20.0], "geometry": houses}, **tables)


def table(folder, more=",threshold,side", values=",40,30", name="Hill", ends=None):
    path = folder / "views.csv"
    places = ends or f"{degrees(0, 0)},{degrees(1000, 0)}"
    path.write_text(f"{ENDS}{more}\n{name},{places},100{values}\n", "utf-8")
    return path


def ran(state, folder, path=None, **given):
    process = processes()["view_corridor"]
    return process.run(Run(process.values({"corridors": path or table(folder), **given}), state))


def figures(outcome):
    return {one.name: one.value for one in outcome.figures}


def rows(outcome, name="buildings"):
    return next(one for one in outcome.tables if one.name == name).rows


def test_what_pierces_what_stays_below_and_where(tmp_path):
    outcome = ran(street(), tmp_path)
    assert figures(outcome)["inside"] == 2
    assert figures(outcome)["piercing"] == 1
    plane = Corridor((0, 0), (1000, 0), 1.6, 40.0, 100.0)
    level = float(plane.level(np.array(490.0)))
    assert figures(outcome)["excess"] == pytest.approx(30 - level, abs=0.02)  # degrees are metres again to a centimetre
    told = {(row[1], row[3].en): row for row in rows(outcome)}
    assert told["Middle", "corridor"][7].en == "pierces"
    assert told["Middle", "corridor"][5] == pytest.approx(level, abs=0.02)
    # the house stands with its southern half in the corridor and its northern in the side
    assert {zone for name, zone in told if name == "Edge"} == {"corridor", "side"}
    assert not {name for name, _ in told} & {"Landmark", "Beside"}
    assert "landmark" in outcome.assumptions[-1].en
    assert outcome.answer[0].en.startswith("Hill: of 2 buildings in the corridor 1 pierce it (0 of them planned)")


def test_a_planned_building_is_told_apart_and_its_unknown_height_is_no_pass(tmp_path):
    features = [
        {"type": "Feature", "properties": {"height": high}, "geometry": shapely.geometry.mapping(one)}
        for one, high in ((box(300, -5, 310, 5), 40), (box(320, -5, 330, 5), 5), (box(340, -5, 350, 5), None))
    ]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4549"}}
    planned = tmp_path / "planned.geojson"
    planned.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}), "utf-8")
    outcome = ran(street(10.0), tmp_path, planned=planned)
    assert figures(outcome)["planned"] == 1
    assert figures(outcome)["unknown"] == 1
    said = {row[1]: row[7].en for row in rows(outcome) if row[2].en == "planned"}
    assert said == {"1": "pierces", "2": "stays below", "3": "cannot be told"}
    assert "planned.geojson" in outcome.sources
    kept = outcome.facts[0].rows["id"].to_pylist()
    assert kept == ["middle", "edge"], "what is planned is not on record"


def test_an_unknown_height_cannot_be_told_unless_one_is_assumed(tmp_path):
    outcome = ran(street(None), tmp_path)
    assert figures(outcome)["unknown"] == 1
    assert rows(outcome, "views")[0][5].en == "cannot be told"
    assert any("unknown_height" in one.en for one in outcome.warnings)
    facts = outcome.facts[0].rows
    by_id = dict(zip(facts["id"].to_pylist(), facts["view_pierced"].to_pylist(), strict=True))
    assert by_id["middle"] is None
    assert figures(ran(street(None), tmp_path, unknown_height=5))["unknown"] == 0


def test_levels_need_the_level_of_the_ground(tmp_path):
    path = table(tmp_path, ",view_level,threshold_level", ",71.6,51.3")
    with pytest.raises(BadUse, match="levels are stated"):
        ran(street(), tmp_path, path)
    outcome = ran(street(9.0), tmp_path, path, ground=50)
    assert rows(outcome, "views")[0][2:4] == [71.6, 51.3]
    plane = Corridor((0, 0), (1000, 0), 71.6, 51.3, 100.0)
    expected = 9 - (float(plane.level(np.array(510.0))) - 50)
    middle = next(row for row in rows(outcome) if row[1] == "Middle")
    assert middle[6] == pytest.approx(expected, abs=0.02)


def test_terrain_lifts_the_ends_and_the_houses(tmp_path):
    rasterio = pytest.importorskip("rasterio")
    hill = np.zeros((150, 350), np.float32)
    hill[:, 110:170] = 20.0  # from 340 to 580 m
    path = tmp_path / "hill.tif"
    where = {"crs": "EPSG:4549", "transform": rasterio.Affine(4, 0, EAST - 100, 0, -4, NORTH + 300)}
    with rasterio.open(path, "w", "GTiff", 350, 150, 1, dtype="float32", **where) as raster:
        raster.write(hill, 1)
    level = figures(ran(street(), tmp_path))["excess"]
    assert figures(ran(street(), tmp_path, terrain=path))["excess"] == pytest.approx(level + 20, abs=0.02)
    field = ran(street(), tmp_path, terrain=path).plots[0].values
    assert np.nanmin(field) == 0, "ground above the surface leaves nothing"
    with pytest.raises(BadUse, match="terrain or is level"):
        ran(street(), tmp_path, terrain=path, ground=3)
    away = table(tmp_path, ends=f"{degrees(-5000, 0)},{degrees(1000, 0)}")
    with pytest.raises(NotEnoughData, match="at an end"):
        ran(street(), tmp_path, away, terrain=path)


def test_several_views_leave_the_lowest_height_to_a_parcel(tmp_path):
    path = table(tmp_path)
    low = f"Low,{degrees(500, -400)},{degrees(500, 400)},100,10,0"
    path.write_text(path.read_text("utf-8") + low + "\n", "utf-8")
    land = {
        "id": ["crossing", "one", "none"],
        "geometry": [box(490, -10, 510, 10), box(200, -3, 220, 3), box(0, 300, 9, 309)],
    }
    outcome = ran(street(parcel=land), tmp_path, path)
    told = {row[0]: row[1] for row in rows(outcome, "parcels")}
    assert set(told) == {"crossing", "one"}
    assert told["crossing"] == pytest.approx(1.6 + (10 - 1.6) * 390 / 800, abs=0.05)
    facts = outcome.facts[1].rows
    assert dict(zip(facts["id"].to_pylist(), facts["view_height_allowed"].to_pylist(), strict=True)) == told
    assert np.nanmin(outcome.plots[0].values) < 3


@pytest.mark.parametrize(
    ("more", "values", "error", "what"),
    [
        ("", "", BadInput, "is not stated"),
        (",threshold,landmark_ids", ",40,nowhere", BadInput, "no such building"),
        (",threshold,side", ",40,-3", BadInput, "too small"),
    ],
)
def test_tables_that_are_none(tmp_path, more, values, error, what):
    with pytest.raises(error, match=what):
        ran(street(), tmp_path, table(tmp_path, more, values))


def test_places_that_are_none(tmp_path):
    same = table(tmp_path, ends=f"{degrees(0, 0)},{degrees(0, 0)}")
    with pytest.raises(BadUse, match="two places"):
        ran(street(), tmp_path, same)
    far = table(tmp_path, ends=f"{degrees(9000, 9000)},{degrees(9500, 9000)}")
    with pytest.raises(NotEnoughData, match="near this view"):
        ran(street(), tmp_path, far)
    outside = table(tmp_path, ends=f"{degrees(-500, 0)},{degrees(1000, 0)}")
    assert any("outside of all that is on record" in one.en for one in ran(street(), tmp_path, outside).warnings)
