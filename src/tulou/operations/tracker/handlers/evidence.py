"""Giving evidence and taking it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tulou.kernel.errors import BadUse
from tulou.operations.tracker.domain.commitment import Agenda
from tulou.operations.tracker.domain.events import Draft, Event
from tulou.operations.tracker.domain.standing import EvidenceItem, standing_of
from tulou.operations.tracker.handlers.ports import Clock, Journal
from tulou.operations.tracker.handlers.requests import Request, check_day, own_events


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


def add_evidence(agenda: Agenda, journal: Journal, request: Request, proof: Proof, *, clock: Clock) -> Event:
    """Add a file as evidence for a commitment.

    Raises:
        BadUse: When the commitment, the body or the kind is unknown, the day lies ahead, or the same file is there.
    """
    agenda.commitment(request.commitment)
    agenda.body(request.by)
    agenda.kind(proof.kind)
    check_day(request.happened, clock)
    if not proof.source.strip():
        raise BadUse("evidence says where it comes from", where="--source", allowed=("a few words",))

    def decide(events: tuple[Event, ...]) -> Draft:
        for item in _items(agenda, request.commitment, events, request.happened):
            if item.digest == proof.digest and item.kind == proof.kind and not item.withdrawn:
                raise BadUse(
                    "this file is evidence of this kind already",
                    where=request.commitment,
                    found=proof.name,
                    allowed=(f"evidence {item.number}: {item.name}",),
                )
        facts = {
            "kind": proof.kind, "digest": proof.digest, "name": proof.name, "size": proof.size, "source": proof.source,
        }  # fmt: skip
        return Draft("evidence", request.commitment, request.by, request.happened, request.who, facts)

    return journal.append(decide)


def withdraw_evidence(
    agenda: Agenda, journal: Journal, request: Request, number: int, reason: str, *, clock: Clock
) -> Event:
    """Take evidence back; it stays on record and no longer counts.

    Args:
        agenda: What is tracked.
        journal: Where events are kept.
        request: Who asks, and when.
        number: Number of the evidence.
        reason: Why it no longer counts.
        clock: Tells the time.

    Raises:
        BadUse: When there is no such evidence, it was taken back before, or no reason is given.
    """
    agenda.commitment(request.commitment)
    agenda.body(request.by)
    check_day(request.happened, clock)
    if not reason.strip():
        raise BadUse("taking evidence back needs a reason", where="--reason", allowed=("a few words",))

    def decide(events: tuple[Event, ...]) -> Draft:
        items = {
            item.number: item
            for item in _items(agenda, request.commitment, events, request.happened)
            if not item.withdrawn
        }
        if number not in items:
            raise BadUse(
                "there is no such evidence, or it was taken back",
                where=request.commitment,
                found=number,
                allowed=[str(known) for known in items] or ("none is on record",),
            )
        facts = {"evidence": number, "reason": reason}
        return Draft("withdrawal", request.commitment, request.by, request.happened, request.who, facts)

    return journal.append(decide)


def _items(agenda: Agenda, name: str, events: tuple[Event, ...], day: date) -> tuple[EvidenceItem, ...]:
    return standing_of(agenda.commitment(name), own_events(events, name), day).evidence
