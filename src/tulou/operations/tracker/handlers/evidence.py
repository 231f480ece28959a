"""Giving evidence, and taking back what was entered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tulou.kernel.errors import BadUse
from tulou.operations.texts import said
from tulou.operations.tracker.domain.commitment import Agenda
from tulou.operations.tracker.domain.events import Draft, Event
from tulou.operations.tracker.handlers.ports import Clock, Journal
from tulou.operations.tracker.handlers.requests import Request, check_request, own_events, standing_on

RETURNABLE = ("evidence", "assessment", "milestone", "verification", "matter")
"""Entries that can be taken back; the others can only be followed by new ones."""


NO_SOURCE = "evidence says where it comes from"
NO_FILE_NAME = "a file of evidence has a name"
NO_REASON = "taking an entry back needs a reason"


@dataclass(frozen=True)
class Proof:
    """A file that is given as evidence.

    Args:
        kind: Kind of evidence.
        digest: SHA-256 of the file.
        name: Its name.
        size: Its size in bytes.
        source: Where it comes from, in words.
    """

    kind: str
    digest: str
    name: str
    size: int
    source: str


def add_evidence(
    agenda: Agenda, journal: Journal, request: Request, proof: Proof, *, clock: Clock, keep: Callable[[], object]
) -> Event:
    """Add a file as evidence for a commitment.

    Args:
        agenda: What is tracked.
        journal: Where events are kept.
        request: Who asks, and when.
        proof: The file.
        clock: Tells the time.
        keep: Keeps a copy; called once nothing is left to refuse, before the event is written.

    Raises:
        BadUse: When the commitment, the body or the kind is unknown, the day lies ahead, or the same file is there.
    """
    check_request(agenda, request, clock)
    agenda.kind(proof.kind)
    source = said(proof.source, "--source", NO_SOURCE)
    name = said(proof.name, "FILE", NO_FILE_NAME)

    def decide(events: tuple[Event, ...]) -> Draft:
        for item in standing_on(agenda, request, events).counted:
            if item.digest == proof.digest and item.kind == proof.kind:
                raise BadUse(
                    "this file is evidence of this kind already",
                    where=request.commitment,
                    found=proof.name,
                    allowed=(f"entry {item.number}: {item.name}",),
                )
        keep()
        facts = {"kind": proof.kind, "digest": proof.digest, "name": name, "size": proof.size, "source": source}
        return Draft("evidence", request.commitment, request.by, request.happened, request.who, facts)

    return journal.append(decide)


def withdraw(agenda: Agenda, journal: Journal, request: Request, number: int, reason: str, *, clock: Clock) -> Event:
    """Take an entry back; it stays on record and no longer counts.

    Args:
        agenda: What is tracked.
        journal: Where events are kept.
        request: Who asks, and when.
        number: Number of the entry.
        reason: Why it no longer counts.
        clock: Tells the time.

    Raises:
        BadUse: When there is no such entry, another body made it, it was taken back before, or no reason is given.
    """
    check_request(agenda, request, clock)
    why = said(reason, "--text", NO_REASON)

    def decide(events: tuple[Event, ...]) -> Draft:
        own = own_events(events, request.commitment)
        _must_be_returnable(own, request, number)
        facts = {"entry": number, "reason": why}
        return Draft("withdrawal", request.commitment, request.by, request.happened, request.who, facts)

    return journal.append(decide)


def _must_be_returnable(own: Sequence[Event], request: Request, number: int) -> None:
    gone = {int(one.facts["entry"]) for one in own if one.kind == "withdrawal"}
    gone |= {int(one.facts["matter"]) for one in own if one.kind == "answer"}
    known = {one.number: one for one in own if one.kind in RETURNABLE and one.number not in gone}
    if number not in known:
        raise BadUse(
            "there is no such entry to take back: it is of another kind, answered, or was taken back",
            where=request.commitment,
            found=str(number),
            allowed=[str(one) for one in known] or ("none is on record",),
        )
    entry = known[number]
    if entry.by != request.by:
        raise BadUse(
            "only the body that made an entry takes it back", where="--by", found=request.by, allowed=(entry.by,)
        )
    if request.happened < entry.happened:
        raise BadUse(
            "an entry cannot be taken back before its own day",
            where="--date",
            found=str(request.happened),
            allowed=(f"from {entry.happened}",),
        )
