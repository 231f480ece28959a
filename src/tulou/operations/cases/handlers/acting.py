"""Opening a case, and moving it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count

from tulou.kernel.errors import BadUse
from tulou.operations.cases.domain.case import Case, replayed
from tulou.operations.cases.domain.events import Draft, Event
from tulou.operations.cases.domain.fields import plain
from tulou.operations.cases.domain.flow import Flow
from tulou.operations.cases.domain.moving import check_move, role_of
from tulou.operations.cases.handlers.following import Held, followed, nowhere
from tulou.operations.cases.handlers.opening import NO_TITLE, Act, Subject, opening
from tulou.operations.cases.handlers.ports import Book, Clock, Store, Verdict, Writing
from tulou.operations.texts import said

__all__ = [
    "NO_TITLE",
    "Act",
    "Subject",
    "case_name",
    "case_of",
    "check_act",
    "do",
    "moving",
    "must_be_new",
    "open_case",
    "opening",
    "said",
]

DIGITS = 6
NO_SUCH_CASE = "there is no such case"


def open_case(
    store: Store, flow: Flow, subject: Subject, act: Act, *, clock: Clock, keep: Callable[[], object] = tuple
) -> Event:
    """Open a case.

    Args:
        store: Where events are kept.
        flow: The version of the flow that holds.
        subject: What it is about.
        act: Who opens it, when.
        clock: Tells the time.
        keep: Puts the evidence away; called once the opening is found to be allowed.

    Raises:
        BadUse: When the body may not open one, the class is unknown, the finding has an open case, or the moment
            lies ahead.
    """
    check_act(act, clock)
    _must_be_near(flow, act, clock)
    draft = opening("", flow, subject, act)

    def decide(book: Book) -> Writing:
        if subject.finding:
            must_be_new(book, subject.finding["finding"])
        keep()
        return Writing([replace(draft, case=case_name(book.cases() + 1))], [flow])

    return store.write(decide)[0]


def moving(case: Case, flow: Flow, move: str, act: Act, verdict: Verdict) -> Draft:
    """The event that makes a transition of a case, found to be allowed.

    Raises:
        BadUse: When it may not be made; says what may be done now, and by whom.
    """
    transition = flow.transitions.get(move)
    facts = dict(act.facts)
    if act.fields:
        facts["fields"] = {key: plain(value) for key, value in act.fields.items() if value is not None}
    if transition and "pass" in transition.needs:
        facts["verdict"] = dict(verdict(case.finding))
    role = role_of(flow, transition.roles if transition else (), act.by)
    draft = Draft(case.id, "move", move, act.by, role, act.happened, act.who, facts)
    check_move(flow, case, draft)
    return draft


def case_name(number: int) -> str:
    """Id of the case that is opened as number so and so."""
    return f"C{number:0{DIGITS}d}"


def do(
    store: Store, name: str, move: str, act: Act, *, verdict: Verdict, keep: Callable[[], object], clock: Clock,
    held: Held = nowhere,
) -> Event:  # fmt: skip
    """Make a transition of a case, and open the cases that follow from it.

    Args:
        store: Where events are kept.
        name: Id of the case.
        move: Id of the transition.
        act: Who makes it, when, with what.
        verdict: What the newest check says of a finding.
        keep: Puts the evidence away; called once the transition is found to be allowed.
        clock: Tells the time.
        held: Finds the flow of cases that follow.

    Raises:
        BadUse: When it may not be made; says what may be done now, and by whom.
    """
    check_act(act, clock)

    def decide(book: Book) -> Writing:
        case, flow = case_of(book, name)
        names = map(case_name, count(book.cases() + 1))
        found = followed(case, flow, moving(case, flow, move, act, verdict), held, names)
        keep()
        return Writing([found.draft, *found.opened], found.flows)

    return store.write(decide)[0]


def case_of(book: Book, name: str) -> tuple[Case, Flow]:
    """A case as it stands, with the version of the flow it runs by.

    Raises:
        BadUse: When there is none of that id.
    """
    events = book.events(name) if name else ()
    if not events:
        count = book.cases()
        allowed = (f"{case_name(1)} to {case_name(count)}",) if count else ("none yet: tulou case open",)
        raise BadUse(NO_SUCH_CASE, where="CASE", found=name, allowed=allowed)
    digests = {one.facts["flow"] for one in events if "flow" in one.facts}
    case = replayed(events, {digest: book.flow(digest) for digest in digests})[name]
    return case, book.flow(case.digest)


def check_act(act: Act, clock: Clock) -> None:
    """Refuse what lies ahead, and a name or reason that says nothing.

    Raises:
        BadUse: Says what is wrong.
    """
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


def must_be_new(book: Book, finding: str) -> None:
    """Refuse a second open case of one finding."""
    for name in book.about(finding):
        case, _ = case_of(book, name)
        if case.ended is None:
            raise BadUse("this finding has an open case", where="--finding", found=finding, allowed=(case.id,))


def _must_be_near(flow: Flow, act: Act, clock: Clock) -> None:
    """Refuse an opening that is dated further back than its flow lets it be."""
    if flow.back is not None and act.happened < clock() - flow.back:
        raise BadUse(
            "an opening of this flow cannot be dated so far back",
            where="--date",
            found=act.happened.isoformat(timespec="seconds"),
            allowed=(f"from {(clock() - flow.back).isoformat(timespec='seconds')}",),
        )
