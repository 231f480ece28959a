"""Opening a store by its address: an SQLite file beside the city, or PostgreSQL; one code path for both.

Statements never stand in errors with what was filled into them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, create_engine, event, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import NullPool

from tulou.kernel.errors import BadInput, BadUse, Conflict, MissingExtra

WAIT = 60.0
"""Seconds a writer waits for its turn."""

WRITES = "tulou_writes"
TURN = 7241996
"""Number of the lock by which writers of one PostgreSQL database take turns."""

BUSY = "another program writes to this store"
UNUSABLE = "this store cannot be used"
NO_ADDRESS = "this is not the address of a store"
EXAMPLES = ("sqlite:///FILE", "postgresql+psycopg://USER@HOST/NAME")


def address_of(path: Path) -> str:
    """The address of an SQLite file."""
    return f"sqlite:///{path}"


def open_engine(address: str) -> Engine:
    """Open a store.

    Raises:
        BadUse: When the address is none.
        MissingExtra: When the library for it is not installed.
    """
    try:
        engine = create_engine(
            address, poolclass=NullPool, hide_parameters=True, connect_args=_arguments(address), future=True
        )
    except (ArgumentError, NoSuchModuleError):
        raise BadUse(NO_ADDRESS, where="store", allowed=EXAMPLES) from None
    except ModuleNotFoundError as error:
        raise MissingExtra(error.name or "psycopg", "server") from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def make_tables(engine: Engine, tables: MetaData, place: str) -> None:
    """Make the tables that are not there yet."""
    with transaction(engine, place, is_writing=True) as connection:
        tables.create_all(connection)


@contextmanager
def transaction(engine: Engine, place: str, *, is_writing: bool = False) -> Iterator[Connection]:
    """One transaction, kept when the block ends well; writers take turns.

    Raises:
        Conflict: When another program does not let go.
        BadInput: When the store cannot be used.
    """
    try:
        with engine.connect().execution_options(**{WRITES: is_writing}) as connection, connection.begin():
            if is_writing and engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": TURN})
            yield connection
    except OperationalError as error:
        if "locked" in str(error.orig):
            raise Conflict(BUSY, where=place) from None
        raise BadInput(UNUSABLE, where=place, found=_said(error)) from None
    except DBAPIError as error:
        raise BadInput(UNUSABLE, where=place, found=_said(error)) from None


def _said(error: DBAPIError) -> str:
    return str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__


def _arguments(address: str) -> dict[str, Any]:
    return {"timeout": WAIT} if address.startswith("sqlite") else {}


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401  (the driver's own connection)
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    is_writing = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")
