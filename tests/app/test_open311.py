"""Open311 from the command line: a report becomes a case that goes its way; requests are pulled; what is refused."""

import json
import urllib.error
import urllib.request

import pytest

from app.line import contents, fine, refused
from operations.open311.conftest import served
from tulou.app import exits
from tulou.app.casework import open_casework
from tulou.app.open311_desk import open_desk
from tulou.operations.cases.handlers.acting import Act, Subject
from tulou.operations.open311.client import Endpoint
from tulou.operations.open311.records import Submission

pytest.importorskip("fastapi")

KEY = "a-key-for-tests-only"


@pytest.fixture
def keys(tmp_path):
    file = tmp_path / "keys.txt"
    file.write_text(f"# reports\n{KEY}\n", encoding="utf-8")
    return file


@pytest.fixture
def url(own):
    from tulou.app.open311_server import application

    with served(application(open_desk(own, "en"), keys=(KEY,))) as address:
        yield address


def test_a_report_becomes_a_case(own, url, keys):
    assert "exposed_rubbish" in fine("open311", "services", "--url", url)
    said = fine("open311", "push", "--url", url, "--service", "exposed_rubbish", "--lat", "26.08", "--lon", "119.3",
                "--text", "bags, call 13812345678", "--answer", "amount=cart", "--key-file", keys)  # fmt: skip
    assert "C000001" in said
    case = json.loads(fine("case", "show", own, "C000001", "--json"))
    assert case["state"] == "reported"
    assert "13812345678" not in json.dumps(case)
    fine("case", "do", own, "C000001", "accept", "--by", "supervision_centre")
    one = Endpoint(url).request("C000001")
    assert (one.status, one.service_code, one.lat, one.long) == ("open", "exposed_rubbish", 26.08, 119.3)
    assert one.status_notes == "Accepted"
    assert "A cartload" in one.description
    assert open_casework(own).verify()[1] == 1


def test_without_key_or_answer_nothing_is_opened(own, url, keys):
    before = contents(own / "cases")
    words = ("open311", "push", "--url", url, "--service", "exposed_rubbish", "--lat", "26.08", "--lon", "119.3")
    assert "api_key" in refused(exits.BAD_INPUT, *words)
    assert "attribute[amount] is required" in refused(exits.BAD_INPUT, *words, "--key-file", keys)
    assert "did you mean" not in refused(exits.BAD_USE, *words, "--answer", "cart")
    assert contents(own / "cases") == before


@pytest.mark.parametrize("headers", [{"Origin": "http://elsewhere.example"}, {"Host": "elsewhere.example"}])
def test_a_page_from_elsewhere_reports_nothing(own, url, headers):
    before = contents(own / "cases")
    asked = urllib.request.Request(f"{url}/requests.json", data=f"api_key={KEY}".encode(), headers=headers)  # noqa: S310
    with pytest.raises(urllib.error.HTTPError) as told:
        urllib.request.urlopen(asked)  # noqa: S310  (the loopback)
    with told.value:
        assert told.value.code == 403
    assert contents(own / "cases") == before


def test_definitions_in_the_language_of_the_server(own):
    asked = {one.code: one for one in open_desk(own, "zh").services()}
    assert asked["exposed_rubbish"].attributes[0].description == "大约有多少？"
    assert asked["exposed_rubbish"].keywords[0] == "垃圾"
    assert asked["dirty_road"].attributes == ()


def test_requests_are_pulled_once(own, url, tmp_path):
    end = Endpoint(url, key=KEY)
    end.report(Submission("dirty_road", "mud", address="Lake Road"))
    today = str(open_casework(own).clock().date())
    words = ("open311", "pull", own, "--url", url, "--from", today, "--until", today)
    assert "1 requests taken in" in fine(*words)
    kept = contents(own / "hotline")
    fine(*words)
    assert contents(own / "hotline") == kept
    assert "没有请求" in fine(
        "open311", "pull", own, "--url", url, "--from", "2020-01-01", "--until", "2020-01-31", language="zh"
    )
    refused(exits.BAD_USE, *words[:-1], "2020-01-01")


def test_refusals(own, tmp_path):
    refused(exits.BAD_USE, "open311", "services", "--url", "file:///etc/passwd")
    assert "无法连接" in refused(
        exits.BAD_INPUT, "open311", "services", "--url", "http://127.0.0.1:9/v2", language="zh"
    )
    short = tmp_path / "keys.txt"
    short.write_text("123456\n")
    said = refused(exits.BAD_USE, "open311", "serve", own, "--keys", short)
    assert "123456" not in said
    refused(exits.BAD_USE, "open311", "serve", own, "--keys", tmp_path / "none.txt")


def test_what_is_kept_in_memory_is_what_a_new_desk_reads(own):
    """Only cases with later events are worked out again; a record that was written anew is read anew."""
    desk, work = open_desk(own, "en"), open_casework(own)

    def agreed():
        told = {one.service_request_id: one for one in desk.requests()}
        assert told == {one.service_request_id: one for one in open_desk(own, "en").requests()}
        for name, one in told.items():
            assert desk.request(name) == one
        return told

    assert agreed() == {}
    assert desk.request("C000001") is None
    subject = Subject("bags", "exposed_rubbish", "block-1")
    for _ in range(3):
        work.open_matter("city_management", subject, Act("supervision_centre", work.clock()))
    first = agreed()
    assert len(first) == 3
    work.do("C000002", "accept", Act("supervision_centre", work.clock()))
    second = agreed()
    assert second["C000002"].status_notes == "Accepted"
    assert desk.request("C000001") is second["C000001"]
    assert second["C000001"] is first["C000001"], "what nothing moved is not worked out again"
    for one in (own / "cases").glob("*"):
        if one.is_file():
            one.unlink()
    fresh = open_casework(own)
    fresh.open_matter(
        "city_management", Subject("mud", "dirty_road", "block-2"), Act("supervision_centre", fresh.clock())
    )
    assert [one.service_name for one in agreed().values()] == ["Dirty road"]
