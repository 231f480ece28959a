"""Server and client against each other on a loopback port: services, reports, requests, pages, errors, both formats."""

import json
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from operations.hotline.mappings import BALTIMORE
from operations.open311.conftest import served
from shared_data import shared
from tulou.app.open311_desk import RecordDesk
from tulou.kernel.errors import BadInput, BadUse
from tulou.operations.hotline.adapters.records import read_records
from tulou.operations.hotline.domain.request import Request
from tulou.operations.open311.client import Endpoint
from tulou.operations.open311.mapping import taken_in
from tulou.operations.open311.records import Attribute, Receipt, Service, Submission
from tulou.sources.mapping import read_mapping

pytest.importorskip("fastapi")

NOW = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)
KEY = "a-key-for-tests-only"
AMOUNT = Attribute(
    "amount", "singlevaluelist", "How much?", is_required=True, values=(("bag", "A bag"), ("cart", "A cart"))
)
WHEN = Attribute("when", "datetime", "When?", order=2)
SERVICES = (
    Service("rubbish", "Rubbish & <waste>", "Lies about", "City", "realtime", ("垃圾", "waste"), (AMOUNT, WHEN)),
    Service("lamp", "路灯", group="Power", kind="batch"),
)


def requests(count=7):
    return [
        Request(
            f"R{n}", NOW - timedelta(days=10 * n, hours=1), title="mud", text=f"mud, call 13812345678 <{n}> & \x01so",
            category=("City", "mud"), address="Lake Road 1", lon=119.3, lat=26.08, body="urban_management",
            due=NOW, status="handling", token=f"secret-{n}", channel="phone",
        )
        for n in range(count)
    ]  # fmt: skip


class Desk(RecordDesk):
    """Takes reports, and gives a token for what is only dealt with later."""

    def __init__(self, records):
        super().__init__(records, NOW)
        self.taken = []

    def services(self):
        return SERVICES

    def receive(self, submission):
        self.taken.append(submission)
        if submission.service_code == "lamp":
            return Receipt("", "T1", "later")
        return Receipt("N1")

    def by_token(self, token):
        return {"T1": "R9", "T2": ""}.get(token)


@pytest.fixture
def desk():
    return Desk(requests())


@pytest.fixture
def url(desk):
    from tulou.app.open311_server import application

    with served(application(desk, keys=(KEY,), jurisdiction="city.example")) as address:
        yield address


def got(url, path):
    try:
        with urllib.request.urlopen(f"{url}/{path}") as answer:  # noqa: S310  (a loopback address)
            return answer.status, answer.headers["Content-Type"], answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Content-Type"], error.read()


@pytest.mark.parametrize("form", ["json", "xml"])
def test_services_and_definitions(url, form):
    end = Endpoint(url, form=form)
    found = end.services()
    assert found == tuple(replace(one, attributes=()) for one in SERVICES)
    assert end.attributes("rubbish") == (AMOUNT, WHEN)
    assert end.attributes("lamp") == ()
    with pytest.raises(BadInput, match="refused") as told:
        end.attributes("mud")
    assert "404: service_code was not found" in told.value.faults[0].found


@pytest.mark.parametrize("form", ["json", "xml"])
def test_reports_are_taken_without_who(url, desk, form):
    sent = Submission("rubbish", "bags & <cans>\nby the lake", 26.08, 119.3, answers=(("amount", ("cart",)),))
    end = Endpoint(url, key=KEY, form=form)
    assert end.report(sent) == Receipt("N1")
    assert desk.taken == [sent]
    later = end.report(Submission("lamp", address="Lake Road"))
    assert (later.token, later.service_request_id) == ("T1", "")
    assert (end.by_token("T1"), end.by_token("T2")) == ("R9", "")
    with pytest.raises(BadInput, match="refused"):
        end.by_token("T9")


def posted(url, fields, kind="application/x-www-form-urlencoded", form="json"):
    body = fields if isinstance(fields, bytes) else urllib.parse.urlencode(fields).encode()
    asked = urllib.request.Request(f"{url}/requests.{form}", data=body, headers={"Content-Type": kind})  # noqa: S310
    try:
        with urllib.request.urlopen(asked) as answer:  # noqa: S310
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


GOOD = {"service_code": "rubbish", "lat": "26.08", "long": "119.3", "attribute[amount]": "bag", "api_key": KEY}


@pytest.mark.parametrize(("change", "status", "said"), [
    ({"api_key": ""}, 403, "api_key"),
    ({"api_key": "another-key-altogether"}, 403, "api_key"),
    ({"service_code": ""}, 400, "service_code was not provided"),
    ({"service_code": "mud"}, 404, "service_code was not found"),
    ({"lat": ""}, 400, "belong together"),
    ({"lat": "", "long": ""}, 400, "a location is needed"),
    ({"lat": "126"}, 400, "degrees"),
    ({"lat": "nan"}, 400, "degrees"),
    ({"attribute[amount]": ""}, 400, "attribute[amount] is required"),
    ({"attribute[amount]": "truck"}, 400, "attribute[amount] is one of bag, cart"),
    ({"attribute[colour]": "red"}, 400, "asks for no attribute colour"),
    ({"attribute[when]": "yesterday"}, 400, "attribute[when] is a moment"),
    ({"description": "x" * 4001}, 400, "description has more"),
    ({"media_url": "file:///etc/passwd"}, 400, "media_url"),
    ({"jurisdiction_id": "other.example"}, 404, "jurisdiction_id"),
])  # fmt: skip
def test_reports_that_are_refused(url, desk, change, status, said):
    code, errors = posted(url, {key: value for key, value in {**GOOD, **change}.items() if value})
    assert code == status == errors[0]["code"]
    assert said in errors[0]["description"]
    assert desk.taken == []


def test_everything_wrong_is_told_at_once(url):
    _, errors = posted(
        url, {"service_code": "rubbish", "lat": "999", "long": "1", "api_key": KEY, "attribute[when]": "now"}
    )
    assert len(errors) == 3


def test_other_shapes_of_reports(url, desk):
    assert posted(url, GOOD)[0] == 201
    assert posted(url, {**GOOD, "first_name": "Mei", "phone": "13812345678", "email": "mei@example.org"})[0] == 201
    assert "Mei" not in repr(desk.taken)
    assert "138" not in repr(desk.taken)
    assert posted(url, b"{}", "application/json")[0] == 400
    assert posted(url, b"a=1&" * 40_000)[0] == 413
    assert posted(url, b"a=1&" * 300)[0] == 400
    assert posted(url, b"\xff\xfe=1")[0] == 400
    assert len(desk.taken) == 2


@pytest.mark.parametrize("form", ["json", "xml"])
def test_requests_as_everybody_may_see_them(url, form):
    status, kind, body = got(url, f"requests.{form}")
    assert (status, "utf-8" in kind) == (200, True)
    for hidden in (b"13812345678", b"secret", b"phone", b"token"):
        assert hidden not in body
    one = Endpoint(url, form=form).request("R1")
    assert (one.status, one.status_notes, one.lat, one.long) == ("open", "handling", 26.08, 119.3)
    assert one.requested == NOW - timedelta(days=10, hours=1)
    assert one.expected == NOW
    assert one.description.startswith("mud, call ［号码略］ <1> & ")


def test_by_days_status_ids_and_pages(url):
    end = Endpoint(url)
    assert [one.service_request_id for one in end.requests()] == [f"R{n}" for n in range(7)]
    start, last = NOW - timedelta(days=35), NOW - timedelta(days=15)
    assert [one.service_request_id for one in end.requests(start, last)] == ["R2", "R3"]
    pieces = [one.service_request_id for one in end.requests(NOW - timedelta(days=300), NOW, size=2)]
    assert sorted(pieces) == [f"R{n}" for n in range(7)]
    assert list(end.requests(status="closed")) == []
    assert list(end.requests(codes=("none",))) == []
    listed = json.loads(got(url, "requests.json?service_request_id=R1,R6")[2])
    assert [one["service_request_id"] for one in listed] == ["R1", "R6"]
    assert len(json.loads(got(url, "requests.json?per_page=3&page=3")[2])) == 1


@pytest.mark.parametrize("query", [
    "start_date=yesterday", "start_date=2026-01-01", "end_date=2026-01-01T00:00:00", "status=shut", "page=0", "page=x",
    "per_page=1001", "per_page=9999999999999999999", "start_date=2026-02-01T00:00:00Z&end_date=2026-01-01T00:00:00Z",
    "service_request_id=" + ",".join(map(str, range(1001))),
])  # fmt: skip
def test_questions_that_are_refused(url, query):
    status, _, body = got(url, f"requests.json?{query}")
    assert status == 400
    assert json.loads(body)[0]["code"] == 400


def test_what_is_not_there(url):
    assert got(url, "requests/none.xml")[0] == 404
    assert b"<errors><error><code>404</code>" in got(url, "requests/none.xml")[2]
    assert got(url, "services.csv")[0] == 400
    assert got(url, "services.json?jurisdiction_id=other")[0] == 404
    with pytest.raises(BadInput, match="refused"):
        Endpoint(url).request("none")


def test_records_that_take_no_reports(tmp_path):
    from tulou.app.open311_server import application

    with served(application(RecordDesk(requests(), NOW), keys=(KEY,))) as url:
        code = Endpoint(url).services()[0].code
        with pytest.raises(BadInput, match="refused") as told:
            Endpoint(url, key=KEY).report(Submission(code, address="x"))
    assert "take no reports" in told.value.faults[0].found


def test_addresses_that_are_none():
    for url in ("ftp://city.example", "city.example", "file:///etc/passwd", "http://me:secret@city.example"):
        with pytest.raises(BadUse) as told:
            Endpoint(url)
        assert "secret" not in str(told.value)
    with pytest.raises(BadUse, match="formats"):
        Endpoint("http://city.example", form="csv")


def told_equal(one, other):
    """What GeoReport carries of a request: its moments to the second, its last two categories."""
    names = ("id", "body", "due", "place", "address", "lon", "lat", "category")
    return all(getattr(one, name) == getattr(other, name) for name in names) and one.received == other.received


@pytest.mark.slow
@pytest.mark.parametrize("form", ["json", "xml"])
def test_ten_thousand_real_requests_come_back_equal(tmp_path, form):
    """Baltimore, 2014 to 2019: served, read back piece by piece of 90 days, and equal."""
    from tulou.app.open311_server import application

    mapping = tmp_path / "baltimore.yaml"
    mapping.write_text(BALTIMORE, encoding="utf-8")
    known = read_records(shared("hotline_baltimore311/311_sample.csv"), read_mapping(mapping)).requests
    newest = max(one.received for one in known)
    with served(application(RecordDesk(known, newest))) as url:
        end = Endpoint(url, form=form)
        groups = {one.code: one.group for one in end.services()}
        start = min(one.received for one in known)
        found = {one.service_request_id: one for one in end.requests(start, newest, size=1000)}
    assert len(found) == len(known) == len({one.id for one in known})
    back = {name: taken_in(one, groups[one.service_code]) for name, one in found.items()}
    assert [one.id for one in known if not told_equal(one, back[one.id])] == []
    assert all(back[one.id].closed == one.closed for one in known if one.closed is not None)
    assert all((found[one.id].status == "closed") >= (one.closed is not None) for one in known)
