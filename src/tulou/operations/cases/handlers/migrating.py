"""Moving running cases to a new version of their flow, all of them or none, with proof."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from tulou.kernel.errors import BadInput, BadUse, Fault
from tulou.operations.cases.domain.case import Case, replayed, stepped
from tulou.operations.cases.domain.events import Draft, Event, numbered
from tulou.operations.cases.domain.flow import Flow
from tulou.operations.cases.domain.moving import role_of
from tulou.operations.cases.handlers.acting import Act
from tulou.operations.cases.handlers.ports import Book, Clock, Store, Writing
from tulou.operations.texts import said

STAYS = (
    "id", "flow", "case_class", "title", "place", "opened", "since", "body", "limits", "more", "reached", "done",
    "ended", "pauses", "fields", "called",
)  # fmt: skip
"""What a migration leaves as it is."""

NO_REASON = "moving cases to another version needs a reason"


@dataclass(frozen=True)
class Proof:
    """What a migration did.

    Args:
        events: One event a case, each with the digests of both versions and the state before and after.
        before: Cases by state before it.
        after: Cases by state after it.
        settled: Cases that ran by the new version already, and cases that are over and stay as they were.
    """

    events: tuple[Event, ...]
    before: Mapping[str, int]
    after: Mapping[str, int]
    settled: int


def migrate(store: Store, flow: Flow, act: Act, states: Mapping[str, str], *, clock: Clock) -> Proof:
    """Move every running case of a flow to a version of it.

    Args:
        store: Where events are kept.
        flow: The version.
        act: Who does it, when, and why.
        states: New states by old ones, for states that the version no longer has.
        clock: Tells the time.

    Raises:
        BadUse: When the body may not, or a case stands in a state that the version does not have; nothing is moved.
    """
    reason = said(act.facts.get("reason", ""), "--text", NO_REASON)
    role = role_of(flow, flow.migrates, act.by)
    if not role:
        allowed = flow.holders(flow.migrates)
        raise BadUse("this body may not move cases to another version", where="--by", found=act.by, allowed=allowed)
    if act.happened > clock():
        raise BadUse("what has not happened yet cannot be recorded", where="--date", found=act.happened.isoformat())
    seen: dict[str, Counter[str]] = {"before": Counter(), "after": Counter()}
    settled: list[str] = []

    def decide(book: Book) -> Writing:
        cases = _cases(book, flow.id)
        running = [one for one in cases if one.ended is None and one.digest != flow.digest]
        moving = {one.id for one in running}
        settled.extend(one.id for one in cases if one.id not in moving)
        _must_fit(running, flow, states, act)
        drafts = [_draft(one, flow, states, act, role, reason) for one in running]
        if not drafts:
            raise BadUse("no running case needs to move to this version", where=flow.id, found=flow.version)
        flows = {flow.digest: flow}
        for place, (case, draft) in enumerate(zip(running, drafts, strict=True), 1):
            moved = stepped(case, numbered(draft, place, clock()), flows)
            _must_be_same(case, moved)
            seen["before"][case.state] += 1
            seen["after"][moved.state] += 1
        return Writing(drafts, [flow])

    events = store.write(decide)
    return Proof(events, dict(seen["before"]), dict(seen["after"]), len(settled))


def _cases(book: Book, flow: str) -> list[Case]:
    events = book.events()
    digests = {one.facts["flow"] for one in events if "flow" in one.facts}
    found = replayed(events, {digest: book.flow(digest) for digest in digests})
    return [one for one in found.values() if one.flow == flow]


def _must_fit(running: list[Case], flow: Flow, states: Mapping[str, str], act: Act) -> None:
    faults = [
        Fault("the version has no such state; say which takes its place", f"--map {name}=…", name, tuple(flow.states))
        for name in {*states.values(), *(states.get(one.state, one.state) for one in running)}
        if name not in flow.states
    ]
    faults += [
        Fault("an event cannot come before the one before it", f"{one.id}: --date", act.happened.isoformat())
        for one in running
        if act.happened < one.last
    ]
    faults += [
        Fault("the version has no such class of cases", one.id, one.case_class, tuple(flow.classes))
        for one in running
        if one.case_class and one.case_class not in flow.classes
    ]
    if faults:
        raise BadUse.of(faults)


def _draft(case: Case, flow: Flow, states: Mapping[str, str], act: Act, role: str, reason: str) -> Draft:
    facts = {
        "flow": flow.digest,
        "from": case.digest,
        "was": case.state,
        "state": states.get(case.state, case.state),
        "reason": reason,
    }
    return Draft(case.id, "migrate", "", act.by, role, act.happened, act.who, facts)


def _must_be_same(before: Case, after: Case) -> None:
    """Refuse a migration that moves more than version and state: clocks, body, pauses and history stay."""
    wrong = [name for name in STAYS if getattr(before, name) != getattr(after, name)]
    if wrong:
        raise BadInput("a migration would change more than the version", where=before.id, found=", ".join(wrong))
