"""Cases that follow from a transition, as its flow declares: one for each entry of a list that is stated with it.

They are written together with the transition, all of it or nothing. An entry that was told before has its case
already: telling it again opens none. The case that they follow from holds their ids, and each of them holds its id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from tulou.kernel.errors import BadUse
from tulou.operations.cases.domain.case import Case
from tulou.operations.cases.domain.events import Draft
from tulou.operations.cases.domain.flow import Flow, Following
from tulou.operations.cases.handlers.opening import Act, Subject, opening

Held = Callable[[str, date], Flow]
"""The version of a flow that holds on a day."""

NOT_AS_COUNTED = "what was counted is told one by one, each once"


@dataclass(frozen=True)
class Followed:
    """A transition with the cases that follow from it.

    Args:
        draft: The transition, which names their ids.
        opened: Their openings.
        flows: The versions of flows that they run by.
    """

    draft: Draft
    opened: tuple[Draft, ...] = ()
    flows: tuple[Flow, ...] = ()


def nowhere(name: str, _day: date) -> Flow:
    """Knows no flow: where transitions open no other cases."""
    raise BadUse("there is no such flow", where="--flow", found=name)


def followed(case: Case, flow: Flow, draft: Draft, held: Held, names: Iterator[str]) -> Followed:
    """A transition that was found to be allowed, with the cases that follow from it.

    Args:
        case: The case as it stands before.
        flow: The version of the flow it runs by.
        draft: The transition.
        held: Finds the flow of the cases that follow.
        names: Ids for them.

    Raises:
        BadUse: When the entries are not as many as were counted, or a case may not be opened.
    """
    rule = flow.transitions[draft.move].opens
    if rule is None:
        return Followed(draft)
    fields = dict(draft.facts.get("fields", {}))
    told = [str(one).strip() for one in fields.get(rule.each, ())]
    _must_be_as_counted(case, draft, rule, told)
    known = dict(zip(case.fields.get(rule.each, ()), case.fields.get(rule.cases, ()), strict=False))
    fresh = {one: next(names) for one in told if one not in known}
    if not told:
        return Followed(draft)
    child = held(rule.flow, draft.happened.date())
    act = Act(draft.by, draft.happened, draft.who)
    stated = {name: case.fields[name] for name in rule.carry if name in case.fields}
    stated |= {**rule.states, rule.origin: case.id}
    opened = tuple(
        opening(name, child, Subject(text, "", case.place, body=draft.by, fields=stated), act)
        for text, name in fresh.items()
    )
    fields |= {rule.each: told, rule.cases: [{**known, **fresh}[one] for one in told]}
    return Followed(replace(draft, facts={**draft.facts, "fields": fields}), opened, (child,) if opened else ())


def _must_be_as_counted(case: Case, draft: Draft, rule: Following, told: list[str]) -> None:
    counted = draft.facts.get("fields", {}).get(rule.count, len(told))
    if counted != len(told) or len(set(told)) != len(told):
        raise BadUse(
            NOT_AS_COUNTED,
            where=f"{case.id}: {draft.move}",
            found=f"{rule.count}={counted}, {rule.each}={len(set(told))}",
            allowed=(f"--field {rule.count}=2 --field {rule.each}=…,…",),
        )
