"""Objects over HTTP: both clocks, boxes, filters, pages, and requests that are none."""

import numpy as np
import pytest

from tulou.app.api.filtering import read_filter
from tulou.kernel.errors import BadUse

JSON = {"content-type": "application/json"}


def ids(answer):
    assert answer.status_code == 200, answer.text
    return sorted(one["id"] for one in answer.json()["features"])


def test_the_city_and_its_landing_page(client, get):
    listed = client.get("/cities").json()["cities"]
    assert [(one["id"], one["name"], one["synthetic"]) for one in listed] == [("small", "小城", True)]
    links = {one["rel"]: one["href"] for one in get("").json()["links"]}
    assert {"self", "service-desc", "conformance", "data"} <= set(links)
    assert client.get(links["conformance"]).json()["conformsTo"]
    assert client.get(links["service-desc"]).status_code == 200


def test_collections_say_what_is_there(get):
    found = {one["id"]: one for one in get("/collections").json()["collections"]}
    assert set(found) == {"building", "community"}
    assert found["building"]["count"] == 3
    west, south, east, north = found["building"]["extent"]["spatial"]["bbox"][0]
    assert 119 < west < east < 121
    assert 26 < south < north < 27
    assert get("/collections/building", lang="en").json()["title"] == "Building"
    assert get("/collections/building").json()["title"] == "建筑"


def test_items_and_one_item(get):
    answer = get("/collections/building/items")
    assert answer.headers["content-type"] == "application/geo+json"
    assert ids(answer) == ["b1", "b2", "b3"]
    found = answer.json()
    assert (found["numberMatched"], found["numberReturned"]) == (3, 3)
    third = next(one for one in found["features"] if one["id"] == "b3")
    assert third["properties"]["height"] is None
    assert third["geometry"]["type"] == "Polygon"
    assert get("/collections/building/items/b2").json()["properties"]["name"] == "Hall"


def test_two_clocks(get):
    def height(**clocks):
        return get("/collections/building/items/b1", **clocks).json()["properties"]["height"]

    assert height() == 24
    assert height(datetime="2026-03-01") == 18
    assert height(datetime="2026-06-01T08:00:00Z") == 24
    assert height(datetime="2026-01-01/2026-03-01") == 18
    assert height(datetime="2026-01-01/..") == 24
    assert height(datetime="2026-07-01", asOf="1") == 18, "nobody knew then"
    assert get("/collections/building/items", datetime="2025-01-01").status_code == 404


def test_pages(get, client):
    first = get("/collections/building/items", limit=2).json()
    after = next(one["href"] for one in first["links"] if one["rel"] == "next")
    second = client.get(after).json()
    told = [one["id"] for page in (first, second) for one in page["features"]]
    assert (len(first["features"]), sorted(told)) == (2, ["b1", "b2", "b3"])
    assert {one["rel"] for one in second["links"]} == {"self", "prev"}


def test_boxes_and_equal_attributes(get):
    west, south, *_ = get("/collections/building").json()["extent"]["spatial"]["bbox"][0]
    assert ids(get("/collections/building/items", bbox=f"{west},{south},{west + 0.0002},{south + 0.0002}")) == ["b1"]
    assert ids(get("/collections/building/items", bbox="-180,-90,180,90")) == ["b1", "b2", "b3"]
    assert ids(get("/collections/building/items", use="office")) == ["b2"]
    assert ids(get("/collections/building/items", storeys="3")) == ["b3"]


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("height > 20", ["b1", "b2"]),
        ("NOT (height > 30)", ["b1"]),
        ("height IS NULL", ["b3"]),
        ("height IS NOT NULL AND storeys < 10", ["b1"]),
        ("height > 30 OR storeys = 3", ["b2", "b3"]),
        ("use IN ('office','residential')", ["b2", "b3"]),
        ("name LIKE 'H%'", ["b2"]),
        ("name LIKE '学_'", ["b1"]),
        ("CASEI(name) = CASEI('HALL')", ["b2"]),
        ("storeys BETWEEN 3 AND 6", ["b1", "b3"]),
        ("name = '学校'", ["b1"]),
        ("id <> 'b1'", ["b2", "b3"]),
        ("S_INTERSECTS(geometry, BBOX(-180,-85,180,85))", ["b1", "b2", "b3"]),
        ("S_DISJOINT(geometry, POINT(0 0))", ["b1", "b2", "b3"]),
    ],
)
def test_filters_keep_what_is_surely_so(get, asked, kept):
    assert ids(get("/collections/building/items", filter=asked)) == kept


def test_a_filter_in_json(get):
    asked = '{"op": ">", "args": [{"property": "height"}, 20]}'
    assert ids(get("/collections/building/items", filter=asked, **{"filter-lang": "cql2-json"})) == ["b1", "b2"]


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ({"filter": "height >"}, "filter"),
        ({"filter": "hight > 3"}, "filter"),
        ({"filter": "height > 'x'"}, "filter"),
        ({"filter": "S_INTERSECTS(geometry, POINT(500 0))"}, "filter"),
        ({"filter": "S_INTERSECTS(name, POINT(0 0))"}, "filter"),
        ({"filter": "ACCENTI(name) = ACCENTI('x')"}, "filter"),
        ({"filter": "((((" * 400}, "filter"),
        ({"bbox": "1,2,3"}, "bbox"),
        ({"bbox": "1,2,3,nan"}, "bbox"),
        ({"datetime": "yesterday"}, "datetime"),
        ({"datetime": "2026-02-01/2026-01-01"}, "datetime"),
        ({"limit": "0"}, "query.limit"),
        ({"heigth": "3"}, "heigth"),
        ({"storeys": "three"}, "storeys"),
    ],
)
def test_what_is_no_request_is_told_with_its_place(get, query, where):
    answer = get("/collections/building/items", **query)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], problem["instance"]) == (400, "/cities/small/collections/building/items")
    assert problem["faults"][0]["where"] == where


@pytest.mark.parametrize(
    "path", ["/collections/nothing", "/collections/road/items", "/collections/building/items/b9", "/nowhere"]
)
def test_what_is_not_there_is_missing(get, path):
    answer = get(path)
    assert answer.status_code == 404
    assert answer.json()["title"] == "没有这个资源"
    assert get(path, lang="en").json()["title"] == "there is no such resource"


def test_a_city_that_is_not_served_offers_the_nearest(client):
    problem = client.get("/cities/smal").json()
    assert problem["faults"][0]["guess"] == "small"


def test_the_language_is_the_readers(client):
    asked = client.get("/cities/small/collections/building", headers={"Accept-Language": "fr, en;q=0.8, zh;q=0.5"})
    assert asked.json()["title"] == "Building"


def pieces(count):
    for _ in range(count):
        yield b"x" * 1_000_000


@pytest.mark.parametrize(
    "sent", [{"content": b"x", "headers": {"content-length": "99999999999"}}, {"content": pieces(9)}]
)
def test_a_request_too_large_is_not_read(client, sent):
    answer = client.post("/cities/small/checks", **{"headers": {"content-type": "application/json"}, **sent})
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/cities", "/cities/small/checks", "/openapi.json", "/"])
def test_who_calls_this_machine_by_another_name_is_refused(client, path):
    for answer in (client.get(path, headers={"host": "elsewhere.example"}), client.post(path, headers={"host": "x:1"})):
        assert answer.status_code == 403
        assert answer.json()["faults"][0]["where"] == "Host"


@pytest.mark.parametrize("origin", ["http://elsewhere.example", "http://testserver:9", "null", "http://[", "x"])
def test_a_page_from_elsewhere_changes_nothing(client, origin):
    before = client.get("/cities/small/jobs").json()
    answer = client.post("/cities/small/checks", headers={"origin": origin})
    assert (answer.status_code, answer.json()["faults"][0]["where"]) == (403, "Origin")
    assert client.get("/cities/small/jobs", headers={"origin": origin}).json() == before


def test_a_page_of_this_server_is_heard(client):
    sent = {"json": {"rulebooks": ["no_such"]}, "headers": {"origin": "http://testserver"}}
    assert client.post("/cities/small/checks", **sent).status_code == 400


def test_half_a_character_is_told_as_its_escape(client):
    answer = client.post("/cities/small/checks", content=b'{"indicators": "\\ud83d"}', headers=JSON)
    assert answer.status_code == 400
    assert "ud83d" in answer.text


def test_a_filter_of_nothing_known_is_neither_kept_nor_its_opposite():
    truths = np.array([[1, 0, np.nan]])
    from tulou.app.api.filtering import _all

    np.testing.assert_array_equal(_all([truths[0], np.array([1.0, 1, 1])]), [1, 0, np.nan])
    np.testing.assert_array_equal(_all([truths[0], np.array([0.0, 0, 0])]), [0, 0, 0])


def test_a_filter_that_is_none():
    with pytest.raises(BadUse, match="no filter"):
        read_filter("height > > 3", "cql2-text")
