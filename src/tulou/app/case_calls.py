"""Calls of a city's cases: what is due is put on record once, and its messages are sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from tulou.app.casework import Casework
from tulou.operations.cases.domain.calling import DueCall, due_calls
from tulou.operations.cases.domain.events import Event
from tulou.operations.cases.domain.messages import Message
from tulou.operations.cases.handlers.calling import Sender, record_calls, send_waiting

MOST_AT_ONCE = 500
"""Calls of one transaction, so that others get their turn in between."""


@dataclass(frozen=True)
class Called:
    """What a run did.

    Args:
        events: Calls that were put on record.
        tried: Messages that were tried, as they stand now.
    """

    events: tuple[Event, ...]
    tried: tuple[Message, ...]


def calls(work: Casework) -> list[DueCall]:
    """Calls that are due now and were not made yet."""
    return [
        call
        for one in work.standings(work.clock())
        for call in due_calls(one, work.store.flow(one.case.digest), work.clockwork(one.case.digest))
    ]


def call(work: Casework, sender: Sender | None) -> Called:
    """Put on record what is due, and send what waits; a run that follows does neither again.

    Args:
        work: The cases.
        sender: Sends messages; they wait when None.
    """
    found, events = calls(work), list[Event]()
    for first in range(0, len(found), MOST_AT_ONCE):
        events += record_calls(work.store, found[first : first + MOST_AT_ONCE], work.clock())
    if sender is None:
        return Called(tuple(events), ())
    by_number = partial(_content, work, {one.number: one for one in work.store.events() if one.kind == "call"})
    return Called(tuple(events), tuple(send_waiting(work.store, sender, by_number, work.clock)))


def _content(work: Casework, events: Mapping[int, Event], message: Message) -> dict[str, Any]:
    """What a message says: the case, what is due, who is called; nothing of whoever reported it."""
    event = events[message.event]
    standing, flow, _ = work.standing(event.case, event.happened)
    case = standing.case
    title = flow.states[case.state].title
    return {
        "city": work.city.stem,
        "case": case.id,
        "flow": case.flow,
        "title": case.title,
        "place": case.place,
        "state": {"id": case.state, "zh": title.zh, "en": title.en},
        "handled_by": case.body,
        "to": message.body,
        "role": event.facts["to"],
        "why": event.facts["why"],
        "deadline": event.facts["deadline"],
        "due": event.facts["due"],
        "called": event.happened.isoformat(),
    }
