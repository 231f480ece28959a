"""Opening a case, and moving it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tulou.kernel.errors import BadUse
from tulou.operations.cases.domain.case import Case, replayed
from tulou.operations.cases.domain.events import Draft, Event
from tulou.operations.cases.domain.flow import Flow
from tulou.operations.cases.domain.moving import check_move, role_of
from tulou.operations.cases.handlers.ports import Book, Clock, Store, Verdict, Writing

MOST_LETTERS = 4000
"""Longest text an event takes; what is longer belongs into a file of evidence."""
DIGITS = 6
NO_SUCH_CASE = "there is no such case"
NO_TITLE = "a case says what it is about"


@dataclass(frozen=True)
class Act:
    """Who does what, when.

    Args:
        by: Id of the body that does it.
        happened: When it happened.
        who: Office or person that signs for the body; may be empty.
        facts: What is given with it: reason, evidence, unit, limit, more, milestone.
    """

    by: str
    happened: datetime
    who: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Subject:
    """What a case is about.

    Args:
        title: What it is, in words.
        case_class: Its class; may be empty.
        place: Unit of the city where it is; may be empty.
        finding: The finding with its check; empty when it is about none.
        unit: Body that answers for it, where that is known already.
    """

    title: str
    case_class: str = ""
    place: str = ""
    finding: Mapping[str, Any] = field(default_factory=dict)
    unit: str = ""


def open_case(store: Store, flow: Flow, subject: Subject, act: Act, *, clock: Clock) -> Event:
    """Open a case.

    Args:
        store: Where events are kept.
        flow: The version of the flow that holds.
        subject: What it is about.
        act: Who opens it, when.
        clock: Tells the time.

    Raises:
        BadUse: When the body may not open one, the class is unknown, the finding has an open case, or the moment
            lies ahead.
    """
    role = role_of(flow, flow.opens, act.by)
    if not role:
        raise BadUse("this body may not open such a case", where="--by", found=act.by, allowed=flow.holders(flow.opens))
    _check(act, clock)
    flow.case_class(subject.case_class)
    facts = {
        "flow": flow.digest,
        "class": subject.case_class,
        "title": said(subject.title, "--text", NO_TITLE),
        "place": subject.place,
        "finding": dict(subject.finding),
        "unit": subject.unit if subject.unit in flow.holders((flow.unit_role,)) else "",
        **act.facts,
    }

    def decide(book: Book) -> Writing:
        if subject.finding:
            _must_be_new(book, subject.finding["finding"])
        name = f"C{book.cases() + 1:0{DIGITS}d}"
        return Writing([Draft(name, "open", "", act.by, role, act.happened, act.who, facts)], [flow])

    return store.write(decide)[0]


def do(
    store: Store, name: str, move: str, act: Act, *, verdict: Verdict, keep: Callable[[], object], clock: Clock
) -> Event:
    """Make a transition of a case.

    Args:
        store: Where events are kept.
        name: Id of the case.
        move: Id of the transition.
        act: Who makes it, when, with what.
        verdict: What the newest check says of a finding.
        keep: Puts the evidence away; called once the transition is found to be allowed.
        clock: Tells the time.

    Raises:
        BadUse: When it may not be made; says what may be done now, and by whom.
    """
    _check(act, clock)

    def decide(book: Book) -> Writing:
        case, flow = case_of(book, name)
        transition = flow.transitions.get(move)
        facts = dict(act.facts)
        if transition and "pass" in transition.needs:
            facts["verdict"] = dict(verdict(case.finding))
        role = role_of(flow, transition.roles if transition else (), act.by)
        draft = Draft(name, "move", move, act.by, role, act.happened, act.who, facts)
        check_move(flow, case, draft)
        keep()
        return Writing([draft])

    return store.write(decide)[0]


def case_of(book: Book, name: str) -> tuple[Case, Flow]:
    """A case as it stands, with the version of the flow it runs by.

    Raises:
        BadUse: When there is none of that id.
    """
    events = book.events(name) if name else ()
    if not events:
        count = book.cases()
        allowed = (f"C{1:0{DIGITS}d} to C{count:0{DIGITS}d}",) if count else ("none yet: tulou case open",)
        raise BadUse(NO_SUCH_CASE, where="CASE", found=name, allowed=allowed)
    digests = {one.facts["flow"] for one in events if "flow" in one.facts}
    case = replayed(events, {digest: book.flow(digest) for digest in digests})[name]
    return case, book.flow(case.digest)


def said(text: str, where: str, lacks: str) -> str:
    """A text that says something, as it is kept: without blanks around it.

    Raises:
        BadUse: When it is blank, too long, or holds what is no character.
    """
    kept = text.strip()
    if not kept:
        raise BadUse(lacks, where=where, allowed=("a few words",))
    if len(kept) > MOST_LETTERS:
        allowed = (f"at most {MOST_LETTERS} characters",)
        raise BadUse("this text is too long", where=where, found=f"{len(kept)}", allowed=allowed)
    wrong = [letter for letter in kept if not letter.isprintable() and letter not in "\n\t"]
    if wrong:
        raise BadUse("this text holds what is no character", where=where, found=ascii("".join(wrong[:3])))
    return kept


def _check(act: Act, clock: Clock) -> None:
    instant = clock()
    if act.happened > instant:
        raise BadUse(
            "what has not happened yet cannot be recorded",
            where="--date",
            found=act.happened.isoformat(timespec="seconds"),
            allowed=(f"up to {instant.isoformat(timespec='seconds')}",),
        )
    if act.who:
        said(act.who, "--who", "whoever signs has a name")
    if "reason" in act.facts:
        said(act.facts["reason"], "--text", "a reason says something")


def _must_be_new(book: Book, finding: str) -> None:
    """Refuse a second open case of one finding."""
    for name in book.about(finding):
        case, _ = case_of(book, name)
        if case.ended is None:
            raise BadUse("this finding has an open case", where="--finding", found=finding, allowed=(case.id,))
