"""Taking a matter upward, and recording what came back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tulou.kernel.errors import BadUse
from tulou.operations.texts import said
from tulou.operations.tracker.domain.commitment import Agenda, Commitment, Upward
from tulou.operations.tracker.domain.events import Draft, Event
from tulou.operations.tracker.domain.standing import Matter
from tulou.operations.tracker.handlers.ports import Clock, Journal
from tulou.operations.tracker.handlers.requests import Request, check_request, standing_on

NO_TITLE = "a matter says what it is about"
NO_ANSWER = "an answer says something"


@dataclass(frozen=True)
class Letter:
    """What is taken upward.

    Args:
        title: What it is about.
        to: Bodies it goes to; those the policy names when empty.
        about: Another commitment that it is about; may be empty.
    """

    title: str
    to: Sequence[str] = ()
    about: str = ""


def send_matter(agenda: Agenda, journal: Journal, request: Request, letter: Letter, *, clock: Clock) -> Event:
    """Record that a matter went upward.

    Args:
        agenda: What is tracked.
        journal: Where events are kept.
        request: Under which commitment, by whom, when.
        letter: What went, and where to.
        clock: Tells the time.

    Raises:
        BadUse: When the policy asks nothing of the kind there, or nobody is named to whom it goes.
    """
    check_request(agenda, request, clock)
    commitment = agenda.commitment(request.commitment)
    title = said(letter.title, "--text", NO_TITLE)
    upward = _upward(agenda, commitment)
    receivers = _receivers(agenda, upward, letter.to)
    if letter.about:
        agenda.commitment(letter.about)
    facts = {"title": title, "way": upward.way, "to": receivers, "about": letter.about}
    return journal.append(
        lambda _events: Draft("matter", commitment.id, request.by, request.happened, request.who, facts)
    )


def answer_matter(agenda: Agenda, journal: Journal, request: Request, number: int, says: str, *, clock: Clock) -> Event:
    """Record the answer to a matter.

    Raises:
        BadUse: When there is no such matter, it was answered, the answer comes from elsewhere, or from before it went.
    """
    check_request(agenda, request, clock)
    text = said(says, "--text", NO_ANSWER)

    def decide(events: tuple[Event, ...]) -> Draft:
        matters = standing_on(agenda, request, events).matters
        _must_fit({one.number: one for one in matters if not one.answer}, number, request)
        facts = {"matter": number, "says": text}
        return Draft("answer", request.commitment, request.by, request.happened, request.who, facts)

    return journal.append(decide)


def _upward(agenda: Agenda, commitment: Commitment) -> Upward:
    if commitment.upward is not None:
        return commitment.upward
    raise BadUse(
        "the policy does not ask to take this upward; use the commitment that does, and say --about",
        where="COMMITMENT",
        found=commitment.id,
        allowed=[one.id for one in agenda.commitments.values() if one.upward is not None],
    )


def _receivers(agenda: Agenda, upward: Upward, to: Sequence[str]) -> list[str]:
    receivers = list(to or upward.to)
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
            found=str(number),
            allowed=[str(known) for known in waiting] or ("none is waiting",),
        )
    matter = waiting[number]
    if request.by not in matter.to:
        raise BadUse("this matter went to another body", where="--by", found=request.by, allowed=matter.to)
    if request.happened < matter.sent:
        raise BadUse(
            "an answer cannot come before the matter went",
            where="--date",
            found=str(request.happened),
            allowed=(f"from {matter.sent}",),
        )
