"""The climate memo of towers in made towns, by hand and beside the city without them."""

import json
import re

import numpy as np
import pytest
import shapely

from app.line import fine, refused
from processes.climate.towns import blocks, north_wind, town
from processes.made_city import box, city
from shared_data import shared
from tulou.kernel.errors import BadInput
from tulou.measures.climate.wind_profile import log_law
from tulou.model.geography import to_geographic
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run


def project(folder, *features):
    """A project file: each feature a shape in metres and its properties."""
    path = folder / "project.geojson"
    made = []
    for shape, properties in features:
        lonlat = to_geographic(np.array([shape], object), "EPSG:4549")[0]
        made.append({"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(lonlat))})
    path.write_text(json.dumps({"type": "FeatureCollection", "features": made}), "utf-8")
    return path


def tower(west, south, east, north, **more):
    return box(west, south, east, north), {"use": "office", "height": 60, **more}


def ran(state, folder, *features, **given):
    process = processes()["climate_memo"]
    given = {"project": project(folder, *features), "record": north_wind(folder), **given}
    return process.run(Run(process.values(given), state))


def figures(outcome):
    return {one.name: one.value for one in outcome.figures}


def rows(outcome, name):
    found = next(one for one in outcome.tables if one.name == name)
    return [dict(zip([column.name for column in found.columns], row, strict=True)) for row in found.rows]


def test_a_slab_across_the_avenue_blocks_the_corridor(tmp_path):
    outcome = ran(town(avenue=(14, 15)), tmp_path, tower(1405, 1535, 1595, 1565))
    # It stands wholly in two cells, in front of nothing: 190 m of wall 60 m high face the north.
    assert figures(outcome)["cells"] == 2
    assert figures(outcome)["walls"] == pytest.approx(190 * 60, rel=1e-6)
    first = rows(outcome, "corridors")[0]
    assert (first["narrowest_before"], first["narrowest_after"]) == (200, 0)
    assert first["longest_after"] < first["longest_before"] / 1.5
    assert figures(outcome)["cost"] > 0
    assert figures(outcome)["wind_here"] < figures(outcome)["wind"] < 0
    # Of 3 km a tenth may be narrow: blocked in one place it keeps its level.
    assert (figures(outcome)["broken"], figures(outcome)["lost"]) == (1, 0)


def test_four_slabs_cost_it_its_level(tmp_path):
    slabs = [tower(1405, 100 * row + 35, 1595, 100 * row + 65) for row in (5, 10, 15, 20)]
    outcome = ran(town(avenue=(14, 15)), tmp_path, *slabs)
    assert figures(outcome)["lost"] == 1
    first = rows(outcome, "corridors")[0]
    assert (first["before"].en, first["after"].en) == ("secondary corridor", "candidate")


def test_means_before_and_after_are_those_of_the_cells_touched(tmp_path):
    outcome = ran(town(avenue=(14, 15)), tmp_path, tower(1405, 1535, 1595, 1565))
    lines = {row["what"].en.split(",")[0]: row for row in rows(outcome, "beside")}
    assert lines["Ground built on λp"]["before"] == 0
    assert lines["Ground built on λp"]["after"] == pytest.approx(190 * 30 / 20_000)
    assert lines["Frontal area index λf"]["after"] == pytest.approx(190 * 60 / 20_000)
    wind = lines["Wind at people's height over that far above"]
    assert wind["before"] == pytest.approx(float(log_law(1.5, 0.03, 0.0, reference=1000)))
    classes = rows(outcome, "classes")
    assert sum(row["change"] for row in classes) == pytest.approx(0, abs=1e-9)
    assert classes[-1]["change"] == 2.0
    assert classes[0]["before"] > 40


def test_a_building_taken_away_opens_the_way(tmp_path):
    slab = box(1405, 1535, 1595, 1565)
    state = town(avenue=(14, 15), more=[(slab, 60.0)])
    feature = (slab.centroid, {"action": "remove", "entity": "building", "id": "b840"})
    outcome = ran(state, tmp_path, feature)
    assert figures(outcome)["walls"] == pytest.approx(-190 * 60, rel=1e-6)
    assert figures(outcome)["cost"] < 0
    assert figures(outcome)["wind"] > 0
    assert figures(outcome)["lost"] == 0


def test_a_tower_of_unknown_height_is_not_assessed(tmp_path):
    shape, _ = tower(1405, 1535, 1595, 1565)
    outcome = ran(town(avenue=(14, 15)), tmp_path, (shape, {"use": "office"}))
    assert "1 buildings of the project have neither height nor storeys" in " ".join(w.en for w in outcome.warnings)
    assert np.isnan(figures(outcome)["wind"])
    assert np.isnan(figures(outcome)["walls"])
    assert "not assessed" in outcome.answer[0].en


def test_a_single_high_tower_is_told_to_be_beyond_the_formulas(tmp_path):
    state = town(across=10, up=10, avenue=(5,))
    low = ran(state, tmp_path, tower(530, 530, 570, 570, height=9))
    shed = tower(505, 505, 545, 595, height=4)
    high = ran(state, tmp_path, shed, tower(560, 510, 590, 590, height=200))
    said = [" ".join(w.en for w in outcome.warnings) for outcome in (low, high)]
    assert ["beyond what the formulas" in one for one in said] == [False, True]


def test_what_is_no_building_is_refused(tmp_path):
    state = city(building=blocks(6, 6))
    where = box(240, 240, 260, 260).centroid
    with pytest.raises(BadInput, match="changes no building"):
        ran(state, tmp_path, (where, {"category": "clinic"}))
    with pytest.raises(BadInput, match="stands here"):
        ran(state, tmp_path, tower(110, 110, 190, 190))


@pytest.mark.slow
def test_corridors_kept_and_judged_and_a_project_refused_from_the_command_line(tmp_path):
    fine("demo", "rongcheng", "--to", tmp_path, "--no-open")
    given = (f"record={shared('weather_tmy3') / '723170TYA.CSV'}", "--city", tmp_path / "rongcheng.city")
    assert "facts kept" in fine("run", "wind_corridors", *given, "--keep", "--who", "tests")
    name = "ventilation_corridor_compliance"
    fine("check", tmp_path / "rongcheng.city", "--indicator", name)
    why = fine("explain", tmp_path / "rongcheng.city", name)
    assert "flagged_share" in why
    assert 0 < float(re.search(r": ([0-9.]+) percent", why)[1]) < 100
    far = project(tmp_path, (box(10_010, 10_010, 10_020, 10_020), {"use": "office", "height": 60}))
    assert "城市之外" in refused(3, "run", "climate_memo", *given, f"project={far}", language="zh")
