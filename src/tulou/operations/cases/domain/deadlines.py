"""What is due of a case: its state, its milestones and the whole, and who is called when something is overdue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tulou.kernel.errors import NotEnoughData
from tulou.kernel.periods import INSTANT
from tulou.operations.cases.domain.case import Case
from tulou.operations.cases.domain.flow import Flow
from tulou.operations.cases.domain.limits import Clockwork, Limit

DeadlineKind = Literal["state", "milestone", "whole"]
Certainty = Literal["set", "paused", "unknown"]


@dataclass(frozen=True)
class Deadline:
    """One thing that is due.

    Args:
        kind: ``state``, ``milestone`` or ``whole``.
        id: Id of the state or milestone; empty for the whole.
        limit: The limit, with its extension.
        due: When it is over, UTC; None while the clock stands, or where the calendar is not known.
        certainty: ``set``, ``paused`` or ``unknown``.
        reached: When it was reached; None while it is open.
    """

    kind: DeadlineKind
    id: str
    limit: Limit
    due: datetime | None
    certainty: Certainty
    reached: datetime | None = None

    def is_overdue(self, moment: datetime) -> bool:
        """Whether it was reached late, or is not reached at a moment after it was due; unknown is not said to be."""
        return self.due is not None and (self.reached or moment) > self.due


@dataclass(frozen=True)
class Standing:
    """A case at a moment.

    Args:
        case: The case.
        moment: The moment.
        deadlines: What is due.
        called: Roles that are called because something is overdue.
    """

    case: Case
    moment: datetime
    deadlines: tuple[Deadline, ...]
    called: tuple[str, ...]

    @property
    def overdue(self) -> tuple[Deadline, ...]:
        """What is overdue, or was reached late."""
        return tuple(one for one in self.deadlines if one.is_overdue(self.moment))

    @property
    def is_overdue(self) -> bool:
        """Whether an open case is late with anything that is still open."""
        return self.case.ended is None and any(one.reached is None for one in self.overdue)

    @property
    def is_unknown(self) -> bool:
        """Whether an open case has something due at a moment that cannot be told."""
        return self.case.ended is None and any(one.certainty == "unknown" for one in self.deadlines)


def standing_of(case: Case, flow: Flow, clockwork: Clockwork, moment: datetime) -> Standing:
    """What is due of a case, and who is called, at a moment.

    Args:
        case: The case.
        flow: The version of the flow it runs by.
        clockwork: What limits are counted by.
        moment: The moment; what happened later is not looked at.
    """
    found: list[Deadline] = []
    kind = flow.classes.get(case.case_class)
    usual = kind.limits.get(case.clock) if kind else None
    limit = case.limits.get(case.clock) or usual or flow.states[case.clock].limit
    if limit is not None and case.ended is None:
        found.append(_deadline("state", case.clock, limit.longer(case.more), case, clockwork))
    if kind is not None and case.ended is None:
        found += [
            _deadline("milestone", step.id, step.limit, case, clockwork, case.reached.get(step.id))
            for step in kind.milestones.get(case.clock, ())
        ]
    whole = (kind.limit if kind else None) or flow.limit
    if whole is not None:
        found.append(_deadline("whole", "", whole, case, clockwork, case.ended))
    called = [role for one in found for role in calls_of(flow, clockwork, one, moment)] if case.ended is None else []
    return Standing(case, moment, tuple(found), tuple(dict.fromkeys(called)))


def _deadline(
    kind: DeadlineKind, name: str, limit: Limit, case: Case, clockwork: Clockwork, reached: datetime | None = None
) -> Deadline:
    try:
        due = clockwork.due(case.opened if kind == "whole" else case.since, limit, case.pauses)
    except NotEnoughData:
        return Deadline(kind, name, limit, None, "unknown", reached)
    return Deadline(kind, name, limit, due, "paused" if due is None else "set", reached)


def calls_of(flow: Flow, clockwork: Clockwork, deadline: Deadline, moment: datetime) -> tuple[str, ...]:
    """Roles that are called because something is overdue and still open, in order.

    Args:
        flow: The version of the flow.
        clockwork: What limits are counted by.
        deadline: What is due.
        moment: The moment.
    """
    if deadline.due is None or deadline.reached is not None or not deadline.is_overdue(moment):
        return ()
    called = []
    for step in flow.escalations:
        try:
            after = clockwork.due(deadline.due - INSTANT, step.after) if step.after else deadline.due
        except NotEnoughData:
            break
        if after is not None and moment > after:
            called.append(step.to)
    return tuple(called)
