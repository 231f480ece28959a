"""What the pages of the tracker are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from tulou.kernel.words import Words
from tulou.operations.tracker.domain.commitment import Agenda
from tulou.operations.tracker.domain.events import Event
from tulou.operations.tracker.domain.moves import Move
from tulou.operations.tracker.domain.progress import Progress
from tulou.operations.tracker.domain.standing import Standing


@dataclass(frozen=True)
class Material:
    """The tracker of a city as seen from one place on both clocks.

    Args:
        city: Name of the city.
        synthetic: Whether it was generated.
        day: The day in the world.
        as_of: The record, as it was asked for; empty for all that is known.
        soon: Days ahead that count as soon.
        agenda: What is tracked.
        standings: Where every commitment stands.
        progress: How far every commitment is on its way.
        events: The entries that count.
        moved: What pages of settings moved, with the entry that did it.
        fallen_back: Commitments that are done, and whose target the newest check no longer reaches.
        titles: Titles of indicators by id.
        check: Id of the check that figures come from; empty when there is none.
    """

    city: str
    synthetic: bool
    day: date
    as_of: str
    soon: int
    agenda: Agenda
    standings: Mapping[str, Standing]
    progress: Mapping[str, Progress]
    events: Sequence[Event]
    moved: Sequence[tuple[Event, Move]] = ()
    fallen_back: frozenset[str] = frozenset()
    titles: Mapping[str, Words] = field(default_factory=dict)
    check: str = ""
