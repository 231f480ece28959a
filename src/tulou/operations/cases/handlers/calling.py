"""Calling: reminders and calls that are due are put on record once each, and their messages are sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from tulou.operations.cases.domain.calling import DueCall
from tulou.operations.cases.domain.events import Event
from tulou.operations.cases.domain.messages import Message, ended, taken
from tulou.operations.cases.handlers.acting import case_of
from tulou.operations.cases.handlers.ports import Book, Store, Writing


class Outbox(Protocol):
    """Messages that are kept with the events that called."""

    def messages(self) -> tuple[Message, ...]:
        """All of them, in order."""

    def turn(self, old: Message, new: Message) -> bool:
        """Put a message in the place of what it was; False when somebody else did meanwhile."""


class Sender(Protocol):
    """Brings messages to where people see them."""

    def send(self, name: str, content: Mapping[str, Any]) -> str:
        """Send one; gives what went wrong, or nothing."""


def record_calls(store: Store, calls: Iterable[DueCall], moment: datetime) -> tuple[Event, ...]:
    """Put calls on record, each with a message to each body; those that somebody else recorded meanwhile are left out.

    Args:
        store: Where events are kept.
        calls: Calls that are due.
        moment: The moment they are made.
    """
    listed = list(calls)
    if not listed:
        return ()

    def decide(book: Book) -> Writing:
        fresh = {name: case_of(book, name)[0] for name in {one.case.id for one in listed}}
        todo = [one for one in listed if one.key not in fresh[one.case.id].called]
        still = [one for one in todo if fresh[one.case.id].state == one.case.state]
        return Writing([one.draft(moment) for one in still])

    return store.write(decide)


def send_waiting(
    outbox: Outbox, sender: Sender, content: Callable[[Message], Mapping[str, Any]], clock: Callable[[], datetime]
) -> list[Message]:
    """Send what waits, and what failed and may be tried again.

    Args:
        outbox: The messages.
        sender: Sends them.
        content: What a message says.
        clock: Tells the time.

    Returns:
        The messages that were tried, as they stand now.
    """
    tried = []
    for message in outbox.messages():
        moment = clock()
        if not message.is_due(moment):
            continue
        mine = taken(message, moment)
        if not outbox.turn(message, mine):
            continue
        after = ended(mine, clock(), sender.send(message.id, content(message)))
        outbox.turn(mine, after)
        tried.append(after)
    return tried
