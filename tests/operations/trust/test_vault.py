"""Identities apart from cases: what opens them, what does not, and what an erasure leaves."""

import os
import signal
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from operations.trust.desk import NAME, NOW, PERSON, PHONE, bytes_below, identity, reading, vault_in
from tulou.kernel.errors import BadInput, BadUse
from tulou.operations.trust.adapters.keys import KeyFile, KeyRing
from tulou.operations.trust.adapters.sealing import CLOSED
from tulou.operations.trust.domain.requesters import Identity

TESTS = Path(__file__).parents[2]


def put(vault, matter="R1", **words):
    return vault.put(identity(), matter, moment=NOW, **words)


def changed(vault, statement, **values):
    with vault.database.writing() as connection:
        connection.execute(text(statement), values)


def test_an_identity_comes_back_for_its_matter_and_a_purpose(vault):
    receipt = put(vault)
    assert vault.reveal(receipt.token, "R1", reading()).details == PERSON
    assert receipt.erase_on == date(2027, 11, 23)


def test_nothing_of_an_identity_stands_in_any_file_log_text_or_error(vault, tmp_path):
    receipt = put(vault, shielded_from=["street_office"])
    vault.reveal(receipt.token, "R1", reading())
    said = [repr(identity()), str(identity()), f"{identity()}", repr(receipt)]
    for act in (
        lambda: vault.reveal(receipt.token, "R2", reading()),
        lambda: vault.reveal(receipt.token, "R1", reading(body="street_office")),
        lambda: vault.reveal(receipt.token, "R1", reading(purpose="curiosity")),
        lambda: Identity({"name": NAME, "mood": "bad"}),
        lambda: Identity({"name": NAME * 500}),
    ):
        with pytest.raises(BadUse) as refused:
            act()
        said.append(str(refused.value))
    for part in (NAME, PHONE, "榕城某里3号"):
        assert part.encode() not in bytes_below(tmp_path)
        assert not [one for one in said if part in one]
    assert receipt.receipt.encode() not in bytes_below(tmp_path)
    assert receipt.receipt not in repr(receipt)


def test_the_length_of_a_name_does_not_show(vault):
    for name in ("王", "欧阳" * 20):
        vault.put(identity(name=name), "R1", moment=NOW)
    with vault.database.reading() as connection:
        assert len(set(connection.execute(text("SELECT length(sealed) FROM requester")).scalars())) == 1


def test_the_body_complained_about_never_sees_it_and_its_try_is_logged(vault):
    receipt = put(vault, shielded_from=["street_office"])
    with pytest.raises(BadUse, match="closed to the body"):
        vault.reveal(receipt.token, "R1", reading(body="street_office"))
    assert [(one.body, one.outcome) for one in vault.log.entries(receipt.token)] == [("street_office", "refused")]


def test_a_token_opens_nothing_in_another_case(vault):
    receipt = put(vault)
    with pytest.raises(BadUse, match="belongs to another matter"):
        vault.reveal(receipt.token, "R2", reading())
    assert vault.log.entries()[-1].outcome == "refused"


@pytest.mark.parametrize("column", ["matter", "shielded_from", "erase_on", "token", "sealed", "wrapped"])
def test_a_record_that_was_edited_or_moved_does_not_open(vault, column):
    receipt, other = put(vault, shielded_from=["street_office"]), vault.put(identity(name="B"), "R1", moment=NOW)
    if column in {"sealed", "wrapped"}:
        changed(vault, f"UPDATE requester SET {column} = (SELECT {column} FROM requester WHERE token = :other)"  # noqa: S608
                       " WHERE token = :token", other=other.token, token=receipt.token)  # fmt: skip
        token, matter = receipt.token, "R1"
    else:
        new = {"matter": "R9", "shielded_from": "[]", "erase_on": "2999-01-01", "token": "rq-stolen"}[column]
        changed(vault, f"UPDATE requester SET {column} = :new WHERE token = :token", new=new, token=receipt.token)  # noqa: S608
        token, matter = (new if column == "token" else receipt.token), ("R9" if column == "matter" else "R1")
    with pytest.raises(BadInput, match=CLOSED):
        vault.reveal(token, matter, reading())


def test_every_bit_counts(vault):
    receipt = put(vault)
    with vault.database.reading() as connection:
        row = connection.execute(text("SELECT sealed, wrapped FROM requester")).one()
    for column in ("sealed", "wrapped"):
        whole = bytes(getattr(row, column))
        for place in (0, 12, len(whole) // 2, len(whole) - 1):
            wrong = bytearray(whole)
            wrong[place] ^= 1
            changed(vault, f"UPDATE requester SET {column} = :new", new=bytes(wrong))  # noqa: S608
            with pytest.raises(BadInput, match=CLOSED):
                vault.reveal(receipt.token, "R1", reading())
            assert vault.faults()
        changed(vault, f"UPDATE requester SET {column} = :new", new=whole)  # noqa: S608
    assert not vault.faults()
    assert vault.reveal(receipt.token, "R1", reading()).details == PERSON


def test_another_key_does_not_open_it(vault, tmp_path):
    receipt = put(vault)
    ring = vault.keys.read()
    vault.keys.write(KeyRing(ring.vault).with_key("2027-11"))
    with pytest.raises(BadInput, match="no such key"):
        vault.reveal(receipt.token, "R1", reading())
    strange = KeyRing(ring.vault).with_key("2027-11").keys[0]
    vault.keys.write(KeyRing(ring.vault, (type(strange)(ring.keys[0].name, "2027-11", strange.secret),)))
    with pytest.raises(BadInput, match="under another key"):
        vault.reveal(receipt.token, "R1", reading())
    vault.keys.write(KeyRing("another vault", ring.keys))
    with pytest.raises(BadInput, match="belongs to another vault"):
        vault.reveal(receipt.token, "R1", reading())
    vault.keys.path.unlink()
    with pytest.raises(BadInput, match="is not there"):
        vault.reveal(receipt.token, "R1", reading())
    vault.keys.path.write_text("{")
    vault.keys.path.chmod(0o600)
    with pytest.raises(BadInput, match="damaged"):
        vault.reveal(receipt.token, "R1", reading())


def test_the_key_file_is_for_its_owner_and_lies_outside_the_city(vault, tmp_path):
    put(vault)
    assert vault.keys.path.stat().st_mode & 0o777 == 0o600
    assert vault.keys.path.parent.stat().st_mode & 0o777 == 0o700
    assert repr(vault.keys.read().keys[0].secret) not in repr(vault.keys.read())
    vault.keys.path.chmod(0o640)
    with pytest.raises(BadInput, match="may be read by others"):
        vault.keys.read()
    for inside in (tmp_path / "city" / "keys.json", tmp_path / "city" / ".." / "city" / "a" / "keys.json"):
        with pytest.raises(BadUse, match="lies in the folder of the city"):
            KeyFile(inside, tmp_path / "city", "v")


def test_an_erasure_leaves_nothing_that_a_key_opens(vault, tmp_path):
    receipt, other = put(vault), put(vault, "R2")
    with vault.database.reading() as connection:
        row = connection.execute(
            text("SELECT wrapped, sealed FROM requester WHERE token = :t"), {"t": receipt.token}
        ).one()
    assert bytes(row.wrapped) in bytes_below(tmp_path)
    vault.erase(receipt.token, reading("person_asked"))
    assert bytes(row.wrapped) not in bytes_below(tmp_path)
    assert bytes(row.sealed) not in bytes_below(tmp_path)
    with pytest.raises(BadUse, match="was erased"):
        vault.reveal(receipt.token, "R1", reading())
    assert vault.reveal(other.token, "R2", reading()).details == PERSON
    assert vault.token_of(receipt.receipt) == receipt.token
    assert [one.action for one in vault.log.entries(receipt.token)] == ["requester.erase"]


def test_at_the_end_of_its_month_a_copy_of_the_store_is_unreadable_too(vault):
    receipt = put(vault)
    with vault.database.reading() as connection:
        row = connection.execute(text("SELECT key_id, wrapped, sealed FROM requester")).one()
    assert vault.erase_due(receipt.erase_on) == 0
    assert vault.erase_due(receipt.erase_on + timedelta(1)) == 1
    assert vault.erase_due(receipt.erase_on + timedelta(1)) == 0
    old = vault.keys.read()
    assert vault.erase_due(date(2027, 12, 1)) == 0
    assert [key.name for key in old.keys] == [row.key_id]
    assert not vault.keys.read().keys
    changed(vault, "UPDATE requester SET key_id = :k, wrapped = :w, sealed = :s", k=row.key_id, w=row.wrapped,
            s=row.sealed)  # fmt: skip
    with pytest.raises(BadInput, match="no such key"):
        vault.reveal(receipt.token, "R1", reading())


def test_a_record_is_kept_longer_by_name_and_never_shorter(vault):
    receipt = put(vault)
    vault.keep(receipt.token, date(2028, 3, 1), reading("person_asked"))
    assert vault.erase_due(date(2027, 12, 5)) == 0
    assert vault.reveal(receipt.token, "R1", reading()).details == PERSON
    with pytest.raises(BadUse, match="longer, not shorter"):
        vault.keep(receipt.token, date(2027, 1, 1), reading("person_asked"))
    assert [one.action for one in vault.log.entries(receipt.token)] == ["requester.keep", "requester.reveal"]


def test_the_person_finds_the_record_by_receipt_as_people_write_it(vault):
    receipt = put(vault)
    assert vault.token_of(receipt.receipt.lower().replace("-", " ")) == receipt.token
    with pytest.raises(BadUse, match="no record has this receipt"):
        vault.token_of("AAAA-BBBB")


def test_rotation_puts_all_under_fresh_keys_and_drops_the_old(vault):
    receipts = [put(vault, f"R{n}") for n in range(5)]
    before = {key.name for key in vault.keys.read().keys}
    assert vault.rotate() == 5
    after = {key.name for key in vault.keys.read().keys}
    assert before.isdisjoint(after)
    assert len(after) == 1
    assert all(vault.reveal(one.token, f"R{n}", reading()).details == PERSON for n, one in enumerate(receipts))


ROTATING = """
import sys, time
from pathlib import Path
from operations.trust.desk import vault_in
vault = vault_in(Path(sys.argv[1]))
print("ready", flush=True)
while True:
    vault.rotate()
"""


@pytest.mark.slow
def test_a_rotation_that_is_killed_loses_no_record(tmp_path):
    vault = vault_in(tmp_path)
    receipts = [put(vault, f"R{n}") for n in range(12)]
    for wait in range(20):
        child = subprocess.Popen(
            [sys.executable, "-c", ROTATING, str(tmp_path)], stdout=subprocess.PIPE, cwd=TESTS,
            env={**os.environ, "PYTHONPATH": f"{TESTS.parent / 'src'}:{TESTS}"},
        )  # fmt: skip
        assert child.stdout.readline() == b"ready\n"
        time.sleep(0.01 + 0.013 * wait)
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        assert not vault.faults()
    assert all(vault.reveal(one.token, f"R{n}", reading()).details == PERSON for n, one in enumerate(receipts))
    vault.rotate()
    assert len(vault.keys.read().keys) == 1
