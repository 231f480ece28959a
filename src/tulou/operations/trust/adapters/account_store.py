"""The store of accounts in a database: of passwords and tokens it holds digests only, of names that failed too."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Column, ForeignKey, Integer, MetaData, Row, String, Table, select

from tulou.kernel.errors import BadUse
from tulou.operations.trust.adapters.databases import Database
from tulou.operations.trust.domain.accounts import Account, Grant, Hold

TABLES = MetaData()
ACCOUNT = Table(
    "account",
    TABLES,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("password", String, nullable=False),
    Column("closed", String),
)
GRANT = Table(
    "account_grant",
    TABLES,
    Column("number", Integer, primary_key=True),
    Column("account", String, ForeignKey("account.id"), nullable=False, index=True),
    Column("role", String, nullable=False),
    Column("body", String, nullable=False),
    Column("area", String, nullable=False),
    Column("since", String, nullable=False),
    Column("until", String),
)
TOKEN = Table(
    "account_token",
    TABLES,
    Column("digest", String, primary_key=True),
    Column("account", String, ForeignKey("account.id"), nullable=False, index=True),
    Column("ends", String, nullable=False),
)
HOLD = Table(
    "account_hold",
    TABLES,
    Column("kind", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last", String, nullable=False),
    Column("until", String, nullable=False),
)
"""Failures and rates by a digest of a name or address; a row whose time is over is dropped."""

PLACE = "accounts"
TAKEN = "an account of this name is there already"
T = TypeVar("T")


class SqlAccountStore:
    """An ``AccountStore``.

    Args:
        database: The database.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    def make(self) -> None:
        """Make the tables that are not there."""
        self.database.make(TABLES)

    def account(self, name: str) -> tuple[Account, str] | None:
        """An account by its name, with the hash of its password."""
        with self.database.reading() as connection:
            row = connection.execute(select(ACCOUNT).where(ACCOUNT.c.name == name)).one_or_none()
            grants = connection.execute(_grants(row.id)).all() if row else []
        return (_account(row, grants), str(row.password)) if row else None

    def accounts(self) -> list[Account]:
        """All accounts, by name."""
        with self.database.reading() as connection:
            rows = connection.execute(select(ACCOUNT).order_by(ACCOUNT.c.name)).all()
            return [_account(row, connection.execute(_grants(row.id)).all()) for row in rows]

    def add(self, account: Account, hashed: str) -> None:
        """Keep a new account.

        Raises:
            BadUse: When its name is taken.
        """
        with self.database.writing() as connection:
            if connection.execute(select(ACCOUNT.c.id).where(ACCOUNT.c.name == account.name)).first():
                raise BadUse(TAKEN, where="NAME", found=account.name)
            connection.execute(ACCOUNT.insert().values(id=account.id, name=account.name, password=hashed))

    def set_password(self, account: str, hashed: str) -> None:
        """Replace the hash of a password."""
        with self.database.writing() as connection:
            connection.execute(ACCOUNT.update().where(ACCOUNT.c.id == account).values(password=hashed))

    def close(self, account: str, moment: datetime) -> None:
        """Close an account; its tokens end."""
        with self.database.writing() as connection:
            connection.execute(ACCOUNT.update().where(ACCOUNT.c.id == account).values(closed=moment.isoformat()))
            connection.execute(TOKEN.delete().where(TOKEN.c.account == account))

    def grant(self, account: str, grant: Grant) -> None:
        """Add a grant."""
        row: dict[str, str | None] = {"account": account, "role": grant.role, "body": grant.body, "area": grant.area}
        row |= {"since": grant.since.isoformat(), "until": grant.until.isoformat() if grant.until else None}
        with self.database.writing() as connection:
            connection.execute(GRANT.insert().values(row))

    def end_grants(self, account: str, grant: Grant) -> int:
        """Set the last day of grants of a role and body that hold beyond it; gives how many."""
        last = grant.until.isoformat() if grant.until else None
        mine = (GRANT.c.account == account) & (GRANT.c.role == grant.role) & (GRANT.c.body == grant.body)
        still = GRANT.c.until.is_(None) | (GRANT.c.until > last)
        with self.database.writing() as connection:
            return int(connection.execute(GRANT.update().where(mine & still).values(until=last)).rowcount)

    def add_token(self, digest: str, account: str, ends: datetime) -> None:
        """Keep the digest of a token."""
        with self.database.writing() as connection:
            connection.execute(TOKEN.insert().values(digest=digest, account=account, ends=ends.isoformat()))

    def holder(self, digest: str, moment: datetime) -> Account | None:
        """The account whose token has this digest, while the token holds."""
        asked = select(ACCOUNT, TOKEN.c.ends).join(TOKEN, TOKEN.c.account == ACCOUNT.c.id)
        with self.database.reading() as connection:
            row = connection.execute(asked.where(TOKEN.c.digest == digest)).one_or_none()
            if row is None or row.closed or datetime.fromisoformat(row.ends) <= moment:
                return None
            return _account(row, connection.execute(_grants(row.id)).all())

    def end_tokens(self, account: str, digest: str = "") -> None:
        """End one token of an account, or all."""
        mine = TOKEN.c.account == account
        with self.database.writing() as connection:
            connection.execute(TOKEN.delete().where(mine & (TOKEN.c.digest == digest) if digest else mine))

    def change(self, table: str, key: str, decide: Callable[[Hold | None], tuple[Hold | None, T]]) -> T:
        """Change what is held of a key, in one step that nobody comes between.

        Args:
            table: Kind of hold: ``failure``, or the action of a rate.
            key: Digest of the name or address.
            decide: Gives what is held from now on, and the answer.
        """
        here = (HOLD.c.kind == table) & (HOLD.c.key == key)
        with self.database.writing() as connection:
            row = connection.execute(select(HOLD).where(here)).one_or_none()
            before = _hold(row) if row else None
            after, answer = decide(before)
            if after != before:
                connection.execute(HOLD.delete().where(here))
            if after is not None and after != before:
                values = {"failures": after.count, "last": after.last.isoformat(), "until": after.until.isoformat()}
                connection.execute(HOLD.insert().values(kind=table, key=key, **values))
        return answer

    def forget(self, before: datetime) -> None:
        """Drop what is held since before a moment, of all kinds."""
        with self.database.writing() as connection:
            rows = connection.execute(select(HOLD)).all()
            for row in rows:
                if max(_hold(row).last, _hold(row).until) < before:
                    connection.execute(HOLD.delete().where((HOLD.c.kind == row.kind) & (HOLD.c.key == row.key)))


def _grants(account: str) -> Any:  # noqa: ANN401  (SQLAlchemy's select of several columns)
    return select(GRANT).where(GRANT.c.account == account).order_by(GRANT.c.number)


def _account(row: Row[Any], grants: Iterable[Row[Any]]) -> Account:
    held = tuple(
        Grant(one.role, one.body, one.area, date.fromisoformat(one.since),
              date.fromisoformat(one.until) if one.until else None)
        for one in grants
    )  # fmt: skip
    return Account(row.id, row.name, held, datetime.fromisoformat(row.closed) if row.closed else None)


def _hold(row: Row[Any]) -> Hold:
    return Hold(row.failures, datetime.fromisoformat(row.last), datetime.fromisoformat(row.until))
