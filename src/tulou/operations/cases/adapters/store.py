"""The store of cases in an SQL database: SQLite beside the city, or PostgreSQL on a server; one code path.

An event is acknowledged once its transaction is on the disk; what a writer that died left half done never happened.
Writers take turns. Rows can only be added: the database itself refuses to change or delete one.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import cast

from sqlalchemy import Connection, Engine, func, inspect, select
from sqlalchemy.schema import CreateSchema

from tulou.kernel.clock import now
from tulou.kernel.errors import BadInput, Fault
from tulou.kernel.identity import digest_text
from tulou.operations.cases.adapters.addresses import Address, file_address
from tulou.operations.cases.adapters.engines import check_server, engine_of, transaction
from tulou.operations.cases.adapters.reading import flow_of
from tulou.operations.cases.adapters.tables import FORMAT, events, flows, messages, metadata, record
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
from tulou.operations.cases.domain.messages import Message
from tulou.operations.cases.handlers.ports import Book, Clock, Writing


class SqlStore:
    """Events and flows of cases in one database; a ``Store``.

    Args:
        address: Where it is; its tables are made with the first event.
        clock: Tells when an event is written down.
    """

    def __init__(self, address: Address, clock: Clock = now) -> None:
        self.address = address
        self.clock = clock
        self._flows: dict[str, Flow] = {}
        self._engine: Engine | None = None
        self._is_ready = False

    @classmethod
    def at(cls, path: Path, clock: Clock = now) -> SqlStore:
        """The store in one SQLite file."""
        return cls(file_address(path), clock)

    @property
    def place(self) -> str:
        """How messages call the store."""
        return self.address.place

    def events(self, case: str = "", *, after: int = 0) -> tuple[Event, ...]:
        """Events of one case, or of all, after a number; in order.

        Raises:
            BadInput: When the store is damaged.
        """
        with self._opened() as found:
            return found.events(case, after=after) if found else ()

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
            decide: Gives what to write, or raises when it may not be; nothing is written then. It may be asked twice.

        Raises:
            Conflict: When another program does not let go of the store.
            BadInput: When the store is damaged or cannot be reached.
        """
        file = self.address.file
        if file is not None and not file.exists():
            decide(_Nothing(self.place))  # a refusal leaves no file behind
            file.parent.mkdir(parents=True, exist_ok=True)
        with self._opened(is_writing=True) as found:
            rows = cast("_Rows", found)  # a writer makes the tables
            return rows.add(decide(rows), self.clock)

    def audit(self) -> list[Fault]:
        """Everything that is wrong with the chain, the index and the flows, entry by entry."""
        with self._opened() as found:
            return (list(found.faults()) or list(found.message_faults())) if found else []

    def last(self) -> tuple[int, str]:
        """Number and digest of the newest event; 0 and empty when there is none."""
        with self._opened() as found:
            return found.last()[:2] if found else (0, FIRST)

    def digest(self) -> str:
        """Digest of the newest event; empty when there is none."""
        return self.last()[1]

    def digest_of(self, number: int) -> str:
        """Digest of an event; empty when there is none of that number."""
        with self._opened() as found:
            return found.digest_of(number) if found else FIRST

    def holds(self, noted: str) -> bool:
        """Whether some event has a digest that begins so."""
        with self._opened() as found:
            return found is not None and found.holds(noted)

    def messages(self) -> tuple[Message, ...]:
        """Messages about calls, in order."""
        with self._opened() as found:
            return found.messages() if found else ()

    def turn(self, old: Message, new: Message) -> bool:
        """Put a message in the place of what it was; False when somebody else did meanwhile."""
        with self._opened(is_writing=True) as found:
            return found is not None and found.turn(old, new)

    def close(self) -> None:
        """Let go of all connections; the store can be used again."""
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    @contextmanager
    def _opened(self, *, is_writing: bool = False) -> Iterator[_Rows | None]:
        """Rows of the store within one transaction; None where there are no tables and nothing is to be written."""
        file = self.address.file
        if file is not None and not file.exists():
            self._is_ready = False
            if not is_writing:
                yield None
                return
        if self._engine is None:
            self._engine = engine_of(self.address)
            weakref.finalize(self, self._engine.dispose)
        with transaction(self._engine, self.address, is_writing=is_writing) as connection:
            rows = _Rows(connection, self.address, self._flows)
            is_ready = self._is_ready or rows.is_ready(is_writing=is_writing)
            yield rows if is_ready else None
        self._is_ready = is_ready  # once its tables are on the disk


class _Nothing:
    """A record in which nothing stands yet; a ``Book``."""

    def __init__(self, place: str) -> None:
        self.place = place

    def events(self, case: str = "") -> tuple[Event, ...]:  # noqa: ARG002
        """None."""
        return ()

    def flow(self, digest: str) -> Flow:
        """None.

        Raises:
            BadInput: Always.
        """
        return _no_flow(digest, self.place)

    def cases(self) -> int:
        """Zero."""
        return 0

    def about(self, finding: str) -> tuple[str, ...]:  # noqa: ARG002
        """None."""
        return ()


class _Rows:
    """What stands in the store, within one transaction; a ``Book``."""

    def __init__(self, connection: Connection, address: Address, flows: dict[str, Flow]) -> None:
        self.connection = connection
        self.address = address
        self.place = address.place
        self._flows = flows

    def is_ready(self, *, is_writing: bool) -> bool:
        """Whether the tables are there; they are made for the first writer."""
        names = set(inspect(self.connection).get_table_names(schema=self.address.schema or None))
        if record.name in names:
            found = self.connection.scalar(select(record.c.format))
            if found == FORMAT:
                return True
            raise BadInput("cases of another format", where=self.place, found=found, allowed=(str(FORMAT),))
        if names:
            raise BadInput("cases of another format", where=self.place, found=", ".join(sorted(names)))
        if not is_writing:
            return False
        check_server(self.connection, self.address)
        if self.address.schema:
            self.connection.execute(CreateSchema(self.address.schema, if_not_exists=True))
        metadata.create_all(self.connection, checkfirst=False)
        self.connection.execute(record.insert(), {"format": FORMAT})
        return True

    def events(self, case: str = "", *, after: int = 0) -> tuple[Event, ...]:
        """Events of one case, or of all, after a number; in order."""
        wanted = select(events.c.number, events.c.line).order_by(events.c.number)
        wanted = wanted.where(events.c.case_id == case) if case else wanted
        wanted = wanted.where(events.c.number > after) if after else wanted
        found = self.connection.execute(wanted)
        return tuple(event_of(line, f"{self.place}:{number}") for number, line in found)

    def flow(self, digest: str) -> Flow:
        """A version of a flow that was kept."""
        if digest not in self._flows:
            text = self.connection.scalar(select(flows.c.text).where(flows.c.digest == digest))
            if text is None or digest_text(text) != digest:
                return _no_flow(digest, self.place)
            self._flows[digest] = flow_of(text, f"{self.place}: {digest[:SHOWN]}")
        return self._flows[digest]

    def cases(self) -> int:
        """How many cases were opened."""
        found = self.connection.scalar(select(func.count()).where(events.c.opens.is_not(None)))
        return int(found or 0)

    def about(self, finding: str) -> tuple[str, ...]:
        """Ids of cases that were opened about a finding."""
        wanted = select(events.c.case_id).where(events.c.opens == finding).order_by(events.c.number)
        return tuple(self.connection.scalars(wanted))

    def add(self, writing: Writing, clock: Clock) -> tuple[Event, ...]:
        """Add events and the flows they name."""
        number, previous, known = self.last()
        known = max(clock(), known) if known else clock()
        self._add_flows(writing.flows)
        added, rows = [], []
        for place, draft in enumerate(writing.drafts, number + 1):
            event = numbered(draft, place, known)
            line = line_of(event)
            previous = digest_after(previous, line)
            opens = draft.facts["finding"].get("finding", "") if draft.kind == "open" else None
            rows.append({"number": place, "case_id": draft.case, "opens": opens, "line": line, "digest": previous})
            added.append(event)
        if rows:
            self.connection.execute(events.insert(), rows)
        self._add_messages(added)
        return tuple(added)

    def messages(self) -> tuple[Message, ...]:
        """Messages about calls, in order."""
        wanted = select(messages).order_by(messages.c.event, messages.c.body)
        return tuple(
            Message(row.event, row.body, row.state, row.tries, datetime.fromisoformat(row.due), row.said)
            for row in self.connection.execute(wanted)
        )

    def turn(self, old: Message, new: Message) -> bool:
        """Put a message in the place of what it was; False when it is no longer that."""
        there = {"event": old.event, "body": old.body, "state": old.state, "tries": old.tries}
        wanted = messages.update().where(*(messages.c[name] == value for name, value in there.items()))
        done = self.connection.execute(
            wanted.values(state=new.state, tries=new.tries, due=new.due.isoformat(), said=new.said)
        )
        return done.rowcount == 1

    def last(self) -> tuple[int, str, datetime | None]:
        """Number, digest and moment of the newest event."""
        wanted = select(events.c.number, events.c.digest, events.c.line).order_by(events.c.number.desc()).limit(1)
        row = self.connection.execute(wanted).first()
        if row is None:
            return 0, FIRST, None
        return row.number, row.digest, event_of(row.line, f"{self.place}:{row.number}").known

    def digest_of(self, number: int) -> str:
        """Digest of an event; empty when there is none of that number."""
        return self.connection.scalar(select(events.c.digest).where(events.c.number == number)) or FIRST

    def holds(self, noted: str) -> bool:
        """Whether some event has a digest that begins so."""
        wanted = select(events.c.number).where(func.substr(events.c.digest, 1, len(noted)) == noted).limit(1)
        return self.connection.scalar(wanted) is not None

    def faults(self) -> Iterator[Fault]:
        """Everything that is wrong."""
        columns = (events.c.number, events.c.line, events.c.digest)
        rows = self.connection.execute(select(*columns).order_by(events.c.number))
        yield from chain_faults(((number, line, digest) for number, line, digest in rows), self.place)
        columns = (events.c.number, events.c.case_id, events.c.line)
        for number, case, line in self.connection.execute(select(*columns).order_by(events.c.number)):
            yield from self._row_faults(number, case, line)
        for digest, text in self.connection.execute(select(flows.c.digest, flows.c.text).order_by(flows.c.digest)):
            if digest_text(text) != digest:
                yield Fault("this version of a flow was changed after it was kept", self.place, digest[:SHOWN])

    def _row_faults(self, number: int, case: str, line: str) -> Iterator[Fault]:
        try:
            found = event_of(line, f"{self.place}:{number}")
        except BadInput as error:
            yield from error.faults
            return
        if (found.number, found.case) != (number, case):
            what = "the chain of events is broken: one is missing, moved or added"
            yield Fault(what, f"{self.place}:{number}", found.case, (case,))

    def _add_messages(self, added: Sequence[Event]) -> None:
        """Every call has a message to each body, in the same transaction."""
        rows = [
            {
                "event": one.number,
                "body": body,
                "state": "waiting",
                "tries": 0,
                "due": one.known.isoformat(),
                "said": "",
            }
            for one in added
            if one.kind == "call"
            for body in one.facts["bodies"]
        ]
        if rows:
            self.connection.execute(messages.insert(), rows)

    def message_faults(self) -> Iterator[Fault]:
        """Messages that a call should have, and does not."""
        there = {(one.event, one.body) for one in self.messages()}
        for one in self.events():
            for body in one.facts["bodies"] if one.kind == "call" else ():
                if (one.number, body) not in there:
                    yield Fault("the message of this call is gone", f"{self.place}:{one.number}", body)

    def _add_flows(self, given: Sequence[Flow]) -> None:
        named = {one.digest: one.text for one in given}
        if not named:
            return
        there = set(self.connection.scalars(select(flows.c.digest).where(flows.c.digest.in_(list(named)))))
        rows = [{"digest": digest, "text": text} for digest, text in named.items() if digest not in there]
        if rows:
            self.connection.execute(flows.insert(), rows)


def _no_flow(digest: str, place: str) -> Flow:
    raise BadInput("the version of the flow of a case is not there, or was changed", where=place, found=digest[:SHOWN])
