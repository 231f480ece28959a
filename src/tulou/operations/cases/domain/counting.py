"""Counting cases of a period: received, ended in time or late, open in time or overdue; each case once.

A case ended late when any limit of its states, its milestones or the whole was missed on its way, whoever let it slip.
Where a limit cannot be told, or none was set, it counts as neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from tulou.kernel.periods import Period
from tulou.operations.cases.domain.case import Case, stepped
from tulou.operations.cases.domain.deadlines import Deadline, Standing, standing_of
from tulou.operations.cases.domain.events import Event
from tulou.operations.cases.domain.flow import Flow
from tulou.operations.cases.domain.limits import Clockwork, Pause

Outcome = Literal["ended_in_time", "ended_late", "ended_untold", "open_in_time", "open_overdue", "open_untold"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


@dataclass(frozen=True)
class Counted:
    """A case that was in hand in a period.

    Args:
        standing: The case at the end of the period.
        flow: The version of its flow.
        outcome: One of ``OUTCOMES``.
        is_received: Whether it was opened in the period.
        calls: Reminders and calls made in the period.
    """

    standing: Standing
    flow: Flow
    outcome: Outcome
    is_received: bool
    calls: int

    @property
    def case(self) -> Case:
        """The case at the end of the period."""
        return self.standing.case

    def pauses(self, period: Period) -> tuple[Pause, ...]:
        """Pauses that touch the period."""
        return tuple(
            one for one in self.case.pauses if one.start < period.end and (one.end is None or one.end > period.start)
        )


def counted(
    events: Iterable[Event], flows: Mapping[str, Flow], clockworks: Mapping[str, Clockwork], period: Period
) -> list[Counted]:
    """Cases that were in hand in a period, in the order in which they were opened.

    Args:
        events: All events in order.
        flows: Versions of flows by digest.
        clockworks: What limits are counted by, by digest of the version.
        period: The period; what happened after it is not looked at.
    """
    cases: dict[str, Case] = {}
    missed: dict[str, set[str]] = {}
    for event in events:
        if event.happened >= period.end:
            continue
        case = cases.get(event.case)
        if case is not None:
            missed.setdefault(event.case, set()).update(_missed(case, event, flows, clockworks))
        cases[event.case] = stepped(case, event, flows)
    return [
        _counted(one, flows[one.digest], clockworks[one.digest], missed.get(one.id, set()), period)
        for one in cases.values()
        if one.ended is None or one.ended >= period.start
    ]


def _missed(
    case: Case, event: Event, flows: Mapping[str, Flow], clockworks: Mapping[str, Clockwork]
) -> set[str]:  # fmt: skip
    """What an event leaves behind: limits that were ``kept``, ``late`` or ``untold`` as it ended them."""
    if event.kind != "move" or case.ended is not None:
        return set()
    flow = flows[case.digest]
    target = flow.states[flow.transitions[event.move].to or case.state]
    if target.clock == case.clock and not target.is_end and "milestone" not in event.facts:
        return set()
    standing = standing_of(case, flow, clockworks[case.digest], event.happened)
    is_left = target.clock != case.clock or target.is_end
    return {_kept(one, event, is_left=is_left, is_end=target.is_end) for one in standing.deadlines} - {""}


def _kept(one: Deadline, event: Event, *, is_left: bool, is_end: bool) -> str:
    """How a limit was kept by an event that ends it; empty for one that it does not end."""
    is_reached = one.kind == "milestone" and one.id == event.facts.get("milestone")
    if not (is_reached or (is_left and one.kind != "whole") or (is_end and one.kind == "whole")):
        return ""
    if one.due is None:
        return "untold" if one.certainty == "unknown" else "kept"
    return "late" if one.is_overdue(event.happened) else "kept"


def _counted(case: Case, flow: Flow, clockwork: Clockwork, missed: set[str], period: Period) -> Counted:
    standing = standing_of(case, flow, clockwork, period.end)
    calls = sum(period.holds(moment) for moment in case.called.values())
    return Counted(standing, flow, _outcome(standing, missed), period.holds(case.opened), calls)


def _outcome(standing: Standing, missed: set[str]) -> Outcome:
    if standing.case.ended is not None:
        if "late" in missed:
            return "ended_late"
        return "ended_untold" if "untold" in missed or not missed else "ended_in_time"
    if standing.is_overdue:
        return "open_overdue"
    is_told = any(one.reached is None and one.certainty != "unknown" for one in standing.deadlines)
    return "open_in_time" if is_told and not standing.is_unknown else "open_untold"
