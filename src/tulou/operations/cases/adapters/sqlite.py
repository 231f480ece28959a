"""The store of cases in one SQLite file, through Python's standard library.

An event is acknowledged once its transaction is on the disk (WAL, ``synchronous=FULL``); what a writer that died left
half done never happened. Writers take turns. Rows can only be added: the file itself refuses to change or delete one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import cast

from tulou.kernel.clock import now
from tulou.kernel.errors import BadInput, Conflict, Fault
from tulou.kernel.identity import digest_text
from tulou.operations.cases.adapters.reading import flow_of
from tulou.operations.cases.domain.events import (
    FIRST,
    SHOWN,
    Event,
    chain_faults,
    digest_after,
    event_of,
    line_of,
    numbered,
)
from tulou.operations.cases.domain.flow import Flow
from tulou.operations.cases.handlers.ports import Book, Clock, Writing

FORMAT = 1
WAIT = 60.0
"""Seconds a writer waits for its turn."""

DAMAGED = "the store of cases is damaged"
BUSY = "another program writes to the cases of this city"

# ``opens`` holds the finding that a case is opened about, or nothing; it is null for every later event.
_TABLES = """
CREATE TABLE event (
    number INTEGER PRIMARY KEY, case_id TEXT NOT NULL, opens TEXT, line TEXT NOT NULL, digest TEXT NOT NULL
) STRICT;
CREATE INDEX event_of_case ON event (case_id, number);
CREATE INDEX event_opens ON event (opens) WHERE opens IS NOT NULL;
CREATE TABLE flow (digest TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT;
CREATE TRIGGER event_stays BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'events stay as they are'); END;
CREATE TRIGGER event_remains BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'events stay as they are'); END;
CREATE TRIGGER flow_stays BEFORE UPDATE ON flow BEGIN SELECT RAISE(ABORT, 'flows stay as they are'); END;
CREATE TRIGGER flow_remains BEFORE DELETE ON flow BEGIN SELECT RAISE(ABORT, 'flows stay as they are'); END;
"""


class SqliteStore:
    """Events and flows of cases in one file; a ``Store``.

    Args:
        path: The file; made with the first event.
        clock: Tells when an event is written down.
    """

    def __init__(self, path: Path, clock: Clock = now) -> None:
        self.path = path
        self.clock = clock
        self._flows: dict[str, Flow] = {}

    @property
    def place(self) -> str:
        """How messages call the file."""
        return f"{self.path.parent.name}/{self.path.name}"

    def events(self, case: str = "") -> tuple[Event, ...]:
        """Events of one case, or of all; in order.

        Raises:
            BadInput: When the file is damaged.
        """
        with self._opened() as found:
            return found.events(case) if found else ()

    def flow(self, digest: str) -> Flow:
        """A version of a flow that was kept.

        Raises:
            BadInput: When it is not there, or was changed.
        """
        if digest in self._flows:
            return self._flows[digest]
        with self._opened() as found:
            return found.flow(digest) if found else _no_flow(digest, self.place)

    def cases(self) -> int:
        """How many cases were opened."""
        with self._opened() as found:
            return found.cases() if found else 0

    def about(self, finding: str) -> tuple[str, ...]:
        """Ids of cases that were opened about a finding."""
        with self._opened() as found:
            return found.about(finding) if found else ()

    def write(self, decide: Callable[[Book], Writing]) -> tuple[Event, ...]:
        """Decide on events in the light of what is on record and add them, all or none.

        Args:
            decide: Gives what to write, or raises when it may not be; nothing is written then.

        Raises:
            Conflict: When another program does not let go of the file.
            BadInput: When the file is damaged.
        """
        is_new = not self.path.exists()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with self._opened(is_writing=True) as found:
                rows = cast("_Rows", found)  # a writer makes the file
                return rows.add(decide(rows), self.clock)
        except BaseException:
            if is_new:
                self._clear_empty()
            raise

    def audit(self) -> list[Fault]:
        """Everything that is wrong with the chain, the index and the flows, entry by entry."""
        with self._opened() as found:
            return list(found.faults()) if found else []

    def digest(self) -> str:
        """Digest of the newest event; empty when there is none."""
        with self._opened() as found:
            return found.last()[1] if found else FIRST

    def holds(self, noted: str) -> bool:
        """Whether some event has a digest that begins so."""
        with self._opened() as found:
            return found is not None and found.holds(noted)

    @contextmanager
    def _opened(self, *, is_writing: bool = False) -> Iterator[_Rows | None]:
        """Rows of the file within one transaction; None when there is no file and nothing is to be written."""
        if not is_writing and not self.path.exists():
            yield None
            return
        try:
            connection = sqlite3.connect(self.path, timeout=WAIT, isolation_level=None)
        except sqlite3.Error as error:
            raise BadInput(DAMAGED, where=self.place, found=str(error)) from None
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("BEGIN IMMEDIATE" if is_writing else "BEGIN")
            rows = _Rows(connection, self.place, self._flows)
            yield rows if rows.is_ready(is_writing=is_writing) else None
            connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise Conflict(BUSY, where=self.place) from None
            raise BadInput(DAMAGED, where=self.place, found=str(error)) from None
        except sqlite3.Error as error:
            raise BadInput(DAMAGED, where=self.place, found=str(error)) from None
        finally:
            connection.close()

    def _clear_empty(self) -> None:
        """Leave no file behind where the first event was refused."""
        if self.path.exists() and not self.cases():
            for ending in ("", "-wal", "-shm"):
                self.path.with_name(self.path.name + ending).unlink(missing_ok=True)


class _Rows:
    """What stands in the file, within one transaction; a ``Book``."""

    def __init__(self, connection: sqlite3.Connection, place: str, flows: dict[str, Flow]) -> None:
        self.connection = connection
        self.place = place
        self._flows = flows

    def is_ready(self, *, is_writing: bool) -> bool:
        """Whether the tables are there; they are made for the first writer."""
        (found,) = self.connection.execute("PRAGMA user_version").fetchone()
        if found == FORMAT:
            return True
        if found:
            raise BadInput("cases of another format", where=self.place, found=found, allowed=(str(FORMAT),))
        if not is_writing:
            return False
        for statement in _statements(_TABLES):
            self.connection.execute(statement)
        self.connection.execute(f"PRAGMA user_version={FORMAT}")
        return True

    def events(self, case: str = "") -> tuple[Event, ...]:
        """Events of one case, or of all; in order."""
        rows = (
            self.connection.execute("SELECT number, line FROM event WHERE case_id = ? ORDER BY number", (case,))
            if case
            else self.connection.execute("SELECT number, line FROM event ORDER BY number")
        )
        return tuple(event_of(line, f"{self.place}:{number}") for number, line in rows)

    def flow(self, digest: str) -> Flow:
        """A version of a flow that was kept."""
        if digest not in self._flows:
            row = self.connection.execute("SELECT text FROM flow WHERE digest = ?", (digest,)).fetchone()
            if row is None or digest_text(row[0]) != digest:
                return _no_flow(digest, self.place)
            self._flows[digest] = flow_of(row[0], f"{self.place}: {digest[:SHOWN]}")
        return self._flows[digest]

    def cases(self) -> int:
        """How many cases were opened."""
        (found,) = self.connection.execute("SELECT count(*) FROM event WHERE opens IS NOT NULL").fetchone()
        return int(found)

    def about(self, finding: str) -> tuple[str, ...]:
        """Ids of cases that were opened about a finding."""
        rows = self.connection.execute("SELECT case_id FROM event WHERE opens = ? ORDER BY number", (finding,))
        return tuple(name for (name,) in rows)

    def add(self, writing: Writing, clock: Clock) -> tuple[Event, ...]:
        """Add events and the flows they name."""
        number, previous, known = self.last()
        known = max(clock(), known) if known else clock()
        for flow in writing.flows:
            self.connection.execute("INSERT OR IGNORE INTO flow VALUES (?, ?)", (flow.digest, flow.text))
        added = []
        for place, draft in enumerate(writing.drafts, number + 1):
            event = numbered(draft, place, known)
            line = line_of(event)
            previous = digest_after(previous, line)
            opens = draft.facts["finding"].get("finding", "") if draft.kind == "open" else None
            self.connection.execute(
                "INSERT INTO event VALUES (?, ?, ?, ?, ?)", (place, draft.case, opens, line, previous)
            )
            added.append(event)
        return tuple(added)

    def last(self) -> tuple[int, str, datetime | None]:
        """Number, digest and moment of the newest event."""
        row = self.connection.execute("SELECT number, digest, line FROM event ORDER BY number DESC LIMIT 1").fetchone()
        if row is None:
            return 0, FIRST, None
        return row[0], row[1], event_of(row[2], f"{self.place}:{row[0]}").known

    def holds(self, noted: str) -> bool:
        """Whether some event has a digest that begins so."""
        row = self.connection.execute("SELECT 1 FROM event WHERE substr(digest, 1, ?) = ?", (len(noted), noted))
        return row.fetchone() is not None

    def faults(self) -> Iterator[Fault]:
        """Everything that is wrong."""
        rows = self.connection.execute("SELECT number, line, digest FROM event ORDER BY number")
        yield from chain_faults(rows, self.place)
        for number, case, line in self.connection.execute("SELECT number, case_id, line FROM event ORDER BY number"):
            try:
                found = event_of(line, f"{self.place}:{number}")
            except BadInput as error:
                yield from error.faults
                continue
            if (found.number, found.case) != (number, case):
                yield Fault(
                    "the chain of events is broken: one is missing, moved or added",
                    f"{self.place}:{number}",
                    found.case,
                    (case,),
                )
        for digest, text in self.connection.execute("SELECT digest, text FROM flow ORDER BY digest"):
            if digest_text(text) != digest:
                yield Fault("this version of a flow was changed after it was kept", self.place, digest[:SHOWN])


def _statements(script: str) -> Iterator[str]:
    """Statements of a script one by one, so that they are part of the transaction."""
    whole = ""
    for line in script.strip().splitlines():
        whole += line + "\n"
        if sqlite3.complete_statement(whole):
            yield whole
            whole = ""


def _no_flow(digest: str, place: str) -> Flow:
    raise BadInput("the version of the flow of a case is not there, or was changed", where=place, found=digest[:SHOWN])
