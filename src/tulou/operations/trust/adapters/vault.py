"""The store of requesters: sealed records in a database of its own, keys in a file elsewhere."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Column, LargeBinary, MetaData, Row, String, Table, select

from tulou.kernel.errors import BadInput, BadUse
from tulou.kernel.identity import digest_text
from tulou.operations.trust.adapters.databases import Database
from tulou.operations.trust.adapters.keys import KeyFile, KeyRing
from tulou.operations.trust.adapters.sealing import Envelope, opened, seal, wrapped_anew
from tulou.operations.trust.domain.accesses import Note
from tulou.operations.trust.domain.requesters import Identity, Reading, Receipt, plain_of
from tulou.operations.trust.domain.rules import Rules
from tulou.operations.trust.handlers.ports import AccessLog

TABLES = MetaData()
VAULT = Table("vault", TABLES, Column("id", String, primary_key=True))
REQUESTER = Table(
    "requester",
    TABLES,
    Column("token", String, primary_key=True),
    Column("matter", String, nullable=False),
    Column("shielded_from", String, nullable=False),
    Column("receipt", String, nullable=False, unique=True),
    Column("erase_on", String, nullable=False, index=True),
    Column("key_id", String, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

TOKEN = "rq-"  # noqa: S105  (what tokens begin with)
TOKEN_BYTES = 15
RECEIPT_BYTES = 15
GROUP = 4
ID_BYTES = 8
MONTH = len("2026-11")
SHOWN = 9
NO_RECORD = "there is no record of this token, or it belongs to another matter"
ERASED = "this record was erased"
SHIELDED = "this record is closed to the body it complains about"
NO_RECEIPT = "no record has this receipt"


@dataclass(frozen=True)
class Entry:
    """One identity to be put away.

    Args:
        identity: Who asked.
        matter: Id of the request or case it belongs to.
        moment: When the request came in.
        shielded_from: Bodies complained about.
    """

    identity: Identity
    matter: str
    moment: datetime
    shielded_from: tuple[str, ...] = ()


class SqlVault:
    """A ``RequesterVault`` in a database.

    Args:
        database: The database, apart from that of the cases.
        keys: The key file.
        rules: Purposes and days of retention.
        log: Where each reading is written down first.
    """

    def __init__(self, database: Database, keys: KeyFile, rules: Rules, log: AccessLog) -> None:
        self.database = database
        self.keys = keys
        self.rules = rules
        self.log = log
        self.place = "requesters"

    def put(self, identity: Identity, matter: str, *, moment: datetime, shielded_from: Collection[str] = ()) -> Receipt:
        """Put an identity away; see ``RequesterVault``."""
        return self.put_many([Entry(identity, matter, moment, tuple(shielded_from))])[0]

    def put_many(self, entries: Sequence[Entry]) -> list[Receipt]:
        """Put identities away, all of them or none; the receipts are in their order."""
        rows, receipts = [], []
        for one in entries:
            days = self.rules.settings.number("retention", "requester", one.moment.date())
            made = Receipt(_token(), _receipt(), one.moment.date() + timedelta(days=days))
            row = {
                "token": made.token,
                "matter": one.matter,
                "shielded_from": json.dumps(sorted(set(one.shielded_from))),
                "erase_on": made.erase_on.isoformat(),
            }
            receipts.append(made)
            rows.append((row, one.identity))
        for period in sorted({_period(one.erase_on) for one in receipts}):
            self._have_key(period)
        with self.keys.turn():
            ring = self.keys.read()
            sealed = [self._sealed_row(ring, *pair) for pair in rows]
            told = [{**row, "receipt": digest_of(made.receipt)} for row, made in zip(sealed, receipts, strict=True)]
            if told:
                with self.database.writing() as connection:
                    connection.execute(REQUESTER.insert(), told)
        return receipts

    def _sealed_row(self, ring: KeyRing, row: Mapping[str, Any], identity: Identity) -> dict[str, Any]:
        period = row["erase_on"][:MONTH]
        key = ring.newest(period)
        if key is None:
            raise BadUse(ERASED, where=self.place, found=period)
        return {**row, **vars(seal(plain_of(identity), key.secret, key.name, self._bound(row)))}

    def take_back(self, tokens: Collection[str]) -> None:
        """Take back records that were just put away and whose requests could not be kept: nobody has their tokens."""
        with self.database.writing() as connection:
            connection.execute(REQUESTER.delete().where(REQUESTER.c.token.in_(list(tokens))))
        self.database.wipe()

    def held(self, matters: Collection[str]) -> dict[str, str]:
        """Tokens of the records of some matters that were not erased, by matter; nothing of who they are."""
        wanted = set(matters)
        asked = select(REQUESTER.c.matter, REQUESTER.c.token).where(REQUESTER.c.key_id != "")
        with self.database.reading() as connection:
            rows = list(connection.execute(asked.order_by(REQUESTER.c.token)))
        return {row.matter: row.token for row in rows if row.matter in wanted}

    def renew_receipt(self, token: str, matter: str, reading: Reading) -> str:
        """Give the person a receipt anew; the one before it opens nothing any more.

        Raises:
            BadUse: When the token, the matter or the purpose does not fit, or the record was erased.
        """
        self.rules.purpose(reading.purpose)
        row = self._row(token)
        if row.matter != matter:
            self.log.add(Note(reading, "requester.receipt", token, "refused"))
            raise BadUse(NO_RECORD, where=_short(token), found=matter)
        if not row.sealed:
            raise BadUse(ERASED, where=_short(token))
        self.log.add(Note(reading, "requester.receipt", token))
        fresh = _receipt()
        with self.database.writing() as connection:
            changed = REQUESTER.update().where(REQUESTER.c.token == token).values(receipt=digest_of(fresh))
            connection.execute(changed)
        return fresh

    def reveal(self, token: str, matter: str, reading: Reading) -> Identity:
        """Open a record for a purpose; see ``RequesterVault``."""
        self.rules.purpose(reading.purpose)
        row = self._row(token)
        is_shielded = reading.reader.body in json.loads(row.shielded_from)
        if is_shielded or row.matter != matter:
            self.log.add(Note(reading, "requester.reveal", token, "refused"))
            found = reading.reader.body if is_shielded else matter
            raise BadUse(SHIELDED if is_shielded else NO_RECORD, where=_short(token), found=found)
        if not row.sealed:
            raise BadUse(ERASED, where=_short(token))
        self.log.add(Note(reading, "requester.reveal", token))
        plain = row._asdict()
        with self.keys.turn():
            held = self._row(token)
            secret = self.keys.read().secret(held.key_id, _short(token))
        return Identity(opened(_envelope(held), secret, self._bound(plain), _short(token)))

    def erase(self, token: str, reading: Reading) -> None:
        """Erase a record before its time; see ``RequesterVault``."""
        self.rules.purpose(reading.purpose)
        row = self._row(token)
        self.log.add(Note(reading, "requester.erase", token))
        with self.database.writing() as connection:
            connection.execute(REQUESTER.update().where(REQUESTER.c.token == row.token).values(_NOTHING))
        self.database.wipe()

    def keep(self, token: str, until: date, reading: Reading) -> None:
        """Keep a record longer, since its request is still open; the day is sealed in like all else.

        Raises:
            BadUse: When the day lies before the one that holds.
        """
        self.rules.purpose(reading.purpose)
        row = self._row(token)
        if not row.sealed:
            raise BadUse(ERASED, where=_short(token))
        if until.isoformat() <= row.erase_on:
            allowed = (f"after {row.erase_on}",)
            raise BadUse("a record is kept longer, not shorter", where="--until", found=str(until), allowed=allowed)
        self.log.add(Note(reading, "requester.keep", token))
        self._have_key(_period(until))
        with self.keys.turn():
            held = self._row(token)
            plain, later = held._asdict(), {**held._asdict(), "erase_on": until.isoformat()}
            ring = self.keys.read()
            secret, key = ring.secret(held.key_id, _short(token)), ring.newest(_period(until))
            if key is None:
                raise BadUse(ERASED, where=self.place, found=_period(until))
            told = opened(_envelope(held), secret, self._bound(plain), _short(token))
            sealed = seal(told, key.secret, key.name, self._bound(later))
            with self.database.writing() as connection:
                changed = {"erase_on": until.isoformat(), **vars(sealed)}
                connection.execute(REQUESTER.update().where(REQUESTER.c.token == token).values(changed))

    def token_of(self, receipt: str) -> str:
        """The token that a person's receipt stands for.

        Raises:
            BadUse: When there is none.
        """
        with self.database.reading() as connection:
            asked = select(REQUESTER.c.token).where(REQUESTER.c.receipt == digest_of(receipt))
            found = connection.execute(asked).scalar_one_or_none()
        if found is None:
            raise BadUse(NO_RECEIPT, where="receipt")
        return str(found)

    def erase_due(self, today: date) -> int:
        """Erase what is past its day, and drop the keys of the months that are over.

        Returns:
            How many records were erased.
        """
        due = (REQUESTER.c.erase_on < today.isoformat()) & (REQUESTER.c.key_id != "")
        with self.keys.turn(is_writing=True):
            with self.database.writing() as connection:
                found = connection.execute(REQUESTER.update().where(due).values(_NOTHING)).rowcount
            ring = self.keys.read()
            left = tuple(key for key in ring.keys if key.period >= _period(today))
            if left != ring.keys:
                self.keys.write(KeyRing(ring.vault, left))
        self.database.wipe()
        return int(found)

    def rotate(self) -> int:
        """Put every record under a fresh key and drop the old ones; whenever it stops, every record still opens.

        Returns:
            How many records were put under another key.
        """
        with self.keys.turn(is_writing=True):
            ring = self.keys.read()
            for period in sorted({key.period for key in ring.keys}):
                ring = ring.with_key(period)
            self.keys.write(ring)
            moved = 0
            for row in self._sealed():
                key = ring.newest(row.erase_on[:MONTH])
                if key is not None and key.name != row.key_id:
                    secret = ring.secret(row.key_id, _short(row.token))
                    bound = self._bound(row._asdict())
                    fresh = wrapped_anew(_envelope(row), secret, key.secret, key.name, bound, _short(row.token))
                    with self.database.writing() as connection:
                        changed = REQUESTER.update().where(REQUESTER.c.token == row.token).values(vars(fresh))
                        connection.execute(changed)
                    moved += 1
            used = {row.key_id for row in self._sealed()} | {
                key.name for period in {key.period for key in ring.keys} if (key := ring.newest(period))
            }
            self.keys.write(KeyRing(ring.vault, tuple(key for key in ring.keys if key.name in used)))
        self.database.wipe()
        return moved

    def count(self) -> int:
        """How many records there are that were not erased."""
        return len(self._sealed())

    def faults(self) -> list[tuple[str, str]]:
        """Records that do not open: token, shortened, and why. Nothing is shown and nothing logged of who they are."""
        found = []
        with self.keys.turn():
            ring = self.keys.read()
            for row in self._sealed():
                try:
                    secret = ring.secret(row.key_id, _short(row.token))
                    opened(_envelope(row), secret, self._bound(row._asdict()), _short(row.token))
                except BadInput as error:
                    found.append((_short(row.token), error.faults[0].what))
        return found

    def _have_key(self, period: str) -> None:
        with self.keys.turn():
            if self.keys.read().newest(period):
                return
        with self.keys.turn(is_writing=True):
            ring = self.keys.read()
            if not ring.newest(period):
                self.keys.write(ring.with_key(period))

    def _row(self, token: str) -> Row[Any]:
        with self.database.reading() as connection:
            row = connection.execute(select(REQUESTER).where(REQUESTER.c.token == token)).one_or_none()
        if row is None:
            raise BadUse(NO_RECORD, where=_short(token))
        return row

    def _sealed(self) -> list[Row[Any]]:
        with self.database.reading() as connection:
            asked = select(REQUESTER).where(REQUESTER.c.key_id != "").order_by(REQUESTER.c.token)
            return list(connection.execute(asked))

    def _bound(self, row: Mapping[str, Any]) -> dict[str, Any]:
        return {"vault": self.keys.vault, **{key: row[key] for key in _BOUND}}


_BOUND = ("token", "matter", "shielded_from", "erase_on")
"""Plain columns that a record is bound to."""

_NOTHING = {"key_id": "", "wrapped": b"", "sealed": b""}


def make_vault(database: Database) -> str:
    """Make the tables of a vault and give its id; one that is there keeps its own."""
    database.make(TABLES)
    with database.writing() as connection:
        found = connection.execute(select(VAULT.c.id)).scalar_one_or_none()
        if found is None:
            found = secrets.token_hex(ID_BYTES)
            connection.execute(VAULT.insert().values(id=found))
    return str(found)


def digest_of(receipt: str) -> str:
    """Digest of a receipt as a person writes it: with or without groups, in either case."""
    return digest_text("".join(receipt.upper().replace("-", " ").split()))


def _envelope(row: Row[Any]) -> Envelope:
    return Envelope(row.key_id, bytes(row.wrapped), bytes(row.sealed))


def _period(end: date) -> str:
    return end.isoformat()[:MONTH]


def _short(token: str) -> str:
    return f"{token[:SHOWN]}…"


def _token() -> str:
    return TOKEN + base64.b32encode(secrets.token_bytes(TOKEN_BYTES)).decode().lower()


def _receipt() -> str:
    letters = base64.b32encode(secrets.token_bytes(RECEIPT_BYTES)).decode()
    return "-".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))
