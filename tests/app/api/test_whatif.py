"""Projects tried over HTTP: what the command line says, told within seconds; mistakes; kept on a branch by a name."""

import json
import shutil
import time

import pytest
from fastapi.testclient import TestClient
from tests.app.api.conftest import HOSTS

from tulou.app.api.application import application
from tulou.app.checking import Question, state_of
from tulou.app.whatif import Ground, Trial, try_project
from tulou.app.whatif_demo import example_projects
from tulou.app.whatif_grounds import Grounds
from tulou.app.wiring import open_city, rulebook
from tulou.kernel.errors import Conflict
from tulou.publish.whatif.machine import trial_document

FEW = ["primary_school_walk", "circle_10", "population_density", "health_walk"]
PATIENCE = 120


@pytest.fixture(scope="module")
def city(rongcheng, tmp_path_factory):
    place = tmp_path_factory.mktemp("tried") / "r.city"
    shutil.copytree(rongcheng, place)
    return place


@pytest.fixture(scope="module")
def examples(city):
    return example_projects(state_of(open_city(city), Question()))


@pytest.fixture(scope="module")
def client(city):
    with TestClient(application({"r": city}, HOSTS)) as found:
        began = time.monotonic()
        while found.get("/cities/r/whatif").json()["readiness"] != "ready":
            assert time.monotonic() - began < PATIENCE
            time.sleep(0.2)
        yield found


@pytest.fixture
def trying(client):
    return lambda project, **more: client.post("/cities/r/whatif?lang=en", json={"project": project, **more})


def test_it_says_what_the_command_line_says(trying, examples, city, tmp_path):
    file = tmp_path / "project.geojson"
    file.write_text(json.dumps(examples["close-school"], ensure_ascii=False))
    own = trial_document(try_project(city, Trial([file], Question())))
    found = trying(examples["close-school"], most=2000).json()
    for part in ("counts", "flips", "moves", "findings", "fails_anew", "not_assessed"):
        assert found[part] == json.loads(json.dumps(own[part])), part
    assert found["kept"] is None
    assert found["edits"][0].startswith("close Facility")
    assert "values move" in found["says"]


def test_another_drawing_is_answered_from_what_is_remembered(trying, examples):
    trying(examples["new-homes"])
    project = json.loads(json.dumps(examples["new-homes"]))
    project["features"][0]["properties"]["storeys"] = 7
    answer = trying(project)
    assert answer.status_code == 200
    assert answer.json()["edits"]


def test_nothing_is_committed_unless_asked(trying, examples, city):
    before = [one.number for one in open_city(city).log()]
    trying(examples["close-school"])
    assert [one.number for one in open_city(city).log()] == before
    kept = trying(
        examples["close-school"], keep={"branch": "no-school", "who": "Lin"}, name="Without the school"
    ).json()
    assert kept["kept"]["branch"] == "no-school"
    last = open_city(city).log("no-school")[-1]
    assert (last.who, last.message) == ("Lin", "Without the school")
    assert [one.number for one in open_city(city).log("main")] == before
    again = trying(examples["close-school"], keep={"branch": "no-school", "who": "Lin"})
    assert again.status_code in {400, 409}


def test_some_indicators_only_and_short_lists(trying, examples):
    found = trying(examples["close-school"], indicators=FEW, most=3).json()
    assert {one["indicator"] for one in found["moves"]} <= set(FEW)
    assert len(found["moves"]) <= 3 <= found["counts"]["moves"]


@pytest.mark.parametrize(
    ("body", "status", "what"),
    [
        ({}, 400, "project"),
        ({"project": {"type": "Topology"}}, 400, "project.type"),
        ({"project": {"type": "FeatureCollection", "features": []}}, 422, "project.geojson"),
        ({"project": {"type": "FeatureCollection", "features": [{}] * 501}}, 400, "project"),
        ({"project": {"type": "FeatureCollection", "features": [{"type": "Feature"}]}}, 422, "feature 1"),
        ({"project": {"type": "FeatureCollection", "features": "x"}}, 422, "project.geojson"),
        ({"project": {"type": "Feature"}, "at": "tomorrow"}, 400, "datetime"),
        ({"project": {"type": "Feature"}, "base": "nowhere"}, 400, ""),
        ({"project": {"type": "Feature"}, "rulebooks": ["nowhere"]}, 400, ""),
        ({"project": {"type": "Feature"}, "more": 1}, 400, "more"),
        ({"project": {"type": "Feature"}, "keep": {"branch": "b", "who": " "}}, 400, "keep.who"),
        ({"project": {"type": "Feature"}, "keep": {"branch": "b"}}, 400, "who"),
    ],
)
def test_mistakes_are_told_where_they_are(client, body, status, what):
    answer = client.post("/cities/r/whatif?lang=en", json=body)
    assert answer.status_code == status, answer.text
    assert any(what in one["where"] for one in answer.json()["faults"])


def test_the_feature_that_is_wrong_is_named(trying):
    wrong = {"type": "Feature", "properties": {"action": "close", "id": "no-such"}, "geometry": None}
    far = {
        "type": "Feature",
        "properties": {"category": "clinic"},
        "geometry": {"type": "Point", "coordinates": [0, 0]},
    }
    faults = trying({"type": "FeatureCollection", "features": [wrong, far]}).json()["faults"]
    assert [one["where"] for one in faults] == ["project.geojson, feature 1", "project.geojson, feature 2"]


def test_what_may_be_drawn_is_told_in_the_language_asked_for(client):
    found = client.get("/cities/r/whatif?lang=zh").json()
    assert {"id": "kindergarten", "title": "幼儿园"} in found["facilities"]
    assert {"id": "residential", "title": "住宅"} in found["uses"] or any(
        one["id"] == "residential" for one in found["uses"]
    )


def test_objects_by_name_and_a_street_as_one(client, city):
    state = state_of(open_city(city), Question())
    roads = state.rows("road")
    name = next(one for one in roads.texts("name") if one)
    found = client.get("/cities/r/whatif/objects", params={"text": name, "kind": "road"}).json()["objects"]
    (street,) = [one for one in found if one["name"] == name]
    assert len(street["ids"]) == sum(one == name for one in roads.texts("name"))
    schools = client.get("/cities/r/whatif/objects", params={"text": "primary school", "lang": "en"}).json()
    assert {one["title"] for one in schools["objects"]} == {"Primary school"}
    assert client.get("/cities/r/whatif/objects", params={"kind": "pipe"}).status_code == 404
    assert client.get("/cities/r/whatif/objects", params={"text": "%"}).json()["objects"] == []


def test_a_city_that_is_not_ready_says_so(city):
    bare = Ground(state_of(open_city(city), Question()), rulebook())
    grounds = Grounds()
    assert grounds.readiness(city, bare) == "cold"
    with pytest.raises(Conflict, match="made ready"), grounds.trying(city, bare, 0.0):
        pass
    with grounds.trying(city, bare, PATIENCE) as (ground, _):
        assert ground.before is not None
        assert grounds.readiness(city, bare) == "ready"
        with pytest.raises(Conflict, match="another project"), grounds.trying(city, bare, 0.0):
            pass
