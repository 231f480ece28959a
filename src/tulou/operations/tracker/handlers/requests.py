"""What every request states: about which commitment, by whom, on what day; and the checks all of them pass."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tulou.kernel.errors import BadUse
from tulou.operations.tracker.domain.events import Event
from tulou.operations.tracker.handlers.ports import Clock


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


def check_day(day: date, clock: Clock) -> None:
    """Refuse a day that has not come yet.

    Raises:
        BadUse: When it lies ahead.
    """
    today = clock().astimezone().date()
    if day > today:
        raise BadUse(
            "what has not happened yet cannot be recorded", where="--on", found=str(day), allowed=(f"up to {today}",)
        )


def own_events(events: Iterable[Event], commitment: str) -> list[Event]:
    """The events of one commitment."""
    return [event for event in events if event.commitment == commitment]
