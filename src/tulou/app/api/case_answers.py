"""What is told of a case over HTTP: where it stands, its clocks, what may be done now and by whom, its history.

Who signed for a body is on record and is not told here; numbers by which a person could be reached are masked in texts;
of evidence its digest and size are told, not its name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tulou.app.api.checks import bare
from tulou.app.case_lines import plain
from tulou.app.case_rules import Rules
from tulou.app.casework import FACTS, Casework
from tulou.kernel.errors import NotEnoughData
from tulou.kernel.words import Language
from tulou.operations.cases.domain.case import Case
from tulou.operations.cases.domain.deadlines import Deadline, Standing
from tulou.operations.cases.domain.events import Event
from tulou.operations.cases.domain.fields import Field
from tulou.operations.cases.domain.flow import Flow, Transition
from tulou.operations.cases.domain.limits import LimitUnit, Pause
from tulou.operations.cases.domain.moving import ways
from tulou.operations.hotline.domain.masking import masked

FINDING = (*FACTS, "check", "day", "value", "mark", "chain", "alarm", "sensor", "asset")
"""What is told of the finding a case is about."""
UNLIMITED: LimitUnit = "working_hour"
"""What a clock counts where no limit is set."""


def answer_of(work: Casework, one: Standing, language: Language) -> dict[str, Any]:
    """A case with what is due and both its clocks.

    Args:
        work: The cases.
        one: The case at a moment.
        language: Language of the answer.
    """
    flow = work.store.flow(one.case.digest)
    found = {key: value for key, value in plain(one, flow).items() if key not in {"may", "counts"}}
    overdue = {(item.kind, item.id) for item in one.overdue}
    for item, due in zip(found["deadlines"], one.deadlines, strict=True):
        item["overdue"] = (item["kind"], item["id"]) in overdue
        item["title"] = _title(due, one.case, flow, language)
    return found | {
        "title": masked(one.case.title)[0],
        "place": masked(one.case.place)[0],
        "fields": {key: _masked(value) for key, value in one.case.fields.items()},
        "clocks": {"state": clock(work, one, "state"), "whole": clock(work, one, "whole")},
        "ahead_of_utc": flow.duty.offset,
        "pauses": [_pause(each) for each in one.case.pauses],
        "says": {
            "flow": flow.title.say(language),
            "class": _class(flow, one.case.case_class, language),
            "state": flow.states[one.case.state].title.say(language),
            "body": _body(flow, one.case.body, language),
        },
    }


def whole_answer(work: Casework, one: Standing, events: Sequence[Event], language: Language) -> dict[str, Any]:
    """A case with what it is about, what may be done now, and its history.

    Args:
        work: The cases.
        one: The case at a moment.
        events: Its events up to then.
        language: Language of the answer.
    """
    flow, case = work.store.flow(one.case.digest), one.case
    declared = flow.fields_of(case.case_class)
    return answer_of(work, one, language) | {
        "about": {key: bare(case.finding[key]) for key in FINDING if key in case.finding},
        "stated": [
            {"field": field_told(declared[key], language), "value": _masked(value)}
            for key, value in case.fields.items()
            if key in declared
        ],
        "now": _ways(work, one, flow, language),
        "handlers": [{"id": name, "title": _body(flow, name, language)} for name in flow.holders((flow.handles,))],
        "events": [_event(event, flow, language) for event in events],
    }


def clock(work: Casework, one: Standing, kind: str) -> dict[str, Any]:
    """A clock of a case: since when it runs, how much of its limit is used and left, whether it stands and why.

    What no calendar tells is null. Where no limit is set, working hours are counted.

    Args:
        work: The cases.
        one: The case at a moment.
        kind: ``state`` or ``whole``.
    """
    case = one.case
    due = next((item for item in one.deadlines if item.kind == kind), None)
    since = case.since if kind == "state" else case.opened
    unit: LimitUnit = due.limit.unit if due else UNLIMITED
    try:
        used = work.clockwork(case.digest).used(since, unit, case.ended or one.moment, case.pauses)
    except NotEnoughData:
        used = None
    standing = case.pauses[-1] if case.pauses and case.pauses[-1].end is None and case.ended is None else None
    return {
        "since": since.isoformat(),
        "unit": unit,
        "limit": due and due.limit.amount,
        "used": used,
        "left": None if due is None or used is None else due.limit.amount - used,
        "due": due and due.due and due.due.isoformat(),
        "certainty": due and due.certainty,
        "overdue": due is not None and due.reached is None and due.is_overdue(one.moment),
        "paused": standing and _pause(standing),
    }


def counted(work: Casework, found: Iterable[Standing], language: Language) -> list[dict[str, Any]]:
    """How many cases are in which state, and how many of them are overdue; in the order of their flows.

    Args:
        work: The cases.
        found: Cases that are counted.
        language: Language of the answer.
    """
    totals, late = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    titles: dict[tuple[str, str], str] = {}
    places: dict[tuple[str, str], int] = {}
    for one in found:
        key = (one.case.flow, one.case.state)
        totals[key] += 1
        late[key] += one.is_overdue
        if key not in titles:
            flow = work.store.flow(one.case.digest)
            titles[key], places[key] = flow.states[key[1]].title.say(language), list(flow.states).index(key[1])
    return [
        {"flow": key[0], "state": key[1], "title": titles[key], "count": totals[key], "overdue": late[key]}
        for key in sorted(totals, key=lambda key: (key[0], places[key]))
    ]


def field_told(one: Field, language: Language) -> dict[str, Any]:
    """What a field takes."""
    return {
        "id": one.id,
        "title": one.title.say(language),
        "kind": one.kind,
        "needed": one.is_needed,
        "values": [{"id": name, "title": words.say(language)} for name, words in one.values.items()],
        "takes": list(one.allowed),
    }


def _title(item: Deadline, case: Case, flow: Flow, language: Language) -> str:
    if item.kind == "state":
        return flow.states[item.id].title.say(language)
    kind = flow.classes.get(case.case_class)
    steps = kind.milestones.get(case.clock, ()) if kind else ()
    return next((step.title.say(language) for step in steps if step.id == item.id), "")


def _class(flow: Flow, name: str, language: Language) -> str:
    return flow.classes[name].title.say(language) if name in flow.classes else name


def _body(flow: Flow, name: str, language: Language) -> str:
    return flow.bodies[name].title.say(language) if name in flow.bodies else name


def _pause(one: Pause) -> dict[str, Any]:
    return {
        "from": one.start.isoformat(),
        "until": one.end and one.end.isoformat(),
        "reason": masked(one.reason)[0],
    }


def _ways(work: Casework, one: Standing, flow: Flow, language: Language) -> list[dict[str, Any]]:
    case, declared = one.case, flow.fields_of(one.case.case_class)
    kind = flow.classes.get(case.case_class)
    steps = kind.milestones.get(case.clock, ()) if kind else ()
    return [
        {
            "move": way.id,
            "title": way.title.say(language),
            "to": way.to or case.state,
            "to_title": flow.states[way.to or case.state].title.say(language),
            "roles": list(way.roles),
            "role_titles": [flow.roles[role].say(language) for role in way.roles],
            "bodies": list(bodies),
            "body_titles": [_body(flow, name, language) for name in bodies],
            "kept_apart": _kept_apart(flow, case, way, language),
            "needs": list(way.needs),
            "fields": list(way.fields),
            "asks": [field_told(declared[name], language) for name in way.fields if name in declared],
            "milestones": [
                {"id": step.id, "title": step.title.say(language)} for step in steps if step.id not in case.reached
            ]
            if "milestone" in way.needs
            else [],
            "suggested": _suggested(work, one, way) if "body" in way.needs else None,
        }
        for way, bodies in ways(flow, case)
    ]


def _kept_apart(flow: Flow, case: Case, way: Transition, language: Language) -> list[dict[str, Any]]:
    """Bodies that hold the role and may not, with what they did in this case that keeps them from it."""
    done = [name for name in flow.transitions if name in flow.closed_to(way.id) and name in case.done]
    found = {body: [name for name in done if body in case.done[name].bodies] for body in flow.holders(way.roles)}
    return [
        {
            "body": body,
            "title": _body(flow, body, language),
            "did": [flow.transitions[name].title.say(language) for name in did],
        }
        for body, did in found.items()
        if did
    ]


def _suggested(work: Casework, one: Standing, way: Transition) -> dict[str, Any] | None:
    """The body that the rules of who answers for what give, where this way asks them."""
    rules = Rules(work, one.moment)
    terms = rules.read.terms.get(one.case.flow)
    if terms is None or way.id != terms.dispatched:
        return None
    found = rules.suggestion(one.case)
    return {"body": found.body, "disputed": found.is_disputed, "rules": [rule.id for rule in found.rules]}


def _event(event: Event, flow: Flow, language: Language) -> dict[str, Any]:
    """An entry of the history, without who signed it."""
    facts, known = event.facts, flow.transitions.get(event.move)
    told = {key: bare(facts[key]) for key in ("body", "limit", "more", "milestone") if key in facts}
    evidence: Mapping[str, Any] = facts.get("evidence") or {}
    if evidence:
        told["evidence"] = {"sha256": evidence["digest"], "bytes": evidence["size"]}
    if event.kind == "call":
        told["called"] = {"role": facts["to"], "bodies": list(facts["bodies"]), "why": facts["why"]}
    return told | {
        "number": event.number,
        "kind": event.kind,
        "move": event.move,
        "title": known.title.say(language) if known else "",
        "by": event.by,
        "by_title": _body(flow, event.by, language),
        "role": event.role,
        "happened": event.happened.isoformat(),
        "known": event.known.isoformat(),
        "reason": masked(str(facts.get("reason", "")))[0],
    }


def _masked(value: object) -> object:
    if isinstance(value, str):
        return masked(value)[0]
    return [_masked(one) for one in value] if isinstance(value, list) else bare(value)
