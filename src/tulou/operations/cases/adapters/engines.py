"""Connections to a record: SQLite with a write-ahead log, PostgreSQL through psycopg; commits that are on the disk.

Both give the same: one writer at a time, who sees all that was written before; readers who see one moment of the record
and wait for nobody; a commit that is on the disk when it returns.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from tulou.kernel.errors import BadInput, Conflict, MissingExtra
from tulou.operations.cases.adapters.addresses import Address

WAIT = 60.0
"""Seconds a writer waits for its turn."""
PAUSE = 0.01
"""Seconds between two tries."""
CONNECT = 10
"""Seconds until a server counts as not there."""

DAMAGED = "the store of cases is damaged"
BUSY = "another program writes to the cases of this city"
AWAY = "the server of the cases cannot be reached, or refuses"
UNSAFE = "this server does not put on the disk what it acknowledges"

_TURN = frozenset({"55P03", "40001", "40P01"})
"""What PostgreSQL says when a lock is not to be had: lock not available, serialisation failure, deadlock."""


def engine_of(address: Address) -> Engine:
    """Connections to a record.

    Raises:
        MissingExtra: When the library for the server is not installed.
    """
    if address.file is not None:
        engine = create_engine(address.url, poolclass=NullPool, connect_args={"timeout": WAIT})
        event.listen(engine, "connect", _set_up_file)
        event.listen(engine, "begin", _begin_file)
        return engine
    settings = f'-csearch_path="{address.schema}" -csynchronous_commit=on -clock_timeout={WAIT * 1000:.0f}'
    try:
        return create_engine(
            address.url,
            pool_pre_ping=True,
            connect_args={"options": settings, "connect_timeout": CONNECT, "application_name": "tulou"},
        )
    except ModuleNotFoundError as error:
        raise MissingExtra(str(error.name), "server") from None


@contextmanager
def transaction(engine: Engine, address: Address, *, is_writing: bool) -> Iterator[Connection]:
    """One transaction: a writer has its turn, a reader sees one moment.

    Raises:
        Conflict: When another program does not let go of its turn.
        BadInput: When the record is damaged or cannot be reached.
    """
    try:
        with engine.connect() as plain:
            connection = _for(plain, address, is_writing=is_writing)
            with connection.begin():
                if is_writing and address.file is None:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": address.lock})
                yield connection
    except SQLAlchemyError as error:
        raise _told(error, address) from None


def check_server(connection: Connection, address: Address) -> None:
    """Refuse a server that acknowledges before it writes.

    Raises:
        BadInput: When its ``fsync`` is off.
    """
    if address.file is None and connection.scalar(text("SHOW fsync")) != "on":
        raise BadInput(UNSAFE, where=address.place, found="fsync = off", allowed=("fsync = on",))


def _for(connection: Connection, address: Address, *, is_writing: bool) -> Connection:
    if address.file is not None:
        return connection.execution_options(tulou_writes=is_writing)
    level = "READ COMMITTED" if is_writing else "REPEATABLE READ"
    return connection.execution_options(isolation_level=level, postgresql_readonly=not is_writing)


def _set_up_file(connection: Any, _record: object) -> None:  # noqa: ANN401  (the driver's own connection)
    connection.isolation_level = None
    _log_ahead(connection)
    connection.execute("PRAGMA synchronous=FULL")


def _log_ahead(connection: Any) -> None:  # noqa: ANN401  (the driver's own connection)
    """Have a write-ahead log; a new file gets one, and of several that come first at once each waits its turn."""
    if connection.execute("PRAGMA journal_mode").fetchone() == ("wal",):
        return
    end = time.monotonic() + WAIT
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > end:
                raise
            time.sleep(PAUSE)
        else:
            return


def _begin_file(connection: Connection) -> None:
    writes = connection.get_execution_options().get("tulou_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _told(error: SQLAlchemyError, address: Address) -> Conflict | BadInput:
    """What went wrong, in words, without a password."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    said = address.hidden(str(cause)).strip().partition("\n")[0]
    state = getattr(cause, "sqlstate", None)
    if "locked" in said or state in _TURN:
        return Conflict(BUSY, where=address.place)
    if address.file is None and (state is None or state[:2] in {"08", "28", "3D", "42", "57"}):
        return BadInput(AWAY, where=address.place, found=said)
    return BadInput(DAMAGED, where=address.place, found=said)
