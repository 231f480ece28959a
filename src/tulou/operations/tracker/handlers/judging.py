"""Assessing a commitment, confirming the assessment as a second party, reaching a milestone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from tulou.kernel.errors import BadUse, NotEnoughData
from tulou.operations.texts import said
from tulou.operations.tracker.domain.commitment import Agenda, Target
from tulou.operations.tracker.domain.events import Draft, Event
from tulou.operations.tracker.domain.standing import CLAIMS, Judgement, Standing, second_party_fault
from tulou.operations.tracker.handlers.ports import Clock, Journal
from tulou.operations.tracker.handlers.requests import Request, check_request, standing_on

Latest = Callable[[str, date], float | None]
"""What the newest check up to a day says of an indicator for the whole city; None when it says nothing."""

NO_REPORT = "a report says what was done"
NO_LOOK = "a second party says what it looked at"


def assess(
    agenda: Agenda, journal: Journal, request: Request, state: str, note: str, *, latest: Latest, clock: Clock
) -> Event:
    """Report how far a commitment is.

    *done* needs evidence of every kind asked for, and, where the target has a value, a check that reaches it.

    Args:
        agenda: What is tracked.
        journal: Where events are kept.
        request: Who reports, and of what day.
        state: One of ``CLAIMS``.
        note: What is reported, in words.
        latest: Looks up figures of the newest check.
        clock: Tells the time.

    Raises:
        BadUse: When the commitment, the body or the state is unknown, nothing is said, or the day lies ahead.
        NotEnoughData: When *done* is claimed and something it needs is not there.
    """
    check_request(agenda, request, clock)
    if state not in CLAIMS:
        raise BadUse(
            "a report cannot say this; only a second party verifies", where="--state", found=state, allowed=CLAIMS
        )
    text = said(note, "--text", NO_REPORT)

    def decide(events: tuple[Event, ...]) -> Draft:
        if state == "done":
            _must_be_shown(standing_on(agenda, request, events, day=request.happened), request.happened, latest)
        facts = {"state": state, "note": text}
        return Draft("assessment", request.commitment, request.by, request.happened, request.who, facts)

    return journal.append(decide)


def verify(agenda: Agenda, journal: Journal, request: Request, note: str, *, confirms: bool, clock: Clock) -> Event:
    """Confirm or refuse, as a second party, that a commitment is done.

    Args:
        agenda: What is tracked.
        journal: Where events are kept.
        request: Who looked, and when.
        note: What was looked at, or why it is refused.
        confirms: Whether it is confirmed.
        clock: Tells the time.

    Raises:
        BadUse: When the commitment or the body is unknown, the body has a part in it, nothing is assessed as done by
            that day, or nothing is said.
    """
    check_request(agenda, request, clock)
    text = said(note, "--text", NO_LOOK)

    def decide(events: tuple[Event, ...]) -> Draft:
        claim = _claim(agenda, request, events)
        fault = second_party_fault(standing_on(agenda, request, events), request.by, request.who)
        if fault:
            raise BadUse(fault, where=request.commitment, found=request.by, allowed=("another body",))
        facts = {"says": "confirmed" if confirms else "refused", "assessment": claim.number, "note": text}
        return Draft("verification", request.commitment, request.by, request.happened, request.who, facts)

    return journal.append(decide)


def reach_milestone(
    agenda: Agenda, journal: Journal, request: Request, milestone: str, note: str, *, clock: Clock
) -> Event:
    """Report that a milestone was reached.

    Raises:
        BadUse: When the commitment has no such milestone, it was reached before, or nothing is said.
    """
    check_request(agenda, request, clock)
    text = said(note, "--text", NO_REPORT)
    commitment = agenda.commitment(request.commitment)
    known = [step.id for step in commitment.milestones]
    if milestone not in known:
        raise BadUse(
            "this commitment has no such milestone",
            where=commitment.id,
            found=milestone,
            allowed=known or ("none yet: the city's own page sets milestones",),
        )

    def decide(events: tuple[Event, ...]) -> Draft:
        reached = standing_on(agenda, request, events).reached or {}
        if milestone in reached:
            raise BadUse("this milestone was reached before", where=commitment.id, found=str(reached[milestone]))
        facts = {"milestone": milestone, "note": text}
        return Draft("milestone", commitment.id, request.by, request.happened, request.who, facts)

    return journal.append(decide)


def _claim(agenda: Agenda, request: Request, events: tuple[Event, ...]) -> Judgement:
    """The assessment that a second party speaks of: done, with its evidence, on the day it looked."""
    then = standing_on(agenda, request, events, day=request.happened)
    if then.assessment and then.assessment.says == "done" and not then.lacking:
        return then.assessment
    ever = standing_on(agenda, request, events)
    if ever.assessment and ever.assessment.says == "done" and request.happened < ever.assessment.happened:
        raise BadUse(
            "a confirmation cannot come before what it confirms",
            where="--date",
            found=str(request.happened),
            allowed=(f"from {ever.assessment.happened}",),
        )
    raise BadUse(
        "only what is reported as done, with its evidence, can be confirmed",
        where=request.commitment,
        found=then.state,
        allowed=("done",),
    )


def _must_be_shown(standing: Standing, day: date, latest: Latest) -> None:
    if standing.lacking:
        raise NotEnoughData(
            "done needs evidence of every kind asked for, dated no later than the report",
            where=standing.commitment.id,
            found=", ".join(sorted({item.kind for item in standing.counted})) or "none",
            allowed=[f"still lacking: {kind}" for kind in standing.lacking],
        )
    target = standing.commitment.target
    if target is not None and target.indicator and target.value is not None:
        _must_be_reached(standing.commitment.id, target, latest(target.indicator, day))


def _must_be_reached(name: str, target: Target, value: float | None) -> None:
    if value is None:
        raise NotEnoughData(
            "done needs a check that reaches the target, and no check up to this day gives the indicator a value",
            where=name,
            found=target.indicator,
            allowed=("tulou check",),
        )
    if not target.is_met(value):
        raise NotEnoughData(
            "done needs a check that reaches the target; the newest one up to this day does not",
            where=name,
            found=f"{target.indicator} = {value:g}",
            allowed=(f"{target.way.replace('_', ' ')} {target.value:g}",),
        )
