"""Assessing a commitment, confirming the assessment as a second party, reaching a milestone."""

from __future__ import annotations

from collections.abc import Callable

from tulou.kernel.errors import BadUse, NotEnoughData
from tulou.operations.tracker.domain.commitment import Agenda, Target
from tulou.operations.tracker.domain.events import Draft, Event
from tulou.operations.tracker.domain.standing import CLAIMS, Standing, second_party_fault, standing_of
from tulou.operations.tracker.handlers.ports import Clock, Journal
from tulou.operations.tracker.handlers.requests import Request, check_day, own_events

Latest = Callable[[str], float | None]
"""What the newest check says of an indicator for the whole city; None when it says nothing."""


def assess(
    agenda: Agenda, journal: Journal, request: Request, state: str, *, note: str = "", latest: Latest, clock: Clock
) -> Event:
    """Say how far a commitment is.

    *done* needs evidence of every kind asked for, and, where the target has a value, a check that reaches it.

    Raises:
        BadUse: When the commitment, the body or the state is unknown, or the day lies ahead.
        NotEnoughData: When *done* is claimed and something it needs is not there.
    """
    agenda.commitment(request.commitment)
    agenda.body(request.by)
    check_day(request.happened, clock)
    if state not in CLAIMS:
        raise BadUse(
            "an assessment cannot say this; only a second party verifies", where="STATE", found=state, allowed=CLAIMS
        )

    def decide(events: tuple[Event, ...]) -> Draft:
        if state == "done":
            _must_be_shown(_standing(agenda, request, events), latest)
        facts = {"state": state, "note": note}
        return Draft("assessment", request.commitment, request.by, request.happened, request.who, facts)

    return journal.append(decide)


def verify(
    agenda: Agenda, journal: Journal, request: Request, *, confirms: bool, note: str = "", clock: Clock
) -> Event:
    """Confirm or refuse, as a second party, that a commitment is done.

    Raises:
        BadUse: When the commitment or the body is unknown, the body leads, gave evidence or assessed it, nothing is
            assessed as done, or a refusal gives no reason.
    """
    agenda.commitment(request.commitment)
    agenda.body(request.by)
    check_day(request.happened, clock)
    if not confirms and not note.strip():
        raise BadUse("a refusal needs a reason", where="--note", allowed=("a few words",))

    def decide(events: tuple[Event, ...]) -> Draft:
        standing = _standing(agenda, request, events)
        if not standing.assessment or standing.assessment.says != "done" or standing.lacking:
            raise BadUse(
                "only what is assessed as done can be confirmed",
                where=request.commitment,
                found=standing.state,
                allowed=("done",),
            )
        fault = second_party_fault(standing, request.by)
        if fault:
            raise BadUse(fault, where=request.commitment, found=request.by, allowed=("another body",))
        facts = {"says": "confirmed" if confirms else "refused", "note": note}
        return Draft("verification", request.commitment, request.by, request.happened, request.who, facts)

    return journal.append(decide)


def reach_milestone(agenda: Agenda, journal: Journal, request: Request, milestone: str, *, clock: Clock) -> Event:
    """Record that a milestone was reached.

    Raises:
        BadUse: When the commitment has no such milestone, or it was reached before.
    """
    commitment = agenda.commitment(request.commitment)
    agenda.body(request.by)
    check_day(request.happened, clock)
    known = [step.id for step in commitment.milestones]
    if milestone not in known:
        raise BadUse(
            "this commitment has no such milestone",
            where=commitment.id,
            found=milestone,
            allowed=known or ("none yet: the city's own tracking.yaml sets milestones",),
        )

    def decide(events: tuple[Event, ...]) -> Draft:
        reached = _standing(agenda, request, events).reached or {}
        if milestone in reached:
            raise BadUse("this milestone was reached before", where=commitment.id, found=str(reached[milestone]))
        facts = {"milestone": milestone}
        return Draft("milestone", commitment.id, request.by, request.happened, request.who, facts)

    return journal.append(decide)


def _standing(agenda: Agenda, request: Request, events: tuple[Event, ...]) -> Standing:
    """Where the commitment stands with all that is on record, whatever day it speaks of."""
    own = own_events(events, request.commitment)
    return standing_of(agenda.commitment(request.commitment), own, request.happened)


def _must_be_shown(standing: Standing, latest: Latest) -> None:
    if standing.lacking:
        raise NotEnoughData(
            "done needs evidence of every kind asked for",
            where=standing.commitment.id,
            found=", ".join(sorted({item.kind for item in standing.counted})) or "none",
            allowed=[f"still lacking: {kind}" for kind in standing.lacking],
        )
    target = standing.commitment.target
    if target is not None and target.indicator and target.value is not None:
        _must_be_reached(standing.commitment.id, target, latest(target.indicator))


def _must_be_reached(name: str, target: Target, value: float | None) -> None:
    if value is None:
        raise NotEnoughData(
            "done needs a check that reaches the target, and no check gives this indicator a value",
            where=name,
            found=target.indicator,
            allowed=("tulou check",),
        )
    if not target.is_met(value):
        raise NotEnoughData(
            "done needs a check that reaches the target; the newest one does not",
            where=name,
            found=f"{target.indicator} = {value:g}",
            allowed=(f"{target.way.replace('_', ' ')} {target.value:g}",),
        )
