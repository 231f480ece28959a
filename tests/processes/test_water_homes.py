"""Homes of a made city beside a model of its water network."""

import numpy as np
import pytest
import shapely

from processes.made_city import EAST, NORTH, box, city
from tulou.kernel.errors import BadInput, NotEnoughData
from tulou.measures.water.supply.service_head import service_head
from tulou.model.geography import to_geographic, to_metric
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run

pytest.importorskip("wntr")
# A at 30 m of pressure, B on a hill at 12.5 m, D takes no water.
MODEL = """[JUNCTIONS]
 A 20 0.001
 B 37.5 0.001
 D 49 0
[RESERVOIRS]
 R 50
[PIPES]
 RA R A 10 500 130 0 Open
 AB A B 10 500 130 0 Open
 BD B D 10 500 130 0 Open
[OPTIONS]
 Units LPS
[COORDINATES]
 A {a[0]:.3f} {a[1]:.3f}
 B {b[0]:.3f} {b[1]:.3f}
 D {d[0]:.3f} {d[1]:.3f}
 R 0 0
[END]
"""
BUILDINGS = {
    "id": ["a2", "a6", "a7", "b2", "b3", "b0", "far", "shop"],
    "use": [
        "residential",
        "mixed",
        "residential",
        "residential",
        "residential",
        "residential",
        "residential",
        "commercial",
    ],
    "storeys": [2.0, 6.0, 7.0, 2.0, 3.0, None, 2.0, 2.0],
    "residents": [10.0, 60.0, 70.0, 20.0, 30.0, None, 5.0, None],
    "geometry": [
        *(box(20 * place, 0, 20 * place + 9, 9) for place in range(3)),
        *(box(1000 + 20 * place, 0, 1009 + 20 * place, 9) for place in range(3)),
        box(5000, 0, 5009, 9),
        box(10, 20, 19, 29),
    ],
}


def ran(folder, system=None, buildings=BUILDINGS, **given):
    places = np.array([[0.0, 0], [1000, 0], [1005, 5]]) + np.array([EAST, NORTH])
    if system is not None:
        moved = to_metric(to_geographic(shapely.points(places), "EPSG:4549"), system)
        places, given["crs"] = shapely.get_coordinates(moved), system
    path = folder / "net.inp"
    path.write_text(MODEL.format(a=places[0], b=places[1], d=places[2]), "utf-8")
    process = processes()["water_network"]
    return process.run(Run(process.values({"network": path, "pressure": 10, **given}), city(building=buildings)))


def test_each_home_is_judged_by_its_storeys_and_nearest_junction_with_users(tmp_path):
    outcome = ran(tmp_path)
    told = {row["id"]: row["water_pressure_fails"] for row in outcome.facts[0].rows.to_pylist()}
    # A has 30 m: enough for six storeys (28 m). B has 12.5 m: enough for two, not for three (16 m).
    assert told == {"a2": False, "a6": False, "b2": False, "b3": True}
    assert {one.name: one.value for one in outcome.figures}["homes_low"] == 1
    assert "Of 4 homes" in outcome.answer[-1].en
    assert "30 people" in outcome.answer[-1].en
    assert any("3 homes of more than 6 storeys" in one.en for one in outcome.assumptions)


def test_a_model_in_another_system_is_moved(tmp_path):
    here, there = ran(tmp_path), ran(tmp_path, "EPSG:32650")
    assert there.facts[0].rows.equals(here.facts[0].rows)
    assert ran(tmp_path, "EPSG:4549").facts[0].rows.equals(here.facts[0].rows)


def test_a_wrong_system_is_told(tmp_path):
    with pytest.raises(NotEnoughData, match="no home lies near"):
        ran(tmp_path, crs="EPSG:4530")
    with pytest.raises(BadInput, match="coordinate system"):
        ran(tmp_path, crs="EPSG:0")
    with pytest.raises(NotEnoughData, match="no home lies near"):
        ran(tmp_path, buildings={"id": [], "geometry": []})


def test_without_a_city_nothing_is_told_of_homes(tmp_path):
    ran(tmp_path)
    process = processes()["water_network"]
    outcome = process.run(Run(process.values({"network": tmp_path / "net.inp", "pressure": 10})))
    assert not outcome.facts
    assert "homes_low" not in {one.name for one in outcome.figures}


def test_heads_of_the_standard():
    assert service_head(np.array([1.0, 2, 3, 6, 2.4]), 10, 12, 4).tolist() == [10, 12, 16, 28, 16]
    assert np.isnan(service_head(np.array([np.nan, 0.0]), 10, 12, 4)).all()
