"""Alarms, series, SensorThings and GeoReport over HTTP."""

import json
import shutil

import pytest
from fastapi.testclient import TestClient

from app.api.conftest import HOSTS
from tulou.app.alarm_cases import open_cases
from tulou.app.alarms import open_alarms
from tulou.app.api.application import application
from tulou.operations.alarms.adapters.sensorthings import read_things

LEAK = "methane_space/gas-01/20261127T010400"
MORNING = {"from": "2026-11-27T00:00Z", "until": "2026-11-27T03:00Z"}


@pytest.fixture(scope="module")
def work(operated):
    return open_alarms(operated)


def test_alarms_that_stand_the_newest_first(asked, work):
    found = asked("/alarms").json()
    standing = [one.id for one in work.alarms if one.is_standing]
    assert [one["id"] for one in found["alarms"]] == standing[::-1]
    assert LEAK in standing
    assert found["newest_reading"].startswith("2026-11-27T02:59")
    every = asked("/alarms", all=True).json()
    assert every["matched"] == len(work.alarms)
    gas = asked("/alarms", all=True, system="gas").json()["alarms"]
    assert {one["system"] for one in gas} == {"gas"}


def test_one_alarm_with_its_changes(asked, work):
    found = asked(f"/alarms/{LEAK}").json()
    assert found["level"] == work.alarm(LEAK).level
    assert found["changes"][0][1] == "raised"
    assert found["case"] is None
    assert asked("/alarms/none").status_code == 404


def test_alarms_are_told_with_their_duty_limits_and_counts_by_level(asked, work):
    found = asked("/alarms", order="gravest", all=True, lang="en").json()
    assert found["levels"] == {"I": 1, "II": 0, "III": 3}
    assert (found["alarms"][0]["id"], found["alarms"][0]["title"]) == (LEAK, "Methane in a closed space")
    assert [one["standing"] for one in found["alarms"]] == [True] * 4 + [False]
    assert found["ahead_of_utc"] == 8
    assert "gas company" in found["alarms"][0]["duty"]["office"]
    silent = next(one for one in found["alarms"] if one["system"] == "water")
    assert silent["title"].endswith(", silent")
    assert asked("/alarms", order="loudest").status_code == 400


def test_one_alarm_tells_the_limits_of_its_rule_and_how_good_they_are(asked):
    found = asked(f"/alarms/{LEAK}", lang="zh").json()
    limits = {one["level"]: one for one in found["limits"]["levels"]}
    assert [limits[name]["on"] for name in ("I", "II", "III")] == [100, 50, 20]
    assert {one["evidence"] for one in limits.values()} == {"derived"}
    assert [(one["title"], one["level"]) for one in found["history"]] == [
        ("报警", "III"),
        ("已印证", "II"),
        ("升级", "I"),
    ]
    assert (found["asset"], found["risk"], found["register"]) == ("manhole/m7", "risk-7", None)


def test_one_sensor_tells_its_rules_and_alarms(asked):
    found = asked("/sensors/gas-01", lang="en").json()
    assert [one["rule"] for one in found["rules"]] == ["methane_space"]
    assert ([one["id"] for one in found["alarms"]], found["alarms_of_it"]) == ([LEAK], 1)
    answer = asked("/sensors/gas-1")
    assert (answer.status_code, answer.json()["faults"][0]["guess"]) == (404, "gas-01")


def test_a_case_of_an_alarm_is_told_with_its_clock(operated, tmp_path):
    own = shutil.copytree(operated, tmp_path / "small.city")
    cases = open_cases(open_alarms(own))
    event = cases.take([cases.alarms.alarm(LEAK)])[0]
    with TestClient(application({"small": own}, HOSTS)) as client:
        found = client.get(f"/cities/small/alarms/{LEAK}", params={"lang": "en"}).json()
    assert (found["case"], found["case_state"], found["case_ended"]) == (event.case, "Raised", False)
    assert (found["case_clock"]["limit"], found["case_clock"]["unit"]) == (0.25, "natural_hour")
    assert found["case_clock"]["overdue"]


def test_a_series_is_summed_up_and_gaps_stay_gaps(asked, work):
    found = asked("/sensors/water-05/series", every="30 min", **MORNING).json()
    assert found["unit"] == "m"
    assert [one["count"] for one in found["windows"]] == [30, 30, 30, 0, 0, 0]
    assert found["windows"][-1]["mean"] is None
    gas = asked("/sensors/gas-01/series", every="1 h", **MORNING).json()["windows"]
    times, values = work.store.series("gas-01", 1795737600000, 1795748400000)
    assert sum(one["count"] for one in gas) == len(times)
    assert max(one["max"] for one in gas) == values.max()


@pytest.mark.parametrize(
    ("path", "query", "status", "where"),
    [
        ("/sensors/none/series", MORNING, 404, "sensor"),
        ("/sensors/gas-01/series", MORNING | {"every": "0 h"}, 400, "until"),
        ("/sensors/gas-01/series", MORNING | {"every": "² h"}, 400, "every"),
        ("/sensors/gas-01/series", MORNING | {"every": "1 s", "until": "2027-01-01"}, 400, "every"),
        ("/sensors/gas-01/series", {"from": "soon", "until": "2027-01-01"}, 400, "from"),
        ("/sensors/gas-01/series", {"from": "2027-01-01", "until": "2026-01-01"}, 400, "until"),
        ("/sensors/gas-01/series", {"until": "2026-01-01"}, 400, "query.from"),
    ],
)
def test_series_that_are_none(asked, path, query, status, where):
    answer = asked(path, **query)
    assert (answer.status_code, answer.json()["faults"][0]["where"]) == (status, where)


def test_sensors_and_things_are_the_citys(asked, work):
    found = asked("/sensors").json()
    assert [one["id"] for one in found["sensors"]] == [one.sensor.id for one in work.placed]
    whole = {"$expand": "Locations,Datastreams($expand=Sensor,ObservedProperty)"}
    things = asked("/sensorthings/v1.1/Things", **whole).json()
    read = {one.sensor.id: one for one in read_things(json.dumps(things), "answer")}
    assert read == {one.sensor.id: one for one in work.placed}


def test_observations_page_by_page(asked, work):
    address = "/sensorthings/v1.1/Datastreams('gas-01')/Observations"
    first = asked(address, **{"$top": 100, "$count": "true"}).json()
    assert (first["@iot.count"], len(first["value"])) == (180, 100)
    rest = asked(address, **{"$top": 100, "$skip": 100}).json()
    assert "@iot.nextLink" not in rest
    told = [one["result"] for one in first["value"] + rest["value"]]
    assert told == work.store.series("gas-01", 0, 2**62)[1].tolist()
    assert first["value"][0]["phenomenonTime"] == "2026-11-27T00:00:00Z"
    assert asked("/sensorthings/v1.1/Datastreams('none')").status_code == 404
    assert asked("/sensorthings/v1.1/Datastreams('gas-01')").json()["unitOfMeasurement"]["symbol"] == "percent_lel"


def test_where_there_are_no_alarms_nothing_is_made(get, folder):
    before = sorted(folder.rglob("*"))
    assert get("/alarms").json()["alarms"] == []
    assert get("/sensorthings/v1.1/Things").json()["value"] == []
    assert get("/cases").json()["cases"] == []
    assert get("/open311/v2/requests.json").json() == []
    assert sorted(folder.rglob("*")) == before


def test_georeport_is_there_to_read_and_takes_no_report(asked):
    assert "dirty_road" in {one["service_code"] for one in asked("/open311/v2/services.json", lang="en").json()}
    span = {"start_date": "2026-03-01T00:00:00Z", "end_date": "2026-03-31T00:00:00Z"}
    found = asked("/open311/v2/requests.json", **span).json()
    assert {one["service_request_id"] for one in found} == {"C000001", "C000002"}
    assert asked("/open311/v2/requests/C000009.json").status_code == 404


def test_a_report_is_refused(client):
    form = {"service_code": "dirty_road", "description": "x"}
    assert client.post("/cities/small/open311/v2/requests.json", data=form).status_code == 403
    assert client.get("/cities/none/open311/v2/services.json").status_code == 404
