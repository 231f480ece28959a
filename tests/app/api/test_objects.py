"""Objects behind an indicator, column by column."""

import shutil

import pytest
from fastapi.testclient import TestClient
from tests.app.api.conftest import HOSTS

from tulou.app import checking
from tulou.app.api.application import application
from tulou.app.wiring import open_city
from tulou.indicators.evaluate.explain import explain


@pytest.fixture(scope="module")
def kept(rongcheng, tmp_path_factory):
    city = tmp_path_factory.mktemp("objects") / "rongcheng.city"
    shutil.copytree(rongcheng, city)
    asked = ("gas_hazard_homes", "bike_charging_gap", "inspections_overdue")
    return checking.run(open_city(city), checking.Question(indicators=asked))


@pytest.fixture(scope="module")
def get(kept):
    with TestClient(application({"r": kept.folder.parent.parent}, HOSTS)) as client:
        yield lambda **query: client.get("/cities/r/checks/newest/objects", params=query)


def test_as_many_fail_as_the_figure_counts(get, kept):
    found = get(indicator="gas_hazard_homes", lang="en").json()
    assert found["entity"] == "building"
    assert found["matched"] == len(found["id"]) == len(found["part"]) == len(found["state"]) == len(set(found["id"]))
    whole = explain(kept.check, "gas_hazard_homes", checking.city_unit(kept), top=500)
    assert found["state"].count("fails") == whole.result["value"]
    named = {one.id for one in whole.objects if one.fails}
    assert {one for one, state in zip(found["id"], found["state"], strict=True) if state == "fails"} == named


def test_unknown_is_neither_failing_nor_fine(get):
    found = get(indicator="inspections_overdue").json()
    states = set(zip(found["part"], found["state"], strict=True))
    assert (None, "unknown") in states
    assert not {(None, "fails"), (None, "fine")} & states


def test_a_part_of_them(get):
    whole = get(indicator="bike_charging_gap").json()
    part = get(indicator="bike_charging_gap", limit=3, offset=2).json()
    assert part["id"] == whole["id"][2:5]
    assert part["matched"] == whole["matched"]
    assert get(indicator="bike_charging_gap", limit=3, offset=10**8).json()["id"] == []


@pytest.mark.parametrize(
    ("query", "status"),
    [({"indicator": "no_such"}, 400), ({}, 400), ({"indicator": "bike_charging_gap", "limit": 10**7}, 400),
     ({"indicator": "bike_charging_gap", "variant": "none"}, 400)],
)  # fmt: skip
def test_what_is_not_there_is_refused(get, query, status):
    answer = get(**query)
    assert answer.status_code == status
    assert answer.json()["faults"]
