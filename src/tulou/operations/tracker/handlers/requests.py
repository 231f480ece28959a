"""What every request states: about which commitment, by whom, on what day; and the checks all of them pass."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tulou.kernel.errors import BadUse
from tulou.operations.texts import said
from tulou.operations.tracker.domain.commitment import Agenda
from tulou.operations.tracker.domain.events import Event
from tulou.operations.tracker.domain.standing import Standing, standing_of
from tulou.operations.tracker.handlers.ports import Clock

NO_NAME = "whoever signs has a name"


@dataclass(frozen=True)
class Request:
    """Who does what to which commitment.

    Args:
        commitment: Id of the commitment.
        by: Id of the body that does it.
        happened: The day on which it happened.
        who: Office or person that writes it down; may be empty.
    """

    commitment: str
    by: str
    happened: date
    who: str = ""


def check_request(agenda: Agenda, request: Request, clock: Clock) -> None:
    """Refuse a commitment or body that nobody knows, a day that has not come yet, and a name that is no text.

    Raises:
        BadUse: Says which.
    """
    agenda.commitment(request.commitment)
    agenda.body(request.by)
    check_day(request.happened, clock)
    if request.who:
        said(request.who, "--who", NO_NAME)


def check_day(day: date, clock: Clock) -> None:
    """Refuse a day that has not come yet.

    Raises:
        BadUse: When it lies ahead.
    """
    today = clock().astimezone().date()
    if day > today:
        raise BadUse(
            "what has not happened yet cannot be recorded", where="--date", found=str(day), allowed=(f"up to {today}",)
        )


def own_events(events: Iterable[Event], commitment: str) -> list[Event]:
    """The events of one commitment."""
    return [event for event in events if event.commitment == commitment]


def standing_on(agenda: Agenda, request: Request, events: Iterable[Event], *, day: date | None = None) -> Standing:
    """Where the commitment of a request stands.

    Args:
        agenda: What is tracked.
        request: The request.
        events: All events.
        day: What happened later does not count; None for all that is on record, whatever day it speaks of.
    """
    own = own_events(events, request.commitment)
    counted = own if day is None else [one for one in own if one.happened <= day]
    return standing_of(agenda.commitment(request.commitment), counted, day or request.happened)
