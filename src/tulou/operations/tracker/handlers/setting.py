"""Setting what the policy left open: a page of the city becomes an entry of its own, so that no date moves unseen."""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import date

from tulou.kernel.errors import BadUse
from tulou.operations.texts import said
from tulou.operations.tracker.domain.commitment import Agenda
from tulou.operations.tracker.domain.events import Draft, Event
from tulou.operations.tracker.handlers.ports import Clock, Journal
from tulou.operations.tracker.handlers.requests import NO_NAME, check_day

MOST_LETTERS = 1_000_000
"""Longest page: many times the template with everything filled in."""

BODY_LEFT_OUT = "a body that made entries cannot be left out"
KIND_LEFT_OUT = "a kind of evidence that was given cannot be left out"
STEP_LEFT_OUT = "a milestone that was reached cannot be left out"


def set_page(
    before: Agenda,
    after: Agenda,
    journal: Journal,
    page: str,
    *,
    by: str,
    happened: date,
    who: str = "",
    clock: Clock,
) -> Event:
    """Take a page of settings into the record.

    Args:
        before: What is tracked until now.
        after: What is tracked with the page.
        journal: Where events are kept.
        page: The page as text.
        by: Body that sets it.
        happened: The day from which it holds.
        who: Office or person that writes it down.
        clock: Tells the time.

    Raises:
        BadUse: When the body is unknown, the day lies ahead, the page sets nothing new, or leaves out what entries
            refer to.
    """
    after.body(by)
    check_day(happened, clock)
    if who:
        said(who, "--who", NO_NAME)
    if len(page) > MOST_LETTERS:
        raise BadUse("this text is too long", where="PAGE", found=f"{len(page)}", allowed=(f"at most {MOST_LETTERS}",))
    if before == after:
        raise BadUse("this page sets nothing that was not set before", where="PAGE", allowed=("tulou track page",))

    def decide(events: tuple[Event, ...]) -> Draft:
        _must_follow(events, happened)
        _must_keep_used(after, events)
        return Draft("setting", "", by, happened, who, {"page": page})

    return journal.append(decide)


def _must_follow(events: Iterable[Event], happened: date) -> None:
    newest = max((event.happened for event in events if event.kind == "setting"), default=happened)
    if happened < newest:
        raise BadUse(
            "a page cannot hold from before the page it replaces",
            where="--date",
            found=str(happened),
            allowed=(f"from {newest}",),
        )


def _must_keep_used(after: Agenda, events: Iterable[Event]) -> None:
    """Refuse a page that leaves out a body, a kind of evidence or a milestone that entries refer to."""
    for event in events:
        places: list[tuple[str, Container[str], str]] = [(event.by, after.bodies, BODY_LEFT_OUT)]
        if event.kind == "evidence":
            kind = str(event.facts["kind"])
            places.append((kind, after.evidence, KIND_LEFT_OUT))
        if event.kind == "milestone":
            steps = {step.id: step.title for step in after.commitment(event.commitment).milestones}
            places.append((str(event.facts["milestone"]), steps, STEP_LEFT_OUT))
        for name, known, fault in places:
            if name not in known:
                raise BadUse(fault, where="PAGE", found=name, allowed=(f"entry {event.number} refers to it",))
