"""Whom flooded nodes reach, on a made city whose answer can be counted."""

import numpy as np
import pytest
import shapely

from processes.drainage.models import FORMULA, STREET, street
from processes.made_city import EAST, NORTH, box, city
from tulou.kernel.errors import BadInput, BadUse
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run
from tulou.processes.drainage.exposure import geographic, reached, reproduced

SQUARES = [box(0, 0, 20, 20), box(60, 0, 80, 20), box(300, 0, 320, 20)]


def made(**more):
    tables = {
        "building": {"id": ["b1", "b2", "b3"], "geometry": SQUARES},
        "population": {
            "id": ["p1", "p2", "p3"],
            "residents": [10.0, 20.0, 40.0],
            "residents_low": [5.0, None, 30.0],
            "residents_high": [15.0, 25.0, 50.0],
            "geometry": [shapely.Point(square.centroid) for square in SQUARES],
        },
        "community": {
            "id": ["c1", "c2"],
            "name": ["West", None],
            "geometry": [box(-50, -50, 100, 100), box(200, -50, 400, 100)],
        },
    }
    return city(**{**tables, **more})


def lonlat(*places):
    known = {str(at): (EAST + x, NORTH + y) for at, (x, y) in enumerate(places)}
    return list(geographic(known, "EPSG:4549", "made").values())


def test_buildings_and_people_near_are_counted_once():
    found = reached(made(), lonlat((25, 10), (55, 10)), np.array([3.0, 4.0]), near=50)
    assert (found.buildings, found.people, found.low, found.high) == (2, 30, 5 + 20, 40)
    assert [(one.name, one.nodes, one.volume) for one in found.units] == [("West", 2, 7.0)]
    assert found.outside == 0


def test_units_are_told_by_their_water_and_what_lies_outside_too():
    found = reached(made(), lonlat((10, 10), (310, 10), (150, 10)), np.array([1.0, 5.0, 2.0]), near=5)
    assert [(one.name, one.volume) for one in found.units] == [("c2", 5.0), ("West", 1.0)]
    assert found.outside == 1
    assert found.buildings == 2


def test_what_a_city_does_not_know_stays_unknown():
    found = reached(city(), lonlat((10, 10)), np.array([1.0]), near=50)
    assert found.buildings is None
    assert found.people != found.people
    assert found.units == ()
    assert found.outside == 1
    nobody = reached(made(), [], np.empty(0), near=50)
    assert (nobody.buildings, nobody.people, nobody.units) == (0, 0.0, ())


def in_city(folder):
    text = STREET
    for old, new in (
        ("500000 2880000", (10, 10)),
        ("500100 2880000", (70, 10)),
        ("500200 2880000", (310, 10)),
        ("500400 2880000", (600, 10)),
    ):
        text = text.replace(old, f"{EAST + new[0]} {NORTH + new[1]}")
    return street(folder, text)


def test_the_check_tells_whom_it_reaches(tmp_path):
    process = processes()["drainage_check"]
    given = {"model": in_city(tmp_path), **FORMULA, "periods": "50", "datum": "EPSG:4549", "near": 30}
    outcome = process.run(Run(process.values(given), made()))
    flooded = next(one for one in outcome.tables if one.name == "nodes").rows
    people = {"A": 10, "B": 20, "C": 40}
    figure = next(one for one in outcome.figures if one.name == "people")
    assert figure.value == sum(people[row[0]] for row in flooded)
    assert any("buildings stand near" in one.en for one in outcome.answer)
    units = next(one for one in outcome.tables if one.name == "units").rows
    assert sum(row[1] for row in units) == len(flooded)
    assert sum(row[2] for row in units) == pytest.approx(sum(row[2] for row in flooded))


def test_in_a_city_the_datum_must_be_stated(tmp_path):
    process = processes()["drainage_check"]
    with pytest.raises(BadUse, match="datum of the model must be stated"):
        process.run(Run(process.values({"model": in_city(tmp_path)}), made()))


def test_a_datum_that_puts_the_model_elsewhere_is_refused(tmp_path):
    process = processes()["drainage_check"]
    # The next zone but one: within what the system is made for, but two degrees away.
    given = {"model": in_city(tmp_path), "datum": "EPSG:4548"}
    with pytest.raises(BadInput, match="does not lie in this city"):
        process.run(Run(process.values(given), made()))
    with pytest.raises(BadInput, match="datum does not fit"):
        geographic({"A": (3443.0, 5294.0)}, "EPSG:4549", "theta")


def test_observed_points_are_reproduced_or_missed(tmp_path):
    points = {
        "id": ["o1", "o2"],
        "geometry": [shapely.Point(EAST + 320, NORTH + 10), shapely.Point(EAST + 5000, NORTH)],
    }
    process = processes()["drainage_check"]
    given = {"model": in_city(tmp_path), **FORMULA, "periods": "50", "datum": "EPSG:4549", "near": 30}
    outcome = process.run(Run(process.values(given), made(ponding_point=points)))
    assert next(one for one in outcome.figures if one.name == "reproduced").value == 50
    assert any("reproduces 1" in one.en for one in outcome.answer)
    assert reproduced(made(), lonlat((10, 10)), near=30) is None
    assert reproduced(made(ponding_point=points), [], near=30) == (0, 2)


def test_shallow_water_reproduces_nothing(tmp_path):
    points = {"id": ["o1"], "geometry": [shapely.Point(EAST + 310, NORTH + 10)]}
    process = processes()["drainage_check"]
    given = {"model": in_city(tmp_path), **FORMULA, "periods": "50", "datum": "EPSG:4549", "ponding_area": 100_000}
    outcome = process.run(Run(process.values(given), made(ponding_point=points)))
    assert next(one for one in outcome.figures if one.name == "flooded_nodes").value > 0
    assert next(one for one in outcome.figures if one.name == "reproduced").value == 0
