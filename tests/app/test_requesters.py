"""Who asked comes in with a request: sealed apart or dropped; nothing of it in the city; the person sees who looked."""

import builtins
import json
import os
import sqlite3
import urllib.parse
import urllib.request
from datetime import UTC, datetime

import pytest

from app.line import contents, fine, refused
from operations.open311.conftest import answering, served
from operations.trust.desk import bytes_below
from tulou.app import exits
from tulou.app.accounts import open_trust
from tulou.app.casework import open_casework
from tulou.app.hotline import open_hotline
from tulou.app.open311_desk import open_desk
from tulou.app.requesters import Asker, RequesterDesk
from tulou.app.wiring import new_city
from tulou.kernel.clock import now
from tulou.kernel.errors import BadInput

NAME, PHONE, MAIL, HOME = "林阿妹秘密", "139-0000-1234", "amei.secret@example.org", "秘密里七号楼"
PLAIN = (NAME, PHONE, "13900001234", MAIL, HOME)
MAPPING = """
entity: request
id: id
columns:
  received: received
  title: title
  text: text
  requester_name: name
  requester_phone: phone
  requester_mail: mail
  requester_address: home
"""


@pytest.fixture(autouse=True)
def keys(tmp_path, monkeypatch):
    monkeypatch.setenv("TULOU_KEYS", str(tmp_path / "keys"))
    for name in ("TULOU_TRUST", "TULOU_REQUESTERS", "TULOU_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "keys"


@pytest.fixture
def city(tmp_path):
    place = tmp_path / "small.city"
    new_city(place, "Small")
    return place


@pytest.fixture
def table(tmp_path):
    """A table of three requests: one that tells who asked, in its text too; one of long ago; one of nobody."""
    today = now().date()
    rows = [
        "id,received,title,text,name,phone,mail,home",
        f"r1,{today} 00:00,{NAME}反映路灯,我叫{NAME}，住{HOME}，电话13900001234或{MAIL},{NAME},{PHONE},{MAIL},{HOME}",
        f"r2,2019-11-20 09:00,噪声,太吵,{NAME},{PHONE},,",
        f"r3,{today} 00:00,停车,占道,,,,",
    ]
    (tmp_path / "table").mkdir()
    (tmp_path / "table" / "requests.csv").write_text("\n".join(rows), "utf-8")
    (tmp_path / "table" / "mapping.yaml").write_text(MAPPING, "utf-8")
    return ("hotline", "import"), (
        tmp_path / "table" / "requests.csv",
        "--mapping",
        tmp_path / "table" / "mapping.yaml",
    )


def taken_in(city, table, *more, language="en"):
    return fine(*table[0], city, *table[1], *more, language=language)


def nowhere(*folders):
    for folder in folders:
        held = bytes_below(folder)
        for part in PLAIN:
            assert part.encode() not in held, (folder.name, part)


def test_who_asked_is_sealed_apart_and_nothing_of_it_is_in_the_city(city, table, tmp_path):
    told = taken_in(city, table, "--receipts", tmp_path / "receipts.csv")
    assert "sealed apart from the request for 1 requests" in told
    assert "dropped for 1 requests that came in before" in told
    trust = open_trust(city)
    nowhere(city, trust.home)
    tokens = {one.id: one.token for one in open_hotline(city).requests}
    assert tokens["r1"]
    assert not tokens["r2"]
    assert not tokens["r3"]
    fine("hotline", "accept", city, "r1")
    nowhere(city, trust.home)
    store = sqlite3.connect(next((city / "cases").glob("*.sqlite")))
    assert not [line for line in store.iterdump() for part in PLAIN if part in line]
    case = json.loads(fine("case", "show", city, "C000001", "--json"))
    assert tokens["r1"] in json.dumps(case)
    seen = fine("account", "reveal", city, tokens["r1"], "--matter", "r1", "--purpose", "call_back", "--body", "team")
    assert f"phone: {PHONE}" in seen
    assert f"name: {NAME}" in seen
    assert f"address: {HOME}" in seen


def test_the_person_sees_who_looked(city, table, tmp_path, monkeypatch):
    import io

    file = tmp_path / "receipts.csv"
    taken_in(city, table, "--receipts", file)
    assert file.stat().st_mode & 0o777 == 0o600
    (name, receipt) = file.read_text("utf-8").splitlines()[1].split(",")
    assert name == "r1"
    token = open_hotline(city).request("r1").token

    def looked(shown):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{shown}\n"))
        return json.loads(fine("account", "accesses", city, "--stdin", "--json"))

    assert looked(receipt) == []
    words = (token, "--matter", "r1", "--purpose", "contact", "--body", "water")
    fine("account", "reveal", city, *words)
    assert [(one["body"], one["purpose"]) for one in looked(receipt)] == [("water", "contact")]
    words = ("account", "receipt", city, token, "--matter", "r1", "--purpose", "person_asked", "--body", "hotline")
    fresh = fine(*words).splitlines()[0]
    assert [one["action"] for one in looked(fresh)] == ["requester.reveal", "requester.receipt"]
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{receipt}\n"))
    assert "no record has this receipt" in refused(exits.BAD_USE, "account", "accesses", city, "--stdin")
    assert "another matter" in refused(exits.BAD_USE, *words[:5], "r3", *words[6:])
    assert receipt.encode() not in bytes_below(city)
    assert fresh.encode() not in bytes_below(city, "")


def test_the_same_file_again_doubles_nobody(city, table):
    taken_in(city, table)
    before = contents(city)
    told = taken_in(city, table, language="zh")
    assert "此前已另存" in told
    assert contents(city) == before
    assert open_trust(city).vault.count() == 1


def test_a_key_that_may_be_read_by_others_means_that_who_asked_is_dropped(city, table, keys):
    taken_in(city, table)
    next(keys.glob("*.json")).chmod(0o644)
    table[1][0].write_text(table[1][0].read_text("utf-8").replace("r1,", "r9,"), "utf-8")
    told = taken_in(city, table)
    assert "dropped for 2 requests and is kept nowhere: the key file may be read by others" in told
    assert not open_hotline(city).request("r9").token
    assert open_hotline(city).request("r1").token, "what was kept before stays"
    nowhere(city)


def test_without_the_extra_who_asked_is_dropped_and_later_kept(city, table, monkeypatch):
    real = builtins.__import__

    def without(name, *words, **more):
        if name == "tulou.app.accounts":
            from tulou.kernel.errors import MissingExtra

            raise MissingExtra("cryptography", "server")
        return real(name, *words, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    told = taken_in(city, table)
    assert "dropped for 2 requests and is kept nowhere: this needs the library 'cryptography'" in told
    assert "tulou[server]" in told
    monkeypatch.undo()
    os.environ["TULOU_KEYS"] = str(city.parent / "keys")
    nowhere(city)
    assert not (city.parent / "small.city.trust").exists()
    assert "sealed apart from the request for 1 requests" in taken_in(city, table)
    assert open_hotline(city).request("r1").token
    del os.environ["TULOU_KEYS"]


def test_where_accounts_are_on_only_who_may_record_takes_requesters_in(city, table):
    moment = now()
    open_trust(city).switch_on("lin", "three round houses", moment=moment)
    assert "token" in refused(exits.BAD_USE, *table[0], city, *table[1])
    assert not open_hotline(city).requests
    assert not (city.parent / "small.city.trust" / "requesters.sqlite").exists()


def test_receipts_never_lie_in_the_city_nor_over_a_file(city, table, tmp_path):
    before = contents(city)
    assert "not into the folder" in refused(exits.BAD_USE, *table[0], city, *table[1], "--receipts", city / "r.csv")
    assert "never written over" in refused(exits.BAD_USE, *table[0], city, *table[1], "--receipts", table[1][0])
    refused(exits.BAD_USE, *table[0], city, *table[1], "--receipts", tmp_path / "none" / "r.csv", language="zh")
    assert contents(city) == before


def test_what_was_put_away_is_taken_back_when_the_requests_are_not_kept(city):
    asker = Asker("r1", now(), {"name": NAME})
    with pytest.raises(BadInput), RequesterDesk(city).putting_away([asker], now()):
        raise BadInput("the disk is full", where="requests")
    assert open_trust(city).vault.count() == 0


def test_a_mapping_has_a_token_or_columns_of_the_requester(city, table):
    table[1][2].write_text(MAPPING + "  token: home\n", "utf-8")
    assert "not both" in refused(exits.BAD_INPUT, *table[0], city, *table[1])
    table[1][2].write_text(MAPPING.replace("requester_name", "requester_mood"), "utf-8")
    assert "no such attribute" in refused(exits.BAD_INPUT, *table[0], city, *table[1])


KEY = "a-key-for-tests-only"
REPORT = {
    "api_key": KEY, "service_code": "exposed_rubbish", "lat": "26.08", "long": "119.3", "attribute[amount]": "cart",
    "description": f"{NAME} saw bags", "first_name": "阿妹秘密", "last_name": "林", "phone": PHONE, "email": MAIL,
    "device_id": "device-7", "account_id": "account-7",
}  # fmt: skip


def posted(url, fields):
    body = urllib.parse.urlencode(fields).encode()
    with urllib.request.urlopen(f"{url}/requests.json", data=body) as answer:  # noqa: S310  (this machine)
        return json.load(answer)[0]


def test_open311_puts_who_reports_away_as_the_hotline_does(own):
    pytest.importorskip("fastapi")
    from tulou.app.open311_server import application

    with served(application(open_desk(own, "en"), keys=(KEY,))) as url:
        told = posted(url, REPORT)
        shown = urllib.request.urlopen(f"{url}/requests/{told['service_request_id']}.json").read()  # noqa: S310
        quiet = posted(
            url,
            {
                key: value
                for key, value in REPORT.items()
                if key in {"api_key", "service_code", "lat", "long", "attribute[amount]"}
            },
        )
    receipt = told["service_notice"].partition("The receipt ")[2].split()[0]
    assert quiet["service_notice"] is None
    case = open_casework(own).standing(told["service_request_id"], now())[0].case
    fields = case.fields
    assert fields["requester"].encode() not in shown
    trust = open_trust(own)
    nowhere(own, trust.home)
    assert b"device-7" not in bytes_below(own.parent)
    words = (
        "account",
        "reveal",
        own,
        fields["requester"],
        "--matter",
        fields["reference"],
        "--purpose",
        "contact",
        "--body",
        "x",
    )
    seen = fine(*words)
    assert f"name: {NAME}" in seen
    assert f"mail: {MAIL}" in seen
    assert [one.body for one in trust.accesses_of(receipt)] == ["x"]


def test_open311_says_when_who_reports_was_not_kept(own, keys):
    pytest.importorskip("fastapi")
    from tulou.app.open311_server import application

    keys.write_text("no folder", "utf-8")
    with served(application(open_desk(own, "zh"), keys=(KEY,))) as url:
        told = posted(url, REPORT)
    assert told["service_notice"] == "上报人信息未保存。"
    nowhere(own)
    assert "requester" not in open_casework(own).standing(told["service_request_id"], now())[0].case.fields


def test_what_is_pulled_tells_who_asked_only_to_the_store(city, tmp_path):
    moment = datetime.now(UTC).isoformat(timespec="seconds")
    record = {
        "service_request_id": "77", "status": "open", "requested_datetime": moment, "service_name": "lamp",
        "description": f"Ms {NAME}: dark", "first_name": "阿妹秘密", "last_name": "林", "phone": PHONE, "email": MAIL,
    }  # fmt: skip

    def answers(path):
        found = [] if "services" in path or "page=1" not in path else [record]
        return 200, {}, json.dumps(found).encode()

    today = str(now().date())
    with answering(answers) as (url, _):
        words = ("open311", "pull", city, "--url", url, "--from", today, "--until", today)
        told = fine(*words, "--receipts", tmp_path / "receipts.csv")
        before = contents(city)
        assert "sealed apart before for 1 requests" in fine(*words)
    assert "1 requests taken in" in told
    assert "sealed apart from the request for 1 requests" in told
    assert contents(city) == before
    nowhere(city, open_trust(city).home)
    one = open_hotline(city).request("77")
    assert "dark" in one.text
    seen = fine("account", "reveal", city, one.token, "--matter", "77", "--purpose", "contact", "--body", "x")
    assert f"name: {NAME}" in seen
