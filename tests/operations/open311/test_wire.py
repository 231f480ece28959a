"""Answers of other servers: recorded ones read, hostile ones refused; redirects, sizes and waits bounded.

The recorded answers are typed from the examples of the specification (github.com/open311/open311.github.io,
GeoReport_v2/index.md at 5e3a5ce): a service definition with keys as numbers, and San Francisco's request 638344.
"""

import json
from datetime import UTC, datetime

import pytest

from operations.open311.conftest import answering
from tulou.kernel.errors import BadInput
from tulou.operations.open311.client import Endpoint
from tulou.operations.open311.wire import MOST_BYTES, read_list, request_of

DEFINITION = {"service_code": "DMV66", "attributes": [
    {"variable": True, "code": "WHISHETN", "datatype": "singlevaluelist", "required": True,
     "datatype_description": None, "order": 1, "description": "What is the ticket/tag/DL number?",
     "values": [{"key": 123, "name": "Ford"}, {"key": 124, "name": "Chrysler"}]}]}  # fmt: skip
SAN_FRANCISCO = b"""<?xml version="1.0" encoding="utf-8"?>
<service_requests><request>
<service_request_id>638344</service_request_id><status>closed</status>
<status_notes>Duplicate request.</status_notes><service_name>Sidewalk and Curb Issues</service_name>
<service_code>006</service_code><description></description><agency_responsible></agency_responsible>
<service_notice></service_notice><requested_datetime>2010-04-14T06:37:38-08:00</requested_datetime>
<updated_datetime>2010-04-14T06:37:38-08:00</updated_datetime>
<expected_datetime>2010-04-15T06:37:38-08:00</expected_datetime>
<address>8TH AVE and JUDAH ST</address><address_id>545483</address_id><zipcode>94122</zipcode>
<lat>37.762221815</lat><long>-122.4651145</long></request></service_requests>"""
OK = 200


def test_the_request_of_san_francisco():
    (entry,) = read_list(SAN_FRANCISCO, "xml", "request", "sf")
    found = request_of(entry, "sf")
    assert (found.service_request_id, found.status, found.status_notes) == ("638344", "closed", "Duplicate request.")
    assert found.requested == datetime(2010, 4, 14, 14, 37, 38, tzinfo=UTC)
    assert (found.lat, found.long, found.zipcode, found.address_id) == (37.762221815, -122.4651145, "94122", "545483")


def test_the_definition_of_the_specification():
    with answering(lambda path: (OK, {}, json.dumps(DEFINITION).encode())) as (url, asked):
        (found,) = Endpoint(url).attributes("DMV66")
    assert asked == ["/v2/services/DMV66.json"]
    assert found.values == (("123", "Ford"), ("124", "Chrysler"))
    assert (found.is_required, found.is_variable, found.order) == (True, True, 1)


def test_lists_inside_an_object_and_with_names():
    inside = json.dumps({"service_requests": [{"a": 1}, {"a": 2}]}).encode()
    assert read_list(inside, "json", "request", "x") == [{"a": 1}, {"a": 2}]
    named = b'<g:services xmlns:g="urn:x"><g:service><g:service_code>1</g:service_code></g:service></g:services>'
    assert read_list(named, "xml", "service", "x") == [{"service_code": "1"}]
    assert read_list(b"<service_requests/>", "xml", "request", "x") == []


BOMB = b"""<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>
<service_requests><request><status>&b;</status></request></service_requests>"""


@pytest.mark.parametrize(("data", "said"), [
    (BOMB, "document type"),
    (b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>', "document type"),
    (b"<a>" * 50 + b"</a>" * 50, "too deep"),
    (b"<services><service><description>" + b"x" * 70_000 + b"</description></service></services>", "too long"),
    (b"<services><service>", "not XML"),
    (b"", "not XML"),
    (b"\xff\xfe\x00", "not XML"),
    (b"<services>&undefined;</services>", "not XML"),
])  # fmt: skip
def test_hostile_xml_ends_in_a_sentence(data, said):
    with pytest.raises(BadInput, match=said):
        read_list(data, "xml", "service", "x")


@pytest.mark.parametrize("data", [b"{", b"[1, 2]", b'"text"', b"[[[" * 50_000, b"\xff", b"null", b"NaN"])
def test_json_that_is_no_list_of_records(data):
    with pytest.raises(BadInput):
        read_list(data, "json", "service", "x")


def test_too_large_is_refused():
    with pytest.raises(BadInput, match="too large"):
        read_list(b" " * (MOST_BYTES + 1), "json", "service", "x")
    with (
        answering(lambda path: (OK, {}, b" " * (MOST_BYTES + 10))) as (url, _),
        pytest.raises(BadInput, match="too large"),
    ):
        Endpoint(url).services()


@pytest.mark.parametrize("change", [
    {"status": "pending"}, {"status": ""}, {"service_request_id": ""}, {"requested_datetime": ""},
    {"requested_datetime": "2010-04-14T06:37:38"}, {"requested_datetime": "soon"}, {"lat": "91"}, {"lat": "NaN"},
    {"long": "west"}, {"expected_datetime": "never"}, {"lat": "1e999"},
])  # fmt: skip
def test_requests_that_are_none(change):
    good = {
        "service_request_id": "1",
        "status": "open",
        "requested_datetime": "2010-04-14T06:37:38Z",
        "lat": 1,
        "long": "2",
    }
    assert request_of(good, "x").lat == 1.0
    with pytest.raises(BadInput):
        request_of({**good, **change}, "x")


def test_redirects_are_few_and_stay():
    def answers(path):
        if path.startswith("/v2/services"):
            return 302, {"Location": "/moved/services.json"}, b""
        return OK, {}, b'[{"service_code": "1"}]'

    with answering(answers) as (url, asked):
        assert Endpoint(url).services()[0].code == "1"
        assert asked == ["/v2/services.json", "/moved/services.json"]
    for place in ("http://localhost:1/x", "file:///etc/passwd", "ftp://127.0.0.1/x"):
        with answering(lambda path, place=place: (302, {"Location": place}, b"")) as (url, _), pytest.raises(BadInput):
            Endpoint(url).services()
    with answering(lambda path: (302, {"Location": path}, b"")) as (url, asked):
        with pytest.raises(BadInput):
            Endpoint(url).services()
        assert len(asked) <= 5


def test_waits_end():
    import time

    def slow(path):
        time.sleep(1.0)
        return OK, {}, b"[]"

    with answering(slow) as (url, _), pytest.raises(BadInput, match="cannot be reached"):
        Endpoint(url, seconds=0.2).services()
    with pytest.raises(BadInput, match="cannot be reached"):
        Endpoint("http://127.0.0.1:9/v2", seconds=1.0).services()


def test_errors_of_the_server_are_told_and_pages_that_repeat_end():
    refusal = b'[{"code": 400, "description": "service_code was not provided"}]'
    with answering(lambda path: (400, {}, refusal)) as (url, _), pytest.raises(BadInput, match="refused") as told:
        Endpoint(url).services()
    assert told.value.faults[0].found == "400: service_code was not provided"
    with answering(lambda path: (500, {}, b"<html>")) as (url, _), pytest.raises(BadInput) as told:
        Endpoint(url).services()
    assert told.value.faults[0].found == "500"
    same = json.dumps(
        [{"service_request_id": "1", "status": "open", "requested_datetime": "2026-01-01T00:00:00Z"}]
    ).encode()
    with answering(lambda path: (OK, {}, same)) as (url, asked):
        assert len(list(Endpoint(url).requests(size=1))) == 1
    assert len(asked) == 2
