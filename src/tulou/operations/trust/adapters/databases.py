"""Databases of trust: opened like the record of cases, with what is erased overwritten at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, event, text
from sqlalchemy.schema import CreateSchema

from tulou.operations.cases.adapters.addresses import Address
from tulou.operations.cases.adapters.engines import check_server, engine_of, transaction


@dataclass(frozen=True, eq=False)
class Database:
    """A database.

    Args:
        address: Where it is; messages call it so, without a password.
        engine: Connections to it. What is filled into a statement never stands in an error.
    """

    address: Address
    engine: Engine

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One moment of it."""
        with transaction(self.engine, self.address, is_writing=False) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A turn at writing: all of it is kept, or nothing."""
        with transaction(self.engine, self.address, is_writing=True) as connection:
            yield connection

    def make(self, tables: MetaData) -> None:
        """Make the tables that are not there.

        Raises:
            BadInput: When the server does not put on the disk what it acknowledges.
        """
        with self.writing() as connection:
            check_server(connection, self.address)
            if self.address.schema:
                connection.execute(CreateSchema(self.address.schema, if_not_exists=True))
            tables.create_all(connection)

    def close(self) -> None:
        """Let go of connections that are kept open to a server."""
        self.engine.dispose()

    def wipe(self) -> None:
        """Leave nothing of what was erased in the write-ahead log of a file."""
        if self.address.file is not None:
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))


def open_database(address: Address) -> Database:
    """Open a database.

    Raises:
        MissingExtra: When the library for the server is not installed.
    """
    engine = engine_of(address)
    engine.hide_parameters = True
    if address.file is not None:
        event.listen(engine, "connect", _overwrite)
    return Database(address, engine)


def _overwrite(connection: Any, _record: object) -> None:  # noqa: ANN401  (the driver's own connection)
    connection.execute("PRAGMA secure_delete=ON")
    connection.execute("PRAGMA foreign_keys=ON")
