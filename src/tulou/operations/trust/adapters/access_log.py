"""The access log in a database: rows can only be added, and each is chained to the one before it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DDL, Column, Integer, MetaData, String, Table, event, select
from sqlalchemy.schema import ExecutableDDLElement

from tulou.kernel.errors import BadInput, Fault
from tulou.operations.cases.domain.events import FIRST, chain_faults, digest_after
from tulou.operations.trust.adapters.databases import Database
from tulou.operations.trust.domain.accesses import Access, Note, access_of, entry_of, line_of, subject_of

TABLES = MetaData()
ACCESS = Table(
    "access",
    TABLES,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("subject", String, nullable=False, index=True),
    Column("line", String, nullable=False),
    Column("digest", String, nullable=False),
)
PLACE = "access"
_STAYS = """
CREATE TRIGGER access_{name} BEFORE {what} ON access BEGIN SELECT RAISE(ABORT, 'entries stay as they are'); END
"""
_RULE = "CREATE RULE access_{name} AS ON {what} TO access DO INSTEAD NOTHING"


def _guard(statement: str, dialect: str) -> ExecutableDDLElement:
    made: ExecutableDDLElement = DDL(statement).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]
    return made


for _name, _what in (("stays", "UPDATE"), ("remains", "DELETE")):
    event.listen(ACCESS, "after_create", _guard(_STAYS.format(name=_name, what=_what), "sqlite"))
    event.listen(ACCESS, "after_create", _guard(_RULE.format(name=_name, what=_what), "postgresql"))


class SqlAccessLog:
    """An ``AccessLog`` in a database.

    Args:
        database: The database.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    def make(self) -> None:
        """Make the table when it is not there."""
        self.database.make(TABLES)

    def add(self, note: Note) -> Access:
        """Write something down; it is on the disk when this returns."""
        with self.database.writing() as connection:
            newest = select(ACCESS).order_by(ACCESS.c.number.desc()).limit(1)
            last = connection.execute(newest).one_or_none()
            number, previous = (last.number + 1, last.digest) if last else (1, FIRST)
            entry = access_of(note, number)
            line = line_of(entry)
            row = {"number": number, "subject": entry.subject, "line": line, "digest": digest_after(previous, line)}
            connection.execute(ACCESS.insert().values(row))
        return entry

    def entries(self, token: str = "", since: datetime | None = None) -> list[Access]:
        """Entries of one record, or of all; in order.

        Args:
            token: Token of the record.
            since: Only from this moment on.

        Raises:
            BadInput: When one is damaged.
        """
        asked = select(ACCESS.c.number, ACCESS.c.line).order_by(ACCESS.c.number)
        if token:
            asked = asked.where(ACCESS.c.subject == subject_of(token))
        with self.database.reading() as connection:
            rows = list(connection.execute(asked))
        found = [entry_of(row.line, f"{PLACE}:{row.number}") for row in rows]
        return [one for one in found if since is None or one.moment >= since.astimezone(UTC)]

    def audit(self) -> list[Fault]:
        """Everything that is wrong with the log, entry by entry."""
        rows = self._rows()
        found = list(chain_faults(((row.number, row.line, row.digest) for row in rows), PLACE))
        for row in rows:
            where = f"{PLACE}:{row.number}"
            try:
                entry = entry_of(row.line, where)
            except BadInput as error:
                found += error.faults
                continue
            if (entry.number, entry.subject) != (row.number, row.subject):
                what = "the chain of events is broken: one is missing, moved or added"
                found.append(Fault(what, where, entry.number, (str(row.number),)))
        return found

    def digest(self) -> str:
        """Digest of the newest entry; empty when there is none."""
        rows = self._rows()
        return str(rows[-1].digest) if rows else FIRST

    def holds(self, noted: str) -> bool:
        """Whether some entry has a digest that begins so."""
        return any(row.digest.startswith(noted) for row in self._rows())

    def count(self) -> int:
        """How many entries there are."""
        return len(self._rows())

    def _rows(self) -> list[Any]:
        with self.database.reading() as connection:
            return list(connection.execute(select(ACCESS).order_by(ACCESS.c.number)))
