"""Where each commitment stands: a replay of the events, as of a day in the world and a moment of knowing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, get_args

from tulou.operations.tracker.domain.commitment import Agenda, Commitment
from tulou.operations.tracker.domain.events import Event

State = Literal["not_started", "on_track", "delayed", "done", "verified"]
STATES: tuple[State, ...] = get_args(State)
CLAIMS: tuple[State, ...] = STATES[:4]
"""States that an assessment may claim; *verified* is only ever given by a second party."""

ENDED: tuple[State, ...] = ("done", "verified")
"""States of a commitment that is no longer open."""

REPORTS = ("evidence", "assessment", "milestone")
"""Events by which a body reports on a commitment; whoever made one has a part in it."""

OWN_WORK = "a body that leads or supports cannot confirm its own work"
OWN_REPORT = "a body that reported or gave evidence cannot confirm it"
OWN_HAND = "whoever signed a report or evidence cannot sign its confirmation"

Lack = Literal[
    "evidence", "assessment", "verification", "refused", "withdrawn", "overdue", "lead", "due", "target", "milestone"
]
"""What lacks: evidence of a kind asked for; an assessment; a second party; the second party refused; evidence was
withdrawn; the day has passed; and what nobody set yet."""

OPEN: tuple[Lack, ...] = ("lead", "due", "target")
"""What the policy left open and the province or city may set."""


@dataclass(frozen=True)
class EvidenceItem:
    """Something that shows how far a commitment is.

    Args:
        number: Number of the event that added it.
        commitment: The commitment it is about.
        kind: Kind of evidence.
        digest: SHA-256 of the file.
        name: Name of the file.
        size: Its size in bytes.
        source: Where it comes from.
        given_by: Body that gave it.
        dated: The day it speaks of.
        known: When it was written down.
        withdrawn: Why it no longer counts; empty while it does.
        who: Office or person that wrote it down.
    """

    number: int
    commitment: str
    kind: str
    digest: str
    name: str
    size: int
    source: str
    given_by: str
    dated: date
    known: datetime
    withdrawn: str = ""
    who: str = ""


@dataclass(frozen=True)
class Judgement:
    """An assessment, or what a second party said of it.

    Args:
        number: Number of its event.
        says: A state of ``CLAIMS``; for a second party ``confirmed`` or ``refused``.
        by: The body.
        happened: The day.
        note: Its words.
        who: Office or person that wrote it down.
    """

    number: int
    says: str
    by: str
    happened: date
    note: str = ""
    who: str = ""


@dataclass(frozen=True)
class Matter:
    """Something taken upward.

    Args:
        number: Number of its event; how it is called from then on.
        commitment: The commitment it is about.
        title: What it is about.
        way: ``report`` or ``apply``.
        to: Bodies it went to.
        by: The body that sent it.
        sent: The day.
        answer: What came back; empty while nothing has.
        answered_by: Who answered.
        answered: The day of the answer.
        about: Another commitment that it is about; empty when it is about none.
    """

    number: int
    commitment: str
    title: str
    way: str
    to: tuple[str, ...]
    by: str
    sent: date
    answer: str = ""
    answered_by: str = ""
    answered: date | None = None
    about: str = ""


@dataclass(frozen=True)
class Standing:
    """Where one commitment stands.

    Args:
        commitment: The commitment.
        state: One of ``STATES``.
        is_overdue: Whether its day has passed and it is neither done nor verified.
        evidence: What was given, withdrawn items too.
        lacking: Kinds of evidence asked for and not there.
        lacks: What lacks, in a fixed order.
        assessment: The newest assessment.
        verification: The newest word of a second party on it.
        reached: Milestones reached, with the day.
        matters: What was taken upward.
        parties: Bodies that have a part in it: that lead, support, or ever reported or gave evidence.
        signers: Offices and persons that signed for them.
    """

    commitment: Commitment
    state: State = "not_started"
    is_overdue: bool = False
    evidence: tuple[EvidenceItem, ...] = ()
    lacking: tuple[str, ...] = ()
    lacks: tuple[Lack, ...] = ()
    assessment: Judgement | None = None
    verification: Judgement | None = None
    reached: Mapping[str, date] | None = None
    matters: tuple[Matter, ...] = ()
    parties: frozenset[str] = frozenset()
    signers: frozenset[str] = frozenset()

    @property
    def counted(self) -> tuple[EvidenceItem, ...]:
        """Evidence that still counts."""
        return tuple(item for item in self.evidence if not item.withdrawn)


def replay(agenda: Agenda, events: Iterable[Event], *, day: date, known: datetime | None = None) -> dict[str, Standing]:
    """Where every commitment stood on a day, by what was known at a moment.

    Args:
        agenda: What is tracked.
        events: All events, in order.
        day: Day in the world: what happened later does not count.
        known: Moment of knowing: what was written down later does not count; everything when None.
    """
    sorted_out: dict[str, list[Event]] = {}
    for event in events:
        if event.happened <= day and (known is None or event.known <= known):
            sorted_out.setdefault(event.commitment, []).append(event)
    return {name: standing_of(one, sorted_out.get(name, ()), day) for name, one in agenda.commitments.items()}


def standing_of(commitment: Commitment, events: Sequence[Event], day: date) -> Standing:
    """Where one commitment stands by its own events.

    Of several assessments the one of the latest day counts, whenever it was written down. A second party speaks of one
    assessment; when that is no longer the newest, or evidence came or went since, it has to look again.

    Args:
        commitment: The commitment.
        events: Its events that count, in the order of the journal.
        day: The day that is asked about.
    """
    gone = {int(one.facts["entry"]) for one in events if one.kind == "withdrawal"}
    left = [one for one in events if one.number not in gone]
    evidence = _evidence(events)
    given = {item.kind for item in evidence if not item.withdrawn}
    lacking = tuple(kind for kind in commitment.needs if kind not in given)
    assessment = _last(_judgements(left, "assessment", "state"))
    verification = _last(_verifications(left, assessment)) if assessment else None
    reports = [one for one in events if one.kind in REPORTS]
    parties = frozenset({*commitment.bodies, *(one.by for one in reports)})
    state = _state(assessment, verification, lacking=lacking, parties=parties)
    if state == "verified" and verification and _newest_proof(events) > verification.number:
        state = "done"
    is_overdue = commitment.due is not None and commitment.due < day and state not in ENDED
    found = Standing(
        commitment,
        "delayed" if is_overdue else state,
        is_overdue=is_overdue,
        evidence=evidence,
        lacking=lacking,
        assessment=assessment,
        verification=verification,
        reached={str(one.facts["milestone"]): one.happened for one in left if one.kind == "milestone"},
        matters=_matters(left),
        parties=parties,
        signers=frozenset(one.who for one in reports if one.who),
    )
    return replace(found, lacks=tuple(_lacks(found, day)))


def second_party_fault(standing: Standing, body: str, who: str = "") -> str:
    """Why a body cannot be the second party; empty when it can.

    Args:
        standing: Where the commitment stands.
        body: The body that would confirm.
        who: Office or person that would sign.
    """
    if body in standing.commitment.bodies:
        return OWN_WORK
    if body in standing.parties:
        return OWN_REPORT
    if who and who in standing.signers:
        return OWN_HAND
    return ""


def _state(
    assessment: Judgement | None,
    verification: Judgement | None,
    *,
    lacking: Sequence[str],
    parties: frozenset[str],
) -> State:
    if assessment is None:
        return "not_started"
    claimed: State = next((one for one in CLAIMS if one == assessment.says), "not_started")
    if claimed != "done":
        return claimed
    if lacking or (verification and verification.says == "refused"):
        return "on_track"
    if verification and verification.by not in parties:
        return "verified"
    return "done"


def _newest_proof(events: Sequence[Event]) -> int:
    """Number of the newest event that changes what a second party looked at."""
    proofs = {one.number for one in events if one.kind == "evidence"}
    moved = [one.number for one in events if one.kind == "withdrawal" and int(one.facts["entry"]) in proofs]
    return max([*proofs, *moved], default=0)


def _lacks(found: Standing, day: date) -> Iterable[Lack]:
    one = found.commitment
    yes: dict[Lack, bool] = {
        "overdue": found.is_overdue,
        "refused": bool(found.verification and found.verification.says == "refused"),
        "withdrawn": bool(found.lacking)
        and any(item.withdrawn and item.kind in found.lacking for item in found.evidence),
        "milestone": any(
            step.due is not None and step.due < day and step.id not in (found.reached or {}) for step in one.milestones
        ),
        "evidence": bool(found.lacking),
        "assessment": found.assessment is None and bool(found.counted),
        "verification": found.state == "done",
        "lead": not one.lead,
        "due": one.due is None,
        "target": one.target is None,
    }
    return (lack for lack, is_so in yes.items() if is_so)


def _evidence(events: Sequence[Event]) -> tuple[EvidenceItem, ...]:
    withdrawn = {int(one.facts["entry"]): str(one.facts["reason"]) for one in events if one.kind == "withdrawal"}
    return tuple(
        EvidenceItem(
            number=one.number,
            commitment=one.commitment,
            kind=str(one.facts["kind"]),
            digest=str(one.facts["digest"]),
            name=str(one.facts["name"]),
            size=int(one.facts["size"]),
            source=str(one.facts["source"]),
            given_by=one.by,
            dated=one.happened,
            known=one.known,
            withdrawn=withdrawn.get(one.number, ""),
            who=one.who,
        )
        for one in events
        if one.kind == "evidence"
    )


def _judgements(events: Sequence[Event], kind: str, key: str) -> list[Judgement]:
    return [
        Judgement(one.number, str(one.facts[key]), one.by, one.happened, str(one.facts["note"]), one.who)
        for one in events
        if one.kind == kind
    ]


def _verifications(events: Sequence[Event], assessment: Judgement) -> list[Judgement]:
    """What second parties said of one assessment."""
    own = [one for one in events if one.kind == "verification" and one.facts["assessment"] == assessment.number]
    return _judgements(own, "verification", "says")


def _last(found: Sequence[Judgement]) -> Judgement | None:
    """The judgement of the latest day; of several on one day the one written down last."""
    return max(found, key=lambda one: (one.happened, one.number), default=None)


def _matters(events: Sequence[Event]) -> tuple[Matter, ...]:
    answers = {int(one.facts["matter"]): one for one in events if one.kind == "answer"}
    return tuple(_matter(one, answers.get(one.number)) for one in events if one.kind == "matter")


def _matter(event: Event, answer: Event | None) -> Matter:
    return Matter(
        number=event.number,
        commitment=event.commitment,
        title=str(event.facts["title"]),
        way=str(event.facts["way"]),
        to=tuple(map(str, event.facts["to"])),
        by=event.by,
        sent=event.happened,
        answer=str(answer.facts["says"]) if answer else "",
        answered_by=answer.by if answer else "",
        answered=answer.happened if answer else None,
        about=str(event.facts["about"]),
    )
