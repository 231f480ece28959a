"""Events of the tracker: what happened when, when it was known, and a chain of digests that no edit survives."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal, get_args

from tulou.kernel.errors import BadInput, Fault
from tulou.kernel.identity import digest_text

EventKind = Literal["evidence", "withdrawal", "milestone", "assessment", "verification", "matter", "answer", "setting"]
EVENT_KINDS: tuple[str, ...] = get_args(EventKind)
FIRST = ""
"""Stands for the digest before the first event."""

_KEYS = ("number", "kind", "commitment", "by", "happened", "known", "who", "facts", "previous", "digest")
_FACTS: Mapping[str, Mapping[str, type]] = {
    "evidence": {"kind": str, "digest": str, "name": str, "size": int, "source": str},
    "withdrawal": {"entry": int, "reason": str},
    "milestone": {"milestone": str},
    "assessment": {"state": str, "note": str},
    "verification": {"says": str, "assessment": int, "note": str},
    "matter": {"title": str, "way": str, "to": list, "about": str},
    "answer": {"matter": int, "says": str},
    "setting": {"page": str},
}
"""What an event of each kind must state."""

SHOWN = 12
"""Characters of a digest that people are shown."""

_TEXTS = ("kind", "commitment", "by", "who", "previous", "digest")


@dataclass(frozen=True)
class Draft:
    """An event before it has its place in the journal.

    Args:
        kind: What kind of event.
        commitment: The commitment it is about; empty for a page of settings, which is about all of them.
        by: The body that did it.
        happened: The day on which it happened in the world.
        who: Office or person that wrote it down; may be empty.
        facts: What else it states: plain texts, numbers and truths.
    """

    kind: EventKind
    commitment: str
    by: str
    happened: date
    who: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Event:
    """One entry of the journal.

    Args:
        number: Its place, from 1.
        kind: What kind of event.
        commitment: The commitment it is about.
        by: The body that did it.
        happened: The day on which it happened in the world (valid time).
        known: The moment at which it was written down (record time), UTC.
        who: Office or person that wrote it down.
        facts: What else it states.
        previous: Digest of the event before it.
        digest: Digest of this event with all of the above.
    """

    number: int
    kind: str
    commitment: str
    by: str
    happened: date
    known: datetime
    who: str
    facts: Mapping[str, Any]
    previous: str
    digest: str


def sealed(draft: Draft, *, number: int, known: datetime, previous: str) -> Event:
    """A draft in its place: numbered, dated and chained to the event before it."""
    event = Event(
        number, draft.kind, draft.commitment, draft.by, draft.happened, known.astimezone(UTC), draft.who,
        dict(draft.facts), previous, "",
    )  # fmt: skip
    return Event(**{**vars(event), "digest": _digest(event)})


def line_of(event: Event) -> str:
    """The event as one line of JSON."""
    return json.dumps({**_plain(event), "digest": event.digest}, ensure_ascii=False, sort_keys=True)


def event_of(line: str, where: str) -> Event:
    """Read one line back.

    Raises:
        BadInput: When it is not an event; names the place.
    """
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        raise BadInput("this line of the journal is damaged: not JSON", where=where, found=line) from None
    if not isinstance(found, dict) or set(found) != set(_KEYS):
        raise BadInput("this line of the journal is damaged: not an event", where=where, found=line, allowed=_KEYS)
    try:
        event = _event(found)
    except (TypeError, ValueError) as error:
        raise BadInput("this line of the journal is damaged: not an event", where=where, found=str(error)) from None
    if line_of(event) != line:
        raise BadInput("this line of the journal is damaged: not as it was written", where=where, found=line)
    return event


def _event(found: Mapping[str, Any]) -> Event:
    _must_state(found)
    texts = {key: str(found[key]) for key in _TEXTS}
    happened, known = date.fromisoformat(found["happened"]), datetime.fromisoformat(found["known"])
    return Event(
        number=int(found["number"]), happened=happened, known=known.astimezone(UTC), facts=found["facts"], **texts
    )


def _must_state(found: Mapping[str, Any]) -> None:
    facts = found["facts"]
    if found["kind"] not in EVENT_KINDS or not isinstance(facts, dict):
        raise ValueError(found["kind"])
    wrong = [key for key, kind in _FACTS[found["kind"]].items() if not isinstance(facts.get(key), kind)]
    if wrong:
        raise ValueError(", ".join(wrong))


def check_chain(events: Iterable[Event], where: str = "") -> None:
    """Refuse events whose chain is broken: a line changed, left out, added or moved.

    Raises:
        BadInput: Names every event that does not fit.
    """
    faults = list(chain_faults(events, where))
    if faults:
        raise BadInput.of(faults)


def chain_faults(events: Iterable[Event], where: str = "") -> Iterator[Fault]:
    """What is wrong with a chain of events, each with its place."""
    previous, known = FIRST, datetime.min.replace(tzinfo=UTC)
    for place, event in enumerate(events, 1):
        spot = f"{where}:{place}"
        if event.number != place or event.previous != previous:
            yield Fault(
                "the chain of the journal is broken: an entry is missing, moved or added",
                spot,
                f"number {event.number}, after {event.previous[:SHOWN] or 'the beginning'}",
                (f"number {place}, after {previous[:SHOWN] or 'the beginning'}",),
            )
        if event.digest != _digest(event):
            yield Fault(
                "the chain of the journal is broken: this entry was changed after it was written",
                spot,
                event.digest[:SHOWN],
                (_digest(event)[:SHOWN],),
            )
        if event.known < known:
            yield Fault(
                "the chain of the journal is broken: this entry was known before the one above it",
                spot,
                event.known.isoformat(),
                (f"not before {known.isoformat()}",),
            )
        previous, known = event.digest, event.known


def _plain(event: Event) -> dict[str, Any]:
    return {
        **{key: getattr(event, key) for key in _KEYS if key != "digest"},
        "happened": event.happened.isoformat(),
        "known": event.known.isoformat(),
        "facts": dict(event.facts),
    }


def _digest(event: Event) -> str:
    return digest_text(json.dumps(_plain(event), ensure_ascii=True, sort_keys=True, separators=(",", ":")))
