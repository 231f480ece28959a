"""Plans over HTTP: the catalogue, a ladder of budgets that a slider reads, and what cannot be planned for."""

import json
import shutil
import time

import pytest
from fastapi.testclient import TestClient

from tulou.app.api.application import application
from tulou.app.checking import Question
from tulou.app.plan_asking import prices_text, refuse
from tulou.app.planning import Request, plan_city
from tulou.app.plans import FOLDER, LADDER
from tulou.kernel.errors import BadInput
from tulou.plan.renewal.ladder import shares_of
from tulou.plan.renewal.wishes import Wishes

HOSTS = ("testserver",)
BUDGETS = {2027: 1_000_000.0, 2028: 2_000_000.0}


@pytest.fixture(scope="module")
def city(rongcheng, tmp_path_factory):
    place = tmp_path_factory.mktemp("plans") / "own.city"
    shutil.copytree(rongcheng, place)
    return place


@pytest.fixture(scope="module")
def client(city):
    with TestClient(application({"own": city}, HOSTS), raise_server_exceptions=False) as found:
        yield found


@pytest.fixture
def get(client):
    return lambda path, **query: client.get(f"/cities/own{path}", params=query)


@pytest.fixture
def post(client):
    return lambda body: client.post("/cities/own/plans", json=body)


@pytest.fixture(scope="module")
def priced(client):
    """Remedies with the made-up prices that are offered for a made-up city."""
    listed = client.get("/cities/own/remedies").json()["remedies"]
    return [{"remedy": one["id"], "price": one["example"]} for one in listed if one["example"] is not None]


@pytest.fixture(scope="module")
def kept(city, priced, tmp_path_factory):
    file = tmp_path_factory.mktemp("prices") / "prices.yaml"
    file.write_text(prices_text(priced), "utf-8")
    wishes = Wishes(BUDGETS, indicators=("age_friendly_need_homes", "bike_charging_gap"))
    return plan_city(city, Request(Question(), file, has_made_up_prices=True), wishes, shares=shares_of(4))


def test_the_catalogue_says_what_has_no_price(get):
    told = get("/remedies", lang="en").json()
    assert told["synthetic"]
    by_id = {one["id"]: one for one in told["remedies"]}
    assert by_id["add_lift"]["price"] is None
    assert by_id["add_lift"]["example"] > 0
    assert by_id["rebuild_in_place"]["price"]["evidence"] == "derived"
    assert by_id["add_lift"]["title"] != get("/remedies", lang="zh").json()["remedies"][0]["title"]


def test_a_real_city_is_offered_no_made_up_price(folder, tmp_path):
    place = tmp_path / "real.city"
    shutil.copytree(folder, place)
    profile = json.loads((place / "city.json").read_text("utf-8"))
    text = json.dumps(profile).replace('"synthetic": true', '"synthetic": false')
    (place / "city.json").write_text(text, "utf-8")
    with TestClient(application({"real": place}, HOSTS)) as client:
        told = client.get("/cities/real/remedies").json()
    assert not told["synthetic"]
    assert {one["example"] for one in told["remedies"]} == {None}


@pytest.mark.slow
def test_a_ladder_holds_the_plan_itself_and_rises(get, kept):
    told = get(f"/plans/{kept.id}", lang="en").json()
    rungs = told["rungs"]
    assert [one["share"] for one in rungs] == [0.0, 0.5, 1.0, 1.5, 2.0]
    values = [one["answer"]["value"] for one in rungs]
    assert values == sorted(values)
    assert values[0] == 0.0 < values[-1]
    whole = rungs[2]
    assert whole["answer"]["years"] == dict(kept.plan.portfolio.years)
    assert whole["cost"] == pytest.approx(kept.plan.cost)
    for one in rungs:
        answer = one["answer"]
        assert answer["value"] <= answer["bound"] * (1 + 1e-9)
        assert all(spent <= one["budgets"][year] + 1e-6 for year, spent in answer["spent"].items())
        assert set(answer["years"]) <= set(told["candidates"])
        assert one["cost"] == pytest.approx(sum(told["candidates"][name]["cost"] for name in answer["years"]))


@pytest.mark.slow
def test_what_is_chosen_has_words_a_place_and_its_price(get, kept):
    told = get(f"/plans/{kept.id}", lang="zh").json()
    for one in told["candidates"].values():
        lon, lat = one["point"]
        assert (118 < lon < 122, 25 < lat < 28) == (True, True)
        assert one["title"]
        assert told["remedies"][one["remedy"]]["price"]["made_up"]
        assert set(one["gains"]) <= set(told["indicators"])
    assert told["made_up_prices"]
    lead = next(iter(told["candidates"].values()))["title"]
    assert lead != next(iter(get(f"/plans/{kept.id}", lang="en").json()["candidates"].values()))["title"]


@pytest.mark.slow
def test_verdicts_that_turn_are_those_of_the_plan(get, kept):
    told = get(f"/plans/{kept.id}").json()
    outlook = kept.plan.outlook[2028]
    official = [row for row in outlook.flips.to_pylist() if not row["variant"]]
    assert told["rungs"][2]["flips"] == len(official)
    assert told["rungs"][0]["flips"] == 0


@pytest.mark.slow
def test_plans_are_listed_and_read_whole(get, kept):
    (listed,) = [one for one in get("/plans").json()["plans"] if one["id"] == kept.id]
    assert (listed["ladder"], listed["budgets"]) == (True, {"2027": 1e6, "2028": 2e6})
    whole = get(f"/plans/{kept.id}", part="plan").json()
    assert {one["id"] for one in whole["projects"]} == set(kept.plan.portfolio.years)


@pytest.mark.slow
def test_the_same_ladder_is_made_twice_alike(city, kept, priced, tmp_path):
    before = (kept.folder / LADDER).read_bytes()
    file = tmp_path / "prices.yaml"
    file.write_text(prices_text(priced), "utf-8")
    wishes = kept.plan.wishes
    again = plan_city(city, Request(Question(), file, has_made_up_prices=True), wishes, shares=shares_of(4))
    assert again.id == kept.id
    assert (again.folder / LADDER).read_bytes() == before


@pytest.mark.slow
def test_a_plan_is_a_job(post, client, get, priced):
    body = {
        "budgets": {"2027": 1e6},
        "prices": priced,
        "made_up": True,
        "rungs": 2,
        "indicators": ["bike_charging_gap"],
    }
    answer = post(body)
    assert answer.status_code == 201
    assert post(body).json()["jobID"] == answer.json()["jobID"], "the same work is not begun twice"
    found = ended(client, answer)
    assert found["status"] == "successful", found
    name = client.get(f"{answer.headers['location']}/results").json()["outcome"]["id"]
    told = get(f"/plans/{name}").json()
    assert len(told["rungs"]) == 3
    assert told["seconds"] > 0


def ended(client, answer):
    for _ in range(6000):
        found = client.get(answer.headers["location"]).json()
        if found["status"] in {"successful", "failed", "dismissed"}:
            return found
        time.sleep(0.1)
    raise AssertionError(found)


GOOD = {"budgets": {"2027": 5e6}}


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "body.budgets"),
        ({"budgets": {}}, "body.budgets"),
        ({"budgets": {"20x": 1}}, "budgets"),
        ({"budgets": {"1066": 1}}, "budgets"),
        ({"budgets": {"2027": -1}}, "budgets"),
        ({"budgets": {"2027": "much"}}, "body.budgets.2027"),
        (GOOD | {"objective": "votes"}, "body.objective"),
        (GOOD | {"fairness": {"kind": "share", "share": 2}}, "body.fairness.share"),
        (GOOD | {"weights": {"none_such": 1}}, "weights"),
        (GOOD | {"weights": {"bike_charging_gap": -1}}, "weights"),
        (GOOD | {"indicators": ["bike_chargin_gap"]}, "indicators"),
        (GOOD | {"remedies": ["add_lfit"]}, "remedies"),
        (GOOD | {"rungs": 3}, "rungs"),
        (GOOD | {"gap": 1}, "body.gap"),
        (GOOD | {"branch": "none"}, "branch"),
        (GOOD | {"at": "someday"}, "at"),
        (GOOD | {"as_of": "none"}, "as_of"),
        (GOOD | {"rulebooks": ["none"]}, "rulebooks"),
        (GOOD | {"prices": [{"remedy": "add_lift", "price": 1}, {"remedy": "add_lift", "price": 2}]}, "prices.1"),
        (GOOD | {"prices": [{"remedy": "add_lfit", "price": 1}]}, "prices.0"),
        (
            GOOD | {"prices": [{"remedy": "add_lift", "price": 1}, {"remedy": "bike_charging", "price": "x"}]},
            "prices.1",
        ),
        (GOOD | {"prices": [{"remedy": "add_lift", "price": 1, "unit": "kg"}]}, "prices.0"),
        (GOOD | {"prices": [{"remedy": "add_lift", "price": 1, "dated": "soon"}]}, "prices.0"),
        (GOOD | {"surprise": 1}, "body.surprise"),
    ],
)
def test_what_cannot_be_planned_is_told_at_its_place_before_any_work(post, get, city, body, where):
    before = len(get("/jobs").json()["jobs"])
    answer = post(body)
    assert answer.status_code in {400, 422}, answer.text
    assert where in {one["where"] for one in answer.json()["faults"]}, answer.text
    assert str(city) not in answer.text
    assert len(get("/jobs").json()["jobs"]) == before


def test_every_faulty_price_is_told_at_once():
    given = {
        "budgets": {"2027": 1.0}, "objective": "people", "weights": {}, "fairness": {"kind": "none", "share": 0.0},
        "must": [], "remedies": [], "indicators": [], "gap": 0.01, "alternatives": 0, "at": "", "as_of": "",
        "branch": "", "rulebooks": [],
        "prices": [{"remedy": "nothing", "price": 1}, {"remedy": "add_lift", "price": -1}],
    }  # fmt: skip
    with pytest.raises(BadInput) as error:
        refuse(given)
    assert [one.where for one in error.value.faults] == ["prices.0", "prices.1"]


@pytest.mark.parametrize(("path", "status"), [("/plans/none", 404), ("/plans/..%2F..", 404)])
def test_what_is_not_there(get, path, status):
    assert get(path).status_code == status


def test_a_damaged_plan_is_told(city, get):
    place = city / FOLDER / "2026-01-01-damaged"
    place.mkdir(parents=True)
    (place / "plan.json").write_text("{", "utf-8")
    assert get("/plans/2026-01-01-damaged").status_code == 404
    assert "2026-01-01-damaged" not in {one["id"] for one in get("/plans").json()["plans"]}
    shutil.rmtree(place)
