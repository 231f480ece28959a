"""Taking a matter upward, and recording what came back."""

from __future__ import annotations

from collections.abc import Sequence

from tulou.kernel.errors import BadUse
from tulou.operations.tracker.domain.commitment import WAYS_UP, Agenda, Commitment
from tulou.operations.tracker.domain.events import Draft, Event
from tulou.operations.tracker.domain.standing import Matter, standing_of
from tulou.operations.tracker.handlers.ports import Clock, Journal
from tulou.operations.tracker.handlers.requests import Request, check_day, own_events


def send_matter(
    agenda: Agenda,
    journal: Journal,
    request: Request,
    title: str,
    *,
    to: Sequence[str] = (),
    clock: Clock,
) -> Event:
    """Record that a matter went upward.

    Args:
        agenda: What is tracked.
        journal: Where events are kept.
        request: Under which commitment, by whom, when.
        title: What it is about.
        to: Bodies it went to; those the policy names when empty.
        clock: Tells the time.

    Raises:
        BadUse: When the policy asks nothing of the kind there, or nobody is named to whom it goes.
    """
    commitment = agenda.commitment(request.commitment)
    agenda.body(request.by)
    check_day(request.happened, clock)
    if not title.strip():
        raise BadUse("a matter says what it is about", where="TITLE", allowed=("a few words",))
    receivers = _receivers(agenda, commitment, to)

    def decide(_events: tuple[Event, ...]) -> Draft:
        way = commitment.upward.way if commitment.upward else WAYS_UP[0]
        facts = {"title": title, "way": way, "to": receivers}
        return Draft("matter", commitment.id, request.by, request.happened, request.who, facts)

    return journal.append(decide)


def answer_matter(agenda: Agenda, journal: Journal, request: Request, number: int, says: str, *, clock: Clock) -> Event:
    """Record the answer to a matter.

    Raises:
        BadUse: When there is no such matter, it was answered, the answer comes from elsewhere, or from before it went.
    """
    agenda.commitment(request.commitment)
    agenda.body(request.by)
    check_day(request.happened, clock)
    if not says.strip():
        raise BadUse("an answer says something", where="SAYS", allowed=("a few words",))

    def decide(events: tuple[Event, ...]) -> Draft:
        own = own_events(events, request.commitment)
        matters = standing_of(agenda.commitment(request.commitment), own, request.happened).matters
        waiting = {one.number: one for one in matters if not one.answer}
        _must_fit(waiting, number, request)
        facts = {"matter": number, "says": says}
        return Draft("answer", request.commitment, request.by, request.happened, request.who, facts)

    return journal.append(decide)


def _receivers(agenda: Agenda, commitment: Commitment, to: Sequence[str]) -> list[str]:
    if commitment.upward is None:
        allowed = [one.id for one in agenda.commitments.values() if one.upward is not None]
        raise BadUse(
            "the policy does not ask to take this upward; use the commitment that does",
            where="commitment",
            found=commitment.id,
            allowed=allowed,
        )
    receivers = list(to or commitment.upward.to)
    if not receivers:
        raise BadUse("the policy does not name to whom this goes", where="--to", allowed=sorted(agenda.bodies))
    for name in receivers:
        agenda.body(name)
    return receivers


def _must_fit(waiting: dict[int, Matter], number: int, request: Request) -> None:
    if number not in waiting:
        raise BadUse(
            "there is no such matter waiting for an answer",
            where=request.commitment,
            found=number,
            allowed=[str(known) for known in waiting] or ("none is waiting",),
        )
    matter = waiting[number]
    if request.by not in matter.to:
        raise BadUse("this matter went to another body", where="--by", found=request.by, allowed=matter.to)
    if request.happened < matter.sent:
        raise BadUse("an answer cannot come before the matter went", where="--on", found=str(request.happened))
