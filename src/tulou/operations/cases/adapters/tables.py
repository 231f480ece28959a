"""Tables of the record of cases, the same in SQLite and PostgreSQL; both refuse to change or delete a row."""

from __future__ import annotations

from sqlalchemy import DDL, BigInteger, Column, Index, Integer, MetaData, Table, Text, event

FORMAT = 3
"""Format of the tables; another one is refused."""

STAYS = "the record stays as it is"
"""What the store says to whoever changes or deletes a row."""

metadata = MetaData()

record = Table("record", metadata, Column("format", Integer, primary_key=True), sqlite_strict=True)
"""One row: the format."""

events = Table(
    "event",
    metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("case_id", Text, nullable=False),
    Column("opens", Text),
    Column("line", Text, nullable=False),
    Column("digest", Text, nullable=False),
    sqlite_strict=True,
)
"""Events in order. ``opens`` holds the finding that a case is opened about, or nothing; null for every later event."""

Index("event_of_case", events.c.case_id, events.c.number)
Index(
    "event_opens",
    events.c.opens,
    sqlite_where=events.c.opens.is_not(None),
    postgresql_where=events.c.opens.is_not(None),
)

flows = Table(
    "flow",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("text", Text, nullable=False),
    sqlite_strict=True,
)
"""Versions of flows as they were read."""

messages = Table(
    "message",
    metadata,
    Column("event", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("body", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due", Text, nullable=False),
    Column("said", Text, nullable=False),
    sqlite_strict=True,
)
"""Messages about calls, one a body: the only rows that change, as they are sent. They come with their event."""

_SQLITE = """
CREATE TRIGGER %(table)s_{when} BEFORE {what} ON %(table)s BEGIN SELECT RAISE(ABORT, '{says}'); END
"""
_FUNCTION = """
CREATE OR REPLACE FUNCTION stays() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{says}' USING ERRCODE = 'restrict_violation'; END $$
"""
_POSTGRESQL = """
CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON %(table)s
FOR EACH STATEMENT EXECUTE FUNCTION stays()
"""


def _ddl(statement: str, dialect: str) -> DDL:
    made: DDL = DDL(statement)  # type: ignore[no-untyped-call]
    return made.execute_if(dialect=dialect)


def _protect(table: Table) -> None:
    for when, what in (("stays", "UPDATE"), ("remains", "DELETE")):
        event.listen(table, "after_create", _ddl(_SQLITE.format(when=when, what=what, says=STAYS), "sqlite"))
    event.listen(table, "after_create", _ddl(_POSTGRESQL.format(table=table.name), "postgresql"))


event.listen(metadata, "before_create", _ddl(_FUNCTION.format(says=STAYS), "postgresql"))
for _one in (record, events, flows):
    _protect(_one)
