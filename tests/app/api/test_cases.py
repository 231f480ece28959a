"""Cases over HTTP: what the command line says and does, without who signed; nobody acts who may not."""

import base64
import json
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

ADDRESS = "/cities/small/cases"
TAKEN = {"move": "ask_extension", "by": "urban_management", "reason": "rain"}
PASSWORD = "three round houses"  # noqa: S105
KEEPER = Reader("", "", "account_keeper")


@pytest.fixture
def own(operated, tmp_path):
    return shutil.copytree(operated, tmp_path / "small.city")


@pytest.fixture
def post(own):
    """Acts on a copy of the city."""

    def sent(case="C000001", host="testserver", token="", **body):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        with TestClient(application({"small": own}, ("testserver",)), f"http://{host}",
                        raise_server_exceptions=False) as client:  # fmt: skip
            return client.post(f"{ADDRESS}/{case}/act", json=body, headers=headers)

    return sent


@pytest.fixture
def token(own, monkeypatch):
    """The token of a dispatcher of the command centre, in a city whose accounts are on."""
    for name in ("TULOU_TRUST", "TULOU_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    trust, moment = open_trust(own), now()
    trust.switch_on("keeper", PASSWORD, moment=moment)
    trust.accounts.add("wang", PASSWORD, by=KEEPER, moment=moment)
    since = (moment - timedelta(days=1)).date()
    trust.accounts.grant("wang", Grant("dispatcher", "command_centre", "", since), by=KEEPER, moment=moment)
    return trust.accounts.authenticate("wang", PASSWORD, moment=moment).token


def events(own):
    return len(open_casework(own).store.events())


def test_cases_are_listed_with_their_clocks(asked):
    found = asked("/cases", at="2026-03-02T10:00").json()
    assert (found["matched"], found["overdue"]) == (2, 0)
    first = found["cases"][0]
    assert (first["case"], first["state"], first["body"]) == ("C000001", "handling", "urban_management")
    assert [one["kind"] for one in first["deadlines"]] == ["state"]
    later = asked("/cases", at="2026-06-01").json()
    assert later["overdue"] == 2
    assert later["cases"][0]["deadlines"][0]["overdue"]
    assert asked("/cases", at="2026-01-01").json()["matched"] == 0


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ({"state": "handling"}, ["C000001"]),
        ({"body": "urban_management"}, ["C000001"]),
        ({"class": "dirty_road"}, ["C000001", "C000002"]),
        ({"flow": "hidden_danger"}, []),
        ({"overdue": "true", "at": "2026-03-02T09:30"}, []),
        ({"limit": 1, "offset": 1}, ["C000002"]),
    ],
)
def test_cases_are_chosen(asked, query, kept):
    assert [one["case"] for one in asked("/cases", **query).json()["cases"]] == kept


def test_one_case_says_what_may_be_done_and_by_whom(asked):
    found = asked("/cases/C000001", lang="en").json()
    may = {one["move"]: one for one in found["now"]}
    assert set(may) == {"ask_extension", "suspend", "reach", "feed_back"}
    assert may["feed_back"]["bodies"] == ["urban_management"]
    assert may["feed_back"]["needs"] == ["evidence"]
    assert [one["move"] for one in found["events"]] == ["", "accept", "file", "dispatch", "take_up"]
    assert found["says"]["state"] == "Being handled"
    assert asked("/cases/C000001").json()["says"]["state"] == "处置中"


def test_neither_who_signed_nor_numbers_of_persons_are_told(asked):
    for path in ("/cases", "/cases/C000001", "/cases/C000002", "/open311/v2/requests.json"):
        text = asked(path, start_date="2026-03-01T00:00:00Z", end_date="2026-03-31T00:00:00Z").text
        assert "Li Ming" not in text
        assert PHONE not in text
    assert "［号码略］" in asked("/cases/C000002").json()["title"]


def test_a_transition_is_made_as_the_command_line_makes_it(post, own):
    before = events(own)
    answer = post(**TAKEN)
    assert answer.status_code == 200, answer.text
    assert answer.json()["state"] == "extension_asked"
    assert answer.json()["events"][-1]["reason"] == "rain"
    assert events(own) == before + 1
    open_casework(own).verify()


def test_evidence_is_kept_by_its_digest_and_its_name_is_not_told(post, own):
    photo = {"name": "photo of wang.jpg", "value": base64.b64encode(b"a picture").decode(), "encoding": "base64"}
    answer = post(move="feed_back", by="urban_management", evidence=photo)
    assert answer.status_code == 200, answer.text
    assert answer.json()["events"][-1]["evidence"]["bytes"] == len(b"a picture")
    assert "wang" not in answer.text
    (kept,) = [one for one in (own / "cases" / "files").rglob("*") if one.is_file()]
    assert kept.read_bytes() == b"a picture"
    open_casework(own).verify()


@pytest.mark.parametrize(
    ("body", "where", "allowed"),
    [
        ({"move": "feed_back", "by": "urban_management"}, "C000001: feed_back", "evidence"),
        ({"move": "close", "by": "supervision_centre"}, "C000001: handling", None),
        ({"move": "feed_back", "by": "command_centre"}, "C000001: feed_back", None),
        (TAKEN | {"happened": "2030-01-01T00:00"}, "happened", None),
        (TAKEN | {"happened": "0001-01-01T00:00"}, "happened", None),
        (TAKEN | {"limit": "soon"}, "limit", None),
        (TAKEN | {"reason": "\x00"}, "reason", None),
        ({"move": "feed_back", "by": "urban_management", "evidence": {"name": "../x", "value": "x"}}, "evidence", None),
        (TAKEN | {"evidence": {"name": "x", "value": "?", "encoding": "base64"}}, "evidence", None),
        (TAKEN | {"score": 3}, "body.score", None),
    ],
)
def test_what_may_not_be_done_is_told_in_the_words_of_the_request(post, own, body, where, allowed):
    before = events(own)
    answer = post(**body)
    assert answer.status_code == 400, answer.text
    fault = answer.json()["faults"][0]
    assert fault["where"] == where
    assert allowed is None or allowed in fault["allowed"]
    assert events(own) == before


@pytest.mark.parametrize(
    ("given", "where"),
    [('"by": "\\ud800"', "body.by"), ('"by": "x", "fields": {"cell": "\\ud800"}', "fields"),
     ('"by": "x", "fields": {"\\udfff": 1}', "fields")],
)  # fmt: skip
def test_half_a_character_is_told_and_not_kept(operated, given, where):
    body = f'{{"move": "take_up", {given}}}'
    with TestClient(application({"small": operated}, ("testserver",)), raise_server_exceptions=False) as client:
        answer = client.post(f"{ADDRESS}/C000001/act", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["faults"][0]["where"]) == (400, where)


def test_a_case_that_is_not_there(asked, post):
    assert asked("/cases/C000009").status_code == 404
    assert post("C000009", **TAKEN).status_code == 404
    assert asked("/cases", at="soon").json()["faults"][0]["where"] == "at"
    assert asked("/cases/C000001", at="2020-01-01").status_code == 400


def test_a_city_without_accounts_is_changed_from_this_machine_only(post, own):
    before = events(own)
    answer = post(host="elsewhere.example", **TAKEN)
    assert (answer.status_code, answer.json()["faults"][0]["where"]) == (403, "Host")
    assert events(own) == before


def test_a_city_with_accounts_asks_for_a_token(post, own, token, monkeypatch):
    before = events(own)
    monkeypatch.setenv("TULOU_TOKEN", token)
    for given in ("", "no token"):
        answer = post(token=given, **TAKEN)
        assert answer.status_code == 401, "the token of the server itself is nobody's"
        assert answer.headers["www-authenticate"] == "Bearer"
    assert post(token=token, **TAKEN).status_code == 403, "another body"
    assert events(own) == before
    suspended = post(token=token, move="suspend", by="command_centre", reason="rain")
    assert suspended.json()["state"] == "suspended"


def test_the_whole_is_json_that_has_no_nan(asked):
    assert json.loads(asked("/cases").text, parse_constant=lambda _: pytest.fail("not JSON"))
