"""SensorThings as OGC 18-088 shows it: entities, links, what is expanded, selected, sorted, filtered, sent in."""

import io
import json
import shutil

import pytest
from starlette.testclient import TestClient

from app.line import fine
from tulou.app.accounts import open_trust
from tulou.app.alarms import open_alarms
from tulou.app.api.application import application
from tulou.app.casework import open_casework
from tulou.operations.alarms.adapters.sensorthings import read_things

AT = "/sensorthings/v1.1"
GAS = f"{AT}/Datastreams('gas-01')"
WHOLE = "Locations,Datastreams($expand=Sensor,ObservedProperty)"
ARRAY = [
    {
        "Datastream": {"@iot.id": "gas-03"},
        "components": ["phenomenonTime", "result", "FeatureOfInterest/id"],
        "dataArray@iot.count": 2,
        "dataArray": [["2026-11-27T05:00:00Z", 20, 1], ["2026-11-27T05:01:00Z", 130, 1]],
    },
    {
        "Datastream": {"@iot.id": "nobody"},
        "components": ["phenomenonTime", "result"],
        "dataArray": [["2026-11-27T05:00:00Z", 65]],
    },
]
"""In the form of the standard's example, section 13.1.2, with a datastream that is not there."""


@pytest.fixture(scope="module")
def work(operated):
    return open_alarms(operated)


@pytest.fixture
def sending(operated, tmp_path):
    """A copy of the city that readings can be sent to."""
    path = tmp_path / "small.city"
    shutil.copytree(operated, path)
    with TestClient(application({"small": path}), base_url="http://127.0.0.1", raise_server_exceptions=False) as found:
        yield path, lambda to, body, **more: found.post(f"/cities/small{AT}{to}", json=body, **more)


def test_the_root_names_its_sets_and_what_is_done_of_the_standard(asked):
    found = asked(AT).json()
    names = [one["name"] for one in found["value"]]
    assert names == ["Things", "Locations", "Datastreams", "Sensors", "ObservedProperties", "Observations"]
    assert all(one["url"].endswith(f"{AT}/{one['name']}") for one in found["value"])
    assert any(one.endswith("data-array/data-array") for one in found["serverSettings"]["conformance"])


def test_an_entity_has_its_links_and_they_lead_where_they_say(asked):
    """Section 8: selfLink, navigationLinks; section 9.2: paths to related entities."""
    thing = asked(f"{AT}/Things('pipe/s12')").json()
    assert thing["@iot.id"] == "pipe/s12"
    assert thing["@iot.selfLink"].endswith("/Things('pipe/s12')")
    assert thing["Datastreams@iot.navigationLink"].endswith("/Things('pipe/s12')/Datastreams")
    streams = asked(f"{AT}/Things('pipe/s12')/Datastreams").json()["value"]
    assert [one["@iot.id"] for one in streams] == ["sewer-03"]
    assert asked(f"{GAS}/Thing").json()["@iot.id"] == "manhole/m7"
    assert asked(f"{GAS}/ObservedProperty").json()["name"] == "methane"
    assert asked(f"{AT}/ObservedProperties('methane')/Datastreams", **{"$count": "true"}).json()["@iot.count"] == 2
    for time in ("99999999999999999999", "²", "", "-1"):
        assert asked(f"{AT}/Observations('gas-01/{time}')").status_code == 404
    for path in (f"{AT}/Things('none')", f"{AT}/Nothings", f"{GAS}/Locations", f"{AT}/Things", f"{GAS}/Sensor"):
        assert asked(path).status_code == (200 if path.endswith(("/Things", "/Sensor")) else 404)


def test_what_is_expanded_is_told_in_full_and_a_city_comes_back_out_of_it(asked, work):
    things = asked(f"{AT}/Things", **{"$expand": WHOLE}).json()
    read = {one.sensor.id: one for one in read_things(json.dumps(things), "answer")}
    assert read == {one.sensor.id: one for one in work.placed}
    newest = "Observations($top=1;$orderby=phenomenonTime desc;$select=result)"
    found = asked(GAS, **{"$expand": f"Thing,{newest}", "$select": "name,unitOfMeasurement"}).json()
    assert set(found) == {"name", "unitOfMeasurement", "Thing", "Observations"}
    assert found["Observations"] == [{"result": work.store.series("gas-01", 0, 2**62)[1][-1]}]
    deep = asked(f"{AT}/Things('manhole/m7')", **{"$expand": "Datastreams/ObservedProperty"}).json()
    assert [one["ObservedProperty"]["name"] for one in deep["Datastreams"]] == ["methane", "ethane"]


def test_entities_are_counted_selected_sorted_and_paged(asked):
    found = asked(f"{AT}/Datastreams", **{"$select": "id", "$orderby": "name desc", "$top": 2, "$count": "true"}).json()
    assert (found["@iot.count"], found["value"]) == (6, [{"@iot.id": "water-05"}, {"@iot.id": "sewer-03"}])
    assert "%24skip=2" in found["@iot.nextLink"] or "$skip=2" in found["@iot.nextLink"]
    assert "@iot.count" not in asked(f"{AT}/Datastreams").json()


def test_observations_are_filtered_by_time_and_result_and_sorted(asked, work):
    _, value = work.store.series("gas-01", 0, 2**62)
    span = "phenomenonTime ge 2026-11-27T01:00:00Z and phenomenonTime lt 2026-11-27T02:00:00Z"
    found = asked(f"{GAS}/Observations", **{"$filter": span, "$count": "true"}).json()
    assert (found["@iot.count"], found["value"][0]["phenomenonTime"]) == (60, "2026-11-27T01:00:00Z")
    high = asked(f"{GAS}/Observations", **{"$filter": "result gt 100", "$orderby": "result desc", "$top": 3}).json()
    assert [one["result"] for one in high["value"]] == sorted(value[value > 100].tolist(), reverse=True)[:3]
    one = found["value"][0]
    again = asked(f"{AT}/Observations('{one['@iot.id']}')", **{"$expand": "Datastream"}).json()
    assert (again["result"], again["Datastream"]["@iot.id"]) == (one["result"], "gas-01")


@pytest.mark.parametrize(
    ("path", "query", "where"),
    [
        (f"{GAS}/Observations", {"$filter": "result above 3"}, "$filter"),
        (f"{GAS}/Observations", {"$orderby": "name"}, "$orderby"),
        (f"{GAS}/Observations", {"$top": "-1"}, "query.$top"),
        (f"{AT}/Things", {"$filter": "name eq 'x'"}, "$filter"),
        (f"{AT}/Things", {"$orderby": "properties"}, "$orderby"),
        (f"{AT}/Things", {"$expand": "Sensors"}, "$expand"),
        (f"{AT}/Things", {"$expand": "Datastreams/Thing/Datastreams/Thing/Datastreams/Thing"}, "$expand"),
        (GAS, {"$expand": "Observations($top=many)"}, "$top"),
    ],
)
def test_what_cannot_be_asked_is_told_where(asked, path, query, where):
    answer = asked(path, **query)
    assert (answer.status_code, answer.json()["faults"][0]["where"]) == (400, where)


def test_a_data_array_is_kept_judged_and_answered_row_by_row(sending):
    city, send = sending
    answer = send("/CreateObservations", ARRAY)
    assert answer.status_code == 201
    told = answer.json()
    assert [one.rpartition("/v1.1/")[2] for one in told] == [
        "Observations('gas-03/1795755600000')", "Observations('gas-03/1795755660000')", "error",
    ]  # fmt: skip
    work = open_alarms(city)
    assert work.store.series("gas-03", 1795755600000, 1795755660001)[1].tolist() == [20.0, 130.0]
    raised = [one for one in work.alarms if one.sensor == "gas-03" and one.is_standing]
    assert raised
    cases = open_casework(city)
    assert {one.by for one in cases.store.events()} >= {"alarm_intake"}
    assert work.replay_faults() == []


def test_one_observation_is_made_and_found_at_its_address(sending):
    city, send = sending
    answer = send("/Datastreams('gas-01')/Observations", {"phenomenonTime": "2026-11-27T05:00:00Z", "result": 7.5})
    assert (answer.status_code, answer.json()["result"]) == (201, 7.5)
    assert answer.headers["Location"] == answer.json()["@iot.selfLink"]
    assert answer.headers["Location"].endswith("Observations('gas-01/1795755600000')")
    now = send("/Observations", {"result": None, "Datastream": {"@iot.id": "gas-01"}})
    assert (now.status_code, now.json()["result"]) == (201, None)
    assert len(open_alarms(city).store.series("gas-01", 1795755600000, 2**62)[0]) == 2


@pytest.mark.parametrize(
    ("to", "body", "status"),
    [
        ("/CreateObservations", [], 400),
        ("/CreateObservations", [{"Datastream": {"@iot.id": "gas-01"}}], 400),
        ("/CreateObservations", ARRAY[1:], 400),
        ("/Observations", {"result": 1}, 400),
        ("/Observations", {"result": "much", "Datastream": {"@iot.id": "gas-01"}}, 400),
        ("/Observations", {"result": 1, "phenomenonTime": "soon", "Datastream": {"@iot.id": "gas-01"}}, 400),
        ("/Datastreams('none')/Observations", {"result": 1}, 404),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_is_kept(sending, to, body, status):
    city, send = sending
    before = len(list(open_alarms(city).store.frames()))
    assert send(to, body).status_code == status
    assert len(list(open_alarms(city).store.frames())) == before


def test_while_another_process_takes_readings_it_is_told_as_a_conflict(sending):
    city, send = sending
    with open_alarms(city).writing():
        assert send("/CreateObservations", ARRAY[:1]).status_code == 409


def test_where_there_are_accounts_a_gateway_shows_its_token(sending, tmp_path, monkeypatch):
    city, send = sending
    monkeypatch.setenv("TULOU_KEYS", str(tmp_path / "keys"))
    monkeypatch.setattr("sys.stdin", io.StringIO("three round houses\n"))
    fine("account", "on", city, "lin", "--stdin")
    assert send("/CreateObservations", ARRAY[:1]).status_code == 401
    trust = open_trust(city)
    from tulou.kernel.clock import now
    from tulou.operations.trust.domain.accounts import Grant
    from tulou.operations.trust.domain.requesters import Reader

    keeper, moment = Reader("", "a", "account_keeper"), now()
    for name, role in (("box", "sensor_gateway"), ("chen", "dispatcher")):
        trust.accounts.add(name, "seven square wells", by=keeper, moment=moment)
        trust.accounts.grant(name, Grant(role, "gas", "", moment.date()), by=keeper, moment=moment)
    token = {
        name: trust.accounts.authenticate(name, "seven square wells", moment=moment).token for name in ("box", "chen")
    }
    for name, status in (("chen", 403), ("box", 201)):
        sent = send("/CreateObservations", ARRAY[:1], headers={"Authorization": f"Bearer {token[name]}"})
        assert sent.status_code == status
    bound = {"Authorization": f"Bearer {token['box']}"}
    assert send("/Observations", {"result": 1, "Datastream": {"@iot.id": "gas-01"}}, headers=bound).status_code == 201
