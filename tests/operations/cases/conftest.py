from itertools import count

import pytest

from operations.cases.desk import Desk
from tulou.operations.cases.adapters.addresses import address_of
from tulou.operations.cases.adapters.store import SqlStore

NUMBERS = count(1)


@pytest.fixture
def desk(tmp_path):
    return Desk(SqlStore.at(tmp_path / "cases" / "cases.sqlite"))


class Stores:
    """Makes records, all of one kind: files, or schemas of a server."""

    def __init__(self, folder, server):
        self.folder = folder
        self.server = server

    def address(self, name=""):
        """Address of a record of that name, or of a new one."""
        name = name or f"t{next(NUMBERS)}"
        given = self.server.address(name) if self.server else f"sqlite:{self.folder / name / 'cases' / 'cases.sqlite'}"
        return given, address_of(given, self.folder, self.folder)

    def store(self, name=""):
        return SqlStore(self.address(name)[1])

    def again(self, store):
        """The same record, opened anew."""
        return SqlStore(store.address)

    def desk(self, name=""):
        return Desk(self.store(name))

    def change(self, store, statement, *values):
        """Change the record behind the store's back."""
        if self.server:
            with self.server.connection(store.address.schema) as connection:
                connection.execute("SET session_replication_role = replica")
                connection.execute(statement.replace("?", "%s"), values or None)
            return
        with self.connection(store) as connection:
            names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
            for name in names:
                connection.execute(f"DROP TRIGGER {name}")
            connection.execute(statement, values)
            connection.commit()

    def connection(self, store):
        """A connection of its own to the record."""
        import contextlib
        import sqlite3

        if self.server:
            return self.server.connection(store.address.schema)
        return contextlib.closing(sqlite3.connect(store.address.file))


@pytest.fixture(scope="session", params=["file", "server"])
def stores(request, tmp_path_factory):
    """Both kinds of store, one after the other."""
    server = request.getfixturevalue("postgresql") if request.param == "server" else None
    return Stores(tmp_path_factory.mktemp("stores"), server)
