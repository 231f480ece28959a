"""Reminders and calls: each is made once, whatever runs again; each message is sent, tried again, or given up."""

import json
import random
import stat
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from operations.cases.desk import CALENDAR, EVIDENCE, START
from tulou.kernel.errors import BadUse
from tulou.operations.cases.adapters.reading import read_flows
from tulou.operations.cases.adapters.senders import CommandSender, FolderSender, WebhookSender, sender_of
from tulou.operations.cases.domain.calling import due_calls
from tulou.operations.cases.domain.deadlines import standing_of
from tulou.operations.cases.domain.limits import Clockwork
from tulou.operations.cases.domain.messages import LEASE, MOST_TRIES, Message, ended, taken
from tulou.operations.cases.handlers.calling import record_calls, send_waiting
from tulou.operations.cases.handlers.proving import faults_of

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def desk(stores):
    return stores.desk()


def due(desk, at):
    """Calls that are due at a moment."""
    found = []
    for case in desk.replay().values():
        flow = desk.store.flow(case.digest)
        clockwork = Clockwork(CALENDAR, flow.duty)
        found += due_calls(standing_of(case, flow, clockwork, at), flow, clockwork)
    return found


def called(desk, at):
    return [(one.case, one.facts["why"], one.facts["to"]) for one in record_calls(desk.store, due(desk, at), at)]


def test_a_call_is_made_once_for_each_step_and_deadline(desk):
    name = desk.open()
    assert called(desk, START) == [], "the body is not known yet, so nobody is reminded"
    assert called(desk, START + HOUR) == []
    assert called(desk, START + HOUR + MINUTE) == [(name, "overdue", "dispatcher")]
    assert called(desk, START + HOUR + MINUTE) == called(desk, START + 5 * HOUR) == []
    assert called(desk, START + timedelta(days=3)) == [(name, "overdue", "overseer")]
    assert called(desk, START + timedelta(days=30)) == []
    assert faults_of(desk.store) == []
    assert desk.case(name).state == "reported"


def test_the_body_is_reminded_before_and_called_after_and_an_extension_is_a_deadline_of_its_own(desk):
    name = desk.open("dirty_road")
    desk.walk(name, "take_up")
    assert called(desk, START + HOUR) == []
    assert called(desk, START + 6.5 * HOUR) == [(name, "soon", "handler")], "an hour is left of five"
    desk.moment = START + 7 * HOUR
    desk.do(name, "ask_extension", "urban_management", reason="a pump")
    desk.do(name, "grant_extension", "command_centre", more=1.0)
    assert called(desk, START + 7.4 * HOUR) == [], "with the hour granted more than an hour is left"
    assert called(desk, START + 7.5 * HOUR) == [(name, "soon", "handler")]
    assert called(desk, START + 9 * HOUR) == [(name, "overdue", "dispatcher")]
    assert [one.body for one in desk.store.messages()] == ["urban_management", "urban_management", "command_centre"]


def test_what_was_done_before_a_call_may_be_recorded_after_it(desk):
    """A clerk is late with an entry; the call stands between, and neither is lost."""
    name = desk.open()
    called(desk, START + 2 * HOUR)
    desk.do(name, "accept", "supervision_centre", at=START + MINUTE)
    assert desk.case(name).last == START + MINUTE
    assert desk.case(name).latest == START + 2 * HOUR
    assert faults_of(desk.store) == []


def test_what_has_moved_on_meanwhile_is_not_called(desk):
    name = desk.open()
    found = due(desk, START + 2 * HOUR)
    desk.walk(name, "take_up")
    assert record_calls(desk.store, found, START + 2 * HOUR) == ()
    assert desk.store.messages() == ()


def test_a_call_that_is_recorded_twice_is_found(desk):
    from tulou.operations.cases.handlers.ports import Writing

    desk.open()
    (one,) = due(desk, START + 2 * HOUR)
    for _ in range(2):
        desk.store.write(lambda _book: Writing([one.draft(START + 2 * HOUR)]))
    assert [fault.what for fault in faults_of(desk.store)] == ["this call was made already"]


def test_a_message_that_is_gone_is_found(stores, desk):
    desk.open()
    called(desk, START + 2 * HOUR)
    assert faults_of(desk.store) == []
    stores.change(desk.store, "DELETE FROM message")
    assert [fault.what for fault in faults_of(desk.store)] == ["the message of this call is gone"]


class Flaky:
    """Fails as often as it is told to, and keeps what it took."""

    def __init__(self, fails):
        self.fails, self.took = fails, []

    def send(self, name, content):
        self.fails -= 1
        if self.fails >= 0:
            return "no line"
        self.took.append((name, content))
        return ""


def sent(desk, sender, at):
    return [one.state for one in send_waiting(desk.store, sender, lambda one: {"body": one.body}, lambda: at)]


def test_a_message_is_tried_again_after_longer_and_longer_pauses_and_sent_once(desk):
    desk.open()
    called(desk, START + 2 * HOUR)
    sender, at = Flaky(3), desk.clock()
    assert sent(desk, sender, at) == ["failed"]
    assert sent(desk, sender, at) == [], "not before its pause is over"
    assert sent(desk, sender, at + MINUTE) == ["failed"]
    assert sent(desk, sender, at + 2 * MINUTE) == []
    assert sent(desk, sender, at + 3 * MINUTE) == ["failed"]
    assert sent(desk, sender, at + HOUR) == ["sent"]
    assert sent(desk, sender, at + 9 * HOUR) == []
    assert sender.took == [("2-command_centre", {"body": "command_centre"})]
    (one,) = desk.store.messages()
    assert (one.tries, one.said) == (4, "")


def test_a_message_is_given_up_in_the_end_and_stays_to_be_seen(desk):
    desk.open()
    called(desk, START + 2 * HOUR)
    at, states = desk.clock(), []
    for _ in range(30):
        states += sent(desk, Flaky(99), at)
        at += timedelta(days=1)
    assert states == ["failed"] * (MOST_TRIES - 1) + ["given_up"]
    (one,) = desk.store.messages()
    assert one.said == "no line"


def test_two_senders_never_take_the_same_message_and_a_dead_one_leaves_it(desk):
    desk.open()
    called(desk, START + 2 * HOUR)
    (message,) = desk.store.messages()
    at = desk.clock()
    assert desk.store.turn(message, taken(message, at))
    assert not desk.store.turn(message, taken(message, at))
    assert sent(desk, Flaky(0), at) == []
    assert sent(desk, Flaky(0), at + LEASE) == ["sent"]


@given(some.lists(some.booleans(), max_size=15))
def test_a_message_goes_from_state_to_state_as_declared(fails):
    one = Message(1, "x", "waiting", 0, START)
    for fault in fails:
        if one.state in {"sent", "given_up"}:
            assert not one.is_due(START + timedelta(days=999))
            break
        moment = one.due
        assert one.is_due(moment)
        assert not one.is_due(moment - MINUTE) or one.due <= moment - MINUTE
        after = ended(taken(one, moment), moment, "x" if fault else "")
        assert after.state == ("sent" if not fault else "given_up" if after.tries == MOST_TRIES else "failed")
        assert after.tries == one.tries + 1
        one = after


@settings(max_examples=10)
@given(some.lists(some.integers(1, 3000), min_size=1, max_size=12), some.integers(0, 99))
def test_however_often_it_runs_no_call_is_lost_or_doubled(stores, minutes, seed):
    """Runs at random moments, some twice at once, give the calls that one run at each step would."""
    desk, chance, at = stores.desk(), random.Random(seed), START  # noqa: S311
    names = [desk.open("dirty_road"), desk.open("illegal_structure")]
    desk.walk(names[0], "take_up")
    for step in minutes:
        at += step * MINUTE
        found = due(desk, at)
        record_calls(desk.store, found, at)
        if chance.random() < 0.5:
            record_calls(desk.store, found, at)
        assert due(desk, at) == []
    keys = [(one.case, one.facts["key"]) for one in desk.store.events() if one.kind == "call"]
    assert len(keys) == len(set(keys))
    overdue = {(one.case, one.facts["to"]) for one in desk.store.events() if one.facts.get("why") == "overdue"}
    expected = {(name, role) for name in names for role in desk.standing(name, at).called}
    assert expected <= overdue
    assert faults_of(desk.store) == []


def test_a_folder_gets_a_file_for_each_message_however_often_it_is_sent(tmp_path):
    sender = FolderSender(tmp_path / "out")
    for _ in range(2):
        assert sender.send("7-parks", {"case": "C000001", "title": "泥"}) == ""
    (file,) = (tmp_path / "out").iterdir()
    assert json.loads(file.read_text()) == {"id": "7-parks", "case": "C000001", "title": "泥"}
    (tmp_path / "file").write_text("")
    assert FolderSender(tmp_path / "file" / "x").send("1-a", {}) != ""


def test_a_command_is_given_the_message_and_its_end_says_whether_it_took_it(tmp_path):
    program = tmp_path / "send.sh"
    program.write_text(f"#!/bin/sh\ncat >> {tmp_path}/got\ntest ! -e {tmp_path}/stop || (echo full >&2; exit 3)\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    assert CommandSender(str(program)).send("1-a", {"x": 1}) == ""
    assert json.loads((tmp_path / "got").read_text()) == {"id": "1-a", "x": 1}
    (tmp_path / "stop").write_text("")
    assert CommandSender(str(program)).send("1-a", {}) == "3: full"
    assert "No such file" in CommandSender(str(tmp_path / "none")).send("1-a", {})


def test_a_web_address_is_posted_to_with_the_id_of_the_message():
    got = []

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((self.headers["Idempotency-Key"], json.loads(body)))
            self.send_response(200 if len(got) == 1 else 503)
            self.end_headers()

        def log_message(self, *_args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=server.serve_forever, daemon=True).start()
    sender = sender_of(f"webhook:http://127.0.0.1:{server.server_port}/x")
    assert isinstance(sender, WebhookSender)
    assert sender.send("1-a", {"x": "泥"}) == ""
    assert "503" in sender.send("1-a", {})
    server.shutdown()
    server.server_close()
    assert got[0] == ("1-a", {"id": "1-a", "x": "泥"})
    assert sender.send("1-a", {}) != ""


def test_the_limit_of_the_whole_is_watched_whatever_state_the_case_is_in(desk, tmp_path):
    """A class with three working days from opening to end: rework and pauses of states do not reset it."""
    folder = tmp_path / "ours"
    (folder / "flows").mkdir(parents=True)
    (folder / "rulebook.yaml").write_text("id: ours\nextends: china\ntitle: {zh: 本市, en: Ours}\nversion: '1'\n")
    (folder / "flows" / "x.yaml").write_text(WHOLE, "utf-8")
    held = read_flows([folder]).versions["city_management"][-1]
    name = desk.open("dirty_road", flow=held)
    desk.walk(name, "ask_to_check")
    desk.moment = START + timedelta(days=2)
    desk.do(name, "rework", "supervision_centre", reason="half")
    (whole,) = [one for one in desk.standing(name).deadlines if one.kind == "whole"]
    assert whole.due == START + timedelta(days=3, hours=15), "the end of Thursday, the third working day after Monday"
    assert [(one.deadline.kind, one.role) for one in due(desk, whole.due + MINUTE)] == [("whole", "dispatcher")]
    desk.do(name, "feed_back", "urban_management", evidence=EVIDENCE)
    desk.do(name, "ask_to_check", "supervision_centre")
    desk.do(name, "pass", "supervision_centre", evidence=EVIDENCE)
    desk.do(name, "close", "supervision_centre")
    assert due(desk, START + timedelta(days=30)) == []
    (whole,) = desk.standing(name, START + timedelta(days=30)).deadlines
    assert (whole.reached, whole.is_overdue(START + timedelta(days=30))) == (desk.moment, False)


WHOLE = """\
id: city_management
versions:
  - version: whole
    like: "2026.11"
    from: 2026-01-01
    source: ours
    classes:
      dirty_road:
        title: {zh: 道路不洁, en: Dirty road}
        limit: {amount: 3, unit: working_day, source: ours, evidence: memory}
"""


@pytest.mark.parametrize("text", ["", "mail:x@y", "folder:", "webhook:http://example.org/x", "webhook:ftp://x"])
def test_other_ways_of_sending_are_refused(text):
    with pytest.raises(BadUse):
        sender_of(text)
    assert EVIDENCE
