"""Who is to be told of a time limit: reminded before it is over, called once it is; each of them once.

A call is told apart by the deadline, the moment it is due and the step of the flow: an extension makes a new deadline,
and with it new calls.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tulou.kernel.errors import NotEnoughData
from tulou.operations.cases.domain.case import Case
from tulou.operations.cases.domain.deadlines import Deadline, Standing, calls_of
from tulou.operations.cases.domain.events import Draft
from tulou.operations.cases.domain.flow import Flow
from tulou.operations.cases.domain.limits import Clockwork

Why = Literal["soon", "overdue"]


@dataclass(frozen=True)
class DueCall:
    """One call that is due.

    Args:
        case: The case.
        deadline: What is due.
        why: ``soon`` for a reminder, ``overdue`` for a call.
        step: Place of the step in the flow, from 0.
        role: Role that is told.
        bodies: Bodies that hold it; that of the case for the role that handles.
    """

    case: Case
    deadline: Deadline
    why: Why
    step: int
    role: str
    bodies: tuple[str, ...]

    @property
    def key(self) -> str:
        """What tells this call from any other of the case."""
        due = self.deadline.due.isoformat() if self.deadline.due else ""
        return f"{self.why} {self.step} {self.deadline.kind} {self.deadline.id} {due}"

    def draft(self, moment: datetime) -> Draft:
        """The event that puts it on record."""
        facts = {
            "key": self.key,
            "why": self.why,
            "deadline": {"kind": self.deadline.kind, "id": self.deadline.id},
            "due": self.deadline.due.isoformat() if self.deadline.due else "",
            "to": self.role,
            "bodies": list(self.bodies),
        }
        return Draft(self.case.id, "call", "", "", "", moment, "", facts)


def due_calls(standing: Standing, flow: Flow, clockwork: Clockwork) -> list[DueCall]:
    """Calls of a case that are due at the moment of its standing and were not made yet.

    Args:
        standing: The case at the moment.
        flow: The version of the flow it runs by.
        clockwork: What limits are counted by.
    """
    if standing.case.ended is not None:
        return []
    found = [
        one
        for deadline in standing.deadlines
        if deadline.due is not None and deadline.reached is None
        for one in _calls(standing, deadline, flow, clockwork)
    ]
    return [one for one in found if one.bodies and one.key not in standing.case.called]


def _calls(standing: Standing, deadline: Deadline, flow: Flow, clockwork: Clockwork) -> Iterator[DueCall]:
    case = standing.case
    for place, role in enumerate(calls_of(flow, clockwork, deadline, standing.moment)):
        yield DueCall(case, deadline, "overdue", place, role, _bodies(case, flow, role))
    if deadline.is_overdue(standing.moment):
        return
    for place, step in enumerate(flow.reminders):
        try:
            end = clockwork.due(standing.moment, step.after) if step.after else None
        except NotEnoughData:
            continue
        if end is not None and deadline.due is not None and end >= deadline.due:
            yield DueCall(case, deadline, "soon", place, step.to, _bodies(case, flow, step.to))


def _bodies(case: Case, flow: Flow, role: str) -> tuple[str, ...]:
    if role == flow.handles:
        return (case.body,) if case.body else ()
    return flow.holders((role,))
