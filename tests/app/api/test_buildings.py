"""Buildings as CityJSON over HTTP."""

import shutil

import pytest
from fastapi.testclient import TestClient
from tests.app.api.conftest import HOSTS
from tests.publish.test_cityjson import check_document

from tulou.app import checking
from tulou.app.api.application import application
from tulou.app.wiring import open_city


def test_bodies_with_what_is_on_record(get):
    answer = get("/cityjson", lang="en", datetime="2026-03-01")
    assert answer.headers["content-type"] == "application/city+json"
    assert "building.city.json" in answer.headers["content-disposition"]
    page = answer.json()
    check_document(page)
    first = page["CityObjects"]["b1"]
    assert first["attributes"] == {
        "name": "学校", "function": "education", "measuredHeight": 18.0, "storeysAboveGround": 6
    }  # fmt: skip
    assert [one["geometry"][0]["type"] for one in page["CityObjects"].values()] == ["Solid", "Solid", "MultiSurface"]
    assert "1 without a height on record" in page["metadata"]["title"]
    assert page["metadata"]["referenceDate"] == "2026-03-01"


def test_a_box_a_filter_and_pages(get):
    assert list(get("/cityjson", filter="height>30").json()["CityObjects"]) == ["b2"]
    west, south, *_ = get("/collections/building").json()["extent"]["spatial"]["bbox"][0]
    near = get("/cityjson", bbox=f"{west},{south},{west + 0.0002},{south + 0.0002}").json()
    assert list(near["CityObjects"]) == ["b1"]
    first = get("/cityjson", limit=2)
    assert first.headers["x-number-matched"] == "3"
    assert "offset=2" in first.headers["link"]
    rest = get("/cityjson", limit=2, offset=2).json()["CityObjects"]
    assert sorted([*first.json()["CityObjects"], *rest]) == ["b1", "b2", "b3"]
    assert get("/cityjson", offset=9).json()["CityObjects"] == {}


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 10**6}, {"bbox": "1,2"}, {"filter": "height >"}])
def test_what_is_asked_wrongly_is_refused(get, query):
    answer = get("/cityjson", **query)
    assert answer.status_code == 400
    assert answer.json()["faults"]


def test_how_each_stands_in_an_indicator(rongcheng, tmp_path):
    city = tmp_path / "r.city"
    shutil.copytree(rongcheng, city)
    checking.run(open_city(city), checking.Question(indicators=("age_friendly_need_homes",)))
    with TestClient(application({"r": city}, HOSTS)) as client:
        page = client.get("/cities/r/cityjson", params={"indicator": "age_friendly_need_homes", "limit": 20_000}).json()
        told = client.get("/cities/r/checks/newest/objects", params={"indicator": "age_friendly_need_homes"}).json()
        assert client.get("/cities/r/cityjson", params={"indicator": "nothing"}).status_code == 400
    check_document(page)
    states = {name: one["attributes"].get("state") for name, one in page["CityObjects"].items()}
    assert {name: state for name, state in states.items() if state} == dict(zip(told["id"], told["state"], strict=True))
    assert None in states.values(), "others are not asked about"
