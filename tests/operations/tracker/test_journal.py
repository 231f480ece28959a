"""The journal: nothing acknowledged is lost, nothing half done is seen, and nothing is changed without being found."""

import errno
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from operations.tracker.desk import DAY, Desk
from tulou.kernel.errors import BadInput, BadUse
from tulou.operations.tracker.adapters import journal as journals
from tulou.operations.tracker.adapters.journal import FileJournal
from tulou.operations.tracker.domain.events import Draft, check_chain, event_of, line_of

CHANGED = "this entry was changed"
MOVED = "an entry is missing, moved or added"
DAMAGED = "this line of the journal is damaged"


def told(journal):
    """What an audit finds, as one text; the journal itself refuses whenever the audit finds something."""
    _, faults = journal.audit()
    if faults:
        with pytest.raises(BadInput):
            journal.events()
    else:
        journal.events()
    return "\n".join(map(str, faults))


@pytest.fixture
def written(desk):
    desk.done()
    desk.confirm("1.1", note="看过现场")
    desk.send(about="1.1")
    return desk.journal


def lines_of(journal):
    return journal.path.read_text("utf-8").splitlines()


def put(journal, lines):
    journal.path.write_text("".join(f"{line}\n" for line in lines), "utf-8")


def test_what_is_written_is_read_back(written):
    events = written.events()
    assert [event.number for event in events] == [1, 2, 3, 4, 5]
    assert [event_of(line_of(event), "x") for event in events] == list(events)
    assert [event.previous for event in events] == ["", *(event.digest for event in events[:-1])]
    assert sorted(event.known for event in events) == [event.known for event in events]
    assert told(written) == ""


def test_a_refusal_leaves_nothing_behind(tmp_path):
    journal = FileJournal(tmp_path / "city" / "events.jsonl")

    def refuse(_events):
        raise BadUse("no")

    with pytest.raises(BadUse):
        journal.append(refuse)
    assert not journal.path.exists()
    assert journal.events() == ()
    assert told(journal) == ""


def test_a_line_without_its_end_never_happened(written):
    whole = written.path.read_bytes()
    before = written.events()
    for cut in (1, 40, 200):
        written.path.write_bytes(whole + whole[:cut])
        assert written.events() == before
    written.append(lambda _events: Draft("assessment", "1.1", "builders", DAY, "", {"state": "delayed", "note": "x"}))
    assert len(written.events()) == len(before) + 1
    assert written.path.read_bytes().startswith(whole)


def test_each_way_of_tampering_is_found_and_named(written):
    lines = lines_of(written)
    place = f"{written.path.parent.name}/{written.path.name}"
    ways = {
        "a word changed": ([*lines[:3], lines[3].replace("看过现场", "没看现场"), lines[4]], CHANGED, 4),
        "the body changed": ([lines[0].replace("builders", "auditors"), *lines[1:]], CHANGED, 1),
        "one left out": ([*lines[:1], *lines[2:]], MOVED, 2),
        "the first left out": (lines[1:], MOVED, 1),
        "two swapped": ([lines[1], lines[0], *lines[2:]], MOVED, 1),
        "one written twice": ([*lines[:2], lines[1], *lines[2:]], MOVED, 3),
        "blanks added": ([lines[0].replace(": ", ":  ", 1), *lines[1:]], DAMAGED, 1),
        "a key added": ([json.dumps({**json.loads(lines[0]), "more": 1}), *lines[1:]], DAMAGED, 1),
        "not JSON": ([*lines[:2], "hello", *lines[3:]], DAMAGED, 3),
        "an empty line": ([*lines[:2], "", *lines[2:]], DAMAGED, 3),
        "a list": ([*lines[:2], "[1]", *lines[3:]], DAMAGED, 3),
        "nested without end": ([*lines[:2], "[" * 100_000, *lines[3:]], DAMAGED, 3),
    }
    for what, (changed, sentence, line) in ways.items():
        put(written, changed)
        first = told(written).split("\n")[0]
        assert sentence in first, what
        assert first.startswith(f"{place}:{line}:"), (what, first)


def test_a_new_digest_over_a_changed_entry_breaks_the_link_to_the_next(written):
    from dataclasses import replace

    from tulou.operations.tracker.domain.events import sealed

    events = list(written.events())
    second = events[1]
    draft = Draft("evidence", "1.1", "builders", DAY, "", {**second.facts, "source": "elsewhere"})
    events[1] = sealed(draft, number=2, known=second.known, previous=second.previous)
    put(written, [line_of(event) for event in events])
    assert ":3: the chain of the journal is broken: an entry is missing" in told(written)
    backwards = replace(events[0], known=second.known + timedelta(days=9))
    with pytest.raises(BadInput):
        check_chain([backwards, *events[1:]])


def test_known_moments_never_run_backwards_even_when_the_clock_does(tmp_path):
    moments = iter([datetime(2026, 5, 2, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)])
    desk = Desk(FileJournal(tmp_path / "c" / "events.jsonl", lambda: next(moments)))
    desk.report("1.1")
    desk.report("1.1")
    first, second = desk.journal.events()
    assert first.known == second.known
    assert told(desk.journal) == ""


@given(some.data())
def test_no_byte_can_be_changed_unseen(tmp_path_factory, data):
    place = tmp_path_factory.getbasetemp() / "bytes" / "events.jsonl"
    if not place.exists():
        desk = Desk(FileJournal(place))
        desk.journal.clock = desk.clock
        desk.done()
    whole = place.read_bytes()
    at = data.draw(some.integers(0, len(whole) - 2))
    new = data.draw(some.integers(0, 255).filter(lambda byte: byte != whole[at]))
    copy = FileJournal(place.with_name("copy.jsonl"))
    copy.path.write_bytes(whole[:at] + bytes([new]) + whole[at + 1 :])
    assert told(copy) != ""


def test_a_disk_that_fails_leaves_the_journal_as_it_was(written, monkeypatch):
    whole = written.path.read_bytes()
    real = os.fsync

    def fail(handle):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(journals.os, "fsync", fail)
    draft = Draft("assessment", "1.1", "builders", DAY, "", {"state": "delayed", "note": "x"})
    with pytest.raises(OSError, match="full"):
        written.append(lambda _events: draft)
    assert written.path.read_bytes() == whole
    monkeypatch.setattr(journals.os, "fsync", real)
    written.append(lambda _events: draft)
    assert told(written) == ""


def test_a_write_in_pieces_is_put_together(written, monkeypatch):
    real = os.pwrite
    monkeypatch.setattr(journals.os, "pwrite", lambda handle, data, at: real(handle, bytes(data)[:7], at))
    draft = Draft("assessment", "1.1", "builders", DAY, "", {"state": "delayed", "note": "x" * 100})
    written.append(lambda _events: draft)
    assert written.events()[-1].facts["note"] == "x" * 100


def test_a_journal_of_absurd_size_is_refused(written, monkeypatch):
    monkeypatch.setattr(journals, "MOST_BYTES", 100)
    with pytest.raises(BadInput, match="too large"):
        written.events()


WRITER = """
import sys
from pathlib import Path
from operations.tracker.desk import DAY
from tulou.operations.tracker.adapters.journal import FileJournal
from tulou.operations.tracker.domain.events import Draft
journal = FileJournal(Path(sys.argv[1]))
for turn in range(int(sys.argv[3])):
    note = f"{sys.argv[2]} {turn} " + "字" * 2000
    facts = {"state": "on_track", "note": note}
    event = journal.append(lambda _e: Draft("assessment", "1.1", sys.argv[2], DAY, "", facts))
    print(event.number, event.digest, flush=True)
"""


def writer(path, name, turns):
    tests = os.pathsep.join(sys.path)
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), name, str(turns)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": tests},
        text=True,
    )


def test_writers_take_turns(tmp_path):
    path = tmp_path / "c" / "events.jsonl"
    writers = [writer(path, name, 15) for name in ("builders", "friends", "citizens")]
    said = [line.split() for one in writers for line in one.communicate()[0].splitlines()]
    events = FileJournal(path).events()
    assert len(events) == 45
    assert {(str(event.number), event.digest) for event in events} == {tuple(pair) for pair in said}


@pytest.mark.slow
def test_writers_that_are_killed_lose_nothing_they_acknowledged(tmp_path):
    """Sixty times a writer is killed at a moment of its own: what it said stands, and no event is half there."""
    path = tmp_path / "c" / "events.jsonl"
    path.parent.mkdir()
    acknowledged, kills = {}, 60
    for turn in range(kills):
        running = writer(path, "builders", 10_000)
        wanted = turn % 6
        said = [running.stdout.readline() for _ in range(wanted)]
        running.kill()
        rest = running.communicate()[0]
        whole = "".join(said) + rest
        for line in whole.splitlines(keepends=True):
            if line.endswith("\n"):
                number, digest = line.split()
                acknowledged[int(number)] = digest
        events, faults = FileJournal(path).audit()
        assert not faults, (turn, faults)
        assert {event.number: event.digest for event in events}.items() >= acknowledged.items()
        assert len(events) <= len(acknowledged) + turn + 1
    assert len(acknowledged) > kills
    desk = Desk(FileJournal(path))
    desk.report("1.1")
    assert desk.standing("1.1").state == "on_track"
