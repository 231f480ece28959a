"""Corridors of made towns by hand, of towns whose heights are unknown, and of the synthetic city."""

import json

import numpy as np
import pytest
import shapely

from processes.climate.towns import blocks, north_wind, town
from processes.made_city import EAST, NORTH, box, city
from tulou.kernel.errors import BadInput, BadUse, NotEnoughData
from tulou.model.geography import to_geographic
from tulou.processes.catalogue import processes
from tulou.processes.climate.report import widths_across
from tulou.processes.climate.rules import rules
from tulou.processes.declaration import Run


def ran(state, record, **given):
    process = processes()["wind_corridors"]
    return process.run(Run(process.values({"record": record, **given}), state))


def figures(outcome):
    return {one.name: one.value for one in outcome.figures}


def rows(outcome, name):
    found = next(one for one in outcome.tables if one.name == name)
    return [dict(zip([column.name for column in found.columns], row, strict=True)) for row in found.rows]


def test_an_avenue_along_the_wind_is_a_corridor(tmp_path):
    outcome = ran(town(avenue=(14, 15)), north_wind(tmp_path))
    assert figures(outcome)["secondary"] == 1
    first = rows(outcome, "corridors")[0]
    assert first["level"].en == "secondary corridor"
    assert first["width"] == 200
    assert first["angle"] < 5
    assert 2500 <= first["length"] <= 3100
    assert first["narrow"] == 0
    assert first["longest"] == pytest.approx(first["length"])
    assert first["ways"] > 10
    assert first["from"].zh == "北"


def test_a_wide_and_long_avenue_is_a_main_corridor(tmp_path):
    outcome = ran(town(across=40, up=56, avenue=range(17, 23)), north_wind(tmp_path))
    assert figures(outcome)["main"] >= 1
    assert rows(outcome, "corridors")[0]["width"] == pytest.approx(600, abs=60)


def test_an_avenue_across_the_wind_is_none(tmp_path):
    outcome = ran(town(avenue=(14, 15)), north_wind(tmp_path, 90.0))
    assert figures(outcome)["main"] == figures(outcome)["secondary"] == 0


def test_a_tower_in_the_avenue_breaks_it_and_is_named(tmp_path):
    slab = box(1405, 1505, 1595, 1595)
    outcome = ran(town(avenue=(14, 15), more=[(slab, 100.0)]), north_wind(tmp_path))
    named = rows(outcome, "blocking")
    assert named[0]["front"] == pytest.approx(190 * 100)
    assert named[0]["building"] == "b840"
    along = rows(outcome, "corridors")
    assert max(one["longest"] for one in along) < 2000


def test_facts_lie_in_the_avenue(tmp_path):
    outcome = ran(town(avenue=(14, 15)), north_wind(tmp_path))
    table = outcome.facts[0].rows
    assert outcome.facts[0].entity == "ventilation_corridor"
    assert table["adequate"].to_pylist()[0] is True
    assert table["category"].to_pylist()[0] == "secondary"
    line = shapely.from_wkb(table["geometry"].to_pylist()[0])
    assert 110 < line.centroid.x < 125
    assert table["clear_width"].to_pylist()[0] == 200


def drawn(folder, *lines):
    made = to_geographic(np.array([shapely.LineString(line) for line in lines], object), "EPSG:4549")
    features = [{"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(one))} for one in made]
    path = folder / "planned.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


def test_planned_corridors_are_judged_in_place_of_those_found(tmp_path):
    state, record = town(avenue=(14, 15)), north_wind(tmp_path)
    along = [(EAST + 1500, NORTH + 5000), (EAST + 1500, NORTH - 2000)]
    through = [(EAST + 550, NORTH + 50), (EAST + 550, NORTH + 2950)]
    across = [(EAST + 50, NORTH + 1510), (EAST + 2950, NORTH + 1510)]
    outcome = ran(state, record, planned=drawn(tmp_path, along, through, across))
    first, second, third = rows(outcome, "corridors")
    # The part in the city counts: 3 km of the first.
    assert first["length"] == pytest.approx(3000, rel=1e-4)
    assert (first["level"].en, first["width"]) == ("secondary corridor", 200)
    assert (second["level"].en, second["narrow"]) == ("candidate", 100)
    assert third["angle"] == pytest.approx(90, abs=0.1)
    assert outcome.facts[0].rows["adequate"].to_pylist() == [True, False, False]
    assert figures(outcome)["adequate"] == pytest.approx(100 * 3000 / 8800, rel=1e-3)
    assert len(outcome.sources) == 2


def test_a_plan_elsewhere_is_refused(tmp_path):
    far = [(EAST + 50_000, NORTH), (EAST + 60_000, NORTH)]
    with pytest.raises(BadInput, match="no planned corridor"):
        ran(town(across=5, up=5), north_wind(tmp_path), planned=drawn(tmp_path, far))


def test_unknown_heights_are_unknown_until_assumed(tmp_path):
    buildings = blocks(across=12, up=12, avenue=(6,))
    buildings["height"][40:60] = [None] * 20
    state, record = city(building=buildings), north_wind(tmp_path)
    outcome = ran(state, record)
    assert figures(outcome)["unknown"] == pytest.approx(100 * 20 / 144, abs=2)
    assert "20 have neither height nor storeys" in " ".join(one.en for one in outcome.warnings)
    whole = ran(state, record, unknown_height="30 m")
    assert figures(whole)["unknown"] == 0
    assert "20 buildings of unknown height are taken as 30 m" in " ".join(one.en for one in whole.assumptions)
    buildings["storeys"] = [10.0] * len(buildings["height"])
    counted = ran(city(building=buildings), record)
    assert figures(counted)["unknown"] == 0
    assert "20 buildings have no height: storeys times 3 m" in " ".join(one.en for one in counted.assumptions)
    assert figures(counted)["closed"] == figures(whole)["closed"]


def test_all_heights_unknown_leave_nothing_to_tell(tmp_path):
    buildings = blocks(across=6, up=6)
    del buildings["height"]
    outcome = ran(city(building=buildings), north_wind(tmp_path))
    assert rows(outcome, "corridors") == []
    assert figures(outcome)["unknown"] == 100
    assert np.isnan(figures(outcome)["adequate"])
    assert "no way leads across" in " ".join(one.en for one in outcome.warnings)


def test_a_city_without_buildings_is_refused(tmp_path):
    record = north_wind(tmp_path)
    with pytest.raises(NotEnoughData, match="no building"):
        ran(city(building={"id": ["b"], "geometry": [None], "height": [3.0]}), record)
    with pytest.raises(NotEnoughData, match="no building"):
        ran(city(building={**blocks(2, 2), "demolished": [True] * 4}), record)
    with pytest.raises(BadUse, match="runs on a city"):
        ran(None, record)
    with pytest.raises(BadUse, match="out of bounds"):
        ran(town(across=3, up=3), record, cell="5 m")


def test_two_runs_tell_the_same(tmp_path):
    record = north_wind(tmp_path, 30.0)
    first, second = (ran(town(across=15, up=15, avenue=(7,)), record) for _ in range(2))
    assert first.tables == second.tables
    assert first.facts[0].rows.equals(second.facts[0].rows)


def test_how_wide_shapes_stand_across_a_wind():
    shape = np.array([shapely.box(EAST, NORTH, EAST + 20, NORTH + 10)], object)
    assert widths_across(shape, 0.0)[0] == pytest.approx(20)
    assert widths_across(shape, 90.0)[0] == pytest.approx(10)
    assert widths_across(shape, 45.0)[0] == pytest.approx(30 / np.sqrt(2))


def test_the_rules_are_marked():
    held = rules()
    assert [level.width for level in held.levels] == [500, 80]
    assert held.light_wind == (0.3, 3.3)
    assert held.roughness == (0.5, 1.0)
