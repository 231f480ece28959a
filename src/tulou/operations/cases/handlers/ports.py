"""What the handlers ask of the outside: a store of events and flows, a clock, and what a check says of a finding."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from tulou.kernel.errors import Fault
from tulou.operations.cases.domain.events import Draft, Event
from tulou.operations.cases.domain.flow import Flow

Clock = Callable[[], datetime]
Verdict = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""What the newest check says of a finding: ``{"says": "pass" | "fail" | "unknown", "check": id}``."""


@dataclass(frozen=True)
class Writing:
    """What is to be written, all of it or nothing.

    Args:
        drafts: Events in order.
        flows: Versions of flows that they name, kept with them.
    """

    drafts: Sequence[Draft]
    flows: Sequence[Flow] = field(default=())


class Book(Protocol):
    """What is on record, read while nobody else writes."""

    def events(self, case: str = "") -> tuple[Event, ...]:
        """Events of one case, or of all; in order."""

    def flow(self, digest: str) -> Flow:
        """A version of a flow that was kept."""

    def cases(self) -> int:
        """How many cases were opened."""

    def about(self, finding: str) -> tuple[str, ...]:
        """Ids of cases that were opened about a finding."""


class Store(Book, Protocol):
    """Where events are kept, in order, for ever. SQLite today; a server's store needs these six and no more."""

    def write(self, decide: Callable[[Book], Writing]) -> tuple[Event, ...]:
        """Decide on events in the light of what is on record and add them; they are on the disk when this returns."""

    def audit(self) -> list[Fault]:
        """Everything that is wrong with the chain, entry by entry."""
