"""What the handlers ask of the outside: a journal, and a clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from tulou.operations.tracker.domain.events import Draft, Event

Clock = Callable[[], datetime]


class Journal(Protocol):
    """Where events are kept, in order, for ever."""

    def events(self) -> tuple[Event, ...]:
        """All events, their chain checked."""

    def append(self, decide: Callable[[tuple[Event, ...]], Draft]) -> Event:
        """Decide on one event in the light of all there are, and add it, while nobody else writes."""
