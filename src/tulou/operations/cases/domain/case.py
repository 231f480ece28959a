"""A case is what its events make of it: state, body, pauses, limits of its own, and who did what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from tulou.kernel.errors import BadInput
from tulou.operations.cases.domain.events import Event
from tulou.operations.cases.domain.flow import CaseState, Flow
from tulou.operations.cases.domain.limits import Limit, Pause

MISFIT = "this event does not fit the case it names"


@dataclass(frozen=True)
class Hands:
    """Who did one transition in a case.

    Args:
        bodies: Bodies that did it.
        signers: Offices or persons that signed for them.
    """

    bodies: frozenset[str] = frozenset()
    signers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Case:
    """A case as it stands.

    Args:
        id: Its id.
        flow: Id of its flow.
        digest: Digest of the version of the flow it runs by.
        case_class: Its class; may be empty.
        title: What it is about.
        place: Unit of the city where it is; may be empty.
        finding: The finding it is about; empty when it is about none.
        opened: When it was opened.
        state: State it is in.
        clock: State whose clock runs.
        since: When that clock started.
        body: Body that handles it; empty before it was given to one.
        pauses: When its clocks stood.
        limits: Limits that were set for this case, by state.
        more: Extension of the clock that runs, in the unit of its limit.
        reached: Milestones of the clock that runs, with the moment.
        done: Who did which transition.
        counts: How often each transition was made.
        last: When its last event happened.
        events: Number of its events.
        ended: When it ended; None while it runs.
        fields: What it states, by field of its flow or class.
        called: Reminders and calls that were made, each with the moment.
    """

    id: str
    flow: str
    digest: str
    case_class: str
    title: str
    place: str
    finding: Mapping[str, Any]
    opened: datetime
    state: str
    clock: str
    since: datetime
    last: datetime
    body: str = ""
    pauses: tuple[Pause, ...] = ()
    limits: Mapping[str, Limit] = field(default_factory=dict)
    more: float = 0.0
    reached: Mapping[str, datetime] = field(default_factory=dict)
    done: Mapping[str, Hands] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    events: int = 1
    ended: datetime | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    called: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def latest(self) -> datetime:
        """When something was last put on record of it, calls included."""
        return max((self.last, *self.called.values()))


def opened(event: Event, flow: Flow) -> Case:
    """The case that an event opens."""
    facts, at = event.facts, event.happened
    state = flow.states[flow.start]
    return Case(
        event.case, flow.id, flow.digest, facts["class"], facts["title"], facts["place"], facts["finding"], at,
        state.id, state.clock, at, at, body=facts["body"], fields=facts["fields"],
    )  # fmt: skip


def advanced(case: Case, event: Event, flow: Flow) -> Case:
    """The case after one more event.

    Args:
        case: The case before it.
        event: The event.
        flow: The version of the flow that holds from this event on.
    """
    facts = event.facts
    if event.kind == "call":
        called = {**case.called, facts["key"]: event.happened}
        return _changed(case, {"called": called, "events": case.events + 1})
    changes: dict[str, Any] = {"last": event.happened, "events": case.events + 1}
    if event.kind == "migrate":
        target = flow.states[facts["state"]]
        return _changed(case, {**changes, "digest": flow.digest, **_entered(case, target, event)})
    target = flow.states[flow.transitions[event.move].to or case.state]
    changes["done"] = {**case.done, event.move: _with(case.done.get(event.move, Hands()), event)}
    changes["counts"] = {**case.counts, event.move: case.counts.get(event.move, 0) + 1}
    if "body" in facts:
        changes["body"] = facts["body"]
    if "fields" in facts:
        changes["fields"] = {**case.fields, **facts["fields"]}
    if "more" in facts:
        changes["more"] = case.more + facts["more"]
    if "milestone" in facts:
        changes["reached"] = {**case.reached, facts["milestone"]: event.happened}
    if "limit" in facts:
        changes["limits"] = {**case.limits, target.clock: Limit(facts["limit"]["amount"], facts["limit"]["unit"])}
    return _changed(case, changes | _entered(case, target, event))


def replayed(
    events: Iterable[Event], flows: Mapping[str, Flow], start: Mapping[str, Case] | None = None
) -> dict[str, Case]:
    """All cases as their events make them, by id, in the order in which they were opened.

    Args:
        events: Events in order.
        flows: Versions of flows by digest.
        start: Cases as they stood before the first of them; none when None.

    Raises:
        BadInput: When an event fits no case, or a flow is not there.
    """
    found: dict[str, Case] = dict(start or {})
    for event in events:
        case = found.get(event.case)
        found[event.case] = stepped(case, event, flows)
    return found


def stepped(case: Case | None, event: Event, flows: Mapping[str, Flow]) -> Case:
    """One step of a replay.

    Raises:
        BadInput: When the event does not fit, whatever is wrong with it.
    """
    if (case is None) != (event.kind == "open"):
        raise BadInput(MISFIT, where=f"{event.case}: {event.number}", found=event.kind)
    try:
        if case is None:
            return opened(event, flows[event.facts["flow"]])
        digest = event.facts["flow"] if event.kind == "migrate" else case.digest
        return advanced(case, event, flows[digest])
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(MISFIT, where=f"{event.case}: {event.number}", found=str(error)) from None


def _changed(case: Case, changes: Mapping[str, Any]) -> Case:
    """The case with some fields changed: what ``replace`` does, quicker, as a replay has many steps."""
    made = object.__new__(Case)
    vars(made).update(vars(case), **changes)
    return made


def _with(hands: Hands, event: Event) -> Hands:
    return Hands(hands.bodies | {event.by}, hands.signers | ({event.who} if event.who else set()))


def _entered(case: Case, state: CaseState, event: Event) -> dict[str, Any]:
    """What changes as a state is entered: a new clock when it has another, a pause begun or ended."""
    changes: dict[str, Any] = {"state": state.id, "clock": state.clock}
    is_standing = bool(case.pauses) and case.pauses[-1].end is None
    if state.is_paused and not is_standing:
        changes["pauses"] = (*case.pauses, Pause(event.happened, None, event.facts.get("reason", "")))
    elif is_standing and not state.is_paused:
        changes["pauses"] = (*case.pauses[:-1], replace(case.pauses[-1], end=event.happened))
    if event.kind == "move" and state.clock != case.clock:
        changes |= {"since": event.happened, "more": 0.0, "reached": {}}
    changes["ended"] = (case.ended or event.happened) if state.is_end else None
    return changes
