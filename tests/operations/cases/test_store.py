"""The store: nothing acknowledged is lost, no event is half there, and no change goes unseen."""

import os
import random
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from operations.cases.desk import Desk
from postgres import server
from tulou.kernel.errors import BadInput, BadUse, Conflict
from tulou.operations.cases.adapters import engines
from tulou.operations.cases.adapters.addresses import address_of
from tulou.operations.cases.adapters.store import SqlStore
from tulou.operations.cases.domain.events import digest_after, event_of, line_of
from tulou.operations.cases.handlers.proving import faults_of


@pytest.fixture
def desk(stores):
    return stores.desk()


@pytest.fixture
def written(desk):
    desk.walk(desk.open(), "close")
    desk.open(title="另一处")
    return desk.store


def test_what_is_written_is_read_back(written):
    events = written.events()
    assert [one.number for one in events] == list(range(1, len(events) + 1))
    assert [event_of(line_of(one), "x") for one in events] == list(events)
    assert written.events("C000002") == events[-1:]
    assert written.cases() == 2
    assert written.audit() == []
    digest = ""
    for one in events:
        digest = digest_after(digest, line_of(one))
    assert written.digest() == digest
    assert written.holds(digest[:9])
    assert not written.holds("0123456789")


def test_reading_where_nothing_is_makes_nothing(stores):
    store = stores.store("nothing")
    assert (store.events(), store.cases(), store.digest(), store.audit()) == ((), 0, "", [])
    assert (store.about("x"), store.holds("0123"), store.last(), store.digest_of(1)) == ((), False, (0, ""), "")
    must_be_absent(stores, store)


def must_be_absent(stores, store):
    """No file, no folder, no schema was made."""
    if stores.server is None:
        assert not store.address.file.exists()
        return
    with stores.connection(store) as connection:
        found = connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [store.address.schema]).fetchone()
    assert found is None


def test_a_refusal_leaves_nothing_behind(stores, desk):
    with pytest.raises(BadUse):
        desk.open(by="housing")
    with pytest.raises(BadUse):
        desk.store.write(lambda _book: (_ for _ in ()).throw(BadUse("no")))
    must_be_absent(stores, desk.store)


def test_rows_can_only_be_added(stores, written):
    changes = ["DELETE FROM event", "UPDATE event SET digest = ''", "DELETE FROM flow", "UPDATE flow SET text = ''",
               "UPDATE record SET format = 1"]  # fmt: skip
    if stores.server:
        changes += ["TRUNCATE event", "TRUNCATE flow"]
    for statement in changes:
        with stores.connection(written) as connection, pytest.raises(Exception, match="the record stays as it is"):
            connection.execute(statement)
    assert faults_of(stores.again(written)) == []


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("UPDATE event SET line = replace(line, 'urban_management', 'housing') WHERE number = 4", ":4:"),
        ("UPDATE event SET digest = replace(digest, substr(digest, 1, 1), 'z') WHERE number = 3", ":3:"),
        ("DELETE FROM event WHERE number = 5", ":6:"),
        ("DELETE FROM event WHERE number = 1", ":2:"),
        ("UPDATE event SET number = 90 WHERE number = 2", ":3:"),
        ("UPDATE event SET case_id = 'C000002' WHERE number = 2", ":2:"),
        ("UPDATE flow SET text = replace(text, 'housing', 'parks')", "was changed after it was kept"),
        ("DELETE FROM flow", "is not there"),
    ],
)
def test_each_way_of_tampering_is_found(stores, written, statement, place):
    stores.change(written, statement)
    assert any(place in str(fault) for fault in faults_of(stores.again(written)))


def test_a_step_that_was_never_allowed_is_found_though_the_chain_holds(stores, desk):
    """Somebody writes the file anew, with digests that fit: the rules still tell."""
    desk.walk(desk.open(), "feed_back")
    forged, digest = [], ""
    for one in desk.store.events():
        line = line_of(one).replace('"by":"urban_management"', '"by":"housing"')
        digest = digest_after(digest, line)
        forged.append((line, digest, one.number))
    for row in forged:
        stores.change(desk.store, "UPDATE event SET line = ?, digest = ? WHERE number = ?", *row)
    assert desk.store.audit() == []
    assert next(fault.what for fault in faults_of(desk.store)) == "this case was given to another body"


def test_cutting_off_the_end_is_found_by_a_digest_that_was_noted(stores, written):
    noted = written.digest()
    stores.change(written, "DELETE FROM event WHERE number = (SELECT max(number) FROM event)")
    assert written.audit() == []
    assert not written.holds(noted)


@given(some.data())
def test_no_letter_of_a_line_can_be_changed_unseen(stores, data):
    desk = stores.desk("letters")
    if not desk.store.cases():
        desk.walk(desk.open(), "take_up")
    rows = [(line_of(one), one.number) for one in desk.store.events()]
    line, number = data.draw(some.sampled_from(rows))
    at = data.draw(some.integers(0, len(line) - 1))
    letter = data.draw(some.characters(codec="utf-8", exclude_characters=line[at] + "\x00"))
    stores.change(desk.store, "UPDATE event SET line = ? WHERE number = ?", line[:at] + letter + line[at + 1 :], number)
    try:
        assert desk.store.audit() != []
    finally:
        stores.change(desk.store, "UPDATE event SET line = ? WHERE number = ?", line, number)
    assert desk.store.audit() == []


def test_known_moments_never_run_backwards_even_when_the_clock_does(desk):
    desk.open()
    desk.store.clock = lambda: datetime(2026, 4, 1, tzinfo=UTC)
    desk.open()
    first, second = desk.store.events()
    assert first.known == second.known


def test_a_file_that_is_no_store_is_refused_in_words(tmp_path):
    store = SqlStore.at(tmp_path / "cases.sqlite")
    store.address.file.write_bytes(b"hello, this is no database at all" * 40)
    with pytest.raises(BadInput, match="the store of cases is damaged"):
        store.events()
    connection = sqlite3.connect(tmp_path / "other.sqlite")
    connection.execute("CREATE TABLE event (number INTEGER)")
    connection.close()
    with pytest.raises(BadInput, match="cases of another format"):
        SqlStore.at(tmp_path / "other.sqlite").events()


def test_tables_of_another_format_are_refused(stores, written):
    stores.change(written, "UPDATE record SET format = 9")
    for call in (stores.again(written).events, lambda: Desk(stores.again(written)).open()):
        with pytest.raises(BadInput, match="cases of another format") as caught:
            call()
        assert caught.value.faults[0].found == 9


def holding(stores, store):
    """Somebody else has the turn of a writer, and keeps it."""
    if stores.server is None:
        other = sqlite3.connect(store.address.file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        return other
    other = stores.server.connection(store.address.schema)
    other.autocommit = False
    other.execute("SELECT pg_advisory_xact_lock(%s)", [store.address.lock])
    return other


def test_a_writer_that_never_gets_its_turn_says_so(stores, written, monkeypatch):
    monkeypatch.setattr(engines, "WAIT", 0.05)
    other = holding(stores, written)
    with pytest.raises(Conflict, match="another program writes"):
        Desk(stores.again(written)).open()
    assert len(stores.again(written).events()) == 10, "reading goes on meanwhile"
    other.close()
    Desk(stores.again(written)).open()
    assert len(written.events()) == 11


def test_a_reader_sees_one_moment_while_others_write(stores, written):
    """What is written between two questions of one reader is not seen by it."""
    with written._opened() as rows:
        before = rows.cases()
        Desk(stores.again(written)).open()
        assert rows.cases() == before
        assert len(rows.events()) == 10
    assert written.cases() == before + 1


WRITER = """
import sys
from pathlib import Path
from operations.cases.desk import Desk
from tulou.operations.cases.adapters.addresses import address_of
from tulou.operations.cases.adapters.store import SqlStore
desk = Desk(SqlStore(address_of(sys.argv[1], Path("x.city"), Path("x"))))
print("ready", flush=True)
sys.stdin.readline()
while True:
    name = desk.open(title="字" * 2000)
    print(desk.store.digest(), flush=True)
    desk.do(name, "accept", "supervision_centre")
    print(desk.store.digest(), flush=True)
"""


def writer(address):
    running = subprocess.Popen(
        [sys.executable, "-c", WRITER, address],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        text=True,
    )
    assert running.stdout.readline() == "ready\n"
    return running


FORKS = """
import os, random, signal, sys, time
from pathlib import Path
from operations.cases.desk import Desk
from tulou.operations.cases.adapters.addresses import address_of
from tulou.operations.cases.adapters.store import SqlStore
address, kills, seed = address_of(sys.argv[1], Path("x.city"), Path("x")), int(sys.argv[2]), int(sys.argv[3])
chance = random.Random(seed)
import operations.cases.desk as desks
desks.flows()
Desk(SqlStore(address)).store.cases()
for turn in range(kills):
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        desk = Desk(SqlStore(address))
        desk.store.cases()
        os.write(writing, b"\\n")
        while True:
            name = desk.open(title="x" * 3000)
            os.write(writing, (desk.store.digest() + "\\n").encode())
            desk.do(name, "accept", "supervision_centre")
            os.write(writing, (desk.store.digest() + "\\n").encode())
    os.close(writing)
    os.read(reading, 1)
    said = os.read(reading, 1 << 16) if turn % 2 else b""
    time.sleep(chance.uniform(0.0, 0.06))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while piece := os.read(reading, 1 << 16):
        said += piece
    os.close(reading)
    for line in said.decode().split("\\n")[:-1]:
        print(line, flush=True)
"""


def killed(address, kills):
    """A writer is killed many times, each at a moment of its own; gives the digests it acknowledged."""
    done = subprocess.run(
        [sys.executable, "-c", FORKS, address, str(kills), "7"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def must_be_whole(store, acknowledged):
    assert faults_of(store) == []
    digests, digest = [], ""
    for one in store.events():
        digest = digest_after(digest, line_of(one))
        digests.append(digest)
    assert set(acknowledged) <= set(digests)
    assert [one for one in digests if one in set(acknowledged)] == acknowledged, "in the order in which they were said"
    Desk(store).open()
    assert len(store.events()) == len(digests) + 1


def test_writers_that_are_killed_lose_nothing_they_acknowledged(stores):
    """Forty times ``kill -9``: what was acknowledged stands, nothing is half there, and the next writer goes on."""
    address, held = stores.address("killed")
    acknowledged = killed(address, 40)
    assert len(acknowledged) > 10
    must_be_whole(SqlStore(held), acknowledged)


@pytest.mark.slow
def test_writers_that_are_killed_five_hundred_times_lose_nothing(stores):
    address, held = stores.address("often_killed")
    acknowledged = killed(address, 500)
    assert len(acknowledged) > 250
    must_be_whole(SqlStore(held), acknowledged)


def test_two_writers_take_turns_and_a_killed_one_does_not_hold_up_the_other(stores):
    address, held = stores.address()
    pair = [writer(address), writer(address)]
    for one in pair:
        one.stdin.write("go\n")
        one.stdin.flush()
    said = [one.stdout.readline() for one in pair]
    time.sleep(random.Random(1).uniform(0.05, 0.1))  # noqa: S311
    pair[0].kill()
    said += [pair[1].stdout.readline() for _ in range(3)]
    pair[1].kill()
    for one in pair:
        one.communicate()
    assert faults_of(SqlStore(held)) == []
    assert all(line.endswith("\n") for line in said)


@pytest.mark.slow
def test_a_server_that_is_killed_loses_nothing_it_acknowledged():
    """``kill -9`` to the server itself, twenty times, while a writer writes; then it is started again."""
    with server() as one:
        acknowledged, chance = [], random.Random(3)  # noqa: S311
        for _ in range(20):
            running = writer(one.address("city"))
            running.stdin.write("go\n")
            running.stdin.flush()
            acknowledged.append(running.stdout.readline().strip())
            time.sleep(chance.uniform(0.0, 0.2))
            one.kill()
            said, _ = running.communicate()
            acknowledged += said.split()
            one.start()
        must_be_whole(SqlStore(address_of(one.address("city"), Path("x"), Path("x"))), acknowledged)
