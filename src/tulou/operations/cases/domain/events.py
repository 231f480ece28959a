"""Events of cases: what was done when and by whom, when it was known, and a chain of digests that no edit survives.

An event is kept as one line of JSON with its keys in order; its digest is that of the digest before it and the line.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from tulou.kernel.errors import BadInput, Fault
from tulou.kernel.identity import digest_text

CaseEventKind = Literal["open", "move", "migrate", "call"]
CASE_EVENT_KINDS: tuple[CaseEventKind, ...] = get_args(CaseEventKind)
FIRST = ""
"""Stands for the digest before the first event."""

SHOWN = 12
"""Characters of a digest that people are shown."""

_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_TEXTS = ("case", "kind", "move", "by", "role", "who")
_KEYS = frozenset({"number", "happened", "known", "facts", *_TEXTS})


@dataclass(frozen=True)
class Draft:
    """An event before it has its place.

    Args:
        case: Id of the case.
        kind: What kind of event.
        move: Transition that was made; empty when none was.
        by: The body that did it.
        role: The role it acted in.
        happened: When it happened.
        who: Office or person that signed; may be empty.
        facts: What else it states: plain texts, numbers and mappings.
    """

    case: str
    kind: CaseEventKind
    move: str
    by: str
    role: str
    happened: datetime
    who: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Event:
    """One entry.

    Args:
        number: Its place among the events of all cases, from 1.
        case: Id of the case.
        kind: What kind of event.
        move: Transition that was made; empty when none was.
        by: The body that did it.
        role: The role it acted in.
        who: Office or person that signed.
        happened: When it happened, UTC.
        known: When it was written down, UTC.
        facts: What else it states.
    """

    number: int
    case: str
    kind: str
    move: str
    by: str
    role: str
    who: str
    happened: datetime
    known: datetime
    facts: Mapping[str, Any]


def numbered(draft: Draft, number: int, known: datetime) -> Event:
    """A draft in its place."""
    return Event(
        number, draft.case, draft.kind, draft.move, draft.by, draft.role, draft.who, draft.happened.astimezone(UTC),
        known.astimezone(UTC), dict(draft.facts),
    )  # fmt: skip


def line_of(event: Event) -> str:
    """The event as one line of JSON."""
    plain = {**vars(event), "happened": event.happened.isoformat(), "known": event.known.isoformat()}
    return _JSON.encode(plain)


def event_of(line: str, where: str) -> Event:
    """Read one line back.

    Raises:
        BadInput: When it is not an event; names the place.
    """
    try:
        found = json.loads(line)
        _must_state(found)
        found["happened"] = datetime.fromisoformat(found["happened"])
        found["known"] = datetime.fromisoformat(found["known"])
        made = object.__new__(Event)  # all keys are there: see above
        vars(made).update(found)
        return made  # noqa: TRY300  (what fails above is told below)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise BadInput("this event is damaged", where=where, found=str(error)) from None


def _must_state(found: Mapping[str, Any]) -> None:
    if set(found) != _KEYS or found["kind"] not in CASE_EVENT_KINDS or not isinstance(found["facts"], dict):
        raise ValueError(", ".join(sorted(_KEYS ^ set(found))))
    if not all(isinstance(found[key], str) for key in _TEXTS):
        raise ValueError(", ".join(_TEXTS))


def digest_after(previous: str, line: str) -> str:
    """Digest of an event: of the digest before it and its line."""
    return digest_text(f"{previous}\n{line}")


def chain_faults(rows: Iterable[tuple[int, str, str]], where: str = "") -> Iterator[Fault]:
    """What is wrong with a chain.

    Args:
        rows: Number, line and digest of each event, in order.
        where: How messages call the store.
    """
    previous = FIRST
    for place, (number, line, digest) in enumerate(rows, 1):
        expected = digest_after(previous, line)
        if number != place:
            yield Fault(
                "the chain of events is broken: one is missing, moved or added",
                f"{where}:{number}",
                number,
                (f"{place}",),
            )
            return
        if digest != expected:
            yield Fault(
                "the chain of events is broken: this one was changed, or one before it",
                f"{where}:{number}",
                digest[:SHOWN],
                (expected[:SHOWN],),
            )
        previous = digest
