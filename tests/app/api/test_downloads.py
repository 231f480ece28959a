"""What is taken away holds what the interface says, whole, with its name and type."""

import csv
import io
import json
import shutil
import time
import zipfile

import pyarrow.parquet as pq
import pytest
from fastapi.testclient import TestClient

from tulou.app.api.application import application
from tulou.app.api.downloads import MADE, _harmless

LONG = 90


@pytest.fixture(scope="module")
def taken(rongcheng, tmp_path_factory):
    """The synthetic city with its check, asked in memory."""
    city = tmp_path_factory.mktemp("taken") / "own.city"
    shutil.copytree(rongcheng, city)
    with TestClient(application({"own": city}, ("testserver",)), raise_server_exceptions=False) as found:
        yield found


@pytest.fixture(scope="module")
def listed(taken):
    return taken.get("/cities/own/downloads", params={"lang": "en"}).json()


@pytest.mark.slow
def test_every_file_that_is_listed_can_be_taken_under_its_name_and_type(taken, listed):
    assert {one["name"] for one in listed["files"]} == {*MADE, "rulebook.zip"}
    for one in listed["files"]:
        answer = taken.get(one["href"].removeprefix("http://testserver"))
        assert answer.status_code == 200, (one, answer.text[:300])
        assert answer.headers["content-type"].split(";")[0] == one["type"].split(";")[0]
        assert one["name"] in answer.headers["content-disposition"]
        assert answer.content
    again = taken.get("/cities/own/downloads").json()
    assert all(one["bytes"] for one in again["files"] if one["name"] in MADE), "they are kept"


def test_the_long_table_is_that_of_the_check(taken, listed):
    check = listed["check"]["id"]
    wanted = taken.get("/cities/own/checks/newest/results", params={"variant": "*", "limit": 1}).json()["matched"]
    table = pq.read_table(io.BytesIO(taken.get(f"/cities/own/downloads/checks/{check}/results.parquet").content))
    assert table.num_rows == wanted
    lines = taken.get(f"/cities/own/downloads/checks/{check}/results.csv").text.lstrip("\ufeff")
    assert len(list(csv.reader(io.StringIO(lines)))) == wanted + 1


def test_the_rulebook_is_that_of_the_check_and_the_same_bytes_each_time(taken):
    page = "/cities/own/downloads/checks/newest/rulebook.zip"
    first = taken.get(page).content
    assert taken.get(page).content == first
    names = zipfile.ZipFile(io.BytesIO(first)).namelist()
    assert "order.json" in names
    assert any("indicators" in one for one in names)


@pytest.mark.parametrize("kind", ["community", "building"])
def test_objects_are_whole_in_both_forms(taken, listed, kind):
    count = {one["kind"]: one["count"] for one in listed["objects"]}[kind]
    whole = json.loads(taken.get(f"/cities/own/downloads/objects/{kind}.geojson").text)
    items = taken.get(f"/cities/own/collections/{kind}/items", params={"limit": 10_000}).json()
    assert whole["features"] == items["features"]
    assert len(whole["features"]) == count
    rows = list(
        csv.DictReader(io.StringIO(taken.get(f"/cities/own/downloads/objects/{kind}.csv").text.lstrip("\ufeff")))
    )
    assert [row["id"] for row in rows] == [one["id"] for one in whole["features"]]
    assert rows[0]["geometry"].startswith(("POLYGON", "MULTIPOLYGON"))


@pytest.mark.parametrize(
    ("cell", "wanted"), [("=1+1", "'=1+1"), ("@x", "'@x"), (-3.5, -3.5), ("a-b", "a-b"), (None, None)]
)
def test_no_cell_of_a_table_is_run_by_a_spreadsheet(cell, wanted):
    assert _harmless(cell) == wanted


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/checks/newest/nothing.csv", 404),
        ("/checks/none/results.csv", 404),
        ("/checks/newest/report.en.pdf", 404),
        ("/checks/newest/..%2Fcheck.json", 404),
        ("/objects/dragon.csv", 404),
        ("/objects/building.shp", 404),
        ("/objects/building", 404),
        ("?check=none", 404),
    ],
)
def test_what_is_not_there(taken, path, status):
    assert taken.get(f"/cities/own/downloads{path}").status_code == status


@pytest.mark.parametrize(
    "body", [{"formats": []}, {"formats": ["odt"]}, {"formats": "pdf"}, {}, {"formats": ["pdf"], "x": 1}]
)
def test_a_report_that_cannot_be_made_is_refused(taken, body):
    answer = taken.post("/cities/own/downloads/reports", json=body)
    assert answer.status_code == 400
    assert answer.json()["faults"]


def test_a_city_that_was_never_checked_still_gives_its_objects(folder):
    with TestClient(application({"small": folder}, ("testserver",)), raise_server_exceptions=False) as client:
        found = client.get("/cities/small/downloads").json()
        assert {one["kind"] for one in found["objects"]} >= {"building", "community"}


@pytest.mark.slow
def test_reports_are_made_by_a_job_and_kept(taken, listed):
    answer = taken.post("/cities/own/downloads/reports", json={"formats": ["xlsx"]})
    assert answer.status_code == 201, answer.text
    job = answer.json()["jobID"]
    for _ in range(LONG):
        state = taken.get(f"/cities/own/jobs/{job}").json()
        if state["status"] not in {"accepted", "running"}:
            break
        time.sleep(1)
    assert state["status"] == "successful", state
    made = taken.get(f"/cities/own/jobs/{job}/results").json()
    assert "report.zh.xlsx" in made["files"]
    report = taken.get(f"/cities/own/downloads/checks/{listed['check']['id']}/report.zh.xlsx")
    assert report.content[:2] == b"PK"
