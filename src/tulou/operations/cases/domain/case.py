"""A case is what its events make of it: state, unit, pauses, limits of its own, and who did what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from tulou.kernel.errors import BadInput
from tulou.operations.cases.domain.events import Event
from tulou.operations.cases.domain.flow import Flow, State
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
        unit: Body that handles it; empty before it was given to one.
        pauses: When its clocks stood.
        limits: Limits that were set for this case, by state.
        more: Extension of the clock that runs, in the unit of its limit.
        reached: Milestones of the clock that runs, with the moment.
        done: Who did which transition.
        counts: How often each transition was made.
        last: When its last event happened.
        events: Number of its events.
        ended: When it ended; None while it runs.
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
    unit: str = ""
    pauses: tuple[Pause, ...] = ()
    limits: Mapping[str, Limit] = field(default_factory=dict)
    more: float = 0.0
    reached: Mapping[str, datetime] = field(default_factory=dict)
    done: Mapping[str, Hands] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    events: int = 1
    ended: datetime | None = None


def opened(event: Event, flow: Flow) -> Case:
    """The case that an event opens."""
    facts, at = event.facts, event.happened
    state = flow.states[flow.start]
    return Case(
        event.case, flow.id, flow.digest, facts["class"], facts["title"], facts["place"], facts["finding"], at,
        state.id, state.clock, at, at, unit=facts["unit"],
    )  # fmt: skip


def advanced(case: Case, event: Event, flow: Flow) -> Case:
    """The case after one more event.

    Args:
        case: The case before it.
        event: The event.
        flow: The version of the flow that holds from this event on.
    """
    if event.kind == "migrate":
        moved = replace(case, digest=flow.digest, last=event.happened, events=case.events + 1)
        return _entered(moved, flow.states[event.facts["state"]], event)
    transition = flow.transitions[event.move]
    case = replace(
        case,
        last=event.happened,
        events=case.events + 1,
        unit=event.facts.get("unit", case.unit),
        more=case.more + event.facts.get("more", 0.0),
        done={**case.done, event.move: _with(case.done.get(event.move, Hands()), event)},
        counts={**case.counts, event.move: case.counts.get(event.move, 0) + 1},
    )
    if "milestone" in event.facts:
        case = replace(case, reached={**case.reached, event.facts["milestone"]: event.happened})
    target = flow.states[transition.to or case.state]
    if "limit" in event.facts:
        limit = Limit(event.facts["limit"]["amount"], event.facts["limit"]["unit"])
        case = replace(case, limits={**case.limits, target.clock: limit})
    return _entered(case, target, event)


def replayed(events: Iterable[Event], flows: Mapping[str, Flow]) -> dict[str, Case]:
    """All cases as their events make them, by id, in the order in which they were opened.

    Args:
        events: Events in order.
        flows: Versions of flows by digest.

    Raises:
        BadInput: When an event fits no case, or a flow is not there.
    """
    found: dict[str, Case] = {}
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


def _with(hands: Hands, event: Event) -> Hands:
    return Hands(hands.bodies | {event.by}, hands.signers | ({event.who} if event.who else set()))


def _entered(case: Case, state: State, event: Event) -> Case:
    """The case in a state: a new clock when the state has another, a pause begun or ended."""
    pauses = case.pauses
    is_standing = bool(pauses) and pauses[-1].end is None
    if state.is_paused and not is_standing:
        pauses = (*pauses, Pause(event.happened, None, event.facts.get("reason", "")))
    elif is_standing and not state.is_paused:
        pauses = (*pauses[:-1], replace(pauses[-1], end=event.happened))
    is_new = event.kind == "move" and state.clock != case.clock
    return replace(
        case,
        state=state.id,
        clock=state.clock,
        pauses=pauses,
        since=event.happened if is_new else case.since,
        more=0.0 if is_new else case.more,
        reached={} if is_new else case.reached,
        ended=(case.ended or event.happened) if state.is_end else None,
    )
