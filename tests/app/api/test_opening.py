"""Cases are opened over HTTP as the command line opens them, and their clocks are told."""

import base64
import shutil
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from app.api.conftest import PHONE
from tulou.app.accounts import open_trust
from tulou.app.api.application import application
from tulou.app.casework import open_casework
from tulou.kernel.clock import now
from tulou.operations.trust.domain.accounts import Grant
from tulou.operations.trust.domain.requesters import Reader

MUD = {"by": "supervision_centre", "class": "dirty_road", "text": "mud on the road", "place": "c1"}
PASSWORD = "three round houses"  # noqa: S105
KEEPER = Reader("", "", "account_keeper")


@pytest.fixture
def small(operated, tmp_path):
    return shutil.copytree(operated, tmp_path / "small.city")


@pytest.fixture
def client(small):
    with TestClient(application({"small": small}, ("testserver",)), raise_server_exceptions=False) as found:
        yield found


@pytest.fixture
def checked(own):
    """Acts on the synthetic city with its check."""
    with TestClient(application({"own": own}, ("testserver",)), raise_server_exceptions=False) as found:
        yield found


@pytest.fixture
def opened(client):
    def sent(token="", lang="en", **body):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return client.post("/cities/small/cases", json=body, headers=headers, params={"lang": lang})

    return sent


def events(own):
    return len(open_casework(own).store.events())


def test_a_matter_is_opened_and_its_address_is_told(opened, client, small):
    answer = opened(**MUD, fields={"channel": "patrol", "point": [119.3, 26.07]})
    assert answer.status_code == 201, answer.text
    found = answer.json()
    assert (found["case"], found["state"], found["class"]) == ("C000003", "reported", "dirty_road")
    assert found["fields"] == {"channel": "patrol", "point": [119.3, 26.07]}
    told = {one["field"]["title"]: one["value"] for one in found["stated"]}
    assert told == {"Channel": "patrol", "Place": [119.3, 26.07]}
    assert client.get(answer.headers["Location"]).json()["case"] == "C000003"
    open_casework(small).verify()


def test_evidence_of_an_opening_is_kept(opened, small):
    photo = {"name": "wang.jpg", "value": base64.b64encode(b"mud").decode(), "encoding": "base64"}
    answer = opened(**MUD, evidence=photo)
    assert answer.json()["events"][0]["evidence"]["bytes"] == len(b"mud")
    assert "wang" not in answer.text
    open_casework(small).verify()


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"text": " "}, "text"),
        ({"text": "x" * 5000}, "body.text"),
        ({"by": "urban_management"}, "by"),
        ({"by": "nobody"}, "by"),
        ({"class": "dirty_raod"}, "class"),
        ({"flow": "no_flow"}, "flow"),
        ({"flow": "hidden_danger"}, "flow"),
        ({"fields": {"point": "here"}}, "dirty_road: point"),
        ({"fields": {"colour": "red"}}, "dirty_road"),
        ({"fields": {"cell": "\ud800"}}, "fields"),
        ({"place": "a\x00b"}, "place"),
        ({"happened": "2030-01-01T00:00"}, "happened"),
        ({"happened": "soon"}, "happened"),
        ({"evidence": {"name": "../x", "value": "x"}}, "evidence"),
        ({"who": "\x07"}, "who"),
        ({"score": 1}, "body.score"),
        ({"finding": "no/finding"}, "class"),
    ],
)
def test_what_may_not_be_opened_is_told_at_its_field(client, small, given, where):
    before = events(small)
    asked = MUD | given
    if given.get("fields", {}).get("cell"):
        asked = {}
        answer = client.post("/cities/small/cases", content='{"by": "x", "fields": {"cell": "\\ud800"}}',
                             headers={"Content-Type": "application/json"})  # fmt: skip
    else:
        answer = client.post("/cities/small/cases", json=asked)
    assert answer.status_code == 400, answer.text
    assert answer.json()["faults"][0]["where"] == where
    assert events(small) == before


def test_the_nearest_class_is_offered(opened):
    assert opened(**MUD | {"class": "dirty_raod"}).json()["faults"][0]["guess"] == "dirty_road"


def test_a_case_about_a_finding_keeps_its_chain(checked):
    open_it = lambda finding: checked.post("/cities/own/cases", json={"by": "check_office", "finding": finding})  # noqa: E731
    assert open_it("nothing/here").json()["faults"][0]["where"] == "finding"
    finding = checked.get("/cities/own/checks/newest/findings").json()["features"][0]
    answer = open_it(finding["id"])
    assert answer.status_code == 201, answer.text
    about = answer.json()["about"]
    assert (about["finding"], about["indicator"]) == (finding["id"], finding["properties"]["indicator"])
    assert about["chain"]
    again = open_it(finding["id"])
    assert (again.status_code, again.json()["faults"][0]["allowed"]) == (400, ["C000001"])
    listed = checked.get("/cities/own/cases", params={"finding": finding["id"]}).json()
    assert [one["case"] for one in listed["cases"]] == ["C000001"]
    assert checked.get("/cities/own/cases", params={"finding": "x"}).json()["matched"] == 0


def test_who_handled_a_case_is_kept_from_verifying_it_and_told_why(checked):
    finding = checked.get("/cities/own/checks/newest/findings").json()["features"][0]["id"]
    assert checked.post("/cities/own/cases", json={"by": "check_office", "finding": finding}).status_code == 201
    photo = {"name": "x.jpg", "value": "eA=="}
    steps = (
        {"move": "assign", "by": "check_office", "body": "emergency", "limit": "15 working_day"},
        {"move": "take_up", "by": "emergency", "reason": "works in May", "who": "Chen"},
        {"move": "report", "by": "emergency", "evidence": photo},
    )
    for step in steps:
        answer = checked.post("/cities/own/cases/C000001/act", json=step, params={"lang": "en"})
        assert answer.status_code == 200, answer.text
    way = {one["move"]: one for one in answer.json()["now"]}["pass"]
    assert way["bodies"] == ["check_office"]
    assert way["kept_apart"] == [
        {"body": "emergency", "title": "Emergency management department",
         "did": ["Take up: who and how", "Report as done"]}
    ]  # fmt: skip
    refused = {"move": "pass", "by": "emergency", "evidence": photo}
    assert checked.post("/cities/own/cases/C000001/act", json=refused).status_code == 400


def test_a_city_without_a_check_has_no_findings(opened):
    assert opened(by="check_office", finding="road_density/city").status_code == 409


def test_opening_asks_for_an_account_where_there_are_accounts(opened, small, monkeypatch):
    for name in ("TULOU_TRUST", "TULOU_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    trust, moment = open_trust(small), now()
    trust.switch_on("keeper", PASSWORD, moment=moment)
    trust.accounts.add("wang", PASSWORD, by=KEEPER, moment=moment)
    since = (moment - timedelta(days=1)).date()
    trust.accounts.grant("wang", Grant("operator", "supervision_centre", "", since), by=KEEPER, moment=moment)
    token = trust.accounts.authenticate("wang", PASSWORD, moment=moment).token
    before = events(small)
    assert opened(**MUD).status_code == 401
    assert opened(token, **MUD | {"by": "command_centre"}).status_code == 403
    assert events(small) == before
    assert opened(token, **MUD).status_code == 201


def test_flows_say_who_opens_what_with_which_fields(client):
    found = {one["id"]: one for one in client.get("/cities/small/flows", params={"lang": "en"}).json()["flows"]}
    city = found["city_management"]
    assert (city["about"], found["hidden_danger"]["about"]) == ("matter", "finding")
    assert [one["id"] for one in city["opened_by"]] == ["supervision_centre"]
    assert [one["id"] for one in found["hidden_danger"]["opened_by"]] == ["check_office"]
    road = next(one for one in city["classes"] if one["id"] == "dirty_road")
    assert road["limits"] == [{"state": "Being handled", "amount": 5, "unit": "working_hour"}]
    fields = {one["id"]: one for one in road["fields"]}
    assert [one["id"] for one in fields["channel"]["values"]] == ["patrol", "public", "camera", "transferred"]
    assert "filed_rightly" not in fields, "a later step states it"


def test_clocks_tell_what_is_used_and_left(client):
    asked = lambda at: client.get("/cities/small/cases/C000001", params={"at": at, "lang": "en"}).json()["clocks"]  # noqa: E731
    clocks = asked("2026-03-02T10:30")
    state, whole = clocks["state"], clocks["whole"]
    assert (state["limit"], state["unit"], state["used"], state["left"]) == (5, "working_hour", 1.5, 3.5)
    assert (state["overdue"], state["paused"], state["certainty"]) == (False, None, "set")
    assert (whole["limit"], whole["left"], whole["unit"], whole["used"]) == (None, None, "working_hour", 1.5)
    late = asked("2026-03-03T10:00")["state"]
    assert late["overdue"]
    assert late["left"] == 5 - late["used"] < 0


def test_a_clock_that_stands_says_why(client):
    act = {
        "move": "suspend",
        "by": "command_centre",
        "reason": f"typhoon, call {PHONE}",
        "happened": "2026-03-02T10:30",
    }
    assert client.post("/cities/small/cases/C000001/act", json=act).status_code == 200
    found = client.get("/cities/small/cases/C000001", params={"at": "2026-03-05"}).json()
    state = found["clocks"]["state"]
    assert (state["used"], state["certainty"], state["due"]) == (1.5, "paused", None)
    assert state["paused"]["reason"].startswith("typhoon")
    assert PHONE not in str(found)
    assert found["pauses"] == [state["paused"]]


def test_states_are_counted_whatever_state_is_chosen(client):
    found = client.get("/cities/small/cases", params={"at": "2026-06-01", "state": "handling", "lang": "en"}).json()
    told = {one["state"]: (one["title"], one["count"], one["overdue"]) for one in found["states"]}
    assert told == {"reported": ("Reported", 1, 1), "handling": ("Being handled", 1, 1)}
    assert found["matched"] == 1


def test_what_presses_comes_first_where_that_is_asked(client):
    asked = lambda at: [  # noqa: E731
        one["case"] for one in client.get("/cities/small/cases", params={"order": "due", "at": at}).json()["cases"]
    ]
    assert asked("2026-03-02T10:30") == ["C000002", "C000001"], "due within an hour, then within five"
    assert client.get("/cities/small/cases", params={"order": "who"}).status_code == 400
