"""In a city with accounts, cases and alarms are read by accounts that may, on record; published figures by anybody."""

import shutil
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from tulou.app.accounts import open_trust
from tulou.app.api.application import application
from tulou.kernel.clock import now
from tulou.operations.trust.domain.accounts import Grant
from tulou.operations.trust.domain.requesters import Reader

PASSWORD = "three round houses"  # noqa: S105
KEEPER = Reader("", "", "account_keeper")
CLOSED = ("/cases", "/cases/C000001", "/alarms")
OPEN = ("", "/collections", "/checks", "/tracker", "/flows", "/sensors", "/processes", "/downloads")


@pytest.fixture
def guarded(operated, tmp_path, monkeypatch):
    for name in ("TULOU_TRUST", "TULOU_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    city = shutil.copytree(operated, tmp_path / "small.city")
    open_trust(city).switch_on("keeper", PASSWORD, moment=now())
    return city


@pytest.fixture
def get(guarded):
    with TestClient(application({"small": guarded}, ("testserver",)), raise_server_exceptions=False) as client:
        yield lambda path, token="": client.get(
            f"/cities/small{path}", headers={"Authorization": f"Bearer {token}"} if token else {}
        )


@pytest.fixture
def token_of(guarded):
    def made(name, role, body="", area=""):
        accounts, moment = open_trust(guarded).accounts, now()
        accounts.add(name, PASSWORD, by=KEEPER, moment=moment)
        since = (moment - timedelta(days=1)).date()
        accounts.grant(name, Grant(role, body, area, since), by=KEEPER, moment=moment)
        return accounts.authenticate(name, PASSWORD, moment=moment).token

    return made


def readings(city):
    return [one for one in open_trust(city).log.entries() if one.action == "case.read"]


@pytest.mark.parametrize("path", CLOSED)
def test_cases_and_alarms_ask_for_a_token(get, guarded, path):
    for token in ("", "none of ours"):
        answer = get(path, token)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert "dirty_road" not in answer.text
    assert readings(guarded) == []


@pytest.mark.parametrize("path", OPEN)
def test_what_is_published_asks_for_none(get, path):
    assert get(path).status_code == 200


@pytest.mark.parametrize(
    ("role", "body", "area"),
    [("dispatcher", "command_centre", ""), ("officer", "urban_management", "c1"), ("auditor", "", "")],
)
def test_an_account_that_may_reads_and_the_record_says_so_once_an_hour(get, guarded, token_of, role, body, area):
    token = token_of("wang", role, body, area)
    for path in CLOSED:
        assert get(path, token).status_code == 200
        assert get(path, token).status_code == 200
    found = readings(guarded)
    assert 2 <= len(found) <= 4, "a list and a case; an hour may begin in between"
    assert {(one.role, one.body, one.outcome) for one in found} == {(role, body, "granted")}
    assert "C000001" not in str(found), "the record tells nothing of the case but its digest"
    assert open_trust(guarded).log.audit() == []


def test_an_account_that_may_not_is_refused_each_time_on_record(get, guarded, token_of):
    token = token_of("li", "publisher")
    for _ in range(2):
        answer = get("/cases/C000001", token)
        assert (answer.status_code, answer.json()["faults"][0]["found"]) == (403, "case.read")
    assert [one.outcome for one in readings(guarded)] == ["refused", "refused"]


def test_the_description_says_which_requests_ask_for_a_token(guarded):
    paths = application({"small": guarded}).openapi()["paths"]
    for path in ("/cities/{city}/cases", "/cities/{city}/cases/{case}", "/cities/{city}/alarms"):
        assert paths[path]["get"]["security"], path
    assert not paths["/cities/{city}/checks"]["get"].get("security")
