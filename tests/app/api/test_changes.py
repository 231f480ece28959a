"""Two checks compared over HTTP: what can be compared, what moved, why, and what cannot be asked."""

import shutil
import time

import pytest
from fastapi.testclient import TestClient

from app.conftest import once
from tulou.app.api.application import application
from tulou.app.changes import FILE, FOLDER, Between, make_changes
from tulou.app.comparing import compare
from tulou.app.demonstration import make_two_years
from tulou.app.why import Wanted
from tulou.diagnosis.difference.coalitions import CAUSES

BUILDINGS = 300
FIRST, SECOND = "check-2025", "check-2026"
FEW = ("park_cover", "bus_stop_cover", "structural_hazard_homes")
HOSTS = ("testserver",)


@pytest.fixture(scope="module")
def city(shelf, tmp_path_factory):
    """Two years of the synthetic city, with a check of each; comparisons are kept beside this copy."""
    made = once(shelf, "two-years.city", lambda place: make_two_years(place, buildings=BUILDINGS))
    place = tmp_path_factory.mktemp("changes") / "years.city"
    shutil.copytree(made, place)
    return place


@pytest.fixture(scope="module")
def kept(city):
    return make_changes(city, Between(FIRST, SECOND, Wanted(FEW)))


@pytest.fixture(scope="module")
def client(city):
    with TestClient(application({"years": city}, HOSTS), raise_server_exceptions=False) as found:
        yield found


@pytest.fixture
def get(client):
    return lambda path, **query: client.get(f"/cities/years{path}", params=query)


@pytest.fixture
def post(client):
    return lambda body: client.post("/cities/years/changes", json=body)


def test_checks_tags_and_branches_can_be_compared(get):
    found = get("/ends").json()
    assert [one["tag"] for one in found["checks"]] == [FIRST, SECOND]
    assert [one["name"] for one in found["tags"]] == [FIRST, SECOND]
    assert "main" in {one["name"] for one in found["branches"]}
    days = [one["day"] for one in found["checks"]]
    assert days == sorted(days)


def test_figures_say_the_parts_of_the_comparison(get, kept, city):
    told = get(f"/changes/{kept}", lang="en").json()
    rows = compare(city, FIRST, SECOND, indicators=FEW).differences.to_pylist()
    whole = {(row["indicator"], row["variant"]): row for row in rows if row["level"] == "city"}
    assert told["figures"]
    for one in told["figures"]:
        row = whole[one["indicator"], one["variant"]]
        assert one["change"] == pytest.approx(row["change"])
        for cause in CAUSES:
            assert one[cause] == pytest.approx(row[cause])
        if one["kind"] == "divided":
            assert sum(one[cause] for cause in CAUSES) == pytest.approx(one["change"])
        assert "behind" not in one
    assert set(told["causes"]) == set(CAUSES)
    assert {row["level"] for row in told["counts"]} >= {"community", "district"}


def test_words_come_in_the_language_asked_for(get, kept):
    titles = {lang: get(f"/changes/{kept}", lang=lang).json()["figures"][0]["title"] for lang in ("zh", "en")}
    assert titles["zh"] != titles["en"]
    assert titles["en"].isascii()


def test_a_figure_names_objects_with_shares_and_the_rules(get, kept):
    park = get(f"/changes/{kept}/figure", indicator="park_cover", lang="en").json()
    assert park["tells"].startswith(park["title"])
    by_cause = {one["cause"]: one for one in park["behind"]}
    objects = by_cause["city"]["objects"]
    assert objects
    shares = [one["share"] for one in objects if one["share"] is not None]
    assert sum(shares) + by_cause["city"]["rest"] == pytest.approx(park["city"])
    assert all(one["source"] for one in objects if one["commit"] is not None)
    stops = get(f"/changes/{kept}/figure", indicator="bus_stop_cover", lang="en").json()
    rules = next(one for one in stops["behind"] if one["cause"] == "definition")["rules"]
    assert [one["kind"] for one in rules] == ["parameter"]
    assert "500 m → 400 m" in rules[0]["says"]


def test_nobody_who_signed_is_told(get, kept):
    text = get(f"/changes/{kept}/figure", indicator="park_cover").text
    assert '"who"' not in text


def test_what_was_compared_already_is_answered_at_once(post, kept, get):
    before = len(get("/jobs").json()["jobs"])
    answer = post({"from": FIRST, "to": SECOND, "indicators": list(FEW)})
    assert (answer.status_code, answer.json()["id"]) == (200, kept)
    assert len(get("/jobs").json()["jobs"]) == before
    assert kept in {one["id"] for one in get("/changes").json()["changes"]}


def test_one_unit_and_one_level(city, get):
    name = make_changes(city, Between(FIRST, SECOND, Wanted(("park_cover",), "district")))
    rows = get(f"/changes/{name}").json()["figures"]
    assert rows
    assert {one["level"] for one in rows} == {"district"}
    alone = make_changes(city, Between(FIRST, SECOND, Wanted(("park_cover",), unit=rows[0]["unit"])))
    one = get(f"/changes/{alone}").json()["figures"][0]
    assert one["change"] == rows[0]["change"]
    told = get(f"/changes/{alone}/figure", indicator="park_cover", unit=one["unit"])
    assert told.status_code == 200


@pytest.mark.slow
def test_a_comparison_is_a_job(post, client, get):
    answer = post({"from": FIRST, "to": "now", "indicators": ["park_cover"]})
    assert answer.status_code == 201
    assert ended(client, answer)["status"] == "successful"
    name = client.get(f"{answer.headers['location']}/results").json()["outcome"]["id"]
    assert get(f"/changes/{name}").json()["figures"][0]["indicator"] == "park_cover"
    wrong = ended(client, post({"from": FIRST, "to": SECOND, "indicators": ["park_covr"]}))
    assert wrong["status"] == "failed"
    (fault,) = wrong["faults"]
    assert (fault["where"], fault["found"], fault["guess"]) == ("indicators", "park_covr", "park_cover")


def ended(client, answer):
    for _ in range(2400):
        found = client.get(answer.headers["location"]).json()
        if found["status"] in {"successful", "failed", "dismissed"}:
            return found
        time.sleep(0.1)
    raise AssertionError(found)


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "body.from"),
        ({"from": "check-2024", "to": SECOND}, "from"),
        ({"from": FIRST, "to": "2026-99-99"}, "to"),
        ({"from": FIRST, "to": SECOND, "level": "street"}, "level"),
        ({"from": FIRST, "to": SECOND, "indicators": "park_cover"}, "body.indicators"),
        ({"from": FIRST, "to": SECOND, "indicators": ["x"] * 51}, "body.indicators"),
        ({"from": FIRST, "to": SECOND, "nothing": 1}, "body.nothing"),
        ({"from": 1, "to": None}, "body.from"),
        ([], "body"),
    ],
)
def test_what_cannot_be_compared_is_told_before_any_work(post, get, city, body, where):
    before = len(get("/jobs").json()["jobs"])
    answer = post(body)
    assert answer.status_code == 400
    assert where in {one["where"] for one in answer.json()["faults"]}
    assert str(city) not in answer.text, "no path of the machine leaves it"
    assert len(get("/jobs").json()["jobs"]) == before


@pytest.mark.parametrize("path", ["/changes/none", "/changes/..%2F.."])
def test_what_is_not_there(get, path):
    assert get(path).status_code == 404


def test_a_figure_that_did_not_move_is_not_there(get, kept):
    answer = get(f"/changes/{kept}/figure", indicator="park_covr")
    assert (answer.status_code, answer.json()["faults"][0]["guess"]) == (404, "park_cover")


def test_a_damaged_comparison_is_told(city, kept, get):
    name = f"{kept[:-1]}x"
    place = city / FOLDER / name / FILE
    place.parent.mkdir()
    place.write_text("{", "utf-8")
    assert get(f"/changes/{name}").status_code == 404
    assert {one["id"] for one in get("/changes").json()["changes"]}.isdisjoint({name})
    place.unlink()


def test_a_series_breaks_where_the_definition_changed(get):
    told = get("/series", indicator="bus_stop_cover", lang="en").json()
    first, second = told["points"]
    assert (first["broken"], second["broken"]) == (False, True)
    assert first["rules"] == []
    assert "500 m → 400 m" in second["rules"][0]["says"]
    park = get("/series", indicator="park_cover", lang="en").json()
    assert [one["broken"] for one in park["points"]] == [False, False]
    checks = [get(f"/checks/{one['check']}/results", indicator="park_cover", level="city") for one in park["points"]]
    assert [one["value"] for one in park["points"]] == [one.json()["results"][0]["value"] for one in checks]


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ({"indicator": "park_covr"}, "indicator"),
        ({"indicator": "park_cover", "unit": "nowhere"}, "unit"),
        ({"indicator": "park_cover", "variant": "none"}, "variant"),
        ({}, "query.indicator"),
    ],
)
def test_a_series_that_is_not_there(get, query, where):
    answer = get("/series", **query)
    assert answer.status_code == 400
    assert answer.json()["faults"][0]["where"] == where
