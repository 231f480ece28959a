"""Diagnosis: what fails is found where it is, with the people it concerns, and what lacks is named."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely

from indicators.made import city_tables, state_of
from indicators.small_rulebook import small
from tulou.app.wiring import rulebook
from tulou.diagnosis.diagnose import Diagnosis, diagnose, standings
from tulou.diagnosis.findings import SCHEMA, owner_of


def found(told: Diagnosis, indicator: str) -> list[dict[str, Any]]:
    return [row for row in told.findings.to_pylist() if row["indicator"] == indicator]


def homes(**columns: list[Any]) -> dict[str, Any]:
    count = len(columns["lift"])
    places = [shapely.box(x, 1, x + 2, 3) for x in (5.0, 30.0, 60.0, 80.0)[:count]]
    ids = [f"b{number}" for number in range(count)]
    return {"id": ids, "geometry": places, "use": ["residential"] * count, "storeys": [9.0] * count, **columns}


def test_an_indicator_of_buildings_finds_each_building():
    tables = city_tables(1) | {"building": homes(lift=[False, True, False, None], residents=[40.0, 9.0, None, 7.0])}
    tables["building"]["storeys"] = [9.0] * 4
    tables["building"]["lift"] = [False, True, False, True]
    rows = found(diagnose(small(), state_of(tables)), "no_lift")
    assert [row["finding"] for row in rows] == ["no_lift/b0", "no_lift/b2"]
    assert [row["people"] for row in rows] == [40.0, None]
    assert [row["unit"] for row in rows] == ["community0", "community8"]
    assert (rows[0]["cause"], rows[0]["causes"]) == ("lacking", [{"cause": "lacking", "objects": 1}])
    assert [row["owner"] for row in rows] == ["housing", "housing"]
    assert shapely.from_wkb(rows[0]["geometry"]).within(tables["building"]["geometry"][0])


def test_an_indicator_of_units_gathers_its_objects():
    tables = city_tables(1)
    tables["parcel"] = {
        "id": ["near", "far", "farther"],
        "use": ["residential"] * 3,
        "geometry": [shapely.box(1, 45, 3, 47), shapely.box(80, 80, 82, 82), shapely.box(85, 85, 86, 86)],
    }
    rows = found(diagnose(small(), state_of(tables, complete=("green", "parcel"))), "park_cover")
    assert [(row["unit"], row["objects"], row["count"]) for row in rows] == [("community15", ["far", "farther"], 2)]
    assert rows[0]["status"] == "fail"
    assert rows[0]["size"] == pytest.approx(5.0)
    assert (rows[0]["size_unit"], rows[0]["entity"], rows[0]["owner"]) == ("m2", "parcel", "gardens")
    assert rows[0]["people"] is None
    assert shapely.from_wkb(rows[0]["geometry"]).geom_type == "MultiPoint"


def test_objects_outside_every_fine_unit_are_found_in_the_city():
    tables = city_tables(1) | {"building": homes(lift=[False, False])}
    for level in ("community", "block"):
        tables.pop(level)
    rows = found(diagnose(small(), state_of(tables)), "no_lift")
    assert {row["unit"] for row in rows} == {"city"}
    assert len(rows) == 2


def test_findings_agree_with_a_plain_count():
    tables = city_tables(11, buildings=200)
    told = diagnose(small(), state_of(tables))
    building = tables["building"]
    lacks = {
        name
        for name, use, storeys, lift in zip(
            building["id"], building["use"], building["storeys"], building["lift"], strict=True
        )
        if use == "residential" and storeys is not None and storeys >= 6 and lift is False
    }
    assert 0 < len(lacks) < 200
    failed = {
        row["unit"] for row in told.check.results.to_pylist() if row["status"] == "fail" and row["level"] == "community"
    }
    rows = found(told, "no_lift")
    assert {row["objects"][0] for row in rows} <= lacks
    assert {row["unit"] for row in rows} <= failed


def test_findings_do_not_depend_on_the_order_of_rows():
    tables = city_tables(3)
    order = np.random.default_rng(5).permutation(60)
    other = tables | {"building": {name: [values[at] for at in order] for name, values in tables["building"].items()}}
    one, two = (diagnose(small(), state_of(made)).findings for made in (tables, other))
    assert one.schema == SCHEMA
    assert one.drop_columns(["size"]).to_pylist() == two.drop_columns(["size"]).to_pylist()


def test_standings_are_counted_and_graded_by_the_rulebooks_own_table():
    made = state_of(city_tables(1) | {"building": homes(lift=[False, False])}, complete=("building",))
    told = diagnose(small(), made)
    assert [standing.dimension for standing in told.standings] == ["homes", "land"]
    assert sum(sum(standing.counts.values()) for standing in told.standings) == len(small().indicators)
    homes_standing = told.standings[0]
    assert (homes_standing.counts["pass"], homes_standing.counts["fail"]) == (1, 1)
    assert homes_standing.grade == 2.0
    bare = replace(small(), parameters={k: v for k, v in small().parameters.items() if k != "grades.share_passing"})
    assert {standing.grade for standing in standings(told.check, bare)} == {None}


def test_severity_is_what_the_rulebook_declares():
    tables = city_tables(1) | {"building": homes(lift=[True] * 4)}
    tables["building"]["storeys"] = [20.0, 19.0, 30.0, 18.0]
    tables["building"]["geometry"] = [shapely.box(x, 1, x + 2, 3) for x in (5.0, 10.0, 15.0, 35.0)]
    rows = found(diagnose(small(), state_of(tables)), "tallest")
    assert [(row["unit"], row["count"], row["size"], row["severity"]) for row in rows] == [("community0", 3, 15.0, 2.0)]


def test_what_is_missing_is_named_with_what_it_would_unlock():
    tables = city_tables(1)
    tables["building"] = homes(lift=[None, None])
    tables.pop("green")
    missing = {item.name: item for item in diagnose(small(), state_of(tables)).missing}
    assert set(missing["building.lift"].indicators) == {"lift_share", "no_lift"}
    assert missing["building.lift"].alone == missing["building.lift"].indicators
    assert missing["park"].indicators == ("park_cover",)
    assert missing["park"].reason == "no_targets"


def test_an_empty_city_has_no_findings_and_no_passes():
    told = diagnose(small(), state_of({}))
    assert told.findings.num_rows == 0
    assert set(told.check.results["status"].to_pylist()) == {"not assessed"}
    assert told.missing


def test_a_body_that_names_the_indicator_comes_before_its_dimension():
    assert owner_of(small(), small().indicators["park_cover"]).name == "gardens"
    assert owner_of(small(), small().indicators["no_lift"]).name == "housing"
    assert owner_of(small(), small().indicators["schools"]) is None


def test_people_of_failing_land_are_told_by_the_cells_in_it():
    tables = city_tables(1)
    tables["parcel"] = {"id": ["far"], "use": ["residential"], "geometry": [shapely.box(80, 80, 90, 90)]}
    tables["population"] = {
        "id": ["inside", "half", "elsewhere"],
        "residents": [30.0, 50.0, 700.0],
        "geometry": [shapely.Point(85, 85), shapely.box(88, 80, 92, 90), shapely.Point(10, 10)],
    }
    rows = found(diagnose(small(), state_of(tables)), "park_cover")
    assert [(row["people"], row["people_estimate"]) for row in rows] == [(pytest.approx(30.0 + 50.0 / 2), True)]


def test_what_an_open_list_could_turn_round_is_to_be_confirmed_on_the_same_objects():
    tables = city_tables(1)
    tables["parcel"] = {
        "id": ["near", "far"],
        "use": ["residential"] * 2,
        "geometry": [shapely.box(1, 45, 3, 47), shapely.box(80, 80, 82, 82)],
    }
    told = {
        lists: diagnose(small(), state_of(tables, complete=lists))
        for lists in ((), ("green",), ("parcel",), ("green", "parcel"))
    }
    for lists, one in told.items():
        rows = found(one, "park_cover")
        status = "fail" if lists == ("green", "parcel") else "to confirm"
        assert [(row["status"], row["objects"], row["size"]) for row in rows] == [(status, ["far"], pytest.approx(4.0))]
        results = [row for row in one.check.results.to_pylist() if row["indicator"] == "park_cover"]
        assert all((row["status"] == "fail") == (row["reason"] == "") or row["status"] != "fail" for row in results)
    assert len({found(one, "park_cover")[0]["finding"] for one in told.values()}) == 1


def test_what_is_proven_stands_before_what_is_to_be_confirmed():
    tables = city_tables(1)
    tables["building"] = homes(lift=[False, True], residents=[3.0, 3.0])
    rows = diagnose(small(), state_of(tables)).findings["status"].to_pylist()
    assert set(rows) == {"fail", "to confirm"}
    assert rows == sorted(rows)


def test_the_pieces_of_a_cluster_are_one_finding():
    """Land that hangs together is one cluster, however many communities it touches."""
    book = rulebook()
    tables = city_tables(1)
    tables["parcel"] = {
        "id": ["west", "east", "apart"],
        "built_up": [True] * 3,
        "geometry": [shapely.box(0, 0, 8e3, 8e3), shapely.box(8e3, 0, 9e3, 8e3), shapely.box(5e4, 0, 5.1e4, 1e3)],
    }
    tables["city"]["geometry"] = [shapely.box(0, 0, 6e4, 6e4)]
    told = diagnose(book, state_of(tables, complete=("parcel",)), indicators=["cluster_size"])
    rows = found(told, "cluster_size")
    assert [(row["finding"], row["objects"], row["level"]) for row in rows] == [
        ("cluster_size/city", ["west", "east"], "city")
    ]
