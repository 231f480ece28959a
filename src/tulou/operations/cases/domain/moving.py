"""What may be done with a case now, by whom; and why something else may not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tulou.kernel.errors import BadUse
from tulou.operations.cases.domain.case import Case, Hands
from tulou.operations.cases.domain.events import Draft, Event
from tulou.operations.cases.domain.fields import stated
from tulou.operations.cases.domain.flow import Flow, Need, Transition

GIVEN: Mapping[Need, str] = {
    "reason": "reason",
    "evidence": "evidence",
    "body": "body",
    "limit": "limit",
    "more": "more",
    "milestone": "milestone",
    "pass": "verdict",
}
"""Under which name of the facts stands what a transition asks for; a name stands beside the facts."""

OPTIONS: Mapping[Need, str] = {
    "reason": "--text",
    "evidence": "--evidence FILE",
    "body": "--to BODY",
    "limit": '--within "15 working_day"',
    "more": "--more AMOUNT",
    "milestone": "--milestone NAME",
    "name": "--who NAME",
    "pass": "tulou check",
}
"""How the command line gives it."""

ALWAYS: frozenset[str] = frozenset({"reason", "evidence"})
"""What every transition takes, also where it does not ask for it."""

PASSES = "pass"
"""What a check says of a finding that is no longer there."""

STILL_FAILS = "this closes only when the indicator passes again in a later check"
LACKS = "this needs more than was given"


def told(flow: Flow, case: Case) -> tuple[str, ...]:
    """What may be done now, each with the roles and bodies that may."""
    return tuple(
        f"{one.id}: {', '.join(one.roles)} ({', '.join(bodies) or 'nobody'})" for one, bodies in ways(flow, case)
    ) or (f"nothing: {case.state} is an end",)


def ways(flow: Flow, case: Case) -> tuple[tuple[Transition, tuple[str, ...]], ...]:
    """Transitions that lead on from where a case stands, each with the bodies that may make it now."""
    return tuple((one, _able(flow, case, one)) for one in flow.leading_from(case.state))


def role_of(flow: Flow, roles: tuple[str, ...], by: str) -> str:
    """The role a body acts in; empty when it holds none of those."""
    held = flow.body(by).roles
    return next((role for role in roles if role in held), "")


def check_open(flow: Flow, draft: Draft | Event) -> None:
    """Refuse an opening that the flow does not allow.

    Raises:
        BadUse: When the body may not open a case, the class is unknown, or its fields are not stated as declared.
    """
    role = role_of(flow, flow.opens, draft.by)
    if not role or draft.role != role:
        raise BadUse(
            "this body may not open such a case", where="--by", found=draft.by, allowed=flow.holders(flow.opens)
        )
    kind = draft.facts["class"]
    flow.case_class(kind)
    stated(flow.fields_of(kind), draft.facts["fields"], flow.needed_to_open(kind), kind or flow.id)


def check_move(flow: Flow, case: Case, draft: Draft) -> Transition:
    """Refuse what may not be done, with what may be done now and by whom.

    Args:
        flow: The version of the flow the case runs by.
        case: The case as it stands.
        draft: What is to be done.

    Raises:
        BadUse: Says why not.
    """
    transition = flow.transitions.get(draft.move)
    if transition is None or case.state not in transition.sources:
        what = "this may not be done now" if transition else "this flow has no such transition"
        raise BadUse(what, where=f"{case.id}: {case.state}", found=draft.move, allowed=told(flow, case))
    if not role_of(flow, transition.roles, draft.by) or draft.role not in transition.roles:
        raise BadUse(
            "this body may not do this",
            where=f"{case.id}: {draft.move}",
            found=draft.by,
            allowed=flow.holders(transition.roles),
        )
    if draft.role == flow.handles and case.body and draft.by != case.body:
        raise BadUse(
            "this case was given to another body",
            where=f"{case.id}: {draft.move}",
            found=draft.by,
            allowed=(case.body,),
        )
    _must_be_apart(flow, case, draft)
    _must_follow(case, draft)
    _must_have(flow, case, transition, draft)
    return transition


def _able(flow: Flow, case: Case, transition: Transition) -> tuple[str, ...]:
    bodies = flow.holders(transition.roles)
    if case.body and transition.roles == (flow.handles,):
        bodies = (case.body,)
    closed = _closed(flow, case, transition.id)
    return tuple(one for one in bodies if one not in closed.bodies)


def _closed(flow: Flow, case: Case, move: str) -> Hands:
    """Bodies and signers that what they did keeps from a transition."""
    done = [case.done[name] for name in flow.closed_to(move) if name in case.done]
    bodies = frozenset().union(*(one.bodies for one in done))
    return Hands(bodies, frozenset().union(*(one.signers for one in done)))


def _must_be_apart(flow: Flow, case: Case, draft: Draft) -> None:
    closed = _closed(flow, case, draft.move)
    if draft.by in closed.bodies or (draft.who and draft.who in closed.signers):
        transition = flow.transitions[draft.move]
        raise BadUse(
            "whoever handled a case never verifies it",
            where=f"{case.id}: {draft.move}",
            found=draft.by if draft.by in closed.bodies else draft.who,
            allowed=_able(flow, case, transition) or ("another body",),
        )


def _must_follow(case: Case, draft: Draft) -> None:
    if draft.happened < case.last:
        raise BadUse(
            "an event cannot come before the one before it",
            where=f"{case.id}: --date",
            found=draft.happened.isoformat(timespec="seconds"),
            allowed=(f"from {case.last.isoformat(timespec='seconds')}",),
        )


def _must_have(flow: Flow, case: Case, transition: Transition, draft: Draft) -> None:
    where = f"{case.id}: {draft.move}"
    lacking = [need for need in transition.needs if need != "pass" and not _is_given(need, draft)]
    if lacking:
        raise BadUse(LACKS, where=where, found=None, allowed=[OPTIONS[need] for need in lacking])
    extra = [name for need, name in GIVEN.items() if name in draft.facts and need not in {*transition.needs, *ALWAYS}]
    if extra:
        raise BadUse(
            "this transition does not take this", where=where, found=", ".join(extra), allowed=transition.needs
        )
    if "pass" in transition.needs and draft.facts.get("verdict", {}).get("says") != PASSES:
        found = draft.facts.get("verdict", {}).get("says", "unknown")
        raise BadUse(STILL_FAILS, where=where, found=found, allowed=told(flow, case))
    _must_be_known(flow, case, transition, draft.facts)
    declared = flow.fields_of(case.case_class)
    asked = {name: declared[name] for name in transition.fields if name in declared}
    needed = [name for name, one in asked.items() if one.is_needed]
    stated(asked, draft.facts.get("fields", {}), needed, where)


def _is_given(need: Need, draft: Draft) -> bool:
    return bool(draft.who) if need == "name" else bool(draft.facts.get(GIVEN[need]))


def _must_be_known(flow: Flow, case: Case, transition: Transition, facts: Mapping[str, Any]) -> None:
    """Refuse a body that may not handle cases, and a milestone that the state does not have or that was reached."""
    if "body" in facts and flow.handles not in flow.body(facts["body"]).roles:
        able = flow.holders((flow.handles,))
        raise BadUse("this body handles no cases of this flow", where="--to", found=facts["body"], allowed=able)
    if "milestone" in facts:
        kind = flow.classes.get(case.case_class)
        steps = kind.milestones.get(case.clock, ()) if kind else ()
        left = [one.id for one in steps if one.id not in case.reached]
        if facts["milestone"] not in left:
            raise BadUse(
                "this case has no such milestone left",
                where=f"{case.id}: {transition.id}",
                found=facts["milestone"],
                allowed=left or ("none",),
            )
    if "more" in facts and not (flow.states[case.clock].limit or case.limits.get(case.clock) or _has_limit(flow, case)):
        raise BadUse("there is no time limit to extend", where=f"{case.id}: {case.clock}", found=facts["more"])


def _has_limit(flow: Flow, case: Case) -> bool:
    kind = flow.classes.get(case.case_class)
    return kind is not None and case.clock in kind.limits
