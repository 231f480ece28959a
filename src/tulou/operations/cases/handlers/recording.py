"""Recording many cases at once: histories that come from elsewhere, and many transitions; all of them or none.

One transaction, whatever the number. Each event is dated when it happened; ``known`` says when it was written down, so
that what was recorded later stays plain to see. The time in which an opening may be dated back does not bind here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count

from tulou.kernel.errors import BadUse, Fault
from tulou.operations.cases.domain.case import Case, stepped
from tulou.operations.cases.domain.events import Draft, Event, numbered
from tulou.operations.cases.domain.flow import Flow
from tulou.operations.cases.handlers.acting import case_name, case_of, check_act, moving, must_be_new
from tulou.operations.cases.handlers.following import Held, followed, nowhere
from tulou.operations.cases.handlers.opening import Act, Subject
from tulou.operations.cases.handlers.opening import opening as opening_of
from tulou.operations.cases.handlers.ports import Book, Clock, Store, Verdict, Writing

MOST_FAULTS = 20
"""So many faults are told; a table with one mistake in every row has no more to say."""


@dataclass(frozen=True)
class Step:
    """A transition to be made.

    Args:
        move: Id of the transition.
        act: Who makes it, when, with what.
        case: Id of the case; empty within a history, which opens its own.
    """

    move: str
    act: Act
    case: str = ""


@dataclass(frozen=True)
class History:
    """One case from its opening on.

    Args:
        flow: The version of the flow it is recorded by.
        subject: What it is about.
        opened: Who opened it, when.
        steps: What was done since, in order.
    """

    flow: Flow
    subject: Subject
    opened: Act
    steps: Sequence[Step] = ()


def open_many(
    store: Store, histories: Sequence[History], *, clock: Clock, verdict: Verdict | None = None, held: Held = nowhere
) -> tuple[Event, ...]:
    """Open many cases, each with what was done since; all of them or none.

    Args:
        store: Where events are kept.
        histories: The cases, in the order in which they get their ids.
        clock: Tells the time.
        verdict: What the newest check says of a finding; *unknown* when None.
        held: Finds the flow of cases that follow from what was done; they get their ids after the histories.

    Returns:
        All events; those of a case follow one another.

    Raises:
        BadUse: With what is wrong, each with the place of its history in the list, from 1.
    """

    def decide(book: Book) -> Writing:
        first, known, faults = book.cases() + 1, clock(), list[Fault]()
        mover = _Mover(known, verdict or _unknown, held, map(case_name, count(first + len(histories))))
        drafts: list[Draft] = []
        _must_be_told_apart(book, histories)
        for place, history in enumerate(histories):
            try:
                drafts += _drafts(case_name(first + place), history, mover)
            except BadUse as error:
                faults += [replace(one, where=f"{place + 1}: {one.where}") for one in error.faults]
                if len(faults) >= MOST_FAULTS:
                    break
        if faults:
            raise BadUse.of(faults)
        flows = {one.flow.digest: one.flow for one in histories} | mover.flows
        return Writing([*drafts, *mover.opened], list(flows.values()))

    return store.write(decide)


def do_many(
    store: Store, steps: Iterable[Step], *, clock: Clock, verdict: Verdict | None = None, held: Held = nowhere
) -> tuple[Event, ...]:
    """Make many transitions of cases that are on record; all of them or none.

    Raises:
        BadUse: With what is wrong, each with the place of its step in the list, from 1.
    """
    listed = list(steps)

    def decide(book: Book) -> Writing:
        known, faults = clock(), list[Fault]()
        mover = _Mover(known, verdict or _unknown, held, map(case_name, count(book.cases() + 1)))
        cases: dict[str, tuple[Case, Flow]] = {}
        drafts: list[Draft] = []
        for place, step in enumerate(listed, 1):
            try:
                case, flow = cases.get(step.case) or case_of(book, step.case)
                draft, moved = mover.moved(case, flow, step)
                cases[step.case] = moved, flow
                drafts.append(draft)
            except BadUse as error:
                faults += [replace(one, where=f"{place}: {one.where}") for one in error.faults]
                if len(faults) >= MOST_FAULTS:
                    break
        if faults:
            raise BadUse.of(faults)
        return Writing([*drafts, *mover.opened], list(mover.flows.values()))

    return store.write(decide)


@dataclass(eq=False)
class _Mover:
    """Makes transitions, and keeps the cases that follow from them.

    Args:
        known: The moment they are written down.
        verdict: What the newest check says of a finding.
        held: Finds the flow of cases that follow.
        names: Ids for them.
        opened: Their openings.
        flows: Versions of flows that they run by, by digest.
    """

    known: datetime
    verdict: Verdict
    held: Held
    names: Iterator[str]
    opened: list[Draft] = field(default_factory=list)
    flows: dict[str, Flow] = field(default_factory=dict)

    def moved(self, case: Case, flow: Flow, step: Step) -> tuple[Draft, Case]:
        """One transition, and the case after it."""
        check_act(step.act, lambda: self.known)
        found = followed(case, flow, moving(case, flow, step.move, step.act, self.verdict), self.held, self.names)
        self.opened += found.opened
        self.flows |= {one.digest: one for one in found.flows}
        after = numbered(found.draft, case.events + 1, self.known)
        return found.draft, stepped(case, after, {flow.digest: flow})


def _drafts(name: str, history: History, mover: _Mover) -> list[Draft]:
    flow, known = history.flow, mover.known
    check_act(history.opened, lambda: known)
    found = [opening_of(name, flow, history.subject, history.opened)]
    case = stepped(None, numbered(found[0], 1, known), {flow.digest: flow})
    for step in history.steps:
        draft, case = mover.moved(case, flow, step)
        found.append(draft)
    return found


def _must_be_told_apart(book: Book, histories: Sequence[History]) -> None:
    """Refuse a finding that has an open case, or that two histories are about."""
    seen: set[str] = set()
    for history in histories:
        name = history.subject.finding.get("finding", "")
        if name in seen:
            raise BadUse("this finding has an open case", where="--finding", found=name)
        if name:
            must_be_new(book, name)
            seen.add(name)


def _unknown(_finding: object) -> dict[str, str]:
    return {"says": "unknown", "check": ""}
