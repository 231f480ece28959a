"""Calls from the command line: what is due is told, recorded once, sent once, and seen in the case."""

import json

import pytest

from app.line import contents, fine, refused
from tulou.app import exits


@pytest.fixture
def late(own):
    fine(
        "case", "open", own, "--class", "dirty_road", "--text", "mud", "--by", "supervision_centre",
        "--date", "2026-03-02T09:00",
    )  # fmt: skip
    return own


def test_a_trial_changes_nothing(late):
    fine("case", "list", late)
    before = contents(late)
    assert "2 reminders and calls are due" in fine("case", "call", late, "--try")
    assert "应提醒或督办 2 次" in fine("case", "call", late, "--try", language="zh")
    assert len(json.loads(fine("case", "call", late, "--try", "--json"))) == 2
    assert contents(late) == before


def test_calls_are_recorded_and_sent_once(late, tmp_path):
    assert "0 reminders and 2 calls are on record" in fine("case", "call", late)
    assert "waiting" in fine("case", "messages", late)
    out = fine("case", "call", late, "--send", f"folder:{tmp_path / 'out'}", language="zh")
    assert "已记录提醒 0 次、督办 0 次" in out
    assert "已发 2" in out
    files = sorted((tmp_path / "out").iterdir())
    told = json.loads(files[0].read_text())
    assert (told["case"], told["to"], told["why"], told["title"]) == ("C000001", "command_centre", "overdue", "mud")
    assert not {"reporter", "requester", "who", "by"} & set(told)
    before = contents(tmp_path / "out")
    fine("case", "call", late, "--send", f"folder:{tmp_path / 'out'}")
    assert contents(tmp_path / "out") == before
    assert "0 messages" in fine("case", "messages", late)
    assert "2 messages" in fine("case", "messages", late, "--all")
    assert "督办" in fine("case", "show", late, "C000001", language="zh")
    assert "Called" in fine("case", "show", late, "C000001")
    assert "each allowed" in fine("case", "verify", late)


def test_what_cannot_be_sent_waits_for_its_next_try(late, tmp_path):
    (tmp_path / "file").write_text("")
    out = fine("case", "call", late, "--send", f"folder:{tmp_path / 'file' / 'x'}")
    assert "failed, tried again 2" in out
    found = json.loads(fine("case", "messages", late, "--json"))
    assert {one["state"] for one in found} == {"failed"}
    assert "no way to send" in refused(exits.BAD_USE, "case", "call", late, "--send", "pigeon:home")
